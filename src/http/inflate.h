#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rapport::http {

/// A gzip or zlib body unzipped. Errors: bad_input when it is neither or is cut short; too_large as soon as
/// more than `most` bytes come out, so that a small body cannot grow without end.
Result<std::string> inflate_body(std::string_view zipped, std::size_t most);

}  // namespace rapport::http
