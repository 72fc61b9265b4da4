#include "codec/segment.h"

#include "codec/detail/event_parser.h"

namespace rapport::codec {
namespace {

struct Names {
  std::string_view word;
  EndpointKind kind;
};
constexpr Names kEndpoints[] = {
    {"track", EndpointKind::track},   {"t", EndpointKind::track},     {"identify", EndpointKind::identify},
    {"i", EndpointKind::identify},    {"page", EndpointKind::page},   {"p", EndpointKind::page},
    {"screen", EndpointKind::screen}, {"s", EndpointKind::screen},    {"group", EndpointKind::group},
    {"g", EndpointKind::group},       {"alias", EndpointKind::alias}, {"a", EndpointKind::alias},
    {"batch", EndpointKind::batch},   {"b", EndpointKind::batch},     {"import", EndpointKind::batch}};

std::optional<model::EventType> type_of(EndpointKind endpoint) {
  switch (endpoint) {
    case EndpointKind::track:
      return model::EventType::track;
    case EndpointKind::identify:
      return model::EventType::identify;
    case EndpointKind::page:
      return model::EventType::page;
    case EndpointKind::screen:
      return model::EventType::screen;
    case EndpointKind::group:
      return model::EventType::group;
    case EndpointKind::alias:
      return model::EventType::alias;
    case EndpointKind::batch:
      break;
  }
  return std::nullopt;
}

struct ThreadState {
  JsonIndex json;
  detail::EventParser parser;
};
ThreadState& thread_state() {
  thread_local ThreadState state;
  return state;
}

void take(detail::EventParser& parser, JsonValue message, std::optional<model::EventType> type,
          std::size_t index, const ParseOptions& options, ParsedBatch& out) {
  out.accepted.emplace_back();
  if (parser.parse(message, type, out.accepted.back())) return;
  out.accepted.pop_back();
  out.dead.push_back(
      {index, std::move(parser.error()), std::string(message.raw().substr(0, options.event_bytes_max))});
}

JsonValue object_or_nothing(JsonValue value) {
  return value.present() && value.is(JsonKind::object) ? value : JsonValue{};
}

Result<ParsedBatch> take_batch(ThreadState& state, JsonValue root, const ParseOptions& options) {
  const JsonValue list = root.find("batch");
  if (!list.present() || !list.is(JsonKind::array)) {
    return Error{Errc::bad_input, "batch is no list", "batch", "a list of messages"};
  }
  // Of two lists one would be lost.
  std::size_t lists = 0;
  for (JsonMembers members(root); members.next();) lists += members.key() == "batch" ? 1 : 0;
  if (lists > 1) return Error{Errc::bad_input, "batch stands there twice", "batch", "one list of messages"};
  ParsedBatch out;
  state.parser.start(options, {object_or_nothing(root.find("context")), root.find("sentAt")});
  std::size_t count = 0;
  for (JsonItems items(list); items.next();) ++count;
  out.accepted.reserve(count);
  std::size_t index = 0;
  for (JsonItems items(list); items.next(); ++index) {
    take(state.parser, items.value(), std::nullopt, index, options, out);
  }
  return out;
}

}  // namespace

std::optional<EndpointKind> endpoint_from_name(std::string_view name) {
  for (const auto& [word, kind] : kEndpoints) {
    if (word == name) return kind;
  }
  return std::nullopt;
}

Result<ParsedBatch> parse_batch(std::string_view body, EndpointKind endpoint, const ParseOptions& options) {
  const bool is_batch = endpoint == EndpointKind::batch;
  const std::size_t most = is_batch ? options.batch_bytes_max : options.event_bytes_max;
  if (body.size() > most) {
    return Error{Errc::too_large, fmt::format("a body of {} bytes", body.size()), "",
                 fmt::format("at most {} bytes", most)};
  }
  ThreadState& state = thread_state();
  RAPPORT_CHECK(state.json.parse(body));
  const JsonValue root = state.json.root();
  if (!root.is(JsonKind::object)) return Error{Errc::bad_input, "the body is no object", "", "a JSON object"};
  if (is_batch) return take_batch(state, root, options);
  ParsedBatch out;
  state.parser.start(options, {});
  take(state.parser, root, type_of(endpoint), 0, options, out);
  return out;
}

Result<std::string> write_key_of(std::string_view body) {
  ThreadState& state = thread_state();
  RAPPORT_CHECK(state.json.parse(body));
  const JsonValue key = state.json.root().find("writeKey");
  return key.present() ? key.text() : std::string();
}

Result<model::Event> parse_message(std::string_view json, const ParseOptions& options) {
  if (json.size() > options.event_bytes_max) {
    return Error{Errc::too_large, fmt::format("an event of {} bytes", json.size()), "",
                 fmt::format("at most {} bytes", options.event_bytes_max)};
  }
  ThreadState& state = thread_state();
  RAPPORT_CHECK(state.json.parse(json));
  state.parser.start(options, {});
  model::Event event;
  if (!state.parser.parse(state.json.root(), std::nullopt, event)) return std::move(state.parser.error());
  return event;
}

}  // namespace rapport::codec
