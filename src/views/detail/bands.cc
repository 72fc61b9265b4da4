#include "views/detail/bands.h"

#include <fmt/compile.h>

#include <algorithm>

namespace rapport::views::detail {
namespace {

// Place of the last edge that is not above the value; edges[0] is at most every value.
std::size_t band_of(std::int64_t value, std::span<const std::int64_t> edges) {
  const auto above = std::upper_bound(edges.begin(), edges.end(), value);
  return above == edges.begin() ? 0 : static_cast<std::size_t>(above - edges.begin()) - 1;
}

}  // namespace

std::string money_band(std::int64_t minor, Currency currency, std::span<const std::int64_t> edges) {
  const int decimals = currency.decimals();
  const std::int64_t minor_in_major = decimals == 3 ? 1000 : decimals == 2 ? 100 : 1;
  const std::int64_t times = decimals == 0 ? 100 : 1;
  const std::size_t band = band_of(minor / (minor_in_major * times), edges);
  if (band + 1 == edges.size()) return fmt::format(FMT_COMPILE("{}+"), edges[band] * times);
  return fmt::format(FMT_COMPILE("{}-{}"), edges[band] * times, edges[band + 1] * times);
}

std::string count_band(std::int64_t count, std::span<const std::int64_t> edges) {
  const std::size_t band = band_of(count, edges);
  if (band + 1 == edges.size()) return fmt::format(FMT_COMPILE("{}+"), edges[band]);
  if (edges[band + 1] - edges[band] == 1) return fmt::format(FMT_COMPILE("{}"), edges[band]);
  return fmt::format(FMT_COMPILE("{}-{}"), edges[band], edges[band + 1] - 1);
}

}  // namespace rapport::views::detail
