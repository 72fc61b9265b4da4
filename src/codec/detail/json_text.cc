#include "codec/detail/json_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace rapport::codec::detail {
namespace {

void append_escaped(std::string& out, char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out.push_back(kHex[(c >> 4) & 15]);
      out.push_back(kHex[c & 15]);
  }
}

}  // namespace

namespace {

bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

}  // namespace

// Without a way out in the middle, so that the compiler looks at many characters at once.
bool any_needs_escape(std::string_view text) {
  bool any = false;
  for (const char c : text) any |= needs_escape(c);
  return any;
}

void append_json_text(std::string& out, std::string_view text) {
  char whole[128];
  if (text.size() + 2 <= sizeof whole && !any_needs_escape(text)) {
    whole[0] = '"';
    *std::copy(text.begin(), text.end(), whole + 1) = '"';
    out.append(whole, text.size() + 2);
    return;
  }
  out.push_back('"');
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!needs_escape(c)) continue;
    out.append(text, done, i - done);
    append_escaped(out, c);
    done = i + 1;
  }
  out.append(text, done, text.size() - done);
  out.push_back('"');
}

void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, static_cast<std::size_t>(end.ptr - digits));
}

void append_json_number(std::string& out, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, static_cast<std::size_t>(end.ptr - digits));
}

void JsonObjectText::key(std::string_view name) {
  out_.push_back(open_ ? ',' : '{');
  open_ = true;
  append_json_text(out_, name);
  out_.push_back(':');
}

void JsonObjectText::close() {
  if (open_) out_.push_back('}');
}

}  // namespace rapport::codec::detail
