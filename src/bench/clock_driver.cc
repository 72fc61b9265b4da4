#include <algorithm>
#include <thread>

#include "base/random.h"
#include "bench/bench.h"
#include "bench/folded_cases.h"
#include "codec/properties.h"
#include "model/catalogue_ids.h"

// Clocks of cases: how late a step comes up while events pour in, and what a clock costs.
namespace rapport::bench {
namespace {

namespace k = model::kind;
namespace p = model::property;

constexpr std::size_t kEventsASecond = 20'000;
constexpr std::int64_t kSeconds = 10;
const Instant kStart{1'790'000'000'000};

/// A shop with many open tickets.
class Desk : public FoldedCases {
 public:
  void view(std::uint32_t node, Instant now) {
    std::string clear;
    codec::PropertyWriter(clear).text(p::product_id, "P1");
    fold(k::product_viewed, node, now, now, clear);
  }
  /// What the engine's clerk publishes for a step.
  void tell(const views::ClockStep& step, Instant now) {
    std::string clear;
    const std::string about(
        state.tables().dictionary(views::dictionary_of(step.ref.kind)).text(step.ref.number));
    codec::PropertyWriter(clear).text(p::about, about);
    codec::PropertyWriter(clear).text(p::case_kind, views::case_name(step.ref.kind));
    codec::PropertyWriter(clear).text(p::clock, views::clock_name(step.clock));
    codec::PropertyWriter(clear).number(p::step, step.step);
    fold(k::clock_reached, step.node.value, now, now, clear);
  }
};

}  // namespace

Result<std::vector<Figure>> bench_clocks(const Options& options) {
  const auto tickets = static_cast<std::uint32_t>(1'000'000 * options.scale);
  const auto soon = static_cast<std::uint32_t>(50'000 * options.scale);
  const StealReading before = read_steal();
  Random random(options.seed);
  Desk desk;
  desk.levels(
      R"({"warn_percent":0,"targets":[{"clock":"closed","target":"24h"},{"clock":"located","target":"300h"}]})",
      kStart - days(9), kStart - days(2));
  // Fifty thousand fall due while events pour in, the others within a day.
  for (std::uint32_t n = 1; n <= tickets; ++n) {
    const std::int64_t due_ms =
        n <= soon ? random.between(500, kSeconds * 1'000) : random.between(60'000, days(1).ms);
    desk.open(n, fmt::format("T{}", n), "product", kStart + milliseconds(due_ms) - days(1), kStart);
  }
  const double bytes = static_cast<double>(desk.state.case_clocks().memory_bytes()) / tickets;
  std::vector<double> late_ms;
  std::size_t events = 0;
  const std::int64_t began = monotonic_ns();
  const auto elapsed_ms = [began] { return static_cast<double>(monotonic_ns() - began) / 1e6; };
  while (elapsed_ms() < static_cast<double>(kSeconds + 1) * 1'000) {
    const Instant now = kStart + milliseconds(static_cast<std::int64_t>(elapsed_ms()));
    const auto wanted = static_cast<std::size_t>(elapsed_ms() / 1'000 * kEventsASecond);
    for (std::size_t i = 0; events < wanted && i < 4'000; ++i, ++events)
      desk.view(static_cast<std::uint32_t>(random.between(1, tickets)), now);
    for (const views::ClockStep& step : desk.state.ripe_steps(200)) {
      desk.tell(step, now);
      late_ms.push_back(elapsed_ms() - static_cast<double>((step.moment - kStart).ms));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
  std::sort(late_ms.begin(), late_ms.end());
  const auto quantile = [&](std::size_t per_mille) {
    return late_ms.empty() ? 0 : late_ms[std::min(late_ms.size() - 1, late_ms.size() * per_mille / 1'000)];
  };
  const std::int64_t changing = monotonic_ns();
  const Instant end = kStart + seconds(kSeconds + 2);
  desk.levels(R"({"warn_percent":50,"targets":[{"clock":"closed","target":"23h"}]})", end, end);
  const double change_s = static_cast<double>(monotonic_ns() - changing) / 1e9;
  Figure lateness{"clocks.lateness_p999", quantile(999), "ms", 100, 20, Better::lower, {}};
  lateness.beside = {{"p50_ms", quantile(500)},
                     {"p99_ms", quantile(990)},
                     {"told", static_cast<double>(late_ms.size())},
                     {"due", static_cast<double>(soon)},
                     {"events_per_s", static_cast<double>(events) / static_cast<double>(kSeconds + 1)},
                     {"live", static_cast<double>(tickets)},
                     {"steal_percent", steal_percent(before, read_steal())}};
  Figure each{"clocks.bytes", bytes, "B", 200, 128, Better::lower, {}};
  Figure policy{"clocks.policy_change", change_s, "s", 0, 0, Better::lower, {}};
  return std::vector{lateness, each, policy};
}

}  // namespace rapport::bench
