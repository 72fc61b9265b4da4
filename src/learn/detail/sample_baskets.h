#pragma once

#include "base/assert.h"
#include "base/random.h"
#include "learn/baskets.h"

/// Baskets for the tests of this room.
namespace rapport::learn {

inline Baskets named_items(std::size_t items) {
  Baskets baskets;
  for (std::size_t item = 0; item < items; ++item) ASSERT(baskets.item(fmt::format("i{}", item)).ok());
  return baskets;
}

/// Every item in every basket with its own probability around `density`.
inline Baskets random_baskets(Random& random, std::size_t size, std::size_t items, double density) {
  Baskets baskets = named_items(items);
  std::vector<double> chances(items);
  for (double& chance : chances) chance = std::min(1.0, density * (0.5 + random.uniform()));
  std::vector<std::uint32_t> basket;
  for (std::size_t b = 0; b < size; ++b) {
    basket.clear();
    for (std::uint32_t item = 0; item < items; ++item) {
      if (random.chance(chances[item])) basket.push_back(item);
    }
    ASSERT(baskets.add(basket).ok());
  }
  return baskets;
}

/// Items fall into `clusters`; a basket takes from one of them with `density` and a little of all others.
inline Baskets clustered_baskets(Random& random, std::size_t size, std::size_t items, std::size_t clusters,
                                 double density) {
  Baskets baskets = named_items(items);
  std::vector<std::uint32_t> basket;
  for (std::size_t b = 0; b < size; ++b) {
    basket.clear();
    const std::uint64_t cluster = random.below(clusters);
    for (std::uint32_t item = 0; item < items; ++item) {
      const double popular = 1.0 / (1.0 + item / 20.0);
      if (random.chance(item % clusters == cluster ? density : 0.04 * popular)) basket.push_back(item);
    }
    ASSERT(baskets.add(basket).ok());
  }
  return baskets;
}

}  // namespace rapport::learn
