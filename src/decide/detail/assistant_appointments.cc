#include <algorithm>
#include <set>

#include "decide/detail/appointment_speech.h"
#include "decide/detail/assistant_turn.h"
#include "decide/detail/wording.h"
#include "text/han.h"

// Appointments: which task it is, which service and which of hers is meant, and what is done at her yes.
namespace rapport::decide {
namespace {

constexpr std::uint32_t kRemembered = 4;  ///< turns for which it is known that appointments were spoken of

}  // namespace

bool is_appointment_task(std::string_view task) {
  return task == "book" || task == "move_booking" || task == "cancel_booking";
}

bool may_concern_appointments(const AssistantState& state, std::string_view said) {
  return is_appointment_task(state.task) || state.offered == "book" || speaks_of_appointments(said) ||
         tells_day_or_hour(said, civil_from_instant(Instant{}));
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
  const std::string form = text::plain_form(said_);
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
    const bool how = holds_any(text::plain_form(said_), {"怎么", "如何", "how do", "how can", "how to"});
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
    if (reply_.choices.size() < kChoicesMost) reply_.choices.push_back({service_name(one.id)});
  }
  return true;
}

bool Turn::names_service_and_time() const {
  if (!sure_ || heard_.intent != "service" || service_in(said_) == nullptr) return false;
  const bool asks = holds_any(text::plain_form(said_), {"什么时候", "几点", "吗", "?", "when ", "what time"});
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
  const std::string form = text::plain_form(said);
  const BookableService* best = nullptr;
  std::size_t most = 0;
  bool is_alone = false;
  for (const BookableService& one : f_.bookable) {
    std::set<std::string> pieces;
    for (const std::string& name : one.name.by) pieces.merge(name_pieces(name));
    std::size_t shared = form.find(text::plain_form(one.id)) != std::string::npos ? 100 : 0;
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
  if (when.at) s_.slot = format_instant(minute_of(*when.at));
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
             holds_any(text::plain_form(said_), {"取消", "cancel"})) {
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
  if (!filled && !sure_ && s_.confirming && answers_in_between()) return;
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
    if (reply_.choices.size() == kChoicesMost) break;
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
      if (reply_.choices.size() < kChoicesMost) reply_.choices.push_back({service_name(one.id)});
    }
    return;
  }
  settle_when();
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
