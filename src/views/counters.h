#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "model/record.h"
#include "views/fact.h"

namespace rapport::views {

/// Events of one kind on one UTC day of event time.
struct DayCount {
  std::int32_t day = 0;
  model::EventKind kind;  ///< 0 = events outside the catalogue
  std::uint64_t count = 0;
  friend bool operator==(const DayCount&, const DayCount&) = default;
};

/// A product in a region over 28 days.
struct ProductCount {
  std::uint32_t product = 0;
  std::uint32_t region_word = 0;  ///< region the event named; 0 = none
  std::int32_t period = 0;        ///< day / 28
  std::uint64_t views = 0, orders = 0, pieces = 0;
  friend bool operator==(const ProductCount&, const ProductCount&) = default;
};

/// Sums over all customers; free of order.
class Counters {
 public:
  /// `facts` are those of this record.
  void fold(const model::RecordView& record, const std::vector<Fact>& facts, ShopTables& tables);
  std::vector<DayCount> days() const;          ///< ascending by (day, kind)
  std::vector<ProductCount> products() const;  ///< ascending by (period, product, region)
  std::size_t memory_bytes() const;
  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  static constexpr std::size_t kKinds = 128;
  using Day = std::array<std::uint64_t, kKinds>;
  struct Key {
    std::uint32_t product, region;
    std::int32_t period;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct HashKey {
    std::size_t operator()(const Key& key) const;
  };
  struct Sums {
    std::uint64_t views = 0, orders = 0, pieces = 0;
  };
  std::map<std::int32_t, Day> days_;
  std::pair<std::int32_t, Day*> last_day_{0, nullptr};  ///< the day counted last
  std::unordered_map<Key, Sums, HashKey> products_;     ///< only ever walked sorted
};

}  // namespace rapport::views
