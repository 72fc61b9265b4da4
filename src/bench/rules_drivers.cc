#include <algorithm>
#include <functional>

#include "base/time.h"
#include "bench/basket_shapes.h"
#include "bench/bench.h"
#include "learn/pair_counts.h"
#include "learn/rules.h"

// Association rules over baskets of named shapes. Sizes and counts of the default seed are asserted, so that
// a figure cannot come from an easier problem.
namespace rapport::bench {
namespace {

constexpr std::uint64_t kDefaultSeed = 20'261'122;
constexpr std::size_t kRetailSets = 241'554, kDenseSets = 1'282'221, kRulesExpected = 353'854;
constexpr int kRuns = 5;

Result<double> best_seconds(const std::function<Status()>& work) {
  double best = 1e9;
  for (int run = 0; run < kRuns; ++run) {
    const std::int64_t start = monotonic_ns();
    RAPPORT_CHECK(work());
    best = std::min(best, static_cast<double>(monotonic_ns() - start) / 1e9);
  }
  return best;
}

Status expect_count(const Options& options, std::string_view what, std::size_t found, std::size_t expected) {
  if (options.seed == kDefaultSeed && found != expected)
    return fail(Errc::internal, "{}: {} found where {} are", what, found, expected);
  return {};
}

Result<Figure> mining(const Options& options, const learn::Baskets& baskets, std::string name, double share,
                      unsigned threads, std::size_t expected) {
  RAPPORT_TRY(const std::uint32_t smallest, learn::count_for_support(share, baskets.size()));
  std::size_t found = 0;
  RAPPORT_TRY(const double seconds, best_seconds([&]() -> Status {
                RAPPORT_TRY(const learn::Itemsets mined,
                            learn::mine_itemsets(baskets, {.smallest_count = smallest, .threads = threads}));
                found = mined.size();
                return {};
              }));
  RAPPORT_CHECK(expect_count(options, name, found, expected));
  Figure figure{std::move(name), seconds, "s", 0, 0, Better::lower, {}};
  figure.beside = {{"itemsets", static_cast<double>(found)},
                   {"baskets", static_cast<double>(baskets.size())}};
  return figure;
}

Result<Figure> rule_making(const Options& options, const learn::Baskets& baskets) {
  const learn::RuleOptions wanted{.confidence = 0.06, .smallest_count = 9};
  RAPPORT_TRY(const learn::Itemsets mined, learn::mine_itemsets(baskets, {.smallest_count = 9}));
  std::size_t found = 0;
  RAPPORT_TRY(const double seconds, best_seconds([&]() -> Status {
                RAPPORT_TRY(const learn::Rules rules, learn::make_rules(mined, wanted));
                found = rules.all().size();
                return {};
              }));
  RAPPORT_CHECK(expect_count(options, "rules", found, kRulesExpected));
  Figure figure{"rules.measured", seconds, "s", 0.40, 0.20, Better::lower, {}};
  figure.beside = {{"rules", static_cast<double>(found)}};
  return figure;
}

/// The second half of the baskets counted one by one, after the first; then held against mining them all.
Result<Figure> live_pairs(const learn::Baskets& baskets) {
  learn::PairCounts pairs;
  const std::size_t half = baskets.size() / 2;
  for (std::size_t b = 0; b < half; ++b) RAPPORT_CHECK(pairs.add(baskets.basket(b)));
  const std::int64_t start = monotonic_ns();
  for (std::size_t b = half; b < baskets.size(); ++b) RAPPORT_CHECK(pairs.add(baskets.basket(b)));
  const double us =
      static_cast<double>(monotonic_ns() - start) / 1e3 / static_cast<double>(baskets.size() - half);
  RAPPORT_TRY(const learn::Itemsets mined,
              learn::mine_itemsets(baskets, {.smallest_count = 1, .longest = 2}));
  const learn::Itemsets live = pairs.itemsets(1);
  const bool same =
      std::equal(mined.nodes().begin(), mined.nodes().end(), live.nodes().begin(), live.nodes().end(),
                 [](const learn::ItemsetNode& a, const learn::ItemsetNode& b) {
                   return a.rank == b.rank && a.count == b.count && a.first_child == b.first_child;
                 });
  if (!same) return Error{Errc::internal, "live pair counts differ from mining"};
  Figure figure{"rules.live_pairs", us, "us a basket", 20, 5, Better::lower, {}};
  figure.beside = {{"pairs", static_cast<double>(live.size())},
                   {"mb", static_cast<double>(pairs.bytes()) / 1e6}};
  return figure;
}

}  // namespace

Result<std::vector<Figure>> bench_rules(const Options& options) {
  std::fprintf(stderr, "rules: seed %llu\n", static_cast<unsigned long long>(options.seed));
  const learn::Baskets retail = make_baskets(BasketShape::retail, options.seed);
  const learn::Baskets dense = make_baskets(BasketShape::dense, options.seed);
  std::vector<Figure> figures;
  RAPPORT_TRY(Figure one, mining(options, retail, "rules.retail", 0.0001, 1, kRetailSets));
  one.must = 0.10, one.aim = 0.05;
  RAPPORT_TRY(Figure two, mining(options, retail, "rules.retail_2_threads", 0.0001, 2, kRetailSets));
  two.aim = 0.035;
  RAPPORT_TRY(Figure wide, mining(options, dense, "rules.dense", 0.5, 1, kDenseSets));
  wide.must = 0.05, wide.aim = 0.02;
  RAPPORT_TRY(Figure rules, rule_making(options, retail));
  RAPPORT_TRY(Figure pairs, live_pairs(retail));
  for (Figure* figure : {&one, &two, &wide, &rules, &pairs}) figures.push_back(std::move(*figure));
  return figures;
}

}  // namespace rapport::bench
