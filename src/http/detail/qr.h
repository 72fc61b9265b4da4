#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace rapport::http::detail {

/// The text as a QR code (ISO/IEC 18004, error correction M) drawn in SVG, four modules of quiet zone around
/// it. Errors: too_large for a text that no code holds.
Result<std::string> qr_svg(std::string_view text);

}  // namespace rapport::http::detail
