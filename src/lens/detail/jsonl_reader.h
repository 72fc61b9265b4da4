#pragma once

#include <memory>

#include "lens/detail/byte_source.h"
#include "lens/file_reader.h"

namespace rapport::lens::detail {

/// One JSON object a line; blank lines are passed over.
Result<std::unique_ptr<RowReader>> open_jsonl(const std::string& path, TextSource text,
                                              const ReadOptions& options);

}  // namespace rapport::lens::detail
