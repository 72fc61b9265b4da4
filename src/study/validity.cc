#include "study/validity.h"

#include <algorithm>
#include <cmath>

namespace rapport::study {
namespace {

/// The mean |r| over pairs of different columns of a and b.
double mean_correlation(const math::Matrix& r, const ItemBlock& a, const ItemBlock& b, HtmtMean mean) {
  double sum = 0, pairs = 0;
  for (const int i : a.columns) {
    for (const int j : b.columns) {
      if (i == j) continue;
      sum += mean == HtmtMean::geometric ? std::log(std::abs(r(i, j))) : std::abs(r(i, j));
      pairs += 1;
    }
  }
  if (pairs == 0) return 1;
  return mean == HtmtMean::geometric ? std::exp(sum / pairs) : sum / pairs;
}

}  // namespace

std::vector<ItemBlock> item_blocks(const PathModel& model) {
  const auto p = static_cast<int>(model.observed.size());
  std::vector<ItemBlock> blocks;
  for (std::size_t f = 0; f < model.latent.size(); ++f) {
    ItemBlock block{model.latent[f], {}};
    bool observed_only = true;
    for (const PathParameter& parameter : model.parameters) {
      if (parameter.op != "=~" || parameter.column != p + static_cast<int>(f)) continue;
      observed_only = observed_only && parameter.row < p;
      block.columns.push_back(parameter.row);
    }
    if (observed_only && !block.columns.empty()) blocks.push_back(std::move(block));
  }
  return blocks;
}

std::vector<FactorReliability> factor_reliability(const SemFit& fit) {
  const auto p = static_cast<int>(fit.model.observed.size());
  std::vector<FactorReliability> rows;
  for (const ItemBlock& block : item_blocks(fit.model)) {
    int latent = p;
    while (fit.model.variable(latent) != block.name) ++latent;
    double sum = 0, squares = 0, error = 0, own_error = 0, observed = 0, trace = 0;
    for (std::size_t q = 0; q < fit.model.parameters.size(); ++q) {
      const PathParameter& parameter = fit.model.parameters[q];
      const double est = fit.estimates[q].est;
      const auto inside = [&](int v) {
        return std::find(block.columns.begin(), block.columns.end(), v) != block.columns.end();
      };
      if (parameter.op == "=~" && parameter.column == latent) {
        sum += est;
        squares += est * est;
      }
      if (parameter.kind == ParameterKind::symmetric && inside(parameter.row) && inside(parameter.column)) {
        error += parameter.row == parameter.column ? est : 2 * est;
        own_error += parameter.row == parameter.column ? est : 0;
      }
    }
    for (const int i : block.columns) {
      for (const int j : block.columns) observed += fit.sample(i, j);
      trace += fit.sample(i, i);
    }
    const double variance = fit.full(latent, latent), common = sum * sum * variance;
    const auto k = static_cast<double>(block.columns.size());
    rows.push_back({.factor = block.name,
                    .items = static_cast<int>(block.columns.size()),
                    .alpha = k > 1 ? (1 - trace / observed) * k / (k - 1) : std::nan(""),
                    .omega = common / (common + error),
                    .omega_observed = common / observed,
                    .ave = squares * variance / (squares * variance + own_error)});
  }
  return rows;
}

math::Matrix htmt(const math::Matrix& correlations, const std::vector<ItemBlock>& blocks, HtmtMean mean) {
  const auto k = static_cast<Eigen::Index>(blocks.size());
  math::Matrix ratio = math::Matrix::Identity(k, k);
  for (Eigen::Index i = 0; i < k; ++i) {
    for (Eigen::Index j = 0; j < i; ++j) {
      const ItemBlock &a = blocks[static_cast<std::size_t>(i)], &b = blocks[static_cast<std::size_t>(j)];
      const double within =
          mean_correlation(correlations, a, a, mean) * mean_correlation(correlations, b, b, mean);
      ratio(i, j) = ratio(j, i) = mean_correlation(correlations, a, b, mean) / std::sqrt(within);
    }
  }
  return ratio;
}

}  // namespace rapport::study
