#pragma once

#include <memory>
#include <string>

#include "lens/export.h"

namespace rapport::lens::detail {

/// Writes one file; finish() must be called for it to be whole.
class ExportSink : public SqlSink {
 public:
  virtual Status finish() = 0;
};

Result<std::unique_ptr<ExportSink>> csv_sink(const std::string& path);
Result<std::unique_ptr<ExportSink>> jsonl_sink(const std::string& path);
Result<std::unique_ptr<ExportSink>> xlsx_sink(const std::string& path);
Result<std::unique_ptr<ExportSink>> parquet_sink(const std::string& path);

}  // namespace rapport::lens::detail
