#include "study/delphi.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "math/distributions.h"
#include "math/resample.h"

namespace rapport::study {
namespace {

using math::Matrix;
using Index = Eigen::Index;

/// Mid-ranks of one judge's row and the sum of t^3 - t over its ties.
double mid_ranks(const Matrix& ratings, Index judge, std::vector<double>& ranks) {
  const auto n = static_cast<std::size_t>(ratings.cols());
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  const auto value = [&](std::size_t j) { return ratings(judge, static_cast<Index>(j)); };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return value(a) < value(b); });
  double ties = 0;
  for (std::size_t i = 0; i < n;) {
    std::size_t j = i;
    while (j < n && value(order[j]) == value(order[i])) ++j;
    const double t = static_cast<double>(j - i);
    ties += t * t * t - t;
    for (std::size_t k = i; k < j; ++k) ranks[order[k]] = (static_cast<double>(i + j) + 1) / 2;
    i = j;
  }
  return ties;
}

struct RankTable {
  Matrix ranks;              ///< judges x items
  std::vector<double> ties;  ///< per judge
};

RankTable rank_all(const Matrix& ratings) {
  RankTable table{Matrix(ratings.rows(), ratings.cols()), {}};
  std::vector<double> ranks(static_cast<std::size_t>(ratings.cols()));
  for (Index i = 0; i < ratings.rows(); ++i) {
    table.ties.push_back(mid_ranks(ratings, i, ranks));
    for (Index j = 0; j < ratings.cols(); ++j) table.ranks(i, j) = ranks[static_cast<std::size_t>(j)];
  }
  return table;
}

/// NaN when every judge ties everything.
double concordance_of(const math::Vector& rank_sums, double ties, double m) {
  const double n = static_cast<double>(rank_sums.size());
  const double spread = 12 * rank_sums.squaredNorm() - 3 * m * m * n * (n + 1) * (n + 1);
  const double most = m * m * n * (n * n - 1) - m * ties;
  return most > 0 ? spread / most : std::nan("");
}

DelphiItem summarise(const std::string& name, const Matrix& ratings, Index column, double level) {
  DelphiItem item{name, static_cast<std::size_t>(ratings.rows())};
  std::vector<double> values(ratings.col(column).begin(), ratings.col(column).end());
  std::sort(values.begin(), values.end());
  const double n = static_cast<double>(values.size());
  item.mean = ratings.col(column).mean();
  item.sd = math::standard_deviation(values);
  item.median = math::quantile_sorted(values, 0.5);
  item.q1 = math::quantile_sorted(values, 0.25);
  item.q3 = math::quantile_sorted(values, 0.75);
  item.cv = item.sd / item.mean;
  item.agreement =
      static_cast<double>(std::count_if(values.begin(), values.end(),
                                        [&](double v) { return std::fabs(v - item.median) <= 1; })) /
      n;
  const double half = math::t_quantile((1 + level) / 2, n - 1) * item.sd / std::sqrt(n);
  item.ci_low = item.mean - half;
  item.ci_high = item.mean + half;
  return item;
}

Status interval_of_w(DelphiRound& round, const Matrix& ratings, std::uint64_t seed, double level) {
  const RankTable table = rank_all(ratings);
  const auto statistic = [&table](std::span<const std::uint32_t> judges, std::span<double> out) {
    math::Vector sums = math::Vector::Zero(table.ranks.cols());
    double ties = 0;
    for (const auto judge : judges) {
      sums += table.ranks.row(judge).transpose();
      ties += table.ties[judge];
    }
    out[0] = concordance_of(sums, ties, static_cast<double>(judges.size()));
    return std::isfinite(out[0]);
  };
  RAPPORT_TRY(const math::Draws draws, math::bootstrap(static_cast<std::size_t>(ratings.rows()), 1, statistic,
                                                       {.replicates = 2000, .seed = seed}));
  const auto interval = math::bias_corrected_interval(draws.sorted(0), round.concordance.w, level);
  round.w_ci_low = interval.low;
  round.w_ci_high = interval.high;
  return {};
}

}  // namespace

Result<Concordance> kendall_w(const Matrix& ratings) {
  if (ratings.rows() < 2 || ratings.cols() < 2) {
    return Error{Errc::refused, fmt::format("{} experts and {} items", ratings.rows(), ratings.cols()),
                 "rows", "at least two experts and two items"};
  }
  if (!ratings.allFinite()) return fail(Errc::bad_input, "a rating is missing");
  const RankTable table = rank_all(ratings);
  Concordance c;
  c.judges = static_cast<std::size_t>(ratings.rows());
  c.items = static_cast<std::size_t>(ratings.cols());
  const double m = static_cast<double>(c.judges);
  c.w = concordance_of(table.ranks.colwise().sum().transpose(),
                       std::accumulate(table.ties.begin(), table.ties.end(), 0.0), m);
  if (!std::isfinite(c.w)) {
    return Error{Errc::refused, "every expert rates all items alike, so there is no order to agree on",
                 "items", "ratings that differ between items"};
  }
  c.df = static_cast<double>(c.items) - 1;
  c.chisq = m * c.df * c.w;
  c.p = math::chi2_sf(c.chisq, c.df);
  return c;
}

Result<DelphiResult> delphi(const DelphiInput& input, std::uint64_t seed, double level) {
  if (input.rounds.empty() || input.rounds.size() != input.round_names.size()) {
    return fail(Errc::bad_input, "{} rounds with {} names", input.rounds.size(), input.round_names.size());
  }
  DelphiResult result;
  for (std::size_t r = 0; r < input.rounds.size(); ++r) {
    const Matrix& ratings = input.rounds[r];
    if (ratings.cols() != static_cast<Index>(input.items.size())) {
      return fail(Errc::bad_input, "round '{}' rates {} items of {}", input.round_names[r], ratings.cols(),
                  input.items.size());
    }
    DelphiRound round{input.round_names[r]};
    auto concordance = kendall_w(ratings);
    if (!concordance.ok()) return std::move(concordance).error().at("round " + round.name);
    round.concordance = *concordance;
    RAPPORT_CHECK(interval_of_w(round, ratings, seed, level));
    double total = 0;
    for (Index j = 0; j < ratings.cols(); ++j) {
      round.items.push_back(summarise(input.items[static_cast<std::size_t>(j)], ratings, j, level));
      total += round.items.back().mean;
    }
    for (DelphiItem& item : round.items) item.weight = item.mean / total;
    result.rounds.push_back(std::move(round));
  }
  if (result.rounds.size() < 2) return result;
  const DelphiRound& last = result.rounds.back();
  const DelphiRound& before = result.rounds[result.rounds.size() - 2];
  for (std::size_t j = 0; j < last.items.size(); ++j) {
    result.median_shift_max =
        std::max(result.median_shift_max, std::fabs(last.items[j].median - before.items[j].median));
    result.iqr_change_mean +=
        ((last.items[j].q3 - last.items[j].q1) - (before.items[j].q3 - before.items[j].q1)) /
        static_cast<double>(last.items.size());
  }
  result.w_change = last.concordance.w - before.concordance.w;
  result.converged = result.median_shift_max <= 0.5 && result.iqr_change_mean <= 0;
  return result;
}

}  // namespace rapport::study
