#include "codec/json_writer.h"

#include <algorithm>
#include <charconv>

#include "codec/detail/json_text.h"

namespace rapport::codec {
namespace {

char* two_digits(char* at, int value) {
  *at++ = static_cast<char>('0' + value / 10 % 10);
  *at++ = static_cast<char>('0' + value % 10);
  return at;
}

}  // namespace

void JsonWriter::before_value() {
  if (comma_) out_.push_back(',');
  comma_ = true;
}

void JsonWriter::open(char bracket) {
  before_value();
  out_.push_back(bracket);
  comma_ = false;
}

void JsonWriter::close(char bracket) {
  out_.push_back(bracket);
  comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  // Put together aside and appended at once: keys are half of what an answer consists of.
  char text[64];
  if (name.size() + 4 > sizeof text) return escaped_key(name);
  char* at = text;
  if (comma_) *at++ = ',';
  *at++ = '"';
  at = std::copy(name.begin(), name.end(), at);
  *at++ = '"';
  *at++ = ':';
  out_.append(text, at);
  comma_ = false;
}

void JsonWriter::escaped_key(std::string_view name) {
  before_value();
  detail::append_json_text(out_, name);
  out_.push_back(':');
  comma_ = false;
}

void JsonWriter::text(std::string_view value) {
  before_value();
  detail::append_json_text(out_, value);
}

void JsonWriter::integer(std::int64_t value) {
  before_value();
  detail::append_json_number(out_, value);
}

void JsonWriter::unsigned_integer(std::uint64_t value) {
  before_value();
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  out_.append(digits, end.ptr);
}

void JsonWriter::real(double value) {
  before_value();
  detail::append_json_number(out_, value);
}

void JsonWriter::thousandths(std::int64_t value) {
  before_value();
  const std::uint64_t size =
      value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  if (value < 0) out_.push_back('-');
  char digits[32];
  char* end = std::to_chars(digits, digits + sizeof digits, size / 1000).ptr;
  if (int rest = static_cast<int>(size % 1000); rest != 0) {
    *end++ = '.';
    for (int unit = 100; rest != 0; unit /= 10) {
      *end++ = static_cast<char>('0' + rest / unit);
      rest %= unit;
    }
  }
  out_.append(digits, end);
}

void JsonWriter::boolean(bool value) {
  before_value();
  out_.append(value ? "true" : "false");
}

void JsonWriter::null() {
  before_value();
  out_.append("null");
}

void JsonWriter::time(Instant value) {
  before_value();
  const CivilTime c = civil_from_instant(value);
  char text[32];
  char* at = text;
  *at++ = '"';
  at = two_digits(at, c.year / 100);
  at = two_digits(at, c.year % 100);
  *at++ = '-';
  at = two_digits(at, c.month);
  *at++ = '-';
  at = two_digits(at, c.day);
  *at++ = 'T';
  at = two_digits(at, c.hour);
  *at++ = ':';
  at = two_digits(at, c.minute);
  *at++ = ':';
  at = two_digits(at, c.second);
  if (c.millisecond != 0) {
    *at++ = '.';
    *at++ = static_cast<char>('0' + c.millisecond / 100);
    at = two_digits(at, c.millisecond % 100);
  }
  *at++ = 'Z';
  *at++ = '"';
  out_.append(text, at);
}

void JsonWriter::raw(std::string_view json) {
  before_value();
  out_.append(json);
}

void JsonWriter::field(std::string_view name, const std::optional<Instant>& value) {
  key(name);
  if (value) {
    time(*value);
  } else {
    null();
  }
}

}  // namespace rapport::codec
