#include <algorithm>

#include "codec/properties.h"
#include "codec/segment.h"
#include "http/detail/ask.h"
#include "http/detail/booking_kinds.h"
#include "http/detail/message_names.h"
#include "model/catalogue.h"
#include "model/catalogue_ids.h"
#include "model/sending.h"

namespace rapport::http::handlers {
namespace {

using detail::reply_with;

codec::EndpointKind endpoint_of(std::string_view path) {
  const auto kind = codec::endpoint_from_name(path.substr(path.rfind('/') + 1));
  return kind ? *kind : codec::EndpointKind::batch;
}

/// The first event in time makes an order, a return, a conversation somebody's: a page that named an earlier
/// time would take over what another page told of. Where the shop's server tells of the same thing its word
/// goes first, whenever it comes (model::Founding).
void mark_pages(std::vector<model::Event>& events) {
  namespace k = model::kind;
  for (model::Event& event : events) {
    event.from_page = true;
    if (event.kind == k::order_completed || event.kind == k::return_requested ||
        event.kind == k::contact_started || event.kind == k::message_posted)
      event.timestamp.reset();
  }
}

/// A page's message that is not its visitor's.
bool speaks_for_others(const model::Event& event) {
  if (event.kind != model::kind::message_posted) return false;
  codec::Property property;
  for (codec::PropertyReader in(event.clear); in.next(property);) {
    if (property.id == model::property::from && property.bytes != "customer") return true;
  }
  return false;
}

/// What a shop says of itself goes in by routes that ask for the permission; a key that may only send events
/// sends what happened. Nothing of a batch is taken that says otherwise, and nothing is kept to be tried
/// again.
Status check_kinds(const model::Principal& who, const std::vector<model::Event>& events) {
  namespace k = model::kind;
  if (model::may(who, model::Permission::publish)) return {};
  const bool from_pages = model::may(who, model::Permission::ingest_cors);
  for (const model::Event& event : events) {
    // A page can claim to be anybody; consent is changed only of the browser that asks.
    const bool of_somebody = std::any_of(
        event.identifiers.begin(), event.identifiers.end(),
        [](const model::Identifier& one) { return one.kind != model::IdentifierKind::anonymous_id; });
    if (from_pages && event.kind == k::consent_updated && of_somebody)
      return Error{Errc::forbidden, "a page may not change the consent of somebody whom it names", "userId",
                   "the anonymousId alone, or a server's key"};
    // Nor does a page speak for the staff, or call off an appointment of somebody whom it names.
    const bool not_hers =
        from_pages && (speaks_for_others(event) || (event.kind == k::booking_cancelled && of_somebody));
    if (not_hers || !model::may_send(who, event.kind))
      return Error{Errc::forbidden,
                   fmt::format("a key of role {} may not send '{}'", model::key_role_name(who.role),
                               model::find_event(event.kind)->name),
                   "event",
                   model::is_policy(event.kind) ? "the route that publishes it, or a key of role admin"
                                                : "a key of role ingest"};
  }
  return {};
}

}  // namespace

void ingest(Ask ask) {
  codec::ParseOptions options;
  options.currency = ask.engine().currency_of(ask.who.shop);
  options.event_bytes_max = ask.api.options().event_bytes_max;
  options.batch_bytes_max = ask.api.options().batch_bytes_max;
  HTTP_TRY(auto parsed, codec::parse_batch(ask.request().body, endpoint_of(ask.request().path), options));
  if (const Status allowed = check_kinds(ask.who, parsed.accepted); !allowed.ok())
    return ask.call->respond(problem(allowed.error()));
  if (model::may(ask.who, model::Permission::ingest_cors)) mark_pages(parsed.accepted);
  engine::IngestRequest request;
  request.events = std::move(parsed.accepted);
  detail::name_messages(request.events);
  for (codec::DeadLetter& dead : parsed.dead) {
    request.rejected.push_back(
        {static_cast<std::uint32_t>(dead.index), std::move(dead.reason), std::move(dead.raw)});
  }
  detail::ingest_within_calendars(ask, std::move(request),
                                  reply_with<model::IngestAnswer>(ask.call, [](model::IngestAnswer answer) {
                                    Response response = detail::json_response(answer);
                                    detail::add_offset(response, answer.offset);
                                    return response;
                                  }));
}

/// What Segment's browser client loads before it sends: where to, and that nothing else is switched on.
void settings(Ask ask) {
  const auto principal = ask.engine().authenticate(ask.values[0]);
  if (!principal.ok() || !model::may(principal->role, model::Permission::ingest)) {
    return ask.call->respond(problem(Error{Errc::not_found, "no such write key", "key"}));
  }
  const bool secure = ask.request().forwarded_proto == "https";
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.key("integrations");
  json.begin_object();
  json.key("Segment.io");
  json.begin_object();
  json.field("apiKey", ask.values[0]);
  json.field("apiHost", std::string(ask.request().host) + "/v1");
  json.field("protocol", secure ? "https" : "http");
  json.key("unbundledIntegrations");
  json.raw("[]");
  json.field("addBundledMetadata", true);
  json.key("maybeBundledConfigIds");
  json.raw("{}");
  json.end_object();
  json.end_object();
  json.key("plan");
  json.raw(
      R"({"track":{"__default":{"enabled":true,"integrations":{}}},"identify":{"__default":{"enabled":true}},)"
      R"("group":{"__default":{"enabled":true}}})");
  json.key("edgeFunction");
  json.raw("{}");
  json.field("analyticsNextEnabled", true);
  json.key("middlewareSettings");
  json.raw("{}");
  json.key("enabledMiddleware");
  json.raw("{}");
  json.key("metrics");
  json.raw(R"({"sampleRate":0})");
  json.field("legacyVideoPluginsEnabled", false);
  json.key("remotePlugins");
  json.raw("[]");
  json.end_object();
  ask.call->respond(std::move(response));
}

}  // namespace rapport::http::handlers
