#include "engine/detail/survey_versions.h"

#include <algorithm>
#include <charconv>

#include "codec/json_index.h"
#include "codec/json_writer.h"

namespace rapport::engine {
namespace {

bool alike(const model::SurveyText& a, const model::SurveyText& b) {
  return a.en == b.en && a.hans == b.hans && a.hant == b.hant;
}

bool alike(const std::optional<model::SurveyCondition>& a, const std::optional<model::SurveyCondition>& b) {
  if (a.has_value() != b.has_value()) return false;
  return !a || (a->item == b->item && a->is == b->is && a->value == b->value);
}

/// Whether two answers to it may be told together.
bool asks_alike(const model::SurveyItem& a, const model::SurveyItem& b) {
  const bool is_scale = a.type == model::ItemType::scale;
  const bool choices = std::equal(a.choices.begin(), a.choices.end(), b.choices.begin(), b.choices.end(),
                                  [](const model::SurveyChoice& x, const model::SurveyChoice& y) {
                                    return x.value == y.value && alike(x.text, y.text);
                                  });
  return a.type == b.type && alike(a.text, b.text) &&
         (!is_scale || (a.low == b.low && a.high == b.high && alike(a.low_label, b.low_label) &&
                        alike(a.high_label, b.high_label))) &&
         choices && a.left_item == b.left_item && a.right_item == b.right_item && alike(a.left, b.left) &&
         alike(a.right, b.right) && alike(a.when, b.when);
}

std::optional<std::int64_t> whole_of(const model::SurveyAnswer& answer) {
  if (const auto* number = std::get_if<std::int64_t>(&answer.value)) return *number;
  const std::string& text = std::get<std::string>(answer.value);
  std::int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::int64_t SurveyVersions::since_of(std::string_view item) const {
  const auto at = since.find(item);
  return at == since.end() ? 1 : at->second;
}

SurveyVersions survey_versions(std::string_view noun) {
  codec::JsonIndex index;
  const std::string text(noun);
  SurveyVersions out;
  if (!index.parse(text).ok() || !index.root().is(codec::JsonKind::object)) return out;
  const codec::JsonValue version = index.root().find("version"), since = index.root().find("since");
  const auto whole = [](codec::JsonValue value) {
    return value.present() && value.is(codec::JsonKind::number) ? value.integer() : std::nullopt;
  };
  out.version = std::max<std::int64_t>(1, whole(version).value_or(1));
  if (!since.present() || !since.is(codec::JsonKind::object)) return out;
  for (codec::JsonMembers members(since); members.next();)
    out.since[std::string(members.key())] = whole(members.value()).value_or(1);
  return out;
}

SurveyVersions next_versions(const model::Survey& before, const SurveyVersions& versions,
                             const model::Survey& now) {
  SurveyVersions out{versions.version, {}};
  bool changed = before.items.size() != now.items.size();
  for (const model::SurveyItem& item : now.items) {
    const model::SurveyItem* old = before.find(item.item);
    changed = changed || old == nullptr || !asks_alike(*old, item);
  }
  if (!changed) return versions;
  ++out.version;
  for (const model::SurveyItem& item : now.items) {
    const model::SurveyItem* old = before.find(item.item);
    const bool same = old != nullptr && asks_alike(*old, item);
    const std::int64_t since = same ? versions.since_of(item.item) : out.version;
    if (since > 1) out.since[item.item] = since;
  }
  return out;
}

std::string with_versions(std::string noun, const SurveyVersions& versions) {
  std::string members;
  codec::JsonWriter json(members);
  json.begin_object();
  json.field("version", versions.version);
  json.key("since");
  json.begin_object();
  for (const auto& [item, since] : versions.since) json.field(item, since);
  json.end_object();
  json.end_object();
  noun.pop_back();
  return noun + "," + members.substr(1);
}

Status check_version(std::vector<model::SurveyAnswer>& answers, const SurveyVersions& versions) {
  const std::string where = "answers." + std::string(kVersionItem);
  const std::string expected = fmt::format("{}, the version that GET gave with the form", versions.version);
  std::optional<std::int64_t> shown;
  for (const model::SurveyAnswer& answer : answers) {
    if (answer.item != kVersionItem) continue;
    shown = whole_of(answer);
    if (!shown) return Error{Errc::bad_input, "the version is no whole number", where, expected};
  }
  std::erase_if(answers, [](const model::SurveyAnswer& answer) { return answer.item == kVersionItem; });
  if (!shown && versions.version == 1) return {};
  if (!shown)
    return Error{Errc::bad_input, "the survey has been edited, and the answers do not say of which version",
                 where, expected};
  if (*shown != versions.version)
    return Error{Errc::conflict,
                 fmt::format("the survey was edited since this form was opened: these are answers to version "
                             "{}, and {} stands",
                             *shown, versions.version),
                 where, "the form as it stands now: GET it again"};
  return {};
}

}  // namespace rapport::engine
