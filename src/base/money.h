#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

/// Money is minor units and an ISO 4217 code inside, decimal text in JSON.
namespace rapport {

/// Three upper-case letters. Any such code is accepted; the number of decimals is 0 for JPY and its kind, 3
/// for KWD and its kind, else 2.
struct Currency {
  std::array<char, 3> code{'X', 'X', 'X'};
  friend constexpr auto operator<=>(const Currency&, const Currency&) = default;

  /// Errors: bad_input unless three letters (either case).
  static Result<Currency> parse(std::string_view text);
  std::string_view text() const { return {code.data(), 3}; }
  /// Decimals of the minor unit: 0, 2 or 3.
  int decimals() const;
  /// A dense number for packing (26*26*26 fits 15 bits) and its inverse.
  std::uint16_t packed() const;
  static Currency unpack(std::uint16_t packed);
};

struct Money {
  std::int64_t minor = 0;
  Currency currency;
  friend constexpr bool operator==(const Money&, const Money&) = default;
};

/// "1234.50" in `currency` -> 123450 minor units; further decimals are rounded half away from zero. Errors:
/// bad_input for no number, or an amount outside +-9e15 minor units.
Result<std::int64_t> parse_minor(std::string_view decimal, Currency currency);
/// A JSON number to minor units, rounded half away from zero.
Result<std::int64_t> minor_from_double(double amount, Currency currency);
/// 123450 CNY -> "1234.50".
std::string format_minor(std::int64_t minor, Currency currency);

}  // namespace rapport
