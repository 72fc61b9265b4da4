#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "views/clocks.h"

/// What a shop promises by when, as one noun `Service Level Published`.
namespace rapport::views {

/// One promise. Of all that match a case the first in the list holds.
struct ServiceTarget {
  ClockKind clock = ClockKind::closed;
  std::int64_t target_ms = 0;           ///< of business time; 0 = nothing is promised
  std::int32_t feedback_class = -1;     ///< index in the word list of `class`; -1 = any
  std::int32_t priority = -1;           ///< index in the word list of `priority`; -1 = any
  std::string tier;                     ///< of the customer; "" = any
  std::optional<std::string> calendar;  ///< none = that of the whole; "" = round the clock
};

/// Who is called when it is late, so long (business time) after it fell due.
struct LadderStep {
  std::int64_t after_ms = 0;
  std::string agent;
};

struct ServiceLevels {
  static constexpr std::size_t kTargetsMost = 200, kLaddersMost = 50, kLadderMost = 8;
  /// Classes of tickets by their index, then contacts, returns and reviews.
  static constexpr std::size_t kDepartmentKeys = 9;

  std::string calendar;  ///< "" = round the clock
  std::int32_t warn_percent = 75;
  std::int64_t bad_rating_most = 2'000;  ///< thousandths: a review with no more is answered in public
  std::array<std::string, kDepartmentKeys> departments;
  std::vector<ServiceTarget> targets;
  std::map<std::string, std::vector<LadderStep>, std::less<>> ladders;  ///< by department; "" = every other

  /// Reads the noun: {"calendar","warn_percent","bad_rating_most","departments":{class: name},"targets":[{
  /// "clock","target":"24h","class"?,"priority"?,"tier"?,"calendar"?}],"ladders":{department: [{"after":
  /// "1h","agent"}]}}. What is absent is as shipped_service_levels() has it. Errors: bad_input naming the
  /// member, too_large.
  static Result<ServiceLevels> parse(std::string_view body);
  /// Null when nothing is promised.
  const ServiceTarget* find(ClockKind clock, std::int32_t feedback_class, std::int32_t priority,
                            std::string_view tier) const;
  const std::string& calendar_of(const ServiceTarget& target) const {
    return target.calendar ? *target.calendar : calendar;
  }
  const std::vector<LadderStep>& ladder(std::string_view department) const;
};

/// The promises that every shop begins with, as the noun's JSON: answered in 30 s, located in 5 min, closed
/// in 24 h (logistics 2 h), called back in 48 h, returns decided and pick-ups arranged in 2 h, bad reviews
/// answered in public within 24 h.
std::string_view shipped_service_levels();

}  // namespace rapport::views
