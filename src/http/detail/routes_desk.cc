#include "engine/engine_care.h"
#include "http/detail/ask.h"
#include "http/detail/json_text.h"
#include "http/detail/log_offset.h"
#include "http/detail/topics.h"

/// The topic "desk": tickets with their clocks, what is promised, when the shop is open and who works. The
/// engine answers with JSON texts; nothing is computed here.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
using detail::as_json;

constexpr std::size_t kPolicyMost = 32 * 1024;
constexpr std::string_view kTag = "desk";

void list(Ask ask) {
  const Request& request = ask.request();
  engine::TicketsQuery query;
  const auto take = [&](std::string_view name, std::string& into) {
    if (const auto given = request.parameter(name)) into = *given;
  };
  take("queue", query.queue);
  take("department", query.department);
  take("agent", query.agent);
  take("state", query.state);
  take("class", query.feedback_class);
  take("sort", query.sort);
  HTTP_TRY(query.most, detail::number_parameter(request, "limit", 50, 500));
  HTTP_TRY(query.after_offset, detail::log_offset(request));
  engine::tickets(ask.engine(), ask.who.shop, std::move(query), as_json(ask.call));
}
void one(Ask ask) {
  engine::TicketQuery query{ask.values[0], ask.may(reveal), {}};
  HTTP_TRY(query.after_offset, detail::log_offset(ask.request()));
  engine::ticket(ask.engine(), ask.who.shop, std::move(query), as_json(ask.call));
}
void assign(Ask ask) {
  engine::assign_ticket(ask.engine(), ask.who.shop, ask.values[0], ask.request().body, as_json(ask.call));
}
void update(Ask ask) {
  engine::update_ticket(ask.engine(), ask.who.shop, ask.values[0], ask.request().body, as_json(ask.call));
}
void levels(Ask ask) {
  engine::service_levels(ask.engine(), ask.who.shop, as_json(ask.call));
}
void publish_levels(Ask ask) {
  engine::publish_service_levels(ask.engine(), ask.who.shop, ask.request().body, as_json(ask.call));
}
void roster(Ask ask) {
  engine::roster(ask.engine(), ask.who.shop, as_json(ask.call));
}
void publish_roster(Ask ask) {
  engine::publish_roster(ask.engine(), ask.who.shop, ask.request().body, as_json(ask.call));
}
void calendars(Ask ask) {
  engine::calendars(ask.engine(), ask.who.shop, as_json(ask.call));
}
void publish_calendar(Ask ask) {
  engine::publish_calendar(ask.engine(), ask.who.shop, ask.values[0], ask.request().body, as_json(ask.call));
}

constexpr Parameter kList[] = {
    {"queue", "string",
     "open (default), late, unassigned; call_back = solved and to be called back, done = all that are done, "
     "of the newest 5,000."},
    {"department", "string", "Only of that department."},
    {"agent", "string", "Only of that agent; none = nobody's."},
    {"state", "string", "Only in that state."},
    {"class", "string", "Only of that class."},
    {"sort", "string", "deadline (default; tickets whose clocks stand come last) or opened (newest first)."},
    {"limit", "integer", "1 to 500; 50 when absent."}};

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/tickets",
     .needs = read,
     .tag = kTag,
     .summary = "Tickets by deadline, with the clocks that run on them, and how many each department has.",
     .answer = "Tickets",
     .parameters = kList,
     .handle = list},
    {.method = get,
     .pattern = "/v1/tickets/{id}",
     .needs = read,
     .tag = kTag,
     .summary = "One ticket: the traces of its clocks, what was told of them, and its history.",
     .answer = "TicketWhole",
     .handle = one},
    {.method = post,
     .pattern = "/v1/tickets/{id}/assign",
     .needs = act,
     .tag = kTag,
     .summary = "Gives a ticket to an agent (Ticket Assigned).",
     .body = "TicketAssignment",
     .answer = "TicketActed",
     .handle = assign,
     .body_most = kPolicyMost},
    {.method = post,
     .pattern = "/v1/tickets/{id}/update",
     .needs = act,
     .tag = kTag,
     .summary = "Moves a ticket on (Ticket Updated). What is done is opened again by reopened alone.",
     .body = "TicketMove",
     .answer = "TicketActed",
     .handle = update,
     .body_most = kPolicyMost},
    {.method = get,
     .pattern = "/v1/service-levels",
     .needs = read,
     .tag = kTag,
     .summary = "What is promised by when, as published; before that the shipped promises, of which nothing "
                "is told.",
     .answer = "ServiceLevelsNow",
     .handle = levels},
    {.method = put,
     .pattern = "/v1/service-levels",
     .needs = publish,
     .tag = kTag,
     .summary =
         "Publishes what is promised (Service Level Published); holds from now on and rewrites nothing.",
     .body = "ServiceLevels",
     .answer = "PolicyPublished",
     .handle = publish_levels,
     .body_most = kPolicyMost},
    {.method = get,
     .pattern = "/v1/roster",
     .needs = read,
     .tag = kTag,
     .summary = "Who works for the shop, as published.",
     .answer = "RosterNow",
     .handle = roster},
    {.method = put,
     .pattern = "/v1/roster",
     .needs = publish,
     .tag = kTag,
     .summary =
         "Publishes who works for the shop (Roster Published); open tickets that nobody has are given out.",
     .body = "Roster",
     .answer = "PolicyPublished",
     .handle = publish_roster,
     .body_most = kPolicyMost},
    {.method = get,
     .pattern = "/v1/calendars",
     .needs = read,
     .tag = kTag,
     .summary = "The business calendars as they were asked for, and until when they are computed.",
     .answer = "Calendars",
     .handle = calendars},
    {.method = put,
     .pattern = "/v1/calendars/{id}",
     .needs = publish,
     .tag = kTag,
     .summary = "Publishes a business calendar: split shifts, holidays, days worked instead; comes to UTC "
                "intervals for 400 days.",
     .body = "BusinessCalendar",
     .answer = "PolicyPublished",
     .handle = publish_calendar,
     .body_most = kPolicyMost},
};

#define RAPPORT_MOMENT R"({"type":["string","null"],"format":"date-time"})"
#define RAPPORT_CLOCK                                                                                            \
  R"("clock":{"enum":["first_answer","located","closed","call_back","decision","pick_up","public_answer"]},)"    \
  R"("run":{"enum":["running","paused","stopped"]},"target_ms":{"type":"integer"},"used_ms":{"type":"integer",)" \
  R"("description":"Business time."},"remaining_ms":{"type":"integer"},"started":)" RAPPORT_MOMENT               \
  R"(,"warn_at":)" RAPPORT_MOMENT R"(,"due_at":)" RAPPORT_MOMENT R"(,"warned_at":)" RAPPORT_MOMENT               \
  R"(,"breached_at":)" RAPPORT_MOMENT R"(,"first_stop":)" RAPPORT_MOMENT R"(,"late":{"type":"boolean"})"
#define RAPPORT_CLOCK_NEEDS                                                                                     \
  R"("required":["clock","run","target_ms","used_ms","remaining_ms","started","warn_at","due_at","warned_at",)" \
  R"("breached_at","first_stop","late"])"
#define RAPPORT_TICKET                                                                                          \
  R"("ticket_id":{"type":"string"},"class":{"type":["string","null"]},"department":{"type":"string"},"state":)" \
  R"({"type":"string"},"priority":{"type":["string","null"]},"opened":)" RAPPORT_MOMENT                         \
  R"(,"since":)" RAPPORT_MOMENT                                                                                 \
  R"(,"agent":{"type":["string","null"]},"customer":{"type":["string","null"]},)"                               \
  R"("contact_id":{"type":["string","null"]},"order_id":{"type":["string","null"]},"due_at":)" RAPPORT_MOMENT   \
  R"(,"late":{"type":"boolean"})"
#define RAPPORT_TICKET_NEEDS                                                                                 \
  R"("ticket_id","class","department","state","priority","opened","since","agent","customer","contact_id",)" \
  R"("order_id","due_at","late","clocks")"

constexpr detail::Schema kSchemas[] = {
    {"Tickets",
     R"({"type":"object","required":["now","tickets","matching","counts","departments","known_at"],"properties":)"
     R"({"now":)" RAPPORT_MOMENT
     R"(,"tickets":{"type":"array","items":{"type":"object","required":[)" RAPPORT_TICKET_NEEDS
     R"(],"properties":{)" RAPPORT_TICKET
     R"(,"clocks":{"type":"array","items":{"type":"object",)" RAPPORT_CLOCK_NEEDS
     R"(,"properties":{)" RAPPORT_CLOCK
     R"(}}}}}},"matching":{"type":"integer"},"counts":{"type":"object","required":["open","late","unassigned"]},)"
     R"("departments":{"type":"array","items":{"type":"object","required":["department","open","late"]}},)"
     R"("known_at":{"type":"integer"}}})"},
    {"TicketWhole",
     R"({"type":"object","required":["now",)" RAPPORT_TICKET_NEEDS
     R"(,"told","history"],"properties":{"now":)" RAPPORT_MOMENT R"(,)" RAPPORT_TICKET
     R"(,"clocks":{"type":"array","items":{"type":"object",)" RAPPORT_CLOCK_NEEDS
     R"(,"properties":{)" RAPPORT_CLOCK
     R"(,"trace":{"type":"array","items":{"type":"object","required":["at","what","used_ms","target_ms"],"properties":)"
     R"({"at":{"type":"string"},"what":{"enum":["started","paused","resumed","stopped","reopened","terms","calendar",)"
     R"("warned","breached"]},"used_ms":{"type":"integer"},"target_ms":{"type":"integer"}}}}}}},"told":{"type":"array",)"
     R"("items":{"type":"object","required":["clock","step","at"],"properties":{"clock":{"type":"string"},"step":)"
     R"({"type":"integer","description":"0 = the warning, 1 = due, 2 and on = rungs of the ladder."},"at":{"type":)"
     R"("string"}}}},"history":{"type":"array","items":{"type":"object","required":["seq","at","event","properties"],)"
     R"("properties":{"seq":{"type":"integer"},"at":{"type":"string"},"event":{"type":"string"},"properties":{"type":)"
     R"("object"},"personal":{"type":"object","description":"For those who may see it."}}}}}})"},
    {"TicketAssignment",
     R"({"type":"object","required":["agent"],"properties":{"agent":{"type":"string"},"reason":{"type":"string"},)"
     R"("packet":{"type":"object","required":["wanted","tried"],"properties":{"wanted":{"type":"string"},"tried":{"type":)"
     R"("array","items":{"type":"string"}}},"description":"Handed over from agent to agent; the event holds it whole, )"
     R"(sealed: who, wanted, tried, promised, urgency, transcript."}}})"},
    {"TicketMove",
     R"({"type":"object","required":["state"],"properties":{"state":{"enum":["open","located","waiting","solved",)"
     R"("called_back","reopened","escalated","closed"]},"priority":{"enum":["low","normal","high","urgent"]},"class":)"
     R"({"enum":["product","service","logistics","price","payment","experience"]},"reason":{"type":"string"}}})"},
    {"TicketActed",
     R"({"type":"object","required":["ticket_id","offset"],"properties":{"ticket_id":{"type":"string"},"offset":)"
     R"({"type":"integer"}}})"},
    {"ServiceLevels",
     R"({"type":"object","properties":{"calendar":{"type":"string","description":"A published calendar; empty = round )"
     R"(the clock."},"warn_percent":{"type":"integer"},"bad_rating_most":{"type":"number"},"departments":{"type":)"
     R"("object","description":"Department by class, contact, return and review."},"targets":{"type":"array","items":)"
     R"({"type":"object","required":["clock","target"],"properties":{"clock":{"type":"string"},"target":{"type":)"
     R"("string","description":"30s, 5m, 24h; 0s = nothing is promised."},"class":{"type":"string"},"priority":{"type":)"
     R"("string"},"tier":{"type":"string"},"calendar":{"type":"string"}}},"description":"The first that matches holds."},)"
     R"("ladders":{"type":"object","description":"Rungs by department, * = every other: [{after, agent}], business )"
     R"(time after it fell due."}}})"},
    {"ServiceLevelsNow", R"({"type":"object","required":["published","service_levels"]})"},
    {"Roster",
     R"({"type":"object","required":["agents"],"properties":{"agents":{"type":"array","items":{"type":"object",)"
     R"("required":["agent","departments"],"properties":{"agent":{"type":"string"},"name":{"type":"string"},)"
     R"("departments":{"type":"array","items":{"type":"string"}},"skills":{"type":"array","items":{"type":"string"}},)"
     R"("capacity":{"type":"integer"},"calendar":{"type":"string"}}}}}})"},
    {"RosterNow", R"({"type":"object","required":["published","roster"]})"},
    {"BusinessCalendar",
     R"({"type":"object","required":["week"],"properties":{"zone":{"type":"string","description":"The shop's when )"
     R"(absent."},"week":{"type":"object","description":"Shifts by mon to sun: 09:00-12:00."},"holidays":{"type":)"
     R"("array","items":{"type":"string","format":"date"}},"holidays_of":{"enum":["CN"]},"special":{"type":"object",)"
     R"("description":"Shifts by day, before all else."}}})"},
    {"Calendars",
     R"({"type":"object","required":["calendars"],"properties":{"calendars":{"type":"array","items":{"type":"object",)"
     R"("required":["calendar_id","known_until"]}}}})"},
    {"PolicyPublished",
     R"({"type":"object","required":["offset"],"properties":{"offset":{"type":"integer"}}})"},
};

}  // namespace

std::span<const Route> detail::desk_routes() {
  return kRoutes;
}
std::span<const detail::Schema> detail::desk_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
