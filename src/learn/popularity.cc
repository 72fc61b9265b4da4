#include "learn/popularity.h"

#include <algorithm>
#include <numeric>

#include "base/assert.h"
#include "learn/detail/decay.h"
#include "learn/detail/model_bytes.h"
#include "learn/detail/settings.h"

namespace rapport::learn {
namespace {

std::vector<double> customer_shares(const Interactions& interactions) {
  const ItemPopularity popularity = item_popularity(interactions);
  std::vector<double> shares(popularity.customers.begin(), popularity.customers.end());
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= std::max(1.0, total);
  return shares;
}

}  // namespace

void Popularity::score(const History&, std::span<double> scores) const {
  std::copy(shares_.begin(), shares_.end(), scores.begin());
}

bool Popularity::save(ByteWriter& out) const {
  detail::put_doubles(out, shares_);
  return true;
}

Result<std::unique_ptr<const Recommender>> Popularity::load(ByteReader& in, std::size_t items) {
  RAPPORT_TRY(std::vector<double> shares, detail::get_doubles(in, 0, 1, "shares of items"));
  if (shares.size() != items) return detail::damaged("shares of items");
  return std::unique_ptr<const Recommender>(std::make_unique<Popularity>(std::move(shares)));
}

std::vector<double> shrink_to_parent(std::span<const double> counts, std::span<const double> parent,
                                     double strength) {
  ASSERT(counts.size() == parent.size() && strength > 0);
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  std::vector<double> shares(counts.size());
  for (std::size_t i = 0; i < shares.size(); ++i)
    shares[i] = (counts[i] + strength * parent[i]) / (total + strength);
  return shares;
}

Result<std::unique_ptr<const Recommender>> train_popularity(const ModelSpec&,
                                                            const Interactions& interactions,
                                                            const TrainContext&) {
  return std::unique_ptr<const Recommender>(std::make_unique<Popularity>(customer_shares(interactions)));
}

Result<std::unique_ptr<const Recommender>> train_trend(const ModelSpec& spec,
                                                       const Interactions& interactions,
                                                       const TrainContext&) {
  RAPPORT_TRY(const double halflife, detail::setting(spec, "halflife", 14, 1e-3, 1e6));
  RAPPORT_TRY(const double strength, detail::setting(spec, "strength", 100, 1e-6, 1e12));
  std::int64_t last = interactions.all().front().time_ms;
  for (const Interaction& event : interactions.all()) last = std::max(last, event.time_ms);
  std::vector<double> recent(interactions.items(), 0);
  for (const Interaction& event : interactions.all())
    recent[event.item] +=
        detail::half_to_the(static_cast<double>(last - event.time_ms) / (halflife * detail::kDayMs));
  return std::unique_ptr<const Recommender>(
      std::make_unique<Popularity>(shrink_to_parent(recent, customer_shares(interactions), strength)));
}

}  // namespace rapport::learn
