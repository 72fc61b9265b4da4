#pragma once

#include "http/client.h"

namespace rapport::http::detail {

/// A connected, blocking socket. Errors: unavailable, bad_input.
Result<int> connect_to(const Place& place);

}  // namespace rapport::http::detail
