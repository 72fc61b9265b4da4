#include "study/detail/scorers.h"

#include <algorithm>
#include <cmath>

#include "learn/boosted_trees.h"

namespace rapport::study::detail {
namespace {

using Index = Eigen::Index;

class Regression final : public Scorer {
 public:
  static Result<std::unique_ptr<Scorer>> learn(const PredictionData& data, const RowNumbers& rows) {
    auto out = std::make_unique<Regression>();
    math::Matrix x(static_cast<Index>(rows.size()), data.x.cols());
    math::Vector y(x.rows());
    out->means_ = math::Vector::Zero(data.x.cols());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      x.row(static_cast<Index>(i)) = data.x.row(static_cast<Index>(rows[i]));
      y[static_cast<Index>(i)] = data.outcome[rows[i]];
      out->means_ += data.x.row(static_cast<Index>(rows[i])).transpose();
    }
    out->means_ /= static_cast<double>(rows.size());
    RAPPORT_TRY(out->fit_, fit_logistic(x, y, data.names));
    return std::unique_ptr<Scorer>(std::move(out));
  }

  Result<std::vector<double>> log_odds(const math::Matrix& x, const RowNumbers& rows) const override {
    std::vector<double> out;
    out.reserve(rows.size());
    for (const std::size_t row : rows) {
      double logit = fit_.coefficients[0].estimate;
      for (Index j = 0; j < x.cols(); ++j) logit += slope(j) * x(static_cast<Index>(row), j);
      out.push_back(logit);
    }
    return out;
  }

  Result<math::Matrix> parts(const math::Matrix& x, const RowNumbers& rows) const override {
    math::Matrix out(static_cast<Index>(rows.size()), x.cols());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (Index j = 0; j < x.cols(); ++j)
        out(static_cast<Index>(i), j) = slope(j) * (x(static_cast<Index>(rows[i]), j) - means_[j]);
    }
    return out;
  }

  const LogisticFit* regression() const override { return &fit_; }

 private:
  double slope(Index column) const {
    return fit_.coefficients[static_cast<std::size_t>(column) + 1].estimate;
  }
  LogisticFit fit_;
  math::Vector means_;
};

constexpr int kRoundsMost = 300, kRoundsStep = 5, kRoundsUsual = 50;
/// Of the rows to learn from, the latest choose how many trees and set the scale of their odds.
constexpr double kChoosingShare = 0.2;
constexpr std::size_t kChoosingLeast = 100;

std::vector<float> cells_of(const math::Matrix& x, const RowNumbers& rows) {
  std::vector<float> cells;
  cells.reserve(rows.size() * static_cast<std::size_t>(x.cols()));
  for (const std::size_t row : rows) {
    for (Index j = 0; j < x.cols(); ++j) cells.push_back(static_cast<float>(x(static_cast<Index>(row), j)));
  }
  return cells;
}

Result<learn::BoostedTrees> grow(const PredictionData& data, const RowNumbers& rows, int rounds) {
  const std::vector<float> cells = cells_of(data.x, rows);
  std::vector<float> outcome;
  for (const std::size_t row : rows) outcome.push_back(static_cast<float>(data.outcome[row]));
  return learn::BoostedTrees::train({cells, data.names.size()}, outcome, {.rounds = rounds});
}

double log_loss(const std::vector<double>& odds, const PredictionData& data, const RowNumbers& rows) {
  double sum = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    // log(1 + e^z) without overflow.
    const double z = data.outcome[rows[i]] == 1 ? -odds[i] : odds[i];
    sum += std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z)));
  }
  return sum / static_cast<double>(rows.size());
}

class Trees final : public Scorer {
 public:
  static Result<std::unique_ptr<Scorer>> learn(const PredictionData& data, RowNumbers rows) {
    auto out = std::make_unique<Trees>();
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::size_t a, std::size_t b) { return data.date[a] < data.date[b]; });
    int rounds = kRoundsUsual;
    const auto choosing = static_cast<std::size_t>(kChoosingShare * static_cast<double>(rows.size()));
    if (choosing >= kChoosingLeast) {
      const auto cut = rows.end() - static_cast<std::ptrdiff_t>(choosing);
      RAPPORT_TRY(rounds, out->choose(data, RowNumbers(rows.begin(), cut), RowNumbers(cut, rows.end())));
    }
    RAPPORT_TRY(learn::BoostedTrees trees, grow(data, rows, rounds));
    out->trees_.emplace(std::move(trees));
    return std::unique_ptr<Scorer>(std::move(out));
  }

  Result<std::vector<double>> log_odds(const math::Matrix& x, const RowNumbers& rows) const override {
    const std::vector<float> cells = cells_of(x, rows);
    RAPPORT_TRY(std::vector<double> odds, trees_->log_odds({cells, static_cast<std::size_t>(x.cols())}));
    for (double& one : odds) one = shift_ + scale_ * one;
    return odds;
  }

  Result<math::Matrix> parts(const math::Matrix& x, const RowNumbers& rows) const override {
    const auto columns = static_cast<std::size_t>(x.cols());
    const std::vector<float> cells = cells_of(x, rows);
    RAPPORT_TRY(const std::vector<double> all, trees_->contributions({cells, columns}));
    math::Matrix out(static_cast<Index>(rows.size()), x.cols());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < columns; ++j)
        out(static_cast<Index>(i), static_cast<Index>(j)) = scale_ * all[i * (columns + 1) + j];
    }
    return out;
  }

  int trees() const override { return trees_->rounds(); }

 private:
  /// The number of trees that tells the later rows best, and the scale on which it does (Platt 1999).
  Result<int> choose(const PredictionData& data, const RowNumbers& earlier, const RowNumbers& later) {
    RAPPORT_TRY(const learn::BoostedTrees trees, grow(data, earlier, kRoundsMost));
    const std::vector<float> cells = cells_of(data.x, later);
    int best = kRoundsStep;
    double least = std::numeric_limits<double>::infinity();
    std::vector<double> best_odds;
    for (int rounds = kRoundsStep; rounds <= kRoundsMost; rounds += kRoundsStep) {
      RAPPORT_TRY(std::vector<double> odds, trees.log_odds({cells, data.names.size()}, rounds));
      const double loss = log_loss(odds, data, later);
      if (loss >= least) continue;
      least = loss;
      best = rounds;
      best_odds = std::move(odds);
    }
    math::Matrix x(static_cast<Index>(later.size()), 1);
    math::Vector y(x.rows());
    for (std::size_t i = 0; i < later.size(); ++i) {
      x(static_cast<Index>(i), 0) = best_odds[i];
      y[static_cast<Index>(i)] = data.outcome[later[i]];
    }
    // Where the scale cannot be told (one outcome only, separated), the trees' own stays.
    const auto platt = fit_logistic(x, y, {"log odds"});
    if (platt.ok() && platt->coefficients[1].estimate > 0) {
      shift_ = platt->coefficients[0].estimate;
      scale_ = platt->coefficients[1].estimate;
    }
    return best;
  }

  std::optional<learn::BoostedTrees> trees_;
  double shift_ = 0, scale_ = 1;
};

}  // namespace

Result<std::unique_ptr<Scorer>> learn_scorer(const PredictionData& data, const RowNumbers& rows,
                                             Learner learner) {
  return learner == Learner::logistic ? Regression::learn(data, rows) : Trees::learn(data, rows);
}

}  // namespace rapport::study::detail
