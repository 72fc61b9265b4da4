#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/spreadsheet.h"
#include "codec/json_writer.h"
#include "lens/detail/export_sink.h"

namespace rapport::lens::detail {
namespace {

class TextFile {
 public:
  static Result<std::unique_ptr<TextFile>> create(const std::string& path) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr) return Error{Errc::io, fmt::format("cannot write: {}", std::strerror(errno)), path};
    return std::unique_ptr<TextFile>(new TextFile(file, path));
  }
  ~TextFile() {
    if (file_ != nullptr) std::fclose(file_);
  }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  Status write(std::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size()) return {};
    return Error{Errc::io, fmt::format("cannot write: {}", std::strerror(errno)), path_};
  }
  Status close() {
    std::FILE* file = std::exchange(file_, nullptr);
    if (std::fclose(file) == 0) return {};
    return Error{Errc::io, fmt::format("cannot write: {}", std::strerror(errno)), path_};
  }

 private:
  TextFile(std::FILE* file, std::string path) : file_(file), path_(std::move(path)) {}
  std::FILE* file_;
  std::string path_;
};

void append_field(std::string& out, std::string_view text) {
  const bool is_formula = is_formula_in_spreadsheets(text);
  const bool plain = !is_formula && !text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos;
  if (plain) {
    out += text;
    return;
  }
  out.push_back('"');
  if (is_formula) out.push_back('\'');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

class CsvSink final : public ExportSink {
 public:
  explicit CsvSink(std::unique_ptr<TextFile> file) : file_(std::move(file)) {}

  Status columns(const std::vector<std::string>& names, const std::vector<std::string>&) override {
    line_.clear();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) line_.push_back(',');
      append_field(line_, names[i]);
    }
    line_ += "\r\n";
    return file_->write(line_);
  }

  Status row(std::vector<model::SqlValue> values) override {
    line_.clear();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) line_.push_back(',');
      append_value(values[i]);
    }
    line_ += "\r\n";
    return file_->write(line_);
  }

  Status finish() override { return file_->close(); }

 private:
  void append_value(const model::SqlValue& value) {
    if (const auto* flag = std::get_if<bool>(&value)) line_ += *flag ? "true" : "false";
    if (const auto* whole = std::get_if<std::int64_t>(&value)) line_ += fmt::to_string(*whole);
    if (const auto* real = std::get_if<double>(&value)) line_ += fmt::to_string(*real);
    if (const auto* text = std::get_if<std::string>(&value)) append_field(line_, *text);
  }
  std::unique_ptr<TextFile> file_;
  std::string line_;
};

class JsonLinesSink final : public ExportSink {
 public:
  explicit JsonLinesSink(std::unique_ptr<TextFile> file) : file_(std::move(file)) {}

  Status columns(const std::vector<std::string>& names, const std::vector<std::string>&) override {
    names_ = names;
    return {};
  }

  Status row(std::vector<model::SqlValue> values) override {
    std::string line;
    codec::JsonWriter out(line);
    out.begin_object();
    for (std::size_t i = 0; i < values.size(); ++i) {
      out.escaped_key(names_[i]);
      if (const auto* flag = std::get_if<bool>(&values[i]))
        out.boolean(*flag);
      else if (const auto* whole = std::get_if<std::int64_t>(&values[i]))
        out.integer(*whole);
      else if (const auto* real = std::get_if<double>(&values[i]))
        out.real(*real);
      else if (const auto* text = std::get_if<std::string>(&values[i]))
        out.text(*text);
      else
        out.null();
    }
    out.end_object();
    line.push_back('\n');
    return file_->write(line);
  }

  Status finish() override { return file_->close(); }

 private:
  std::unique_ptr<TextFile> file_;
  std::vector<std::string> names_;
};

}  // namespace

Result<std::unique_ptr<ExportSink>> csv_sink(const std::string& path) {
  RAPPORT_TRY(auto file, TextFile::create(path));
  return std::unique_ptr<ExportSink>(std::make_unique<CsvSink>(std::move(file)));
}

Result<std::unique_ptr<ExportSink>> jsonl_sink(const std::string& path) {
  RAPPORT_TRY(auto file, TextFile::create(path));
  return std::unique_ptr<ExportSink>(std::make_unique<JsonLinesSink>(std::move(file)));
}

}  // namespace rapport::lens::detail
