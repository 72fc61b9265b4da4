#pragma once

#include <optional>

#include "assets/assets.h"
#include "http/message.h"

namespace rapport::http::detail {

/// What a browser gets for a path that no route of the API has: a file of the bundle; the console's page for
/// every path that may be one of its own (no dot, or asked for as a page), the storefront's under /shop; the
/// plain page when the bundle is empty. None when there is nothing: under /v1, and for files that do not
/// exist.
std::optional<Response> static_file(const assets::Bundle& bundle, const Request& request);

/// Scripts, styles and connections of our own only, and in nobody's frame: what every page carries.
void add_page_headers(Response& response);

}  // namespace rapport::http::detail
