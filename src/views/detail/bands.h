#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/money.h"

namespace rapport::views::detail {

/// The band of an amount in its currency's major unit, after "500-800" of a ladder of major units. Currencies
/// without decimals (JPY) take the ladder times 100. Amounts below 0 count as 0.
std::string money_band(std::int64_t minor, Currency currency, std::span<const std::int64_t> edges);
/// "3-5", "12+", and a single number where two edges lie side by side.
std::string count_band(std::int64_t count, std::span<const std::int64_t> edges);

}  // namespace rapport::views::detail
