#include "model/survey.h"

#include <algorithm>
#include <array>
#include <set>

namespace rapport::model {
namespace {

constexpr std::size_t kNameMostBytes = 64;
constexpr std::int64_t kScaleMost = 1'000;
constexpr std::size_t kChoicesMost = 50;
constexpr std::int64_t kDaysMost = 3'650;

bool is_name(std::string_view name) {
  const auto part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  const bool letter =
      !name.empty() && ((name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z'));
  return letter && name.size() <= kNameMostBytes && std::all_of(name.begin(), name.end(), part);
}

Error wrong(std::string_view item, std::string_view member, std::string message, std::string expected) {
  return {Errc::bad_input, std::move(message), fmt::format("items.{}.{}", item, member), std::move(expected)};
}

Status check_text(const SurveyText& text, std::string_view where, bool needed) {
  if (needed && text.empty())
    return Error{Errc::bad_input, "a text is missing", std::string(where),
                 "a text, or one each as en, zh-Hans, zh-Hant"};
  for (const std::string* one : {&text.en, &text.hans, &text.hant}) {
    if (one->size() > kSurveyTextMostBytes)
      return Error{Errc::bad_input, "a text is too long", std::string(where),
                   fmt::format("at most {} bytes", kSurveyTextMostBytes)};
  }
  return {};
}

Status check_condition(const Survey& survey, const SurveyItem& item) {
  if (!item.when) return {};
  for (const SurveyItem& earlier : survey.items) {
    if (&earlier == &item) break;
    if (earlier.item == item.when->item && earlier.type != ItemType::text) return {};
  }
  return wrong(item.item, "when", fmt::format("'{}' is no earlier item with a number", item.when->item),
               "the name of an item before this one");
}

Status check_item(const Survey& survey, const SurveyItem& item) {
  if (!is_name(item.item) || item.item == kRoundItem)
    return Error{Errc::bad_input, fmt::format("'{}' cannot name an item", item.item.substr(0, 80)), "items",
                 "1 to 64 of a-z 0-9 _ -, first a letter; 'round' is taken"};
  RAPPORT_CHECK(check_text(item.text, fmt::format("items.{}.text", item.item), item.type != ItemType::pair));
  if (item.type == ItemType::scale &&
      (item.low >= item.high || item.low < -kScaleMost || item.high > kScaleMost))
    return wrong(item.item, "low", fmt::format("a scale from {} to {}", item.low, item.high),
                 "whole numbers, low below high, within 1000");
  if (item.type == ItemType::choice) {
    std::set<std::int64_t> values;
    for (const SurveyChoice& choice : item.choices) {
      RAPPORT_CHECK(check_text(choice.text, fmt::format("items.{}.choices", item.item), true));
      values.insert(choice.value);
    }
    if (item.choices.size() < 2 || item.choices.size() > kChoicesMost || values.size() != item.choices.size())
      return wrong(item.item, "choices",
                   fmt::format("{} choices of {} values", item.choices.size(), values.size()),
                   "2 to 50 choices, each with a value of its own");
  }
  if (item.type == ItemType::pair && (item.left.empty() || item.right.empty() || item.left_item.empty() ||
                                      item.right_item.empty() || item.left_item == item.right_item))
    return wrong(item.item, "left", "a pair lacks one of its sides",
                 "left and right, each with item and text");
  return check_condition(survey, item);
}

bool in_range(const SurveyItem& item, std::int64_t value) {
  switch (item.type) {
    case ItemType::scale:
      return value >= item.low && value <= item.high;
    case ItemType::choice:
      return std::any_of(item.choices.begin(), item.choices.end(),
                         [value](const SurveyChoice& choice) { return choice.value == value; });
    case ItemType::pair:
      return value == 1 || (value >= 2 && value <= 9) || (value <= -2 && value >= -9);
    case ItemType::text:
      return false;
  }
  return false;
}

std::string range_of(const SurveyItem& item) {
  if (item.type == ItemType::text) return fmt::format("text of at most {} bytes", kSurveyTextMostBytes);
  if (item.type == ItemType::pair) return "1, 2 to 9 for the left side, -2 to -9 for the right";
  if (item.type == ItemType::scale) return fmt::format("a whole number from {} to {}", item.low, item.high);
  std::string values;
  for (const SurveyChoice& choice : item.choices)
    values += (values.empty() ? "" : ", ") + std::to_string(choice.value);
  return "one of " + values;
}

Status check_answer(const SurveyItem& item, const SurveyAnswer& answer) {
  const std::string where = "answers." + item.item;
  if (const auto* number = std::get_if<std::int64_t>(&answer.value)) {
    if (!in_range(item, *number))
      return Error{Errc::bad_input, fmt::format("{} is no answer to this", *number), where, range_of(item)};
    return {};
  }
  if (item.type != ItemType::text || std::get<std::string>(answer.value).size() > kSurveyTextMostBytes)
    return Error{Errc::bad_input, "a text that is no answer to this", where, range_of(item)};
  return {};
}

/// "0.85" -> 850, "1" -> 1000
int thousandths_of(std::string_view quality) {
  if (quality.starts_with('1')) return 1'000;
  int sum = 0;
  for (int i = 2, unit = 100; unit > 0 && i < static_cast<int>(quality.size()); ++i, unit /= 10) {
    const char c = quality[static_cast<std::size_t>(i)];
    if (c < '0' || c > '9') break;
    sum += (c - '0') * unit;
  }
  return sum;
}

}  // namespace

std::string_view survey_language_name(SurveyLanguage language) {
  constexpr std::array<std::string_view, 3> kNames{"en", "zh-Hans", "zh-Hant"};
  return kNames[static_cast<std::size_t>(language)];
}

std::string_view in_language(const SurveyText& text, SurveyLanguage language) {
  const std::array<const std::string*, 3> all{&text.en, &text.hans, &text.hant};
  const std::string& asked = *all[static_cast<std::size_t>(language)];
  if (!asked.empty()) return asked;
  // Who reads one Chinese script reads the other sooner than English.
  if (language == SurveyLanguage::hans && !text.hant.empty()) return text.hant;
  if (language == SurveyLanguage::hant && !text.hans.empty()) return text.hans;
  for (const std::string* other : all) {
    if (!other->empty()) return *other;
  }
  return {};
}

SurveyLanguage language_of(std::string_view accepted) {
  SurveyLanguage best = SurveyLanguage::en;
  int best_quality = -1;
  while (!accepted.empty()) {
    const auto end = std::min(accepted.find(','), accepted.size());
    std::string item(accepted.substr(0, end));
    accepted.remove_prefix(std::min(end + 1, accepted.size()));
    std::erase(item, ' ');
    for (char& c : item) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    int quality = 1'000;
    if (const auto q = item.find(";q="); q != std::string::npos) {
      quality = thousandths_of(std::string_view(item).substr(q + 3));
      item.resize(q);
    }
    if (quality <= best_quality || quality == 0) continue;
    const bool chinese = item == "zh" || item.starts_with("zh-");
    if (!chinese && item != "en" && !item.starts_with("en-")) continue;
    const bool hant = item.find("hant") != std::string::npos || item.starts_with("zh-tw") ||
                      item.starts_with("zh-hk") || item.starts_with("zh-mo");
    best = !chinese ? SurveyLanguage::en : hant ? SurveyLanguage::hant : SurveyLanguage::hans;
    best_quality = quality;
  }
  return best;
}

std::string_view survey_kind_name(SurveyKind kind) {
  constexpr std::array<std::string_view, 3> kNames{"questionnaire", "ahp", "delphi"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view item_type_name(ItemType type) {
  constexpr std::array<std::string_view, 4> kNames{"scale", "choice", "text", "pair"};
  return kNames[static_cast<std::size_t>(type)];
}

bool SurveyCondition::holds(std::int64_t answer) const {
  switch (is) {
    case Is::at_most:
      return answer <= value;
    case Is::at_least:
      return answer >= value;
    case Is::equal:
      return answer == value;
  }
  return false;
}

const SurveyItem* Survey::find(std::string_view name) const {
  const auto at =
      std::find_if(items.begin(), items.end(), [&](const SurveyItem& i) { return i.item == name; });
  return at == items.end() ? nullptr : &*at;
}

Status check_survey(const Survey& survey) {
  if (!is_name(survey.survey_id))
    return Error{Errc::bad_input, "this cannot name a survey", "survey_id",
                 "1 to 64 of a-z 0-9 _ -, first a letter"};
  if (survey.items.empty() || survey.items.size() > kSurveyItemsMost)
    return Error{Errc::bad_input, fmt::format("a survey of {} items", survey.items.size()), "items",
                 fmt::format("1 to {} items, or a template", kSurveyItemsMost)};
  RAPPORT_CHECK(check_text(survey.title, "title", true));
  RAPPORT_CHECK(check_text(survey.intro, "intro", false));
  RAPPORT_CHECK(check_text(survey.thanks, "thanks", false));
  std::set<std::string_view> names;
  for (const SurveyItem& item : survey.items) {
    RAPPORT_CHECK(check_item(survey, item));
    if (!names.insert(item.item).second)
      return Error{Errc::bad_input, fmt::format("two items are called '{}'", item.item), "items",
                   "each name once"};
  }
  const SurveyLimits& limits = survey.limits;
  if (limits.days < 1 || limits.days > kDaysMost || limits.asks < 1 || limits.asks > 100 ||
      limits.reminders < 0 || limits.reminders > 10 || limits.reminder_after_days < 1 ||
      limits.reminder_after_days > kDaysMost)
    return Error{Errc::bad_input, "these limits hold nobody back", "limits",
                 "days 1 to 3650, asks 1 to 100, reminders 0 to 10, reminder_after_days from 1"};
  if (survey.open_days < 1 || survey.open_days > kDaysMost || survey.round < 1 || survey.round > 100)
    return Error{Errc::bad_input, "days or round out of range", "open_days",
                 "open_days 1 to 3650, round 1 to 100"};
  return {};
}

Result<std::vector<SurveyAnswer>> check_answers(const Survey& survey, std::vector<SurveyAnswer> answers) {
  std::set<std::string_view> seen;
  for (const SurveyAnswer& answer : answers) {
    const SurveyItem* item = survey.find(answer.item);
    if (item == nullptr)
      return Error{Errc::bad_input, "the survey has no such item",
                   "answers." + answer.item.substr(0, kNameMostBytes), "an item of the survey"};
    if (!seen.insert(answer.item).second)
      return Error{Errc::bad_input, "answered twice", "answers." + answer.item, "each item once"};
    RAPPORT_CHECK(check_answer(*item, answer));
  }
  std::vector<SurveyAnswer> kept;
  const auto answer_to = [&](std::string_view name) {
    return std::find_if(answers.begin(), answers.end(),
                        [&](const SurveyAnswer& a) { return a.item == name; });
  };
  for (const SurveyItem& item : survey.items) {
    if (item.when) {
      const auto on = std::find_if(kept.begin(), kept.end(),
                                   [&](const SurveyAnswer& a) { return a.item == item.when->item; });
      if (on == kept.end() || !item.when->holds(std::get<std::int64_t>(on->value))) continue;
    }
    const auto given = answer_to(item.item);
    const bool empty = given == answers.end() || (std::holds_alternative<std::string>(given->value) &&
                                                  std::get<std::string>(given->value).empty());
    if (empty && item.required)
      return Error{Errc::bad_input, "this is not answered", "answers." + item.item, range_of(item)};
    if (!empty) kept.push_back(*given);
  }
  if (kept.empty()) return Error{Errc::bad_input, "nothing is answered", "answers", "at least one answer"};
  return kept;
}

}  // namespace rapport::model
