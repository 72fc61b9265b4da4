#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "model/table.h"
#include "study/options.h"
#include "study/report.h"

/// The door of the command line and of the server: a method by name, a table and options in, a report out.
namespace rapport::study {

struct OptionSpec {
  std::string_view name;   ///< without dashes
  std::string_view value;  ///< "NAME,..." or empty for a flag; "FILE|TEXT": text, or a file that holds it
  std::string_view help;
};

/// One method of the registry. `run` is pure.
struct Method {
  std::string_view name;
  std::string_view purpose;  ///< one line for --help
  std::span<const OptionSpec> options;
  Result<Report> (*run)(const model::Table& table, const Options& options);
  bool needs_table = true;  ///< false: the options alone may be enough (sufficient statistics)
  /// The question to a shop's lens (docs/sql.md) that gives this method's table when nobody asks another; ""
  /// for methods whose columns only the user knows.
  std::string_view shop_query = {};
};

/// Every method in alphabetical order.
std::span<const Method> methods();

/// Errors: not_found for an unknown method; bad_input for an option the method does not know or a table
/// without rows; whatever the method returns, with Errc::refused when a check forbids an answer.
Result<Report> run_study(std::string_view method, const model::Table& table, const Options& options);

}  // namespace rapport::study
