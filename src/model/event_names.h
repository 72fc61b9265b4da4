#pragma once

#include <string_view>

namespace rapport::model {

/// The catalogued event whose name is nearest to this one: at most a third of its letters differ
/// (Levenshtein, without case); "" when none is that near. For hints to whoever may have mistyped; any
/// thread.
std::string_view nearest_event_name(std::string_view name);

}  // namespace rapport::model
