#include "codec/json_row.h"

#include <simdjson.h>

#include "codec/detail/json_text.h"

namespace rapport::codec {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

constexpr int kMostDepth = 16;

void add_object(const simdjson::dom::object& object, const std::string& prefix, int depth,
                JsonRowParser::Cells& out);

void add_value(const element& value, std::string name, int depth, JsonRowParser::Cells& out) {
  switch (value.type()) {
    case element_type::OBJECT:
      if (depth < kMostDepth) {
        add_object(value.get_object().value_unsafe(), name + ".", depth + 1, out);
        return;
      }
      out.emplace_back(std::move(name), simdjson::minify(value));
      return;
    case element_type::NULL_VALUE:
      return;
    case element_type::STRING:
      out.emplace_back(std::move(name), std::string(value.get_string().value_unsafe()));
      return;
    case element_type::DOUBLE: {
      std::string digits;
      detail::append_json_number(digits, value.get_double().value_unsafe());
      out.emplace_back(std::move(name), std::move(digits));
      return;
    }
    default:
      out.emplace_back(std::move(name), simdjson::minify(value));
  }
}

void add_object(const simdjson::dom::object& object, const std::string& prefix, int depth,
                JsonRowParser::Cells& out) {
  for (const auto member : object) add_value(member.value, prefix + std::string(member.key), depth, out);
}

}  // namespace

struct JsonRowParser::State {
  simdjson::dom::parser parser;
};

JsonRowParser::JsonRowParser() : state_(std::make_unique<State>()) {}
JsonRowParser::~JsonRowParser() = default;
JsonRowParser::JsonRowParser(JsonRowParser&&) noexcept = default;
JsonRowParser& JsonRowParser::operator=(JsonRowParser&&) noexcept = default;

Status JsonRowParser::parse(std::string_view line, Cells& out) {
  element root;
  const auto wrong = state_->parser.parse(line.data(), line.size()).get(root);
  if (wrong != simdjson::SUCCESS) {
    return Error{Errc::bad_input, fmt::format("not JSON: {}", simdjson::error_message(wrong)), "",
                 "one JSON object a line"};
  }
  simdjson::dom::object object;
  if (root.get(object) != simdjson::SUCCESS) {
    return Error{Errc::bad_input, "not a JSON object", "", "one JSON object a line"};
  }
  add_object(object, "", 0, out);
  return {};
}

}  // namespace rapport::codec
