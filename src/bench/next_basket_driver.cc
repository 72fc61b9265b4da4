#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "base/random.h"
#include "base/time.h"
#include "bench/bench.h"
#include "learn/habits.h"
#include "math/resample.h"

// How many customers a second get their next basket: a grocer's year of 2,500 households, 68,500 products, 60
// baskets of nine lines each, seven lines in ten of them taken again.
namespace rapport::bench {
namespace {

constexpr std::size_t kHouseholds = 2'500, kBaskets = 60, kLines = 9, kProducts = 68'500, kList = 10;
constexpr unsigned kThreads = 2;
constexpr std::int64_t kDayMs = 86'400'000;

Result<learn::Interactions> make_log(const Options& options) {
  Random random(options.seed);
  learn::InteractionsBuilder builder;
  const auto households = static_cast<std::size_t>(kHouseholds * options.scale);
  for (std::size_t h = 0; h < households; ++h) {
    std::vector<std::uint64_t> had;
    std::int64_t day = random.between(0, 10);
    for (std::size_t basket = 0; basket < kBaskets; ++basket, day += random.between(1, 11)) {
      for (std::size_t line = 0; line < kLines; ++line) {
        const double u = random.uniform();
        const auto fresh = static_cast<std::uint64_t>(u * u * u * kProducts);
        had.push_back(!had.empty() && random.chance(0.7) ? had[random.below(had.size())] : fresh);
        RAPPORT_CHECK(builder.add(std::to_string(h), std::to_string(had.back()), day * kDayMs));
      }
    }
  }
  return std::move(builder).build();
}

void best_ten(std::vector<learn::Habits::Candidate>& found) {
  const std::size_t kept = std::min(kList, found.size());
  std::partial_sort(
      found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end(),
      [](const auto& a, const auto& b) { return a.score != b.score ? a.score > b.score : a.item < b.item; });
  found.resize(kept);
}

}  // namespace

Result<std::vector<Figure>> bench_next_basket(const Options& options) {
  std::fprintf(stderr, "next_basket: seed %llu\n", static_cast<unsigned long long>(options.seed));
  RAPPORT_TRY(const learn::Interactions log, make_log(options));
  const std::int64_t begin = monotonic_ns();
  RAPPORT_TRY(const auto trained, learn::train_habits({"habits", {}}, log, {.threads = kThreads}));
  const double train_s = static_cast<double>(monotonic_ns() - begin) / 1e9;
  const auto& model = dynamic_cast<const learn::Habits&>(*trained);
  std::string bytes;
  ByteWriter out(bytes);
  model.save(out);
  constexpr std::size_t kRounds = 4;
  std::vector<double> sums(kThreads * kRounds, 0);
  const std::int64_t start = monotonic_ns();
  const std::clock_t processor = std::clock();
  math::parallel_for(sums.size(), kThreads, [&](std::size_t round) {
    std::vector<learn::Habits::Candidate> found;
    for (std::size_t h = 0; h < log.customers(); ++h) {
      const auto events = log.of(h);
      model.candidates({events, events.back().time_ms + 3 * kDayMs}, found);
      best_ten(found);
      sums[round] += found.front().score;
    }
  });
  const double lists = static_cast<double>(sums.size() * log.customers());
  const double processor_s = static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC;
  Figure figure{"next_basket.rate",
                lists / (static_cast<double>(monotonic_ns() - start) / 1e9),
                "customers/s",
                20'000,
                0,
                Better::higher,
                {}};
  figure.beside = {{"processor_us", processor_s * 1e6 / lists},
                   {"lines_each", static_cast<double>(kBaskets * kLines)},
                   {"first_score", sums[0] / static_cast<double>(log.customers())},
                   {"train_s", train_s}};
  Figure memory{
      "next_basket.model", static_cast<double>(bytes.size()) / 1e6, "MB", 150, 0, Better::lower, {}};
  return std::vector<Figure>{std::move(figure), std::move(memory)};
}

}  // namespace rapport::bench
