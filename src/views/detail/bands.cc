#include "views/detail/bands.h"

#include <fmt/compile.h>

#include <algorithm>

namespace rapport::views::detail {
namespace {

std::int64_t ladder_times(Currency currency) {
  return currency.decimals() == 0 ? 100 : 1;
}

}  // namespace

std::size_t band_of(std::int64_t value, std::span<const std::int64_t> edges) {
  const auto above = std::upper_bound(edges.begin(), edges.end(), value);
  return above == edges.begin() ? 0 : static_cast<std::size_t>(above - edges.begin()) - 1;
}

std::size_t money_band_of(std::int64_t minor, Currency currency, std::span<const std::int64_t> edges) {
  const int decimals = currency.decimals();
  const std::int64_t minor_in_major = decimals == 3 ? 1000 : decimals == 2 ? 100 : 1;
  return band_of(minor / (minor_in_major * ladder_times(currency)), edges);
}

std::string money_band(std::size_t band, Currency currency, std::span<const std::int64_t> edges) {
  const std::int64_t times = ladder_times(currency);
  if (band + 1 == edges.size()) return fmt::format(FMT_COMPILE("{}+"), edges[band] * times);
  return fmt::format(FMT_COMPILE("{}-{}"), edges[band] * times, edges[band + 1] * times);
}

std::string count_band(std::size_t band, std::span<const std::int64_t> edges) {
  if (band + 1 == edges.size()) return fmt::format(FMT_COMPILE("{}+"), edges[band]);
  if (edges[band + 1] - edges[band] == 1) return fmt::format(FMT_COMPILE("{}"), edges[band]);
  return fmt::format(FMT_COMPILE("{}-{}"), edges[band], edges[band + 1] - 1);
}

}  // namespace rapport::views::detail
