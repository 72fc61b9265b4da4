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
  // What is below the smallest coin is a slip, not an amount.
  const std::string text = value.is(codec::JsonKind::string) ? value.text() : std::string(value.raw());
  const auto minor = codec::scaled_decimal(text, currency.decimals());
  constexpr int kMore = 3;
  const auto finer = codec::scaled_decimal(text, currency.decimals() + kMore);
  if (value.is(codec::JsonKind::boolean) || !minor || !finer || *finer % 1'000 != 0) return std::nullopt;
  const auto point = text.find('.');
  const auto places = point == std::string::npos ? std::string::npos
                                                 : point + 1 + static_cast<std::size_t>(currency.decimals());
  const bool plain = text.find_first_of("eE") == std::string::npos;
  if (plain && places < text.size() && text.find_first_not_of('0', places) != std::string::npos)
    return std::nullopt;
  return minor;
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

std::unique_ptr<NounMembers> opened_members(std::string_view personal_json) {
  if (personal_json.empty()) return nullptr;
  auto whole = NounMembers::parse(personal_json);
  if (!whole.ok()) return nullptr;
  const codec::JsonValue own = (*whole)->find("properties");
  if (!own.present()) return *std::move(whole);
  auto inner = NounMembers::parse(own.raw());
  return inner.ok() ? *std::move(inner) : nullptr;
}

}  // namespace rapport::engine
