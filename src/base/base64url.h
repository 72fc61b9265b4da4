#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace rapport {

/// The bytes that to_base64url() (base/bytes.h) wrote. One spelling each: what a lenient decoder would pass
/// over, padding or a loose last character, is an error. Errors: bad_input.
Result<std::string> from_base64url(std::string_view text);

}  // namespace rapport
