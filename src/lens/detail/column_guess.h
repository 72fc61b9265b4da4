#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace rapport::lens::detail {

/// What a column with this head and these cells may mean ("" = no idea), with a confidence in hundredths.
std::pair<std::string, std::int32_t> guess_property(std::string_view head,
                                                    std::span<const std::string> cells);
/// integer, number, time, boolean or text; text for a column without values.
std::string column_type(std::span<const std::string> cells);
/// The form (docs/recipes.md) that all cells which are not empty have; "" for those that need none, nullopt
/// when there is no one form.
std::optional<std::string> time_format(std::span<const std::string> cells);

}  // namespace rapport::lens::detail
