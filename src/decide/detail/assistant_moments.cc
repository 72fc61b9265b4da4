#include <fmt/format.h>

#include <algorithm>

#include "decide/detail/appointment_speech.h"
#include "decide/detail/assistant_turn.h"

// Which moment is meant, whether it can be had, and how it is told in the shop's zone.
namespace rapport::decide {
namespace {

/// 24:00 is the beginning of the next day.
CivilTime civil_of(const text::LocalDay& day, int minutes) {
  const text::LocalDay on = minutes >= 1440 ? text::day_after(day, 1) : day;
  const int left = minutes % 1440;
  return {on.year, on.month, on.day, left / 60, left % 60};
}

}  // namespace

CivilTime Turn::local(Instant at) const {
  return f_.zone == nullptr ? civil_from_instant(at) : f_.zone->to_local(at);
}
Instant Turn::moment_of(const text::LocalDay& day, int minutes) const {
  const CivilTime civil = civil_of(day, minutes);
  return f_.zone == nullptr ? instant_from_civil(civil) : f_.zone->to_utc(civil);
}
std::vector<Instant> Turn::moments_of(const text::LocalDay& day, int minutes) const {
  const CivilTime civil = civil_of(day, minutes);
  return f_.zone == nullptr ? std::vector<Instant>{instant_from_civil(civil)} : f_.zone->moments_of(civil);
}
/// Where clocks show a time twice its distance from UTC tells which it is.
std::string Turn::choice_of(Instant at) const {
  if (f_.zone == nullptr || f_.zone->moments_of(local(at)).size() < 2) return moment(at);
  const CivilTime civil = local(at);
  const std::int64_t away = (instant_from_civil(civil) - at).ms / 60'000;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}{}{:02}:{:02}", civil.year, civil.month, civil.day,
                     civil.hour, civil.minute, away < 0 ? '-' : '+', std::abs(away) / 60,
                     std::abs(away) % 60);
}
std::string Turn::told_moment(Instant at) const {
  constexpr std::string_view kHan[] = {"周一", "周二", "周三", "周四", "周五", "周六", "周日"};
  constexpr std::string_view kHant[] = {"週一", "週二", "週三", "週四", "週五", "週六", "週日"};
  constexpr std::string_view kEnglish[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                           "Friday", "Saturday", "Sunday"};
  const CivilTime civil = local(at);
  const auto day = static_cast<std::size_t>(text::weekday_of({civil.year, civil.month, civil.day}));
  if (s_.tongue == Tongue::english) return fmt::format("{}, {}", kEnglish[day], choice_of(at));
  return fmt::format("{}（{}）", choice_of(at), s_.tongue == Tongue::traditional ? kHant[day] : kHan[day]);
}

Status Turn::judge(Instant at) const {
  return room_at(*service(s_.service), at, f_.now, f_.book_days);
}

void Turn::settle_when() {
  if (!s_.slot.empty()) {
    if (const auto at = parse_instant(s_.slot); at.ok()) return settle_moment({*at});
    s_.slot.clear();
  }
  const bool over = s_.part == "over", none = s_.part == "none";
  if (over || none) {
    s_.part.clear();
    return ask_moment(over ? "when_past" : "when_none", f_.now);
  }
  auto days = days_listed(s_.day);
  auto minutes = hours_listed(s_.hours);
  if (days.empty() && minutes.empty()) return ask_moment("ask_when", f_.now);
  if (s_.task == "move_booking") move_on_its_day_or_hour(days, minutes);
  if (days.empty()) return ask_moment("ask_day", f_.now);
  if (minutes.empty() && days.size() > 1) {
    plain("ask_which_day", {service_name(s_.service)});
    for (const text::LocalDay& day : days) reply_.choices.push_back({day_text(day)});
    return;
  }
  if (minutes.empty()) return ask_moment("ask_hour", moment_of(days[0], 0));
  settle_on(days, minutes);
}

void Turn::settle_on(const std::vector<text::LocalDay>& days, const std::vector<int>& minutes) {
  const auto [from, to] = part_told(s_.part);
  std::vector<Instant> moments;
  bool skipped = false;
  for (const text::LocalDay& day : days) {
    for (const int minute : minutes) {
      const bool fits = minutes.size() == 1 || (minute >= from && minute < to);
      if (!fits) continue;
      const auto shown = moments_of(day, minute);
      skipped = skipped || shown.empty();
      moments.insert(moments.end(), shown.begin(), shown.end());
    }
  }
  if (moments.empty() && skipped) {
    s_.hours.clear();
    return ask_nearest("when_skipped", moment_of(days[0], minutes[0]));
  }
  if (moments.empty()) moments.push_back(moment_of(days[0], minutes[0]));
  settle_moment(moments);
}

/// Moved to another day it keeps its hour, moved to another hour its day, where she tells no more and that
/// can be had.
void Turn::move_on_its_day_or_hour(std::vector<text::LocalDay>& days, std::vector<int>& minutes) const {
  const CivilTime now = local(held()->for_time);
  if (days.empty()) {
    days.push_back({now.year, now.month, now.day});
  } else if (minutes.empty()) {
    const int minute = now.hour * 60 + now.minute;
    const auto [from, to] = part_told(s_.part);
    const bool can_be = minute >= from && minute < to &&
                        std::any_of(days.begin(), days.end(),
                                    [&](const auto& day) { return judge(moment_of(day, minute)).ok(); });
    if (can_be) minutes.push_back(minute);
  }
}

/// One of these it is to be.
void Turn::settle_moment(const std::vector<Instant>& moments) {
  std::vector<Instant> fit;
  std::string why;
  for (const Instant at : moments) {
    const Status judged = judge(at);
    if (judged.ok()) fit.push_back(at);
    // That it is full says more than that another reading lies behind or outside the hours.
    if (!judged.ok() && (why.empty() || judged.error().message == "full")) why = judged.error().message;
  }
  if (fit.size() > 1) {
    plain("ask_which", {service_name(s_.service)});
    return offer_moments(fit);
  }
  if (fit.empty()) {
    s_.slot.clear();
    s_.hours.clear();
    const bool lies_ahead = why == "closed" || why == "full";
    if (!lies_ahead) s_.day.clear();
    return ask_nearest("when_" + why, lies_ahead ? moments.front() : f_.now);
  }
  s_.slot = format_instant(fit[0]);
  if (s_.task == "move_booking")
    return confirm("confirm_move_booking",
                   {service_name(s_.service), told_moment(held()->for_time), told_moment(fit[0])});
  confirm("confirm_booking", {service_name(s_.service), told_moment(fit[0])});
}

/// Says what is missing, with times that can be had from there on.
void Turn::ask_moment(std::string_view act, Instant from) {
  const BookableService& wanted = *service(s_.service);
  const auto [part_from, part_to] = part_told(s_.part);
  FreeTimes times{from, std::nullopt, part_from, part_to, kChoicesMost - 1};
  if (act == "ask_hour") times.until = from + hours(24);
  std::vector<Instant> free;
  if (act == "ask_day") {
    // The hour is told: the days on which it can be had.
    const CivilTime today = local(f_.now);
    text::LocalDay day{today.year, today.month, today.day};
    for (int ahead = 0; ahead <= 14 && free.size() < kChoicesMost - 1;
         ++ahead, day = text::day_after(day, 1)) {
      for (const int minute : hours_listed(s_.hours)) {
        const Instant at = moment_of(day, minute);
        if (free.size() < kChoicesMost - 1 && judge(at).ok()) free.push_back(at);
      }
    }
  } else {
    free = free_times(wanted, times, f_.now, f_.book_days, f_.zone);
  }
  if (free.empty() && act == "ask_hour") {
    s_.day.clear();
    return ask_nearest("when_no_room", from + hours(12));
  }
  plain(act, {service_name(s_.service)});
  offer_moments(free);
  if (free.empty()) offer("person");
}

/// It cannot be had: what is nearest to it.
void Turn::ask_nearest(std::string_view act, Instant wanted) {
  const auto free =
      nearest_times(*service(s_.service), wanted, kChoicesMost - 1, f_.now, f_.book_days, f_.zone);
  plain(act, {service_name(s_.service)});
  offer_moments(free);
  if (free.empty()) offer("person");
}

void Turn::offer_moments(const std::vector<Instant>& moments) {
  for (const Instant at : moments) {
    if (reply_.choices.size() < kChoicesMost) reply_.choices.push_back({choice_of(at)});
  }
}

}  // namespace rapport::decide
