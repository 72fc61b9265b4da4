#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/money.h"

/// Bands of a ladder of edges, ascending: band i is [edges[i], edges[i + 1]), the last one is open above.
/// Values below edges[0] fall into band 0.
namespace rapport::views::detail {

std::size_t band_of(std::int64_t value, std::span<const std::int64_t> edges);
/// The band of an amount, its ladder in major units. Currencies without decimals (JPY) take the ladder times
/// 100. Amounts below 0 count as 0.
std::size_t money_band_of(std::int64_t minor, Currency currency, std::span<const std::int64_t> edges);

/// "500-800", "30000+".
std::string money_band(std::size_t band, Currency currency, std::span<const std::int64_t> edges);
/// "3-5", "12+", and a single number where two edges lie side by side.
std::string count_band(std::size_t band, std::span<const std::int64_t> edges);

}  // namespace rapport::views::detail
