#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// The words of the rule language.
namespace rapport::views::detail {

struct Token {
  enum class Kind : std::uint8_t { word, number, duration, text, sign, end };
  Kind kind = Kind::end;
  std::string text;  ///< as written; of a text what stands between the quotes, unescaped
  std::uint32_t line = 1;
  std::uint32_t column = 1;  ///< in characters, from 1

  bool is(std::string_view what) const { return (kind == Kind::word || kind == Kind::sign) && text == what; }
};

/// "line 2, column 7"
std::string place_of(const Token& token);

/// Words are letters, digits, '_' and '-' (first a letter); texts stand in "..." with \" and \\; '#' begins a
/// comment to the end of its line. The last token is `end`. Errors: bad_input with the place; too_large.
Result<std::vector<Token>> lex_rule(std::string_view text, std::size_t most_bytes);

/// The candidate nearest to `word` (edit distance at most a third of its length, without case), or "".
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace rapport::views::detail
