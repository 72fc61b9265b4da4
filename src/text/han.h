#pragma once

#include <string>
#include <string_view>

namespace rapport::text {

/// Simplified Chinese in traditional characters, by ICU's table of characters and phrases (头发 -> 頭髮);
/// words that differ between regions stay as they are, and so does what is not Chinese. Any thread.
std::string to_traditional(std::string_view simplified);

}  // namespace rapport::text
