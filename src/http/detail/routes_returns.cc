#include "engine/engine_returns.h"
#include "http/detail/ask.h"
#include "http/detail/desk_who.h"
#include "http/detail/json_text.h"
#include "http/detail/log_offset.h"
#include "http/detail/topics.h"
#include "http/detail/visitors.h"

/// The topic "returns": asked for by visitors and agents, decided by rule or a person, paid. The engine
/// answers with JSON texts; nothing is computed here.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
using detail::as_json;
using detail::Body;
using detail::desk_who;

constexpr std::size_t kBodyMost = 32 * 1024;
constexpr std::string_view kTag = "returns";

void list(Ask ask) {
  engine::ReturnsQuery query;
  query.queue = ask.request().parameter("queue").value_or("waiting");
  HTTP_TRY(query.most, detail::number_parameter(ask.request(), "limit", 50, 500));
  HTTP_TRY(query.after_offset, detail::log_offset(ask.request()));
  engine::returns(ask.engine(), ask.who.shop, std::move(query), as_json(ask.call));
}
void one(Ask ask) {
  HTTP_TRY(const auto after, detail::log_offset(ask.request()));
  engine::return_one(ask.engine(), ask.who.shop,
                     {ask.values[0], model::may(ask.who, model::Permission::reveal), after},
                     as_json(ask.call));
}
void request(Ask ask) {
  engine::request_return(ask.engine(), ask.who.shop, {ask.request().body, std::nullopt}, as_json(ask.call));
}
void request_own(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(std::string anonymous_id, body->text("anonymous_id"));
  HTTP_TRY(anonymous_id, detail::visitor_id(std::move(anonymous_id)));
  engine::ReturnRequest request{ask.request().body, std::move(anonymous_id),
                                std::string(ask.request().proof)};
  engine::request_return(ask.engine(), ask.who.shop, std::move(request), as_json(ask.call));
}
void update(Ask ask) {
  HTTP_TRY(auto who, desk_who(ask));
  engine::update_return(ask.engine(), ask.who.shop, ask.values[0], ask.request().body, std::move(who),
                        as_json(ask.call));
}
void decide(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(const std::string decision, body->text("decision"));
  HTTP_TRY(const std::string reason, body->text_or("reason", ""));
  if (decision != "approve" && decision != "reject")
    return ask.call->respond(problem(Error{Errc::bad_input, "no decision", "decision", "approve or reject"}));
  if (decision == "reject" && reason.empty())
    return ask.call->respond(problem(
        Error{Errc::bad_input, "a rejection without a reason", "reason", "what the customer is told"}));
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("state", decision == "approve" ? "approved" : "rejected");
  if (!reason.empty()) json.field("reason", reason);
  json.end_object();
  HTTP_TRY(auto who, desk_who(ask));
  engine::update_return(ask.engine(), ask.who.shop, ask.values[0], std::move(text), std::move(who),
                        as_json(ask.call));
}
void policy(Ask ask) {
  engine::return_policy(ask.engine(), ask.who.shop, as_json(ask.call));
}
void put_policy(Ask ask) {
  engine::publish_return_policy(ask.engine(), ask.who.shop, ask.request().body, as_json(ask.call));
}

constexpr Parameter kList[] = {
    {"queue", "string", "waiting (for a decision), open or done; waiting when left out."},
    {"limit", "integer", "At most so many, up to 500; 50 when left out."}};

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/returns",
     .needs = read,
     .tag = kTag,
     .summary = "Returns by deadline.",
     .answer = "Returns",
     .parameters = kList,
     .handle = list},
    {.method = get,
     .pattern = "/v1/returns/policy",
     .needs = read,
     .tag = kTag,
     .summary = "Which returns are decided by rule.",
     .answer = "ReturnPolicyAnswer",
     .handle = policy},
    {.method = put,
     .pattern = "/v1/returns/policy",
     .needs = publish,
     .tag = kTag,
     .summary = "Publishes it (Return Policy Published).",
     .body = "ReturnPolicy",
     .answer = "Offset",
     .handle = put_policy,
     .body_most = kBodyMost},
    {.method = get,
     .pattern = "/v1/returns/{id}",
     .needs = read,
     .tag = kTag,
     .summary = "One return: what it may become, and every update with its answer.",
     .answer = "Return",
     .handle = one},
    {.method = post,
     .pattern = "/v1/returns",
     .needs = act,
     .tag = kTag,
     .summary = "Asks for a return for a customer; decided at once where a rule fits.",
     .body = "ReturnRequest",
     .answer = "ReturnRequested",
     .handle = request,
     .body_most = kBodyMost},
    {.method = post,
     .pattern = "/v1/shop/returns",
     .needs = browse,
     .tag = "shopfront",
     .summary = "A visitor asks to return something of her own orders.",
     .body = "OwnReturnRequest",
     .answer = "ReturnRequested",
     .handle = request_own,
     .body_most = kBodyMost,
     .cors = true},
    {.method = post,
     .pattern = "/v1/returns/{id}/decide",
     .needs = act,
     .tag = kTag,
     .summary = "A person's decision; a rejection says why.",
     .body = "ReturnDecision",
     .answer = "ReturnUpdated",
     .handle = decide,
     .body_most = kBodyMost},
    {.method = post,
     .pattern = "/v1/returns/{id}/update",
     .needs = act,
     .tag = kTag,
     .summary = "Moves it on; what its state cannot become, a refund above the order, and one above what "
                "this role pays "
                "back alone, are refused.",
     .body = "ReturnUpdate",
     .answer = "ReturnUpdated",
     .handle = update,
     .body_most = kBodyMost},
};

#define RAPPORT_RETURN                                                                                                \
  R"("return_id":{"type":"string"},"order_id":{"type":"string"},"product_id":{"type":["string","null"]},)"            \
  R"("customer":{"type":["string","null"]},"reason":{"type":"string"},"state":{"type":"string"},)"                    \
  R"("requested":{"type":["string","null"]},"since":{"type":["string","null"]},"due_at":{"type":["string","null"]},)" \
  R"("late":{"type":"boolean"})"
#define RAPPORT_ACTING                                                                                               \
  R"("agent":{"type":"string","description":"For whom of the staff; of a server's key."},)"                          \
  R"("role":{"enum":["owner","logistics","agent"],"description":"In what role; of a server's key. owner when left )" \
  R"(out."})"
#define RAPPORT_RETURN_ASKED                                                                                          \
  R"("order_id":{"type":"string"},"reason":{"type":"string"},"product_id":{"type":"string"},"quantity":{"type":)"     \
  R"("integer"},"text":{"type":"string"},"photos":{"type":"array","description":"Hashes that POST /v1/files gave.",)" \
  R"("items":{"type":"string"}})"

constexpr detail::Schema kSchemas[] = {
    {"Returns",
     R"({"type":"object","required":["returns","matching"],"properties":{"returns":{"type":"array","items":{"type":"object","properties":{)" RAPPORT_RETURN
     R"(}}},"matching":{"type":"integer"}}})"},
    {"Return",
     R"({"type":"object","required":["return_id","state","next","updates"],"properties":{)" RAPPORT_RETURN
     R"(,"text":{"type":["string","null"],"description":"What she wrote; with the permission reveal."},"photos":{"type":"array","items":{"type":"string"}},"order_total":{"type":"string"},"refunded_so_far":{"type":"string"},"currency":{"type":"string"},"next":{"type":"array","items":{"type":"object"}},"updates":{"type":"array","items":{"type":"object","properties":{"at":{"type":"string"},"state":{"type":"string"},"answer":{"enum":["moves","skips","repeats","earlier","impossible"]},"reason":{"type":"string"},"agent":{"type":"string"}}}}}})"},
    {"ReturnRequest",
     R"({"type":"object","required":["order_id","reason"],"properties":{)" RAPPORT_RETURN_ASKED "}}"},
    {"OwnReturnRequest",
     R"({"type":"object","required":["anonymous_id","order_id","reason"],"properties":{"anonymous_id":{"type":"string","minLength":16},)" RAPPORT_RETURN_ASKED
     "}}"},
    {"ReturnRequested",
     R"({"type":"object","required":["return_id","state","decided_by","why","offset"],"properties":{"return_id":{"type":"string"},"state":{"type":"string"},"decided_by":{"enum":["rule","person"]},"why":{"type":"string"},"offset":{"type":"integer"}}})"},
    {"ReturnDecision",
     R"({"type":"object","required":["decision"],"properties":{"decision":{"enum":["approve","reject"]},"reason":{"type":"string"},)" RAPPORT_ACTING
     "}}"},
    {"ReturnUpdate",
     R"({"type":"object","required":["state"],"properties":{"state":{"type":"string"},"amount":{"type":["string","number"],"description":"Paid back; wanted for refunded."},"currency":{"type":"string"},"reason":{"type":"string"},)" RAPPORT_ACTING
     "}}"},
    {"ReturnUpdated",
     R"({"type":"object","required":["return_id","state","offset"],"properties":{"return_id":{"type":"string"},"state":{"type":"string"},"offset":{"type":"integer"}}})"},
    {"ReturnPolicy",
     R"({"type":"object","required":["days","rules"],"properties":{"days":{"type":"integer","description":"Since it was signed for; later ones a person decides."},"rules":{"type":"array","items":{"type":"object","required":["then"],"properties":{"reasons":{"type":"array","items":{"type":"string"}},"value_most":{"type":["string","number"],"description":"Of the order, in the shop's currency."},"photos":{"type":"integer"},"then":{"enum":["approve","reject"]}}}}}})"},
    {"ReturnPolicyAnswer",
     R"({"type":"object","required":["published"],"properties":{"published":{"type":"boolean"},"policy":{"type":["object","null"]}}})"},
};

}  // namespace

namespace detail {

std::span<const Route> returns_routes() {
  return kRoutes;
}

std::span<const Schema> returns_schemas() {
  return kSchemas;
}

}  // namespace detail
}  // namespace rapport::http
