#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "base/assert.h"
#include "lens/file_reader.h"
#include "text/encoding.h"

/// Any bytes as a file of rows: CSV, JSON Lines, Excel, gzipped or not, in any encoding. Reading ends, rows
/// are UTF-8 and fit the columns. (Parquet is DuckDB's own decoder and costs an instance a file; it is left
/// out here.)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rapport;
  if (size >= 4 && std::string_view(reinterpret_cast<const char*>(data), 4) == "PAR1") return 0;
  const int file = ::memfd_create("rows", MFD_CLOEXEC);
  ASSERT(file >= 0 && ::write(file, data, size) == static_cast<ssize_t>(size));
  lens::ReadOptions options;
  options.limits = {.cell_bytes = 1'000,
                    .row_bytes = 4'000,
                    .columns = 50,
                    .shared_text_bytes = 10'000,
                    .unpacked_bytes = 1 << 20,
                    .unpacked_binary_bytes = 1 << 20};
  auto reader = lens::open_rows("/proc/self/fd/" + std::to_string(file), options);
  std::size_t rows = 0;
  lens::Row row;
  while (reader.ok()) {
    const auto any = (*reader)->next(row);
    if (!any.ok() || !*any) break;
    ASSERT(++rows <= (1u << 20) + 1);
    if (!row.problem.empty()) continue;
    ASSERT(row.cells.size() == (*reader)->columns().size());
    for (const std::string& cell : row.cells) ASSERT(text::is_utf8(cell));
  }
  ::close(file);
  return 0;
}
