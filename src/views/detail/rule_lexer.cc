#include "views/detail/rule_lexer.h"

#include <algorithm>

#include "views/rule.h"

namespace rapport::views::detail {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Length of the UTF-8 sequence at `at`, 0 when it is not one.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = byte(at + 1);
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
      (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) {
    return 0;
  }
  return length;
}

// Signs that a Chinese keyboard gives instead of the language's own.
std::string_view ascii_for(std::string_view wide) {
  constexpr std::pair<std::string_view, std::string_view> kTwins[] = {
      {"（", "("}, {"）", ")"}, {"，", ","}, {"“", "\""}, {"”", "\""}, {"＝", "="},
      {"＞", ">"}, {"＜", "<"}, {"：", ":"}, {"。", "."}, {"｜", "|"}};
  for (const auto& [from, to] : kTwins) {
    if (from == wide) return to;
  }
  return {};
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    for (;;) {
      skip_blanks();
      Token token;
      token.line = line_;
      token.column = column_;
      if (at_ == text_.size()) {
        tokens_.push_back(std::move(token));
        return std::move(tokens_);
      }
      RAPPORT_CHECK(next(token));
      tokens_.push_back(std::move(token));
    }
  }

 private:
  void advance(std::size_t bytes) {
    if (text_[at_] == '\n') {
      ++line_;
      column_ = 1;
    } else {
      ++column_;
    }
    at_ += bytes;
  }
  void skip_blanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        while (at_ < text_.size() && text_[at_] != '\n')
          advance(std::max<std::size_t>(1, utf8_length(text_, at_)));
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        advance(1);
      } else {
        return;
      }
    }
  }
  Error wrong(const Token& at, std::string message, std::string expected) const {
    return Error{Errc::bad_input, std::move(message), place_of(at), std::move(expected)};
  }

  Status next(Token& token) {
    const char c = text_[at_];
    if (is_letter(c)) {
      token.kind = Token::Kind::word;
      while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '-')) {
        take(token);
      }
      return {};
    }
    if (is_digit(c) || (c == '-' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) return number(token);
    if (c == '"') return quoted(token);
    token.kind = Token::Kind::sign;
    constexpr std::string_view kSigns[] = {"<=", ">=", "!=", "..", "(", ")", ",",
                                           ".",  "|",  "=",  "<",  ">", ":"};
    for (const std::string_view sign : kSigns) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      for (std::size_t i = 0; i < sign.size(); ++i) take(token);
      return {};
    }
    return stranger(token);
  }

  void take(Token& token) {
    token.text.push_back(text_[at_]);
    advance(1);
  }

  // "3", "-4.5", "30d", "1h30m"; the two dots of a range end a number.
  Status number(Token& token) {
    token.kind = Token::Kind::number;
    if (text_[at_] == '-') take(token);
    while (at_ < text_.size() && is_digit(text_[at_])) take(token);
    if (at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
      take(token);
      while (at_ < text_.size() && is_digit(text_[at_])) take(token);
    }
    if (at_ < text_.size() && is_letter(text_[at_])) {
      token.kind = Token::Kind::duration;
      while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) take(token);
    }
    return {};
  }

  Status quoted(Token& token) {
    token.kind = Token::Kind::text;
    advance(1);
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') {
        advance(1);
        if (at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\\')) {
          return wrong(token, "a lone '\\' in a text", "\\\" or \\\\");
        }
        take(token);
        continue;
      }
      const std::size_t length = utf8_length(text_, at_);
      if (length == 0) return wrong(token, "a text is not UTF-8", "UTF-8");
      if (static_cast<unsigned char>(text_[at_]) < 0x20 || text_[at_] == 0x7f) {
        return wrong(token, "a control character in a text", "a closing '\"' on the same line");
      }
      token.text.append(text_.substr(at_, length));
      advance(length);
    }
    if (at_ == text_.size()) return wrong(token, "a text without end", "a closing '\"'");
    advance(1);
    if (token.text.size() > RuleLimits::kTextBytes) {
      return Error{Errc::too_large, "a text is too long", place_of(token),
                   fmt::format("at most {} bytes", RuleLimits::kTextBytes)};
    }
    return {};
  }

  Status stranger(const Token& token) const {
    const std::size_t length = utf8_length(text_, at_);
    if (length == 0) return wrong(token, "the rule is not UTF-8", "UTF-8");
    const std::string_view sign = text_.substr(at_, length);
    if (const std::string_view twin = ascii_for(sign); !twin.empty()) {
      return wrong(token, fmt::format("'{}' is a full-width sign", sign), fmt::format("'{}'", twin));
    }
    if (length == 1 && static_cast<unsigned char>(sign[0]) < 0x20) {
      return wrong(token, "a control character", "a word, a number or a sign");
    }
    return wrong(token, fmt::format("'{}' has no meaning here", sign),
                 length > 1 ? "texts between double quotes" : "a word, a number or a sign");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1, column_ = 1;
  std::vector<Token> tokens_;
};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t change = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      row[j] = std::min({change, above + 1, row[j - 1] + 1});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string place_of(const Token& token) {
  return fmt::format("line {}, column {}", token.line, token.column);
}

Result<std::vector<Token>> lex_rule(std::string_view text, std::size_t most_bytes) {
  if (text.size() > most_bytes) {
    return Error{Errc::too_large, fmt::format("the rule has {} bytes", text.size()), "line 1, column 1",
                 fmt::format("at most {} bytes", most_bytes)};
  }
  return Lexer(text).run();
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  if (word.size() > 64) return {};
  std::string_view best;
  std::size_t least = word.size() / 3 + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > word.size() + least || word.size() > candidate.size() + least) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < least || (distance == least && best.empty() && distance <= word.size() / 3)) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

}  // namespace rapport::views::detail
