#include "learn/habits.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.h"
#include "learn/detail/decay.h"
#include "learn/detail/habit_features.h"
#include "learn/detail/model_bytes.h"
#include "learn/detail/settings.h"
#include "math/linear.h"
#include "math/resample.h"

namespace rapport::learn {
namespace {

constexpr std::size_t kFeatures = Habits::kFeatures;
constexpr std::size_t kListsMost = 20'000;  ///< baskets that weights are learned from
constexpr std::size_t kSlices = 64;
constexpr unsigned kNewtonSteps = 12;
constexpr double kRidge = 1e-3;  ///< a list, on each weight squared
constexpr double kHardly = 0.5;  ///< beside a count, under a logarithm

/// A basket to be guessed: the first `before` events of a customer are what lies before it.
struct Target {
  std::uint32_t customer = 0;
  std::size_t before = 0, end = 0;
};

/// The last `baskets` baskets of everybody who has as many and two before them; at most kListsMost, drawn
/// evenly. `cuts`: how many events of each customer lie before all of hers.
std::vector<Target> find_targets(const Interactions& interactions, std::size_t baskets,
                                 std::vector<std::size_t>& cuts) {
  std::vector<Target> targets;
  cuts.resize(interactions.customers());
  for (std::uint32_t customer = 0; customer < interactions.customers(); ++customer) {
    const auto events = interactions.of(customer);
    std::vector<std::size_t> begins;
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (i == 0 || events[i].time_ms != events[i - 1].time_ms) begins.push_back(i);
    }
    cuts[customer] = events.size();
    if (begins.size() < 3) continue;
    const std::size_t first = std::max<std::size_t>(2, begins.size() - std::min(baskets, begins.size()));
    cuts[customer] = begins[first];
    for (std::size_t b = first; b < begins.size(); ++b)
      targets.push_back({customer, begins[b], b + 1 < begins.size() ? begins[b + 1] : events.size()});
  }
  if (targets.size() <= kListsMost) return targets;
  Random random(1);
  for (std::size_t i = 0; i < kListsMost; ++i)
    std::swap(targets[i], targets[i + random.below(targets.size() - i)]);
  targets.resize(kListsMost);
  return targets;
}

Result<Habits::Facts> learn_facts(const ModelSpec& spec, const Interactions& interactions) {
  Habits::Facts facts;
  RAPPORT_TRY(facts.strength, detail::setting(spec, "strength", 2, 0.01, 1e6));
  RAPPORT_TRY(const double halflife, detail::setting(spec, "halflife", 28, 0.1, 1e5));
  RAPPORT_TRY(const DueModel due, learn_due({spec.name, {{"strength", facts.strength}}}, interactions));
  std::int64_t end_ms = interactions.all().front().time_ms;
  for (const Interaction& event : interactions.all()) end_ms = std::max(end_ms, event.time_ms);
  std::vector<double> lately(interactions.items(), 0);
  for (const Interaction& event : interactions.all())
    lately[event.item] +=
        detail::half_to_the(static_cast<double>(end_ms - event.time_ms) / detail::kDayMs / halflife);
  for (std::uint32_t item = 0; item < lately.size(); ++item)
    facts.items.push_back({due.item(item).interval_days, detail::log_of(due.item(item).again),
                           detail::log_of(kHardly + lately[item])});
  facts.trending.resize(lately.size());
  std::iota(facts.trending.begin(), facts.trending.end(), 0u);
  const std::size_t kept = std::min(Habits::kTrending, lately.size());
  std::partial_sort(facts.trending.begin(), facts.trending.begin() + static_cast<std::ptrdiff_t>(kept),
                    facts.trending.end(), [&](std::uint32_t a, std::uint32_t b) {
                      return lately[a] != lately[b] ? lately[a] > lately[b] : a < b;
                    });
  facts.trending.resize(kept);
  return facts;
}

double dot(const Habits::Features& a, const Habits::Features& b) {
  double sum = 0;
  for (std::size_t f = 0; f < kFeatures; ++f) sum += a[f] * b[f];
  return sum;
}

/// What the likelihood's slope and bend are made of.
struct Bend {
  math::Vector slope = math::Vector::Zero(kFeatures);
  math::Matrix bend = math::Matrix::Zero(kFeatures, kFeatures);
  double likelihood = 0;
  std::size_t lists = 0;
  void operator+=(const Bend& other) {
    slope += other.slope;
    bend += other.bend;
    likelihood += other.likelihood;
    lists += other.lists;
  }
};

class Fit {
 public:
  Fit(const Interactions& interactions, const Habits::Facts& facts, const std::vector<Target>& targets,
      unsigned threads)
      : interactions_(interactions), facts_(facts), targets_(targets), threads_(threads) {}

  /// Newton's method with the step halved while it does not climb.
  Habits::Features weights() const {
    Habits::Features weights{};
    Bend here = at(weights);
    for (unsigned step = 0; step < kNewtonSteps && here.lists > 0; ++step) {
      const auto factor = math::Cholesky::of(here.bend);
      if (!factor.ok()) break;
      const math::Matrix change = factor->solve(here.slope);
      bool climbed = false;
      for (double length = 1; length > 1e-3 && !climbed; length /= 2) {
        Habits::Features next = weights;
        for (std::size_t f = 0; f < kFeatures; ++f)
          next[f] += length * change(static_cast<Eigen::Index>(f), 0);
        const Bend there = at(next);
        climbed = there.likelihood > here.likelihood;
        if (!climbed) continue;
        const bool done = there.likelihood - here.likelihood < 1e-7 * std::abs(here.likelihood);
        weights = next;
        here = there;
        if (done) return weights;
      }
      if (!climbed) break;
    }
    return weights;
  }

 private:
  Bend at(const Habits::Features& weights) const {
    std::vector<Bend> parts(kSlices);
    math::parallel_for(kSlices, threads_, [&](std::size_t slice) {
      detail::HabitFeatures features(facts_);
      for (std::size_t i = slice * targets_.size() / kSlices; i < (slice + 1) * targets_.size() / kSlices;
           ++i)
        add(targets_[i], weights, features, parts[slice]);
    });
    Bend all;
    for (const Bend& part : parts) all += part;
    const double ridge = kRidge * static_cast<double>(all.lists);
    for (std::size_t f = 0; f < kFeatures; ++f) {
      const auto row = static_cast<Eigen::Index>(f);
      all.slope(row) -= ridge * weights[f];
      all.bend(row, row) += ridge;
      all.likelihood -= ridge * weights[f] * weights[f] / 2;
    }
    return all;
  }

  void add(const Target& target, const Habits::Features& weights, detail::HabitFeatures& features,
           Bend& bend) const {
    const auto events = interactions_.of(target.customer);
    std::vector<std::uint32_t> taken;
    for (std::size_t i = target.before; i < target.end; ++i) taken.push_back(events[i].item);
    std::sort(taken.begin(), taken.end());
    std::vector<std::uint32_t> items;
    std::vector<Habits::Features> rows;
    std::vector<double> chances;
    double most = -1e300, sum = 0, hits = 0;
    features.describe({events.first(target.before), events[target.before].time_ms},
                      [&](std::uint32_t item, const Habits::Features& row) {
                        items.push_back(item);
                        rows.push_back(row);
                        chances.push_back(dot(weights, row));
                        most = std::max(most, chances.back());
                      });
    const std::size_t count = items.size();
    for (double& chance : chances) sum += chance = std::exp(chance - most);
    math::Vector wanted = math::Vector::Zero(kFeatures), mean = math::Vector::Zero(kFeatures);
    math::Matrix squares = math::Matrix::Zero(kFeatures, kFeatures);
    double likelihood = 0;
    for (std::size_t c = 0; c < count; ++c) {
      const Eigen::Map<const math::Vector> row(rows[c].data(), kFeatures);
      const double chance = chances[c] / sum;
      mean += chance * row;
      squares.selfadjointView<Eigen::Lower>().rankUpdate(row, chance);
      if (!std::binary_search(taken.begin(), taken.end(), items[c])) continue;
      hits += 1;
      wanted += row;
      likelihood += std::log(std::max(chance, 1e-300));
    }
    if (hits == 0) return;
    // A basket counts once, however much is in it.
    squares.selfadjointView<Eigen::Lower>().rankUpdate(mean, -1);
    bend.slope += wanted / hits - mean;
    bend.bend += squares;
    bend.likelihood += likelihood / hits;
    ++bend.lists;
  }

  const Interactions& interactions_;
  const Habits::Facts& facts_;
  const std::vector<Target>& targets_;
  unsigned threads_;
};

}  // namespace

void Habits::candidates(const History& history, std::vector<Candidate>& found) const {
  found.clear();
  double least = 0;
  detail::HabitFeatures(facts_).describe(history, [&](std::uint32_t item, const Features& row) {
    found.push_back({item, dot(weights_, row)});
    least = std::min(least, found.back().score);
  });
  for (Candidate& each : found) each.score += 1 - least;
}

std::vector<Habits::Repeat> Habits::repeats(const History& history) const {
  constexpr double kPerLog = 1.4426950408889634;  // 1 / log 2: odds are powers of e
  std::vector<Repeat> found;
  double most = 0;
  detail::HabitFeatures(facts_).describe_own(history,
                                             [&](std::uint32_t item, const detail::HabitFeatures::Own& own) {
                                               const double score = dot(weights_, own.row);
                                               most = found.empty() ? score : std::max(most, score);
                                               found.push_back({item, score, own.last_ms, own.interval_days});
                                             });
  for (Repeat& one : found) one.odds = detail::half_to_the((most - one.odds) * kPerLog);
  std::sort(found.begin(), found.end(), [](const Repeat& a, const Repeat& b) {
    return a.odds != b.odds ? a.odds > b.odds : a.item < b.item;
  });
  return found;
}

void Habits::score(const History& history, std::span<double> scores) const {
  std::fill(scores.begin(), scores.end(), 0);
  std::vector<Candidate> found;
  candidates(history, found);
  for (const Candidate& each : found) scores[each.item] = each.score;
}

bool Habits::save(ByteWriter& out) const {
  detail::put_double(out, facts_.strength);
  for (const double weight : weights_) detail::put_double(out, weight);
  out.varint(facts_.trending.size());
  for (const std::uint32_t item : facts_.trending) out.varint(item);
  for (const Item& item : facts_.items) {
    for (const double value : {item.interval_days, item.again, item.trend}) detail::put_double(out, value);
  }
  return true;
}

Result<std::unique_ptr<const Recommender>> Habits::load(ByteReader& in, std::size_t items) {
  Facts facts;
  Features weights;
  RAPPORT_TRY(facts.strength, detail::get_double(in, 0.01, 1e6, "a strength"));
  for (double& weight : weights) {
    RAPPORT_TRY(weight, detail::get_double(in, -1e6, 1e6, "a weight"));
  }
  RAPPORT_TRY(const std::size_t trending, detail::get_count(in, 1, "trending items"));
  facts.trending.resize(trending);
  for (std::uint32_t& item : facts.trending) {
    RAPPORT_TRY(item, detail::get_item(in, items, "a trending item"));
  }
  if (items > in.left() / (3 * sizeof(double))) return detail::damaged("intervals");
  facts.items.resize(items);
  for (Item& item : facts.items) {
    RAPPORT_TRY(item.interval_days, detail::get_double(in, 1e-9, 1e9, "an interval"));
    RAPPORT_TRY(item.again, detail::get_double(in, -1e3, 0, "a probability"));
    RAPPORT_TRY(item.trend, detail::get_double(in, -1e3, 1e3, "a trend"));
  }
  return std::unique_ptr<const Recommender>(std::make_unique<Habits>(std::move(facts), weights));
}

Result<std::unique_ptr<const Recommender>> train_habits(const ModelSpec& spec,
                                                        const Interactions& interactions,
                                                        const TrainContext& context) {
  RAPPORT_TRY(const double baskets, detail::setting(spec, "baskets", 8, 1, 50));
  std::vector<std::size_t> cuts;
  const auto targets = find_targets(interactions, static_cast<std::size_t>(baskets), cuts);
  if (targets.empty())
    return Error{Errc::refused, "nobody has three baskets", spec.name, "a shop where people buy again"};
  const Interactions before =
      interactions.where([&](std::size_t customer, std::size_t index) { return index < cuts[customer]; });
  RAPPORT_TRY(const Habits::Facts early, learn_facts(spec, before));
  const Habits::Features weights = Fit(interactions, early, targets, context.threads).weights();
  RAPPORT_TRY(Habits::Facts facts, learn_facts(spec, interactions));
  return std::unique_ptr<const Recommender>(std::make_unique<Habits>(std::move(facts), weights));
}

}  // namespace rapport::learn
