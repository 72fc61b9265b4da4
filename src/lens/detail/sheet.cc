#include "lens/detail/sheet.h"

#include <algorithm>

#include "text/normalise.h"

namespace rapport::lens::detail {
namespace {
constexpr std::size_t kBlockBytes = 1 << 20;
constexpr std::size_t kRowsBetweenProgress = 4096;
}  // namespace

std::string_view Sheet::keep(std::string_view text) {
  if (text.empty()) return {};
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < text.size()) {
    blocks_.emplace_back().reserve(std::max(kBlockBytes, text.size()));
  }
  std::string& block = blocks_.back();
  const std::size_t at = block.size();
  block.append(text);
  return std::string_view(block).substr(at, text.size());
}

std::size_t Sheet::column_for(const std::string& name) {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found != columns_.end()) return static_cast<std::size_t>(found - columns_.begin());
  columns_.push_back(name);
  return columns_.size() - 1;
}

Status Sheet::add_file(RowReader& reader, std::size_t& budget, const std::function<void(const Row&)>& on_bad,
                       const std::function<void()>& on_progress) {
  const auto file = static_cast<std::uint32_t>(files_.size());
  files_.push_back(reader.path());
  std::vector<std::size_t> places;
  for (Row row;;) {
    RAPPORT_TRY(const bool any, reader.next(row));
    while (places.size() < reader.columns().size()) {
      places.push_back(column_for(reader.columns()[places.size()]));
    }
    if (!any) return {};
    if (!row.problem.empty()) {
      on_bad(row);
      continue;
    }
    std::size_t bytes = sizeof(RowStart) + columns_.size() * sizeof(std::string_view);
    for (const std::string& cell : row.cells) bytes += cell.size();
    if (bytes > budget) {
      return Error{Errc::too_large, "the files to be joined are over the limit for tables in memory",
                   reader.path()};
    }
    budget -= bytes;
    const std::size_t first = cells_.size();
    cells_.resize(first + columns_.size());
    for (std::size_t i = 0; i < row.cells.size(); ++i) cells_[first + places[i]] = keep(row.cells[i]);
    rows_.push_back({first, columns_.size(), {file, row.line}});
    if (rows_.size() % kRowsBetweenProgress == 0) on_progress();
  }
}

void Sheet::finish() {
  const bool even = std::all_of(rows_.begin(), rows_.end(),
                                [&](const RowStart& row) { return row.cells == columns_.size(); });
  if (even) return;
  std::vector<std::string_view> padded;
  padded.reserve(rows_.size() * columns_.size());
  for (RowStart& row : rows_) {
    const auto from = cells_.begin() + static_cast<std::ptrdiff_t>(row.first_cell);
    padded.insert(padded.end(), from, from + static_cast<std::ptrdiff_t>(row.cells));
    padded.resize(padded.size() + columns_.size() - row.cells);
  }
  cells_ = std::move(padded);
}

const Sheet::Index& Sheet::index(std::size_t column) const {
  const auto [place, is_new] = indexes_.try_emplace(column);
  if (!is_new) return place->second;
  Index& index = place->second;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const std::string_view value = text::trim(row(i)[column]);
    if (!value.empty()) index[value].push_back(static_cast<std::uint32_t>(i));
  }
  return index;
}

}  // namespace rapport::lens::detail
