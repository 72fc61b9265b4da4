#pragma once

#include <string>
#include <string_view>

namespace rapport::text {

/// Numbers of hours and days in figures: 十点半 -> 10点半; those of weekdays (周三) and 一点 in 早一点 stay.
std::string in_figures(std::string_view text);

}  // namespace rapport::text
