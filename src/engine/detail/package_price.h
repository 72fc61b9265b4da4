#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

/// Prices of services taken together. Whole minor units; pure.
namespace rapport::engine {

struct PriceTier {
  std::int64_t from = 1;   ///< from so many of it on
  std::int64_t price = 0;  ///< of each
};
struct PricedService {
  std::string id, name;
  std::int64_t price = 0;        ///< of one
  std::vector<PriceTier> tiers;  ///< any order
  std::int64_t quantity = 1;
};
struct PricedBundle {
  std::string id;
  std::vector<std::string> services;  ///< one of each
  std::int64_t price = 0;
};
struct PriceLine {
  std::string id, name;
  std::int64_t price = 0, quantity = 0, total = 0;  ///< by the tier that the quantity reaches
};
struct PackagePrice {
  std::vector<PriceLine> lines;
  std::int64_t list = 0;   ///< sum of the lines
  std::int64_t total = 0;  ///< with the bundles that save most
  std::vector<std::string> bundles;
};

inline constexpr std::size_t kPackageMost = 12;         ///< services of one package
inline constexpr std::size_t kPackageBundlesMost = 20;  ///< bundles that fit into it

/// Each bundle is used at most once, for one of each of its services; among all such choices the cheapest.
/// Errors: bad_input for nothing, too many, a quantity outside 1..1000.
Result<PackagePrice> price_package(const std::vector<PricedService>& services,
                                   const std::vector<PricedBundle>& bundles);

}  // namespace rapport::engine
