#include "bench/basket_shapes.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/assert.h"
#include "base/random.h"

namespace rapport::bench {
namespace {

constexpr std::size_t kRetailBaskets = 88'162;
constexpr std::uint32_t kRetailItems = 16'470;
constexpr std::array<double, 5> kStaples = {0.57, 0.47, 0.18, 0.17, 0.17};
constexpr double kTailPower = 1.05;     ///< of the Zipf law of all other items
constexpr double kTailShift = 15;       ///< Mandelbrot's: the head is flatter than a pure power
constexpr double kTogether = 0.3;       ///< of the other items come with one bought before them
constexpr double kMeanOthers = 8.38;    ///< of a basket, geometric
constexpr std::size_t kCompanions = 4;  ///< items that an item draws along

constexpr std::size_t kDenseBaskets = 3'196;
constexpr std::uint32_t kDenseAttributes = 37;

/// Draws from a fixed law by its running sums.
class Law {
 public:
  explicit Law(std::vector<double> weights) : sums_(std::move(weights)) {
    for (std::size_t i = 1; i < sums_.size(); ++i) sums_[i] += sums_[i - 1];
  }
  std::uint32_t draw(Random& random) const {
    const double at = random.uniform() * sums_.back();
    return static_cast<std::uint32_t>(std::upper_bound(sums_.begin(), sums_.end(), at) - sums_.begin());
  }

 private:
  std::vector<double> sums_;
};

void name_items(learn::Baskets& baskets, std::uint32_t items) {
  for (std::uint32_t item = 0; item < items; ++item) {
    const Result<std::uint32_t> number = baskets.item(std::to_string(item + 1));
    ASSERT(number.ok() && *number == item);
  }
}

learn::Baskets make_retail(std::uint64_t seed) {
  Random random(seed);
  learn::Baskets baskets;
  name_items(baskets, kRetailItems);
  constexpr auto kFirst = static_cast<std::uint32_t>(kStaples.size());
  std::vector<double> weights;
  for (std::uint32_t item = kFirst; item < kRetailItems; ++item)
    weights.push_back(std::pow(kTailShift + item, -kTailPower));
  const Law tail(std::move(weights));
  std::vector<std::uint32_t> items;
  for (std::size_t b = 0; b < kRetailBaskets; ++b) {
    items.clear();
    for (std::uint32_t staple = 0; staple < kFirst; ++staple) {
      if (random.chance(kStaples[staple])) items.push_back(staple);
    }
    std::uint32_t last = kRetailItems;
    while (items.empty() || random.chance(kMeanOthers / (1 + kMeanOthers))) {
      if (last != kRetailItems && random.chance(kTogether)) {
        // A companion is a fixed function of the item, so that the same things meet again and again.
        const std::uint64_t which = random.below(kCompanions);
        last = kFirst + static_cast<std::uint32_t>(mix64(last * kCompanions + which) % (kRetailItems / 8));
      } else {
        last = kFirst + tail.draw(random);
      }
      items.push_back(last);
    }
    ASSERT(baskets.add(items).ok());
  }
  return baskets;
}

learn::Baskets make_dense(std::uint64_t seed) {
  Random random(seed);
  learn::Baskets baskets;
  name_items(baskets, 2 * kDenseAttributes + 1);
  std::vector<std::uint32_t> items;
  for (std::size_t b = 0; b < kDenseBaskets; ++b) {
    items.clear();
    const bool easy = random.chance(0.6);  // positions of one kind agree with each other
    for (std::uint32_t attribute = 0; attribute < kDenseAttributes; ++attribute) {
      const double common = 0.99 - 0.621 * std::pow(static_cast<double>(attribute) / kDenseAttributes, 1.6);
      const bool usual = random.chance(easy ? 1 - (1 - common) * 0.6 : common);
      const bool third = attribute == 0 && !usual && random.chance(0.1);
      items.push_back(third ? 2 * kDenseAttributes : 2 * attribute + (usual ? 0 : 1));
    }
    ASSERT(baskets.add(items).ok());
  }
  return baskets;
}

}  // namespace

learn::Baskets make_baskets(BasketShape shape, std::uint64_t seed) {
  return shape == BasketShape::retail ? make_retail(seed) : make_dense(seed);
}

std::string basket_lines(const learn::Baskets& baskets) {
  std::string lines;
  for (std::size_t b = 0; b < baskets.size(); ++b) {
    char before = 0;
    for (const std::uint32_t item : baskets.basket(b)) {
      if (before != 0) lines += before;
      lines += baskets.name(item);
      before = ' ';
    }
    lines += '\n';
  }
  return lines;
}

}  // namespace rapport::bench
