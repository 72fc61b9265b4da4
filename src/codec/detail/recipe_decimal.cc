#include "codec/detail/recipe_decimal.h"

#include <fmt/format.h>

#include "codec/json_index.h"

namespace rapport::codec::detail {
namespace {

__extension__ using Wide = __int128;
constexpr std::int64_t kOne = 1'000'000;
constexpr std::int64_t kMost = 9'000'000'000'000'000'000;

std::optional<std::int64_t> rounded(Wide numerator, Wide denominator) {
  const bool negative = (numerator < 0) != (denominator < 0);
  if (numerator < 0) numerator = -numerator;
  if (denominator < 0) denominator = -denominator;
  const Wide quotient = (numerator * 2 + denominator) / (denominator * 2);
  if (quotient > kMost) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(quotient);
  return negative ? -whole : whole;
}

}  // namespace

std::optional<std::string> plain_decimal(std::string_view text) {
  if (text.find_first_of(",eE") == std::string_view::npos) return std::nullopt;
  const auto micros = micros_from_text(text);
  if (!micros) return std::nullopt;
  return text_from_micros(*micros);
}

std::optional<std::int64_t> micros_from_text(std::string_view text) {
  if (text.find_first_of("eE") != std::string_view::npos) return scaled_decimal(text, 6);
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  Wide value = 0;
  int places = -1, digits = 0;
  bool round_up = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && places < 0) {
      places = 0;
    } else if (c == ',' && places < 0 && digits > 0 && text.size() - i > 3) {
      const std::size_t group = text.find_first_not_of("0123456789", i + 1);
      if (std::min(group, text.size()) - i != 4) return std::nullopt;
    } else if (c >= '0' && c <= '9') {
      ++digits;
      if (places == 6) {
        round_up = c >= '5';
        places = 7;
      } else if (places < 6) {
        value = value * 10 + (c - '0');
        if (places >= 0) ++places;
      }
      if (value > kMost) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0) return std::nullopt;
  for (int i = places < 0 ? 0 : places; i < 6; ++i) value *= 10;
  if (round_up) ++value;
  if (value > kMost) return std::nullopt;
  const auto micros = static_cast<std::int64_t>(value);
  return negative ? -micros : micros;
}

std::string text_from_micros(std::int64_t micros) {
  const bool negative = micros < 0;
  const std::uint64_t size =
      negative ? 0 - static_cast<std::uint64_t>(micros) : static_cast<std::uint64_t>(micros);
  std::string out = fmt::format("{}{}", negative ? "-" : "", size / kOne);
  if (size % kOne == 0) return out;
  std::string places = fmt::format("{:06}", size % kOne);
  while (places.back() == '0') places.pop_back();
  return out + "." + places;
}

std::optional<std::int64_t> divide_micros(std::int64_t a, std::int64_t b) {
  return rounded(static_cast<Wide>(a) * kOne, b);
}

std::optional<std::int64_t> multiply_micros(std::int64_t a, std::int64_t b) {
  return rounded(static_cast<Wide>(a) * b, kOne);
}

}  // namespace rapport::codec::detail
