#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

/// A questionnaire, or a form for experts, as it is published and answered.
namespace rapport::model {

/// A text in the three languages in which people are asked.
struct SurveyText {
  std::string en, hans, hant;
  bool empty() const { return en.empty() && hans.empty() && hant.empty(); }
};

enum class SurveyLanguage : std::uint8_t { en, hans, hant };
/// "en", "zh-Hans", "zh-Hant"
std::string_view survey_language_name(SurveyLanguage language);
/// The language asked for; another that is there when it is not.
std::string_view in_language(const SurveyText& text, SurveyLanguage language);
/// By a browser's Accept-Language ("zh-TW,zh;q=0.9,en;q=0.8"); English when it names none of the three.
SurveyLanguage language_of(std::string_view accept_language);

enum class SurveyKind : std::uint8_t { questionnaire, ahp, delphi };
std::string_view survey_kind_name(SurveyKind kind);

enum class ItemType : std::uint8_t {
  scale,   ///< a whole number from low to high
  choice,  ///< the value of one of the choices
  text,    ///< free text; personal
  pair,    ///< -9..-2, 1, 2..9: how many times left matters as much as right; below 0: right as left
};
std::string_view item_type_name(ItemType type);

struct SurveyChoice {
  std::int64_t value = 0;
  SurveyText text;
};

/// The item is asked only of those whose answer to an earlier item is so.
struct SurveyCondition {
  enum class Is : std::uint8_t { at_most, at_least, equal };
  std::string item;
  Is is = Is::equal;
  std::int64_t value = 0;
  bool holds(std::int64_t answer) const;
};

struct SurveyItem {
  std::string item;  ///< its name in answers and in columns of studies: a-z 0-9 _ -, first a letter
  SurveyText text;
  ItemType type = ItemType::scale;
  std::int64_t low = 1, high = 5;
  SurveyText low_label, high_label;
  std::vector<SurveyChoice> choices;
  std::string left_item, right_item;  ///< of a pair: names of what is compared
  SurveyText left, right;
  bool reverse = false;  ///< a high answer means little of what the scale measures
  bool required = true;
  std::string dimension;
  std::string facet;  ///< "expectation" or "perception" of a SERVQUAL pair
  std::optional<SurveyCondition> when;
};

/// How often one person is asked, over all surveys of the shop.
struct SurveyLimits {
  std::int64_t days = 30;      ///< in so many days
  std::int64_t asks = 1;       ///< at most so many invitations
  std::int64_t reminders = 1;  ///< of one invitation
  std::int64_t reminder_after_days = 3;
};

struct Survey {
  std::string survey_id, from_template;
  SurveyKind kind = SurveyKind::questionnaire;
  SurveyText title, intro, thanks;
  std::string service_id;  ///< that it asks about; "" for none
  std::vector<SurveyItem> items;
  SurveyLimits limits;
  std::int64_t open_days = 14;  ///< how long a link holds unless its maker says otherwise
  std::int64_t round = 1;       ///< of a Delphi panel
  bool closed = false;

  const SurveyItem* find(std::string_view item) const;
};

inline constexpr std::size_t kSurveyItemsMost = 100;
inline constexpr std::size_t kSurveyTextMostBytes = 2'000;
/// With what a Delphi answer tells its round.
inline constexpr std::string_view kRoundItem = "round";

/// Errors: bad_input naming the item and what would be right: no items or too many, a name twice, a scale
/// that is none, a condition on no earlier item, a text that is missing.
Status check_survey(const Survey& survey);

struct SurveyAnswer {
  std::string item;
  std::variant<std::int64_t, std::string> value;
};
/// One sheet of answers: every required item that its conditions ask for, each once, in range. Answers to
/// items that the conditions leave out are dropped. Errors: bad_input with where = "answers.<item>".
Result<std::vector<SurveyAnswer>> check_answers(const Survey& survey, std::vector<SurveyAnswer> answers);

}  // namespace rapport::model
