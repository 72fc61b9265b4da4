#include "http/detail/ask.h"
#include "http/detail/console_access.h"
#include "http/detail/shut_out.h"
#include "http/detail/topics.h"
#include "http/detail/visitors.h"

// How a browser comes to be believed: the shop's server vouches for it, or its visitor knows an order.
namespace rapport::http {

Result<std::string> detail::visitor_id(std::string anonymous_id) {
  if (anonymous_id.size() >= kAnonymousLeast && anonymous_id.size() <= kAnonymousMost) return anonymous_id;
  return Error{Errc::bad_input, "this may be guessed, or is none", "anonymous_id",
               fmt::format("{} to {} characters", kAnonymousLeast, kAnonymousMost)};
}

namespace {

using enum model::Permission;
using enum Method;

constexpr std::int64_t kMinutesMost = 30 * 24 * 60, kMinutesUsual = 12 * 60;
constexpr std::size_t kTextMost = 200, kBodyMost = 4 * 1024;

Response proof_response(const engine::VisitorProofAnswer& answer) {
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("proof", answer.token);
  json.field("until", format_instant(answer.until));
  json.end_object();
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

void vouch(Ask ask) {
  if (!ask.who.user && ask.who.role == model::KeyRole::publik) {
    return ask.call->respond(problem(Error{Errc::forbidden, "a page cannot vouch for its own visitor", "key",
                                           "a key of the shop's server: ingest or admin"}));
  }
  HTTP_TRY(const auto body, detail::Body::parse(ask.request().body));
  if (const Status known = body->only({"anonymous_id", "subject", "minutes"}); !known.ok())
    return ask.call->respond(problem(known.error()));
  HTTP_TRY(std::string named, body->text("anonymous_id"));
  HTTP_TRY(std::string subject, body->text("subject"));
  HTTP_TRY(const std::int64_t minutes, body->integer_or("minutes", kMinutesUsual));
  HTTP_TRY(std::string browser, detail::visitor_id(std::move(named)));
  if (minutes < 1 || minutes > kMinutesMost) {
    return ask.call->respond(problem(
        Error{Errc::bad_input, "so long no proof lasts", "minutes", fmt::format("1 to {}", kMinutesMost)}));
  }
  ask.engine().vouch_for_visitor(ask.who.shop,
                                 {std::move(browser), std::move(subject), seconds(60 * minutes)},
                                 detail::reply_with<engine::VisitorProofAnswer>(ask.call, proof_response));
}

/// Order numbers can be counted through and telephone numbers guessed, so failures are counted.
void prove_order(Ask ask) {
  HTTP_TRY(const auto body, detail::Body::parse(ask.request().body));
  if (const Status known = body->only({"anonymous_id", "order_id", "contact"}); !known.ok())
    return ask.call->respond(problem(known.error()));
  HTTP_TRY(std::string named, body->text("anonymous_id"));
  HTTP_TRY(std::string order, body->text("order_id"));
  HTTP_TRY(std::string contact, body->text("contact"));
  HTTP_TRY(std::string browser, detail::visitor_id(std::move(named)));
  for (const auto& [name, text] : {std::pair("order_id", &order), std::pair("contact", &contact)}) {
    if (text->empty() || text->size() > kTextMost)
      return ask.call->respond(problem(Error{Errc::bad_input, "this is empty, or too long", name,
                                             fmt::format("1 to {} bytes", kTextMost)}));
  }
  detail::GuessGuard& guard = ask.api.console_access().orders;
  const std::string address = detail::caller_address(ask.request());
  if (const std::int64_t wait = guard.admit(order, address, monotonic_ns()); wait > 0)
    return ask.call->respond(detail::shut_out(wait));
  engine::OrderProofRequest request{std::move(browser), order, std::move(contact)};
  ask.engine().prove_order(ask.who.shop, std::move(request),
                           detail::reply_with<engine::VisitorProofAnswer>(
                               ask.call, [&guard, order, address](const engine::VisitorProofAnswer& answer) {
                                 guard.succeeded(order, address);
                                 return proof_response(answer);
                               }));
}

const Route kRoutes[] = {
    {.method = post,
     .pattern = "/v1/visitors/proof",
     .needs = ingest,
     .tag = "shopfront",
     .summary =
         "The shop's server vouches that a browser is a customer's: what it may show as X-Rapport-Proof.",
     .body = "VisitorVouch",
     .answer = "VisitorProof",
     .handle = vouch,
     .body_most = kBodyMost},
    {.method = post,
     .pattern = "/v1/shop/proof",
     .access = Access::key,
     .needs = browse,
     .tag = "shopfront",
     .summary =
         "Opens one order to a browser that knows its number and the contact given with it, for a day.",
     .body = "OrderProof",
     .answer = "VisitorProof",
     .handle = prove_order,
     .body_most = kBodyMost,
     .cors = true},
};

constexpr detail::Schema kSchemas[] = {
    {"VisitorVouch",
     R"({"type":"object","required":["anonymous_id","subject"],"additionalProperties":false,"properties":)"
     R"({"anonymous_id":{"type":"string","minLength":16,"maxLength":200},"subject":{"type":"string",)"
     R"("description":"A user id, or kind:value (email:ada@example.com), that an event has named."},)"
     R"("minutes":{"type":"integer","minimum":1,"maximum":43200,"description":"720 unless told."}}})"},
    {"OrderProof",
     R"({"type":"object","required":["anonymous_id","order_id","contact"],"additionalProperties":false,)"
     R"("properties":{"anonymous_id":{"type":"string","minLength":16,"maxLength":200},"order_id":)"
     R"({"type":"string"},"contact":{"type":"string","description":"The telephone number or e-mail address )"
     R"(that the order's own event named."}}})"},
    {"VisitorProof",
     R"({"type":"object","required":["proof","until"],"properties":{"proof":{"type":"string"},"until":)"
     R"({"type":"string","format":"date-time"}}})"},
};

}  // namespace

std::span<const Route> detail::visitor_routes() {
  return kRoutes;
}

std::span<const detail::Schema> detail::visitor_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
