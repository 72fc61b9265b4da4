#include "learn/baskets.h"

#include <algorithm>

namespace rapport::learn {

Result<std::uint32_t> Baskets::find(std::string_view name) const {
  const auto known = numbers_.find(name);
  if (known == numbers_.end()) return fail(Errc::not_found, "no basket holds an item '{}'", name);
  return known->second;
}

Result<std::uint32_t> Baskets::item(std::string_view name) {
  const auto known = numbers_.find(name);
  if (known != numbers_.end()) return known->second;
  if (names_.size() == kItemsMost) return fail(Errc::too_large, "more than {} different items", kItemsMost);
  const auto number = static_cast<std::uint32_t>(names_.size());
  names_.emplace_back(name);
  numbers_.emplace(names_.back(), number);
  return number;
}

Status Baskets::add(std::span<const std::uint32_t> items) {
  if (items.size() > kOccurrencesMost - occurrences_.size())
    return fail(Errc::too_large, "the baskets hold more than {} items together", kOccurrencesMost);
  const auto start = static_cast<std::ptrdiff_t>(occurrences_.size());
  occurrences_.insert(occurrences_.end(), items.begin(), items.end());
  std::sort(occurrences_.begin() + start, occurrences_.end());
  occurrences_.erase(std::unique(occurrences_.begin() + start, occurrences_.end()), occurrences_.end());
  begins_.push_back(occurrences_.size());
  return {};
}

namespace {

constexpr std::size_t kLookAt = 64 << 10;

char guess_separator(std::string_view text) {
  const std::string_view start = text.substr(0, kLookAt);
  for (const char candidate : {'\t', ';', ','}) {
    if (start.find(candidate) != std::string_view::npos) return candidate;
  }
  return ' ';
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Cuts a line into items.
class LineReader {
 public:
  LineReader(std::string_view line, char separator) : rest_(line), separator_(separator) {}

  /// The next item, "" when the place between two separators is empty; false at the end of the line.
  Result<bool> next(std::string_view& item) {
    if (done_) return false;
    if (separator_ == ' ') return next_word(item);
    rest_ = trimmed_left(rest_);
    if (!rest_.empty() && rest_.front() == '"') return next_quoted(item);
    const std::size_t end = rest_.find(separator_);
    item = trimmed(rest_.substr(0, end));
    step_over(end);
    return true;
  }

 private:
  std::string_view trimmed_left(std::string_view text) const {
    while (!text.empty() && is_blank(text.front()) && text.front() != separator_) text.remove_prefix(1);
    return text;
  }
  void step_over(std::size_t end) {
    done_ = end == std::string_view::npos;
    if (!done_) rest_.remove_prefix(end + 1);
  }
  bool next_word(std::string_view& item) {
    while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
    std::size_t end = 0;
    while (end < rest_.size() && !is_blank(rest_[end])) ++end;
    item = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return end > 0;
  }
  Result<bool> next_quoted(std::string_view& item) {
    unquoted_.clear();
    std::size_t at = 1;
    for (;; ++at) {
      if (at >= rest_.size()) return Error{Errc::bad_input, "a quote does not close"};
      if (rest_[at] != '"') {
        unquoted_ += rest_[at];
      } else if (at + 1 < rest_.size() && rest_[at + 1] == '"') {
        unquoted_ += rest_[at++];
      } else {
        break;
      }
    }
    item = trimmed(unquoted_);
    step_over(rest_.find(separator_, at));
    return true;
  }

  std::string_view rest_;
  char separator_;
  std::string unquoted_;
  bool done_ = false;
};

Status read_line(std::string_view line, char separator, Baskets& baskets, std::vector<std::uint32_t>& items) {
  items.clear();
  LineReader reader(line, separator);
  std::string_view item;
  for (;;) {
    RAPPORT_TRY(const bool more, reader.next(item));
    if (!more) return {};
    if (item.empty()) continue;
    RAPPORT_TRY(const std::uint32_t number, baskets.item(item));
    items.push_back(number);
  }
}

}  // namespace

Result<BasketText> parse_baskets(std::string_view text, char separator) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  BasketText read;
  read.separator = separator == 0 ? guess_separator(text) : separator;
  std::vector<std::uint32_t> items;
  for (std::size_t line_number = 1; !text.empty(); ++line_number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    Status cut = read_line(line, read.separator, read.baskets, items);
    if (!cut.ok()) return std::move(cut).error().at(fmt::format("line {}", line_number));
    if (items.empty()) {
      ++read.blank_lines;
      continue;
    }
    RAPPORT_CHECK(read.baskets.add(items));
  }
  if (read.baskets.size() == 0)
    return Error{Errc::bad_input, "the file holds no basket", "", "one basket a line, its items separated"};
  return read;
}

}  // namespace rapport::learn
