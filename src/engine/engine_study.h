#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a study over a shop's facts takes (Engine::study). The methods are the registry of the room `study`.
namespace rapport::engine {

enum class StudyFormat {
  json,  ///< one document, keys by the field's names
  html,  ///< one self-contained printable page
};

struct StudyQuery {
  std::string method;
  std::string sql;  ///< one SELECT over the lens; the method's own question when empty
  std::vector<std::pair<std::string, std::string>> options;  ///< names without dashes; a name may come again
  StudyFormat format = StudyFormat::json;
  std::string language = "en";  ///< of the page
  bool reveal = false;          ///< the query may read personal parts
};

struct StudyOption {
  std::string_view name, value, help;
};

struct StudyMethod {
  std::string_view name, purpose;
  std::string_view sql;  ///< its own question to the lens, "" for none
  bool needs_table = true;
  std::vector<StudyOption> options;
};

/// In alphabetical order; the texts are static.
std::vector<StudyMethod> study_methods();

}  // namespace rapport::engine
