#pragma once

#include <filesystem>
#include <utility>

#include "codec/json.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "http/api.h"
#include "http/problem.h"

/// What handlers are given and how they answer.
namespace rapport::http {

/// A request that may be answered by its route's handler.
struct Ask {
  Api& api;
  CallPtr call;
  model::Principal who;
  std::array<std::string, kPathParametersMost> values;
  const Route& route;

  const Request& request() const { return call->request; }
  engine::Engine& engine() const { return api.engine(); }
  bool may(model::Permission permission) const {
    return call->request.from_socket || model::may(who, permission);
  }
};

namespace detail {

/// `{"a":1}` of the body, member by member, with errors that name the member.
class Body {
 public:
  /// Errors: bad_input unless the body is a JSON object; an empty body is an empty object.
  static Result<std::unique_ptr<Body>> parse(std::string_view text);
  bool has(std::string_view name) const;
  /// Errors: bad_input naming the first member that is none of these.
  Status only(std::initializer_list<std::string_view> names) const;
  Result<std::string> text(std::string_view name) const;
  Result<std::string> text_or(std::string_view name, std::string_view fallback) const;
  Result<std::int64_t> integer_or(std::string_view name, std::int64_t fallback) const;
  Result<bool> flag_or(std::string_view name, bool fallback) const;
  Result<std::vector<std::string>> texts(std::string_view name) const;
  /// The member stands there and is null.
  bool is_null(std::string_view name) const;

 private:
  codec::JsonValue find(std::string_view name) const;
  std::string text_;
  codec::JsonIndex index_;
};

/// Query parameters with errors that name them.
Result<std::uint64_t> number_parameter(const Request& request, std::string_view name, std::uint64_t fallback,
                                       std::uint64_t most);
Result<std::uint64_t> number_of(std::string_view text, std::string_view name,
                                std::uint64_t most = ~std::uint64_t{0});
bool flag_parameter(const Request& request, std::string_view name);
Result<std::optional<Instant>> time_parameter(const Request& request, std::string_view name);

template <class Answer>
Response json_response(const Answer& answer) {
  Response response;
  response.body.reserve(4096);
  codec::JsonWriter json(response.body);
  codec::write_json(json, answer);
  return response;
}

inline void add_offset(Response& response, EventSeq seq) {
  response.headers.emplace_back("X-Log-Offset", std::to_string(seq.value));
}

/// A reply for the engine: the answer goes to the connection's io thread and is formatted there by
/// `format(T) -> Response`; an error becomes a problem.
template <class T, class Format>
engine::Reply<T> reply_with(const CallPtr& call, Format format) {
  return [call, format = std::move(format)](Result<T> result) {
    auto kept = std::make_shared<Result<T>>(std::move(result));
    call->post([call, kept, format] {
      call->respond(kept->ok() ? format(std::move(**kept)) : problem(kept->error()));
    });
  };
}

/// {"offset": n}
inline Response offset_response(EventSeq seq) {
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("offset", seq);
  json.end_object();
  add_offset(response, seq);
  return response;
}

/// {"name": [...]}
template <class Items>
Response list_response(std::string_view name, const Items& items) {
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.key(name);
  json.begin_array();
  for (const auto& item : items) codec::write_json(json, item);
  json.end_array();
  json.end_object();
  return response;
}

}  // namespace detail

/// Answers the call with the error and leaves the handler: HTTP_TRY(auto body, Body::parse(...));
#define HTTP_TRY(declaration, ...) \
  HTTP_TRY_INNER(RAPPORT_CONCAT(http_try_, __LINE__), declaration, __VA_ARGS__)
#define HTTP_TRY_INNER(result, declaration, ...)                       \
  auto result = (__VA_ARGS__);                                         \
  if (!result.ok()) return ask.call->respond(problem(result.error())); \
  declaration = std::move(result).value()

namespace handlers {
// One thin handler a route, grouped as the files are.
void ingest(Ask ask);
void settings(Ask ask);

void customer(Ask ask);
void explain(Ask ask);
void timeline(Ask ask);
void export_person(Ask ask);
void unlink(Ask ask);
void erase(Ask ask);
void consent(Ask ask);
void segments(Ask ask);
void segment_customers(Ask ask);
void publish_rule(Ask ask);

void sql(Ask ask);
void sql_tables(Ask ask);
void export_query(Ask ask);
void import(Ask ask);
void import_local(Ask ask);
void import_progress(Ask ask);
void tail(Ask ask);
void dead_letters(Ask ask);
void redrive_dead_letters(Ask ask);
void webhooks(Ask ask);
void add_webhook(Ask ask);
void remove_webhook(Ask ask);
void redrive_webhooks(Ask ask);

void session(Ask ask);
void sign_in(Ask ask);
void sign_in_by_link(Ask ask);
void sign_out(Ask ask);
void choose_shop(Ask ask);
void set_up(Ask ask);
void add_link(Ask ask);
void users(Ask ask);
void add_user(Ask ask);
void change_user(Ask ask);
void remove_user(Ask ask);

void shop_products(Ask ask);
void shop_product(Ask ask);
void shop_reviews(Ask ask);
void shop_bestsellers(Ask ask);
void shop_services(Ask ask);
void shop_visitor(Ask ask);
void shop_survey(Ask ask);

void shops(Ask ask);
void add_shop(Ask ask);
void keys(Ask ask);
void add_key(Ask ask);
void remove_key(Ask ask);
void drive_clock(Ask ask);
void backup(Ask ask);
void verify(Ask ask);
void catalogue(Ask ask);
void metrics(Ask ask);
void livez(Ask ask);
void readyz(Ask ask);
void openapi(Ask ask);
}  // namespace handlers

}  // namespace rapport::http
