#include "text/quantities.h"

#include <algorithm>

#include "text/han.h"
#include "text/normalise.h"

namespace rapport::text {
namespace {

struct Unit {
  std::string_view name;  ///< lower case, simplified
  Dimension dimension;
  std::int64_t thousandths;  ///< of the dimension's unit, in one of these
};

// Longer names before those that they begin with.
constexpr Unit kUnits[] = {{"立方米每小时", Dimension::air_flow, 1'000},
                           {"立方公尺每小时", Dimension::air_flow, 1'000},
                           {"立方米/小时", Dimension::air_flow, 1'000},
                           {"立方公尺/小时", Dimension::air_flow, 1'000},
                           {"立方米/时", Dimension::air_flow, 1'000},
                           {"m³/h", Dimension::air_flow, 1'000},
                           {"m3/h", Dimension::air_flow, 1'000},
                           {"mah", Dimension::charge, 1'000},
                           {"毫安时", Dimension::charge, 1'000},
                           {"毫安", Dimension::charge, 1'000},
                           {"分贝", Dimension::sound, 1'000},
                           {"decibels", Dimension::sound, 1'000},
                           {"decibel", Dimension::sound, 1'000},
                           {"db", Dimension::sound, 1'000},
                           {"小时", Dimension::time, 3'600'000},
                           {"钟头", Dimension::time, 3'600'000},
                           {"hours", Dimension::time, 3'600'000},
                           {"hour", Dimension::time, 3'600'000},
                           {"minutes", Dimension::time, 60'000},
                           {"minute", Dimension::time, 60'000},
                           {"分钟", Dimension::time, 60'000},
                           {"min", Dimension::time, 60'000},
                           {"seconds", Dimension::time, 1'000},
                           {"second", Dimension::time, 1'000},
                           {"秒", Dimension::time, 1'000},
                           {"weeks", Dimension::time, 604'800'000},
                           {"week", Dimension::time, 604'800'000},
                           {"星期", Dimension::time, 604'800'000},
                           {"周", Dimension::time, 604'800'000},
                           {"days", Dimension::time, 86'400'000},
                           {"day", Dimension::time, 86'400'000},
                           {"天", Dimension::time, 86'400'000},
                           {"个月", Dimension::calendar, 1'000},
                           {"months", Dimension::calendar, 1'000},
                           {"month", Dimension::calendar, 1'000},
                           {"years", Dimension::calendar, 12'000},
                           {"year", Dimension::calendar, 12'000},
                           {"年", Dimension::calendar, 12'000},
                           {"kwh", Dimension::energy, 1'000'000},
                           {"wh", Dimension::energy, 1'000},
                           {"kw", Dimension::power, 1'000'000},
                           {"千瓦", Dimension::power, 1'000'000},
                           {"watts", Dimension::power, 1'000},
                           {"watt", Dimension::power, 1'000},
                           {"瓦", Dimension::power, 1'000},
                           {"ml", Dimension::volume, 1'000},
                           {"毫升", Dimension::volume, 1'000},
                           {"litres", Dimension::volume, 1'000'000},
                           {"liters", Dimension::volume, 1'000'000},
                           {"litre", Dimension::volume, 1'000'000},
                           {"liter", Dimension::volume, 1'000'000},
                           {"公升", Dimension::volume, 1'000'000},
                           {"升", Dimension::volume, 1'000'000},
                           {"mg", Dimension::mass, 1'000},
                           {"毫克", Dimension::mass, 1'000},
                           {"kg", Dimension::mass, 1'000'000'000},
                           {"公斤", Dimension::mass, 1'000'000'000},
                           {"千克", Dimension::mass, 1'000'000'000},
                           {"克", Dimension::mass, 1'000'000},
                           {"mm", Dimension::length, 1'000},
                           {"毫米", Dimension::length, 1'000},
                           {"cm", Dimension::length, 10'000},
                           {"厘米", Dimension::length, 10'000},
                           {"公分", Dimension::length, 10'000},
                           {"平方米", Dimension::area, 1'000},
                           {"平方公尺", Dimension::area, 1'000},
                           {"平米", Dimension::area, 1'000},
                           {"m²", Dimension::area, 1'000},
                           {"m2", Dimension::area, 1'000},
                           {"°c", Dimension::heat, 1'000},
                           {"摄氏度", Dimension::heat, 1'000},
                           {"℃", Dimension::heat, 1'000},
                           {"%", Dimension::share, 1'000},
                           {"元", Dimension::money, 1'000},
                           {"块钱", Dimension::money, 1'000},
                           {"yuan", Dimension::money, 1'000},
                           {"cny", Dimension::money, 1'000},
                           {"h", Dimension::time, 3'600'000},
                           {"s", Dimension::time, 1'000},
                           {"w", Dimension::power, 1'000},
                           {"l", Dimension::volume, 1'000'000},
                           {"g", Dimension::mass, 1'000'000},
                           {"d", Dimension::time, 86'400'000},
                           {"m", Dimension::length, 1'000'000},
                           {"米", Dimension::length, 1'000'000}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// Units are compared in lower case. "w" ends where letters end; 天 may be followed by anything.
const Unit* unit_at(std::string_view text, std::size_t at) {
  for (const Unit& unit : kUnits) {
    if (text.size() - at < unit.name.size()) continue;
    const bool same =
        std::equal(unit.name.begin(), unit.name.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                   [](char a, char b) { return a == lower(b); });
    const std::size_t end = at + unit.name.size();
    if (same &&
        !(is_letter(unit.name.back()) && end < text.size() && (is_letter(text[end]) || is_digit(text[end]))))
      return &unit;
  }
  return nullptr;
}

struct Number {
  std::int64_t thousandths = 0;
  std::size_t to = 0;
};

/// "5,000", "0.25"; more than twelve digits are no amount.
std::optional<Number> decimal_at(std::string_view text, std::size_t at) {
  std::int64_t value = 0;
  std::size_t digits = 0;
  while (at < text.size() && (is_digit(text[at]) || (text[at] == ',' && digits > 0 && at + 1 < text.size() &&
                                                     is_digit(text[at + 1])))) {
    if (text[at] != ',') {
      if (++digits > 12) return std::nullopt;
      value = value * 10 + (text[at] - '0');
    }
    ++at;
  }
  if (digits == 0) return std::nullopt;
  value *= 1'000;
  if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1])) {
    std::int64_t scale = 100;
    for (++at; at < text.size() && is_digit(text[at]); ++at, scale /= 10) value += scale * (text[at] - '0');
  }
  return Number{value, at};
}

int numeral_at(std::string_view text, std::size_t at) {
  constexpr std::string_view kNumerals[] = {"零", "一", "二", "三", "四", "五",
                                            "六", "七", "八", "九", "十", "两"};
  for (std::size_t i = 0; i < std::size(kNumerals); ++i) {
    if (text.substr(at, 3) == kNumerals[i]) return i == 11 ? 2 : static_cast<int>(i);
  }
  return -1;
}

/// 两, 十二, 三十, 九十九, 一百, 三百六十五; 半 is a half.
std::optional<Number> numerals_at(std::string_view text, std::size_t at) {
  constexpr std::string_view kHalf = "半", kHundred = "百";
  if (text.substr(at, kHalf.size()) == kHalf) {
    // 上半年 is a part of a year, 一半 a share, and 半天 a long while.
    constexpr std::string_view kOtherwise[] = {"上", "下", "前", "后", "大", "多", "一"};
    const std::string_view before = at < 3 ? "" : text.substr(at - 3, 3), behind = text.substr(at + 3, 3);
    if (behind == "天" ||
        std::find(std::begin(kOtherwise), std::end(kOtherwise), before) != std::end(kOtherwise))
      return std::nullopt;
    return Number{500, at + kHalf.size()};
  }
  int value = numeral_at(text, at);
  if (value < 0) return std::nullopt;
  at += 3;
  int hundreds = 0;
  if (value > 0 && value < 10 && text.substr(at, kHundred.size()) == kHundred) {
    hundreds = value * 100;
    at += 3;
    value = numeral_at(text, at);
    if (value < 0) return Number{hundreds * 1'000, at};
    at += 3;
    if (value == 0) {  // 一百零五
      const int ones = numeral_at(text, at);
      return Number{(hundreds + std::max(0, ones)) * 1'000, ones < 0 ? at : at + 3};
    }
  }
  if (value != 10 && numeral_at(text, at) == 10) {
    value *= 10;
    at += 3;
  }
  if (value >= 10) {
    const int ones = numeral_at(text, at);
    if (ones > 0 && ones < 10) {
      value += ones;
      at += 3;
    }
  }
  return Number{(hundreds + value) * 1'000, at};
}

/// Where the word ends that begins at `at`, or `at` when it is not that word.
std::size_t past_word(std::string_view text, std::size_t at, std::string_view word) {
  if (text.size() - at < word.size()) return at;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(text[at + i]) != word[i]) return at;
  }
  const std::size_t end = at + word.size();
  return end < text.size() && is_letter(text[end]) ? at : end;
}
std::size_t past_blank(std::string_view text, std::size_t at) {
  return at < text.size() && (text[at] == ' ' || text[at] == '-') ? at + 1 : at;
}
template <std::size_t N>
std::pair<int, std::size_t> word_of(std::string_view text, std::size_t at,
                                    const std::string_view (&words)[N]) {
  for (std::size_t i = 0; i < N; ++i) {
    if (const std::size_t end = past_word(text, at, words[i]); end != at) return {static_cast<int>(i), end};
  }
  return {-1, at};
}

/// "two", "twenty-four", "one hundred and eighty", "half a", "one and a half". "a" alone counts nothing:
/// "once a year" states no amount.
std::optional<Number> english_at(std::string_view text, std::size_t at) {
  constexpr std::string_view kSmall[] = {"zero",    "one",     "two",       "three",    "four",
                                         "five",    "six",     "seven",     "eight",    "nine",
                                         "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                                         "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
  constexpr std::string_view kTens[] = {"twenty", "thirty",  "forty",  "fifty",
                                        "sixty",  "seventy", "eighty", "ninety"};
  if (at > 0 && (is_letter(text[at - 1]) || is_digit(text[at - 1]))) return std::nullopt;
  if (const std::size_t half = past_word(text, at, "half"); half != at) {
    for (const std::string_view article : {"an", "a"}) {
      const std::size_t from = past_blank(text, half), end = past_word(text, from, article);
      if (end != from) return Number{500, end};
    }
    return std::nullopt;
  }
  const auto below_hundred = [&](std::size_t from) -> std::pair<int, std::size_t> {
    const auto tens = word_of(text, from, kTens);
    if (tens.first < 0) return word_of(text, from, kSmall);
    const auto ones = word_of(text, past_blank(text, tens.second), kSmall);
    const bool joined = ones.first > 0 && ones.first < 10;
    return {(tens.first + 2) * 10 + (joined ? ones.first : 0), joined ? ones.second : tens.second};
  };
  auto [value, end] = below_hundred(at);
  if (value < 0) return std::nullopt;
  const std::size_t blank = past_blank(text, end);
  if (const std::size_t hundred = past_word(text, blank, "hundred"); value < 10 && hundred != blank) {
    value *= 100;
    end = hundred;
    std::size_t more = past_blank(text, hundred);
    if (const std::size_t joined = past_word(text, more, "and"); joined != more)
      more = past_blank(text, joined);
    if (const auto rest = below_hundred(more); rest.first > 0) value += rest.first, end = rest.second;
  }
  std::int64_t thousandths = std::int64_t{value} * 1'000;
  const std::size_t next = past_blank(text, end);
  if (text.substr(next).starts_with("and a half")) thousandths += 500, end = next + 10;
  return Number{thousandths, end};
}

/// Where the unit begins behind a number, "个" and its half ("一个半小时") counted in.
const Unit* unit_behind(std::string_view text, Number& number, std::size_t& from) {
  constexpr std::string_view kOf = "个", kHalf = "半";
  from = number.to;
  while (from < text.size() && text[from] == ' ') ++from;
  if (const Unit* unit = unit_at(text, from)) return unit;
  if (!text.substr(from).starts_with(kOf)) return nullptr;
  std::size_t behind = from + kOf.size();
  const bool half = text.substr(behind).starts_with(kHalf);
  if (half) behind += kHalf.size();
  // "个月" is the month's own name.
  const Unit* unit =
      half && text.substr(behind).starts_with("月") ? unit_at("个月", 0) : unit_at(text, behind);
  if (unit == nullptr) return nullptr;
  if (half) number.thousandths += 500;
  from = unit->name == "个月" ? behind - kOf.size() : behind;
  return unit;
}

}  // namespace

std::vector<Quantity> quantities_of(std::string_view utf8) {
  // Of the same length: each traditional character has three bytes, and so has its simplified one; other
  // planes are rare and change no place before them.
  const std::string text = simplified_characters(utf8);
  std::vector<Quantity> out;
  for (std::size_t at = 0; at < text.size();) {
    const bool inside_word =
        at > 0 && (is_letter(text[at - 1]) || text[at - 1] == '-' || text[at - 1] == '_');
    auto number = decimal_at(text, at);
    if (!number) number = numerals_at(text, at);
    if (!number) number = english_at(text, at);
    if (!number) {
      ++at;
      continue;
    }
    std::size_t unit_from = number->to;
    const Unit* unit = inside_word ? nullptr : unit_behind(text, *number, unit_from);
    // "the 12-month warranty"
    if (unit == nullptr && !inside_word && unit_from < text.size() && text[unit_from] == '-')
      unit = unit_at(text, ++unit_from);
    if (unit != nullptr) {
      std::size_t end = unit_from + unit->name.size();
      // 两年半
      if (unit->name == "年" && text.substr(end).starts_with("半")) {
        number->thousandths += 500;
        end += std::string_view("半").size();
      }
      out.push_back({unit->dimension, number->thousandths * unit->thousandths / 1'000, at, end});
      at = end;
    } else {
      at = number->to;
    }
  }
  return out;
}

std::optional<Quantity> quantity_of(std::string_view number, std::string_view unit) {
  const std::string text = std::string(number) + " " + std::string(unit);
  const std::vector<Quantity> found = quantities_of(text);
  if (found.size() != 1 || found[0].from != 0 || found[0].to != text.size()) return std::nullopt;
  return found[0];
}

}  // namespace rapport::text
