#include <benchmark/benchmark.h>

#include <cstdio>

#include "base/random.h"
#include "study/drivers.h"

namespace rapport::study {
namespace {

constexpr std::uint64_t kSeed = 20261122;

/// Correlated answers of 2,000 people on p items and an outcome.
math::Matrix correlation(Eigen::Index p) {
  std::printf("seed %llu, %d items\n", static_cast<unsigned long long>(kSeed), static_cast<int>(p));
  Random random(kSeed);
  math::Matrix z(2000, p + 1);
  for (Eigen::Index i = 0; i < z.rows(); ++i) {
    const double mood = random.uniform();
    for (Eigen::Index j = 0; j < p; ++j) z(i, j) = mood + random.uniform();
    z(i, p) = z.row(i).head(p).mean() + 0.3 * random.uniform();
  }
  return math::correlation_of(math::moments(z).covariance);
}

void lmg(benchmark::State& state) {
  const auto p = static_cast<Eigen::Index>(state.range(0));
  const math::Matrix r = correlation(p);
  const std::vector<std::string> names(static_cast<std::size_t>(p), "item");
  for (auto _ : state) {
    const auto shares = driver_shares(r, names);
    if (!shares.ok()) state.SkipWithError("refused");
    benchmark::DoNotOptimize(shares->lmg.data());
  }
}
BENCHMARK(lmg)->Name("drivers/lmg")->Arg(6)->Arg(17)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rapport::study
