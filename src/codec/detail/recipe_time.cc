#include "codec/detail/recipe_time.h"

#include <charconv>

namespace rapport::codec::detail {
namespace {

bool names_offset(std::string_view text) {
  if (text.ends_with('Z') || text.ends_with('z')) return true;
  const std::size_t clock = text.find(':');
  return clock != std::string_view::npos && text.find_first_of("+-", clock) != std::string_view::npos;
}

Error not_a_time(std::string_view text, std::string_view format) {
  return Error{Errc::bad_input, fmt::format("'{}' is not a time", text.substr(0, 40)), "",
               format.empty() ? "a time such as 2026-11-22 09:30:00" : fmt::format("the form {}", format)};
}

// The digits that a field of the format takes: up to four for a year, two otherwise.
bool take_digits(std::string_view& text, int most, int& out) {
  int taken = 0;
  out = 0;
  while (taken < most && !text.empty() && text.front() >= '0' && text.front() <= '9') {
    out = out * 10 + (text.front() - '0');
    text.remove_prefix(1);
    ++taken;
  }
  return taken > 0;
}

Result<CivilTime> civil_by_format(std::string_view text, std::string_view format) {
  const std::string_view whole = text;
  CivilTime civil;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      if (!text.starts_with(format[i])) return not_a_time(whole, format);
      text.remove_prefix(1);
      continue;
    }
    bool good = true;
    switch (format[++i]) {
      case 'Y':
        good = take_digits(text, 4, civil.year);
        break;
      case 'y':
        good = take_digits(text, 2, civil.year);
        civil.year += civil.year < 70 ? 2000 : 1900;
        break;
      case 'm':
        good = take_digits(text, 2, civil.month);
        break;
      case 'd':
        good = take_digits(text, 2, civil.day);
        break;
      case 'H':
        good = take_digits(text, 2, civil.hour);
        break;
      case 'M':
        good = take_digits(text, 2, civil.minute);
        break;
      case 'S':
        good = take_digits(text, 2, civil.second);
        break;
      default:
        good = false;
    }
    if (!good) return not_a_time(whole, format);
  }
  // Through the text form, so that 31 February is refused.
  const std::string iso = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", civil.year, civil.month,
                                      civil.day, civil.hour, civil.minute, civil.second);
  if (!text.empty() || !parse_instant(iso).ok()) return not_a_time(whole, format);
  return civil;
}

Result<CivilTime> civil_of(std::string_view text, std::string_view format) {
  if (!format.empty()) return civil_by_format(text, format);
  auto parsed = parse_instant(text);
  if (!parsed.ok()) return not_a_time(text, format);
  return civil_from_instant(*parsed);
}

Result<Instant> read_moment(std::string_view text, const TimeReading& reading) {
  if (reading.format == "epoch_s" || reading.format == "epoch_ms") {
    std::int64_t number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = end.ec == std::errc{} && end.ptr == text.data() + text.size();
    if (!whole || number < -62'000'000'000 * 1000 || number > 253'402'300'799'999) {
      return not_a_time(text, reading.format);
    }
    if (reading.format == "epoch_ms") return Instant{number};
    if (number > 253'402'300'799) return not_a_time(text, reading.format);
    return Instant{number * 1000};
  }
  if (reading.format.empty() && names_offset(text)) {
    auto parsed = parse_instant(text);
    if (!parsed.ok()) return not_a_time(text, reading.format);
    return *parsed;
  }
  RAPPORT_TRY(const CivilTime civil, civil_of(text, reading.format));
  return reading.zone->to_utc(civil);
}

}  // namespace

Result<Instant> read_time(std::string_view text, const TimeReading& reading) {
  RAPPORT_TRY(const Instant moment, read_moment(text, reading));
  if (!reading.end_of_day) return moment;
  CivilTime local = reading.zone->to_local(moment);
  local.hour = 23;
  local.minute = local.second = 59;
  local.millisecond = 999;
  return reading.zone->to_utc(local);
}

Result<std::int64_t> read_civil_day(std::string_view text, std::string_view format) {
  if (!format.empty()) {
    RAPPORT_TRY(const CivilTime civil, civil_by_format(text, format));
    return day_number(instant_from_civil(civil));
  }
  auto day = parse_instant(text.substr(0, 10));
  if (!day.ok()) return not_a_time(text, format);
  return day_number(*day);
}

}  // namespace rapport::codec::detail
