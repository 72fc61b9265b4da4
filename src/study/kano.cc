#include "study/kano.h"

#include <algorithm>
#include <cmath>

#include "math/resample.h"

namespace rapport::study {
namespace {

constexpr std::string_view kLetters = "MOAIRQ";

struct BetterWorse {
  double better = 0, worse = 0;
  bool known = false;
};

BetterWorse better_worse(const std::array<std::size_t, 6>& counts) {
  const double m = static_cast<double>(counts[0]), o = static_cast<double>(counts[1]),
               a = static_cast<double>(counts[2]);
  const double all = m + o + a + static_cast<double>(counts[3]);
  if (all == 0) return {};
  return {(a + o) / all, -(o + m) / all, true};
}

Result<std::vector<KanoCategory>> classify(const KanoAnswers& answers, const KanoTable& table) {
  if (answers.functional.size() != answers.dysfunctional.size()) {
    return fail(Errc::bad_input, "feature '{}': {} functional and {} dysfunctional answers", answers.feature,
                answers.functional.size(), answers.dysfunctional.size());
  }
  if (answers.functional.size() < 3) {
    return Error{
        Errc::refused,
        fmt::format("feature '{}' has {} complete answers", answers.feature, answers.functional.size()),
        answers.feature, "at least 3"};
  }
  std::vector<KanoCategory> categories;
  for (std::size_t i = 0; i < answers.functional.size(); ++i) {
    const int f = answers.functional[i], d = answers.dysfunctional[i];
    if (f < 0 || f > 4 || d < 0 || d > 4) {
      return Error{
          Errc::bad_input,
          fmt::format("feature '{}', respondent {}: answers {} and {}", answers.feature, i + 1, f + 1, d + 1),
          answers.feature, "1 (like) to 5 (dislike)"};
    }
    categories.push_back(table[static_cast<std::size_t>(f)][static_cast<std::size_t>(d)]);
  }
  return categories;
}

void summarise(KanoFeature& feature) {
  std::array<std::size_t, 6> order{0, 1, 2, 3, 4, 5};
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return feature.counts[a] > feature.counts[b]; });
  const double n = static_cast<double>(feature.n);
  const double first = static_cast<double>(feature.counts[order[0]]),
               second = static_cast<double>(feature.counts[order[1]]);
  feature.category = static_cast<KanoCategory>(order[0]);
  feature.total_strength = static_cast<double>(feature.counts[0] + feature.counts[1] + feature.counts[2]) / n;
  feature.category_strength = (first - second) / n;
  feature.significant =
      first - second >= 1.65 * std::sqrt((first + second) * (2 * n - first - second) / (2 * n)) &&
      first > second;
  const BetterWorse estimate = better_worse(feature.counts);
  feature.better = estimate.better;
  feature.worse = estimate.worse;
}

}  // namespace

std::string_view kano_letter(KanoCategory category) {
  return kLetters.substr(static_cast<std::size_t>(category), 1);
}

KanoTable berger_table() {
  return *parse_kano_table("QAAAO RIIIM RIIIM RIIIM RRRRQ");
}

Result<KanoTable> parse_kano_table(std::string_view text) {
  KanoTable table{};
  std::size_t cell = 0;
  for (const char c : text) {
    if (c == ' ' || c == '/' || c == ',') continue;
    const std::size_t category = kLetters.find(c);
    if (category == std::string_view::npos || cell >= 25) {
      return Error{Errc::bad_input, fmt::format("'{}' in the evaluation table", c), "table",
                   "25 of the letters M O A I R Q, row by row"};
    }
    table[cell / 5][cell % 5] = static_cast<KanoCategory>(category);
    ++cell;
  }
  if (cell != 25)
    return Error{Errc::bad_input, fmt::format("{} cells in the evaluation table", cell), "table",
                 "25 letters"};
  return table;
}

Result<std::vector<KanoFeature>> kano(const std::vector<KanoAnswers>& answers, const KanoTable& table,
                                      const KanoOptions& options) {
  if (answers.empty()) return fail(Errc::bad_input, "no feature");
  std::vector<KanoFeature> features;
  for (const KanoAnswers& one : answers) {
    RAPPORT_TRY(const std::vector<KanoCategory> categories, classify(one, table));
    KanoFeature feature{one.feature, categories.size()};
    for (const KanoCategory c : categories) ++feature.counts[static_cast<std::size_t>(c)];
    if (!better_worse(feature.counts).known) {
      return Error{Errc::refused,
                   fmt::format("feature '{}': every answer is reversed or contradictory", one.feature),
                   one.feature, "answers that fall into M, O, A or I"};
    }
    summarise(feature);
    const auto statistic = [&categories](std::span<const std::uint32_t> rows, std::span<double> out) {
      std::array<std::size_t, 6> counts{};
      for (const auto row : rows) ++counts[static_cast<std::size_t>(categories[row])];
      const BetterWorse estimate = better_worse(counts);
      out[0] = estimate.better;
      out[1] = estimate.worse;
      return estimate.known;
    };
    RAPPORT_TRY(const math::Draws draws,
                math::bootstrap(categories.size(), 2, statistic,
                                {.replicates = options.replicates, .seed = options.seed}));
    const auto better = math::percentile_interval(draws.sorted(0), options.level);
    const auto worse = math::percentile_interval(draws.sorted(1), options.level);
    feature.better_low = better.low;
    feature.better_high = better.high;
    feature.worse_low = worse.low;
    feature.worse_high = worse.high;
    features.push_back(std::move(feature));
  }
  return features;
}

}  // namespace rapport::study
