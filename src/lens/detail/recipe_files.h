#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "codec/recipe.h"

namespace rapport::lens::detail {

struct RecipeFiles {
  std::map<std::string, std::vector<std::string>> by_role;
  std::vector<std::string> notes;
};

/// Which path is which file of the recipe, by file name. A folder stands for the files in it; a recipe of one
/// file takes every file that is named outright. Errors: not_found for a path, bad_input when a required file
/// is missing.
Result<RecipeFiles> find_recipe_files(const codec::Recipe& recipe, const std::vector<std::string>& paths);

}  // namespace rapport::lens::detail
