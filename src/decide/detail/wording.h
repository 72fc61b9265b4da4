#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace rapport::decide {

/// Whether one of the words stands in a text of text::plain_form().
inline bool holds_any(std::string_view form, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return form.find(word) != std::string_view::npos; });
}

}  // namespace rapport::decide
