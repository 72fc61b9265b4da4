#include "decide/appointment.h"

#include <algorithm>
#include <limits>

#include "decide/desk_action.h"
#include "decide/detail/wording.h"
#include "text/han.h"

namespace rapport::decide {

Instant minute_of(Instant at) {
  const std::int64_t over = at.ms % 60'000;
  return Instant{at.ms - (over < 0 ? over + 60'000 : over)};
}

std::int64_t booked_at(const BookableService& service, Instant at) {
  const Instant minute = minute_of(at);
  const auto first = std::lower_bound(service.booked.begin(), service.booked.end(), minute,
                                      [](const auto& one, Instant then) { return one.first < then; });
  std::int64_t count = 0;
  for (auto one = first; one != service.booked.end() && one->first < minute + minutes(1); ++one)
    count += one->second;
  return count;
}

bool begins_an_hour(Instant at, const text::Zone* zone) {
  const CivilTime civil = zone == nullptr ? civil_from_instant(at) : zone->to_local(at);
  return civil.minute == 0 && civil.second == 0 && civil.millisecond == 0;
}

Status room_at(const BookableService& service, Instant at, Instant now, std::int32_t book_days) {
  const auto refused = [](const char* why) { return Error{Errc::refused, why, "for", "another time"}; };
  if (at <= now) return refused("past");
  if (at > now + days(book_days)) return refused("far");
  DeskFacts facts;
  facts.now = now;
  facts.service_known = true;
  facts.open_then = service.closed_altogether.empty() &&
                    (service.round_the_clock ||
                     std::any_of(service.open.begin(), service.open.end(),
                                 [&](const auto& hours) { return hours.first <= at && at < hours.second; }));
  if (!facts.open_then) return refused("closed");
  facts.capacity = service.capacity;
  facts.booked_then = booked_at(service, at);
  // The same guard as an agent's appointment is held to.
  if (const auto verdict = judge_appointment(book_days, at, facts); !verdict.ok()) return refused("full");
  return {};
}

std::vector<Instant> free_times(const BookableService& service, const FreeTimes& wanted, Instant now,
                                std::int32_t book_days, const text::Zone* zone) {
  constexpr int kFrom = 9 * 60, kTo = 18 * 60;
  std::vector<Instant> out;
  const auto local = [&](Instant at) {
    return zone == nullptr ? civil_from_instant(at) : zone->to_local(at);
  };
  CivilTime start = local(std::max(wanted.from, now));
  start.minute = start.second = start.millisecond = 0;
  Instant at = zone == nullptr ? instant_from_civil(start) : zone->to_utc(start);
  const Instant until = std::min(wanted.until.value_or(Instant::never()), now + days(book_days));
  for (; at < until && out.size() < wanted.most; at = at + hours(1)) {
    const int minute = local(at).hour * 60 + local(at).minute;
    if (minute < wanted.minutes_from || minute >= wanted.minutes_to) continue;
    if (service.round_the_clock && (minute < kFrom || minute >= kTo)) continue;
    if (at < wanted.from || !room_at(service, at, now, book_days).ok()) continue;
    out.push_back(at);
  }
  return out;
}

std::vector<Instant> nearest_times(const BookableService& service, Instant wanted, std::size_t most,
                                   Instant now, std::int32_t book_days, const text::Zone* zone) {
  const Instant center = std::clamp(wanted, now, now + days(book_days));
  std::vector<Instant> found;
  // A circle around it that grows until it holds enough, or everything.
  for (Duration reach = hours(12);; reach = reach + reach) {
    FreeTimes around{center - reach, center + reach + milliseconds(1)};
    around.most = std::numeric_limits<std::size_t>::max();
    found = free_times(service, around, now, book_days, zone);
    if (found.size() >= most || reach > days(book_days)) break;
  }
  const auto away = [&](Instant at) { return at < wanted ? wanted - at : at - wanted; };
  std::stable_sort(found.begin(), found.end(), [&](Instant a, Instant b) { return away(a) < away(b); });
  if (found.size() > most) found.resize(most);
  std::sort(found.begin(), found.end());
  return found;
}

bool speaks_of_appointments(std::string_view said) {
  const std::string form = text::plain_form(said);
  return holds_any(form, {"预约", "预订", "改约", "约个时间", "约时间", "约一下", "想约", "帮我约",
                          "appointment", "reschedule", "book a ", "book an ", "book the ", "my booking"});
}

}  // namespace rapport::decide
