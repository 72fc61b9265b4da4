#pragma once

#include <map>
#include <set>

#include "base/bytes.h"
#include "model/record.h"
#include "views/detail/chunked.h"
#include "views/orders.h"

namespace rapport::views {

/// The lane on which a parcel goes. Of two words the one told later holds.
struct ParcelLane {
  std::uint32_t carrier_word = 0, region_word = 0;
  Instant carrier_at = Instant::min(), region_at = Instant::min();
  bool live = false;  ///< not everything of it was imported
};

/// What the shop said of a parcel's delay; of two announcements of a kind the first.
struct ParcelNote {
  Instant likely_told = Instant::min();    ///< announced as likely to be late
  Instant late_told = Instant::min();      ///< announced as late by more than the policy's patience
  Instant coupon_at = Instant::min();      ///< announced with a coupon
  Instant promise_told = Instant::min();   ///< the promise that the first announcement was of
  Instant estimate_told = Instant::min();  ///< when it said that the parcel would come
  std::int64_t coupon_minor = 0;
  std::uint8_t currency_slot = 0;
  std::uint32_t coupon_word = 0;  ///< which coupon
  Instant told() const { return likely_told == Instant::min() ? late_told : likely_told; }
};

class ParcelNotes {
 public:
  /// Folds an event of an order (`number` as Orders::fold() gave it) or an announced delay.
  void fold(const model::RecordView& record, std::uint32_t number, ShopTables& tables, const Orders& orders);
  /// Null when no event told of the order's way.
  const ParcelLane* lane(std::uint32_t order) const;
  /// Null when nothing was announced of it.
  const ParcelNote* find(std::uint32_t order) const;
  const std::map<std::uint32_t, ParcelNote>& announced() const { return notes_; }
  /// Orders whose parcels are promised and under way, ascending.
  const std::set<std::uint32_t>& open() const { return open_; }
  struct Granted {
    std::uint32_t coupons = 0;
    std::int64_t minor = 0;  ///< of all currencies: a shop gives coupons in one
  };
  /// What was given for delays, by day (day_number of the moment).
  const std::map<std::int64_t, Granted>& granted() const { return granted_; }
  std::size_t memory_bytes() const {
    return lanes_.memory_bytes() + notes_.size() * 128 + open_.size() * 48 + granted_.size() * 64;
  }
  void save(ByteWriter& out) const;
  /// `orders` are loaded already.
  bool load(ByteReader& in, const Orders& orders);

 private:
  void announce(const model::RecordView& record, ShopTables& tables);
  void count(const ParcelNote& note, std::int64_t sign);
  void set_open(std::uint32_t number, const Orders& orders);

  Chunked<ParcelLane> lanes_;                  ///< by order number
  std::map<std::uint32_t, ParcelNote> notes_;  ///< by order number
  // Functions of the rest.
  std::set<std::uint32_t> open_;
  std::map<std::int64_t, Granted> granted_;
};

}  // namespace rapport::views
