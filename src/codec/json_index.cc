#include "codec/json_index.h"

#include <simdjson.h>

#include <cstring>

namespace rapport::codec {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The code unit of "\uXXXX" whose X begin at `at`; -1 when they are not four hex digits.
int code_unit(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return -1;
  int unit = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const int digit = hex_value(text[i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

bool is_high(int unit) {
  return unit >= 0xd800 && unit < 0xdc00;
}
bool is_low(int unit) {
  return unit >= 0xdc00 && unit < 0xe000;
}

void append_utf8(std::string& out, int point) {
  const auto byte = [&out](int value) { out.push_back(static_cast<char>(value)); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xc0 | point >> 6);
    byte(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    byte(0xe0 | point >> 12);
    byte(0x80 | (point >> 6 & 0x3f));
    byte(0x80 | (point & 0x3f));
  } else {
    byte(0xf0 | point >> 18);
    byte(0x80 | (point >> 12 & 0x3f));
    byte(0x80 | (point >> 6 & 0x3f));
    byte(0x80 | (point & 0x3f));
  }
}

/// `body` is between the quotes and its escapes are known to be sound.
void unescape(std::string_view body, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\\') {
      out.push_back(body[i]);
      continue;
    }
    const char letter = body[++i];
    if (letter != 'u') {
      constexpr std::string_view kFrom = "bfnrt", kTo = "\b\f\n\r\t";
      const auto which = kFrom.find(letter);
      out.push_back(which == std::string_view::npos ? letter : kTo[which]);
      continue;
    }
    int point = code_unit(body, i + 1);
    i += 4;
    if (is_high(point)) {
      point = 0x10000 + ((point - 0xd800) << 10) + (code_unit(body, i + 3) - 0xdc00);
      i += 6;
    }
    append_utf8(out, point);
  }
}

bool is_number(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t from = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i > from;
  };
  if (i < text.size() && text[i] == '-') ++i;
  if (i < text.size() && text[i] == '0') {
    ++i;
  } else if (!digits()) {
    return false;
  }
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!digits()) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (!digits()) return false;
  }
  return i == text.size();
}

Error not_json(std::size_t byte, std::string_view expected) {
  return Error{Errc::bad_input, "not JSON", fmt::format("byte {}", byte), std::string(expected)};
}

}  // namespace

std::string_view json_kind_name(JsonKind kind) {
  constexpr std::string_view kNames[] = {"object", "array", "string", "number", "boolean", "null"};
  return kNames[static_cast<std::size_t>(kind)];
}

struct JsonIndex::Tokens {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
};

JsonIndex::JsonIndex() : tokens_(std::make_unique<Tokens>()) {}
JsonIndex::~JsonIndex() = default;

Status JsonIndex::find_tokens() {
  if (!tokens_->stage || tokens_->stage->capacity() < text_.size()) {
    const std::size_t capacity = std::max<std::size_t>(text_.size() + text_.size() / 4, 64 * 1024);
    const auto failed =
        simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, tokens_->stage);
    if (failed) return Error{Errc::internal, "no memory to index JSON"};
  }
  auto& stage = *tokens_->stage;
  const auto wrong = stage.stage1(reinterpret_cast<const std::uint8_t*>(text_.data()), text_.size(),
                                  simdjson::stage1_mode::regular);
  switch (wrong) {
    case simdjson::SUCCESS:
      break;
    case simdjson::UTF8_ERROR:
      return Error{Errc::bad_input, "not UTF-8", "", "JSON in UTF-8"};
    case simdjson::UNESCAPED_CHARS:
      return Error{Errc::bad_input, "not JSON: a control character inside a string", "",
                   "\\n, \\t or \\u00XX"};
    case simdjson::EMPTY:
      return Error{Errc::bad_input, "empty text", "", "JSON"};
    default:
      return Error{Errc::bad_input, "not JSON: a string is not closed", "", "a closing quote"};
  }
  count_ = stage.n_structural_indexes;
  stage.structural_indexes[count_] = static_cast<std::uint32_t>(text_.size());
  at_ = stage.structural_indexes.get();
  return {};
}

/// The grammar, token by token. Fills closing_ and height_. Functions say false once error_ is set: a Status
/// a token would cost more than the check itself.
class JsonIndex::Checker {
 public:
  explicit Checker(JsonIndex& index) : in_(index), text_(index.text_.data()) {}

  Status run() {
    bool good = value();
    while (good && depth_ > 0) good = step();
    if (good && next_ != in_.count_) good = wrong("the end of the text");
    if (!good) return std::move(error_);
    return {};
  }

 private:
  char at(std::uint32_t token) const { return token < in_.count_ ? text_[in_.at_[token]] : '\0'; }

  bool wrong(std::string_view expected) {
    error_ = not_json(in_.at_[std::min(next_, in_.count_)], expected);
    return false;
  }

  /// After a value inside a container: a comma and the next value, or the closing bracket.
  bool step() {
    const bool object = in_object_[depth_ - 1];
    const char c = at(next_);
    if (c == (object ? '}' : ']')) return close();
    if (c != ',') return wrong(object ? ", or }" : ", or ]");
    ++next_;
    return object ? member() : value();
  }

  bool member() {
    if (at(next_) != '"') return wrong("a name in quotes");
    if (in_.has_escapes_ && !string(next_)) return false;
    ++next_;
    if (at(next_) != ':') return wrong(":");
    ++next_;
    return value();
  }

  /// Consumes a scalar, or opens a container and consumes its first member or item.
  bool value() {
    const char c = at(next_);
    if (c == '{' || c == '[') return open(c == '{');
    if (c == '"') {
      if (in_.has_escapes_ && !string(next_)) return false;
    } else if (next_ >= in_.count_ || !scalar()) {
      return wrong("a value");
    }
    ++next_;
    return true;
  }

  bool open(bool object) {
    if (depth_ == kJsonDeepest) {
      error_ = Error{Errc::too_large, "JSON nested too deep", fmt::format("byte {}", in_.at_[next_]),
                     fmt::format("at most {} levels", kJsonDeepest)};
      return false;
    }
    in_.height_[next_] = 1;
    in_object_[depth_] = object;
    open_[depth_++] = next_++;
    if (at(next_) == (object ? '}' : ']')) return close();
    return object ? member() : value();
  }

  bool close() {
    const std::uint32_t token = open_[--depth_];
    in_.closing_[token] = next_++;
    if (depth_ == 0) return true;
    std::uint8_t& outer = in_.height_[open_[depth_ - 1]];
    const int reach = std::min(in_.height_[token] + 1, 255);
    if (outer < reach) outer = static_cast<std::uint8_t>(reach);
    return true;
  }

  bool scalar() const {
    const std::string_view raw = JsonValue(&in_, next_).raw();
    return is_number(raw) || raw == "true" || raw == "false" || raw == "null";
  }

  /// The escapes of a string; notes lone surrogates.
  bool string(std::uint32_t token) {
    const std::size_t from = in_.at_[token];
    const std::string_view raw = JsonValue(&in_, token).raw();
    for (std::size_t i = raw.find('\\'); i != std::string_view::npos; i = raw.find('\\', i)) {
      const char letter = raw[i + 1];
      if (letter != 'u') {
        if (std::string_view("\"\\/bfnrt").find(letter) == std::string_view::npos) {
          error_ = not_json(from + i, "an escape of JSON");
          return false;
        }
        i += 2;
        continue;
      }
      const int unit = code_unit(raw, i + 2);
      if (unit < 0) {
        error_ = not_json(from + i, "four hex digits after \\u");
        return false;
      }
      const bool paired = is_high(unit) && raw.substr(i + 6, 2) == "\\u" && is_low(code_unit(raw, i + 8));
      if (!paired && (is_high(unit) || is_low(unit))) in_.lone_surrogates_.push_back(from + i);
      i += paired ? 12 : 6;
    }
    return true;
  }

  JsonIndex& in_;
  const char* text_;
  std::uint32_t next_ = 0;
  std::size_t depth_ = 0;
  std::array<std::uint32_t, kJsonDeepest> open_;
  std::array<bool, kJsonDeepest> in_object_;
  Error error_;
};

void JsonIndex::repair_surrogates() {
  repaired_.assign(text_);
  for (const std::size_t byte : lone_surrogates_) repaired_.replace(byte, 6, "\\ufffd");
  text_ = repaired_;
}

Status JsonIndex::parse(std::string_view text) {
  if (text.size() > kJsonMostBytes) {
    return Error{Errc::too_large, fmt::format("JSON of {} bytes", text.size()), "",
                 fmt::format("at most {} bytes", kJsonMostBytes)};
  }
  text_ = text;
  lone_surrogates_.clear();
  RAPPORT_CHECK(find_tokens());
  if (closing_.size() < count_) {
    closing_.resize(count_ + count_ / 4);
    height_.resize(count_ + count_ / 4);
  }
  has_escapes_ = std::memchr(text.data(), '\\', text.size()) != nullptr;
  RAPPORT_CHECK(Checker(*this).run());
  if (!lone_surrogates_.empty()) repair_surrogates();
  return {};
}

std::string_view JsonValue::escaped_text(std::string& scratch) const {
  const std::string_view quoted = raw();
  if (quoted.front() != '"') return {};
  unescape(quoted.substr(1, quoted.size() - 2), scratch);
  return scratch;
}

std::string JsonValue::text() const {
  std::string scratch;
  return std::string(text(scratch));
}

std::optional<std::int64_t> JsonValue::scaled(int decimals) const {
  return is(JsonKind::number) ? scaled_decimal(raw(), decimals) : std::nullopt;
}

std::optional<std::int64_t> JsonValue::integer() const {
  if (!is(JsonKind::number)) return std::nullopt;
  const std::string_view number = raw();
  const auto whole = scaled_decimal(number, 0);
  if (!whole || number.find_first_of(".eE") == std::string_view::npos) return whole;
  // A fraction may not be rounded away: the same number with six more places must be a multiple.
  const auto finer = scaled_decimal(number, 6);
  if (!finer || *finer % 1'000'000 != 0) return std::nullopt;
  return whole;
}

int JsonValue::height() const {
  const char c = index_->text_[index_->at_[token_]];
  return c == '{' || c == '[' ? index_->height_[token_] : 0;
}

JsonValue JsonValue::find(std::string_view name) const {
  for (JsonMembers members(*this); members.next();) {
    if (members.key() == name) return members.value();
  }
  return {};
}

JsonMembers::JsonMembers(JsonValue object)
    : index_(object.index_), next_(object.token_), end_(object.token_) {
  if (!object.present() || !object.is(JsonKind::object)) return;
  end_ = index_->closing_[object.token_];
  ++next_;
}

std::string_view JsonMembers::raw_key() const {
  return JsonValue(index_, key_token_).raw();
}

JsonItems::JsonItems(JsonValue array) : index_(array.index_), next_(array.token_), end_(array.token_) {
  if (!array.present() || !array.is(JsonKind::array)) return;
  end_ = index_->closing_[array.token_];
  ++next_;
}

std::optional<std::int64_t> scaled_decimal(std::string_view number, int decimals) {
  constexpr std::uint64_t kMost = 9'000'000'000'000'000'000;
  if (!is_number(number)) return std::nullopt;
  const bool negative = number.front() == '-';
  if (negative) number.remove_prefix(1);
  const auto letter = number.find_first_of("eE");
  std::int64_t exponent = 0;
  if (letter != std::string_view::npos) {
    std::string_view power = number.substr(letter + 1);
    const bool down = power.front() == '-';
    if (power.front() == '-' || power.front() == '+') power.remove_prefix(1);
    for (const char c : power) exponent = std::min<std::int64_t>(exponent * 10 + (c - '0'), 100'000'000);
    if (down) exponent = -exponent;
  }
  const std::string_view digits = number.substr(0, letter);
  const auto point = std::min(digits.find('.'), digits.size());
  // Places that count: those before the point, moved by the exponent and the wanted decimals.
  std::int64_t places = static_cast<std::int64_t>(point) + exponent + decimals;
  std::uint64_t value = 0;
  for (const char c : digits) {
    if (c == '.') continue;
    if (places < 0) break;
    if (places == 0) {
      value += c >= '5';
      places = -1;
      break;
    }
    --places;
    if (value > (kMost - 9) / 10) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  for (; places > 0 && value != 0; --places) {
    if (value > kMost / 10) return std::nullopt;
    value *= 10;
  }
  return negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
}

}  // namespace rapport::codec
