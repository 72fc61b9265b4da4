#include "learn/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "base/random.h"

namespace rapport::learn {
namespace {

// The measures by their definitions, with nothing shared with the room: a list, a set, k.
struct Reference {
  double recall = 0, precision = 0, ndcg = 0, map = 0, mrr = 0, hit = 0;
};
Reference reference(const std::vector<std::uint32_t>& list, const std::set<std::uint32_t>& wanted,
                    unsigned k) {
  Reference r;
  std::vector<int> is_hit;
  for (unsigned i = 0; i < k; ++i) is_hit.push_back(i < list.size() && wanted.count(list[i]) ? 1 : 0);
  const int hits = std::accumulate(is_hit.begin(), is_hit.end(), 0);
  r.recall = static_cast<double>(hits) / static_cast<double>(wanted.size());
  r.precision = static_cast<double>(hits) / k;
  r.hit = hits > 0;
  double dcg = 0, ideal = 0;
  for (unsigned i = 0; i < k; ++i) dcg += is_hit[i] * std::log(2.0) / std::log(i + 2.0);
  for (unsigned i = 0; i < std::min<std::size_t>(k, wanted.size()); ++i)
    ideal += std::log(2.0) / std::log(i + 2.0);
  r.ndcg = dcg / ideal;
  for (unsigned i = 0; i < k; ++i) {
    if (!is_hit[i]) continue;
    const int so_far = std::accumulate(is_hit.begin(), is_hit.begin() + i + 1, 0);
    r.map +=
        static_cast<double>(so_far) / (i + 1) / static_cast<double>(std::min<std::size_t>(k, wanted.size()));
    if (r.mrr == 0) r.mrr = 1.0 / (i + 1);
  }
  return r;
}

TEST(Metrics, EqualTheReference) {
  Random random(5);
  for (int round = 0; round < 3'000; ++round) {
    SCOPED_TRACE(round);
    const auto items = static_cast<std::uint32_t>(1 + random.below(60));
    std::vector<std::uint32_t> list(items);
    std::iota(list.begin(), list.end(), 0u);
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random.below(i)]);
    list.resize(random.below(items + 1));
    std::set<std::uint32_t> wanted;
    for (std::uint64_t n = 1 + random.below(20); n > 0; --n)
      wanted.insert(static_cast<std::uint32_t>(random.below(80)));
    const auto k = static_cast<unsigned>(1 + random.below(30));
    const std::vector<std::uint32_t> relevant(wanted.begin(), wanted.end());
    const ListQuality ours = measure_list(list, relevant, k);
    const Reference theirs = reference(list, wanted, k);
    EXPECT_NEAR(ours.recall, theirs.recall, 1e-12);
    EXPECT_NEAR(ours.precision, theirs.precision, 1e-12);
    EXPECT_NEAR(ours.ndcg, theirs.ndcg, 1e-12);
    EXPECT_NEAR(ours.average_precision, theirs.map, 1e-12);
    EXPECT_NEAR(ours.reciprocal_rank, theirs.mrr, 1e-12);
    EXPECT_EQ(ours.hit, theirs.hit);
  }
}

TEST(Metrics, GiniByMeanDifference) {
  Random random(6);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::uint64_t> shown(2 + random.below(40));
    for (auto& count : shown) count = random.below(20);
    double differences = 0, total = 0;
    for (const auto a : shown) {
      total += static_cast<double>(a);
      for (const auto b : shown) differences += std::abs(static_cast<double>(a) - static_cast<double>(b));
    }
    if (total == 0) continue;
    EXPECT_NEAR(gini(shown), differences / (2 * static_cast<double>(shown.size()) * total), 1e-12);
  }
  EXPECT_TRUE(std::isnan(gini(std::vector<std::uint64_t>{0, 0})));
}

}  // namespace
}  // namespace rapport::learn
