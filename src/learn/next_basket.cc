#include "learn/next_basket.h"

#include <algorithm>

#include "learn/detail/decay.h"
#include "learn/detail/settings.h"

namespace rapport::learn {
namespace {

/// For each event, how many baskets before the last one it lies.
std::vector<std::uint32_t> baskets_ago(std::span<const Interaction> events) {
  std::vector<std::uint32_t> ago(events.size());
  std::uint32_t now = 0;
  for (std::size_t i = events.size(); i-- > 0;) {
    if (i + 1 < events.size() && events[i].time_ms != events[i + 1].time_ms) ++now;
    ago[i] = now;
  }
  return ago;
}

/// The purchases of one item by one customer.
struct Run {
  std::int64_t first_ms = 0, last_ms = 0;
  unsigned times = 0;  ///< baskets
};

void add_to(Run& run, std::int64_t time_ms) {
  if (run.times > 0 && run.last_ms == time_ms) return;
  if (run.times == 0) run.first_ms = time_ms;
  run.last_ms = time_ms;
  ++run.times;
}

/// Runs of a history by item, in the order of first purchase.
void find_runs(std::span<const Interaction> events, std::vector<std::pair<std::uint32_t, Run>>& runs) {
  std::vector<std::pair<std::uint32_t, std::int64_t>> sorted;
  for (const Interaction& event : events) sorted.emplace_back(event.item, event.time_ms);
  std::sort(sorted.begin(), sorted.end());
  runs.clear();
  for (const auto& [item, time_ms] : sorted) {
    if (runs.empty() || runs.back().first != item) runs.push_back({item, {}});
    add_to(runs.back().second, time_ms);
  }
}

double power(double base, unsigned exponent) {
  double value = 1;
  for (unsigned i = 0; i < exponent; ++i) value *= base;
  return value;
}

}  // namespace

void PersonalFrequency::score(const History& history, std::span<double> scores) const {
  std::fill(scores.begin(), scores.end(), 0);
  const std::vector<std::uint32_t> ago = baskets_ago(history.events);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> seen;  // item and basket: a basket counts an item once
  for (std::size_t i = 0; i < ago.size(); ++i) seen.emplace_back(history.events[i].item, ago[i]);
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  for (const auto& [item, basket] : seen)
    scores[item] += halflife_ > 0 ? detail::half_to_the(basket / halflife_) : 1.0;
}

void DueModel::score(const History& history, std::span<double> scores) const {
  std::fill(scores.begin(), scores.end(), 0);
  if (history.events.empty()) return;
  std::vector<std::pair<std::uint32_t, Run>> runs;
  find_runs(history.events, runs);
  const double baskets = baskets_ago(history.events).front() + 1;
  const double span_days =
      static_cast<double>(history.events.back().time_ms - history.events.front().time_ms) / detail::kDayMs;
  const double horizon = baskets > 1 ? span_days / (baskets - 1) : 7;  // her usual time between baskets
  for (const auto& [item, run] : runs) {
    const Item& prior = items_[item];
    const double gaps = run.times - 1;
    const double own_days = static_cast<double>(run.last_ms - run.first_ms) / detail::kDayMs;
    const double median = (own_days + strength_ * prior.interval_days) / (gaps + strength_);
    const double elapsed = static_cast<double>(history.now_ms - run.last_ms) / detail::kDayMs;
    // S(t) = 1 / (1 + (t / median)^shape)
    const double now = 1 + power(elapsed / median, shape_);
    const double then = 1 + power((elapsed + horizon) / median, shape_);
    const double again = (gaps + strength_ * prior.again) / (run.times + strength_);
    // How often she has it pulls too: among things due alike, the habit comes first.
    scores[item] = again * (1 - now / then) * run.times;
  }
}

Result<std::unique_ptr<const Recommender>> train_personal(const ModelSpec& spec, const Interactions&,
                                                          const TrainContext&) {
  RAPPORT_TRY(const double halflife, detail::setting(spec, "halflife", 0, 0, 1e6));
  return std::unique_ptr<const Recommender>(std::make_unique<PersonalFrequency>(halflife));
}

Result<std::unique_ptr<const Recommender>> train_due(const ModelSpec& spec, const Interactions& interactions,
                                                     const TrainContext&) {
  RAPPORT_TRY(const double strength, detail::setting(spec, "strength", 2, 0.01, 1e6));
  RAPPORT_TRY(const double shape, detail::setting(spec, "shape", 2, 1, 8));
  struct Sums {
    double gaps = 0, days = 0, purchases = 0;
  };
  std::vector<Sums> by_item(interactions.items());
  Sums all;
  std::vector<std::pair<std::uint32_t, Run>> runs;
  for (std::size_t customer = 0; customer < interactions.customers(); ++customer) {
    find_runs(interactions.of(customer), runs);
    for (const auto& [item, run] : runs) {
      for (Sums* sums : {&by_item[item], &all}) {
        sums->gaps += run.times - 1;
        sums->days += static_cast<double>(run.last_ms - run.first_ms) / detail::kDayMs;
        sums->purchases += run.times;
      }
    }
  }
  if (all.gaps == 0)
    return Error{Errc::refused, "nobody bought anything twice", spec.name, "a shop where people buy again"};
  constexpr double kPull = 5;  // intervals' weight of all items in one item's
  const double usual_days = std::max(1e-3, all.days / all.gaps), usual_again = all.gaps / all.purchases;
  std::vector<DueModel::Item> items;
  for (const Sums& sums : by_item)
    items.push_back({(sums.days + kPull * usual_days) / (sums.gaps + kPull),
                     (sums.gaps + kPull * usual_again) / (sums.purchases + kPull)});
  return std::unique_ptr<const Recommender>(
      std::make_unique<DueModel>(std::move(items), strength, static_cast<unsigned>(shape)));
}

}  // namespace rapport::learn
