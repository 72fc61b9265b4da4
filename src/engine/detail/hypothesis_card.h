#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "codec/json_writer.h"
#include "engine/detail/hypothesis_metrics.h"

/// A hypothesis card: if ... then ... by ..., with all that its verdict will need said beforehand.
namespace rapport::engine {

struct HypothesisCard {
  std::string id, if_text, then_text;
  Instant by;
  const HypothesisMetric* metric = nullptr;
  bool up = true;     ///< which way it is to move
  double effect = 0;  ///< by at least so much, in the metric's unit
  std::int64_t window_days = 30;
  std::string segment, service;
  const HypothesisMetric* guardrail = nullptr;
  /// What one unit of the metric for the better is worth, in the shop's currency: a complaint less, a point
  /// more.
  std::optional<double> worth;
  double worse_by_most = 0;  ///< so much of the guardrail may be lost
  bool assigned = true;      ///< by chance; false: members of the segment against the others
  std::int64_t share = 50;   ///< per cent treated
  double alpha = 0.05, power = 0.8;
  // Found at registration.
  Instant registered_at;
  double baseline = 0, baseline_sd = 0;
  std::int64_t per_arm = 0, available = 0;
};

/// Reads a card as it is sent or was published. Errors: bad_input naming the member.
Result<HypothesisCard> parse_hypothesis(std::string_view json);
std::string hypothesis_json(const HypothesisCard& card);
/// Its members, into an object that is open.
void write_hypothesis(codec::JsonWriter& json, const HypothesisCard& card);

/// Which arm a customer of this lowest node gets: a hash of card and node, the same whoever asks. Pure.
bool is_treated(const HypothesisCard& card, std::uint32_t node);

}  // namespace rapport::engine
