#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/table.h"
#include "study/cohort.h"
#include "study/options.h"

/// A table of purchases (customer, date, amount) as the cohort and value studies take it.
namespace rapport::study::detail {

struct Purchases {
  std::vector<PurchaseRow> rows;
  std::vector<std::string> customers;  ///< names by index, in order of first sight
  Instant until;
  bool has_amounts = false;
};

/// Columns by --customer, --date, --amount (the names themselves when absent; the amount may be missing
/// altogether) and
/// --until. Errors: bad_input naming a row without customer or date, or a negative amount.
Result<Purchases> read_purchases(const model::Table& table, const Options& options);

}  // namespace rapport::study::detail
