#include "app/desk_staff.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <thread>

#include "app/desk_staff_texts.h"
#include "base/random.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "http/message.h"

namespace rapport::app {
namespace {

constexpr std::int64_t kMinuteMs = 60'000, kDayMs = 86'400'000, kZoneMs = 8 * 3'600'000;
constexpr std::int64_t kOpensMs = 9 * 3'600'000, kClosesMs = 18 * 3'600'000;
/// The listener names its tickets so (docs/feedback.md).
constexpr std::string_view kOfFeedback = "fb-";
/// Agents who take turns for one skill: the world has at least six, in three skills.
constexpr std::uint64_t kOfSkill = 2;
constexpr std::size_t kListMost = 500;
/// Further behind it is still at the history, and nobody waits for that.
constexpr std::uint64_t kListenRecordsMost = 60'000;
constexpr std::int64_t kListenStillNs = 20'000'000'000;

/// Chance for one state of one ticket: the same whenever it is asked.
Random luck_of(std::uint64_t seed, const StaffTicket& ticket, std::string_view what) {
  const Digest digest =
      sha256(fmt::format("{} {} {} {}", seed, ticket.id, what, what == "ticket" ? 0 : ticket.since.ms));
  std::uint64_t word = 0;
  for (int i = 0; i < 8; ++i) word = word << 8 | digest[static_cast<std::size_t>(i)];
  return Random(word);
}

int skill_of_class(std::string_view feedback_class) {
  if (feedback_class == "logistics") return 1;
  if (feedback_class == "price" || feedback_class == "payment" || feedback_class == "service") return 2;
  return 0;
}

bool is_staff(std::string_view agent) {
  constexpr std::string_view kName = "agent-";
  return agent.starts_with(kName) &&
         agent.find_first_not_of("0123456789", kName.size()) == std::string_view::npos;
}

/// Desk minutes from one state to the next. One in forty is forgotten for a while.
std::int64_t minutes_of(Random& luck, std::int64_t low, std::int64_t high) {
  const bool forgotten = luck.below(40) == 0;
  return luck.between(low, high) * (forgotten ? 6 : 1);
}

std::string text_in(const codec::JsonValue& object, std::string_view name) {
  const codec::JsonValue value = object.find(name);
  return value.present() && value.is(codec::JsonKind::string) ? std::string(value.text()) : "";
}

Result<StaffTicket> ticket_of(const codec::JsonValue& json) {
  StaffTicket ticket{text_in(json, "ticket_id"),
                     text_in(json, "class"),
                     text_in(json, "state"),
                     text_in(json, "agent"),
                     {},
                     {}};
  RAPPORT_TRY(ticket.opened, parse_instant(text_in(json, "opened")));
  RAPPORT_TRY(ticket.since, parse_instant(text_in(json, "since")));
  return ticket;
}

}  // namespace

Instant after_desk_minutes(Instant from, std::int64_t minutes) {
  std::int64_t left = minutes * kMinuteMs, at = from.ms;
  for (;;) {
    const std::int64_t midnight = (at + kZoneMs) / kDayMs * kDayMs - kZoneMs;
    at = std::max(at, midnight + kOpensMs);
    const std::int64_t closes = midnight + kClosesMs;
    if (at + left <= closes) return Instant{at + left};
    left -= std::max<std::int64_t>(0, closes - at);
    at = midnight + kDayMs + kOpensMs;
  }
}

std::string staff_agent(std::uint64_t seed, const StaffTicket& ticket) {
  const std::uint64_t turn = luck_of(seed, ticket, "ticket").below(kOfSkill);
  return fmt::format("agent-{}", skill_of_class(ticket.feedback_class) + 1 + 3 * static_cast<int>(turn));
}

std::optional<StaffStep> next_staff_step(std::uint64_t seed, const StaffTicket& ticket) {
  if (!ticket.id.starts_with(kOfFeedback) || (!ticket.agent.empty() && !is_staff(ticket.agent))) return {};
  if (ticket.state == "called_back" || ticket.state == "closed") return {};
  const bool nobodys = ticket.agent.empty() && ticket.state != "solved";
  Random luck = luck_of(seed, ticket, nobodys ? "taken" : ticket.state);
  const auto from_now = [&](std::int64_t low, std::int64_t high) {
    return after_desk_minutes(ticket.since, minutes_of(luck, low, high));
  };
  if (nobodys) return StaffStep{StaffMove::take, from_now(3, 25)};
  if (ticket.state == "open") return StaffStep{StaffMove::look, from_now(10, 75)};
  if (ticket.state == "located") {
    // Carriers, banks and workshops take their time.
    if (luck.below(10) < 3) return StaffStep{StaffMove::wait, from_now(15, 60)};
    return StaffStep{StaffMove::solve,
                     ticket.feedback_class == "logistics" ? from_now(20, 110) : from_now(40, 420)};
  }
  if (ticket.state == "waiting") return StaffStep{StaffMove::solve, from_now(120, 900)};
  if (ticket.state == "reopened" || ticket.state == "escalated")
    return StaffStep{StaffMove::solve, from_now(30, 240)};
  if (ticket.state != "solved") return {};
  const Instant at = from_now(60, 540);
  return StaffStep{StaffMove::call_back, at, luck.below(100) < 86};
}

Result<std::string> DeskStaff::ask(const std::string& method, const std::string& target,
                                   const std::string& body) {
  Call call{method, target, body};
  if (method == "GET") call.after = after_;
  RAPPORT_TRY(const http::ClientReply reply, session_.try_call(call));
  if (reply.status >= 400) return error_from_problem(reply);
  return reply.body;
}

Status DeskStaff::publish_once(const std::string& shown_at, std::string_view none, const std::string& target,
                               std::string_view body) {
  RAPPORT_TRY(const std::string shown, ask("GET", shown_at));
  if (shown.find(none) == std::string::npos) return {};
  RAPPORT_TRY([[maybe_unused]] const std::string published, ask("PUT", target, std::string(body)));
  return {};
}

Status DeskStaff::open() {
  RAPPORT_CHECK(publish_once("/v1/calendars", "\"calendars\":[]", "/v1/calendars/desk", kStaffHours));
  RAPPORT_CHECK(
      publish_once("/v1/service-levels", "\"published\":false", "/v1/service-levels", kStaffLevels));
  RAPPORT_TRY(const std::string macros, ask("GET", "/v1/macros"));
  if (macros.find("\"macros\":[]") == std::string::npos) return {};
  for (const StaffText& text : staff_texts()) {
    std::string body;
    codec::JsonWriter json(body);
    json.begin_object();
    json.field("title", text.title);
    json.key("texts");
    json.begin_object();
    json.field("zh-Hans", text.chinese);
    json.field("en", text.english);
    json.end_object();
    if (!text.state.empty()) json.field("state", text.state);
    json.end_object();
    RAPPORT_TRY([[maybe_unused]] const std::string published,
                ask("PUT", fmt::format("/v1/macros/{}", text.id), body));
  }
  return {};
}

/// Else what they find would hang on how fast the world goes by. Whoever gets no further is waited for once.
void DeskStaff::wait_for_listener() {
  const std::string line = fmt::format("rapport_feedback_behind{{shop=\"{}\"}} ", shop_);
  std::uint64_t least = kListenRecordsMost;
  for (std::int64_t progress = monotonic_ns(); monotonic_ns() - progress < kListenStillNs;) {
    const auto metrics = ask("GET", "/metrics");
    const std::size_t found = metrics.ok() ? metrics->find(line) : std::string::npos;
    if (found == std::string::npos) return;
    const std::uint64_t behind = std::strtoull(metrics->c_str() + found + line.size(), nullptr, 10);
    if (behind == 0 || behind > kListenRecordsMost) return;
    if (behind < least) least = behind, progress = monotonic_ns();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

Status DeskStaff::work(Instant now, const std::string& after) {
  after_ = after;
  if (now != after_desk_minutes(now, 0)) return {};
  wait_for_listener();
  const Due due = [&](const StaffTicket& ticket) {
    const auto step = next_staff_step(seed_, ticket);
    return step && step->at <= now ? std::vector<StaffStep>{*step} : std::vector<StaffStep>();
  };
  RAPPORT_CHECK(work_queue("open", due));
  return work_queue("call_back", due);
}

Status DeskStaff::catch_up(Instant now, const std::string& after) {
  after_ = after;
  wait_for_listener();
  constexpr Duration kDayBefore = hours(20);
  const Due due = [&](const StaffTicket& ticket) {
    const auto step = next_staff_step(seed_, ticket);
    if (!step || ticket.since > now - kDayBefore) return std::vector<StaffStep>();
    if (step->move == StaffMove::take) return std::vector<StaffStep>{*step, {StaffMove::solve, now}};
    return std::vector<StaffStep>{step->move == StaffMove::call_back ? *step
                                                                     : StaffStep{StaffMove::solve, now}};
  };
  RAPPORT_CHECK(work_queue("open", due));
  return work_queue("call_back", due);
}

Status DeskStaff::work_queue(std::string_view queue, const Due& due) {
  RAPPORT_TRY(const std::string body,
              ask("GET", fmt::format("/v1/tickets?queue={}&limit={}", queue, kListMost)));
  codec::JsonIndex json;
  RAPPORT_CHECK(json.parse(body));
  for (codec::JsonItems items(json.root().find("tickets")); items.next();) {
    RAPPORT_TRY(const StaffTicket ticket, ticket_of(items.value()));
    for (const StaffStep& step : due(ticket)) {
      const Status moved = move(ticket, step);
      // Somebody else was there first, or the customer was erased: the others are seen to.
      if (moved.ok())
        ++moves_;
      else if (moved.error().code == Errc::io)
        return moved;
    }
  }
  return {};
}

Status DeskStaff::move(const StaffTicket& ticket, const StaffStep& step) {
  const std::string path = "/v1/tickets/" + http::percent_encode(ticket.id);
  const std::string agent = ticket.agent.empty() ? staff_agent(seed_, ticket) : ticket.agent;
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  if (step.move != StaffMove::wait) json.field("agent", agent);
  std::string_view door = "/reply";
  switch (step.move) {
    case StaffMove::take:
      door = "/assign";
      json.field("reason", "on duty");
      break;
    case StaffMove::look:
    case StaffMove::solve:
      json.field("macro", fmt::format("{}-{}", step.move == StaffMove::look ? "looking" : "solved",
                                      staff_text_class(ticket.feedback_class)));
      break;
    case StaffMove::wait:
      door = "/update";
      json.field("state", "waiting");
      json.field("reason", "asked the department");
      break;
    case StaffMove::call_back:
      door = "/call-back";
      json.field("satisfied", step.satisfied);
      break;
  }
  json.end_object();
  RAPPORT_TRY([[maybe_unused]] const std::string done, ask("POST", path + std::string(door), body));
  return {};
}

}  // namespace rapport::app
