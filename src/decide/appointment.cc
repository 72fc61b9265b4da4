#include "decide/appointment.h"

#include <algorithm>

#include "decide/desk_action.h"
#include "text/han.h"
#include "text/normalise.h"

namespace rapport::decide {

Status room_at(const BookableService& service, Instant at, Instant now, std::int32_t book_days) {
  const auto refused = [](const char* why) { return Error{Errc::refused, why, "for", "another time"}; };
  if (at <= now) return refused("past");
  if (at > now + days(book_days)) return refused("far");
  DeskFacts facts;
  facts.now = now;
  facts.service_known = true;
  facts.open_then = service.round_the_clock ||
                    std::any_of(service.open.begin(), service.open.end(),
                                [&](const auto& hours) { return hours.first <= at && at < hours.second; });
  if (!facts.open_then) return refused("closed");
  facts.capacity = service.capacity;
  for (const auto& [then, count] : service.booked) facts.booked_then += then == at ? count : 0;
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

bool speaks_of_appointments(std::string_view said) {
  const std::string form = text::comparison_form(text::simplified_characters(said));
  for (const std::string_view word :
       {"预约", "预订", "改约", "约个时间", "约时间", "约一下", "想约", "帮我约", "appointment", "reschedule",
        "book a ", "book an ", "book the ", "my booking"}) {
    if (form.find(word) != std::string::npos) return true;
  }
  return false;
}

}  // namespace rapport::decide
