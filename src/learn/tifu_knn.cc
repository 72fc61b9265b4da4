#include "learn/tifu_knn.h"

#include <algorithm>
#include <map>

#include "learn/detail/settings.h"

namespace rapport::learn {
namespace {

/// Item numbers of each basket, each once.
std::vector<std::vector<std::uint32_t>> baskets_of(std::span<const Interaction> events) {
  std::vector<std::vector<std::uint32_t>> baskets;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (i == 0 || events[i].time_ms != events[i - 1].time_ms) baskets.emplace_back();
    baskets.back().push_back(events[i].item);
  }
  for (std::vector<std::uint32_t>& basket : baskets) {
    std::sort(basket.begin(), basket.end());
    basket.erase(std::unique(basket.begin(), basket.end()), basket.end());
  }
  return baskets;
}

double power(double base, std::size_t exponent) {
  double value = 1;
  for (std::size_t i = 0; i < exponent; ++i) value *= base;
  return value;
}

}  // namespace

TifuKnn::Row TifuKnn::vector_of(std::span<const Interaction> events, const TifuOptions& options) {
  const auto baskets = baskets_of(events);
  const std::size_t m = options.group, groups = (baskets.size() + m - 1) / m;
  const std::size_t first =
      baskets.size() - (groups == 0 ? 0 : (groups - 1) * m);  // baskets of the first group
  std::map<std::uint32_t, double> sums;
  for (std::size_t b = 0; b < baskets.size(); ++b) {
    const std::size_t group = b < first ? 0 : 1 + (b - first) / m;
    const std::size_t size = group == 0 ? first : m;
    const std::size_t place = group == 0 ? b : (b - first) % m;  // from 0
    const double weight = power(options.group_decay, groups - 1 - group) *
                          power(options.basket_decay, size - 1 - place) / static_cast<double>(size) /
                          static_cast<double>(groups);
    for (const std::uint32_t item : baskets[b]) sums[item] += weight;
  }
  Row row;
  for (const auto& [item, value] : sums) row.push_back({item, value});
  return row;
}

TifuKnn::TifuKnn(const Interactions& interactions, const TifuOptions& options)
    : options_(options), holders_(interactions.items()) {
  for (std::size_t customer = 0; customer < interactions.customers(); ++customer) {
    if (interactions.of(customer).empty()) continue;
    customers_.push_back(vector_of(interactions.of(customer), options));
    double square = 0;
    for (const Cell& cell : customers_.back()) {
      holders_[cell.index].push_back({static_cast<std::uint32_t>(customers_.size() - 1), cell.value});
      square += cell.value * cell.value;
    }
    squares_.push_back(square);
  }
}

void TifuKnn::score(const History& history, std::span<double> scores) const {
  std::fill(scores.begin(), scores.end(), 0);
  const Row own = vector_of(history.events, options_);
  // Squared distances less the asker's own square, which is the same for all.
  std::vector<double> distances = squares_;
  for (const Cell& cell : own) {
    scores[cell.index] += options_.alpha * cell.value;
    for (const Cell& holder : holders_[cell.index]) distances[holder.index] -= 2 * cell.value * holder.value;
  }
  std::vector<std::uint32_t> nearest(distances.size());
  for (std::uint32_t i = 0; i < nearest.size(); ++i) nearest[i] = i;
  const std::size_t kept = std::min(options_.neighbours, nearest.size());
  const auto nearer = [&](std::uint32_t a, std::uint32_t b) {
    return distances[a] != distances[b] ? distances[a] < distances[b] : a < b;
  };
  if (kept < nearest.size())
    std::nth_element(nearest.begin(), nearest.begin() + static_cast<std::ptrdiff_t>(kept), nearest.end(),
                     nearer);
  nearest.resize(kept);
  std::sort(nearest.begin(), nearest.end());  // one order of summation
  for (const std::uint32_t neighbour : nearest) {
    for (const Cell& cell : customers_[neighbour])
      scores[cell.index] += (1 - options_.alpha) * cell.value / static_cast<double>(kept);
  }
}

Result<std::unique_ptr<const Recommender>> train_tifu_knn(const ModelSpec& spec,
                                                          const Interactions& interactions,
                                                          const TrainContext&) {
  TifuOptions options;
  RAPPORT_TRY(const double group, detail::setting(spec, "group", 7, 1, 1000));
  RAPPORT_TRY(options.basket_decay, detail::setting(spec, "rb", 0.9, 0, 1));
  RAPPORT_TRY(options.group_decay, detail::setting(spec, "rg", 0.7, 0, 1));
  RAPPORT_TRY(options.alpha, detail::setting(spec, "alpha", 0.7, 0, 1));
  RAPPORT_TRY(const double neighbours, detail::setting(spec, "neighbours", 300, 1, 1e6));
  options.group = static_cast<unsigned>(group);
  options.neighbours = static_cast<std::size_t>(neighbours);
  return std::unique_ptr<const Recommender>(std::make_unique<TifuKnn>(interactions, options));
}

}  // namespace rapport::learn
