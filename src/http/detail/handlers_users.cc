#include "base/log.h"
#include "http/detail/ask.h"
#include "http/detail/console_access.h"

/// The users of the console, and the shops that they see.
namespace rapport::http::handlers {
namespace {

using detail::Body;

/// Which users and shops a caller may deal with: a key its own shop's, a user those of the shops they see.
struct Reach {
  std::vector<ShopNo> shops;  ///< empty = all

  bool sees(ShopNo shop) const {
    return shops.empty() || std::find(shops.begin(), shops.end(), shop) != shops.end();
  }
  bool covers(const model::UserAnswer& user) const {
    if (shops.empty()) return true;
    return !user.shops.empty() &&
           std::all_of(user.shops.begin(), user.shops.end(), [this](ShopNo shop) { return sees(shop); });
  }
};

Reach reach_of(const Ask& ask) {
  if (!ask.who.user) return ask.who.key_id == 0 ? Reach{} : Reach{{ask.who.shop}};
  if (ask.who.key_id == detail::kAdministratorKey) return {};
  const auto user = ask.engine().user(ask.who.key_id);
  return user ? Reach{user->shops} : Reach{{ShopNo{}}};  // Removed a moment ago: nothing.
}

struct ShopNames {
  explicit ShopNames(const Ask& ask) : shops(ask.engine().shops()) {}
  Result<ShopNo> number(const std::string& name, const Reach& reach) const {
    for (const model::ShopSummary& shop : shops) {
      if (shop.name == name && reach.sees(shop.no)) return shop.no;
    }
    return Error{Errc::not_found, "no such shop among the caller's", "shops", "names of GET /v1/shops"};
  }
  std::string name(ShopNo no) const {
    for (const model::ShopSummary& shop : shops) {
      if (shop.no == no) return shop.name;
    }
    return "";
  }
  std::vector<model::ShopSummary> shops;
};

void write_user(codec::JsonWriter& json, const model::UserAnswer& user, const ShopNames& names,
                const std::optional<model::NewLink>& link) {
  json.begin_object();
  json.field("id", user.id);
  json.field("name", user.name);
  json.field("role", model::user_role_name(user.role));
  json.key("shops");
  json.begin_array();
  for (const ShopNo shop : user.shops) json.text(names.name(shop));
  json.end_array();
  json.field("created", user.created);
  json.field("has_password", user.has_password);
  if (link) {
    json.field("token", link->token);
    json.field("expires_at", link->expires);
  }
  json.end_object();
}

/// The user; with a new one-time link when `linked`.
Response user_response(const Ask& ask, const model::UserAnswer& user, bool linked, int status) {
  std::optional<model::NewLink> link;
  if (linked) {
    auto made = ask.engine().add_link({user.id, ask.who.shop});
    if (!made.ok()) return problem(made.error());
    link = std::move(*made);
  }
  Response response;
  response.status = status;
  codec::JsonWriter json(response.body);
  write_user(json, user, ShopNames(ask), link);
  return response;
}

Result<model::UserRole> role_of(const std::string& name) {
  const auto role = model::user_role_from_name(name);
  if (role) return *role;
  return Error{Errc::bad_input, "unknown role", "role",
               "owner, analyst, marketing, product, logistics, agent or viewer"};
}

/// The user that the path names, within the caller's reach.
Result<model::UserAnswer> user_in_path(const Ask& ask) {
  RAPPORT_TRY(const std::uint64_t id, detail::number_of(ask.values[0], "id"));
  const auto user = ask.engine().user(id);
  if (!user || !reach_of(ask).covers(*user)) return Error{Errc::not_found, "no such user", "id"};
  return *user;
}

/// Answers on the connection's thread: errors as they are, the rest through `format`.
template <class Value>
engine::Reply<Value> then(const Ask& ask, std::function<Response(Value)> format) {
  return detail::reply_with<Value>(ask.call, std::move(format));
}

}  // namespace

void users(Ask ask) {
  const Reach reach = reach_of(ask);
  const ShopNames names(ask);
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.key("users");
  json.begin_array();
  for (const model::UserAnswer& user : ask.engine().users()) {
    if (reach.covers(user)) write_user(json, user, names, std::nullopt);
  }
  json.end_array();
  json.end_object();
  ask.call->respond(std::move(response));
}

void add_user(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  engine::NewUser asked;
  HTTP_TRY(asked.name, body->text("name"));
  HTTP_TRY(const auto role, body->text("role"));
  HTTP_TRY(asked.role, role_of(role));
  if (body->has("password")) {
    HTTP_TRY(asked.password, body->text("password"));
  }
  const Reach reach = reach_of(ask);
  asked.shops = reach.shops;
  HTTP_TRY(const auto wanted, body->texts("shops"));
  if (!wanted.empty()) asked.shops.clear();
  const ShopNames names(ask);
  for (const std::string& name : wanted) {
    HTTP_TRY(const ShopNo shop, names.number(name, reach));
    asked.shops.push_back(shop);
  }
  std::sort(asked.shops.begin(), asked.shops.end());
  const bool linked = !asked.password;
  ask.engine().add_user(
      std::move(asked), then<model::UserAnswer>(ask, [ask, linked](const model::UserAnswer& user) {
        log(LogLevel::info, "a user was added", {{"user", user.id}, {"by", ask.who.key_id}});
        return user_response(ask, user, linked, 201);
      }));
}

void change_user(Ask ask) {
  HTTP_TRY(const auto id, detail::number_of(ask.values[0], "id"));
  const bool own = ask.who.user && id == ask.who.key_id;
  const bool manages = ask.may(model::Permission::administer);
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  const bool linked = body->is_null("password");
  if (!manages && (!own || body->has("role") || linked)) {
    return ask.call->respond(problem(Error{Errc::forbidden, "this caller may change its own password only"}));
  }
  HTTP_TRY(const auto user, user_in_path(ask));
  engine::UserChange change;
  change.drop_password = linked;
  if (body->has("role")) {
    HTTP_TRY(const auto role, body->text("role"));
    HTTP_TRY(change.role, role_of(role));
  }
  if (body->has("password")) {
    HTTP_TRY(change.password, body->text("password"));
  }
  const bool new_password = linked || change.password;
  ask.engine().change_user(
      user.id, std::move(change),
      then<model::UserAnswer>(ask, [ask, linked, new_password](const model::UserAnswer& changed) {
        log(LogLevel::info, "a user was changed", {{"user", changed.id}, {"by", ask.who.key_id}});
        // Whoever got in with the old password is out; the caller's own session stays.
        if (new_password)
          ask.api.console_access().sessions.close_all_of(changed.id, detail::session_token(ask.request()));
        return user_response(ask, changed, linked, 200);
      }));
}

void remove_user(Ask ask) {
  HTTP_TRY(const auto user, user_in_path(ask));
  ask.engine().remove_user(
      user.id, then<std::uint64_t>(ask, [ask](std::uint64_t id) {
        log(LogLevel::info, "a user was removed", {{"user", id}, {"by", ask.who.key_id}});
        ask.api.console_access().sessions.close_all_of(id, "");
        return Response{.status = 204};
      }));
}

void add_shop(Ask ask) {
  if (!reach_of(ask).shops.empty())
    return ask.call->respond(problem(Error{Errc::forbidden, "only who sees every shop makes another"}));
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(const auto name, body->text("name"));
  engine::ShopOptions options;
  HTTP_TRY(options.currency, body->text_or("currency", options.currency));
  HTTP_TRY(options.zone, body->text_or("zone", options.zone));
  HTTP_TRY(const auto clock, body->text_or("clock", "wall"));
  if (clock == "driven") options.clock = model::ClockKind::driven;
  if (ask.engine().find_shop(name).ok())
    return ask.call->respond(
        problem(Error{Errc::conflict, "a shop has this name already", "name", "another"}));
  HTTP_TRY(const ShopNo made, ask.engine().create_shop(name, options));
  for (const model::ShopSummary& shop : ask.engine().shops()) {
    if (shop.no != made) continue;
    Response response = detail::json_response(shop);
    response.status = 201;
    return ask.call->respond(std::move(response));
  }
}

}  // namespace rapport::http::handlers
