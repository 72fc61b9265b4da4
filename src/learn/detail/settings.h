#pragma once

#include <cmath>

#include "learn/recommender.h"

namespace rapport::learn::detail {

/// A setting, its default, and where it has to lie.
inline Result<double> setting(const ModelSpec& spec, const char* name, double otherwise, double low,
                              double high) {
  const auto found = spec.settings.find(name);
  const double value = found == spec.settings.end() ? otherwise : found->second;
  if (!(value >= low && value <= high))
    return Error{Errc::bad_input, fmt::format("{} = {}", name, value), spec.name,
                 fmt::format("{} .. {}", low, high)};
  return value;
}

}  // namespace rapport::learn::detail
