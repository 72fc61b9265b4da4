#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace rapport::lens {

/// A whole text file as UTF-8, also gzipped, from UTF-8, GB18030 or UTF-16. Errors: not_found, io, corrupt
/// (torn gzip); too_large when the text is over `most_bytes`.
Result<std::string> read_text_file(const std::string& path, std::uint64_t most_bytes = 4ull << 30);

}  // namespace rapport::lens
