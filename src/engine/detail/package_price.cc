#include "engine/detail/package_price.h"

#include <algorithm>

namespace rapport::engine {
namespace {

std::int64_t unit_price(const PricedService& service, std::int64_t quantity) {
  std::int64_t price = service.price, from = 0;
  for (const PriceTier& tier : service.tiers) {
    if (tier.from > quantity || tier.from < from) continue;
    from = tier.from;
    price = tier.price;
  }
  return price;
}

/// Tries each choice of bundles; what is left is paid piece by piece.
class Cheapest {
 public:
  Cheapest(const std::vector<PricedService>& services, std::vector<PricedBundle> bundles)
      : services_(services), bundles_(std::move(bundles)) {
    for (const PricedService& service : services) left_.push_back(service.quantity);
    best_ = rest();
    visit(0, 0);
  }
  std::int64_t total() const { return best_; }
  const std::vector<std::string>& used() const { return best_used_; }

 private:
  /// What is left over is paid at the price of the tier that it still reaches.
  std::int64_t rest() const {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < services_.size(); ++i) sum += left_[i] * unit_price(services_[i], left_[i]);
    return sum;
  }

  bool take(const PricedBundle& bundle, std::int64_t by) {
    for (const std::string& id : bundle.services) {
      const auto at =
          std::find_if(services_.begin(), services_.end(), [&](const auto& s) { return s.id == id; });
      left_[static_cast<std::size_t>(at - services_.begin())] += by;
    }
    return std::all_of(left_.begin(), left_.end(), [](std::int64_t n) { return n >= 0; });
  }

  void visit(std::size_t next, std::int64_t paid) {
    if (next == bundles_.size()) {
      if (const std::int64_t all = paid + rest(); all < best_) {
        best_ = all;
        best_used_ = used_;
      }
      return;
    }
    visit(next + 1, paid);
    if (take(bundles_[next], -1)) {
      used_.push_back(bundles_[next].id);
      visit(next + 1, paid + bundles_[next].price);
      used_.pop_back();
    }
    take(bundles_[next], 1);
  }

  const std::vector<PricedService>& services_;
  std::vector<PricedBundle> bundles_;
  std::vector<std::int64_t> left_;
  std::vector<std::string> used_, best_used_;
  std::int64_t best_ = 0;
};

}  // namespace

Result<PackagePrice> price_package(const std::vector<PricedService>& services,
                                   const std::vector<PricedBundle>& bundles) {
  if (services.empty() || services.size() > kPackageMost)
    return Error{Errc::bad_input, fmt::format("a package of {} services", services.size()), "services",
                 fmt::format("1 to {}, each once", kPackageMost)};
  PackagePrice out;
  for (const PricedService& service : services) {
    if (service.quantity < 1 || service.quantity > 1'000)
      return Error{Errc::bad_input, fmt::format("{} of '{}'", service.quantity, service.id),
                   "services.quantity", "1 to 1000"};
    const std::int64_t each = unit_price(service, service.quantity);
    out.lines.push_back({service.id, service.name, each, service.quantity, each * service.quantity});
    out.list += out.lines.back().total;
  }
  std::vector<PricedBundle> fitting;
  for (const PricedBundle& bundle : bundles) {
    const bool fits = bundle.services.size() >= 2 &&
                      std::all_of(bundle.services.begin(), bundle.services.end(), [&](const std::string& id) {
                        return std::any_of(services.begin(), services.end(),
                                           [&](const PricedService& s) { return s.id == id; });
                      });
    if (fits && fitting.size() < kPackageBundlesMost) fitting.push_back(bundle);
  }
  const Cheapest cheapest(services, std::move(fitting));
  out.total = cheapest.total();
  out.bundles = cheapest.used();
  return out;
}

}  // namespace rapport::engine
