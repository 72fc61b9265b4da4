#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>

#include "base/hash.h"
#include "bench/bench.h"
#include "bench/small_shop.h"
#include "math/resample.h"

// Does the policy that ships earn more than the wording of the requirement, where customers have tastes? Two
// hundred small simulated shops, of seeds that follow from a word, each lived twice under the same luck: its
// two scenes' shares learn by `thompson` in one life and by `literal` in the other.
namespace rapport::bench {
namespace {

using model::ScenePolicy;

constexpr int kSeeds = 200;
constexpr unsigned kThreads = 2;
/// Nobody looked for a word under which it comes out well: it names what is measured and on which day.
constexpr std::string_view kWord = "policies 2026-11-22";

std::uint64_t seed_of(int i) {
  const Digest digest = sha256(fmt::format("{} {}", kWord, i));
  std::uint64_t seed = 0;
  for (int b = 0; b < 6; ++b) seed = seed << 8 | digest[static_cast<std::size_t>(b)];
  return seed;
}

struct Lived {
  Status status;
  SmallShop::Earned thompson, literal;
};

Lived live_twice(std::uint64_t seed) {
  Lived lived;
  SmallShopOptions options;
  options.world.seed = seed;
  options.world.customers = 4'000;
  options.world.products = 200;
  options.world.days = 240;
  options.world.prose = false;
  options.lists_days = 160;
  for (const auto& [policy, earned] :
       {std::pair{ScenePolicy::thompson, &lived.thompson}, {ScenePolicy::literal, &lived.literal}}) {
    options.policy = policy;
    auto run = SmallShop(options).run();
    if (!run.ok()) {
      lived.status = run.error();
      return lived;
    }
    *earned = std::move(*run);
  }
  return lived;
}

/// Wilson 1927, 95 %.
std::pair<double, double> wilson(double hits, double n) {
  constexpr double z = 1.959964;
  const double p = hits / n, middle = p + z * z / (2 * n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {(middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)};
}

void tell_lanes(const std::vector<Lived>& lives) {
  std::map<std::pair<std::string, std::string>, std::array<std::uint64_t, 4>> lanes;
  for (const Lived& life : lives) {
    for (const auto& lane : life.thompson.lanes) {
      lanes[{lane.scene, lane.lane}][0] += lane.shown;
      lanes[{lane.scene, lane.lane}][1] += lane.taken;
    }
    for (const auto& lane : life.literal.lanes) {
      lanes[{lane.scene, lane.lane}][2] += lane.shown;
      lanes[{lane.scene, lane.lane}][3] += lane.taken;
    }
  }
  for (const auto& [lane, n] : lanes)
    std::fprintf(stderr, "policies: %s/%s taken %.2f %% of %llu (thompson), %.2f %% of %llu (literal)\n",
                 lane.first.c_str(), lane.second.c_str(),
                 100.0 * static_cast<double>(n[1]) / static_cast<double>(std::max<std::uint64_t>(1, n[0])),
                 static_cast<unsigned long long>(n[0]),
                 100.0 * static_cast<double>(n[3]) / static_cast<double>(std::max<std::uint64_t>(1, n[2])),
                 static_cast<unsigned long long>(n[2]));
}

}  // namespace

Result<std::vector<Figure>> bench_policies(const Options& options) {
  const int seeds = std::max(1, static_cast<int>(kSeeds * options.scale));
  std::fprintf(stderr, "policies: %d seeds from the word \"%s\", the first %llu\n", seeds,
               std::string(kWord).c_str(), static_cast<unsigned long long>(seed_of(0)));
  std::vector<Lived> lives(static_cast<std::size_t>(seeds));
  math::parallel_for(lives.size(), kThreads,
                     [&](std::size_t i) { lives[i] = live_twice(seed_of(static_cast<int>(i))); });
  double ahead = 0, shown = 0, taken = 0, taken_literal = 0, shown_literal = 0;
  for (Lived& life : lives) {
    RAPPORT_CHECK(std::move(life.status));
    // Equal is not ahead.
    ahead += life.thompson.taken > life.literal.taken;
    shown += static_cast<double>(life.thompson.shown);
    taken += static_cast<double>(life.thompson.taken);
    shown_literal += static_cast<double>(life.literal.shown);
    taken_literal += static_cast<double>(life.literal.taken);
  }
  tell_lanes(lives);
  const auto [low, high] = wilson(ahead, seeds);
  Figure figure{"policies.literal_beaten", 100 * ahead / seeds, "% of seeds", 95, 0, Better::higher, {}};
  figure.beside = {{"seeds", static_cast<double>(seeds)},
                   {"ahead", ahead},
                   {"low", 100 * low},
                   {"high", 100 * high},
                   {"impressions_a_seed", shown / seeds},
                   {"taken_percent", 100 * taken / shown},
                   {"taken_percent_literal", 100 * taken_literal / shown_literal},
                   {"more_percent", 100 * (taken / taken_literal - 1)}};
  return std::vector{figure};
}

}  // namespace rapport::bench
