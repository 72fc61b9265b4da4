#pragma once

#include <cstdint>
#include <vector>

#include "model/scene.h"

/// How the shares of a scene's lanes learn from what was shown and what was taken.
namespace rapport::decide {

/// What became of one lane's impressions: each closes once, taken or not.
struct LaneTally {
  std::uint64_t taken = 0, ignored = 0;         ///< all of them
  double recent_taken = 0, recent_ignored = 0;  ///< each fading with every later one of the scene
};

/// Of one scene, in one user class or over all.
struct SceneTally {
  std::vector<LaneTally> lanes;
  void close(std::size_t lane, bool taken);
  std::uint64_t closed() const;
};

/// An impression weighs half after so many more of the scene and class: an old best lane is left behind, and
/// a steady one is still known well.
inline constexpr double kFadeImpressions = 6'000;
/// Each lane keeps at least this share: what is never shown can never be learned.
inline constexpr double kShareFloor = 0.005;
/// The written shares weigh as much as so many closed impressions.
inline constexpr double kWrittenWeight = 200;

/// The shares to draw lanes by, adding up to 1, in the order of the scene's lanes.
///  literal:    share x 1.1^taken x 0.95^ignored, as the requirement words it
///  calibrated: share x 1.1^taken x d^ignored with d = 1.1^(-r / (1 - r)), r the scene's own rate over all
///              lanes: a lane that does as well as the scene keeps its share
///  thompson:   the probability that the lane is the best, by draws from its Beta posterior over recent
///              impressions; the prior of a class is the lane over all classes (with the weight of 20
///              impressions). Thompson 1933; discounting after Raj & Kalyani 2017
/// `of_class` and `of_all` may be empty (nothing closed yet). `seed` moves the draws of thompson only.
std::vector<double> lane_shares(const model::Scene& scene, const SceneTally& of_class,
                                const SceneTally& of_all, std::uint64_t seed);

}  // namespace rapport::decide
