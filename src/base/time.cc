#include "base/time.h"

#include <charconv>
#include <chrono>

namespace rapport {
namespace {

constexpr std::int64_t kMsADay = 86'400'000;

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days_from_civil and civil_from_days.
std::int64_t days_from_civil(int year, int month, int day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned shifted = static_cast<unsigned>(month + (month > 2 ? -3 : 9));
  const unsigned day_of_year = (153 * shifted + 2) / 5 + static_cast<unsigned>(day) - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

struct Cursor {
  std::string_view rest;
  bool eat(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  /// Exactly `digits` decimal digits.
  bool number(int digits, int& out) {
    if (rest.size() < static_cast<std::size_t>(digits)) return false;
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      const char c = rest[static_cast<std::size_t>(i)];
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    rest.remove_prefix(static_cast<std::size_t>(digits));
    out = value;
    return true;
  }
};

int days_in_month(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool parse_clock(Cursor& in, CivilTime& civil) {
  if (!in.number(2, civil.hour) || !in.eat(':') || !in.number(2, civil.minute)) return false;
  if (in.eat(':')) {
    if (!in.number(2, civil.second)) return false;
    if (in.eat('.') || in.eat(',')) {
      int scale = 100;
      bool any = false;
      while (!in.rest.empty() && in.rest.front() >= '0' && in.rest.front() <= '9') {
        civil.millisecond += (in.rest.front() - '0') * scale;
        scale /= 10;
        any = true;
        in.rest.remove_prefix(1);
      }
      if (!any) return false;
    }
  }
  return civil.hour < 24 && civil.minute < 60 && civil.second <= 60;
}

bool parse_zone(Cursor& in, std::int64_t& offset_ms) {
  offset_ms = 0;
  if (in.rest.empty() || in.eat('Z') || in.eat('z')) return true;
  const bool negative = in.rest.front() == '-';
  if (!in.eat('+') && !in.eat('-')) return false;
  int hour = 0, minute = 0;
  if (!in.number(2, hour)) return false;
  in.eat(':');
  if (!in.rest.empty() && !in.number(2, minute)) return false;
  if (hour > 18 || minute > 59) return false;
  offset_ms = (hour * 60 + minute) * 60'000LL * (negative ? -1 : 1);
  return true;
}

}  // namespace

Instant instant_from_civil(const CivilTime& c) {
  const std::int64_t day = days_from_civil(c.year, c.month, c.day);
  return {day * kMsADay + ((c.hour * 60LL + c.minute) * 60 + c.second) * 1000 + c.millisecond};
}

CivilTime civil_from_instant(Instant instant) {
  const std::int64_t day = day_number(instant);
  std::int64_t rest = instant.ms - day * kMsADay;
  const std::int64_t z = day + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const auto day_of_era = static_cast<unsigned>(z - era * 146097);
  const unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted = (5 * day_of_year + 2) / 153;
  CivilTime c;
  c.day = static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1);
  c.month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  c.year = static_cast<int>(static_cast<std::int64_t>(year_of_era) + era * 400) + (c.month <= 2);
  c.hour = static_cast<int>(rest / 3'600'000);
  rest %= 3'600'000;
  c.minute = static_cast<int>(rest / 60'000);
  rest %= 60'000;
  c.second = static_cast<int>(rest / 1000);
  c.millisecond = static_cast<int>(rest % 1000);
  return c;
}

std::string format_instant(Instant instant) {
  const CivilTime c = civil_from_instant(instant);
  if (c.millisecond == 0) {
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour, c.minute,
                       c.second);
  }
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", c.year, c.month, c.day, c.hour, c.minute,
                     c.second, c.millisecond);
}

Result<Instant> parse_instant(std::string_view text) {
  const auto wrong = [&] {
    return Error{Errc::bad_input, fmt::format("'{}' is not a time", text.substr(0, 40)), "",
                 "RFC 3339, such as 2026-11-22T03:04:05Z"};
  };
  Cursor in{text};
  CivilTime civil;
  if (!in.number(4, civil.year)) return wrong();
  const char separator = in.rest.empty() ? '\0' : in.rest.front();
  if (separator != '-' && separator != '/') return wrong();
  in.eat(separator);
  if (!in.number(2, civil.month) || !in.eat(separator) || !in.number(2, civil.day)) return wrong();
  if (civil.year < 1 || civil.month < 1 || civil.month > 12 || civil.day < 1 ||
      civil.day > days_in_month(civil.year, civil.month)) {
    return wrong();
  }
  std::int64_t offset_ms = 0;
  if (!in.rest.empty()) {
    if (!in.eat('T') && !in.eat('t') && !in.eat(' ')) return wrong();
    if (!parse_clock(in, civil)) return wrong();
    in.eat(' ');
    if (!parse_zone(in, offset_ms) || !in.rest.empty()) return wrong();
  }
  const Instant instant{instant_from_civil(civil).ms - offset_ms};
  if (instant < Instant::min() || instant > Instant::max()) return wrong();
  return instant;
}

Result<Duration> parse_duration(std::string_view text) {
  const auto wrong = [&] {
    return Error{Errc::bad_input, fmt::format("'{}' is not a duration", text.substr(0, 40)), "",
                 "numbers with ms, s, m, h, d or w, such as 24h or 30d"};
  };
  if (text.empty()) return wrong();
  constexpr std::int64_t kMost = 3'650'000LL * kMsADay;
  std::int64_t total = 0;
  const char* at = text.data();
  const char* end = at + text.size();
  while (at != end) {
    std::int64_t count = 0;
    const auto [next, bad] = std::from_chars(at, end, count);
    if (bad != std::errc{} || count < 0 || next == end) return wrong();
    at = next;
    std::int64_t unit = 0;
    if (end - at >= 2 && at[0] == 'm' && at[1] == 's') {
      unit = 1;
      at += 2;
    } else {
      switch (*at) {
        case 's':
          unit = 1000;
          break;
        case 'm':
          unit = 60'000;
          break;
        case 'h':
          unit = 3'600'000;
          break;
        case 'd':
          unit = kMsADay;
          break;
        case 'w':
          unit = 7 * kMsADay;
          break;
        default:
          return wrong();
      }
      ++at;
    }
    if (count > kMost / unit) return wrong();
    total += count * unit;
    if (total > kMost) return wrong();
  }
  return Duration{total};
}

std::string format_duration(Duration duration) {
  if (duration.ms == 0) return "0s";
  std::string out;
  std::int64_t rest = duration.ms;
  if (rest < 0) {
    out = "-";
    rest = -rest;
  }
  constexpr std::pair<std::int64_t, const char*> kUnits[] = {
      {kMsADay, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1000, "s"}, {1, "ms"}};
  for (const auto& [unit, name] : kUnits) {
    if (rest < unit) continue;
    out += fmt::format("{}{}", rest / unit, name);
    rest %= unit;
  }
  return out;
}

Instant SystemClock::now() {
  using namespace std::chrono;
  return {duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch()).count()};
}

std::int64_t monotonic_ns() {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace rapport
