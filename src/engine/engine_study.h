#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a study over a shop's facts takes (Engine::study). The methods are the registry of the room `study`.
namespace rapport::engine {

enum class StudyFormat {
  json,   ///< one document, keys by the field's names
  html,   ///< one self-contained printable page
  parts,  ///< one document with every figure, table and chart in its place, for a page to draw
};

struct StudyQuery {
  std::string method;
  std::string sql;     ///< one SELECT over the lens; the method's own question when empty
  std::string table;   ///< or the name of a table that was handed over (Engine::add_study_table)
  std::string survey;  ///< or the sheets of answers to this survey
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

/// A file that was handed over for studies: what its columns hold.
struct StudyTableColumn {
  std::string name;
  bool is_number = false;
  std::size_t distinct = 0;  ///< values that differ, counted up to kStudyDistinctMost
  std::size_t missing = 0;
  std::vector<std::string> examples;  ///< the first few that differ
};
inline constexpr std::size_t kStudyDistinctMost = 1'000;

struct StudyTableAnswer {
  std::string table;  ///< the name for StudyQuery::table
  std::size_t rows = 0;
  std::vector<StudyTableColumn> columns;
  std::vector<std::string> problems;  ///< rows that were left out, the first of them
};

/// In alphabetical order; the texts are static.
std::vector<StudyMethod> study_methods();

}  // namespace rapport::engine
