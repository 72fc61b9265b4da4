#include "views/detail/purchases.h"

#include <algorithm>

#include "base/wrapping.h"
#include "model/catalogue_ids.h"

namespace rapport::views::detail {

std::vector<Purchase> purchases_of(const FactsView& facts) {
  std::vector<Purchase> purchases;
  if (!facts.may_have(model::kind::order_completed)) return purchases;
  const std::span<const Fact> all = facts.facts();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].kind() != model::kind::order_completed || !facts.is_net_order(all[i])) continue;
    purchases.push_back(
        {all[i].time(), facts.value(all[i]), facts.currency(all[i]), static_cast<std::uint32_t>(i)});
  }
  return purchases;
}

namespace {

// Every moment at which the sum changes, with the change; by time.
std::vector<Weighted> changes_of(const std::vector<Weighted>& weights, Duration window) {
  std::vector<Weighted> changes;
  for (const Weighted& one : weights) {
    changes.push_back(one);
    changes.push_back({one.time + window, -one.amount});
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Weighted& a, const Weighted& b) { return a.time < b.time; });
  return changes;
}

}  // namespace

BandSpan band_of_window(const std::vector<Weighted>& weights, Duration window,
                        const std::function<std::size_t(std::int64_t)>& band, Instant at) {
  BandSpan span;
  std::int64_t sum = 0;
  std::size_t inside = 0;
  for (const Weighted& one : weights) {
    if (at - one.time >= window) continue;
    sum = wrapping_sum(sum, one.amount);
    ++inside;
  }
  if (inside == 0) return span;
  span.band = band(sum);
  const std::vector<Weighted> changes = changes_of(weights, window);
  const auto now = std::partition_point(changes.begin(), changes.end(),
                                        [at](const Weighted& change) { return change.time <= at; });
  // Changes of one moment count together, so a moment is asked about only once all of them are taken.
  std::int64_t before = sum;
  for (auto change = now; change != changes.begin();) {
    const Instant moment = std::prev(change)->time;
    while (change != changes.begin() && std::prev(change)->time == moment) before -= (--change)->amount;
    span.since = moment;
    if (band(before) != span.band) break;
  }
  std::int64_t after = sum;
  for (auto change = now; change != changes.end();) {
    const Instant moment = change->time;
    for (; change != changes.end() && change->time == moment; ++change, --inside) after += change->amount;
    if (inside > 0 && band(after) == span.band) continue;
    span.until = moment;
    break;
  }
  return span;
}

}  // namespace rapport::views::detail
