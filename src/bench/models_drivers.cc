#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>

#include "base/random.h"
#include "base/time.h"
#include "bench/bench.h"
#include "learn/als.h"
#include "learn/neighbours.h"

// Training and folding in on interactions of a named shape: 137,000 customers, 20,000 items, 9 million
// interactions that follow a Zipf law over items and a lognormal one over customers.
namespace rapport::bench {
namespace {

constexpr std::size_t kCustomers = 137'000, kItems = 20'000;
constexpr double kMeanItems = 82;    ///< of a customer, some of them more than once
constexpr double kItemPower = 0.75;  ///< of the Zipf law
constexpr unsigned kThreads = 2;
/// Of the default seed at full size, asserted so that a figure cannot come from an easier problem.
constexpr std::uint64_t kDefaultSeed = 20'261'122;
constexpr std::size_t kPairs = 9'167'936;
constexpr double kTopShareLeast = 0.15, kTopShareMost = 0.25;  ///< of a hundredth of the items

Result<learn::Interactions> make_interactions(const Options& options) {
  Random random(options.seed);
  std::vector<double> sums(kItems);
  double sum = 0;
  for (std::size_t i = 0; i < kItems; ++i)
    sums[i] = sum += std::pow(static_cast<double>(i + 10), -kItemPower);
  const auto customers = static_cast<std::size_t>(static_cast<double>(kCustomers) * options.scale);
  learn::InteractionsBuilder builder;
  for (std::size_t c = 0; c < customers; ++c) {
    // The product of three uniforms is about lognormal; its mean is an eighth.
    const double share = random.uniform() * random.uniform() * random.uniform() * 8;
    const auto count = static_cast<std::size_t>(1 + share * kMeanItems);
    const std::string name = std::to_string(c);
    // Tastes: most of a customer's items lie in one of fifty parts.
    const std::uint64_t taste = random.below(50);
    for (std::size_t n = 0; n < count; ++n) {
      auto item = static_cast<std::uint64_t>(
          std::upper_bound(sums.begin(), sums.end(), random.uniform() * sum) - sums.begin());
      if (random.chance(0.6)) item = std::min<std::uint64_t>(kItems - 1, item / 50 * 50 + taste);
      RAPPORT_CHECK(builder.add(name, std::to_string(item), static_cast<std::int64_t>(n)));
    }
  }
  return std::move(builder).build();
}

double seconds_of(const std::function<void()>& work) {
  const std::int64_t start = monotonic_ns();
  work();
  return static_cast<double>(monotonic_ns() - start) / 1e9;
}

/// What share of interactions the most popular hundredth of items has.
double top_share(const learn::Interactions& data) {
  std::vector<std::size_t> counts(data.items(), 0);
  for (const learn::Interaction& event : data.all()) ++counts[event.item];
  std::sort(counts.rbegin(), counts.rend());
  std::size_t top = 0;
  for (std::size_t i = 0; i < counts.size() / 100; ++i) top += counts[i];
  return static_cast<double>(top) / static_cast<double>(data.size());
}

Status check_shape(const Options& options, const learn::Interactions& data) {
  if (options.scale < 1) return {};
  const std::size_t pairs = learn::rows_of_items(data, false).cells.size();
  if (options.seed == kDefaultSeed && pairs != kPairs)
    return fail(Errc::internal, "{} pairs where {} are", pairs, kPairs);
  const double top = top_share(data);
  if (top < kTopShareLeast || top > kTopShareMost)
    return fail(Errc::internal, "a hundredth of the items has {:.3f} of the interactions", top);
  return {};
}

double processor_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

Figure als_sweep(const learn::Interactions& data, learn::AlsModel& model) {
  learn::AlsOptions options{.factors = 128, .sweeps = 1, .threads = kThreads};
  const double processor = processor_seconds();
  const double one = seconds_of([&] { model = learn::train_als(data, options); });
  const double processor_one = processor_seconds() - processor;
  options.sweeps = 5;
  const double five = seconds_of([&] { model = learn::train_als(data, options); });
  Figure figure{"models.als_sweep", (five - one) / 4, "s a sweep", 1.5, 0.65, Better::lower, {}};
  figure.beside = {{"processor_s", (processor_seconds() - processor - 2 * processor_one) / 4},
                   {"interactions", static_cast<double>(learn::rows_of_items(data, false).cells.size())},
                   {"top_hundredth_share", top_share(data)},
                   {"loss_after_5", learn::als_loss(model, data, kThreads)}};
  return figure;
}

/// The loss after five sweeps when every row's ridge is the same: what other programs can be held against.
Figure flat_loss(const learn::Interactions& data) {
  constexpr double kUnobserved = 0.1, kRidge = 0.1;
  const learn::AlsModel model = learn::train_als(data, {.factors = 128,
                                                        .sweeps = 5,
                                                        .unobserved = kUnobserved,
                                                        .regularisation = kRidge,
                                                        .ridge = learn::AlsRidge::flat,
                                                        .threads = kThreads});
  Figure figure{"models.als_flat_loss",
                learn::als_loss(model, data, kThreads),
                "an interaction",
                0,
                0,
                Better::lower,
                {}};
  figure.beside = {{"unobserved", kUnobserved}, {"ridge", kRidge}, {"sweeps", 5}};
  return figure;
}

Result<Figure> item_item(const Options& options, const learn::Interactions& data) {
  const learn::SparseRows rows = learn::rows_of_items(data, true);
  learn::NeighbourLists lists;
  const double processor = processor_seconds();
  const double seconds = seconds_of([&] {
    lists =
        learn::find_neighbours(rows, {.weighting = learn::Weighting::tfidf, .most = 50, .threads = kThreads});
  });
  const double processor_taken = processor_seconds() - processor;
  if (!options.write.empty()) {
    std::ofstream out(options.write + "/neighbours.txt");
    for (std::uint32_t item = 0; item < data.items(); ++item) {
      for (const learn::Neighbour& other : lists.of(item))
        out << item << ' ' << other.item << ' ' << other.similarity << '\n';
    }
    if (!out.flush()) return Error{Errc::io, "cannot be written", options.write + "/neighbours.txt"};
  }
  Figure figure{"models.item_item_50", seconds, "s", 4, 2, Better::lower, {}};
  figure.beside = {{"processor_s", processor_taken},
                   {"neighbours", static_cast<double>(lists.neighbours.size())}};
  return figure;
}

/// Lines "customer item", numbers from 0.
Status write_data(const Options& options, const learn::Interactions& data) {
  std::ofstream out(options.write + "/interactions.txt");
  for (std::size_t c = 0; c < data.customers(); ++c) {
    for (const learn::Interaction& event : data.of(c)) out << c << ' ' << event.item << '\n';
  }
  if (!out.flush()) return Error{Errc::io, "cannot be written", options.write + "/interactions.txt"};
  return {};
}

Figure fold_in(const learn::Interactions& data, learn::AlsModel model) {
  const learn::Als als(std::move(model));
  std::vector<double> ms;
  float kept = 0;
  for (std::size_t c = 0; c < std::min<std::size_t>(2'000, data.customers()); ++c)
    ms.push_back(1e3 * seconds_of([&] { kept += als.fold_in(data.of(c))[0]; }));
  std::sort(ms.begin(), ms.end());
  Figure figure{"models.fold_in_128", ms[ms.size() / 2], "ms p50", 0.5, 0.15, Better::lower, {}};
  figure.beside = {{"p99_ms", ms[ms.size() * 99 / 100]}, {"first_factor_sum", kept}};
  return figure;
}

}  // namespace

Result<std::vector<Figure>> bench_models(const Options& options) {
  std::fprintf(stderr, "models: seed %llu\n", static_cast<unsigned long long>(options.seed));
  RAPPORT_TRY(const learn::Interactions data, make_interactions(options));
  RAPPORT_CHECK(check_shape(options, data));
  if (!options.write.empty()) RAPPORT_CHECK(write_data(options, data));
  learn::AlsModel model;
  std::vector<Figure> figures;
  figures.push_back(als_sweep(data, model));
  RAPPORT_TRY(Figure neighbours, item_item(options, data));
  figures.push_back(std::move(neighbours));
  figures.push_back(fold_in(data, std::move(model)));
  if (!options.write.empty()) figures.push_back(flat_loss(data));
  return figures;
}

}  // namespace rapport::bench
