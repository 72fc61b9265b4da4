#include "study/data.h"

#include <cmath>

namespace rapport::study {

Result<Items> read_items(const model::Table& table, std::span<const std::string> names) {
  Items items;
  for (const std::string& name : names) {
    for (const std::string& present : items.names) {
      if (present == name) return fail(Errc::bad_input, "the item '{}' is given twice", name);
    }
    RAPPORT_TRY(const std::span<const double> cells, table.numbers(name));
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (std::isinf(cells[row])) {
        return Error{Errc::bad_input, fmt::format("column '{}' row {} is infinite", name, row + 1), name,
                     "a finite number"};
      }
    }
    items.names.push_back(name);
    items.columns.push_back(cells);
  }
  return items;
}

Result<math::ColumnMoments> item_moments(const Items& items, math::MissingRule rule, std::size_t rows_min) {
  math::ColumnMoments moments = math::column_moments(items.columns, rule, 2);
  const auto need = static_cast<double>(std::max<std::size_t>(rows_min, 3));
  for (Eigen::Index i = 0; i < moments.counts.rows(); ++i) {
    const std::string& name = items.names[static_cast<std::size_t>(i)];
    if (moments.counts.row(i).minCoeff() < need) {
      return Error{
          Errc::refused,
          fmt::format("too few rows: {} usable ones for '{}'", moments.counts.row(i).minCoeff(), name),
          "rows", fmt::format("at least {} rows without missing cells", need)};
    }
    const double variance = moments.covariance(i, i);
    const double scale = std::max(1e-300, moments.means[i] * moments.means[i]);
    if (!(variance > 1e-24 * scale)) {
      return Error{Errc::refused,
                   fmt::format("constant item: '{}' has the same value in every usable row", name), name,
                   "items that vary"};
    }
  }
  return moments;
}

math::Matrix complete_rows(const Items& items) {
  std::vector<std::size_t> keep;
  for (std::size_t row = 0; row < items.rows(); ++row) {
    bool complete = true;
    for (const auto& column : items.columns) complete = complete && !std::isnan(column[row]);
    if (complete) keep.push_back(row);
  }
  math::Matrix x(static_cast<Eigen::Index>(keep.size()), static_cast<Eigen::Index>(items.columns.size()));
  for (std::size_t c = 0; c < items.columns.size(); ++c) {
    for (std::size_t r = 0; r < keep.size(); ++r) {
      x(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)) = items.columns[c][keep[r]];
    }
  }
  return x;
}

}  // namespace rapport::study
