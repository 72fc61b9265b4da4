#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/survey.h"

/// A survey whose questions were edited is a new version of it. The noun says which version it is and since
/// which one each item has been asked in the same words and on the same scale; answers tell theirs under the
/// item name `survey_version`, from the second version on.
namespace rapport::engine {

inline constexpr std::string_view kVersionItem = "survey_version";

struct SurveyVersions {
  std::int64_t version = 1;
  std::map<std::string, std::int64_t, std::less<>> since;  ///< only of items that came or changed later
  /// From this version on the item's answers may be told together.
  std::int64_t since_of(std::string_view item) const;
};

/// Of a noun; the first version when it names none.
SurveyVersions survey_versions(std::string_view noun);
/// What `now` is when `before` stands: the same version when it asks the same. What is asked of an item: its
/// type, texts, scale, choices, sides and condition; its name is its identity. Pure.
SurveyVersions next_versions(const model::Survey& before, const SurveyVersions& versions,
                             const model::Survey& now);
/// The noun with both members.
std::string with_versions(std::string noun, const SurveyVersions& versions);

/// Takes the version out of a sheet of answers. Errors: bad_input when it is none, or is missing though the
/// survey has been edited; conflict when the form was of another version.
Status check_version(std::vector<model::SurveyAnswer>& answers, const SurveyVersions& versions);

}  // namespace rapport::engine
