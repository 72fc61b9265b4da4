#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

/// The common form of a study's answer and its three renderings. Rendering is pure: the same report gives the
/// same bytes. A method fills a Report from its own typed result.
namespace rapport::study {

/// A sentence or title in the three scripts of the product.
struct Text3 {
  std::string en, hans, hant;
};

enum class Language { en, zh_hans, zh_hant };
/// "en", "zh-Hans" or "zh-CN", "zh-Hant" or "zh-TW". Errors: bad_input.
Result<Language> parse_language(std::string_view code);
const std::string& pick(const Text3& text, Language language);

enum class CheckStatus { passed, warned, failed };

/// One thing that was looked at before or after estimating. A failed check does not hide the numbers: it
/// stands above them. A study that cannot answer at all returns Errc::refused instead of a report.
struct Check {
  std::string name;  ///< a fixed snake_case word: "converged", "heywood", "sample_ratio"
  CheckStatus status = CheckStatus::passed;
  Text3 detail;
};

/// One headline number. In JSON it stands under `name` in the object `group` (or at the top when `group` is
/// empty), its interval as `name_ci_low` and `name_ci_high`, its n as `name_n`. A non-finite value prints as
/// null.
struct Figure {
  std::string name;
  double value = 0;
  std::optional<double> low = {}, high = {};
  std::optional<std::int64_t> n = {};
  std::string group = {};
  std::string definition = {};  ///< English, one line; shown in the HTML report
};

using Cell = std::variant<std::string, double, std::int64_t>;

/// How a table prints as JSON under its key.
enum class Shape {
  rows,  ///< an array of objects, one a row, keyed by column
  map,   ///< an object: first cell -> second cell
  list,  ///< an array of the first column's cells
};

struct ReportTable {
  std::string key;
  Text3 title;
  std::vector<std::string> columns;  ///< the field's own names, also the JSON keys
  std::vector<std::vector<Cell>> rows;
  Shape shape = Shape::rows;
};

/// A self-contained <svg> element; see chart.h. In JSON charts are left out: their numbers stand in the
/// tables.
struct Chart {
  Text3 title;
  std::string svg;
};

struct Report {
  std::string method;  ///< "alpha", "cfa", ...
  Text3 title;
  std::vector<std::string> citations;
  std::int64_t rows_given = 0;
  std::int64_t rows_used = 0;
  std::vector<Check> checks;
  std::vector<Figure> figures;
  std::vector<ReportTable> tables;
  std::vector<Chart> charts;
  Text3 reading;  ///< what it means, in plain sentences

  /// The figure of that name and group, or nullptr.
  const Figure* figure(std::string_view name, std::string_view group = {}) const;
  void add_figure(std::string_view name, double value, std::string_view group = {});
  void add_check(std::string_view name, CheckStatus status, Text3 detail);
  /// Adds a sentence to the reading.
  void say(std::string_view en, std::string_view hans, std::string_view hant);
};

/// For a terminal, at most 100 columns where cells allow it, numbers with 6 significant digits.
std::string render_text(const Report& report, Language language);
/// One JSON object, keys in the order of the report, doubles in the shortest form that reads back equal.
std::string render_json(const Report& report);
/// One JSON object for a page that draws the report: every figure with its interval, n and definition, every
/// table with its columns in order, every chart as its <svg>. Titles, details and reading in three scripts.
std::string render_parts(const Report& report);
/// One self-contained printable page (no script, no outside link).
std::string render_html(const Report& report, Language language);

}  // namespace rapport::study
