#include "lens/detail/csv_reader.h"

#include "lens/detail/column_names.h"

namespace rapport::lens::detail {
namespace {

class CsvReader final : public RowReader {
 public:
  CsvReader(std::string path, TextSource text, const ReadOptions& options)
      : text_(std::move(text)), options_(options), delimiter_(options.delimiter) {
    path_ = std::move(path);
  }

  Status start() {
    RAPPORT_CHECK(look_ahead(32 * 1024));
    if (delimiter_ == 0) delimiter_ = sniff_delimiter(std::string_view(buffer_).substr(0, 32 * 1024));
    if (options_.has_header) {
      Row header;
      RAPPORT_TRY(const bool any, read_record(header));
      if (!any) return Error{Errc::bad_input, "empty file", path_, "a header line"};
      if (!header.problem.empty()) {
        return Error{Errc::bad_input, header.problem, fmt::format("{}:{}", path_, header.line)};
      }
      columns_ = column_names(header.cells);
      return {};
    }
    RAPPORT_TRY(has_first_, read_record(first_));
    columns_ = numbered_columns(first_.cells.size());
    return {};
  }

  Result<bool> next(Row& row) override {
    if (has_first_) {
      row = std::move(first_);
      has_first_ = false;
      return true;
    }
    RAPPORT_TRY(const bool any, read_record(row));
    if (any && row.problem.empty() && row.cells.size() != columns_.size()) {
      row.problem = fmt::format("{} fields where the header has {}", row.cells.size(), columns_.size());
    }
    return any;
  }

  double progress() const override { return text_.progress(); }

 private:
  // The buffer holds at least `n` bytes from at_ on, unless the file ends before.
  Status look_ahead(std::size_t n) {
    while (buffer_.size() - at_ < n && !ended_) {
      if (row_start_ > 1 << 20) {
        buffer_.erase(0, row_start_);
        at_ -= row_start_;
        row_start_ = 0;
      }
      RAPPORT_TRY(const bool more, text_.read(buffer_));
      ended_ = !more;
    }
    return {};
  }

  // -1 at the end of the file.
  Result<int> peek() {
    if (at_ == buffer_.size()) RAPPORT_CHECK(look_ahead(1));
    return at_ == buffer_.size() ? -1 : static_cast<unsigned char>(buffer_[at_]);
  }

  Status skip_blank_lines() {
    for (;;) {
      RAPPORT_TRY(const int c, peek());
      if (c != '\n' && c != '\r') return {};
      ++at_;
      if (c == '\r') {
        RAPPORT_TRY(const int after, peek());
        if (after == '\n') ++at_;
      }
      ++line_;
    }
  }

  Result<bool> read_record(Row& row) {
    row.cells.clear();
    row.problem.clear();
    row.raw.clear();
    row_start_ = at_;
    RAPPORT_CHECK(skip_blank_lines());
    row_start_ = at_;
    row.line = line_;
    RAPPORT_TRY(const int first, peek());
    if (first < 0) return false;
    for (bool more = true; more;) {
      RAPPORT_TRY(more, read_field(row));
      if (!row.problem.empty()) {
        RAPPORT_CHECK(resume_after(row.line));
        return true;
      }
    }
    return true;
  }

  // True when another field follows on this row.
  Result<bool> read_field(Row& row) {
    std::string& field = row.cells.emplace_back();
    if (row.cells.size() > options_.limits.columns) return give_up(row, "too many fields");
    RAPPORT_TRY(int c, peek());
    if (c == '"') {
      ++at_;
      RAPPORT_TRY(const bool closed, read_quoted(row, field));
      if (!closed) return false;
      RAPPORT_TRY(c, peek());
    }
    while (c >= 0 && c != delimiter_ && c != '\n' && c != '\r') {
      take_plain(field);
      if (too_long(field)) return give_up(row, "a field or row over the limit");
      RAPPORT_TRY(c, peek());
    }
    if (c == delimiter_) {
      ++at_;
      return true;
    }
    return end_line(c);
  }

  // Copies up to the next byte that could end a field; at least one byte.
  void take_plain(std::string& field) {
    std::size_t end = at_ + 1;
    while (end < buffer_.size() && buffer_[end] != delimiter_ && buffer_[end] != '\n' &&
           buffer_[end] != '\r') {
      ++end;
    }
    field.append(buffer_, at_, end - at_);
    at_ = end;
  }

  // Inside quotes; false when the row was given up.
  Result<bool> read_quoted(Row& row, std::string& field) {
    for (;;) {
      RAPPORT_TRY(const int c, peek());
      if (c < 0) return give_up(row, "a quote that never closes");
      ++at_;
      if (c == '"') {
        RAPPORT_TRY(const int after, peek());
        if (after != '"') return true;
        ++at_;
      } else if (c == '\n') {
        ++line_;
      } else if (c == '\r') {
        RAPPORT_TRY(const int after, peek());
        if (after != '\n') ++line_;
      }
      field.push_back(static_cast<char>(c));
      if (too_long(field)) return give_up(row, "a field or row over the limit (a quote that never closes?)");
    }
  }

  bool too_long(const std::string& field) const {
    return field.size() > options_.limits.cell_bytes || at_ - row_start_ > options_.limits.row_bytes;
  }

  bool give_up(Row& row, std::string problem) {
    row.problem = std::move(problem);
    return false;
  }

  Result<bool> end_line(int c) {
    if (c < 0) return false;
    ++at_;
    if (c == '\r') {
      RAPPORT_TRY(const int after, peek());
      if (after == '\n') ++at_;
    }
    ++line_;
    return false;
  }

  // Reading goes on at the line after the one on which the bad row began.
  Status resume_after(std::uint64_t first_line) {
    line_ = first_line + 1;
    std::size_t end = buffer_.find('\n', row_start_);
    while (end == std::string::npos) {  // that line itself is over the limit, or the last one
      buffer_.clear();
      at_ = row_start_ = 0;
      RAPPORT_CHECK(look_ahead(1));
      if (buffer_.empty()) return {};
      end = buffer_.find('\n');
    }
    at_ = end + 1;
    return {};
  }

  TextSource text_;
  ReadOptions options_;
  char delimiter_;
  std::string buffer_;
  std::size_t at_ = 0, row_start_ = 0;
  std::uint64_t line_ = 1;
  bool ended_ = false;
  Row first_;
  bool has_first_ = false;
};

// Fields of each of the first lines when split by `delimiter` outside quotes.
std::vector<std::size_t> field_counts(std::string_view head, char delimiter) {
  std::vector<std::size_t> counts;
  std::size_t fields = 1;
  bool quoted = false, any = false;
  for (const char c : head) {
    any = true;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == delimiter) ++fields;
    if (c != '\n') continue;
    counts.push_back(fields);
    fields = 1;
    any = false;
    if (counts.size() == 50) return counts;
  }
  if (any && counts.empty()) counts.push_back(fields);
  return counts;
}

}  // namespace

char sniff_delimiter(std::string_view head) {
  char best = ',';
  double best_score = 0;
  for (const char delimiter : {',', ';', '\t', '|'}) {
    const auto counts = field_counts(head, delimiter);
    if (counts.empty() || counts.front() < 2) continue;
    double same = 0;
    for (const std::size_t n : counts) same += n == counts.front() ? 1 : 0;
    const double score =
        same / static_cast<double>(counts.size()) * (1.0 + 0.01 * static_cast<double>(counts.front()));
    if (score > best_score) {
      best_score = score;
      best = delimiter;
    }
  }
  return best;
}

Result<std::unique_ptr<RowReader>> open_csv(const std::string& path, TextSource text,
                                            const ReadOptions& options) {
  auto reader = std::make_unique<CsvReader>(path, std::move(text), options);
  RAPPORT_CHECK(reader->start());
  return std::unique_ptr<RowReader>(std::move(reader));
}

}  // namespace rapport::lens::detail
