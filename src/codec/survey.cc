#include "codec/survey.h"

#include <algorithm>
#include <array>
#include <optional>

namespace rapport::codec {
namespace {

using model::SurveyCondition;
using model::SurveyItem;
using model::SurveyText;

constexpr std::size_t kCriteriaLeast = 3, kCriteriaMost = 9;

Error wrong(std::string_view where, std::string expected) {
  return {Errc::bad_input, "this member is not of its type", std::string(where), std::move(expected)};
}

Status read_text(JsonValue object, std::string_view name, SurveyText& out) {
  const JsonValue value = object.find(name);
  if (!value.present() || value.is_null()) return {};
  if (value.is(JsonKind::string)) {
    out.en = out.hans = out.hant = value.text();
    return {};
  }
  if (!value.is(JsonKind::object)) return wrong(name, "a text, or {\"en\",\"zh-Hans\",\"zh-Hant\"}");
  SurveyText text;
  for (const auto& [key, member] : {std::pair<std::string_view, std::string*>{"en", &text.en},
                                    {"zh-Hans", &text.hans},
                                    {"zh-Hant", &text.hant}}) {
    const JsonValue one = value.find(key);
    if (!one.present() || one.is_null()) continue;
    if (!one.is(JsonKind::string)) return wrong(fmt::format("{}.{}", name, key), "a text");
    *member = one.text();
  }
  out = std::move(text);
  return {};
}

Status read_string(JsonValue object, std::string_view name, std::string& out) {
  const JsonValue value = object.find(name);
  if (!value.present() || value.is_null()) return {};
  if (!value.is(JsonKind::string)) return wrong(name, "a text");
  out = value.text();
  return {};
}

Status read_whole(JsonValue object, std::string_view name, std::int64_t& out) {
  const JsonValue value = object.find(name);
  if (!value.present() || value.is_null()) return {};
  const auto whole = value.is(JsonKind::number) ? value.integer() : std::nullopt;
  if (!whole) return wrong(name, "a whole number");
  out = *whole;
  return {};
}

Status read_flag(JsonValue object, std::string_view name, bool& out) {
  const JsonValue value = object.find(name);
  if (!value.present() || value.is_null()) return {};
  if (!value.is(JsonKind::boolean)) return wrong(name, "true or false");
  out = value.is_true();
  return {};
}

/// A word of a list that `name_of` names. Errors: bad_input listing the words.
template <class Word, std::size_t N>
Status read_word(JsonValue object, std::string_view name, const std::array<Word, N>& words,
                 std::string_view (*name_of)(Word), Word& out) {
  std::string text;
  RAPPORT_CHECK(read_string(object, name, text));
  if (text.empty()) return {};
  std::string known;
  for (const Word word : words) {
    if (name_of(word) == text) {
      out = word;
      return {};
    }
    known += (known.empty() ? "" : ", ") + std::string(name_of(word));
  }
  return Error{Errc::bad_input, fmt::format("'{}' is none of the words here", text.substr(0, 40)),
               std::string(name), "one of " + known};
}

Status read_condition(JsonValue value, std::optional<SurveyCondition>& out) {
  if (!value.present() || value.is_null()) return {};
  SurveyCondition condition;
  RAPPORT_CHECK(read_string(value, "item", condition.item));
  int told = 0;
  for (const auto& [name, is] :
       {std::pair<std::string_view, SurveyCondition::Is>{"at_most", SurveyCondition::Is::at_most},
        {"at_least", SurveyCondition::Is::at_least},
        {"is", SurveyCondition::Is::equal}}) {
    if (!value.find(name).present()) continue;
    ++told;
    condition.is = is;
    RAPPORT_CHECK(read_whole(value, name, condition.value));
  }
  if (told != 1 || condition.item.empty())
    return wrong("when", "{\"item\":\"nps\",\"at_most\":6}, or at_least, or is");
  out = std::move(condition);
  return {};
}

Status read_side(JsonValue item, std::string_view name, std::string& id, SurveyText& text) {
  const JsonValue side = item.find(name);
  if (!side.present() || side.is_null()) return {};
  RAPPORT_CHECK(read_string(side, "item", id));
  return read_text(side, "text", text);
}

/// "0-10", or "text": how imported catalogues write it.
Status read_short_scale(JsonValue json, SurveyItem& item) {
  std::string scale;
  RAPPORT_CHECK(read_string(json, "scale", scale));
  if (scale.empty()) return {};
  if (scale == "text") {
    item.type = model::ItemType::text;
    return {};
  }
  const std::size_t dash = scale.find('-', 1);
  const auto low = scaled_decimal(scale.substr(0, dash), 0);
  const auto high = dash == std::string::npos ? std::nullopt : scaled_decimal(scale.substr(dash + 1), 0);
  if (!low || !high) return wrong("scale", "two whole numbers, 1-5, or text");
  item.low = *low;
  item.high = *high;
  return {};
}

Result<SurveyItem> read_item(JsonValue json) {
  SurveyItem item;
  if (!json.is(JsonKind::object)) return wrong("items", "objects with item, text and type");
  RAPPORT_CHECK(read_string(json, "item", item.item));
  RAPPORT_CHECK(read_text(json, "text", item.text));
  using enum model::ItemType;
  RAPPORT_CHECK(
      read_word(json, "type", std::array{scale, choice, text, pair}, model::item_type_name, item.type));
  RAPPORT_CHECK(read_short_scale(json, item));
  RAPPORT_CHECK(read_whole(json, "low", item.low));
  RAPPORT_CHECK(read_whole(json, "high", item.high));
  RAPPORT_CHECK(read_text(json, "low_label", item.low_label));
  RAPPORT_CHECK(read_text(json, "high_label", item.high_label));
  RAPPORT_CHECK(read_side(json, "left", item.left_item, item.left));
  RAPPORT_CHECK(read_side(json, "right", item.right_item, item.right));
  for (JsonItems choices(json.find("choices")); json.find("choices").present() && choices.next();) {
    model::SurveyChoice& choice = item.choices.emplace_back();
    RAPPORT_CHECK(read_whole(choices.value(), "value", choice.value));
    RAPPORT_CHECK(read_text(choices.value(), "text", choice.text));
  }
  RAPPORT_CHECK(read_flag(json, "reverse", item.reverse));
  item.required = item.type != model::ItemType::text;
  RAPPORT_CHECK(read_flag(json, "required", item.required));
  RAPPORT_CHECK(read_string(json, "dimension", item.dimension));
  RAPPORT_CHECK(read_string(json, "facet", item.facet));
  RAPPORT_CHECK(read_condition(json.find("when"), item.when));
  return item;
}

/// All pairs of what an AHP form compares.
Status read_criteria(JsonValue json, std::vector<SurveyItem>& items) {
  struct Criterion {
    std::string item;
    SurveyText text;
  };
  std::vector<Criterion> criteria;
  for (JsonItems list(json); list.next();) {
    Criterion& one = criteria.emplace_back();
    RAPPORT_CHECK(read_string(list.value(), "item", one.item));
    RAPPORT_CHECK(read_text(list.value(), "text", one.text));
    if (one.text.empty()) one.text = {one.item, one.item, one.item};
  }
  if (criteria.size() < kCriteriaLeast || criteria.size() > kCriteriaMost)
    return Error{Errc::bad_input, fmt::format("{} criteria to compare", criteria.size()), "criteria",
                 "3 to 9"};
  items.clear();
  for (std::size_t a = 0; a < criteria.size(); ++a) {
    for (std::size_t b = a + 1; b < criteria.size(); ++b) {
      SurveyItem& pair = items.emplace_back();
      pair.item = fmt::format("p{}_{}", a + 1, b + 1);
      pair.type = model::ItemType::pair;
      pair.left_item = criteria[a].item;
      pair.left = criteria[a].text;
      pair.right_item = criteria[b].item;
      pair.right = criteria[b].text;
    }
  }
  return {};
}

void write_side(JsonWriter& json, std::string_view name, std::string_view item, const SurveyText& text) {
  json.key(name);
  json.begin_object();
  json.field("item", item);
  json.key("text");
  write_survey_text(json, text);
  json.end_object();
}

void write_text_field(JsonWriter& json, std::string_view name, const SurveyText& text) {
  if (text.empty()) return;
  json.key(name);
  write_survey_text(json, text);
}

void write_item(JsonWriter& json, const SurveyItem& item) {
  json.begin_object();
  json.field("item", item.item);
  write_text_field(json, "text", item.text);
  json.field("type", model::item_type_name(item.type));
  if (item.type == model::ItemType::scale) {
    json.field("low", item.low);
    json.field("high", item.high);
    write_text_field(json, "low_label", item.low_label);
    write_text_field(json, "high_label", item.high_label);
  }
  if (item.type == model::ItemType::choice) {
    json.key("choices");
    json.begin_array();
    for (const model::SurveyChoice& choice : item.choices) {
      json.begin_object();
      json.field("value", choice.value);
      write_text_field(json, "text", choice.text);
      json.end_object();
    }
    json.end_array();
  }
  if (item.type == model::ItemType::pair) {
    write_side(json, "left", item.left_item, item.left);
    write_side(json, "right", item.right_item, item.right);
  }
  if (item.reverse) json.field("reverse", true);
  json.field("required", item.required);
  if (!item.dimension.empty()) json.field("dimension", item.dimension);
  if (!item.facet.empty()) json.field("facet", item.facet);
  if (item.when) {
    using Is = SurveyCondition::Is;
    json.key("when");
    json.begin_object();
    json.field("item", item.when->item);
    json.field(item.when->is == Is::at_most    ? "at_most"
               : item.when->is == Is::at_least ? "at_least"
                                               : "is",
               item.when->value);
    json.end_object();
  }
  json.end_object();
}

void write_items(JsonWriter& json, const model::Survey& survey) {
  json.key("items");
  json.begin_array();
  for (const SurveyItem& item : survey.items) write_item(json, item);
  json.end_array();
}

void write_head(JsonWriter& json, const model::Survey& survey) {
  json.field("kind", model::survey_kind_name(survey.kind));
  write_text_field(json, "title", survey.title);
  write_text_field(json, "intro", survey.intro);
  write_text_field(json, "thanks", survey.thanks);
  json.field("round", survey.round);
}

}  // namespace

Status read_survey(JsonValue json, model::Survey& survey) {
  if (!json.is(JsonKind::object)) return wrong("", "an object");
  using enum model::SurveyKind;
  RAPPORT_CHECK(
      read_word(json, "kind", std::array{questionnaire, ahp, delphi}, model::survey_kind_name, survey.kind));
  RAPPORT_CHECK(read_string(json, "template", survey.from_template));
  RAPPORT_CHECK(read_text(json, "title", survey.title));
  RAPPORT_CHECK(read_text(json, "intro", survey.intro));
  RAPPORT_CHECK(read_text(json, "thanks", survey.thanks));
  RAPPORT_CHECK(read_string(json, "service_id", survey.service_id));
  RAPPORT_CHECK(read_whole(json, "open_days", survey.open_days));
  RAPPORT_CHECK(read_whole(json, "round", survey.round));
  RAPPORT_CHECK(read_flag(json, "closed", survey.closed));
  if (const JsonValue limits = json.find("limits"); limits.present() && !limits.is_null()) {
    if (!limits.is(JsonKind::object)) return wrong("limits", "{\"days\":30,\"asks\":1}");
    RAPPORT_CHECK(read_whole(limits, "days", survey.limits.days));
    RAPPORT_CHECK(read_whole(limits, "asks", survey.limits.asks));
    RAPPORT_CHECK(read_whole(limits, "reminders", survey.limits.reminders));
    RAPPORT_CHECK(read_whole(limits, "reminder_after_days", survey.limits.reminder_after_days));
  }
  if (const JsonValue criteria = json.find("criteria"); criteria.present() && !criteria.is_null())
    return read_criteria(criteria, survey.items);
  const JsonValue items = json.find("items");
  if (!items.present() || items.is_null()) return {};
  if (!items.is(JsonKind::array)) return wrong("items", "a list of items");
  survey.items.clear();
  for (JsonItems list(items); list.next();) {
    RAPPORT_TRY(SurveyItem item, read_item(list.value()));
    survey.items.push_back(std::move(item));
  }
  return {};
}

void write_survey_text(JsonWriter& json, const SurveyText& text) {
  json.begin_object();
  if (!text.en.empty()) json.field("en", text.en);
  if (!text.hans.empty()) json.field("zh-Hans", text.hans);
  if (!text.hant.empty()) json.field("zh-Hant", text.hant);
  json.end_object();
}

void write_survey(JsonWriter& json, const model::Survey& survey) {
  json.begin_object();
  json.field("survey_id", survey.survey_id);
  if (!survey.from_template.empty()) json.field("template", survey.from_template);
  write_head(json, survey);
  if (!survey.service_id.empty()) json.field("service_id", survey.service_id);
  write_items(json, survey);
  json.key("limits");
  json.begin_object();
  json.field("days", survey.limits.days);
  json.field("asks", survey.limits.asks);
  json.field("reminders", survey.limits.reminders);
  json.field("reminder_after_days", survey.limits.reminder_after_days);
  json.end_object();
  json.field("open_days", survey.open_days);
  json.field("closed", survey.closed);
  json.end_object();
}

void write_survey_form(JsonWriter& json, const model::Survey& survey) {
  json.begin_object();
  write_head(json, survey);
  write_items(json, survey);
  json.end_object();
}

Result<model::Survey> parse_survey(std::string_view noun) {
  JsonIndex index;
  const std::string text(noun);
  model::Survey survey;
  Status read = index.parse(text);
  if (read.ok()) {
    read = read_survey(index.root(), survey);
    if (const JsonValue id = index.root().find("survey_id"); read.ok() && id.present())
      survey.survey_id = id.text();
    if (survey.title.empty()) survey.title = {survey.survey_id, survey.survey_id, survey.survey_id};
  }
  if (read.ok()) read = model::check_survey(survey);
  if (!read.ok())
    return Error{Errc::refused, "what was published is no survey: " + read.error().describe(), "survey",
                 "published again, as PUT /v1/surveys/{id} takes it"};
  return survey;
}

}  // namespace rapport::codec
