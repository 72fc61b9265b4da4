#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>

#include "base/random.h"
#include "study/bgnbd.h"

namespace rapport::study {
namespace {

constexpr std::uint64_t kSeed = 20261122;

/// A cohort of the model's own making: r = 1 (exponential rates, mean r / alpha), leaving with a fixed chance
/// of .25, observed 27 to 39 weeks, as CDNOW was.
std::vector<PurchaseHistory> cohort(std::size_t n) {
  std::printf("seed %llu, %zu customers\n", static_cast<unsigned long long>(kSeed), n);
  Random random(kSeed);
  std::vector<PurchaseHistory> customers;
  for (std::size_t i = 0; i < n; ++i) {
    PurchaseHistory h{0, 0, 27 + 12 * random.uniform()};
    const double rate = -std::log(1 - random.uniform()) / 18;
    const double leave = random.uniform() * random.uniform();
    for (double now = 0;;) {
      now -= std::log(1 - random.uniform()) / rate;
      if (!(now < h.length)) break;
      h.frequency += 1;
      h.recency = now;
      if (random.chance(leave)) break;
    }
    customers.push_back(h);
  }
  return customers;
}

void fit(benchmark::State& state) {
  const auto customers = cohort(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    const auto result = fit_bgnbd(customers, static_cast<unsigned>(state.range(1)));
    if (!result.ok()) state.SkipWithError("refused");
    benchmark::DoNotOptimize(result->log_likelihood);
    state.counters["iterations"] = result->iterations;
  }
}
BENCHMARK(fit)
    ->Name("bgnbd/fit")
    ->Args({2357, 1})
    ->Args({1'000'000, 1})
    ->Args({1'000'000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace rapport::study
