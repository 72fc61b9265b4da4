#include "learn/next_basket.h"

#include <algorithm>

#include "learn/detail/decay.h"
#include "learn/detail/model_bytes.h"
#include "learn/detail/settings.h"
#include "learn/popularity.h"

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

std::vector<DueModel::Due> DueModel::due(const History& history) const {
  std::vector<Due> found;
  if (history.events.empty()) return found;
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
    found.push_back({item, again * (1 - now / then) * run.times, run.last_ms, median});
  }
  return found;
}

void DueModel::score(const History& history, std::span<double> scores) const {
  std::fill(scores.begin(), scores.end(), 0);
  for (const Due& due : due(history)) scores[due.item] = due.score;
}

bool PersonalFrequency::save(ByteWriter& out) const {
  detail::put_double(out, halflife_);
  return true;
}

Result<std::unique_ptr<const Recommender>> PersonalFrequency::load(ByteReader& in, std::size_t) {
  RAPPORT_TRY(const double halflife, detail::get_double(in, 0, 1e6, "a half-life"));
  return std::unique_ptr<const Recommender>(std::make_unique<PersonalFrequency>(halflife));
}

bool DueModel::save(ByteWriter& out) const {
  detail::put_double(out, strength_);
  out.varint(shape_);
  for (const Item& item : items_) {
    detail::put_double(out, item.interval_days);
    detail::put_double(out, item.again);
  }
  return true;
}

Result<DueModel> DueModel::read(ByteReader& in, std::size_t items) {
  RAPPORT_TRY(const double strength, detail::get_double(in, 0.01, 1e6, "a strength"));
  const std::uint64_t shape = in.varint();
  if (!in.ok() || shape < 1 || shape > 8 || items > in.left() / (2 * sizeof(double)))
    return detail::damaged("intervals");
  std::vector<Item> known(items);
  for (Item& item : known) {
    RAPPORT_TRY(item.interval_days, detail::get_double(in, 1e-9, 1e9, "an interval"));
    RAPPORT_TRY(item.again, detail::get_double(in, 0, 1, "a probability"));
  }
  return DueModel(std::move(known), strength, static_cast<unsigned>(shape));
}

Result<std::unique_ptr<const Recommender>> DueModel::load(ByteReader& in, std::size_t items) {
  RAPPORT_TRY(DueModel model, read(in, items));
  return std::unique_ptr<const Recommender>(std::make_unique<DueModel>(std::move(model)));
}

bool NextBasket::save(ByteWriter& out) const {
  for (const double weight : {weights_.own, weights_.due, weights_.like}) detail::put_double(out, weight);
  frequency_.save(out);
  due_.save(out);
  detail::put_lists(out, neighbours_, popularity_.size());
  detail::put_doubles(out, popularity_);
  return true;
}

Result<std::unique_ptr<const Recommender>> NextBasket::load(ByteReader& in, std::size_t items) {
  Weights weights;
  for (double* weight : {&weights.own, &weights.due, &weights.like}) {
    RAPPORT_TRY(*weight, detail::get_double(in, 0, 1, "a weight"));
  }
  RAPPORT_TRY(const double halflife, detail::get_double(in, 0, 1e6, "a half-life"));
  RAPPORT_TRY(DueModel due, DueModel::read(in, items));
  RAPPORT_TRY(NeighbourLists neighbours, detail::get_lists(in, items));
  RAPPORT_TRY(std::vector<double> popularity, detail::get_doubles(in, 0, 1e15, "popularity"));
  if (popularity.size() != items) return detail::damaged("popularity");
  return std::unique_ptr<const Recommender>(std::make_unique<NextBasket>(
      PersonalFrequency(halflife), std::move(due), std::move(neighbours), std::move(popularity), weights));
}

Result<std::unique_ptr<const Recommender>> train_personal(const ModelSpec& spec, const Interactions&,
                                                          const TrainContext&) {
  RAPPORT_TRY(const double halflife, detail::setting(spec, "halflife", 0, 0, 1e6));
  return std::unique_ptr<const Recommender>(std::make_unique<PersonalFrequency>(halflife));
}

/// What a history says of when things are bought again, and what is to be had from few data: everybody's.
Result<DueModel> learn_due(const ModelSpec& spec, const Interactions& interactions) {
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
  return DueModel(std::move(items), strength, static_cast<unsigned>(shape));
}

namespace {

/// Adds `weight` x values as shares of their sum; nothing when they are all zero.
void add_shares(std::span<const double> values, double weight, std::span<double> scores) {
  double sum = 0;
  for (const double value : values) sum += value;
  if (!(sum > 0)) return;
  for (std::size_t i = 0; i < values.size(); ++i) scores[i] += weight * values[i] / sum;
}

}  // namespace

void NextBasket::score(const History& history, std::span<double> scores) const {
  std::fill(scores.begin(), scores.end(), 0);
  std::vector<double> part(scores.size());
  frequency_.score(history, part);
  add_shares(part, weights_.own * (1 - weights_.due), scores);
  std::vector<double> like(scores.size(), 0);
  for (std::uint32_t item = 0; item < part.size(); ++item) {
    if (part[item] == 0) continue;
    for (const Neighbour& neighbour : neighbours_.of(item))
      like[neighbour.item] += part[item] * static_cast<double>(neighbour.similarity);
  }
  add_shares(like, (1 - weights_.own) * weights_.like, scores);
  due_.score(history, part);
  add_shares(part, weights_.own * weights_.due, scores);
  add_shares(popularity_, (1 - weights_.own) * (1 - weights_.like), scores);
}

Result<std::unique_ptr<const Recommender>> train_due(const ModelSpec& spec, const Interactions& interactions,
                                                     const TrainContext&) {
  RAPPORT_TRY(DueModel model, learn_due(spec, interactions));
  return std::unique_ptr<const Recommender>(std::make_unique<DueModel>(std::move(model)));
}

Result<std::unique_ptr<const Recommender>> train_next_basket(const ModelSpec& spec,
                                                             const Interactions& interactions,
                                                             const TrainContext& context) {
  NextBasket::Weights weights;
  RAPPORT_TRY(const double halflife, detail::setting(spec, "halflife", 0, 0, 1e6));
  RAPPORT_TRY(const double most, detail::setting(spec, "neighbours", 100, 1, 10'000));
  RAPPORT_TRY(weights.own, detail::setting(spec, "own", weights.own, 0, 1));
  RAPPORT_TRY(weights.due, detail::setting(spec, "due", weights.due, 0, 1));
  RAPPORT_TRY(weights.like, detail::setting(spec, "like", weights.like, 0, 1));
  RAPPORT_TRY(DueModel due, learn_due(spec, interactions));
  NeighbourOptions options;
  options.weighting = Weighting::tfidf;
  options.most = static_cast<std::size_t>(most);
  options.threads = context.threads;
  NeighbourLists neighbours = find_neighbours(rows_of_items(interactions, true), options);
  const ItemPopularity popularity = item_popularity(interactions);
  return std::unique_ptr<const Recommender>(std::make_unique<NextBasket>(
      PersonalFrequency(halflife), std::move(due), std::move(neighbours),
      std::vector<double>(popularity.customers.begin(), popularity.customers.end()), weights));
}

}  // namespace rapport::learn
