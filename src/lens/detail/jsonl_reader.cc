#include "lens/detail/jsonl_reader.h"

#include <unordered_map>

#include "codec/json_row.h"

namespace rapport::lens::detail {
namespace {

class JsonLinesReader final : public RowReader {
 public:
  JsonLinesReader(std::string path, TextSource text, const ReadOptions& options)
      : text_(std::move(text)), limits_(options.limits) {
    path_ = std::move(path);
  }

  Result<bool> next(Row& row) override {
    row.problem.clear();
    row.cells.clear();
    do {
      RAPPORT_TRY(const bool any, next_line(row));
      if (!any) return false;
    } while (row.problem.empty() && row.raw.find_first_not_of(" \t\r") == std::string::npos);
    if (!row.problem.empty()) return true;
    cells_.clear();
    if (auto parsed = parser_.parse(row.raw, cells_); !parsed.ok()) {
      row.problem = parsed.error().message;
      return true;
    }
    row.cells.assign(columns_.size(), {});
    for (auto& [name, text] : cells_) {
      const auto [place, is_new] = index_.try_emplace(name, columns_.size());
      if (is_new) {
        if (columns_.size() == limits_.columns) {
          row.problem = "too many different members in this file";
          index_.erase(place);
          return true;
        }
        columns_.push_back(name);
        row.cells.emplace_back();
      }
      row.cells[place->second] = std::move(text);
    }
    return true;
  }

  double progress() const override { return text_.progress(); }

 private:
  Result<bool> next_line(Row& row) {
    row.raw.clear();
    row.line = line_ + 1;
    for (;;) {
      const std::size_t end = buffer_.find('\n', at_);
      if (end != std::string::npos) {
        take(row, end);
        at_ = end + 1;
        ++line_;
        return true;
      }
      take(row, buffer_.size());
      buffer_.clear();
      at_ = 0;
      RAPPORT_TRY(const bool more, text_.read(buffer_));
      if (more) continue;
      if (row.raw.empty() && row.problem.empty()) return false;
      ++line_;
      return true;
    }
  }

  void take(Row& row, std::size_t end) {
    if (row.raw.size() + (end - at_) > limits_.row_bytes) {
      row.problem = "a line over the limit";
      row.raw.clear();
    } else if (row.problem.empty()) {
      row.raw.append(buffer_, at_, end - at_);
    }
  }

  TextSource text_;
  ReadLimits limits_;
  codec::JsonRowParser parser_;
  codec::JsonRowParser::Cells cells_;
  std::unordered_map<std::string, std::size_t> index_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowReader>> open_jsonl(const std::string& path, TextSource text,
                                              const ReadOptions& options) {
  return std::unique_ptr<RowReader>(std::make_unique<JsonLinesReader>(path, std::move(text), options));
}

}  // namespace rapport::lens::detail
