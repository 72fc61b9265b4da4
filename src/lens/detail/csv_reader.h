#pragma once

#include <memory>

#include "lens/detail/byte_source.h"
#include "lens/file_reader.h"

namespace rapport::lens::detail {

/// RFC 4180 and its relatives: fields in double quotes may hold delimiters, doubled quotes and line breaks;
/// lines end with LF, CRLF or CR; blank lines are passed over. A quote that never closes costs the line it
/// opens in, and reading goes on at the next line.
Result<std::unique_ptr<RowReader>> open_csv(const std::string& path, TextSource text,
                                            const ReadOptions& options);

/// The delimiter among , ; tab | that splits the first lines most evenly into more than one field; a comma
/// when none does.
char sniff_delimiter(std::string_view head);

}  // namespace rapport::lens::detail
