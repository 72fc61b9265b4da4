#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.h"

/// Seeded resampling. Replicate b draws from a generator seeded by (seed, b) alone, so that the numbers are
/// the same bits at one thread or two.
namespace rapport::math {

struct BootstrapOptions {
  std::size_t replicates = 1000;  ///< 1 .. kReplicatesMax
  std::uint64_t seed = 1;
  unsigned threads = 1;  ///< 1 .. kThreadsMax
  static constexpr std::size_t kReplicatesMax = 1'000'000;
  static constexpr unsigned kThreadsMax = 64;
};

/// Draws, one row a replicate, `columns` statistics each; a replicate that could not be estimated is NaN
/// throughout and counted in `failed`, never left out silently.
struct Draws {
  std::size_t columns = 0;
  std::vector<double> values;  ///< row-major, replicates x columns
  std::size_t failed = 0;
  std::size_t replicates() const { return columns == 0 ? 0 : values.size() / columns; }
  double at(std::size_t replicate, std::size_t column) const { return values[replicate * columns + column]; }
  /// The finite draws of one statistic, ascending.
  std::vector<double> sorted(std::size_t column) const;
};

/// Fills `out` (one value a statistic) from the sampled rows; returns false when they admit no estimate.
/// Called from several threads at once: it may touch only its arguments and constants.
using Statistic = std::function<bool(std::span<const std::uint32_t> rows, std::span<double> out)>;

/// Draws `rows` of `rows` with replacement, `replicates` times. Errors: bad_input for no rows, more than 2^32
/// - 1 rows, or options out of range.
Result<Draws> bootstrap(std::size_t rows, std::size_t statistics, const Statistic& statistic,
                        const BootstrapOptions& options);

/// Runs `task(i)` for i in [0, count) on `threads` threads; which thread takes which index is not defined, so
/// the task must write to its own place only. One thread runs in the caller.
void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& task);

struct Interval {
  double low = 0, high = 0;
};

/// Quantile of ascending values, Hyndman & Fan (1996) type 7, the default of R. NaN for no values.
double quantile_sorted(std::span<const double> ascending, double p);
/// The percentile interval of draws at `level` in (0, 1).
Interval percentile_interval(std::span<const double> ascending, double level);
/// The bias-corrected interval (Efron 1981): percentiles shifted by the share of draws below the estimate.
/// Falls back to the percentile interval when all draws lie on one side.
Interval bias_corrected_interval(std::span<const double> ascending, double estimate, double level);
/// Sample standard deviation (n - 1) of the values; NaN for fewer than two.
double standard_deviation(std::span<const double> values);

}  // namespace rapport::math
