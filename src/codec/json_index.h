#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// Reading JSON without copying it. JsonIndex finds and checks the tokens of a text once; JsonValue walks
/// them. The sender's own spelling of every value stays at hand (`raw()`), so nothing is rounded that nobody
/// asked to be rounded. simdjson's first stage finds the tokens (its second would turn numbers into doubles
/// and fail a whole batch for one number of 30 digits); the grammar is checked here.
namespace rapport::codec {

class JsonIndex;

enum class JsonKind : std::uint8_t { object, array, string, number, boolean, null };
/// "object", "array", "string", ...
std::string_view json_kind_name(JsonKind kind);

/// One value of an indexed text; two words, copied freely. Lives as long as its index holds that text.
class JsonValue {
 public:
  /// No value at all: only present() may be asked.
  JsonValue() = default;
  bool present() const { return index_ != nullptr; }
  JsonValue(const JsonIndex* index, std::uint32_t token) : index_(index), token_(token) {}
  JsonKind kind() const;
  bool is(JsonKind wanted) const { return kind() == wanted; }
  bool is_null() const { return first() == 'n'; }
  /// The value as it stands in the text, without surrounding blanks.
  std::string_view raw() const;
  /// A string's characters: a view into the text, or of `scratch` when there are escapes. Not a string: "".
  std::string_view text(std::string& scratch) const;
  std::string text() const;
  /// A string's characters when it holds no escape, else nothing.
  std::optional<std::string_view> plain_text() const;
  bool is_true() const { return raw() == "true"; }
  /// The number times 10^decimals as an integer, rounded half away from zero; nothing when this is no number
  /// or lies beyond +-9e18. Exact for any number of digits.
  std::optional<std::int64_t> scaled(int decimals) const;
  /// A whole number of 64 bits ("2", "2.0", "2e3"); nothing otherwise.
  std::optional<std::int64_t> integer() const;
  /// 0 for a scalar, 1 for a container of scalars, ... ; at most 255.
  int height() const;
  /// The member of an object; the first when repeated. Not present() when absent or when this is no object.
  JsonValue find(std::string_view name) const;

 private:
  friend class JsonIndex;
  friend class JsonMembers;
  friend class JsonItems;
  char first() const;
  std::string_view escaped_text(std::string& scratch) const;
  const JsonIndex* index_ = nullptr;
  std::uint32_t token_ = 0;
};

/// Limits of JsonIndex::parse.
inline constexpr std::size_t kJsonDeepest = 256;
inline constexpr std::size_t kJsonMostBytes = std::size_t{64} << 20;

/// The tokens of one text. Reuse one per thread: its memory is kept between texts.
class JsonIndex {
 public:
  JsonIndex();
  ~JsonIndex();
  JsonIndex(const JsonIndex&) = delete;
  JsonIndex& operator=(const JsonIndex&) = delete;

  /// Accepts RFC 8259 JSON in UTF-8 and nothing else. `text` must outlive the use of the values. A lone
  /// surrogate (\ud83d without its partner, which browsers do send) reads as U+FFFD. Errors: bad_input with
  /// the byte at which it goes wrong; too_large over kJsonMostBytes or deeper than kJsonDeepest.
  Status parse(std::string_view text);
  /// The outermost value; only after a successful parse.
  JsonValue root() const { return {this, 0}; }

 private:
  friend class JsonValue;
  friend class JsonMembers;
  friend class JsonItems;
  struct Tokens;
  class Checker;
  Status find_tokens();
  void repair_surrogates();

  std::string_view text_;
  std::string repaired_;  ///< a copy of the text in which lone surrogates are spelled \ufffd
  std::vector<std::size_t> lone_surrogates_;
  bool has_escapes_ = false;
  const std::uint32_t* at_ = nullptr;  ///< byte of each token; one past the last token: the text's length
  std::uint32_t count_ = 0;
  std::vector<std::uint32_t> closing_;  ///< for an opening bracket: the token of its partner
  std::vector<std::uint8_t> height_;    ///< for an opening bracket
  std::unique_ptr<Tokens> tokens_;
};

/// for (JsonMembers m(object); m.next();) use(m.key(), m.value());  An empty run for anything but an object.
class JsonMembers {
 public:
  explicit JsonMembers(JsonValue object);
  bool next();
  /// The member's name; valid until the next call of next().
  std::string_view key() const { return key_; }
  /// Name with its quotes, as it stands in the text.
  std::string_view raw_key() const;
  JsonValue value() const { return {index_, value_}; }

 private:
  const JsonIndex* index_;
  std::uint32_t next_;
  std::uint32_t end_;
  std::uint32_t key_token_ = 0;
  std::uint32_t value_ = 0;
  std::string_view key_;
  std::string scratch_;
};

/// for (JsonItems i(array); i.next();) use(i.value());  An empty run for anything but an array.
class JsonItems {
 public:
  explicit JsonItems(JsonValue array);
  bool next();
  JsonValue value() const { return {index_, value_}; }

 private:
  const JsonIndex* index_;
  std::uint32_t next_;
  std::uint32_t end_;
  std::uint32_t value_ = 0;
};

/// A decimal in JSON's spelling ("-12.50", "3e2") times 10^decimals, as JsonValue::scaled.
std::optional<std::int64_t> scaled_decimal(std::string_view number, int decimals);

// Walking tokens is most of what reading an event costs, so these stand where they can be inlined.

inline char JsonValue::first() const {
  return index_->text_[index_->at_[token_]];
}

inline JsonKind JsonValue::kind() const {
  switch (first()) {
    case '{':
      return JsonKind::object;
    case '[':
      return JsonKind::array;
    case '"':
      return JsonKind::string;
    case 't':
    case 'f':
      return JsonKind::boolean;
    case 'n':
      return JsonKind::null;
    default:
      return JsonKind::number;
  }
}

inline std::string_view JsonValue::raw() const {
  const char* text = index_->text_.data();
  const std::uint32_t from = index_->at_[token_];
  if (text[from] == '{' || text[from] == '[') {
    return {text + from, index_->at_[index_->closing_[token_]] + 1 - from};
  }
  std::uint32_t end = index_->at_[token_ + 1];
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (is_blank(text[end - 1])) --end;
  return {text + from, end - from};
}

inline std::optional<std::string_view> JsonValue::plain_text() const {
  const std::string_view quoted = raw();
  if (quoted.front() != '"') return std::nullopt;
  const std::string_view body = quoted.substr(1, quoted.size() - 2);
  if (index_->has_escapes_ && body.find('\\') != std::string_view::npos) return std::nullopt;
  return body;
}

inline std::string_view JsonValue::text(std::string& scratch) const {
  const auto plain = plain_text();
  return plain ? *plain : escaped_text(scratch);
}

inline bool JsonMembers::next() {
  if (next_ >= end_) return false;
  key_token_ = next_;
  key_ = JsonValue(index_, key_token_).text(scratch_);
  value_ = key_token_ + 2;
  const char c = index_->text_[index_->at_[value_]];
  // Past the value and the comma, or onto the closing bracket.
  next_ = (c == '{' || c == '[' ? index_->closing_[value_] : value_) + 1;
  if (next_ < end_) ++next_;
  return true;
}

inline bool JsonItems::next() {
  if (next_ >= end_) return false;
  value_ = next_;
  const char c = index_->text_[index_->at_[value_]];
  next_ = (c == '{' || c == '[' ? index_->closing_[value_] : value_) + 1;
  if (next_ < end_) ++next_;
  return true;
}

}  // namespace rapport::codec
