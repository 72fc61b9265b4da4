#include "views/open_hours.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "codec/json_index.h"

namespace rapport::views {

OpenHours::OpenHours() : intervals_{{Instant::min(), Instant::never()}}, before_{0} {}

Result<OpenHours> OpenHours::make(std::span<const OpenInterval> intervals, Instant until) {
  if (intervals.empty())
    return Error{Errc::bad_input, "the calendar has no working day", "open", "at least one open interval"};
  if (intervals.size() > kIntervalsMost) {
    return Error{Errc::too_large, fmt::format("the calendar has {} intervals", intervals.size()), "open",
                 fmt::format("at most {}", kIntervalsMost)};
  }
  OpenHours hours;
  hours.intervals_.clear();
  hours.before_.clear();
  std::int64_t sum = 0;
  for (const OpenInterval& each : intervals) {
    const bool follows =
        hours.intervals_.empty() ? each.open >= Instant::min() : each.open > hours.intervals_.back().close;
    if (!follows || each.close <= each.open || each.close > until) {
      return Error{Errc::bad_input,
                   fmt::format("the interval that opens at {} is empty, out of order or beyond the end",
                               format_instant(each.open)),
                   "open", "ascending intervals with a gap between them, all before until"};
    }
    hours.intervals_.push_back(each);
    hours.before_.push_back(sum);
    sum += (each.close - each.open).ms;
  }
  if (until >= Instant::never()) return hours;
  if (hours.intervals_.back().close == until) {
    hours.intervals_.back().close = Instant::never();
  } else {
    hours.intervals_.push_back({until, Instant::never()});
    hours.before_.push_back(sum);
  }
  return hours;
}

/// Open milliseconds before `at`.
std::int64_t OpenHours::used(Instant at) const {
  const auto next = std::upper_bound(intervals_.begin(), intervals_.end(), at,
                                     [](Instant t, const OpenInterval& each) { return t < each.open; });
  if (next == intervals_.begin()) return 0;
  const std::size_t i = static_cast<std::size_t>(next - intervals_.begin()) - 1;
  return before_[i] + (std::min(at, intervals_[i].close) - intervals_[i].open).ms;
}

std::int64_t OpenHours::open_ms(Instant from, Instant to) const {
  return to <= from ? 0 : used(to) - used(from);
}

Instant OpenHours::reach(Instant from, std::int64_t ms) const {
  if (ms <= 0) return from;
  const std::int64_t goal = used(from) + ms;
  // The last interval that begins with less than the goal behind it is the one in which it is reached.
  const auto after = std::lower_bound(before_.begin(), before_.end(), goal);
  const std::size_t i = static_cast<std::size_t>(after - before_.begin()) - 1;
  const std::int64_t inside = goal - before_[i];
  const OpenInterval& in = intervals_[i];
  return inside > (in.close - in.open).ms ? Instant::never() : in.open + milliseconds(inside);
}

bool OpenHours::is_open(Instant at) const {
  const auto next = std::upper_bound(intervals_.begin(), intervals_.end(), at,
                                     [](Instant t, const OpenInterval& each) { return t < each.open; });
  return next != intervals_.begin() && at < std::prev(next)->close;
}

bool CalendarHistory::add(Version version) {
  const auto at = std::lower_bound(versions_.begin(), versions_.end(), version.from,
                                   [](const Version& each, Instant from) { return each.from < from; });
  if (at == versions_.end() || at->from != version.from) {
    versions_.insert(at, std::move(version));
    return true;
  }
  if (at->text >= version.text) return false;
  *at = std::move(version);
  return true;
}

const OpenHours& CalendarHistory::at(Instant moment) const {
  static const OpenHours kAlways;
  const auto next = std::upper_bound(versions_.begin(), versions_.end(), moment,
                                     [](Instant t, const Version& each) { return t < each.from; });
  return next == versions_.begin() ? kAlways : std::prev(next)->hours;
}

std::int64_t CalendarHistory::open_ms(Instant from, Instant to) const {
  std::int64_t sum = 0;
  for (const Version& version : versions_) {
    if (version.from <= from) continue;
    if (version.from >= to) break;
    sum += at(from).open_ms(from, version.from);
    from = version.from;
  }
  return sum + at(from).open_ms(from, to);
}

Instant CalendarHistory::reach(Instant from, std::int64_t ms) const {
  for (const Version& version : versions_) {
    if (version.from <= from) continue;
    const Instant reached = at(from).reach(from, ms);
    if (reached <= version.from) return reached;
    ms -= at(from).open_ms(from, version.from);
    from = version.from;
  }
  return at(from).reach(from, ms);
}

const CalendarHistory& Calendars::find(std::string_view name) const {
  static const CalendarHistory kAlways;
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? kAlways : found->second;
}

Result<bool> Calendars::publish(std::string_view name, Instant from, std::string_view body) {
  codec::JsonIndex json;
  RAPPORT_CHECK(json.parse(body));
  const codec::JsonValue open = json.root().find("open");
  if (!open.present()) return false;
  // Within the years that can be stored, so that nothing below overflows.
  const auto minute_of = [](const codec::JsonValue& value) -> std::optional<std::int64_t> {
    const auto whole = value.present() && value.is(codec::JsonKind::number) ? value.integer() : std::nullopt;
    return whole && *whole >= 0 && *whole <= Instant::max().ms / 60'000 ? whole : std::nullopt;
  };
  const Error wrong{Errc::bad_input, "the calendar's intervals are no list of minutes", "open",
                    "begin, length, gap, length, ... in minutes since 1970"};
  if (!open.is(codec::JsonKind::array)) return wrong;
  std::vector<OpenInterval> intervals;
  std::int64_t minute = 0;
  bool is_length = false;
  for (codec::JsonItems items(open); items.next(); is_length = !is_length) {
    const auto more = minute_of(items.value());
    if (!more || minute + *more > Instant::max().ms / 60'000) return wrong;
    const Instant begin{minute * 60'000};
    minute += *more;
    if (is_length) intervals.push_back({begin, Instant{minute * 60'000}});
    if (intervals.size() > OpenHours::kIntervalsMost) break;
  }
  if (is_length && intervals.size() <= OpenHours::kIntervalsMost) return wrong;
  const auto until = minute_of(json.root().find("until"));
  if (!until) {
    return Error{Errc::bad_input, "the calendar does not say until when it is known", "until",
                 "minutes since 1970"};
  }
  RAPPORT_TRY(OpenHours hours, OpenHours::make(intervals, Instant{*until * 60'000}));
  auto history = by_name_.find(name);
  if (history == by_name_.end()) history = by_name_.emplace(name, CalendarHistory{}).first;
  return history->second.add({from, std::string(body), std::move(hours)});
}

}  // namespace rapport::views
