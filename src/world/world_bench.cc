#include <benchmark/benchmark.h>

#include <algorithm>

#include "world/world.h"

// The default shop's rates: in memory without prose (a million events a second wanted), and as JSON Lines
// with prose.
namespace rapport::world {
namespace {

WorldOptions quarter() {
  WorldOptions options;  // the default world's density, a quarter of its people
  options.customers = 5'000;
  return options;
}

void in_memory(benchmark::State& state, Pack pack) {
  WorldOptions options = quarter();
  options.prose = false;
  options.pack = pack;
  std::int64_t events = 0;
  for (auto _ : state) {
    World world(options);
    WorldEvent event;
    while (world.next(event)) {
      benchmark::DoNotOptimize(event.properties.data());
      ++events;
    }
  }
  state.SetItemsProcessed(events);
}
BENCHMARK_CAPTURE(in_memory, retail, Pack::retail)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(in_memory, brokerage, Pack::brokerage)->Unit(benchmark::kMillisecond);

void json_lines_with_prose(benchmark::State& state) {
  const WorldOptions options = quarter();
  std::int64_t events = 0, bytes = 0;
  for (auto _ : state) {
    const auto status = run_simulation(options, [&](std::string_view lines) -> Status {
      events += std::count(lines.begin(), lines.end(), '\n');
      bytes += static_cast<std::int64_t>(lines.size());
      return {};
    });
    if (!status.ok()) state.SkipWithError(status.error().message.c_str());
  }
  state.SetItemsProcessed(events);
  state.SetBytesProcessed(bytes);
}
BENCHMARK(json_lines_with_prose)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rapport::world
