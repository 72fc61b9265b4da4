#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>

#include "base/random.h"
#include "study/causal.h"

namespace rapport::study {
namespace {

constexpr std::uint64_t kSeed = 20261122;

CausalData confounded(Eigen::Index n, Eigen::Index p) {
  std::printf("seed %llu, %lld rows x %lld covariates\n", static_cast<unsigned long long>(kSeed),
              static_cast<long long>(n), static_cast<long long>(p));
  Random random(kSeed);
  CausalData data{math::Matrix(n, p), math::Vector(n), math::Vector(n),
                  std::vector<std::string>(static_cast<std::size_t>(p), "x")};
  for (Eigen::Index i = 0; i < n; ++i) {
    double sum = 0;
    for (Eigen::Index j = 0; j < p; ++j) {
      data.x(i, j) = random.uniform() - 0.5;
      sum += data.x(i, j) * (j % 3 == 0 ? 1 : 0.3);
    }
    data.treatment[i] = random.chance(1 / (1 + std::exp(-sum))) ? 1 : 0;
    data.outcome[i] = data.treatment[i] + 2 * sum + random.uniform();
  }
  return data;
}

void aipw(benchmark::State& state) {
  const CausalData data = confounded(1'000'000, 22);
  for (auto _ : state) {
    const auto result =
        estimate_aipw(data, {.estimand = Estimand::ate, .threads = static_cast<unsigned>(state.range(0))});
    if (!result.ok()) state.SkipWithError("refused");
    state.counters["effect"] = result->estimate;
  }
}
BENCHMARK(aipw)
    ->Name("causal/aipw_1m_x_22_5_folds/threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace rapport::study
