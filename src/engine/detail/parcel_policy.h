#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"

namespace rapport::engine {

/// When a likely delay is announced, how, and what is given for it (`Parcel Policy Published`).
struct ParcelPolicy {
  /// The chance of being late from which it is announced; without it the lowest that warns for nothing of at
  /// most `false_warnings` of the punctual parcels, by a trial on the shop's own past.
  std::optional<double> threshold;
  double false_warnings = 0.10;
  Duration patience = hours(24);  ///< late by more than that is announced in any case

  struct Compensation {
    std::string coupon;
    std::int64_t minor = 0;
    Currency currency;
    Duration valid = days(30);
    Duration after = hours(24);  ///< given at once when the estimate lies that far behind the promise
  };
  std::optional<Compensation> compensation;
  std::int64_t customer_most = 2;  ///< coupons for delays of one customer within `days_back`
  std::int64_t day_most = 1'000;   ///< coupons a day (UTC)
  std::optional<std::int64_t> budget_minor;
  std::int64_t days_back = 30;  ///< of the customer's cap and the budget
  bool app = true, email = false;
  Instant since = Instant::never();  ///< promises that were over before are history

  /// Errors: bad_input naming the member. Without `since` nothing is announced.
  static Result<ParcelPolicy> parse(std::string_view body, Currency shop);
};

}  // namespace rapport::engine
