#include "math/resample.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

#include "base/random.h"
#include "math/distributions.h"
#include "math/interrupt.h"

namespace rapport::math {

std::vector<double> Draws::sorted(std::size_t column) const {
  std::vector<double> finite;
  finite.reserve(replicates());
  for (std::size_t b = 0; b < replicates(); ++b) {
    if (std::isfinite(at(b, column))) finite.push_back(at(b, column));
  }
  std::sort(finite.begin(), finite.end());
  return finite;
}

void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& task) {
  if (threads <= 1 || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) task(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) task(i);
  };
  std::vector<std::jthread> others;
  for (unsigned t = 1; t < threads; ++t) others.emplace_back(work);
  work();
}

Result<Draws> bootstrap(std::size_t rows, std::size_t statistics, const Statistic& statistic,
                        const BootstrapOptions& options) {
  if (rows == 0 || rows > std::numeric_limits<std::uint32_t>::max()) {
    return fail(Errc::bad_input, "a bootstrap of {} rows", rows);
  }
  if (options.replicates == 0 || options.replicates > BootstrapOptions::kReplicatesMax) {
    return Error{Errc::bad_input, fmt::format("{} bootstrap replicates", options.replicates), "replicates",
                 fmt::format("1 to {}", BootstrapOptions::kReplicatesMax)};
  }
  if (options.threads == 0 || options.threads > BootstrapOptions::kThreadsMax) {
    return Error{Errc::bad_input, fmt::format("{} threads", options.threads), "threads",
                 fmt::format("1 to {}", BootstrapOptions::kThreadsMax)};
  }
  Draws draws{.columns = statistics,
              .values = std::vector<double>(options.replicates * statistics,
                                            std::numeric_limits<double>::quiet_NaN())};
  std::atomic<std::size_t> failed{0};
  // A block of replicates a task, so that the index buffer is allocated once for many replicates.
  constexpr std::size_t kBlock = 16;
  const std::size_t blocks = (options.replicates + kBlock - 1) / kBlock;
  const std::atomic<bool>* const flag = interrupt_flag();
  parallel_for(blocks, options.threads, [&](std::size_t block) {
    if (interrupted(flag)) return;
    std::vector<std::uint32_t> sample(rows);
    const std::size_t end = std::min(options.replicates, (block + 1) * kBlock);
    for (std::size_t b = block * kBlock; b < end; ++b) {
      Random random(mix64(options.seed) ^ mix64(b + 0x632be59bd9b4e019ULL));
      for (std::uint32_t& row : sample) row = static_cast<std::uint32_t>(random.below(rows));
      const std::span<double> out(draws.values.data() + b * statistics, statistics);
      if (statistic(sample, out)) continue;
      std::fill(out.begin(), out.end(), std::numeric_limits<double>::quiet_NaN());
      failed.fetch_add(1);
    }
  });
  if (interrupted(flag)) return fail(Errc::conflict, "cancelled while resampling");
  draws.failed = failed.load();
  return draws;
}

double quantile_sorted(std::span<const double> ascending, double p) {
  if (ascending.empty() || !(p >= 0 && p <= 1)) return std::numeric_limits<double>::quiet_NaN();
  const double position = p * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 >= ascending.size()) return ascending.back();
  const double share = position - static_cast<double>(below);
  return ascending[below] + share * (ascending[below + 1] - ascending[below]);
}

Interval percentile_interval(std::span<const double> ascending, double level) {
  return {quantile_sorted(ascending, (1 - level) / 2), quantile_sorted(ascending, (1 + level) / 2)};
}

Interval bias_corrected_interval(std::span<const double> ascending, double estimate, double level) {
  const auto below =
      static_cast<double>(std::lower_bound(ascending.begin(), ascending.end(), estimate) - ascending.begin());
  const double share = below / static_cast<double>(std::max<std::size_t>(1, ascending.size()));
  if (!(share > 0 && share < 1)) return percentile_interval(ascending, level);
  const double shift = 2 * normal_quantile(share);
  const double z = normal_quantile((1 + level) / 2);
  return {quantile_sorted(ascending, normal_cdf(shift - z)),
          quantile_sorted(ascending, normal_cdf(shift + z))};
}

double standard_deviation(std::span<const double> values) {
  if (values.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  double mean = 0;
  for (const double v : values) mean += v;
  mean /= static_cast<double>(values.size());
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

}  // namespace rapport::math
