#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "views/views.h"

/// The parts of a census that read one customer's life: activity, journey, friction, services, satisfaction,
/// open problems.
namespace rapport::engine {

struct Census;

/// The path through the shop and the steps beside it, in the order in which they are shown.
enum class JourneyStepKind : std::uint8_t {
  visit,
  search,
  view,
  compare,
  cart,
  checkout,
  order,
  signed_for,
  contact,
  return_requested,
  review,
  repurchase,
};
inline constexpr std::size_t kJourneySteps = 12;

struct JourneyStepInfo {
  std::string_view phase, name;
  bool on_path = true;      ///< false: a step beside the path, which nobody has to take
  std::string_view events;  ///< in the rule language
};
const JourneyStepInfo& journey_step_info(JourneyStepKind step);

/// Spans of time by logarithm: 16 parts an octave, so a median is known within 3 %.
class SpanHistogram {
 public:
  void add(std::int64_t seconds);
  std::uint64_t count() const { return count_; }
  /// The middle of the part that holds the median; only when count() > 0.
  std::int64_t median() const;

 private:
  static constexpr std::size_t kParts = 16, kBuckets = 64 * kParts;
  static std::size_t bucket_of(std::uint64_t seconds);
  std::vector<std::uint32_t> buckets_;
  std::uint64_t count_ = 0;
};

struct JourneyCounts {
  struct Step {
    std::uint64_t customers = 0, events = 0;
    std::uint64_t reached = 0;  ///< took it, or a later step of the path
    std::uint64_t left = 0;     ///< took it, and no later step of the path
    SpanHistogram to_next;      ///< from her first to the first later step of the path after it
  };
  std::array<Step, kJourneySteps> steps;
};

/// Distinct customers with an act of their own.
struct Activity {
  std::uint64_t now = 0, before = 0;        ///< ages [0, days) and [days, 2 days)
  std::vector<std::uint64_t> by_day;        ///< by CensusPlan::day_starts
  std::uint64_t buyers = 0, returning = 0;  ///< ordered in the window; of those: had ordered before
  std::uint64_t buyers_before = 0, returning_before = 0;  ///< the same one window earlier
  std::uint64_t ever_ordered = 0;
};
/// Kinds that count as an act of her own, as alternatives of the rule language, and as a list of SQL.
const std::string& active_events_rule();
const std::string& active_events_sql();

enum class FrictionKind : std::uint8_t {
  payment_failed,     ///< where: the code
  form_abandoned,     ///< three pages of a form and no purchase in the window; where: the form
  term_then_contact,  ///< a term met, then a contact within 24 h; where: the term
  contact_again,      ///< a contact, then another within 3 days
  late_parcel,        ///< a parcel came after the promised day
  cart_left,          ///< in the cart for 24 h and nothing bought since
};
inline constexpr std::size_t kFrictionKinds = 6;
std::string_view friction_name(FrictionKind kind);
/// Who had it, in the rule language.
std::string friction_rule(FrictionKind kind, std::string_view where, std::int32_t days);

/// Satisfaction of customers: of each the mean of her answers to "csat", thousandths, cut to a whole number.
struct SatisfactionSums {
  std::uint64_t n = 0;
  std::int64_t sum = 0, squares = 0;  ///< of those means
  void add(std::int64_t mean_thousandths) {
    ++n;
    sum += mean_thousandths;
    squares += mean_thousandths * mean_thousandths;
  }
};

struct ServiceCounts {
  std::array<std::uint64_t, views::kLifeStages> customers{};  ///< by views::ServiceStage
  std::uint64_t holders = 0;                                  ///< bought it or are entitled to it
  std::uint64_t late = 0, errors = 0;
  std::uint64_t ratings = 0;
  std::int64_t rating_thousandths = 0;
  SatisfactionSums users;  ///< of those who bought, were entitled to, got or used it
};

/// What waits for a person of the shop.
enum class ProblemKind : std::uint8_t { ticket_open, return_waiting, contact_waiting };
inline constexpr std::size_t kProblemKinds = 3;
inline constexpr std::size_t kProblemsKept = 20;
std::string_view problem_name(ProblemKind kind);
struct Problem {
  ProblemKind kind = ProblemKind::ticket_open;
  std::uint32_t number = 0;  ///< in the dictionary of its kind
  CustomerId customer;
  Instant since;
};

/// Adds one customer after the other to the parts.
class LifeCounter {
 public:
  LifeCounter(const views::ShopState& state, Census& census);
  void visit(CustomerId customer, const views::FactsView& facts, std::uint32_t& orders);

 private:
  void acts(const views::FactsView& facts);
  void steps(const views::FactsView& facts);
  void frictions(const views::FactsView& facts);
  void purchases(CustomerId customer, std::uint32_t& orders);
  void services(CustomerId customer);
  void problems(CustomerId customer);
  void note(Problem problem);
  bool within(Instant at) const { return as_of_ - at < window_ && at <= as_of_; }

  const views::ShopState& state_;
  Census& census_;
  Instant as_of_;
  Duration window_;
  std::vector<std::uint8_t> day_seen_;
};

}  // namespace rapport::engine
