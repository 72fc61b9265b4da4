#include "engine/engine_desk.h"
#include "engine/engine_team.h"
#include "http/detail/ask.h"
#include "http/detail/desk_who.h"
#include "http/detail/json_text.h"
#include "http/detail/log_offset.h"
#include "http/detail/topics.h"

/// What agents do on tickets beside answering, and written answers. The engine answers with JSON texts.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
using detail::as_json;
using detail::desk_who;

constexpr std::size_t kBodyMost = 32 * 1024;
constexpr std::string_view kTag = "desk";

void policy(Ask ask) {
  engine::desk_policy(ask.engine(), ask.who.shop, as_json(ask.call));
}
void publish_policy(Ask ask) {
  engine::publish_desk_policy(ask.engine(), ask.who.shop, ask.request().body, as_json(ask.call));
}
void act_on(Ask ask) {
  HTTP_TRY(auto who, desk_who(ask));
  engine::act_on_ticket(ask.engine(), ask.who.shop, {ask.values[0], ask.request().body, std::move(who)},
                        as_json(ask.call));
}
void decide(Ask ask) {
  HTTP_TRY(auto who, desk_who(ask));
  engine::decide_desk_action(ask.engine(), ask.who.shop,
                             {ask.values[0], ask.values[1], ask.request().body, std::move(who)},
                             as_json(ask.call));
}
void actions_of(Ask ask) {
  HTTP_TRY(auto who, desk_who(ask));
  engine::ticket_actions(ask.engine(), ask.who.shop, ask.values[0], std::move(who), as_json(ask.call));
}
void waiting(Ask ask) {
  const bool reveal = ask.request().from_socket || model::may(ask.who, model::Permission::reveal);
  engine::waiting_desk_actions(ask.engine(), ask.who.shop, reveal, as_json(ask.call));
}
void reply(Ask ask) {
  HTTP_TRY(auto who, desk_who(ask));
  engine::reply_on_ticket(ask.engine(), ask.who.shop, {ask.values[0], ask.request().body, std::move(who)},
                          as_json(ask.call));
}
void call_back(Ask ask) {
  HTTP_TRY(auto who, desk_who(ask));
  engine::call_back_ticket(ask.engine(), ask.who.shop, {ask.values[0], ask.request().body, std::move(who)},
                           as_json(ask.call));
}
void macros(Ask ask) {
  engine::macros(ask.engine(), ask.who.shop, as_json(ask.call));
}
void macro(Ask ask) {
  engine::macro(ask.engine(), ask.who.shop, ask.values[0], as_json(ask.call));
}
void publish_macro(Ask ask) {
  engine::publish_macro(ask.engine(), ask.who.shop, ask.values[0], ask.request().body, as_json(ask.call));
}
void fill(Ask ask) {
  HTTP_TRY(auto who, desk_who(ask));
  engine::fill_macro(
      ask.engine(), ask.who.shop,
      {ask.values[0], ask.values[1], ask.request().parameter("language").value_or(""), std::move(who)},
      as_json(ask.call));
}

void case_link(Ask ask) {
  engine::case_link(ask.engine(), ask.who.shop, ask.values[0], as_json(ask.call));
}
void case_record(Ask ask) {
  engine::case_record(ask.engine(), ask.values[0], as_json(ask.call));
}
void answer(Ask ask) {
  HTTP_TRY(auto who, desk_who(ask));
  engine::answer_feedback(ask.engine(), ask.who.shop, {ask.request().body, std::move(who)},
                          as_json(ask.call));
}
void answers(Ask ask) {
  engine::feedback_answers(ask.engine(), ask.who.shop, as_json(ask.call));
}

void team(Ask ask) {
  engine::TeamQuery query;
  HTTP_TRY(const std::uint64_t days, detail::number_parameter(ask.request(), "days", 30, 365));
  query.days = static_cast<std::int32_t>(days);
  HTTP_TRY(query.after_offset, detail::log_offset(ask.request()));
  engine::team(ask.engine(), ask.who.shop, query, as_json(ask.call));
}

constexpr Parameter kTeam[] = {{"days", "integer", "Tickets opened in the last 7 to 365 days; 30."}};
constexpr Parameter kFill[] = {
    {"language", "string", "zh-Hans, zh-Hant or en; the customer's own when absent."}};

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/desk/policy",
     .needs = read,
     .tag = kTag,
     .summary = "What agents may do by themselves and what needs a second person; before one was published "
                "the shipped, cautious one.",
     .answer = "DeskPolicyNow",
     .handle = policy},
    {.method = put,
     .pattern = "/v1/desk/policy",
     .needs = publish,
     .tag = kTag,
     .summary = "Publishes what agents may do (Desk Policy Published); holds from now on.",
     .body = "DeskPolicy",
     .answer = "PolicyPublished",
     .handle = publish_policy,
     .body_most = kBodyMost},
    {.method = get,
     .pattern = "/v1/desk/actions",
     .needs = read,
     .tag = kTag,
     .summary = "Actions that wait for a second person, oldest first.",
     .answer = "DeskActions",
     .handle = waiting},
    {.method = get,
     .pattern = "/v1/tickets/{id}/actions",
     .needs = read,
     .tag = kTag,
     .summary = "What was done and what waits on a ticket, and what the caller may do there.",
     .answer = "TicketActions",
     .handle = actions_of},
    {.method = post,
     .pattern = "/v1/tickets/{id}/actions",
     .needs = act,
     .tag = kTag,
     .summary = "A refund, coupon or appointment: done at once, or waiting for a second person. The same key "
                "is the same action.",
     .body = "DeskActionAsked",
     .answer = "DeskActionAnswer",
     .handle = act_on,
     .body_most = kBodyMost},
    {.method = post,
     .pattern = "/v1/tickets/{id}/actions/{action}/decide",
     .needs = act,
     .tag = kTag,
     .summary = "A second person lets a waiting action through, or refuses it with a reason.",
     .body = "DeskActionDecision",
     .answer = "DeskActionAnswer",
     .handle = decide,
     .body_most = kBodyMost},
    {.method = post,
     .pattern = "/v1/tickets/{id}/reply",
     .needs = act,
     .tag = kTag,
     .summary =
         "Writes to the customer in the ticket's conversation (Message Posted from an agent); a macro's "
         "steps are done in the same write.",
     .body = "TicketReply",
     .answer = "TicketActed",
     .handle = reply,
     .body_most = kBodyMost},
    {.method = post,
     .pattern = "/v1/tickets/{id}/call-back",
     .needs = act,
     .tag = kTag,
     .summary =
         "What the customer said when she was called back: satisfied closes the ticket, otherwise it is "
         "opened again and escalated.",
     .body = "CallBack",
     .answer = "TicketActed",
     .handle = call_back,
     .body_most = kBodyMost},
    {.method = get,
     .pattern = "/v1/macros",
     .needs = read,
     .tag = kTag,
     .summary = "Written answers, and the placeholders that may stand in them.",
     .answer = "Macros",
     .handle = macros},
    {.method = get,
     .pattern = "/v1/macros/{id}",
     .needs = read,
     .tag = kTag,
     .summary = "One written answer.",
     .answer = "Macro",
     .handle = macro},
    {.method = put,
     .pattern = "/v1/macros/{id}",
     .needs = publish,
     .tag = kTag,
     .summary = "Publishes a written answer (Macro Published).",
     .body = "MacroAsked",
     .answer = "PolicyPublished",
     .handle = publish_macro,
     .body_most = kBodyMost},
    {.method = get,
     .pattern = "/v1/tickets/{id}/macros/{macro}",
     .needs = reveal,
     .tag = kTag,
     .summary =
         "A written answer for this ticket's customer, its placeholders filled by facts; `missing` names "
         "those that have none.",
     .answer = "MacroFilled",
     .parameters = kFill,
     .handle = fill},
    {.method = get,
     .pattern = "/v1/team",
     .needs = read,
     .tag = kTag,
     .summary =
         "How the desk stands, and a card for each agent and department: lateness, hours and satisfaction "
         "against what everybody's like cases came to, with intervals.",
     .answer = "Team",
     .parameters = kTeam,
     .handle = team},
    {.method = get,
     .pattern = "/v1/tickets/{id}/case-link",
     .needs = act,
     .tag = kTag,
     .summary = "The link under which the customer sees the record of her case.",
     .answer = "CaseLink",
     .handle = case_link},
    {.method = get,
     .pattern = "/v1/cases/{token}",
     .access = Access::open,
     .tag = kTag,
     .summary =
         "The record of a service case by the link that its customer was given: what was said and done "
         "when, what was promised and kept, receipts. Nothing internal.",
     .answer = "CaseRecord",
     .handle = case_record,
     .cors = true},
    {.method = get,
     .pattern = "/v1/feedback/answers",
     .needs = read,
     .tag = "feedback",
     .summary = "What authors of feedback were told was done, each with how many heard of it.",
     .answer = "FeedbackAnswers",
     .handle = answers},
    {.method = post,
     .pattern = "/v1/feedback/answers",
     .needs = publish,
     .tag = "feedback",
     .summary = "You said, we did: tells everybody who spoke of something what was done about it, once each; "
                "with preview it only counts. Praise and blame alike.",
     .body = "FeedbackAnswerAsked",
     .answer = "FeedbackAnswered",
     .handle = answer,
     .body_most = kBodyMost},
};

#define RAPPORT_DESK_ACTION                                                                                       \
  R"({"type":"object","required":["action_id","ticket_id","action","state","asked_by","asked"],)"                 \
  R"("properties":{"action_id":{"type":"string"},"ticket_id":{"type":"string"},"action":{"enum":["refund",)"      \
  R"("coupon","appointment"]},"state":{"enum":["proposed","approved","refused","done"]},"order_id":{"type":)"     \
  R"("string"},"coupon_id":{"type":"string"},"service_id":{"type":"string"},"for":{"type":"string","format":)"    \
  R"("date-time"},"amount":{"type":"string"},"currency":{"type":"string"},"before":{"type":"string",)"            \
  R"("description":"Left of the order, or granted to the customer in 30 days, before it."},"after":{"type":)"     \
  R"("string"},"asked_by":{"type":"string"},"reason":{"type":"string"},"asked":{"type":"string","format":)"       \
  R"("date-time"},"decided_by":{"type":"string"},"decided_reason":{"type":"string"},"settled":{"type":"string",)" \
  R"("format":"date-time"}}})"
#define RAPPORT_DESK_POLICY                                                                                          \
  R"("limits":{"type":"array","items":{"type":"object","required":["role","action"],"properties":{"role":{"enum":)"  \
  R"(["owner","logistics","agent"]},"action":{"enum":["refund","coupon","appointment"]},"alone":{"type":"string",)"  \
  R"("description":"Up to here one person is enough."},"most":{"type":"string","description":"Up to here a second )" \
  R"(person lets it through."}}},"description":"A role without a line for an action may not do it."},)"              \
  R"("coupons_customer_month":{"type":"string"},"coupons_agent_month":{"type":"string"},"approvers":{"type":)"       \
  R"("array","items":{"enum":["owner","logistics","agent"]}},"coupon_days":{"type":"integer"},"refund_days":)"       \
  R"({"type":"integer"},"book_days":{"type":"integer"})"
#define RAPPORT_MACRO                                                                                                 \
  R"("title":{"type":"string"},"texts":{"type":"object","properties":{"zh-Hans":{"type":"string"},"zh-Hant":)"        \
  R"({"type":"string"},"en":{"type":"string"}}},"state":{"type":"string","description":"What the ticket becomes."},)" \
  R"("class":{"type":"string"},"action":{"type":"object","description":"Proposed to the agent, not done by )"         \
  R"(itself."},"closed":{"type":"boolean"})"

constexpr detail::Schema kSchemas[] = {
    {"DeskPolicy", R"({"type":"object","properties":{)" RAPPORT_DESK_POLICY "}}"},
    {"DeskPolicyNow",
     R"({"type":"object","required":["published","policy"],"properties":{"published":{"type":"boolean"},"policy":)"
     R"({"type":"object","required":["currency","limits","approvers"],"properties":{"currency":{"type":"string"},)" RAPPORT_DESK_POLICY
     "}}}}"},
    {"DeskActions",
     R"({"type":"object","required":["actions"],"properties":{"actions":{"type":"array","items":)" RAPPORT_DESK_ACTION
     "}}}"},
    {"TicketActions",
     R"({"type":"object","required":["actions","may"],"properties":{"actions":{"type":"array","items":)" RAPPORT_DESK_ACTION
     R"(},"may":{"type":"object","required":["refund","coupon","appointment","approve","currency"],"description":)"
     R"("Null = not in this role; amounts are in `currency`, what is left of an order in the order's."}}})"},
    {"DeskActionAsked",
     R"({"type":"object","required":["action","key","reason"],"properties":{"action":{"enum":["refund","coupon",)"
     R"("appointment"]},"key":{"type":"string","description":"Of the client's: sent again, it is the same action."},)"
     R"("reason":{"type":"string"},"order_id":{"type":"string","description":"The ticket's own when absent."},"amount":)"
     R"({"type":"string","description":"Of a refund; all that is left when absent."},"value":{"type":"string",)"
     R"("description":"Of a coupon."},"coupon_id":{"type":"string"},"service_id":{"type":"string"},"for":{"type":)"
     R"("string","format":"date-time"},"agent":{"type":"string","description":"For keys: who of the staff acts."},)"
     R"("role":{"enum":["owner","logistics","agent"],"description":"For keys: in what role; owner when absent."}}})"},
    {"DeskActionAnswer",
     R"({"type":"object","required":["action","repeated","offset"],"properties":{"action":)" RAPPORT_DESK_ACTION
     R"(,"repeated":{"type":"boolean","description":"It was done before under this key."},"offset":{"type":"integer"}}})"},
    {"DeskActionDecision",
     R"({"type":"object","required":["approve"],"properties":{"approve":{"type":"boolean"},"reason":{"type":"string"},)"
     R"("agent":{"type":"string"},"role":{"enum":["owner","logistics","agent"]}}})"},
    {"TicketReply",
     R"({"type":"object","properties":{"text":{"type":"string","description":"May be left out with a macro."},"macro":)"
     R"({"type":"string"},"language":{"enum":["zh-Hans","zh-Hant","en"]},"agent":{"type":"string"}}})"},
    {"CallBack",
     R"({"type":"object","required":["satisfied"],"properties":{"satisfied":{"type":"boolean"},"note":{"type":"string",)"
     R"("description":"Sealed with the customer's own words."},"agent":{"type":"string"}}})"},
    {"MacroAsked", R"({"type":"object","required":["texts"],"properties":{)" RAPPORT_MACRO "}}"},
    {"Macro",
     R"({"type":"object","required":["macro_id","title","texts","closed"],"properties":{"macro_id":{"type":"string"},)" RAPPORT_MACRO
     "}}"},
    {"Macros",
     R"({"type":"object","required":["macros","placeholders"],"properties":{"macros":{"type":"array","items":{"$ref":)"
     R"("#/components/schemas/Macro"}},"placeholders":{"type":"array","items":{"type":"string"}}}})"},
    {"Team",
     R"({"type":"object","required":["now","days","whole","agents","teams","known_at"],"properties":{"days":{"type":)"
     R"("integer"},"whole":{"type":"object","required":["tickets","open","late","hours_mean","called_back","satisfied",)"
     R"("unassigned"]},"agents":{"type":"array","items":{"type":"object","required":["agent","load","tickets","open",)"
     R"("late","hours_mean","card"],"properties":{"load":{"type":"integer","description":"Open tickets of his now."},)"
     R"("hours_mean":{"type":["number","null"],"description":"To the first solution; open ones with their age."},"card":)"
     R"({"type":"object","required":["late","hours","satisfied"],"description":"Each null or {comparable, told, mean, )"
     R"(expected, difference, low, high}: the difference from what everybody's cases of the same class, priority, )"
     R"(channel and tier came to, with its 95 % interval."}}}},"teams":{"type":"array","items":{"type":"object","required":)"
     R"(["department","tickets","card"]}},"known_at":{"type":"integer"}}})"},
    {"CaseLink",
     R"({"type":"object","required":["token","path","link"],"properties":{"token":{"type":"string"},"path":{"type":)"
     R"("string"},"link":{"type":["string","null"],"description":"With base_url of [mail]."}}})"},
    {"CaseRecord",
     R"({"type":"object","required":["case","now","class","department","state","opened","satisfied","promises","steps",)"
     R"("receipts"],"properties":{"case":{"type":"string"},"now":{"type":"string"},"class":{"type":"string"},)"
     R"("department":{"type":"string"},"state":{"type":"string"},"opened":{"type":"string"},"satisfied":{"type":)"
     R"(["boolean","null"]},"promises":{"type":"array","items":{"type":"object","required":["promise","target_ms","by",)"
     R"("done","kept"],"properties":{"kept":{"type":["boolean","null"],"description":"Null = still running, in time."}}}},)"
     R"("steps":{"type":"array","items":{"type":"object","required":["at","kind"],"properties":{"kind":{"enum":["opened",)"
     R"("message","state","refund","coupon","appointment","review","reply"]},"from":{"enum":["you","shop","assistant","page"]}}}},)"
     R"("receipts":{"type":"array","items":{"type":"object","required":["at","state","token"],"properties":{"token":)"
     R"({"type":"string","description":"GET /v1/receipts/{token}"}}}}}})"},
    {"FeedbackAnswers",
     R"({"type":"object","required":["answers"],"properties":{"answers":{"type":"array","items":{"type":"object",)"
     R"("required":["answer_id","authors"],"properties":{"answer_id":{"type":"string"},"authors":{"type":"integer"}}}}}})"},
    {"FeedbackAnswerAsked",
     R"({"type":"object","required":["answer_id","about"],"properties":{"answer_id":{"type":"string"},"about":{"type":)"
     R"("object","properties":{"phrase":{"type":"string"},"class":{"type":"string"},"aspect":{"type":"string"},)"
     R"("product_id":{"type":"string"},"days":{"type":"integer","description":"90 when absent."}}},"texts":{"type":)"
     R"("object","properties":{"zh-Hans":{"type":"string"},"zh-Hant":{"type":"string"},"en":{"type":"string"}}},)"
     R"("preview":{"type":"boolean"},"expect":{"type":"integer","description":"The authors that the preview counted."}}})"},
    {"FeedbackAnswered",
     R"({"type":"object","required":["answer_id","pieces","authors","in_shop","told_before","told"],"properties":)"
     R"({"answer_id":{"type":"string"},"pieces":{"type":"integer"},"authors":{"type":"integer","description":"Not told )"
     R"(yet."},"in_shop":{"type":"integer","description":"Of these who see it in the shop; the others in their own )"
     R"(records."},"by_mail":{"type":"integer","description":"Of these who agreed to letters and get one."},"told_before":{"type":"integer"},"told":{"type":"integer"}}})"},
    {"MacroFilled",
     R"({"type":"object","required":["macro_id","language","text","missing"],"properties":{"macro_id":{"type":"string"},)"
     R"("language":{"type":"string"},"text":{"type":"string"},"missing":{"type":"array","items":{"type":"string"}},)"
     R"("state":{"type":"string"},"class":{"type":"string"},"action":{"type":"object"}}})"},
};

}  // namespace

std::span<const Route> detail::desk_action_routes() {
  return kRoutes;
}
std::span<const detail::Schema> detail::desk_action_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
