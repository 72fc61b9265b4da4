#pragma once

#include <memory>

#include "lens/detail/byte_source.h"
#include "lens/file_reader.h"

namespace rapport::lens::detail {

/// Reads through an in-memory DuckDB that may open this one file and nothing else. `keep` holds an unpacked
/// file alive.
Result<std::unique_ptr<RowReader>> open_parquet(const std::string& shown_path, const std::string& path,
                                                std::unique_ptr<UnpackedFile> keep);

}  // namespace rapport::lens::detail
