#include "lens/detail/recipe_files.h"

#include <algorithm>
#include <filesystem>

namespace rapport::lens::detail {
namespace {

namespace fs = std::filesystem;

struct Candidate {
  std::string path;
  bool named = false;  ///< outright, not through its folder
};

Result<std::vector<Candidate>> candidates(const std::vector<std::string>& paths) {
  std::vector<Candidate> out;
  for (const std::string& path : paths) {
    std::error_code wrong;
    if (fs::is_directory(path, wrong)) {
      std::vector<std::string> inside;
      for (const auto& entry : fs::directory_iterator(path, wrong)) {
        if (entry.is_regular_file(wrong)) inside.push_back(entry.path().string());
      }
      if (wrong) return fail(Errc::io, "cannot list the folder: {}", wrong.message()).at(path);
      std::sort(inside.begin(), inside.end());
      for (std::string& file : inside) out.push_back({std::move(file), false});
    } else if (fs::exists(path, wrong)) {
      out.push_back({path, true});
    } else {
      return Error{Errc::not_found, "no such file or folder", path};
    }
  }
  return out;
}

std::string missing_file(const codec::RecipeFile& file) {
  std::string patterns;
  for (const std::string& pattern : file.patterns) patterns += (patterns.empty() ? "" : " or ") + pattern;
  return fmt::format("a file named {} for '{}'", patterns, file.role);
}

}  // namespace

Result<RecipeFiles> find_recipe_files(const codec::Recipe& recipe, const std::vector<std::string>& paths) {
  if (paths.empty()) return Error{Errc::bad_input, "nothing to import", "", "files or folders"};
  RAPPORT_TRY(const auto found, candidates(paths));
  RecipeFiles out;
  for (const Candidate& candidate : found) {
    const std::string name = fs::path(candidate.path).filename().string();
    const auto& files = recipe.files();
    auto file =
        std::find_if(files.begin(), files.end(), [&](const codec::RecipeFile& f) { return f.matches(name); });
    if (file == files.end() && candidate.named && files.size() == 1)
      return Error{Errc::bad_input, fmt::format("not a file of the recipe '{}'", recipe.name()),
                   candidate.path, missing_file(files.front())};
    if (file == files.end()) {
      out.notes.push_back(candidate.path + ": passed over, no file of the recipe");
      continue;
    }
    out.by_role[file->role].push_back(candidate.path);
    out.notes.push_back(candidate.path + ": " + file->role);
  }
  for (const codec::RecipeFile& file : recipe.files()) {
    if (out.by_role.contains(file.role)) continue;
    if (file.required) {
      return Error{Errc::bad_input, fmt::format("the recipe '{}' lacks a file", recipe.name()), "",
                   missing_file(file)};
    }
    out.notes.push_back(file.role + ": no file");
  }
  return out;
}

}  // namespace rapport::lens::detail
