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
  out_.append(text, static_cast<std::size_t>(at - text));
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

void JsonWriter::field(std::string_view name, std::string_view value) {
  // The whole field aside and appended at once, as far as it is short and plain.
  char whole[256];
  if (name.size() + value.size() + 6 > sizeof whole || detail::any_needs_escape(value)) {
    key(name);
    text(value);
    return;
  }
  char* at = whole;
  if (comma_) *at++ = ',';
  *at++ = '"';
  at = std::copy(name.begin(), name.end(), at);
  *at++ = '"';
  *at++ = ':';
  *at++ = '"';
  at = std::copy(value.begin(), value.end(), at);
  *at++ = '"';
  out_.append(whole, static_cast<std::size_t>(at - whole));
  comma_ = true;
}

void JsonWriter::integer(std::int64_t value) {
  before_value();
  detail::append_json_number(out_, value);
}

void JsonWriter::unsigned_integer(std::uint64_t value) {
  before_value();
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  out_.append(digits, static_cast<std::size_t>(end.ptr - digits));
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
  out_.append(digits, static_cast<std::size_t>(end - digits));
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
  const std::int64_t day = day_number(value);
  if (day != day_) {  // Times of one answer often share their day, and the calendar is most of the work.
    const CivilTime c = civil_from_instant(value);
    char* at = two_digits(date_, c.year / 100);
    at = two_digits(at, c.year % 100);
    *at++ = '-';
    at = two_digits(at, c.month);
    *at++ = '-';
    two_digits(at, c.day);
    day_ = day;
  }
  const auto of_day = static_cast<int>(value.ms - day * days(1).ms);
  char text[32];
  char* at = text;
  *at++ = '"';
  at = std::copy(date_, date_ + sizeof date_, at);
  *at++ = 'T';
  at = two_digits(at, of_day / 3'600'000);
  *at++ = ':';
  at = two_digits(at, of_day / 60'000 % 60);
  *at++ = ':';
  at = two_digits(at, of_day / 1'000 % 60);
  if (const int ms = of_day % 1'000; ms != 0) {
    *at++ = '.';
    *at++ = static_cast<char>('0' + ms / 100);
    at = two_digits(at, ms % 100);
  }
  *at++ = 'Z';
  *at++ = '"';
  out_.append(text, static_cast<std::size_t>(at - text));
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
