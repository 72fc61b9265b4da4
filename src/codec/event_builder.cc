#include "codec/event_builder.h"

#include <algorithm>

#include "codec/detail/json_text.h"
#include "codec/detail/property_encoder.h"
#include "codec/properties.h"
#include "model/catalogue_ids.h"
#include "model/plain_word.h"

namespace rapport::codec {
namespace {

using model::EventSpec;
using model::EventType;
using model::Identifier;
using model::IdentifierKind;

std::string_view object_name(EventType type) {
  return type == EventType::identify || type == EventType::group ? "traits" : "properties";
}

Error at_property(Error error, EventType type, std::string_view name) {
  const bool item = error.where.starts_with("[");
  const std::string place = fmt::format("{}.{}", object_name(type), name);
  error.where = item ? place + error.where : place;
  return error;
}

// Which properties name the customer as well; a property that the event declares otherwise is not taken.
std::optional<IdentifierKind> identifier_property(const EventSpec* spec, std::string_view name) {
  const auto kind = model::identifier_kind_from_name(name);
  if (!kind) return std::nullopt;
  switch (*kind) {
    case IdentifierKind::email:
    case IdentifierKind::phone:
      if (spec == nullptr ||
          (spec->kind != model::kind::identify && spec->kind != model::kind::user_registered)) {
        return std::nullopt;
      }
      return kind;
    case IdentifierKind::user_id:
    case IdentifierKind::anonymous_id:
      return std::nullopt;
    default:
      return kind;
  }
}

Status add_identifier(std::vector<Identifier>& out, IdentifierKind kind, std::string_view raw) {
  RAPPORT_TRY(Identifier identifier, Identifier::parse(kind, raw));
  if (is_blocked_identifier(identifier)) return {};
  if (std::find(out.begin(), out.end(), identifier) == out.end()) out.push_back(std::move(identifier));
  return {};
}

// The subject is the user id, else the member, else the anonymous id, else the first that there is.
int subject_rank(IdentifierKind kind) {
  switch (kind) {
    case IdentifierKind::user_id:
      return 0;
    case IdentifierKind::member_id:
      return 1;
    case IdentifierKind::anonymous_id:
      return 2;
    default:
      return 3;
  }
}

class Builder {
 public:
  explicit Builder(const EventInput& input)
      : input_(input), spec_(model::find_event(input.type, input.name)), clear_(event_.clear) {}

  Result<model::Event> build() && {
    RAPPORT_CHECK(head());
    RAPPORT_CHECK(identifiers());
    RAPPORT_CHECK(currency());
    if (spec_ != nullptr) RAPPORT_CHECK(required());
    if (spec_ != nullptr && spec_->is_noun)
      RAPPORT_CHECK(noun());
    else
      RAPPORT_CHECK(properties());
    return std::move(event_);
  }

 private:
  Status head() {
    event_.type = input_.type;
    if (spec_ != nullptr) event_.kind = spec_->kind;
    if (input_.type == EventType::track && input_.name.empty()) {
      return Error{Errc::bad_input, "track without a name", "event", "a name such as \"Order Completed\""};
    }
    if (input_.name.size() > kMostNameBytes) {
      return Error{Errc::too_large, fmt::format("name of {} bytes", input_.name.size()), "event",
                   fmt::format("at most {} bytes", kMostNameBytes)};
    }
    if (input_.message_id.size() > kMostMessageIdBytes) {
      return Error{Errc::too_large, fmt::format("message id of {} bytes", input_.message_id.size()),
                   "messageId", fmt::format("at most {} bytes", kMostMessageIdBytes)};
    }
    event_.name = input_.name;
    event_.message_id = input_.message_id;
    event_.timestamp = input_.timestamp;
    event_.sent_at = input_.sent_at;
    event_.from_import = input_.from_import;
    event_.is_alias = input_.type == EventType::alias;
    return {};
  }

  Status identifiers() {
    auto& out = event_.identifiers;
    for (const auto& [kind, raw] : input_.identifiers) RAPPORT_CHECK(add_identifier(out, kind, raw));
    if (event_.is_alias) return alias_pair();
    for (const PropertyInput& property : input_.properties) {
      const auto kind = identifier_property(spec_, property.name);
      if (!kind) continue;
      auto text = detail::text_of(property.value);
      if (!text.ok()) return at_property(text.error(), input_.type, property.name);
      auto added = add_identifier(out, *kind, *text);
      if (!added.ok()) return at_property(added.error(), input_.type, property.name);
    }
    std::stable_sort(out.begin(), out.end(), [](const Identifier& a, const Identifier& b) {
      return subject_rank(a.kind) < subject_rank(b.kind);
    });
    if (out.empty() && (spec_ == nullptr || !spec_->is_noun)) {
      return Error{Errc::bad_input, "nobody is named", "userId",
                   "a userId, anonymousId or another identifier that is not a stand-in for nobody"};
    }
    return {};
  }

  Status alias_pair() {
    const auto& ids = event_.identifiers;
    const bool two =
        ids.size() == 2 && ids[0].kind == IdentifierKind::user_id && ids[1].kind == IdentifierKind::user_id;
    if (two) return {};
    return Error{Errc::bad_input, "alias needs two different user ids", "previousId",
                 "userId and previousId, both naming somebody"};
  }

  Status currency() {
    currency_ = input_.shop_currency;
    for (const PropertyInput& property : input_.properties) {
      if (property.name != "currency") continue;
      if (spec_ == nullptr || model::find_property(*spec_, "currency") == nullptr) continue;
      const auto* text = std::get_if<std::string_view>(&property.value);
      auto parsed = text ? Currency::parse(*text)
                         : Result<Currency>(Error{Errc::bad_input, "not a currency", "", "such as \"CNY\""});
      if (!parsed.ok()) return at_property(parsed.error(), input_.type, "currency");
      currency_ = *parsed;
    }
    return {};
  }

  Status required() const {
    for (const model::PropertyId id : spec_->required) {
      const model::PropertySpec* wanted = model::find_property(id);
      const bool given =
          std::any_of(input_.properties.begin(), input_.properties.end(),
                      [&](const PropertyInput& property) { return property.name == wanted->name; }) ||
          (id == model::property::page_name && !input_.name.empty());
      if (given) continue;
      return at_property(
          Error{Errc::bad_input, fmt::format("{} needs {}", spec_->name, wanted->name), "",
                fmt::format("a {} such as {}", property_type_name(wanted->type), wanted->example)},
          input_.type, wanted->name);
    }
    return {};
  }

  Status properties() {
    std::string rest;
    detail::JsonObjectText personal(rest);
    bool has_page_name = false;
    for (const PropertyInput& property : input_.properties) {
      const model::PropertySpec* declared =
          spec_ == nullptr ? nullptr : model::find_property(*spec_, property.name);
      if (declared == nullptr || declared->sensitivity == model::Sensitivity::personal) {
        if (declared == nullptr && identifier_property(spec_, property.name)) continue;
        personal.key(property.name);
        detail::append_json_value(rest, property.value);
        continue;
      }
      has_page_name = has_page_name || declared->id == model::property::page_name;
      RAPPORT_CHECK(clear_property(*declared, property, personal, rest));
    }
    // Segment's page and screen carry their name beside the properties.
    const bool paged = input_.type == EventType::page || input_.type == EventType::screen;
    if (paged && !has_page_name && !input_.name.empty()) {
      clear_.text(model::property::page_name, input_.name);
    }
    personal.close();
    // The same shape as a wire message leaves behind: codec/segment.h.
    if (!rest.empty()) event_.personal = fmt::format("{{\"{}\":{}}}", object_name(input_.type), rest);
    return {};
  }

  Status clear_property(const model::PropertySpec& declared, const PropertyInput& property,
                        detail::JsonObjectText& personal, std::string& rest) {
    if (declared.sensitivity == model::Sensitivity::word_or_sealed) {
      const Result<std::string> text = detail::text_of(property.value);
      if (text.ok() && text->size() <= kMostClearTextBytes && !model::stays_clear(event_.kind, *text)) {
        personal.key(property.name);
        detail::append_json_value(rest, property.value);
        return {};
      }
    }
    std::string text_answers;
    detail::EncodeTo to{clear_, currency_, text_answers};
    auto encoded = detail::encode_clear(declared, property.value, to);
    if (!encoded.ok()) return at_property(std::move(encoded).error(), input_.type, property.name);
    if (const auto* lines = std::get_if<LinesInput>(&property.value); lines && !lines->rest.empty()) {
      personal.key(property.name);
      rest += lines->rest;
    }
    if (!text_answers.empty()) {
      personal.key(property.name);
      rest += text_answers;
    }
    return {};
  }

  // A noun is clear as a whole; the properties that folds read are written beside the body.
  Status noun() {
    std::string body;
    detail::JsonObjectText object(body);
    for (const PropertyInput& property : input_.properties) {
      object.key(property.name);
      detail::append_json_value(body, property.value);
      const model::PropertySpec* declared = model::find_property(*spec_, property.name);
      if (declared == nullptr) continue;
      std::string text_answers;
      detail::EncodeTo to{clear_, currency_, text_answers};
      auto encoded = detail::encode_clear(*declared, property.value, to);
      if (!encoded.ok()) return at_property(std::move(encoded).error(), input_.type, property.name);
    }
    object.close();
    clear_.text(model::property::noun_body, body);
    return {};
  }

  const EventInput& input_;
  const EventSpec* spec_;
  model::Event event_;
  PropertyWriter clear_;
  Currency currency_;
};

}  // namespace

Result<model::Event> build_event(const EventInput& input) {
  return Builder(input).build();
}

std::optional<model::PropertyType> declared_type(const EventSpec* event, std::string_view name) {
  const model::PropertySpec* spec = event == nullptr ? nullptr : model::find_property(*event, name);
  return spec == nullptr ? std::nullopt : std::optional(spec->type);
}

}  // namespace rapport::codec
