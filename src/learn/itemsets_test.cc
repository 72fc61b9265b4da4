#include "learn/itemsets.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/random.h"
#include "learn/detail/sample_baskets.h"
#include "learn/pair_counts.h"

namespace rapport::learn {
namespace {

using Sets = std::map<std::vector<std::uint32_t>, std::uint32_t>;

/// Agrawal & Srikant's Apriori without any cleverness: join, count by looking at every basket.
Sets apriori(const Baskets& baskets, std::uint32_t smallest_count, unsigned longest) {
  Sets all;
  std::vector<std::vector<std::uint32_t>> level;
  for (std::uint32_t item = 0; item < baskets.items(); ++item) level.push_back({item});
  for (unsigned size = 1; !level.empty() && (longest == 0 || size <= longest); ++size) {
    std::vector<std::vector<std::uint32_t>> frequent;
    for (const auto& set : level) {
      std::uint32_t count = 0;
      for (std::size_t b = 0; b < baskets.size(); ++b) {
        const auto basket = baskets.basket(b);
        count += std::includes(basket.begin(), basket.end(), set.begin(), set.end());
      }
      if (count < smallest_count) continue;
      all[set] = count;
      frequent.push_back(set);
    }
    level.clear();
    for (std::size_t i = 0; i < frequent.size(); ++i) {
      for (std::size_t j = i + 1; j < frequent.size(); ++j) {
        if (!std::equal(frequent[i].begin(), frequent[i].end() - 1, frequent[j].begin())) break;
        level.push_back(frequent[i]);
        level.back().push_back(frequent[j].back());
      }
    }
  }
  return all;
}

void collect(const Itemsets& mined, std::uint32_t node, std::vector<std::uint32_t>& path, Sets& all) {
  const ItemsetNode& here = mined.nodes()[node];
  for (std::uint32_t i = 0; i < here.children; ++i) {
    const ItemsetNode& child = mined.nodes()[here.first_child + i];
    path.push_back(mined.items()[child.rank]);
    std::vector<std::uint32_t> set = path;
    std::sort(set.begin(), set.end());
    EXPECT_TRUE(all.emplace(set, child.count).second) << "a set was found twice";
    collect(mined, here.first_child + i, path, all);
    path.pop_back();
  }
}

Sets as_sets(const Itemsets& mined) {
  Sets all;
  std::vector<std::uint32_t> path;
  collect(mined, 0, path, all);
  EXPECT_EQ(all.size(), mined.size());
  return all;
}

std::vector<std::array<std::uint32_t, 4>> as_rows(const Itemsets& mined) {
  std::vector<std::array<std::uint32_t, 4>> rows;
  for (const ItemsetNode& node : mined.nodes())
    rows.push_back({node.rank, node.count, node.first_child, node.children});
  return rows;
}

TEST(Itemsets, EqualAprioriOverRandomBaskets) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Random random(seed);
    const Baskets baskets =
        random_baskets(random, 1 + random.below(900), 1 + random.below(14), random.uniform());
    const auto smallest = static_cast<std::uint32_t>(1 + random.below(baskets.size() / 4 + 2));
    const auto longest = static_cast<unsigned>(random.below(6));
    const auto mined = mine_itemsets(baskets, {.smallest_count = smallest, .longest = longest});
    ASSERT_TRUE(mined.ok());
    EXPECT_EQ(as_sets(*mined), apriori(baskets, smallest, longest));
  }
}

// Wide and dense enough that every part of the miner has its turn: columns of 1, 2, 4 and 8 words, lists
// inside lists, and the lattice with items above its table.
TEST(Itemsets, EqualAprioriOnWideBaskets) {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Random random(seed);
    const Baskets baskets = clustered_baskets(random, 2'500, 90, 3, 0.45);
    const auto mined = mine_itemsets(baskets, {.smallest_count = 160, .longest = 3});
    ASSERT_TRUE(mined.ok());
    EXPECT_EQ(as_sets(*mined), apriori(baskets, 160, 3));
    const Baskets dense = random_baskets(random, 2'000, 18, 0.8);
    const auto lattice = mine_itemsets(dense, {.smallest_count = 700});
    ASSERT_TRUE(lattice.ok());
    EXPECT_EQ(as_sets(*lattice), apriori(dense, 700, 0));
  }
}

TEST(Itemsets, AnyNumberOfThreadsFindsTheSameTree) {
  Random random(7);
  const Baskets baskets = clustered_baskets(random, 3'000, 200, 5, 0.3);
  const auto one = mine_itemsets(baskets, {.smallest_count = 20});
  ASSERT_TRUE(one.ok());
  EXPECT_GT(one->size(), 1'000u);
  for (const unsigned threads : {2u, 3u, 8u}) {
    const auto many = mine_itemsets(baskets, {.smallest_count = 20, .threads = threads});
    ASSERT_TRUE(many.ok());
    EXPECT_EQ(as_rows(*one), as_rows(*many)) << threads;
  }
}

TEST(Itemsets, PairsCountedOneByOneEqualMining) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Random random(seed);
    const Baskets baskets = clustered_baskets(random, 500, 60, 4, 0.3);
    PairCounts pairs;
    for (std::size_t b = 0; b < baskets.size(); ++b) ASSERT_TRUE(pairs.add(baskets.basket(b)).ok());
    for (const std::uint32_t smallest : {1u, 5u, 40u}) {
      const auto mined = mine_itemsets(baskets, {.smallest_count = smallest, .longest = 2});
      ASSERT_TRUE(mined.ok());
      const Itemsets live = pairs.itemsets(smallest);
      EXPECT_EQ(as_rows(live), as_rows(*mined));
      EXPECT_TRUE(std::equal(live.items().begin(), live.items().end(), mined->items().begin()));
    }
    const auto partners = pairs.partners(3, 1);
    for (const auto& partner : partners) EXPECT_EQ(partner.count, pairs.count(partner.item, 3));
  }
}

TEST(Itemsets, TooMuchIsRefused) {
  std::vector<std::uint32_t> wide(5'001);
  Baskets baskets;
  for (std::uint32_t i = 0; i < wide.size(); ++i) wide[i] = baskets.item(std::to_string(i)).value();
  ASSERT_TRUE(baskets.add(wide).ok());
  const auto mined = mine_itemsets(baskets, {.smallest_count = 1, .itemsets_most = 1'000'000});
  ASSERT_FALSE(mined.ok());
  EXPECT_EQ(mined.error().code, Errc::too_large);
  PairCounts pairs;
  EXPECT_EQ(pairs.add(wide).error().code, Errc::too_large);
  EXPECT_EQ(pairs.baskets(), 0u);
  EXPECT_EQ(mine_itemsets(baskets, {.smallest_count = 0}).error().code, Errc::bad_input);
  EXPECT_EQ(mine_itemsets(baskets, {.smallest_count = 1, .threads = 0}).error().code, Errc::bad_input);
}

TEST(Itemsets, SmallestCountOfAShare) {
  EXPECT_EQ(count_for_support(0.001, 9'835).value(), 10u);
  EXPECT_EQ(count_for_support(0.07, 100).value(), 7u);  // 7.000000000000001 in binary
  EXPECT_EQ(count_for_support(1e-9, 100).value(), 1u);
  EXPECT_EQ(count_for_support(1, 100).value(), 100u);
  EXPECT_FALSE(count_for_support(0, 100).ok());
  EXPECT_FALSE(count_for_support(1.5, 100).ok());
  EXPECT_FALSE(count_for_support(std::nan(""), 100).ok());
}

}  // namespace
}  // namespace rapport::learn
