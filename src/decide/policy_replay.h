#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decide/off_policy.h"
#include "model/scene.h"

/// Another policy over what a scene showed and what became of it. The action is the lane that filled a place:
/// which of a lane's candidates stood there follows the same rule under every policy, so it cancels out.
///
/// What is approximate, and stays so: a place is judged given the places above it as the logged policy filled
/// them, and its outcome is taken to depend on its own lane alone (the item-position model of Li,
/// Abbasi-Yadkori, Kveton, Muthukrishnan, Vinay & Wen 2018, KDD, section 4.3), because weights of whole lists
/// would be products over all places.
namespace rapport::decide {

/// One impression that closed: shown at a place, taken or not.
struct LoggedImpression {
  std::uint64_t customer = 0;  ///< the first identifier that the event named
  std::int64_t shown_ms = 0, closed_ms = 0;
  std::uint8_t user_class = 0xff;
  std::uint8_t lane = 0;  ///< that was drawn; what no lane put there is the same under every policy
  bool taken = false;
  std::uint16_t open = 0;      ///< lanes that had something left for this place, a bit each
  std::uint16_t possible = 0;  ///< those of them that might have been drawn
  float probability = 1;       ///< of the lane that was drawn, among the open ones
};

/// By which shares a policy would have drawn each impression's lane.
struct ReplayedShares {
  std::vector<std::vector<double>> tables;  ///< of the logged scene's lanes, adding up to 1 with `elsewhere`
  std::vector<std::uint32_t> of;            ///< by impression, a table
  double elsewhere = 0;                     ///< share of lanes that the log does not know
};

/// `fixed` draws by its written shares. A learning policy goes through the log by time of showing: it begins
/// with the written shares, and learns only of what it would have shown: an impression counts, when it
/// closes, as often on average as this policy would have shown it for once that it was, w = pi / b times (w
/// rounded up or down at random by `seed`, so that counts stay whole). Where w is great the same outcome
/// counts several times, so such a policy believes early outcomes more than it would have in the shop; the
/// intervals do not know of that. Shares are worked out anew at most 1,000 times a class. `log` is by rising
/// shown_ms.
ReplayedShares replay_policy(const model::Scene& scene, std::span<const LoggedImpression> log,
                             std::uint64_t seed);

/// A digest of what a scene's lanes show, in their order and without their shares: impressions under the same
/// one count together, whatever else of the scene changed.
std::uint16_t lanes_digest(const model::Scene& scene);
/// The lanes of `scene` as lanes of `logged`: same source, kinds and words. Nothing for a lane that it does
/// not have.
std::vector<std::optional<std::size_t>> lanes_in(const model::Scene& logged, const model::Scene& scene);
/// "" when both scenes go to the same people and fill a place from a lane in the same way; else the first
/// member that stands in the way: then a log of the one says nothing of the other.
std::string_view differs_beside_shares(const model::Scene& logged, const model::Scene& scene);

/// Why no figure is given.
enum class Refusal : std::uint8_t {
  none,
  impressions,  ///< fewer than kImpressionsLeast
  same_lists,   ///< the other scene differs in more than its lanes and shares
  support,      ///< the policy acts where the logged one never did
  effective,    ///< fewer than kEffectiveLeast effective impressions
};
std::string_view refusal_name(Refusal refusal);
inline constexpr std::uint64_t kImpressionsLeast = 200;
inline constexpr double kEffectiveLeast = 100;
/// Of what the policy would show, at least so much must have been possible.
inline constexpr double kSupportLeast = 0.999;

struct PolicyJudged {
  Refusal refusal = Refusal::none;
  std::string_view member;  ///< for same_lists
  OffPolicy figures;        ///< estimates count only without a refusal
  double supported = 0;  ///< share of what the policy would have drawn that the log's policy might have drawn
  std::vector<double> acts;  ///< mean share by lane of the logged scene, over all impressions
};

/// `scene` may be the logged one with another policy or shares, or another with lanes of the same kind.
/// The model of the doubly robust estimate is the rate of each lane and class, pulled to the lane's and the
/// scene's, learned of the other four fifths of customers.
PolicyJudged judge_policy(const model::Scene& logged, const model::Scene& scene,
                          std::span<const LoggedImpression> log, std::uint64_t seed);

}  // namespace rapport::decide
