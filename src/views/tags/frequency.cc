#include <array>

#include "views/detail/bands.h"
#include "views/detail/purchases.h"
#include "views/tags/all.h"

namespace rapport::views::tags {

// Purchases in 365 days, in bands.
void frequency(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace) {
  constexpr std::array<std::int64_t, 5> kEdges = {1, 2, 3, 6, 12};
  constexpr Duration kWindow = days(365);
  std::vector<detail::Weighted> weights;
  TagStep step{"purchases in 365 days", "", {}};
  for (const detail::Purchase& purchase : detail::purchases_of(facts)) {
    weights.push_back({purchase.time, 1});
    if (facts.at() - purchase.time < kWindow) step.facts.push_back(purchase.fact);
  }
  detail::BandSpan span = detail::band_of_window(
      weights, kWindow, [&](std::int64_t count) { return detail::band_of(count, kEdges); }, facts.at());
  if (!span.band) return;
  out.push_back({TagLayer::behaviour, "frequency", detail::count_band(*span.band, kEdges), 1000, span.since,
                 span.until, "facts"});
  if (trace == nullptr) return;
  step.value = fmt::format("{}", step.facts.size());
  trace->push_back(std::move(step));
}

}  // namespace rapport::views::tags
