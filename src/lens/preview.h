#pragma once

#include <cstdint>
#include <string>

#include "base/money.h"
#include "base/result.h"
#include "model/answers/import.h"

/// A look at the first rows of a file that a shop hands over: what its columns are, what they may mean, and a
/// recipe made of these guesses for a person to mend. Heads are known in Chinese (both scripts) and English.
namespace rapport::lens {

using Preview = model::ImportPreview;
using PreviewColumn = model::ImportColumn;

struct PreviewOptions {
  std::string name;  ///< of the file as the person knows it; names the recipe
  Currency currency;
  std::string zone = "Asia/Shanghai";
  bool is_cut_off = false;  ///< `path` holds the beginning of a longer file
  std::uint64_t rows_most = 2'000;
};

/// Errors: those of open_rows. A recipe that cannot be made is no error.
Result<Preview> preview_file(const std::string& path, const PreviewOptions& options);

}  // namespace rapport::lens
