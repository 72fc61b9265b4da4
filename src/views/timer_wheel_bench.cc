#include <benchmark/benchmark.h>

#include "base/random.h"
#include "views/timer_wheel.h"

namespace rapport::views {
namespace {

constexpr Instant kStart{1'767'225'600'000};

// 10 M timers over 30 days; each round moves on a second, about 10,000 more are armed to be due in it.
void ten_million_armed_10k_due_a_second(benchmark::State& state) {
  constexpr std::uint32_t kCustomers = 10'000'000;
  Random random(1);
  TimerWheel wheel(kStart);
  for (std::uint32_t i = 0; i < kCustomers; ++i) {
    wheel.arm(CustomerId{i}, kStart + seconds(1000) + Duration{random.between(1, days(30).ms)});
  }
  for (std::uint32_t i = 0; i < 10'000'000; i += 1) {
    if (i % 1000 < 999) continue;
    wheel.arm(CustomerId{i}, kStart + Duration{random.between(1, 1'000)});
  }
  const std::size_t bytes = wheel.bytes();
  std::size_t fired = 0;
  Instant now = kStart;
  for (auto _ : state) {
    now = now + seconds(1);
    fired +=
        wheel.advance(now, [&](CustomerId customer, Instant due) { wheel.arm(customer, due + seconds(1)); });
  }
  state.counters["bytes_a_timer"] = static_cast<double>(bytes) / kCustomers;
  state.counters["due_a_second"] =
      benchmark::Counter(static_cast<double>(fired), benchmark::Counter::kAvgIterations);
}
BENCHMARK(ten_million_armed_10k_due_a_second)->Unit(benchmark::kMillisecond)->Iterations(200);

// 1 M of 10 M timers fall due within one second and are drained in order.
void drain_one_million_of_one_second(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    Random random(2);
    TimerWheel wheel(kStart);
    for (std::uint32_t i = 0; i < 10'000'000; ++i) {
      const Instant due = i % 10 == 0 ? kStart + days(3) + Duration{random.between(0, 999)}
                                      : kStart + days(4) + Duration{random.between(0, days(30).ms)};
      wheel.arm(CustomerId{i}, due);
    }
    state.ResumeTiming();
    const std::size_t fired = wheel.advance(kStart + days(3) + seconds(1), [](CustomerId, Instant) {});
    if (fired != 1'000'000) state.SkipWithError("not a million");
  }
}
BENCHMARK(drain_one_million_of_one_second)->Unit(benchmark::kMillisecond)->Iterations(3);

void arm_and_rearm(benchmark::State& state) {
  Random random(3);
  TimerWheel wheel(kStart);
  for (auto _ : state) {
    wheel.arm(CustomerId{static_cast<std::uint32_t>(random.below(1'000'000))},
              kStart + Duration{random.between(1, days(90).ms)});
  }
}
BENCHMARK(arm_and_rearm);

}  // namespace
}  // namespace rapport::views
