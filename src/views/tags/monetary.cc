#include <algorithm>
#include <array>

#include "views/detail/bands.h"
#include "views/detail/purchases.h"
#include "views/tags/all.h"

namespace rapport::views::tags {

// What she spent in 365 days, in bands; one tag for each currency.
void monetary(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace) {
  constexpr std::array<std::int64_t, 6> kEdges = {0, 500, 1000, 3000, 10'000, 30'000};
  constexpr Duration kWindow = days(365);
  const std::vector<detail::Purchase> purchases = detail::purchases_of(facts);
  std::vector<Currency> currencies;
  for (const detail::Purchase& purchase : purchases) currencies.push_back(purchase.currency);
  std::sort(currencies.begin(), currencies.end());
  currencies.erase(std::unique(currencies.begin(), currencies.end()), currencies.end());
  for (const Currency currency : currencies) {
    std::vector<detail::Weighted> weights;
    TagStep step{fmt::format("spent in 365 days in {}", currency.text()), "", {}};
    std::int64_t sum = 0;
    for (const detail::Purchase& purchase : purchases) {
      if (purchase.currency != currency) continue;
      weights.push_back({purchase.time, purchase.minor});
      if (facts.at() - purchase.time >= kWindow) continue;
      sum += purchase.minor;
      step.facts.push_back(purchase.fact);
    }
    detail::BandSpan span = detail::band_of_window(
        weights, kWindow, [&](std::int64_t minor) { return detail::money_band_of(minor, currency, kEdges); },
        facts.at());
    if (!span.band) continue;
    std::string text = detail::money_band(*span.band, currency, kEdges) + " ";
    text += currency.text();
    out.push_back({TagLayer::behaviour, "monetary", std::move(text), 1000, span.since, span.until, "facts"});
    if (trace == nullptr) continue;
    step.value = format_minor(sum, currency);
    trace->push_back(std::move(step));
  }
}

}  // namespace rapport::views::tags
