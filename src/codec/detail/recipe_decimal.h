#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Decimals of recipes: six places, exact sums.
namespace rapport::codec::detail {

/// "12.5", "-3", ".5", "1,234.50" (commas between groups of three), "4.4e-16" in millionths, rounded half
/// away from zero; nullopt when it is no such number or beyond 9e12.
std::optional<std::int64_t> micros_from_text(std::string_view text);
/// Without commas and exponents where `text` has any, so that every reader of decimals takes it; nullopt when
/// it is fine as it is, or no number.
std::optional<std::string> plain_decimal(std::string_view text);
/// The shortest decimal: 12500000 -> "12.5".
std::string text_from_micros(std::int64_t micros);
/// a / b and a * b, rounded half away from zero to millionths; nullopt on overflow. b is not 0 in a division.
std::optional<std::int64_t> divide_micros(std::int64_t a, std::int64_t b);
std::optional<std::int64_t> multiply_micros(std::int64_t a, std::int64_t b);

}  // namespace rapport::codec::detail
