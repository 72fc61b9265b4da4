#include "codec/event_docs.h"
#include "http/detail/ask.h"
#include "http/detail/console_access.h"
#include "http/openapi.h"

namespace rapport::http::handlers {
namespace {

using detail::Body;
using detail::json_response;
using detail::offset_response;
using detail::reply_with;

constexpr std::int64_t kVerifyBatch = 4'000;
constexpr std::int64_t kVerifyThreadsMost = 64;

Response word(std::string_view text) {
  Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body.assign(text).push_back('\n');
  return response;
}

/// The answer as JSON, with the lines that the command line prints as `text`.
Response verified(const model::VerifyAnswer& answer) {
  std::string lines;
  for (const auto& shop : answer.shops) {
    lines += fmt::format("shop {} state {} seq {}\n", shop.name, shop.state, shop.seq.value);
  }
  lines += fmt::format("state {} seq {}\n", answer.state, answer.seq);
  Response response = json_response(answer);
  response.body.pop_back();
  response.body += ",\"text\":";
  codec::JsonWriter(response.body).text(lines);
  response.body.push_back('}');
  return response;
}

Error no_shop() {
  return Error{Errc::bad_input, "no shop is named", "X-Rapport-Shop", "the name of a shop"};
}

}  // namespace

void shops(Ask ask) {
  auto all = ask.engine().shops();
  // A key sees its own shop, a user theirs; the folder's owner sees all.
  const auto user = ask.who.user ? ask.engine().user(ask.who.key_id) : std::nullopt;
  const bool sees_all = ask.who.key_id == 0 || ask.who.key_id == detail::kAdministratorKey;
  std::erase_if(all, [&](const model::ShopSummary& shop) {
    return !sees_all && !(user ? user->sees(shop.no) : shop.no == ask.who.shop);
  });
  ask.call->respond(detail::list_response("shops", all));
}

void keys(Ask ask) {
  ask.call->respond(detail::list_response("keys", ask.engine().keys(ask.who.shop)));
}

/// Over the socket a shop that does not exist yet is made.
void add_key(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(const auto role_name, body->text("role"));
  HTTP_TRY(const auto label, body->text_or("label", ""));
  const auto role = model::key_role_from_name(role_name);
  if (!role) {
    return ask.call->respond(
        problem(Error{Errc::bad_input, "unknown role", "role", "ingest, public, read or admin"}));
  }
  ShopNo shop = ask.who.shop;
  if (ask.request().from_socket && ask.who.key_id == 0) {
    HTTP_TRY(const auto name, body->text_or("shop", ask.request().shop));
    if (name.empty()) return ask.call->respond(problem(no_shop()));
    engine::ShopOptions options;
    HTTP_TRY(options.currency, body->text_or("currency", options.currency));
    HTTP_TRY(options.zone, body->text_or("zone", options.zone));
    HTTP_TRY(const auto clock, body->text_or("clock", "wall"));
    if (clock == "driven") options.clock = model::ClockKind::driven;
    HTTP_TRY(shop, ask.engine().create_shop(name, options));
  }
  HTTP_TRY(const auto key, ask.engine().add_key(shop, *role, label));
  Response response;
  response.status = 201;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("key", key);
  json.field("role", role_name);
  json.end_object();
  ask.call->respond(std::move(response));
}

void remove_key(Ask ask) {
  HTTP_TRY(const auto id, detail::number_of(ask.values[0], "id"));
  const auto mine = ask.engine().keys(ask.who.shop);
  const bool known =
      std::any_of(mine.begin(), mine.end(), [&](const model::KeyAnswer& key) { return key.id == id; });
  if (!known) return ask.call->respond(problem(Error{Errc::not_found, "no such key", "id"}));
  const auto removed = ask.engine().remove_key(ask.who.shop, id);
  ask.call->respond(removed.ok() ? Response{.status = 204} : problem(removed.error()));
}

void drive_clock(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(const auto text, body->text("now"));
  HTTP_TRY(const auto now, parse_instant(text));
  ask.engine().drive_clock(ask.who.shop, now, reply_with<EventSeq>(ask.call, offset_response));
}

/// A key is of one shop; what concerns the folder as a whole is for its owner when others live in it too.
Status may_touch_all_shops(const Ask& ask) {
  const bool is_key = !ask.request().from_socket && !ask.who.user;
  if (!is_key || ask.engine().shops().size() <= 1) return {};
  return Error{Errc::forbidden, "this folder holds other shops too, and a key is of one shop", "",
               "an owner's session, or the command line beside the server"};
}

void backup(Ask ask) {
  if (const Status may = may_touch_all_shops(ask); !may.ok()) return ask.call->respond(problem(may.error()));
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(const auto to, body->text("to"));
  const auto started = ask.api.run_beside([ask, to] {
    const auto done = ask.engine().backup(to);
    Response response;
    codec::JsonWriter json(response.body);
    json.begin_object();
    json.field("to", to);
    json.end_object();
    ask.call->respond(done.ok() ? std::move(response) : problem(done.error()));
  });
  if (!started.ok()) ask.call->respond(problem(started.error()));
}

void verify(Ask ask) {
  if (const Status may = may_touch_all_shops(ask); !may.ok()) return ask.call->respond(problem(may.error()));
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(const auto batch, body->integer_or("batch", kVerifyBatch));
  if (batch < 1) {
    return ask.call->respond(problem(Error{Errc::bad_input, "batch is too small", "batch", "at least 1"}));
  }
  HTTP_TRY(const auto threads, body->integer_or("threads", 1));
  if (threads < 1 || threads > kVerifyThreadsMost) {
    return ask.call->respond(problem(Error{Errc::bad_input, "not a number of threads", "threads",
                                           fmt::format("1 to {}", kVerifyThreadsMost)}));
  }
  const auto started = ask.api.run_beside([ask, batch, threads] {
    const auto answer =
        ask.engine().verify(static_cast<std::size_t>(batch), static_cast<std::size_t>(threads));
    ask.call->respond(answer.ok() ? verified(*answer) : problem(answer.error()));
  });
  if (!started.ok()) ask.call->respond(problem(started.error()));
}

void catalogue(Ask ask) {
  Response response;
  response.body = codec::catalogue_json();
  ask.call->respond(std::move(response));
}

void metrics(Ask ask) {
  Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = ask.api.metrics_text();
  ask.call->respond(std::move(response));
}

void livez(Ask ask) {
  ask.call->respond(word("alive"));
}

void readyz(Ask ask) {
  const auto ready = ask.engine().ready();
  if (!ready.ok()) return ask.call->respond(problem(503, ready.error()));
  if (ask.call->draining()) return ask.call->respond(problem(Error{Errc::unavailable, "stopping"}));
  ask.call->respond(word("ready"));
}

void openapi(Ask ask) {
  static const std::string document = openapi_document(api_routes());
  Response response;
  response.body = document;
  ask.call->respond(std::move(response));
}

}  // namespace rapport::http::handlers
