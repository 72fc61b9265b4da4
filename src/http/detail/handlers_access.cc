#include "base/log.h"
#include "http/detail/ask.h"
#include "http/detail/console_access.h"
#include "http/detail/shut_out.h"
#include "model/keeping.h"
#include "text/normalise.h"

/// Signing in and out, and choosing a shop.
namespace rapport::http::handlers {
namespace {

using detail::Body;
using detail::ConsoleSession;

constexpr std::string_view kFirstShop = "main";

void write_user(codec::JsonWriter& json, const std::optional<model::UserAnswer>& user) {
  json.key("user");
  if (!user) return json.null();
  json.begin_object();
  json.field("id", user->id);
  json.field("name", user->name);
  json.field("role", model::user_role_name(user->role));
  json.end_object();
}

void write_shops(codec::JsonWriter& json, const Ask& ask, const std::optional<model::UserAnswer>& user,
                 ShopNo chosen) {
  std::vector<model::ShopSummary> shops;
  if (user) shops = ask.engine().shops();
  std::erase_if(shops, [&](const model::ShopSummary& shop) { return !user->sees(shop.no); });
  const auto shown = std::find_if(shops.begin(), shops.end(),
                                  [&](const model::ShopSummary& shop) { return shop.no == chosen; });
  json.key("shop");
  if (shown == shops.end()) {
    json.null();
  } else {
    json.text(shown->name);
  }
  json.key("shops");
  json.begin_array();
  for (const model::ShopSummary& shop : shops) json.text(shop.name);
  json.end_array();
  json.field("simulated", shown != shops.end() && shown->simulated);
  json.field("driven", shown != shops.end() && shown->driven);
  json.key("now");
  if (shown == shops.end()) {
    json.null();
  } else {
    json.text(format_instant(shown->now));
  }
}

/// The one document that every route of sessions answers with.
Response session_document(const Ask& ask, const std::optional<ConsoleSession>& session) {
  const auto user = session ? detail::session_user(ask.engine(), session->user) : std::nullopt;
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  write_user(json, user);
  write_shops(json, ask, user, user ? detail::shop_for(ask.engine(), *user, session->shop) : ShopNo{});
  json.key("permissions");
  json.begin_array();
  if (user) {
    for (const auto permission : model::permissions_of(user->role))
      json.text(model::permission_name(permission));
    for (const auto keeping : model::kKeepings) {
      if (model::may(user->role, keeping)) json.text(model::keeping_name(keeping));
    }
  }
  json.end_array();
  json.field("setup_needed", !ask.engine().has_owner());
  json.key("csrf");
  if (user) {
    json.text(session->csrf);
  } else {
    json.null();
  }
  json.field("version", kVersion);
  json.end_object();
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

/// A new session in place of the one that the browser had.
Response begin_session(const Ask& ask, std::uint64_t user, ShopNo shop, std::string_view by) {
  auto& sessions = ask.api.console_access().sessions;
  sessions.close(detail::session_token(ask.request()));
  const std::string token = sessions.open(user, shop, monotonic_ns());
  log(LogLevel::info, "console session began", {{"user", user}, {"by", by}});
  Response response = session_document(ask, sessions.find(token, monotonic_ns()));
  response.headers.emplace_back("Set-Cookie", detail::session_cookie(ask.request(), token));
  return response;
}

/// Nobody else's page may sign a browser in, not even as somebody else.
bool refuse_other_origin(const Ask& ask) {
  if (ask.request().origin.empty() || detail::same_origin(ask.request())) return false;
  ask.call->respond(
      problem(Error{Errc::forbidden, "only pages of this server sign in", "Origin", "this server's own"}));
  return true;
}

/// Counts the attempt; answers it when the caller has to wait.
bool refuse_guess(const Ask& ask, std::string_view name) {
  const std::int64_t wait =
      ask.api.console_access().guard.admit(name, detail::caller_address(ask.request()), monotonic_ns());
  if (wait == 0) return false;
  log(LogLevel::warn, "console sign-in shut out", {{"seconds", wait}});
  ask.call->respond(detail::shut_out(wait));
  return true;
}

/// The shop by its name, 0 for "". Errors: not_found for what the user may not see, too.
Result<ShopNo> shop_named(const Ask& ask, const model::UserAnswer& user, const std::string& name) {
  if (name.empty()) return ShopNo{};
  for (const model::ShopSummary& shop : ask.engine().shops()) {
    if (shop.name == name && user.sees(shop.no)) return shop.no;
  }
  return Error{Errc::not_found, "no such shop among the user's", "shop", "one of the session's shops"};
}

Error not_a_session() {
  return Error{Errc::forbidden, "this is for sessions of the console", "Cookie", "a POST /v1/session before"};
}

}  // namespace

void session(Ask ask) {
  auto found = ask.api.console_access().sessions.find(detail::session_token(ask.request()), monotonic_ns());
  // The document holds the session's second secret: for pages of our own only.
  if (!ask.request().origin.empty() && !detail::same_origin(ask.request())) found.reset();
  ask.call->respond(session_document(ask, found));
}

void sign_in(Ask ask) {
  if (refuse_other_origin(ask)) return;
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(auto name, body->text("name"));
  HTTP_TRY(auto password, body->text("password"));
  HTTP_TRY(const auto shop, body->text_or("shop", ""));
  // Counted as users are looked up, or each way of writing a name would have its own tries.
  const std::string form = text::comparison_form(name);
  if (refuse_guess(ask, form)) return;
  ask.engine().check_password(
      name, std::move(password), [ask, form, shop](Result<model::UserAnswer> checked) {
        auto kept = std::make_shared<Result<model::UserAnswer>>(std::move(checked));
        ask.call->post([ask, form, shop, kept] {
          if (!kept->ok()) {
            log(LogLevel::warn, "console sign-in refused", {{"code", errc_name(kept->error().code)}});
            return ask.call->respond(problem(kept->error()));
          }
          ask.api.console_access().guard.succeeded(form, detail::caller_address(ask.request()));
          HTTP_TRY(const ShopNo wanted, shop_named(ask, **kept, shop));
          ask.call->respond(begin_session(ask, (*kept)->id, wanted, "password"));
        });
      });
}

void sign_in_by_link(Ask ask) {
  if (refuse_other_origin(ask)) return;
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(const auto token, body->text("token"));
  // A link cannot be guessed, so a right one always opens, whatever was tried from this address before; only
  // those that are none are counted.
  auto taken = ask.engine().take_link(token);
  if (!taken.ok() && refuse_guess(ask, "")) return;
  HTTP_TRY(const model::LinkAnswer link, std::move(taken));
  ask.call->respond(begin_session(ask, link.user, link.shop, "link"));
}

void sign_out(Ask ask) {
  if (!ask.who.user) return ask.call->respond(problem(not_a_session()));
  ask.api.console_access().sessions.close(detail::session_token(ask.request()));
  Response response;
  response.status = 204;
  response.headers.emplace_back("Set-Cookie", detail::session_cookie(ask.request(), ""));
  ask.call->respond(std::move(response));
}

void choose_shop(Ask ask) {
  auto& sessions = ask.api.console_access().sessions;
  const std::string_view token = detail::session_token(ask.request());
  const auto session = sessions.find(token, monotonic_ns());
  const auto user = session ? detail::session_user(ask.engine(), session->user) : std::nullopt;
  if (!ask.who.user || !user) return ask.call->respond(problem(not_a_session()));
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(const auto name, body->text("shop"));
  HTTP_TRY(const ShopNo shop, shop_named(ask, *user, name));
  sessions.choose_shop(token, shop);
  ask.call->respond(session_document(ask, sessions.find(token, monotonic_ns())));
}

/// The link's session goes on as that of the new owner, under a new token.
void set_up(Ask ask) {
  const auto session =
      ask.api.console_access().sessions.find(detail::session_token(ask.request()), monotonic_ns());
  if (!ask.who.user || !session || session->user != detail::kAdministrator)
    return ask.call->respond(problem(not_a_session()));
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  engine::NewUser owner;
  owner.role = model::UserRole::owner;
  owner.first_owner = true;
  HTTP_TRY(owner.name, body->text("name"));
  HTTP_TRY(owner.password, body->text("password"));
  HTTP_TRY(const auto shop, body->text_or("shop", kFirstShop));
  ask.engine().add_user(std::move(owner), [ask, shop](Result<model::UserAnswer> added) {
    auto kept = std::make_shared<Result<model::UserAnswer>>(std::move(added));
    ask.call->post([ask, shop, kept] {
      if (!kept->ok()) return ask.call->respond(problem(kept->error()));
      ShopNo chosen = ask.who.shop;
      if (ask.engine().shops().empty()) {
        HTTP_TRY(chosen, ask.engine().create_shop(shop, {}));
      }
      log(LogLevel::info, "the first owner was made", {{"user", (*kept)->id}});
      Response response = begin_session(ask, (*kept)->id, chosen, "setup");
      response.status = 201;
      ask.call->respond(std::move(response));
    });
  });
}

void add_link(Ask ask) {
  if (!ask.request().from_socket || ask.who.key_id != 0) {
    return ask.call->respond(problem(Error{Errc::forbidden, "links are made over the folder's socket only",
                                           "", "rapport link --data DIR"}));
  }
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(const auto name, body->text_or("shop", ""));
  model::LinkAnswer what{detail::kAdministrator, ask.who.shop};
  if (!name.empty()) {
    HTTP_TRY(what.shop, ask.engine().find_shop(name));
  }
  HTTP_TRY(const model::NewLink link, ask.engine().add_link(what));
  Response response;
  response.status = 201;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("token", link.token);
  json.field("expires_at", link.expires);
  json.end_object();
  ask.call->respond(std::move(response));
}

}  // namespace rapport::http::handlers
