#include "lens/export.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "lens/detail/export_sink.h"

namespace rapport::lens {
namespace {

Result<std::unique_ptr<detail::ExportSink>> open_sink(ExportFormat format, const std::string& path) {
  switch (format) {
    case ExportFormat::csv:
      return detail::csv_sink(path);
    case ExportFormat::jsonl:
      return detail::jsonl_sink(path);
    case ExportFormat::xlsx:
      return detail::xlsx_sink(path);
    case ExportFormat::parquet:
      return detail::parquet_sink(path);
  }
  return Error{Errc::internal, "unknown format"};
}

/// The file under its working name; removed unless it got its own.
struct WorkFile {
  std::string path;
  ~WorkFile() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

Status make_private(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return Error{Errc::io, fmt::format("cannot write: {}", std::strerror(errno)), path};
  ::fchmod(::fileno(file), S_IRUSR | S_IWUSR);
  std::fclose(file);
  return {};
}

}  // namespace

std::optional<ExportFormat> export_format_from_name(std::string_view name) {
  if (name == "csv") return ExportFormat::csv;
  if (name == "parquet") return ExportFormat::parquet;
  if (name == "xlsx") return ExportFormat::xlsx;
  if (name == "jsonl") return ExportFormat::jsonl;
  return std::nullopt;
}

Result<std::uint64_t> export_query(const Lens& lens, const ExportRequest& request) {
  const WorkFile work{request.path + ".part"};
  RAPPORT_CHECK(make_private(work.path));
  RAPPORT_TRY(auto sink, open_sink(request.format, work.path));
  RAPPORT_TRY(const std::uint64_t rows, lens.stream(request.query, request.limits, request.reveal, *sink));
  RAPPORT_CHECK(sink->finish());
  sink.reset();
  std::error_code wrong;
  std::filesystem::rename(work.path, request.path, wrong);
  if (wrong) return fail(Errc::io, "cannot name the file: {}", wrong.message()).at(request.path);
  return rows;
}

}  // namespace rapport::lens
