#include "learn/metrics.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/assert.h"

namespace rapport::learn {

ListQuality measure_list(std::span<const std::uint32_t> ranked, std::span<const std::uint32_t> relevant,
                         unsigned k) {
  ASSERT(k >= 1 && !relevant.empty());
  ListQuality quality;
  const std::size_t looked_at = std::min<std::size_t>(k, ranked.size());
  const std::size_t reachable = std::min<std::size_t>(k, relevant.size());
  double hits = 0, gain = 0, precisions = 0, perfect = 0;
  for (std::size_t place = 1; place <= looked_at; ++place) {
    if (!std::binary_search(relevant.begin(), relevant.end(), ranked[place - 1])) continue;
    hits += 1;
    gain += 1 / std::log2(static_cast<double>(place) + 1);
    precisions += hits / static_cast<double>(place);
    if (hits == 1) quality.reciprocal_rank = 1 / static_cast<double>(place);
  }
  for (std::size_t place = 1; place <= reachable; ++place)
    perfect += 1 / std::log2(static_cast<double>(place) + 1);
  quality.recall = hits / static_cast<double>(relevant.size());
  quality.precision = hits / k;
  quality.ndcg = gain / perfect;
  quality.average_precision = precisions / static_cast<double>(reachable);
  quality.hit = hits > 0 ? 1 : 0;
  return quality;
}

double gini(std::span<const std::uint64_t> shown) {
  std::vector<std::uint64_t> ascending(shown.begin(), shown.end());
  std::sort(ascending.begin(), ascending.end());
  const auto n = static_cast<double>(ascending.size());
  double weighted = 0, total = 0;
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    const auto count = static_cast<double>(ascending[i]);
    weighted += (2 * static_cast<double>(i + 1) - n - 1) * count;
    total += count;
  }
  return total > 0 ? weighted / (n * total) : std::nan("");
}

}  // namespace rapport::learn
