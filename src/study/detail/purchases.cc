#include "study/detail/purchases.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "study/detail/columns.h"

namespace rapport::study::detail {

Result<Purchases> read_purchases(const model::Table& table, const Options& options) {
  const std::string customer_column = options.text("customer", "customer"),
                    amount_column = options.text("amount", "amount");
  RAPPORT_TRY(const auto who, labels(table, customer_column));
  RAPPORT_TRY(const auto when, instants(table, options.text("date", "date")));
  Purchases p;
  std::vector<double> amount(table.rows(), 0.0);
  if (options.has("amount") || table.find(amount_column).ok()) {
    RAPPORT_TRY(const auto cells, table.numbers(amount_column));
    amount.assign(cells.begin(), cells.end());
    p.has_amounts = true;
  }
  std::unordered_map<std::string, std::uint32_t> index;
  p.until = Instant::min();
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (who[i].empty() || when[i] == Instant::never()) {
      return Error{Errc::bad_input,
                   fmt::format("row {} has no {}", i + 1, who[i].empty() ? "customer" : "date"),
                   fmt::format("row {}", i + 1), "a customer and a date in every row"};
    }
    if (!(amount[i] >= 0) || !std::isfinite(amount[i])) {
      return Error{Errc::bad_input, fmt::format("row {}: amount {}", i + 1, amount[i]), amount_column,
                   "amounts from 0; leave returns out"};
    }
    const auto [at, fresh] = index.try_emplace(who[i], static_cast<std::uint32_t>(p.customers.size()));
    if (fresh) p.customers.push_back(who[i]);
    p.rows.push_back({at->second, when[i], amount[i]});
    p.until = std::max(p.until, when[i]);
  }
  if (options.has("until")) {
    RAPPORT_TRY(p.until, parse_instant(options.text("until")));
  }
  return p;
}

}  // namespace rapport::study::detail
