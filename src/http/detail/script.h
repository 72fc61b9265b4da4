#pragma once

#include <string>
#include <string_view>

namespace rapport::http::detail {

/// A JSON text with its Chinese in traditional characters (text::to_traditional): values only, and of these
/// not those by which a thing is named again, members `id`, `..._id`, `item`, `because`, `image` and
/// `images`.
std::string in_traditional(std::string_view json);

}  // namespace rapport::http::detail
