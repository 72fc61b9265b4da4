#include "base/money.h"

#include <cmath>

namespace rapport {
namespace {
constexpr std::int64_t kMostMinor = 9'000'000'000'000'000;

std::int64_t scale_of(Currency currency) {
  switch (currency.decimals()) {
    case 0:
      return 1;
    case 3:
      return 1000;
    default:
      return 100;
  }
}
}  // namespace

Result<Currency> Currency::parse(std::string_view text) {
  Currency currency;
  bool good = text.size() == 3;
  for (std::size_t i = 0; good && i < 3; ++i) {
    const char c = text[i];
    if (c >= 'a' && c <= 'z') {
      currency.code[i] = static_cast<char>(c - 'a' + 'A');
    } else {
      good = c >= 'A' && c <= 'Z';
      currency.code[i] = c;
    }
  }
  if (!good) {
    return Error{Errc::bad_input, fmt::format("'{}' is not a currency", text.substr(0, 10)), "",
                 "an ISO 4217 code such as CNY"};
  }
  return currency;
}

int Currency::decimals() const {
  constexpr std::string_view kNone[] = {"JPY", "KRW", "VND", "CLP", "ISK", "UGX",
                                        "XAF", "XOF", "XPF", "PYG", "RWF"};
  constexpr std::string_view kThree[] = {"KWD", "BHD", "OMR", "JOD", "TND", "IQD", "LYD"};
  for (const auto name : kNone) {
    if (text() == name) return 0;
  }
  for (const auto name : kThree) {
    if (text() == name) return 3;
  }
  return 2;
}

std::uint16_t Currency::packed() const {
  return static_cast<std::uint16_t>(((code[0] - 'A') * 26 + (code[1] - 'A')) * 26 + (code[2] - 'A'));
}

Currency Currency::unpack(std::uint16_t packed) {
  Currency currency;
  currency.code[2] = static_cast<char>('A' + packed % 26);
  currency.code[1] = static_cast<char>('A' + packed / 26 % 26);
  currency.code[0] = static_cast<char>('A' + packed / 676 % 26);
  return currency;
}

Result<std::int64_t> parse_minor(std::string_view decimal, Currency currency) {
  const auto wrong = [&] {
    return Error{Errc::bad_input, fmt::format("'{}' is not an amount", decimal.substr(0, 30)), "",
                 "a decimal such as 1234.50"};
  };
  std::string_view rest = decimal;
  bool negative = false;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  const std::int64_t scale = scale_of(currency);
  std::int64_t whole = 0;
  std::size_t at = 0;
  for (; at < rest.size() && rest[at] >= '0' && rest[at] <= '9'; ++at) {
    whole = whole * 10 + (rest[at] - '0');
    if (whole > kMostMinor / scale) return wrong();
  }
  const bool any_whole = at > 0;
  std::int64_t fraction = 0;
  std::int64_t unit = scale;
  bool any_fraction = false;
  bool round_up = false;
  if (at < rest.size() && rest[at] == '.') {
    ++at;
    bool first_cut = true;
    for (; at < rest.size() && rest[at] >= '0' && rest[at] <= '9'; ++at) {
      any_fraction = true;
      if (unit > 1) {
        unit /= 10;
        fraction += (rest[at] - '0') * unit;
      } else if (first_cut) {
        round_up = rest[at] >= '5';
        first_cut = false;
      }
    }
  }
  if (at != rest.size() || (!any_whole && !any_fraction)) return wrong();
  const std::int64_t minor = whole * scale + fraction + (round_up ? 1 : 0);
  return negative ? -minor : minor;
}

Result<std::int64_t> minor_from_double(double amount, Currency currency) {
  const double scaled = amount * static_cast<double>(scale_of(currency));
  if (!(std::fabs(scaled) <= static_cast<double>(kMostMinor))) {
    return Error{Errc::bad_input, fmt::format("{} is out of range for an amount", amount), "",
                 "at most 9e15 minor units"};
  }
  return static_cast<std::int64_t>(std::llround(scaled));
}

std::string format_minor(std::int64_t minor, Currency currency) {
  const std::int64_t scale = scale_of(currency);
  const char* sign = minor < 0 ? "-" : "";
  const std::uint64_t size =
      minor < 0 ? 0 - static_cast<std::uint64_t>(minor) : static_cast<std::uint64_t>(minor);
  const auto unit = static_cast<std::uint64_t>(scale);
  if (scale == 1) return fmt::format("{}{}", sign, size);
  return fmt::format("{}{}.{:0{}}", sign, size / unit, size % unit, scale == 100 ? 2 : 3);
}

}  // namespace rapport
