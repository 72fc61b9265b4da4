#include "text/detail/han_figures.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace rapport::text {
namespace {

/// Of 一, 十, 二十三, 零五 and the like, up to 99, at the beginning of `text`; {-1, 0} when none stands
/// there.
std::pair<int, std::size_t> han_number(std::string_view text) {
  constexpr std::pair<std::string_view, int> kDigits[] = {{"零", 0}, {"〇", 0}, {"一", 1}, {"二", 2},
                                                          {"两", 2}, {"三", 3}, {"四", 4}, {"五", 5},
                                                          {"六", 6}, {"七", 7}, {"八", 8}, {"九", 9}};
  const auto digit = [&](std::size_t at) {
    for (const auto& [said, value] : kDigits) {
      if (text.substr(at).starts_with(said)) return value;
    }
    return -1;
  };
  constexpr std::size_t kWidth = 3;
  constexpr std::string_view kTen = "十";
  std::size_t at = 0;
  int value = digit(at);
  if (value >= 0) at += kWidth;
  if (text.substr(at).starts_with(kTen)) {
    at += kWidth;
    value = (value < 0 ? 1 : value) * 10;
    if (const int ones = digit(at); ones >= 0) {
      value += ones;
      at += kWidth;
    }
  } else if (value == 0) {
    if (const int ones = digit(at); ones >= 0) {
      value = ones;
      at += kWidth;
    }
  }
  return {value, at};
}

}  // namespace

std::string in_figures(std::string_view text) {
  constexpr std::string_view kWeeks[] = {"周", "星期", "礼拜"};
  constexpr std::string_view kMore[] = {"早", "晚", "快", "慢", "有", "近", "好"};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, length] = han_number(text.substr(at));
    const auto ends = [&](std::string_view word) { return out.ends_with(word); };
    const bool week = std::any_of(std::begin(kWeeks), std::end(kWeeks), ends);
    const bool more = value == 1 && text.substr(at + length).starts_with("点") &&
                      std::any_of(std::begin(kMore), std::end(kMore), ends);
    if (value < 0 || week || more) {
      const std::size_t step = value < 0 ? 1 : length;
      out += more ? std::string("少") : std::string(text.substr(at, step));
      at += step;
    } else {
      out += std::to_string(value);
      at += length;
    }
  }
  return out;
}

}  // namespace rapport::text
