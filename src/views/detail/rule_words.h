#pragma once

#include <optional>
#include <string_view>

#include "views/rule.h"

/// The spellings that text and JSON share.
namespace rapport::views::detail {

std::string_view compare_sign(Compare compare);
std::optional<Compare> compare_from_sign(std::string_view sign);
std::string_view function_name(Measure::Function function);
std::optional<Measure::Function> function_from_name(std::string_view name);
/// "ever", "never", "within", "no_for", "first_within", "last_within": JSON only.
std::string_view presence_name(Presence::Form form);
std::optional<Presence::Form> presence_from_name(std::string_view name);

}  // namespace rapport::views::detail
