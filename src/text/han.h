#pragma once

#include <string>
#include <string_view>

namespace rapport::text {

/// Simplified Chinese in traditional characters, by ICU's table of characters and phrases (头发 -> 頭髮);
/// words that differ between regions stay as they are, and so does what is not Chinese. Any thread.
std::string to_traditional(std::string_view simplified);

/// Each traditional character as its simplified one (ICU's table, one character at a time: 頭髮 -> 头发), so
/// that both scripts compare the same; what is not Chinese stays as it is, malformed bytes too. Any thread.
std::string simplified_characters(std::string_view utf8);

/// comparison_form() (normalise.h) of the simplified characters: what people say, for finding words in it,
/// whichever script they write. Any thread.
std::string plain_form(std::string_view utf8);

}  // namespace rapport::text
