#pragma once

#include "base/assert.h"
#include "base/random.h"
#include "learn/interactions.h"

/// Interactions for the tests of this room.
namespace rapport::learn {

/// Customers of two tastes: even and odd items. Each basket repeats something with `habit`, else takes anew,
/// mostly by taste, the lower numbers more often; days between baskets vary.
inline Interactions sample_interactions(Random& random, std::size_t customers, std::size_t items,
                                        double habit) {
  InteractionsBuilder builder;
  for (std::size_t c = 0; c < customers; ++c) {
    std::vector<std::uint64_t> had;
    std::int64_t day = random.between(0, 60);
    const std::uint64_t baskets = 1 + random.below(8);
    for (std::uint64_t b = 0; b < baskets; ++b, day += random.between(1, 20)) {
      for (std::uint64_t n = 1 + random.below(4); n > 0; --n) {
        std::uint64_t item = 0;
        if (!had.empty() && random.chance(habit)) {
          item = had[random.below(had.size())];
        } else {
          item = std::min(random.below(items), random.below(items));
          if (random.chance(0.8)) item = item / 2 * 2 + c % 2;
          item = std::min<std::uint64_t>(item, items - 1);
        }
        had.push_back(item);
        ASSERT(builder.add(fmt::format("c{}", c), fmt::format("i{}", item), day * 86'400'000).ok());
      }
    }
  }
  return std::move(builder).build().value();
}

}  // namespace rapport::learn
