#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "model/record.h"
#include "views/fact.h"
#include "views/nouns.h"

/// What the tiles of the overview count, added up by the hour of event time. Sums over all customers and free
/// of order: an order, return, ticket or contact that a later event moves or changes is taken out of its old
/// hour and put into its new one. Hours, because a day begins with the shop's zone, which folds do not know;
/// a zone whose offset is no whole hour has days that begin at the next whole hour.
namespace rapport::views {

/// Stored by number; never renumber.
enum class Indicator : std::uint8_t {
  orders,                 ///< net orders by the moment placed: the first of each order id, not cancelled
  revenue_minor,          ///< totals of those in the shop's own currency
  orders_foreign,         ///< net orders in other currencies, whose totals are not in revenue_minor
  returns,                ///< by the moment requested
  tickets_opened,         ///< by the moment opened
  tickets_done,           ///< by the moment first solved; only those that stand solved, called back or closed
  tickets_solved,         ///< by the moment first solved, also when reopened since
  resolution_ms,          ///< of those: from opened to first solved
  contacts,               ///< conversations by the moment started
  contacts_answered,      ///< of those: with a first answer
  first_answer_ms,        ///< of those: from started to the first answer
  nps_answers,            ///< answers to the item "nps", 0-10
  nps_promoters,          ///< 9 or more
  nps_detractors,         ///< 6 or less
  csat_answers,           ///< answers to the item "csat", 1-5
  csat_satisfied,         ///< 4 or more
  ratings,                ///< reviews
  rating_thousandths,     ///< sum of their ratings
  registrations,          ///< User Registered
  recommendations_shown,  ///< Recommendation Shown
  recommendations_clicked,  ///< Recommendation Clicked
};
inline constexpr std::size_t kIndicators = 21;

struct HourSums {
  std::int64_t hour = 0;  ///< hours since 1970-01-01T00:00Z
  std::array<std::int64_t, kIndicators> sums{};
  std::int64_t of(Indicator indicator) const { return sums[static_cast<std::size_t>(indicator)]; }
  friend bool operator==(const HourSums&, const HourSums&) = default;
};

/// Engagement with an area of a page over 28 days.
struct AreaCount {
  std::uint32_t page_word = 0, area_word = 0;
  std::int32_t period = 0;  ///< UTC day / 28
  std::uint64_t count = 0;
  std::int64_t dwell_ms = 0;
  friend bool operator==(const AreaCount&, const AreaCount&) = default;
};

class Indicators {
 public:
  /// Events that count by themselves. `facts` are those of this record.
  void fold(const model::RecordView& record, const std::vector<Fact>& facts, ShopTables& tables);
  // Things that events move: as it was, as it is now.
  void moved(const Order& before, const Order& after);
  void moved(const Return& before, const Return& after);
  void moved(const Ticket& before, const Ticket& after);
  void moved(const Contact& before, const Contact& after);

  /// Hours that begin in [from, to), ascending; those in which everything is 0 are left out.
  std::vector<HourSums> hours(Instant from, Instant to) const;
  /// Over all time.
  std::int64_t total(Indicator indicator) const { return total_[static_cast<std::size_t>(indicator)]; }
  /// Of that period and later ones, ascending by (period, page, area).
  std::vector<AreaCount> areas(std::int32_t from_period) const;
  std::size_t memory_bytes() const;
  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  using Sums = std::array<std::int64_t, kIndicators>;
  struct Key {
    std::uint32_t page, area;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct HashKey {
    std::size_t operator()(const Key& key) const;
  };
  struct Engaged {
    std::uint64_t count = 0;
    std::int64_t dwell_ms = 0;
  };
  void add(Instant at, Indicator indicator, std::int64_t amount);
  void count(const Order& order, std::int64_t sign);
  void count(const Return& item, std::int64_t sign);
  void count(const Ticket& ticket, std::int64_t sign);
  void count(const Contact& contact, std::int64_t sign);

  std::map<std::int64_t, Sums> hours_;
  std::pair<std::int64_t, Sums*> last_hour_{0, nullptr};  ///< the hour counted last
  Sums total_{};                                          ///< of all hours
  /// By period; the inner maps are only ever walked sorted.
  std::map<std::int32_t, std::unordered_map<Key, Engaged, HashKey>> areas_;
};

/// Whether a ticket stands solved, called back or closed: what is done only `open` and `reopened` undo, as
/// the desk's clocks have it.
bool is_done(const Ticket& ticket);

}  // namespace rapport::views
