#include "lens/query_table.h"

#include "lens/detail/typed_column.h"

namespace rapport::lens {
namespace {

bool is_plain_number(std::string_view type) {
  for (const std::string_view known :
       {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "UTINYINT", "USMALLINT", "UINTEGER"}) {
    if (type == known) return true;
  }
  return false;
}

/// Columns of plain numbers go straight into doubles; the rest is gathered as text and typed at the end.
class TableSink final : public SqlSink {
 public:
  explicit TableSink(std::uint64_t most_cells) : most_cells_(most_cells) {}

  Status columns(const std::vector<std::string>& names, const std::vector<std::string>& types) override {
    for (std::size_t i = 0; i < names.size(); ++i) columns_.push_back({names[i], is_plain_number(types[i])});
    return {};
  }

  Status row(std::vector<model::SqlValue> values) override {
    cells_ += values.size();
    if (cells_ > most_cells_) {
      return Error{Errc::too_large, fmt::format("the study's table has more than {} cells", most_cells_),
                   "query", "fewer columns or rows, or the command line with a file"};
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      Gathered& column = columns_[i];
      if (column.is_number) {
        column.numbers.push_back(number_of(values[i]));
      } else {
        column.texts.push_back(text_of(std::move(values[i])));
      }
    }
    return {};
  }

  Result<model::Table> table() {
    model::Table table;
    for (Gathered& column : columns_) {
      if (column.is_number) {
        RAPPORT_CHECK(table.add({std::move(column.name), std::move(column.numbers)}));
      } else {
        RAPPORT_CHECK(table.add(detail::typed_column(std::move(column.name), std::move(column.texts))));
      }
    }
    return table;
  }

 private:
  struct Gathered {
    std::string name;
    bool is_number = false;
    model::NumberColumn numbers = {};
    std::vector<std::string> texts = {};
  };

  static double number_of(const model::SqlValue& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    if (const auto* number = std::get_if<double>(&value)) return *number;
    return model::Table::kMissing;
  }

  static std::string text_of(model::SqlValue value) {
    if (auto* text = std::get_if<std::string>(&value)) return std::move(*text);
    if (const auto* word = std::get_if<bool>(&value)) return *word ? "true" : "false";
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *whole);
    if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
    return {};
  }

  std::uint64_t most_cells_, cells_ = 0;
  std::vector<Gathered> columns_;
};

}  // namespace

Result<model::Table> query_table(const Lens& lens, std::string_view query, const SqlLimits& limits,
                                 bool reveal, std::uint64_t most_cells) {
  TableSink sink(most_cells);
  RAPPORT_TRY([[maybe_unused]] const std::uint64_t rows, lens.stream(query, limits, reveal, sink));
  return sink.table();
}

}  // namespace rapport::lens
