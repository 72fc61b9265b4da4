#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "study/report.h"

/// Sentences of reports in three scripts, written twice: English and simplified Chinese. Traditional Chinese
/// follows from the template (never from the data put into it) by a table of characters.
namespace rapport::study::detail {

/// Character by character; what the table does not hold stays.
std::string to_hant(std::string_view hans);

/// The same arguments in both templates; positions ({0}, {1}) where the order differs.
template <class... Args>
Text3 tri(fmt::format_string<const Args&...> en, fmt::format_string<const Args&...> hans,
          const Args&... args) {
  const fmt::string_view text = hans;
  return {fmt::format(en, args...), fmt::format(hans, args...),
          fmt::vformat(to_hant({text.data(), text.size()}), fmt::make_format_args(args...))};
}
/// A title without arguments.
Text3 title(std::string_view en, std::string_view hans);
/// Adds a sentence to the reading.
void say(Report& report, const Text3& text);

/// Six significant digits.
std::string num(double value);
/// "12.3 %".
std::string percent(double share);

/// A figure with its interval and n.
void add_interval(Report& report, std::string_view name, double value, double low, double high,
                  std::int64_t n, std::string_view definition = {}, std::string_view group = {});

}  // namespace rapport::study::detail
