#include "decide/lane_shares.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/assert.h"
#include "math/variates.h"

namespace rapport::decide {
namespace {

constexpr double kUp = 1.1, kDown = 0.95;
constexpr double kPriorWeight = 20;
constexpr int kDraws = 400;

LaneTally lane_of(const SceneTally& tally, std::size_t lane) {
  return lane < tally.lanes.size() ? tally.lanes[lane] : LaneTally{};
}

std::vector<double> written(const model::Scene& scene) {
  std::vector<double> shares;
  for (const model::SceneLane& lane : scene.lanes) shares.push_back(static_cast<double>(lane.share) / 100);
  return shares;
}

/// Raises what lies under the floor and takes it from the others in proportion. Lanes written as 0 stay 0.
void keep_floor(const std::vector<double>& shares_written, std::vector<double>& shares) {
  double low = 0, high = 0;
  for (std::size_t l = 0; l < shares.size(); ++l) {
    if (shares_written[l] <= 0) shares[l] = 0;
    if (shares_written[l] > 0 && shares[l] < kShareFloor) shares[l] = kShareFloor;
    (shares[l] <= kShareFloor ? low : high) += shares[l];
  }
  for (double& share : shares) {
    if (share > kShareFloor) share *= (1 - low) / high;
  }
}

/// exp of logarithms, as shares.
std::vector<double> from_logs(std::vector<double> logs) {
  const double most = *std::max_element(logs.begin(), logs.end());
  double sum = 0;
  for (double& value : logs) sum += value = std::exp(value - most);
  for (double& value : logs) value /= sum;
  return logs;
}

std::vector<double> multiplied(const std::vector<double>& shares, const SceneTally& tally, double log_down) {
  std::vector<double> logs;
  for (std::size_t l = 0; l < shares.size(); ++l) {
    const LaneTally lane = lane_of(tally, l);
    logs.push_back(std::log(std::max(1e-12, shares[l])) + static_cast<double>(lane.taken) * std::log(kUp) +
                   static_cast<double>(lane.ignored) * log_down);
  }
  return from_logs(std::move(logs));
}

/// The rate of the scene over all lanes, pulled away from 0 and 1.
double base_rate(const SceneTally& tally) {
  double taken = 1, all = 20;
  for (const LaneTally& lane : tally.lanes) {
    taken += static_cast<double>(lane.taken);
    all += static_cast<double>(lane.taken + lane.ignored);
  }
  return taken / all;
}

double draw_beta(Random& random, double a, double b) {
  const double x = math::draw_gamma(random, a), y = math::draw_gamma(random, b);
  return x + y > 0 ? x / (x + y) : 0.5;
}

/// How often each lane has the greatest draw.
std::vector<double> best_of_draws(const std::vector<double>& shares, const SceneTally& of_class,
                                  const SceneTally& of_all, std::uint64_t seed) {
  std::vector<double> a(shares.size()), b(shares.size());
  double taken = 0.5, all = 10;
  for (const LaneTally& lane : of_all.lanes) {
    taken += lane.recent_taken;
    all += lane.recent_taken + lane.recent_ignored;
  }
  for (std::size_t l = 0; l < shares.size(); ++l) {
    const LaneTally own = lane_of(of_class, l), scene = lane_of(of_all, l);
    // The lane over all classes, itself pulled to the scene's rate over all lanes.
    constexpr double kScenePull = 4;
    const double rate = (scene.recent_taken + kScenePull * taken / all) /
                        (scene.recent_taken + scene.recent_ignored + kScenePull);
    // Nobody knows more of the prior than its own impressions tell.
    const double weight = std::min(kPriorWeight, kScenePull + scene.recent_taken + scene.recent_ignored -
                                                     own.recent_taken - own.recent_ignored);
    a[l] = own.recent_taken + std::max(kScenePull, weight) * rate;
    b[l] = own.recent_ignored + std::max(kScenePull, weight) * (1 - rate);
  }
  Random random(seed);
  std::vector<double> won(shares.size(), 0);
  for (int draw = 0; draw < kDraws; ++draw) {
    std::size_t best = 0;
    double most = -1;
    for (std::size_t l = 0; l < shares.size(); ++l) {
      const double value = shares[l] > 0 ? draw_beta(random, a[l], b[l]) : -1;
      if (value > most) {
        most = value;
        best = l;
      }
    }
    won[best] += 1.0 / kDraws;
  }
  return won;
}

}  // namespace

void SceneTally::close(std::size_t lane, bool taken) {
  if (lane >= lanes.size()) lanes.resize(lane + 1);
  static const double fade = std::exp2(-1 / kFadeImpressions);
  for (LaneTally& each : lanes) {
    each.recent_taken *= fade;
    each.recent_ignored *= fade;
  }
  LaneTally& hit = lanes[lane];
  ++(taken ? hit.taken : hit.ignored);
  (taken ? hit.recent_taken : hit.recent_ignored) += 1;
}

std::uint64_t SceneTally::closed() const {
  std::uint64_t closed = 0;
  for (const LaneTally& lane : lanes) closed += lane.taken + lane.ignored;
  return closed;
}

std::vector<double> lane_shares(const model::Scene& scene, const SceneTally& of_class,
                                const SceneTally& of_all, std::uint64_t seed) {
  const std::vector<double> start = written(scene);
  ASSERT(!start.empty());
  std::vector<double> shares = start;
  switch (scene.policy) {
    case model::ScenePolicy::fixed:
      return shares;
    case model::ScenePolicy::literal:
      shares = multiplied(start, of_class, std::log(kDown));
      break;
    case model::ScenePolicy::calibrated: {
      const double rate = base_rate(of_class);
      shares = multiplied(start, of_class, -rate / (1 - rate) * std::log(kUp));
      break;
    }
    case model::ScenePolicy::thompson: {
      const std::vector<double> won = best_of_draws(start, of_class, of_all, seed);
      double recent = 0;
      for (const LaneTally& lane : of_all.lanes) recent += lane.recent_taken + lane.recent_ignored;
      for (std::size_t l = 0; l < shares.size(); ++l)
        shares[l] = (kWrittenWeight * start[l] + recent * won[l]) / (kWrittenWeight + recent);
      break;
    }
  }
  keep_floor(start, shares);
  return shares;
}

}  // namespace rapport::decide
