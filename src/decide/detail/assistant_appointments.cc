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

/// What stands behind "to", where an appointment is moved from one time to another.
std::pair<std::string, std::string> from_and_to(std::string_view said) {
  const std::string form = plain_form(said);
  for (const std::string_view word :
       {"改到", "改成", "改为", "换到", "换成", "挪到", "推迟到", "提前到", "改在", "改约", " to "}) {
    const std::size_t at = form.find(word);
    if (at != std::string::npos) return {form.substr(0, at), form.substr(at + word.size())};
  }
  return {form, ""};
}

}  // namespace

bool is_appointment_task(std::string_view task) {
  return task == "book" || task == "move_booking" || task == "cancel_booking";
}

bool may_concern_appointments(const AssistantState& state, std::string_view said) {
  return is_appointment_task(state.task) || speaks_of_appointments(said);
}

CivilTime Turn::local(Instant at) const {
  return f_.zone == nullptr ? civil_from_instant(at) : f_.zone->to_local(at);
}
Instant Turn::moment_of(const text::LocalDay& day, int minutes) const {
  const CivilTime civil{day.year, day.month, day.day, minutes / 60, minutes % 60};
  return f_.zone == nullptr ? instant_from_civil(civil) : f_.zone->to_utc(civil);
}
std::string Turn::told_moment(Instant at) const {
  constexpr std::string_view kHan[] = {"周一", "周二", "周三", "周四", "周五", "周六", "周日"};
  constexpr std::string_view kHant[] = {"週一", "週二", "週三", "週四", "週五", "週六", "週日"};
  constexpr std::string_view kEnglish[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                           "Friday", "Saturday", "Sunday"};
  const CivilTime civil = local(at);
  const auto day = static_cast<std::size_t>(text::weekday_of({civil.year, civil.month, civil.day}));
  if (s_.tongue == Tongue::english) return fmt::format("{}, {}", kEnglish[day], moment(at));
  return fmt::format("{}（{}）", moment(at), s_.tongue == Tongue::traditional ? kHant[day] : kHan[day]);
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
  const std::string name = known == nullptr ? std::string() : known->name.in(s_.tongue);
  return name.empty() ? std::string(id) : name;
}

Turn::Wish Turn::appointment_wish() const {
  if (!speaks_of_appointments(said_)) return Wish::none;
  const std::string form = plain_form(said_);
  if (holds_any(form, {"改约", "改预约", "改期", "改时间", "改一下", "改到", "改成", "换个时间", "换时间",
                       "换到", "推迟", "提前到", "挪到", "reschedule", "move ", "postpone", "change "}))
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
  forget_task();
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

/// The service whose name shares most with the text, when there is one such.
void Turn::choose_service(std::string_view said) {
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
  if (best != nullptr && most > 0 && is_alone) s_.service = best->id;
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
  const auto days = days_of(s_.day);
  const auto minutes = hours_of(s_.hours);
  if (days.empty() && minutes.empty()) return ask_moment("ask_when", f_.now);
  if (days.empty()) return ask_moment("ask_day", f_.now);
  if (minutes.empty() && days.size() > 1) {
    plain("ask_which_day", {service_name(s_.service)});
    for (const text::LocalDay& day : days) reply_.choices.push_back({day_text(day)});
    return;
  }
  if (minutes.empty()) return ask_moment("ask_hour", moment_of(days[0], 0));
  const auto [from, to] = part_of(s_.part);
  std::vector<Instant> moments;
  for (const text::LocalDay& day : days) {
    for (const int minute : minutes) {
      const bool fits = minutes.size() == 1 || (minute >= from && minute < to);
      if (fits) moments.push_back(moment_of(day, minute));
    }
  }
  if (moments.empty()) moments.push_back(moment_of(days[0], minutes[0]));
  settle_moment(moments);
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
    return ask_moment("when_" + why, lies_ahead ? moments.front() : f_.now);
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
    act = "when_no_room";
    times.until.reset();
    free = free_times(wanted, times, f_.now, f_.book_days, f_.zone);
  }
  plain(act, {service_name(s_.service)});
  offer_moments(free);
  if (free.empty()) offer("person");
}

void Turn::offer_moments(const std::vector<Instant>& moments) {
  for (const Instant at : moments) {
    if (reply_.choices.size() < kChoices) reply_.choices.push_back({moment(at)});
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
