#include "views/detail/json_value.h"

#include <charconv>

namespace rapport::views::detail {
namespace {

constexpr int kMostDepth = 40;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<JsonValue> document() {
    RAPPORT_TRY(JsonValue value, this->value(0));
    blanks();
    if (at_ != text_.size()) return wrong("the end");
    return value;
  }

 private:
  Error wrong(std::string expected) const {
    return Error{Errc::bad_input, "this is not the JSON of a rule", fmt::format("byte {}", at_),
                 std::move(expected)};
  }
  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  bool eat(char c) {
    blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool eat_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  Result<JsonValue> value(int depth) {
    if (depth > kMostDepth)
      return Error{Errc::too_large, "JSON nested too deeply", fmt::format("byte {}", at_), ""};
    blanks();
    if (at_ == text_.size()) return wrong("a value");
    const char c = text_[at_];
    if (c == '{') return object(depth);
    if (c == '[') return array(depth);
    if (c == '"') {
      RAPPORT_TRY(std::string text, string());
      return JsonValue{std::move(text)};
    }
    if (eat_word("true")) return JsonValue{true};
    if (eat_word("false")) return JsonValue{false};
    if (eat_word("null")) return JsonValue{};
    return number();
  }

  Result<JsonValue> number() {
    std::int64_t number = 0;
    const char* const from = text_.data() + at_;
    const auto [end, bad] = std::from_chars(from, text_.data() + text_.size(), number);
    if (bad != std::errc{}) return wrong("a value");
    at_ += static_cast<std::size_t>(end - from);
    if (at_ < text_.size() && std::string_view(".eE").find(text_[at_]) != std::string_view::npos) {
      return wrong("a whole number");
    }
    return JsonValue{number};
  }

  Result<JsonValue> object(int depth) {
    ++at_;
    JsonValue::Object object;
    if (eat('}')) return JsonValue{std::move(object)};
    do {
      blanks();
      if (at_ == text_.size() || text_[at_] != '"') return wrong("a name between quotes");
      RAPPORT_TRY(std::string name, string());
      for (const auto& [other, ignored] : object) {
        if (other == name) return wrong(fmt::format("\"{}\" once", name));
      }
      if (!eat(':')) return wrong("':'");
      RAPPORT_TRY(JsonValue one, value(depth + 1));
      object.push_back({std::move(name), std::move(one)});
    } while (eat(','));
    if (!eat('}')) return wrong("',' or '}'");
    return JsonValue{std::move(object)};
  }

  Result<JsonValue> array(int depth) {
    ++at_;
    JsonValue::Array array;
    if (eat(']')) return JsonValue{std::move(array)};
    do {
      RAPPORT_TRY(JsonValue one, value(depth + 1));
      array.push_back(std::move(one));
    } while (eat(','));
    if (!eat(']')) return wrong("',' or ']'");
    return JsonValue{std::move(array)};
  }

  bool hex4(std::uint32_t& out) {
    out = 0;
    if (text_.size() - at_ < 4) return false;
    const auto [end, bad] = std::from_chars(text_.data() + at_, text_.data() + at_ + 4, out, 16);
    if (bad != std::errc{} || end != text_.data() + at_ + 4) return false;
    at_ += 4;
    return true;
  }

  static void put_utf8(std::uint32_t code, std::string& out) {
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += static_cast<char>(0xc0 | (code >> 6));
      out += static_cast<char>(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
      out += static_cast<char>(0xe0 | (code >> 12));
      out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
      out += static_cast<char>(0x80 | (code & 0x3f));
    } else {
      out += static_cast<char>(0xf0 | (code >> 18));
      out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
      out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
      out += static_cast<char>(0x80 | (code & 0x3f));
    }
  }

  Status escape(std::string& out) {
    if (at_ == text_.size()) return wrong("an escape");
    const char c = text_[at_++];
    constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
    if (const std::size_t i = kFrom.find(c); i != std::string_view::npos) {
      out += kTo[i];
      return {};
    }
    std::uint32_t code = 0;
    if (c != 'u' || !hex4(code)) return wrong("an escape");
    if (code >= 0xd800 && code < 0xdc00) {
      std::uint32_t low = 0;
      if (!eat_word("\\u") || !hex4(low) || low < 0xdc00 || low > 0xdfff) return wrong("a low surrogate");
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else if (code >= 0xdc00 && code <= 0xdfff) {
      return wrong("a high surrogate first");
    }
    put_utf8(code, out);
    return {};
  }

  Result<std::string> string() {
    ++at_;
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      const char c = text_[at_++];
      if (static_cast<unsigned char>(c) < 0x20) return wrong("no control character");
      if (c != '\\') {
        out += c;
        continue;
      }
      RAPPORT_CHECK(escape(out));
    }
    if (at_ == text_.size()) return wrong("a closing '\"'");
    ++at_;
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
  const auto* object = std::get_if<Object>(&is);
  if (object == nullptr) return nullptr;
  for (const auto& [key, value] : *object) {
    if (key == name) return &value;
  }
  return nullptr;
}

Result<JsonValue> parse_json(std::string_view text, std::size_t most_bytes) {
  if (text.size() > most_bytes) {
    return Error{Errc::too_large, fmt::format("{} bytes of JSON", text.size()), "",
                 fmt::format("at most {} bytes", most_bytes)};
  }
  return Reader(text).document();
}

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace rapport::views::detail
