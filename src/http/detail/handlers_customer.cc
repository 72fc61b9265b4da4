#include <charconv>

#include "codec/properties.h"
#include "codec/segment.h"
#include "http/detail/ask.h"
#include "http/detail/message_names.h"

namespace rapport::http::handlers {
namespace {

using detail::Body;
using detail::json_response;
using detail::offset_response;
using detail::reply_with;

constexpr std::uint64_t kPageMost = 1000;

/// {id}, at, known_at and X-Log-Offset. Errors: bad_input.
Result<engine::CustomerQuery> query_of(const Ask& ask) {
  engine::CustomerQuery query;
  query.ref = ask.values[0];
  RAPPORT_TRY(query.at, detail::time_parameter(ask.request(), "at"));
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  if (ask.request().parameter("known_at")) {
    RAPPORT_TRY(const std::uint64_t seq, detail::number_parameter(ask.request(), "known_at", 0, kMost));
    query.known_at = EventSeq{seq};
  }
  if (const std::string_view offset = ask.request().log_offset; !offset.empty()) {
    std::uint64_t seq = 0;
    const auto parsed = std::from_chars(offset.data(), offset.data() + offset.size(), seq);
    if (parsed.ec != std::errc{} || parsed.ptr != offset.data() + offset.size()) {
      return Error{Errc::bad_input, "X-Log-Offset is no position", "X-Log-Offset", "a whole number"};
    }
    query.after_offset = EventSeq{seq};
  }
  query.reveal = ask.may(model::Permission::reveal);
  return query;
}

/// Acts on the customer once the position of X-Log-Offset is folded, so that what was just sent is acted
/// upon.
void then_act(const Ask& ask, std::function<void()> act) {
  if (ask.request().log_offset.empty()) return act();
  HTTP_TRY(auto query, query_of(ask));
  ask.engine().customer(
      ask.who.shop, std::move(query),
      [ask, act = std::move(act)](const Result<model::CustomerAnswer>& answer) {
        // Whether there is such a customer is for `act` to say; a position that never comes is not waited
        // for.
        if (!answer.ok() && answer.error().where == "X-Log-Offset")
          return ask.call->post([ask, error = answer.error()] { ask.call->respond(problem(error)); });
        ask.call->post(act);
      });
}

}  // namespace

void customer(Ask ask) {
  HTTP_TRY(auto query, query_of(ask));
  ask.engine().customer(ask.who.shop, std::move(query),
                        reply_with<model::CustomerAnswer>(ask.call, [](const model::CustomerAnswer& answer) {
                          Response response = json_response(answer);
                          detail::add_offset(response, answer.known_at);
                          return response;
                        }));
}

void explain(Ask ask) {
  engine::ExplainQuery query;
  HTTP_TRY(query.customer, query_of(ask));
  query.segment = ask.request().parameter("segment").value_or("");
  query.tag = ask.request().parameter("tag").value_or("");
  if (query.segment.empty() == query.tag.empty()) {
    return ask.call->respond(problem(
        Error{Errc::bad_input, "what to explain is not clear", "segment", "either segment= or tag="}));
  }
  ask.engine().explain(ask.who.shop, std::move(query),
                       reply_with<model::ExplainAnswer>(ask.call, [](const model::ExplainAnswer& answer) {
                         Response response = json_response(answer);
                         detail::add_offset(response, answer.known_at);
                         return response;
                       }));
}

void timeline(Ask ask) {
  HTTP_TRY(auto query, query_of(ask));
  HTTP_TRY(const auto most, detail::number_parameter(ask.request(), "limit", 100, kPageMost));
  ask.engine().timeline(ask.who.shop, std::move(query), most,
                        reply_with<std::vector<model::TimelineEntry>>(ask.call, [](const auto& entries) {
                          return detail::list_response("events", entries);
                        }));
}

void export_person(Ask ask) {
  ask.engine().export_person(
      ask.who.shop, ask.values[0], reply_with<std::string>(ask.call, [](std::string document) {
        Response response;
        response.body = std::move(document);
        response.headers.emplace_back("Content-Disposition", "attachment; filename=\"customer.json\"");
        return response;
      }));
}

void unlink(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(const auto kind_name, body->text("kind"));
  HTTP_TRY(const auto value, body->text("value"));
  const auto kind = model::identifier_kind_from_name(kind_name);
  if (!kind) {
    return ask.call->respond(
        problem(Error{Errc::bad_input, "unknown kind of identifier", "kind",
                      "user_id, anonymous_id, email, phone, member_id, device_id, openid, unionid"}));
  }
  auto parsed = model::Identifier::parse(*kind, value);
  if (!parsed.ok()) return ask.call->respond(problem(std::move(parsed).error().at("value")));
  then_act(ask, [ask, identifier = std::move(*parsed)] {
    ask.engine().unlink(ask.who.shop, ask.values[0], identifier,
                        reply_with<EventSeq>(ask.call, offset_response));
  });
}

void erase(Ask ask) {
  then_act(ask, [ask] {
    ask.engine().erase(ask.who.shop, ask.values[0], reply_with<EventSeq>(ask.call, offset_response));
  });
}

/// Consent is an event like any other; this route spares the caller writing one.
void consent(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(const auto purpose, body->text("purpose"));
  HTTP_TRY(const auto channel, body->text("channel"));
  if (!body->has("granted")) {
    return ask.call->respond(
        problem(Error{Errc::bad_input, "granted is missing", "granted", "true or false"}));
  }
  HTTP_TRY(const bool granted, body->flag_or("granted", false));
  HTTP_TRY(auto query, query_of(ask));
  query.reveal = true;
  const auto record = [ask, purpose, channel, granted](Result<model::CustomerAnswer> found) {
    if (!found.ok()) return ask.call->respond(problem(found.error()));
    std::string message;
    codec::JsonWriter json(message);
    json.begin_object();
    json.field("type", "track");
    json.field("event", "Consent Updated");
    for (const model::IdentityAnswer& identity : found->identities) {
      if (!identity.value) continue;
      // One identifier names the customer; the first is enough.
      json.key("context");
      json.begin_object();
      json.key("externalIds");
      json.begin_array();
      json.begin_object();
      json.field("type", model::identifier_kind_name(identity.kind));
      json.field("id", *identity.value);
      json.end_object();
      json.end_array();
      json.end_object();
      break;
    }
    json.key("properties");
    json.begin_object();
    json.field("purpose", purpose);
    json.field("channel", channel);
    json.field("granted", granted);
    json.end_object();
    json.end_object();
    auto event = codec::parse_message(message, {});
    if (!event.ok()) return ask.call->respond(problem(event.error()));
    engine::IngestRequest request;
    request.events.push_back(std::move(*event));
    detail::name_messages(request.events);
    ask.engine().ingest(ask.who.shop, std::move(request),
                        reply_with<model::IngestAnswer>(ask.call, [](const model::IngestAnswer& answer) {
                          return offset_response(answer.offset);
                        }));
  };
  ask.engine().customer(ask.who.shop, std::move(query), [ask, record](Result<model::CustomerAnswer> found) {
    auto kept = std::make_shared<Result<model::CustomerAnswer>>(std::move(found));
    ask.call->post([record, kept] { record(std::move(*kept)); });
  });
}

void segments(Ask ask) {
  ask.engine().segments(ask.who.shop,
                        reply_with<std::vector<model::SegmentSummary>>(ask.call, [](const auto& segments) {
                          return detail::list_response("segments", segments);
                        }));
}

void segment_customers(Ask ask) {
  HTTP_TRY(const auto most, detail::number_parameter(ask.request(), "limit", 100, kPageMost));
  ask.engine().segment_members(ask.who.shop, ask.values[0], ask.request().parameter("cursor").value_or(""),
                               most,
                               reply_with<model::SegmentPage>(ask.call, [](const model::SegmentPage& page) {
                                 Response response = json_response(page);
                                 detail::add_offset(response, page.known_at);
                                 return response;
                               }));
}

void publish_rule(Ask ask) {
  std::string text = ask.request().body;
  if (text.find_first_not_of(" \t\r\n") == text.find('{')) {
    HTTP_TRY(const auto body, Body::parse(ask.request().body));
    HTTP_TRY(text, body->text("rule"));
  }
  ask.engine().publish_rule(ask.who.shop, ask.values[0], std::move(text),
                            reply_with<EventSeq>(ask.call, offset_response));
}

}  // namespace rapport::http::handlers
