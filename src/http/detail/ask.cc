#include "http/detail/ask.h"

#include <charconv>

namespace rapport::http::detail {
namespace {

Error wrong_member(std::string_view name, std::string_view expected) {
  return Error{Errc::bad_input, fmt::format("{} is missing or wrong", name), std::string(name),
               std::string(expected)};
}

}  // namespace

Result<std::unique_ptr<Body>> Body::parse(std::string_view text) {
  auto body = std::make_unique<Body>();
  body->text_ = text.empty() ? "{}" : text;
  RAPPORT_CHECK(body->index_.parse(body->text_));
  if (!body->index_.root().is(codec::JsonKind::object)) {
    return Error{Errc::bad_input, "the body is no object", "", "a JSON object"};
  }
  return body;
}

codec::JsonValue Body::find(std::string_view name) const {
  const codec::JsonValue value = index_.root().find(name);
  return value.present() && !value.is_null() ? value : codec::JsonValue();
}

bool Body::has(std::string_view name) const {
  return find(name).present();
}

bool Body::is_null(std::string_view name) const {
  const codec::JsonValue value = index_.root().find(name);
  return value.present() && value.is_null();
}

Status Body::only(std::initializer_list<std::string_view> names) const {
  for (codec::JsonMembers members(index_.root()); members.next();) {
    if (std::find(names.begin(), names.end(), members.key()) != names.end()) continue;
    return Error{Errc::bad_input, "unknown member", std::string(members.key()),
                 fmt::format("one of: {}", fmt::join(names, ", "))};
  }
  return {};
}

Result<std::string> Body::text(std::string_view name) const {
  const codec::JsonValue value = find(name);
  if (!value.present() || !value.is(codec::JsonKind::string)) return wrong_member(name, "a text");
  return value.text();
}

Result<std::string> Body::text_or(std::string_view name, std::string_view fallback) const {
  if (!has(name)) return std::string(fallback);
  return text(name);
}

Result<std::int64_t> Body::integer_or(std::string_view name, std::int64_t fallback) const {
  const codec::JsonValue value = find(name);
  if (!value.present()) return fallback;
  const auto whole = value.integer();
  if (!whole) return wrong_member(name, "a whole number");
  return *whole;
}

Result<bool> Body::flag_or(std::string_view name, bool fallback) const {
  const codec::JsonValue value = find(name);
  if (!value.present()) return fallback;
  if (!value.is(codec::JsonKind::boolean)) return wrong_member(name, "true or false");
  return value.is_true();
}

Result<std::vector<std::string>> Body::texts(std::string_view name) const {
  const codec::JsonValue value = find(name);
  std::vector<std::string> out;
  if (!value.present()) return out;
  if (!value.is(codec::JsonKind::array)) return wrong_member(name, "a list of texts");
  for (codec::JsonItems items(value); items.next();) {
    if (!items.value().is(codec::JsonKind::string)) return wrong_member(name, "a list of texts");
    out.push_back(items.value().text());
  }
  return out;
}

Result<std::uint64_t> number_of(std::string_view text, std::string_view name, std::uint64_t most) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end || number > most) {
    return Error{Errc::bad_input, fmt::format("{} is no number we take", name), std::string(name),
                 fmt::format("a whole number up to {}", most)};
  }
  return number;
}

Result<std::uint64_t> number_parameter(const Request& request, std::string_view name, std::uint64_t fallback,
                                       std::uint64_t most) {
  const auto text = request.parameter(name);
  if (!text || text->empty()) return fallback;
  return number_of(*text, name, most);
}

bool flag_parameter(const Request& request, std::string_view name) {
  const auto text = request.parameter(name);
  return text && *text != "false" && *text != "0";
}

Result<std::optional<Instant>> time_parameter(const Request& request, std::string_view name) {
  const auto text = request.parameter(name);
  if (!text || text->empty()) return std::optional<Instant>();
  auto parsed = parse_instant(*text);
  if (!parsed.ok()) return std::move(parsed).error().at(name);
  return std::optional<Instant>(*parsed);
}

}  // namespace rapport::http::detail
