#include <algorithm>
#include <cmath>
#include <cstdio>
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
constexpr double kMeanItems = 66;    ///< of a customer
constexpr double kItemPower = 0.75;  ///< of the Zipf law
constexpr unsigned kThreads = 2;

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

Figure als_sweep(const learn::Interactions& data, learn::AlsModel& model) {
  learn::AlsOptions options{.factors = 128, .sweeps = 1, .threads = kThreads};
  const double one = seconds_of([&] { model = learn::train_als(data, options); });
  options.sweeps = 3;
  const double three = seconds_of([&] { model = learn::train_als(data, options); });
  Figure figure{"models.als_sweep", (three - one) / 2, "s a sweep", 1.5, 0.65, Better::lower, {}};
  figure.beside = {{"interactions", static_cast<double>(data.size())},
                   {"loss_after_3", learn::als_loss(model, data, kThreads)}};
  return figure;
}

Figure item_item(const learn::Interactions& data) {
  const learn::SparseRows rows = learn::rows_of_items(data, true);
  std::size_t neighbours = 0;
  const double seconds = seconds_of([&] {
    neighbours =
        learn::find_neighbours(rows, {.weighting = learn::Weighting::tfidf, .most = 50, .threads = kThreads})
            .neighbours.size();
  });
  Figure figure{"models.item_item_50", seconds, "s", 4, 2, Better::lower, {}};
  figure.beside = {{"neighbours", static_cast<double>(neighbours)}};
  return figure;
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
  learn::AlsModel model;
  std::vector<Figure> figures;
  figures.push_back(als_sweep(data, model));
  figures.push_back(item_item(data));
  figures.push_back(fold_in(data, std::move(model)));
  return figures;
}

}  // namespace rapport::bench
