#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "engine/detail/census_parts.h"
#include "engine/engine.h"
#include "views/views.h"

/// A pass over all customers: what no fold can keep, because it depends on who is one person now (distinct
/// customers), on the moment (scores fade, windows move) or on both. Taken in slices on the shop thread; the
/// result is an immutable value that any thread may read.
namespace rapport::engine {

/// Class number of "other".
inline constexpr std::uint16_t kOtherClass = 0xffff;

struct CensusRow {
  CustomerId customer;
  std::uint8_t value = 0, urgency = 0;
  std::uint16_t primary = kOtherClass;  ///< place in Census::classes
  std::uint32_t orders = 0;             ///< not cancelled
  Instant last_seen = Instant::min();   ///< of her latest fact
};

struct ClassCount {
  std::string name;
  std::uint64_t members = 0, primary = 0;
  std::int64_t value_sum = 0, urgency_sum = 0;  ///< of members
};

/// What is asked of a pass. Windows are ages in [0, days), as the rule language counts them.
struct CensusPlan {
  Instant as_of;
  std::int32_t days = 30;
  std::vector<Instant> day_starts;  ///< of the last `days` local days, ascending
  friend bool operator==(const CensusPlan&, const CensusPlan&) = default;
};

struct Census {
  CensusPlan plan;
  EventSeq begun_at, known_at;  ///< positions at the first and after the last slice
  std::int64_t work_ns = 0;     ///< time of the shop thread that it took
  std::int64_t taken_ns = 0;    ///< monotonic moment of its end

  std::vector<CensusRow> rows;      ///< ascending by customer
  std::vector<ClassCount> classes;  ///< by precedence; "other" last
  /// [value tenth][urgency tenth][class; other last]
  std::array<std::array<std::vector<std::uint64_t>, 10>, 10> bins;
  /// [then][now] primary classes `plan.days` ago and now; last but one is other, last is absent.
  std::vector<std::vector<std::uint64_t>> flows;

  Activity activity;
  JourneyCounts journey;
  std::map<std::pair<FrictionKind, std::uint32_t>, std::uint64_t> friction;  ///< by kind and word: customers
  std::map<std::uint32_t, ServiceCounts> services;                           ///< by service number
  SatisfactionSums satisfaction;                                             ///< of everybody
  std::vector<Problem> problems;  ///< the oldest kProblemsKept of each kind
  std::array<std::uint64_t, kProblemKinds> problem_totals{};

  /// Places in rows, greatest first (ties: lower customer number first). Worked out once; not on the shop
  /// thread.
  const std::vector<std::uint32_t>& ordered(ListOrder order) const;
  /// Null when she was not there.
  const CensusRow* find(CustomerId customer) const;

 private:
  mutable std::mutex order_mutex_;
  mutable std::array<std::vector<std::uint32_t>, 3> orders_;
};

/// One pass under way; on the shop thread.
class CensusTaker {
 public:
  CensusTaker(const views::ShopState& state, CensusPlan plan);
  /// Visits customers until about the deadline. False when all were visited.
  bool step(std::int64_t deadline_ns);
  std::shared_ptr<const Census> finish();

 private:
  void visit(CustomerId customer);
  std::uint16_t class_of(const std::vector<views::Membership>& memberships) const;
  void count_flow(const views::FactsView& facts, std::uint16_t now);

  const views::ShopState& state_;
  std::shared_ptr<Census> census_;
  std::vector<std::optional<views::SegmentNo>> segments_;  ///< by class
  std::vector<std::uint16_t> asked_;                       ///< those segments, ascending
  std::vector<views::Outcome> outcomes_;
  LifeCounter life_;
  CustomerId at_;
  views::FactsBuffer buffer_;
};

}  // namespace rapport::engine
