#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "world/world.h"

/// What the simulated shop knows about itself: each effect is the difference between the same seeded world
/// run with a thing and without it, customer by customer, under the same luck.
namespace rapport::world {

struct PlantedEffect {
  std::string_view service;   ///< a service id, or late_parcel, slow_reply, recommendations, or a trial
  std::string_view segment;   ///< "all", or "trait:value" of a logged trait
  std::string_view outcome;   ///< nps_30d, repurchase_90d, retained_120d, blowup_60d
  std::string_view estimand;  ///< ATT, ATE, ITT
  std::int64_t value_e4 = 0;  ///< in ten-thousandths: of a point of the 0-10 scale, or of a probability
  std::int64_t n = 0;         ///< customers averaged over
};

/// The most customers that effects are worked out for; a world is run about twenty times.
inline constexpr std::uint32_t kMostTruthCustomers = 200'000;

enum class EffectsOf : std::uint8_t {
  everything,  ///< services, conduct and trials
  services,    ///< those of services alone
  trials,      ///< those decided by lot alone, at a third of the time
};

/// Effects on fewer than `kFewestInEffect` customers are left out. Reference day of a customer: the day the
/// thing first happened to her in the run that has it. Outcomes: the 0-10 answer she would give 30 days
/// later; an order within 90 days; a visit between day 61 and day 120. A customer counts if the window lies
/// within the world. Errors: those of check(); too_large above kMostTruthCustomers.
Result<std::vector<PlantedEffect>> planted_effects(const WorldOptions& options,
                                                   EffectsOf of = EffectsOf::everything);
inline constexpr std::int64_t kFewestInEffect = 30;

/// {"simulated":true, "seed":.., "effects":[{service, segment, outcome, estimand, value, n}], ...} on one
/// line. The brokerage pack plants its effects the same way. Errors as above.
Result<std::string> truth_json(const WorldOptions& options);

}  // namespace rapport::world
