#include "codec/recipe.h"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "codec/detail/recipe_decimal.h"
#include "codec/detail/recipe_json.h"
#include "codec/detail/recipe_mapping.h"
#include "model/event_names.h"

namespace rapport::codec {

namespace json = boost::json;
using detail::EventMapping;
using detail::only_members;
using detail::text_member;
using detail::texts_member;

namespace detail {

std::string text_member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

Result<std::vector<std::string>> texts_member(const json::object& object, std::string_view name) {
  std::vector<std::string> texts;
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return texts;
  const auto add = [&](const json::value& item) {
    if (item.is_string()) texts.emplace_back(item.get_string());
    return item.is_string();
  };
  bool good = value->is_array() || add(*value);
  if (value->is_array()) {
    for (const json::value& item : value->get_array()) good = add(item) && good;
  }
  if (!good) return Error{Errc::bad_input, "not a text or list of texts", std::string(name)};
  return texts;
}

Status only_members(const json::object& object, std::initializer_list<std::string_view> names) {
  for (const auto& member : object) {
    const std::string_view key = member.key();
    if (std::find(names.begin(), names.end(), key) != names.end()) continue;
    std::string known;
    for (const std::string_view name : names) known += (known.empty() ? "" : ", ") + std::string(name);
    return Error{Errc::bad_input, "unknown member", std::string(key), "one of: " + known};
  }
  return {};
}

}  // namespace detail

namespace {

constexpr std::size_t kMostRecipeBytes = 1 << 20;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool glob(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() == '*') {
    for (std::size_t skip = 0; skip <= name.size(); ++skip) {
      if (glob(pattern.substr(1), name.substr(skip))) return true;
    }
    return false;
  }
  return !name.empty() && lower(pattern.front()) == lower(name.front()) &&
         glob(pattern.substr(1), name.substr(1));
}

Result<const json::object*> object_member(const json::object& object, std::string_view name) {
  static const json::object kEmpty;
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return &kEmpty;
  if (!value->is_object()) return Error{Errc::bad_input, "not an object", std::string(name)};
  return &value->get_object();
}

Error at_index(Error error, std::string_view name, std::size_t i) {
  return std::move(error).at(fmt::format("{}[{}]", name, i));
}

}  // namespace

bool RecipeFile::matches(std::string_view file_name) const {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return glob(pattern, file_name); });
}

/// Reads a recipe member by member; errors carry the path.
struct RecipeParser {
  const json::object& root;
  Recipe recipe;
  std::optional<text::Zone> zone;

  Status parse() {
    RAPPORT_CHECK(only_members(
        root, {"recipe", "title", "currency", "zone", "files", "facts", "proxies", "events", "notes"}));
    recipe.name_ = text_member(root, "recipe");
    if (recipe.name_.empty() || recipe.name_.size() > 40) {
      return Error{Errc::bad_input, "a recipe needs a name", "recipe", "a text of 1 to 40 bytes"};
    }
    recipe.title_ = text_member(root, "title");
    if (const std::string code = text_member(root, "currency"); !code.empty()) {
      RAPPORT_TRY(recipe.currency_, Currency::parse(code));
    }
    const std::string zone_name = text_member(root, "zone");
    RAPPORT_TRY(zone, text::Zone::find(zone_name.empty() ? "UTC" : zone_name));
    RAPPORT_CHECK(files());
    RAPPORT_CHECK(facts());
    return events();
  }

  Status files() {
    RAPPORT_TRY(const json::object* files, object_member(root, "files"));
    for (const auto& [role, value] : *files) {
      if (!value.is_object())
        return Error{Errc::bad_input, "not an object", fmt::format("files.{}", std::string(role))};
      const json::object& object = value.get_object();
      RecipeFile file;
      file.role = role;
      auto read = [&]() -> Status {
        RAPPORT_CHECK(only_members(object, {"match", "optional", "sheet", "messages"}));
        RAPPORT_TRY(file.patterns, texts_member(object, "match"));
        if (file.patterns.empty())
          return Error{Errc::bad_input, "missing", "match", "a pattern such as *orders*"};
        file.sheet = text_member(object, "sheet");
        const auto* optional = object.if_contains("optional");
        file.required = !(optional != nullptr && optional->is_bool() && optional->get_bool());
        const auto* messages = object.if_contains("messages");
        file.messages = messages != nullptr && messages->is_bool() && messages->get_bool();
        return {};
      }();
      if (!read.ok()) return std::move(read).error().at(fmt::format("files.{}", file.role));
      recipe.files_.push_back(std::move(file));
    }
    if (recipe.files_.empty()) return Error{Errc::bad_input, "a recipe needs files", "files"};
    return {};
  }

  Status facts() {
    RAPPORT_TRY(const json::object* facts, object_member(root, "facts"));
    auto listed = [&]() -> Status {
      RAPPORT_CHECK(only_members(*facts, {"has", "lacks"}));
      RAPPORT_TRY(recipe.has_, texts_member(*facts, "has"));
      RAPPORT_TRY(recipe.lacks_, texts_member(*facts, "lacks"));
      return {};
    }();
    if (!listed.ok()) return std::move(listed).error().at("facts");
    const json::value* proxies = root.if_contains("proxies");
    if (proxies == nullptr) return {};
    if (!proxies->is_array()) return Error{Errc::bad_input, "not a list", "proxies"};
    for (const json::value& value : proxies->get_array()) {
      if (!value.is_object()) return Error{Errc::bad_input, "not an object", "proxies"};
      const json::object& object = value.get_object();
      RecipeProxy proxy{text_member(object, "fact"), text_member(object, "from"), text_member(object, "why")};
      if (proxy.fact.empty() || proxy.taken_from.empty()) {
        return at_index(Error{Errc::bad_input, "needs fact and from"}, "proxies", recipe.proxies_.size());
      }
      recipe.proxies_.push_back(std::move(proxy));
    }
    return {};
  }

  Status events() {
    const json::value* events = root.if_contains("events");
    const bool has_messages = std::any_of(recipe.files_.begin(), recipe.files_.end(),
                                          [](const RecipeFile& file) { return file.messages; });
    if (events == nullptr && has_messages) return {};
    if (events == nullptr || !events->is_array()) return Error{Errc::bad_input, "not a list", "events"};
    for (const json::value& value : events->get_array()) {
      const std::size_t i = recipe.mappings_.size();
      if (!value.is_object()) return at_index(Error{Errc::bad_input, "not an object"}, "events", i);
      auto mapping = event(value.get_object());
      if (!mapping.ok()) return at_index(std::move(mapping).error(), "events", i);
      mapping->number = i;
      warn_of_name(*mapping);
      recipe.mappings_.push_back(std::make_shared<const EventMapping>(std::move(mapping).value()));
    }
    return {};
  }

  void warn_of_name(const EventMapping& mapping) {
    if (mapping.type != model::EventType::track || model::find_event(mapping.type, mapping.name)) return;
    const std::string_view nearest = model::nearest_event_name(mapping.name);
    recipe.warnings_.push_back(fmt::format(
        "events[{}].event: '{}' is not in the catalogue and is kept under this name{}", mapping.number,
        mapping.name, nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
  }

  bool is_role(std::string_view role) const {
    return std::any_of(recipe.files_.begin(), recipe.files_.end(),
                       [&](const RecipeFile& file) { return file.role == role && !file.messages; });
  }

  Result<EventMapping> event(const json::object& object) {
    RAPPORT_CHECK(only_members(object, {"event", "type", "from", "group_by", "join", "when", "key", "time",
                                        "identifiers", "properties", "traits", "note"}));
    EventMapping out;
    RAPPORT_CHECK(head(object, out));
    RAPPORT_CHECK(joins(object, out));
    RAPPORT_CHECK(conditions(object, out));
    RAPPORT_TRY(const auto key, one(object, "key"));
    RAPPORT_TRY(const auto time, one(object, "time"));
    if (!key) return Error{Errc::bad_input, "missing", "key", "an expression that tells the rows apart"};
    if (!time) return Error{Errc::bad_input, "missing", "time", "an expression"};
    out.key = *key;
    out.time = *time;
    RAPPORT_CHECK(identifiers(object, out));
    RAPPORT_CHECK(properties(object, out));
    return out;
  }

  Status head(const json::object& object, EventMapping& out) const {
    out.name = text_member(object, "event");
    const std::string type = text_member(object, "type");
    if (!type.empty()) {
      const auto known = model::event_type_from_name(type);
      if (!known) return Error{Errc::bad_input, fmt::format("unknown type '{}'", type), "type"};
      out.type = *known;
    }
    if (out.type == model::EventType::track && out.name.empty()) {
      return Error{Errc::bad_input, "missing", "event", "a name such as Order Completed"};
    }
    out.from = text_member(object, "from");
    if (!is_role(out.from)) {
      return Error{Errc::bad_input, fmt::format("'{}' is none of the files", out.from), "from"};
    }
    out.group_by = text_member(object, "group_by");
    return {};
  }

  Status joins(const json::object& object, EventMapping& out) const {
    RAPPORT_TRY(const json::object* joins, object_member(object, "join"));
    for (const auto& [alias, value] : *joins) {
      const std::string where = fmt::format("join.{}", std::string(alias));
      if (!value.is_object()) return Error{Errc::bad_input, "not an object", where};
      const json::object& join = value.get_object();
      if (auto known = only_members(join, {"file", "on", "equals"}); !known.ok()) {
        return std::move(known).error().at(where);
      }
      detail::JoinMapping mapping{std::string(alias), text_member(join, "file"), text_member(join, "on"),
                                  text_member(join, "equals")};
      if (mapping.role.empty()) mapping.role = mapping.alias;
      if (mapping.their_column.empty()) mapping.their_column = mapping.own_column;
      if (!is_role(mapping.role) || mapping.own_column.empty()) {
        return Error{Errc::bad_input, "a join needs a file of this recipe and a column", where,
                     "{\"file\": role, \"on\": column, \"equals\": their column}"};
      }
      out.joins.push_back(std::move(mapping));
    }
    return {};
  }

  Result<std::optional<detail::Expression>> one(const json::object& object, std::string_view name) const {
    const json::value* value = object.if_contains(name);
    if (value == nullptr) return std::optional<detail::Expression>();
    auto parsed = detail::parse_expression(*value, *zone);
    if (!parsed.ok()) return std::move(parsed).error().at(name);
    return std::optional(std::move(parsed).value());
  }

  Status conditions(const json::object& object, EventMapping& out) const {
    const json::value* when = object.if_contains("when");
    if (when == nullptr) return {};
    if (!when->is_array()) return Error{Errc::bad_input, "not a list", "when"};
    for (const json::value& value : when->get_array()) {
      if (!value.is_object()) return Error{Errc::bad_input, "not an object", "when"};
      auto parsed = condition(value.get_object());
      if (!parsed.ok()) return at_index(std::move(parsed).error(), "when", out.when.size());
      out.when.push_back(std::move(parsed).value());
    }
    return {};
  }

  Result<detail::Condition> condition(const json::object& object) const {
    RAPPORT_CHECK(only_members(object, {"value", "in", "not_in", "present", "above", "below"}));
    detail::Condition out;
    RAPPORT_TRY(const auto value, one(object, "value"));
    if (!value) return Error{Errc::bad_input, "missing", "value", "an expression"};
    out.value = *value;
    RAPPORT_TRY(out.in, texts_member(object, "in"));
    RAPPORT_TRY(out.not_in, texts_member(object, "not_in"));
    if (const auto* present = object.if_contains("present")) {
      if (!present->is_bool()) return Error{Errc::bad_input, "not true or false", "present"};
      out.present = present->get_bool();
    }
    for (auto& [name, to] : {std::pair{"above", &out.above}, std::pair{"below", &out.below}}) {
      const std::string text = text_member(object, name);
      if (text.empty() && object.contains(name)) {
        return Error{Errc::bad_input, "not a decimal in quotes", name};
      }
      if (!text.empty() && !detail::micros_from_text(text))
        return Error{Errc::bad_input, "not a decimal", name};
      if (!text.empty()) *to = text;
    }
    return out;
  }

  Status identifiers(const json::object& object, EventMapping& out) const {
    RAPPORT_TRY(const json::object* ids, object_member(object, "identifiers"));
    for (const auto& [name, value] : *ids) {
      const std::string where = fmt::format("identifiers.{}", std::string(name));
      const auto kind = model::identifier_kind_from_name(name);
      if (!kind) return Error{Errc::bad_input, "unknown kind of identifier", where};
      auto parsed = detail::parse_expression(value, *zone);
      if (!parsed.ok()) return std::move(parsed).error().at(where);
      out.identifiers.emplace_back(*kind, std::move(parsed).value());
    }
    const model::EventSpec* spec = model::find_event(out.type, out.name);
    if (out.identifiers.empty() && (spec == nullptr || !spec->is_noun)) {
      return Error{Errc::bad_input, "nobody is named", "identifiers", "{\"user_id\": column}"};
    }
    return {};
  }

  Status properties(const json::object& object, EventMapping& out) const {
    for (const char* section : {"properties", "traits"}) {
      RAPPORT_TRY(const json::object* members, object_member(object, section));
      for (const auto& [name, value] : *members) {
        auto mapping = property(std::string(name), value, out);
        if (!mapping.ok())
          return std::move(mapping).error().at(fmt::format("{}.{}", section, std::string(name)));
        out.properties.push_back(std::move(mapping).value());
      }
    }
    const model::EventSpec* spec = model::find_event(out.type, out.name);
    if (spec == nullptr) return {};
    for (const model::PropertyId id : spec->required) {
      const std::string_view wanted = model::find_property(id)->name;
      const bool given = std::any_of(out.properties.begin(), out.properties.end(),
                                     [&](const detail::PropertyMapping& p) { return p.name == wanted; });
      if (!given) return fail(Errc::bad_input, "{} needs {}", out.name, wanted).at("properties");
    }
    return {};
  }

  // A declared property's type is the catalogue's; `as` is for the others.
  Result<detail::PropertyMapping> property(const std::string& name, const json::value& value,
                                           const EventMapping& event) const {
    detail::PropertyMapping out;
    out.name = name;
    const model::EventSpec* spec = model::find_event(event.type, event.name);
    const model::PropertySpec* declared = spec == nullptr ? nullptr : model::find_property(*spec, name);
    if (value.is_object() && value.get_object().contains("lines")) {
      if (declared == nullptr || declared->type != model::PropertyType::lines) {
        return Error{Errc::bad_input, "lines where the event takes none"};
      }
      RAPPORT_TRY(out.lines, detail::parse_lines(value.get_object(), *zone));
      return out;
    }
    RAPPORT_TRY(out.expression, detail::parse_expression(value, *zone));
    if (declared == nullptr) return out;
    std::string& as = out.expression->conversion.as;
    if (as.empty() && declared->type == model::PropertyType::time) as = "time";
    if (as.empty() && declared->type == model::PropertyType::boolean) as = "boolean";
    const bool decimal = declared->type == model::PropertyType::money ||
                         declared->type == model::PropertyType::number ||
                         declared->type == model::PropertyType::integer;
    if (as.empty() && decimal) as = "decimal";
    return out;
  }
};

Result<Recipe> Recipe::parse(std::string_view text) {
  if (text.size() > kMostRecipeBytes) return fail(Errc::too_large, "a recipe of {} bytes", text.size());
  json::parse_options options;
  options.allow_comments = true;
  options.allow_trailing_commas = true;
  boost::system::error_code wrong;
  const json::value root = json::parse(text, wrong, {}, options);
  if (wrong) return fail(Errc::bad_input, "the recipe is not JSON: {}", wrong.message());
  if (!root.is_object()) return Error{Errc::bad_input, "the recipe is not a JSON object"};
  RecipeParser parser{root.get_object(), {}, {}};
  RAPPORT_CHECK(parser.parse());
  return std::move(parser.recipe);
}

}  // namespace rapport::codec
