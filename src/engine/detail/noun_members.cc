#include "engine/detail/noun_members.h"

#include <cmath>
#include <cstdlib>

namespace rapport::engine {

Result<std::unique_ptr<NounMembers>> NounMembers::parse(std::string_view json) {
  auto members = std::make_unique<NounMembers>();
  members->text_ = json.empty() ? "{}" : json;
  RAPPORT_CHECK(members->index_.parse(members->text_));
  if (!members->index_.root().is(codec::JsonKind::object))
    return Error{Errc::bad_input, "this is no object", "", "a JSON object"};
  return members;
}

codec::JsonValue NounMembers::find(std::string_view name) const {
  const codec::JsonValue value = index_.root().find(name);
  return value.present() && !value.is_null() ? value : codec::JsonValue();
}

std::string NounMembers::text(std::string_view name) const {
  const codec::JsonValue value = find(name);
  return value.present() && value.is(codec::JsonKind::string) ? value.text() : "";
}

std::string_view NounMembers::raw(std::string_view name) const {
  const codec::JsonValue value = find(name);
  return value.present() ? value.raw() : std::string_view();
}

std::optional<double> NounMembers::number(std::string_view name) const {
  const codec::JsonValue value = find(name);
  if (!value.present()) return std::nullopt;
  const std::string text = value.is(codec::JsonKind::string) ? value.text() : std::string(value.raw());
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<std::int64_t> NounMembers::minor(std::string_view name, Currency currency) const {
  const codec::JsonValue value = find(name);
  if (!value.present()) return std::nullopt;
  if (value.is(codec::JsonKind::string)) return codec::scaled_decimal(value.text(), currency.decimals());
  return value.is(codec::JsonKind::number) ? value.scaled(currency.decimals()) : std::nullopt;
}

std::optional<Instant> NounMembers::time(std::string_view name) const {
  const auto parsed = parse_instant(text(name));
  return parsed.ok() ? std::optional<Instant>(*parsed) : std::nullopt;
}

Result<std::string> NounMembers::need_text(std::string_view name, std::size_t most) const {
  std::string value = text(name);
  if (!value.empty() && value.size() <= most) return value;
  return Error{Errc::bad_input, fmt::format("{} is missing or wrong", name), std::string(name),
               fmt::format("1 to {} bytes of text", most)};
}

Result<double> NounMembers::need_number(std::string_view name) const {
  if (const auto value = number(name)) return *value;
  return Error{Errc::bad_input, fmt::format("{} is missing or wrong", name), std::string(name), "a number"};
}

}  // namespace rapport::engine
