#pragma once

#include <memory>

#include "lens/detail/byte_source.h"
#include "lens/file_reader.h"

namespace rapport::lens::detail {

/// One sheet of an .xlsx file, row by row; of the file only the shared strings are held in memory. Formulas
/// give their stored value, error cells are missing. `keep` holds an unpacked file alive.
Result<std::unique_ptr<RowReader>> open_xlsx(const std::string& shown_path, const std::string& path,
                                             std::unique_ptr<UnpackedFile> keep, const ReadOptions& options);

Result<std::vector<std::string>> xlsx_sheet_names(const std::string& path, const ReadLimits& limits);

}  // namespace rapport::lens::detail
