#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "study/bgnbd.h"
#include "study/scores.h"
#include "study/spend.h"

/// Purchases of customers by cohort: retention, value by age, and the summaries that value models read. Pure,
/// thread-safe.
namespace rapport::study {

/// One purchase; `customer` is an index into the caller's list of names.
struct PurchaseRow {
  std::uint32_t customer = 0;
  Instant when;
  double amount = 0;
};

enum class Period { day, week, month };
Result<Period> parse_period(std::string_view word);

struct CohortCell {
  double customers = 0;  ///< of the cohort, observed through this whole period
  double active = 0;     ///< of them, with a purchase in it
  double share = 0;
  Interval interval;  ///< Wilson
};
struct CohortRow {
  std::string name;  ///< the period of the first purchase: "1997-01"
  double size = 0;
  std::vector<CohortCell>
      retention;  ///< by age in periods, 0 = the first; ends before a period that is not over
};
/// One age over all cohorts old enough for it: a customer who cannot have reached the age is not counted, in
/// either direction, so that survivors do not flatter the value.
struct AgeValue {
  std::size_t age = 0;
  double customers = 0;
  double ltv = 0, se = 0;  ///< mean of what a customer paid up to the end of this age
  Interval interval;
};
struct CohortResult {
  std::vector<CohortRow> cohorts;
  std::vector<CohortCell> retention;  ///< all cohorts pooled, by age
  std::vector<AgeValue> value;
  std::size_t customers = 0, purchases = 0;
  double arpu = 0, arpu_se = 0;  ///< per active customer and full period
  double periods = 0;
  std::optional<double> activation;  ///< share with a second purchase within the given days (Kaplan-Meier)
  Interval activation_interval;
  std::size_t after_until = 0;  ///< purchases after the end of observation, left out
};

/// `until` is the end of observation (inclusive). Months and weeks are UTC calendar periods (weeks start on
/// Monday). Errors: refused for no purchase before `until`, or a single one; bad_input naming a negative or
/// missing amount.
Result<CohortResult> cohorts(std::vector<PurchaseRow> purchases, Instant until, Period period,
                             double activation_days, double level = 0.95);

struct CustomerSummary {
  std::uint32_t customer = 0;
  PurchaseHistory history;
  double mean_repeat_value = 0;  ///< NaN without a repeat purchase
};
/// Frequency, recency and T as the BTYD literature defines them: one purchase a customer and day, the first
/// not counted, times in periods of `days` days. Errors: as cohorts.
Result<std::vector<CustomerSummary>> summarise_purchases(std::vector<PurchaseRow> purchases, Instant until,
                                                         double days);

}  // namespace rapport::study
