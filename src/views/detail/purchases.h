#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "views/fact.h"

namespace rapport::views::detail {

/// An order that counts (FactsView::is_net_order).
struct Purchase {
  Instant time;
  std::int64_t minor = 0;
  Currency currency;
  std::uint32_t fact = 0;  ///< place in FactsView::facts()
};

/// By time.
std::vector<Purchase> purchases_of(const FactsView& facts);

/// The band of a rolling sum, when it was entered, and when it is left if nothing happens.
struct BandSpan {
  std::optional<std::size_t> band;  ///< unset when the window holds nothing
  Instant since;
  std::optional<Instant> until;
};

struct Weighted {
  Instant time;
  std::int64_t amount = 0;
};

/// The band of the sum of amounts with an age in [0, window) at `at`. `weights` by time, none after `at`.
BandSpan band_of_window(const std::vector<Weighted>& weights, Duration window,
                        const std::function<std::size_t(std::int64_t)>& band, Instant at);

}  // namespace rapport::views::detail
