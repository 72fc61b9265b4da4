#include "http/openapi.h"

#include <algorithm>

#include "codec/event_docs.h"
#include "codec/json_writer.h"
#include "http/detail/schemas.h"

namespace rapport::http {
namespace {

using codec::JsonWriter;

void write_ref(JsonWriter& json, std::string_view schema) {
  json.begin_object();
  json.field("$ref", "#/components/schemas/" + std::string(schema));
  json.end_object();
}

/// `also`: blank-separated types under which the same answer comes as text.
void write_content(JsonWriter& json, std::string_view media, std::string_view schema,
                   std::string_view also = {}) {
  json.key("content");
  json.begin_object();
  json.escaped_key(media);
  json.begin_object();
  json.key("schema");
  if (schema.empty()) {
    json.raw(R"({"type":"string"})");
  } else {
    write_ref(json, schema);
  }
  json.end_object();
  while (!also.empty()) {
    const std::string_view next = also.substr(0, also.find(' '));
    also.remove_prefix(std::min(also.size(), next.size() + 1));
    json.escaped_key(next);
    json.raw(R"({"schema":{"type":"string"}})");
  }
  json.end_object();
}

void write_parameter(JsonWriter& json, std::string_view in, const Parameter& parameter) {
  const bool is_time = parameter.type == "date-time";
  json.begin_object();
  json.field("name", parameter.name);
  json.field("in", in);
  json.field("required", parameter.required);
  json.field("description", parameter.doc);
  json.key("schema");
  json.begin_object();
  json.field("type", is_time ? "string" : parameter.type);
  if (is_time) json.field("format", "date-time");
  json.end_object();
  json.end_object();
}

/// By the collection that the path begins with, then by the name between braces.
std::string_view path_doc(std::string_view pattern, std::string_view name) {
  struct Row {
    std::string_view collection, name, doc;
  };
  static constexpr Row kRows[] = {
      {"customers", "id", "Customer id (c_17), kind:value, or user id."},
      {"tickets", "id", "The ticket_id of Ticket Opened."},
      {"tickets", "action", "The action_id that POST /v1/tickets/{id}/actions answered."},
      {"tickets", "macro", "The macro_id of a written answer."},
      {"macros", "id", "The macro_id of a written answer."},
      {"calendars", "id", "The calendar's name."},
      {"returns", "id", "The return_id of Return Requested."},
      {"parcels", "order_id", "The order's order_id."},
      {"feedback", "id", "The review_id of a review, else the message id of what was said."},
      {"knowledge", "id", "The answer's id."},
      {"products", "id", "The product_id."},
      {"services", "id", "The service_id."},
      {"shop", "id", "The id of the shop's product, service, content or survey that the path names."},
      {"assistant", "seq", "Position in the log of the assistant's message."},
      {"packages", "id", "The package's id."},
      {"scenes", "id", "The scene_id."},
      {"surveys", "id", "The survey_id."},
      {"survey-templates", "id", "The template's id."},
      {"hypotheses", "id", "The hypothesis_id."},
      {"goals", "id", "The goal_id."},
      {"published-studies", "id", "The study_id."},
      {"studies", "method", "The method's name, one of GET /v1/studies."},
      {"catalogue", "kind", "What is published: product, service, content and so on."},
      {"catalogue", "id", "The id of what is published."},
      {"imports", "id", "The import's number."},
      {"keys", "id", "The key's number."},
      {"users", "id", "The user's number."},
      {"webhooks", "id", "The webhook's number."},
      {"files", "hash", "The file's SHA-256 in hex, as POST /v1/files answered it."},
      {"ledger", "seq", "Position of the record in the log."},
      {"ledger", "level", "Level of the tile; 0 holds hashes of records."},
      {"ledger", "number", "Number of the tile in its level."},
      {"receipts", "token", "The token that the receipt's owner was given."},
      {"cases", "token", "The token of GET /v1/tickets/{id}/case-link."},
      {"ask", "token", "The token of a survey's link."},
      {"rules", "name", "The rule's name, which is its segment's."},
      {"segments", "name", "The segment's name."},
      {"projects", "key", "The write key."}};
  pattern.remove_prefix(std::min(pattern.size(), std::string_view("/v1/").size()));
  const std::string_view collection = pattern.substr(0, pattern.find('/'));
  for (const Row& row : kRows) {
    if (row.collection == collection && row.name == name) return row.doc;
  }
  return name == "token" ? "The token that its owner was given." : "";
}

void write_parameters(JsonWriter& json, const Route& route) {
  json.key("parameters");
  json.begin_array();
  std::string_view rest = route.pattern;
  for (auto from = rest.find('{'); from != std::string_view::npos; from = rest.find('{')) {
    const auto to = rest.find('}', from);
    const std::string_view name = rest.substr(from + 1, to - from - 1);
    write_parameter(json, "path", {name, "string", path_doc(route.pattern, name), true});
    rest.remove_prefix(to);
  }
  for (const Parameter& parameter : route.parameters) write_parameter(json, "query", parameter);
  json.end_array();
}

void write_answers(JsonWriter& json, const Route& route) {
  json.key("responses");
  json.begin_object();
  const bool creates = route.creates || route.answer == "Key" || route.answer == "WebhookSecret";
  const bool is_empty = route.answer.empty() && route.media.empty();
  json.key(is_empty ? "204" : creates ? "201" : "200");
  json.begin_object();
  json.field("description", is_empty ? "Done." : "The answer.");
  if (!is_empty)
    write_content(json, route.media.empty() ? "application/json" : route.media, route.answer,
                  route.also_media);
  json.end_object();
  json.key("default");
  json.begin_object();
  json.field("description", "A problem; 429 and 503 carry Retry-After.");
  write_content(json, "application/problem+json", "Problem");
  json.end_object();
  json.end_object();
}

std::string operation_id(const Route& route) {
  std::string out;
  for (const char c : method_name(route.method)) out.push_back(static_cast<char>(c - 'A' + 'a'));
  for (const char c : route.pattern) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter) {
      out.push_back(c);
    } else if (c != '}' && c != '{' && out.back() != '_') {
      out.push_back('_');
    }
  }
  return out;
}

void write_operation(JsonWriter& json, const Route& route) {
  std::string method;
  for (const char c : method_name(route.method)) method.push_back(static_cast<char>(c - 'A' + 'a'));
  json.key(method);
  json.begin_object();
  json.field("operationId", operation_id(route));
  json.field("summary", route.summary);
  json.key("tags");
  json.begin_array();
  json.text(route.tag);
  json.end_array();
  json.key("security");
  json.raw(route.access == Access::open ? "[]" : R"([{"key":[]},{"bearer":[]},{"session":[]}])");
  write_parameters(json, route);
  if (!route.body.empty()) {
    json.key("requestBody");
    json.begin_object();
    json.field("required", true);
    write_content(json, route.body == "Upload" ? "application/octet-stream" : "application/json", route.body);
    json.end_object();
  }
  write_answers(json, route);
  json.end_object();
}

void write_paths(JsonWriter& json, std::span<const Route> routes) {
  std::vector<std::string_view> patterns;
  for (const Route& route : routes) {
    if (std::find(patterns.begin(), patterns.end(), route.pattern) == patterns.end())
      patterns.push_back(route.pattern);
  }
  json.key("paths");
  json.begin_object();
  for (const std::string_view pattern : patterns) {
    json.key(pattern);
    json.begin_object();
    for (const Route& route : routes) {
      if (route.pattern == pattern) write_operation(json, route);
    }
    json.end_object();
  }
  json.end_object();
}

void write_components(JsonWriter& json) {
  json.key("components");
  json.begin_object();
  json.key("securitySchemes");
  json.raw(
      R"({"key":{"type":"http","scheme":"basic","description":"The key is the user name; no password."},)"
      R"("bearer":{"type":"http","scheme":"bearer"},)"
      R"("session":{"type":"apiKey","in":"cookie","name":"rapport_session","description":"Of POST /v1/session; )"
      R"(what changes something needs the session's csrf in X-Rapport-CSRF and an Origin that is the server's own."}})");
  json.key("schemas");
  json.begin_object();
  for (const detail::Schema& schema : detail::component_schemas()) {
    json.key(schema.name);
    json.raw(schema.json);
  }
  json.key("AnyProperties");
  json.begin_object();
  json.field("description", "Those of the event's name; other names take any object.");
  json.key("anyOf");
  json.begin_array();
  for (const auto& event : model::event_specs()) {
    if (event.type == model::EventType::track) write_ref(json, codec::schema_name(event));
  }
  json.raw(R"({"type":"object"})");
  json.end_array();
  json.end_object();
  for (const auto& event : model::event_specs()) {
    json.key(codec::schema_name(event));
    json.raw(codec::event_schema(event));
  }
  json.end_object();
  json.end_object();
}

}  // namespace

std::string openapi_document(std::span<const Route> routes) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("openapi", "3.1.0");
  json.key("info");
  json.raw(R"({"title":"Rapport","version":"1","license":{"name":"Apache-2.0","identifier":"Apache-2.0"},)"
           R"("description":"Events in, customers and segments out. Errors are RFC 9457 problems."})");
  write_paths(json, routes);
  write_components(json);
  json.end_object();
  return out;
}

}  // namespace rapport::http
