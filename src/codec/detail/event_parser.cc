#include "codec/detail/event_parser.h"

#include <algorithm>

#include "model/catalogue_ids.h"

namespace rapport::codec::detail {

using model::EventType;
using model::IdentifierKind;

namespace {

constexpr std::size_t kMessageIdMostBytes = 256;
constexpr std::size_t kEventNameMostBytes = 200;

constexpr std::string_view kMemberNames[] = {
    "type",    "event",     "name",      "category", "userId",  "anonymousId", "previousId",
    "groupId", "messageId", "timestamp", "sentAt",   "context", "properties",  "traits"};
static_assert(std::size(kMemberNames) == kMemberCount);

const KeyTable& member_table() {
  static const KeyTable table(kMemberNames);
  return table;
}

bool is_absent(JsonValue value) {
  return !value.present() || value.is_null();
}

/// Identifiers that senders put among properties and traits.
std::optional<IdentifierKind> identifier_by_name(std::string_view name) {
  switch (name.size()) {
    case 5:
      if (name == "email") return IdentifierKind::email;
      if (name == "phone") return IdentifierKind::phone;
      return std::nullopt;
    case 6:
      if (name == "openid") return IdentifierKind::openid;
      return std::nullopt;
    case 7:
      if (name == "unionid") return IdentifierKind::unionid;
      return std::nullopt;
    case 9:
      if (name == "member_id") return IdentifierKind::member_id;
      if (name == "device_id") return IdentifierKind::device_id;
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

/// The subject is the first: user id, else member, else anonymous, else any.
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

}  // namespace

void EventParser::start(const ParseOptions& options, const Shared& shared) {
  options_ = &options;
  shared_ = shared;
}

bool EventParser::wrong(std::string_view message, std::string_view where, std::string_view expected) {
  error_ = Error{Errc::bad_input, std::string(message), std::string(where), std::string(expected)};
  return false;
}

bool EventParser::parse(JsonValue message, std::optional<EventType> type, model::Event& out) {
  event_ = &out;
  members_.fill({});
  if (!message.is(JsonKind::object)) return wrong("an event that is no object", "", "a JSON object");
  if (message.raw().size() > options_->event_bytes_max) {
    error_ = Error{Errc::too_large, fmt::format("an event of {} bytes", message.raw().size()), "",
                   fmt::format("at most {} bytes", options_->event_bytes_max)};
    return false;
  }
  if (message.height() > kEventDeepest) {
    return wrong("an event nested too deep", "", fmt::format("at most {} levels", kEventDeepest));
  }
  out.clear.reserve(128);
  out.personal.reserve(256);
  personal_.emplace(out.personal);
  if (!read_members(message) || !decide_type(type) || !decide_kind() || !read_times()) return false;
  if (spec_ != nullptr && spec_->is_noun) return write_noun(members_[kProperties]);
  if (!read_identifiers() || !read_properties()) return false;
  const JsonValue context = is_absent(members_[kContext]) ? shared_.context : members_[kContext];
  if (!is_absent(context) && !read_context(context)) return false;
  personal_->finish();
  order_identifiers();
  if (out.identifiers.empty()) {
    return wrong("nobody is named", "userId",
                 "userId, anonymousId or another identifier that is not blocked");
  }
  return true;
}

bool EventParser::read_members(JsonValue message) {
  for (JsonMembers members(message); members.next();) {
    const int which = member_table().find(members.key());
    if (which < 0) continue;
    JsonValue& place = members_[static_cast<std::size_t>(which)];
    if (place.present()) return wrong("a member given twice", members.key(), "each member once");
    place = members.value();
  }
  for (const Member section : {kContext, kProperties, kTraits}) {
    const JsonValue value = members_[section];
    if (!is_absent(value) && !value.is(JsonKind::object)) {
      return wrong(fmt::format("{} is no object", kMemberNames[section]), kMemberNames[section],
                   "a JSON object");
    }
  }
  return true;
}

bool EventParser::decide_type(std::optional<EventType> endpoint) {
  std::optional<EventType> named;
  if (!is_absent(members_[kType])) {
    const auto name = members_[kType].plain_text();
    if (name) named = model::event_type_from_name(*name);
    if (!named) return wrong("unknown type", "type", "track, identify, page, screen, group or alias");
  }
  if (!endpoint && !named) {
    return wrong("no type", "type", "track, identify, page, screen, group or alias");
  }
  if (endpoint && named && *endpoint != *named) {
    return wrong("the type is not that of the endpoint", "type", model::event_type_name(*endpoint));
  }
  event_->type = endpoint ? *endpoint : *named;
  return true;
}

bool EventParser::decide_kind() {
  std::string_view name;
  if (event_->type == EventType::track) {
    const JsonValue value = members_[kEvent];
    if (is_absent(value) || !value.is(JsonKind::string)) return wrong("no event name", "event", "a text");
    name = value.text(scratch_);
    if (name.empty() || name.size() > kEventNameMostBytes || name.find('\0') != std::string_view::npos) {
      return wrong("unusable event name", "event", "a text of 1 to 200 bytes");
    }
    event_->name.assign(name);
  }
  spec_ = model::find_event(event_->type, name);
  declared_ = spec_ == nullptr ? nullptr : &fields_of(*spec_);
  event_->kind = spec_ == nullptr ? model::EventKind{} : spec_->kind;
  return true;
}

bool EventParser::read_instant(JsonValue value, std::string_view where, std::optional<Instant>& out) {
  if (is_absent(value)) return true;
  const auto text = value.plain_text();
  if (!text)
    return wrong(fmt::format("{} is no text", where), where, "RFC 3339, such as 2026-11-22T03:04:05Z");
  auto parsed = parse_instant(*text);
  if (!parsed.ok()) {
    error_ = std::move(parsed).error().at(where);
    return false;
  }
  out = *parsed;
  return true;
}

bool EventParser::read_times() {
  const JsonValue id = members_[kMessageId];
  if (!is_absent(id)) {
    if (!id.is(JsonKind::string)) return wrong("messageId is no text", "messageId", "a text");
    event_->message_id.assign(id.text(scratch_));
    if (event_->message_id.size() > kMessageIdMostBytes) {
      return wrong("messageId is too long", "messageId", "at most 256 bytes");
    }
  }
  if (!read_instant(members_[kTimestamp], "timestamp", event_->timestamp)) return false;
  // Before 1970 no program sent anything; such a time is a mistake that would pull a shop's first days apart.
  if (event_->timestamp && event_->timestamp->ms < 0) {
    return wrong("timestamp is before 1970", "timestamp", "when it happened, such as 2026-11-22T03:04:05Z");
  }
  const JsonValue own = members_[kSentAt];
  return read_instant(is_absent(own) ? shared_.sent_at : own, "sentAt", event_->sent_at);
}

bool EventParser::add_identifier(IdentifierKind kind, JsonValue value, std::string_view section,
                                 std::string_view name) {
  if (is_absent(value)) return true;
  const auto where = [&] {
    return section.empty() ? std::string(name) : fmt::format("{}.{}", section, name);
  };
  std::string_view text;
  if (value.is(JsonKind::string)) {
    text = value.text(scratch_);
  } else if (value.is(JsonKind::number) && value.integer()) {
    text = value.raw();
  } else {
    return wrong("an identifier that is no text", where(), "a text");
  }
  if (text.empty()) return true;
  auto parsed = model::Identifier::parse(kind, text);
  if (!parsed.ok()) {
    error_ = std::move(parsed).error();
    error_.where = where();
    return false;
  }
  auto& known = event_->identifiers;
  if (model::is_blocked_identifier(*parsed) ||
      std::find(known.begin(), known.end(), *parsed) != known.end()) {
    return true;
  }
  known.push_back(std::move(*parsed));
  return true;
}

bool EventParser::named_identifier(std::string_view name, JsonValue value, std::string_view section) {
  const auto kind = identifier_by_name(name);
  return !kind || add_identifier(*kind, value, section, name);
}

bool EventParser::read_identifiers() {
  event_->identifiers.reserve(4);
  if (event_->type == EventType::alias) return read_alias();
  return add_identifier(IdentifierKind::user_id, members_[kUserId], "", "userId") &&
         add_identifier(IdentifierKind::anonymous_id, members_[kAnonymousId], "", "anonymousId");
}

bool EventParser::read_alias() {
  auto& ids = event_->identifiers;
  if (!add_identifier(IdentifierKind::user_id, members_[kUserId], "", "userId")) return false;
  if (ids.empty()) return wrong("alias names no user", "userId", "a user id");
  if (!add_identifier(IdentifierKind::user_id, members_[kPreviousId], "", "previousId")) return false;
  event_->is_alias = ids.size() == 2;
  if (is_absent(members_[kPreviousId])) return wrong("alias names no second user", "previousId", "a user id");
  if (!add_identifier(IdentifierKind::anonymous_id, members_[kAnonymousId], "", "anonymousId")) return false;
  // A browser that has only seen its visitor anonymously says so: then it is the anonymous id that is meant.
  const bool is_anonymous = ids.size() == 3 && ids[1].value == ids[2].value;
  if (is_anonymous) {
    ids.erase(ids.begin() + 1);
    event_->is_alias = false;
  } else if (event_->is_alias) {
    ids.resize(2);
  }
  return true;
}

bool EventParser::read_external_ids(JsonValue list) {
  for (JsonItems items(list); items.next();) {
    const JsonValue type = items.value().find("type");
    const auto name = type.present() ? type.plain_text() : std::nullopt;
    const auto kind = name ? model::identifier_kind_from_name(*name) : std::nullopt;
    if (!kind) continue;
    if (!add_identifier(*kind, items.value().find("id"), "context.externalIds", *name)) return false;
  }
  return true;
}

/// The context is personal as a whole; only the identifiers in it are looked at.
bool EventParser::read_context(JsonValue context) {
  personal_->whole("context", context.raw());
  if (event_->is_alias) return true;
  for (JsonMembers members(context); members.next();) {
    const std::string_view key = members.key();
    const JsonValue value = members.value();
    if (key == "device") {
      if (!add_identifier(IdentifierKind::device_id, value.find("id"), "context.device", "id")) return false;
    } else if (key == "traits") {
      for (JsonMembers traits(value); traits.next();) {
        if (!named_identifier(traits.key(), traits.value(), "context.traits")) return false;
      }
    } else if (key == "externalIds") {
      if (!read_external_ids(value)) return false;
    }
  }
  return true;
}

void EventParser::order_identifiers() {
  auto& ids = event_->identifiers;
  if (event_->is_alias || ids.size() < 2) return;
  std::stable_sort(ids.begin(), ids.end(),
                   [](const auto& a, const auto& b) { return subject_rank(a.kind) < subject_rank(b.kind); });
}

void EventParser::use_envelope_fields() {
  const auto use = [this](int place, JsonValue value) {
    if (place < 0 || is_absent(value)) return;
    fields_[static_cast<std::size_t>(place)] = value;
    from_envelope_ |= 1u << place;
  };
  const bool is_view = event_->type == EventType::page || event_->type == EventType::screen;
  use(is_view ? declared_->page_name : -1, members_[kName]);
  use(is_view ? declared_->category : -1, members_[kCategory]);
  use(event_->type == EventType::group ? declared_->group_id : -1, members_[kGroupId]);
}

bool EventParser::read_section(JsonValue object, std::string_view section, bool declared) {
  if (is_absent(object)) return true;
  const bool identifies = event_->type != EventType::group && !event_->is_alias;
  for (JsonMembers members(object); members.next();) {
    const JsonValue value = members.value();
    if (identifies && !named_identifier(members.key(), value, section)) return false;
    const int place = declared ? declared_->by_name.find(members.key()) : -1;
    if (place < 0) {
      personal_->member(section, members.raw_key(), value.raw());
      continue;
    }
    if (from_envelope_ >> place & 1) continue;
    JsonValue& field = fields_[static_cast<std::size_t>(place)];
    if (field.present()) {
      return wrong("a property given twice", fmt::format("{}.{}", section, members.key()),
                   "each property once");
    }
    field = value;
  }
  return true;
}

bool EventParser::write_declared(std::string_view section) {
  // A page without a name is what browsers' clients send by default: its title or path stands in.
  if (event_->type == EventType::page && is_absent(fields_[static_cast<std::size_t>(declared_->page_name)])) {
    for (const std::string_view name : {"title", "path"}) {
      const JsonValue instead = fields_[static_cast<std::size_t>(declared_->by_name.find(name))];
      if (is_absent(instead) || instead.raw() == "\"\"") continue;
      fields_[static_cast<std::size_t>(declared_->page_name)] = instead;
      break;
    }
  }
  Currency currency = options_->currency;
  if (declared_->currency >= 0) {
    const JsonValue named = fields_[static_cast<std::size_t>(declared_->currency)];
    const auto code = is_absent(named) ? std::nullopt : named.plain_text();
    if (code) {
      const auto parsed = Currency::parse(*code);
      if (parsed.ok()) currency = *parsed;  // Otherwise convert() below refuses it.
    }
  }
  check_.start(event_->kind, event_->clear, &*personal_, currency);
  for (std::size_t i = 0; i < declared_->properties.size(); ++i) {
    const auto& property = *declared_->properties[i];
    const bool missing = is_absent(fields_[i]) || (i < declared_->required && fields_[i].raw() == "\"\"");
    if (missing && i < declared_->required) {
      return wrong(fmt::format("{} is missing", property.name), fmt::format("{}.{}", section, property.name),
                   fmt::format("{} such as {}", model::property_type_name(property.type), property.example));
    }
    if (missing) continue;
    if (!check_.convert(property, fields_[i], section)) {
      error_ = std::move(check_.error());
      return false;
    }
  }
  return true;
}

bool EventParser::read_properties() {
  const bool is_identify = event_->type == EventType::identify;
  fields_.fill({});
  from_envelope_ = 0;
  if (declared_ != nullptr) use_envelope_fields();
  const bool known = declared_ != nullptr;
  if (!read_section(members_[kProperties], "properties", known && !is_identify)) return false;
  if (known && !is_identify && !write_declared("properties")) return false;
  if (!read_section(members_[kTraits], "traits", is_identify)) return false;
  return !is_identify || write_declared("traits");
}

/// Nouns are nobody's: all of it is clear, as one JSON text, and the declared fields beside it.
bool EventParser::write_noun(JsonValue properties) {
  fields_.fill({});
  from_envelope_ = 0;
  for (JsonMembers members(properties); members.next();) {
    const int place = declared_->by_name.find(members.key());
    if (place < 0) continue;
    JsonValue& field = fields_[static_cast<std::size_t>(place)];
    if (field.present()) {
      return wrong("a property given twice", fmt::format("properties.{}", members.key()),
                   "each property once");
    }
    field = members.value();
  }
  if (!write_declared("properties")) return false;
  PropertyWriter(event_->clear).text(model::property::noun_body, properties.raw());
  event_->personal.clear();
  return true;
}

}  // namespace rapport::codec::detail
