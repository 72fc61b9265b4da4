#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "decide/detail/assistant_turn.h"
#include "text/han.h"
#include "text/normalise.h"

namespace rapport::decide {
namespace {

constexpr std::size_t kChoices = 4;
constexpr std::uint32_t kRemembered = 4;  ///< turns for which it is known that appointments were spoken of

std::string plain_form(std::string_view text) {
  return text::comparison_form(text::simplified_characters(text));
}
bool holds_any(std::string_view form, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return form.find(word) != std::string_view::npos; });
}

/// "1,2,3" -> each.
template <typename Take>
void each(std::string_view list, Take take) {
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), one.size() + 1));
    if (!one.empty()) take(one);
  }
}
int number_of(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}
std::string day_text(const text::LocalDay& day) {
  return fmt::format("{:04}-{:02}-{:02}", day.year, day.month, day.day);
}
std::vector<text::LocalDay> days_of(std::string_view list) {
  std::vector<text::LocalDay> out;
  each(list, [&](std::string_view one) {
    if (const auto day = text::parse_local_day(one); day.ok()) out.push_back(*day);
  });
  return out;
}
std::vector<int> hours_of(std::string_view list) {
  std::vector<int> out;
  each(list, [&](std::string_view one) { out.push_back(number_of(one)); });
  return out;
}
std::pair<int, int> part_of(std::string_view part) {
  const std::size_t dash = part.find('-');
  if (dash == std::string_view::npos) return {0, 1440};
  return {number_of(part.substr(0, dash)), number_of(part.substr(dash + 1))};
}

/// Two characters in a row of a name, and its words: what people repeat of it.
std::set<std::string> pieces_of(std::string_view name) {
  const std::string form = plain_form(name);
  std::set<std::string> out;
  std::string word;
  for (std::size_t at = 0; at <= form.size(); ++at) {
    const bool letter = at < form.size() && form[at] >= 'a' && form[at] <= 'z';
    if (letter) {
      word.push_back(form[at]);
    } else {
      if (word.size() >= 4) out.insert(word);
      word.clear();
    }
    const bool han = at + 6 <= form.size() && (form[at] & 0xf0) == 0xe0 && (form[at + 3] & 0xf0) == 0xe0;
    if (han) out.insert(form.substr(at, 6));
  }
  return out;
}

constexpr std::string_view kNoMove[] = {"like", "want", "need", "going", "have", "quarter",
                                        "able", "try",  "wish", "love",  "hope", "used"};

/// What stands behind "to", where an appointment is moved from one time to another; "" when nothing is moved.
std::pair<std::string, std::string> from_and_to(std::string_view said) {
  const std::string form = plain_form(said);
  std::size_t at = std::string::npos, length = 0;
  const auto earliest = [&](std::string_view word) {
    const std::size_t found = form.find(word);
    if (found < at) at = found, length = word.size();
  };
  for (const std::string_view word :
       {"改到",   "改成",   "改为",   "换到",     "换成",       "挪到",       "推迟到",
        "提前到", "延到",   "延后到", "推后到",   "推到",       "调到",       "移到",
        "改在",   "改约到", "改约",   "make it ", "make that ", "switch to ", "reschedule for "})
    earliest(word);
  // "I would like to", "quarter to four" move nothing.
  for (std::size_t to = form.find(" to "); to != std::string::npos && to < at;
       to = form.find(" to ", to + 1)) {
    const std::string_view before = std::string_view(form).substr(0, to);
    const bool other = std::any_of(std::begin(kNoMove), std::end(kNoMove),
                                   [&](std::string_view word) { return before.ends_with(word); });
    if (other) continue;
    at = to, length = 4;
  }
  if (at != std::string::npos) return {form.substr(0, at), form.substr(at + length)};
  if (form.find("instead") != std::string::npos) return {"", form};
  return {form, ""};
}
bool tells_day_or_hour(std::string_view said, const CivilTime& now) {
  const text::WhenSaid when = text::when_in(said, now);
  return !when.days.empty() || !when.minutes.empty() || when.at;
}
/// What is moved is a parcel or an order, not an appointment.
bool is_about_goods(std::string_view form) {
  return holds_any(form, {"送", "快递", "包裹", "订单", "地址", "发货", "取件", "deliver", "parcel",
                          "package", "order", "address", "ship", "pick-up", "pickup"});
}

}  // namespace

namespace {

/// 24:00 is the beginning of the next day.
CivilTime civil_of(const text::LocalDay& day, int minutes) {
  const text::LocalDay on = minutes >= 1440 ? text::day_after(day, 1) : day;
  const int left = minutes % 1440;
  return {on.year, on.month, on.day, left / 60, left % 60};
}

}  // namespace

bool is_appointment_task(std::string_view task) {
  return task == "book" || task == "move_booking" || task == "cancel_booking";
}

bool may_concern_appointments(const AssistantState& state, std::string_view said) {
  return is_appointment_task(state.task) || state.offered == "book" || speaks_of_appointments(said) ||
         tells_day_or_hour(said, civil_from_instant(Instant{}));
}

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

const BookableService* Turn::service(std::string_view id) const {
  const auto at =
      std::find_if(f_.bookable.begin(), f_.bookable.end(), [&](const auto& one) { return one.id == id; });
  return at == f_.bookable.end() ? nullptr : &*at;
}
const model::VisitorAppointment* Turn::held() const {
  for (const model::VisitorAppointment& one : f_.mine->appointments) {
    if (s_.held == one.service_id + "@" + format_instant(one.for_time)) return &one;
  }
  return nullptr;
}
std::string Turn::service_name(std::string_view id) const {
  const BookableService* known = service(id);
  std::string name = known == nullptr ? std::string() : known->name.in(s_.tongue);
  // One that cannot be booked any more still has its name.
  for (const model::VisitorAppointment& one : f_.mine->appointments) {
    if (name.empty() && one.service_id == id) name = title_of(one.members, s_.tongue);
  }
  return name.empty() ? std::string(id) : name;
}

Turn::Wish Turn::appointment_wish() const {
  const std::string form = plain_form(said_);
  if (!speaks_of_appointments(said_)) {
    // 改到周五, "move it to Friday": what else of hers has a time?
    const std::string to = from_and_to(said_).second;
    const bool moves = !f_.mine->appointments.empty() && !to.empty() &&
                       tells_day_or_hour(to, local(f_.now)) && !is_about_goods(form);
    return moves ? Wish::move : Wish::none;
  }
  if (holds_any(form,
                {"改约", "改预约", "改期", "改时间", "改一下", "改到", "改成", "换个时间", "换时间", "换到",
                 "推迟", "提前到", "挪到", "延后", "reschedule", "move ", "postpone", "change ", "push "}))
    return Wish::move;
  if (holds_any(form, {"取消", "不约了", "撤销", "cancel", "call off"})) return Wish::cancel;
  if (holds_any(form, {"我的预约", "我的预订", "预约了什么", "约了什么", "有预约吗", "有没有预约", "预约在",
                       "预约是", "什么时候", "几点来", "when is", "my booking", "my appointment",
                       "what appointment", "do i have"}))
    return Wish::list;
  return Wish::book;
}

bool Turn::begin_appointment(Wish wish) {
  const bool has_some = !f_.mine->appointments.empty();
  if (wish == Wish::list) {
    if (!has_some && f_.bookable.empty()) return false;
    tell_appointments();
    return true;
  }
  if (wish == Wish::book) {
    if (f_.bookable.empty()) return false;
    // "How do I book?" is answered where the shop says how.
    const bool how = holds_any(plain_form(said_), {"怎么", "如何", "how do", "how can", "how to"});
    if (how) {
      if (const auto found = known(); !found.empty() && found[0].match >= f_.match_least) return false;
    }
  } else if (!has_some) {
    if (f_.bookable.empty()) return false;
    plain("no_appointments");
    offer("choice_book");
    offer("person");
    return true;
  }
  // 改约 to "what is that time for?": the time stays.
  const AssistantState before_it = s_;
  const bool keeps_time = s_.task == "book" && s_.service.empty() && !tells_day_or_hour(said_, local(f_.now));
  forget_task();
  if (keeps_time) {
    s_.slot = before_it.slot;
    s_.day = before_it.day;
    s_.hours = before_it.hours;
    s_.part = before_it.part;
  }
  s_.wanted = "service";
  s_.task = wish == Wish::book ? "book" : wish == Wish::move ? "move_booking" : "cancel_booking";
  if (wish == Wish::book) {
    hear_appointment(said_);
  } else {
    const auto [before, after] = from_and_to(said_);
    narrow_held(before);
    if (wish == Wish::move) hear_when(after);
  }
  step_appointment();
  return true;
}

bool Turn::spoke_of_booking() const {
  return s_.booking_turn > 0 && s_.turn < s_.booking_turn + kRemembered;
}

void Turn::remember_booking() {
  const bool speaks = speaks_of_appointments(said_);
  if (speaks || is_appointment_task(s_.task) || s_.offered == "book") s_.booking_turn = s_.turn + 1;
  const BookableService* named = speaks ? service_in(said_) : nullptr;
  if (named != nullptr) s_.last_service = named->id;
  if (!s_.service.empty()) s_.last_service = s_.service;
}

bool Turn::begin_with_a_time() {
  if (f_.bookable.empty() || !text::is_time_alone(said_) || !tells_day_or_hour(said_, local(f_.now)))
    return false;
  const bool spoken = spoke_of_booking();
  forget_task();
  s_.wanted = "service";
  s_.task = "book";
  hear_when(said_);
  const bool has_some = !f_.mine->appointments.empty();
  if (!has_some && (spoken || f_.bookable.size() == 1)) {
    if (spoken && service(s_.last_service) != nullptr) s_.service = s_.last_service;
    step_appointment();
    return true;
  }
  plain("ask_what_for");
  if (has_some) offer("choice_move");
  for (const BookableService& one : f_.bookable) {
    if (reply_.choices.size() < kChoices) reply_.choices.push_back({service_name(one.id)});
  }
  return true;
}

bool Turn::names_service_and_time() const {
  if (!sure_ || heard_.intent != "service" || service_in(said_) == nullptr) return false;
  const bool asks = holds_any(plain_form(said_), {"什么时候", "几点", "吗", "?", "when ", "what time"});
  return !asks && tells_day_or_hour(said_, local(f_.now));
}

/// Which of hers is meant, by its service or its day.
void Turn::narrow_held(std::string_view said) {
  const text::WhenSaid when = text::when_in(said, local(f_.now));
  std::vector<const model::VisitorAppointment*> left;
  for (const model::VisitorAppointment& one : f_.mine->appointments) {
    const CivilTime civil = local(one.for_time);
    const text::LocalDay day{civil.year, civil.month, civil.day};
    const int minute = civil.hour * 60 + civil.minute;
    const bool day_fits =
        when.days.empty() || std::find(when.days.begin(), when.days.end(), day) != when.days.end();
    const bool hour_fits = when.minutes.empty() ||
                           std::find(when.minutes.begin(), when.minutes.end(), minute) != when.minutes.end();
    if (day_fits && hour_fits) left.push_back(&one);
  }
  choose_service(said);
  if (!s_.service.empty() && left.size() > 1)
    std::erase_if(left, [&](const auto* one) { return one->service_id != s_.service; });
  if (left.size() == 1) s_.held = left[0]->service_id + "@" + format_instant(left[0]->for_time);
}

void Turn::choose_service(std::string_view said) {
  if (const BookableService* one = service_in(said); one != nullptr) s_.service = one->id;
}

/// The service whose name shares most with the text, when there is one such.
const BookableService* Turn::service_in(std::string_view said) const {
  const std::string form = plain_form(said);
  const BookableService* best = nullptr;
  std::size_t most = 0;
  bool is_alone = false;
  for (const BookableService& one : f_.bookable) {
    std::set<std::string> pieces;
    for (const std::string& name : one.name.by) pieces.merge(pieces_of(name));
    std::size_t shared = form.find(plain_form(one.id)) != std::string::npos ? 100 : 0;
    for (const std::string& piece : pieces) shared += form.find(piece) != std::string::npos ? 1 : 0;
    if (shared > most) {
      best = &one;
      most = shared;
      is_alone = true;
    } else if (shared == most) {
      is_alone = false;
    }
  }
  return most > 0 && is_alone ? best : nullptr;
}

bool Turn::hear_appointment(std::string_view said) {
  const std::string before = s_.service;
  choose_service(said);
  const bool named = s_.service != before;
  return hear_when(said) || named;
}

/// What is told of the time goes before what was told earlier.
bool Turn::hear_when(std::string_view said) {
  const text::WhenSaid when = text::when_in(said, local(f_.now));
  if (when.empty()) return false;
  s_.slot.clear();
  if (when.at) s_.slot = format_instant(*when.at);
  if (!when.days.empty() || when.is_over || when.is_none) s_.day.clear();
  for (const text::LocalDay& day : when.days) s_.day += (s_.day.empty() ? "" : ",") + day_text(day);
  if (!when.minutes.empty() || when.is_none) s_.hours.clear();
  for (const int minute : when.minutes) s_.hours += (s_.hours.empty() ? "" : ",") + std::to_string(minute);
  if (when.to > 0) s_.part = fmt::format("{}-{}", when.from, when.to);
  if (when.to == 0 && !when.minutes.empty()) s_.part.clear();
  if (when.is_over) s_.part = "over";
  if (when.is_none) s_.part = "none";
  return true;
}

void Turn::go_on_appointment() {
  bool filled = false;
  if (s_.task != "book" && s_.held.empty()) {
    narrow_held(said_);
    filled = !s_.held.empty();
  } else if (s_.task == "cancel_booking" && s_.confirming &&
             holds_any(plain_form(said_), {"取消", "cancel"})) {
    return act_appointment();
  } else if (s_.task != "cancel_booking") {
    filled = hear_appointment(from_and_to(said_).second.empty() ? said_ : from_and_to(said_).second);
  }
  const bool asks = sure_ && heard_.intent != "other" && heard_.intent != "service" &&
                    heard_.intent != "complaint" && heard_.intent != "hours";
  if (!filled && asks && is_task(heard_.intent)) return begin(std::string(heard_.intent));
  if (!filled && asks) return in_between();
  if (const Wish wish = appointment_wish();
      !filled && (wish == Wish::cancel || wish == Wish::list || wish == Wish::move)) {
    if (begin_appointment(wish)) return;
  }
  if (!filled && s_.misses > 0) return offer_person();
  const std::uint32_t misses = filled ? 0 : s_.misses;
  step_appointment();
  if (!filled) {
    reply_.abstained = true;
    s_.misses = misses;
  }
}

bool Turn::choose_held() {
  const auto& hers = f_.mine->appointments;
  if (held() == nullptr) s_.held.clear();
  if (s_.held.empty() && hers.size() == 1)
    s_.held = hers[0].service_id + "@" + format_instant(hers[0].for_time);
  if (s_.held.empty() && spoke_of_booking()) {
    const auto is_it = [&](const auto& one) { return one.service_id == s_.last_service; };
    const auto spoken = std::find_if(hers.begin(), hers.end(), is_it);
    if (std::count_if(hers.begin(), hers.end(), is_it) == 1)
      s_.held = spoken->service_id + "@" + format_instant(spoken->for_time);
  }
  if (const model::VisitorAppointment* one = held(); one != nullptr) {
    s_.service = one->service_id;
    return true;
  }
  plain("ask_held");
  for (const model::VisitorAppointment& one : hers) {
    if (reply_.choices.size() == kChoices) break;
    reply_.choices.push_back({fmt::format("{} {}", service_name(one.service_id), moment(one.for_time))});
  }
  return false;
}

void Turn::step_appointment() {
  s_.confirming = false;
  if (s_.task != "book") {
    if (f_.mine->appointments.empty()) {
      forget_task();
      plain("no_appointments");
      return offer("choice_book");
    }
    if (!choose_held()) return;
    if (s_.task == "cancel_booking")
      return confirm("confirm_cancel_booking", {service_name(s_.service), told_moment(held()->for_time)});
  }
  if (s_.service.empty() && f_.bookable.size() == 1) s_.service = f_.bookable[0].id;
  if (service(s_.service) == nullptr) {
    s_.service.clear();
    if (s_.task != "book") return offer_person();
    plain("ask_service");
    for (const BookableService& one : f_.bookable) {
      if (reply_.choices.size() < kChoices) reply_.choices.push_back({service_name(one.id)});
    }
    return;
  }
  settle_when();
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
  auto days = days_of(s_.day);
  auto minutes = hours_of(s_.hours);
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
  const auto [from, to] = part_of(s_.part);
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
    const auto [from, to] = part_of(s_.part);
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
  const auto [part_from, part_to] = part_of(s_.part);
  FreeTimes times{from, std::nullopt, part_from, part_to, kChoices - 1};
  if (act == "ask_hour") times.until = from + hours(24);
  std::vector<Instant> free;
  if (act == "ask_day") {
    // The hour is told: the days on which it can be had.
    const CivilTime today = local(f_.now);
    text::LocalDay day{today.year, today.month, today.day};
    for (int ahead = 0; ahead <= 14 && free.size() < kChoices - 1; ++ahead, day = text::day_after(day, 1)) {
      for (const int minute : hours_of(s_.hours)) {
        const Instant at = moment_of(day, minute);
        if (free.size() < kChoices - 1 && judge(at).ok()) free.push_back(at);
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
  const auto free = nearest_times(*service(s_.service), wanted, kChoices - 1, f_.now, f_.book_days, f_.zone);
  plain(act, {service_name(s_.service)});
  offer_moments(free);
  if (free.empty()) offer("person");
}

void Turn::offer_moments(const std::vector<Instant>& moments) {
  for (const Instant at : moments) {
    if (reply_.choices.size() < kChoices) reply_.choices.push_back({choice_of(at)});
  }
}

/// She said yes. The facts are those of now: somebody may have come before her.
void Turn::act_appointment() {
  using Kind = AssistantAction::Kind;
  reply_.confidence = 1;
  const model::VisitorAppointment* before = held();
  if (s_.task != "book" && before == nullptr) return offer_person();
  AssistantAction& action = reply_.action;
  action.service_id = s_.service;
  action.reason = "assistant";
  if (before != nullptr) {
    action.held_time = before->for_time;
    action.held_node = before->node;
  }
  const std::string name = service_name(s_.service);
  if (s_.task == "cancel_booking") {
    action.kind = Kind::cancel_booking;
    plain("do_cancel_booking", {name, told_moment(before->for_time)});
    return forget_task();
  }
  const auto at = parse_instant(s_.slot);
  if (!at.ok() || service(s_.service) == nullptr || !judge(*at).ok()) {
    action = {};
    return step_appointment();
  }
  const bool moves = s_.task == "move_booking";
  action.kind = moves ? Kind::move_booking : Kind::book;
  action.for_time = *at;
  plain(moves ? "do_move_booking" : "do_book", {name, told_moment(*at)});
  forget_task();
}

void Turn::tell_appointments() {
  if (f_.mine->appointments.empty()) {
    plain("no_appointments");
    if (!f_.bookable.empty()) offer("choice_book");
    return;
  }
  reply_.act = "appointments";
  for (const model::VisitorAppointment& one : f_.mine->appointments)
    reply_.text +=
        (reply_.text.empty() ? "" : "\n") +
        filled("appointment_line", s_.tongue, {service_name(one.service_id), told_moment(one.for_time)});
  offer("choice_move");
  offer("choice_cancel_booking");
}

}  // namespace rapport::decide
