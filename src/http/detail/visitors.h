#pragma once

#include <string>

#include "base/result.h"
#include "http/message.h"

/// Visitors of the shop, as requests name them. Any thread.
namespace rapport::http::detail {

inline constexpr std::size_t kAnonymousLeast = 16, kAnonymousMost = 200;

/// Errors: bad_input for an anonymous id that may be guessed, or is none.
Result<std::string> visitor_id(std::string anonymous_id);

}  // namespace rapport::http::detail
