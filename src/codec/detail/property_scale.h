#pragma once

#include <cstdint>
#include <optional>

#include "model/catalogue.h"

namespace rapport::codec::detail {

/// Whether a number, in thousandths, lies on the scale that its property's unit names ("1-5"); every number
/// does on a property whose unit names none.
inline bool is_on_scale(const model::PropertySpec& spec, std::int64_t thousandths) {
  return spec.unit != "1-5" || (thousandths >= 1'000 && thousandths <= 5'000);
}

}  // namespace rapport::codec::detail
