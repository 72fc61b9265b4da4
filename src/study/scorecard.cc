#include "study/scorecard.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "math/distributions.h"

namespace rapport::study {
namespace {

struct Cell {
  std::size_t n = 0;
  double sum = 0;
};

}  // namespace

std::vector<Scorecard> scorecards(std::span<const ScoredCase> cases, ScoreKind kind) {
  std::map<std::uint32_t, Cell> strata;
  std::map<std::uint32_t, std::map<std::uint32_t, Cell>> agents;
  for (const ScoredCase& each : cases) {
    Cell& stratum = strata[each.stratum];
    Cell& own = agents[each.agent][each.stratum];
    ++stratum.n, ++own.n;
    stratum.sum += each.value;
    own.sum += each.value;
  }
  // Residuals within strata: everybody's, and each agent's own around his own means.
  std::map<std::uint32_t, double> squares;
  double all_squares = 0;
  for (const ScoredCase& each : cases) {
    const Cell& stratum = strata.at(each.stratum);
    const double residual = each.value - stratum.sum / static_cast<double>(stratum.n);
    squares[each.agent] += residual * residual;
    all_squares += residual * residual;
  }
  const double freedom = static_cast<double>(cases.size()) - static_cast<double>(strata.size());
  const double var_rest = freedom > 0 ? all_squares / freedom : 0;
  std::vector<Scorecard> out;
  for (const auto& [agent, cells] : agents) {
    Scorecard card;
    card.agent = agent;
    double observed = 0, expected = 0, own_weight = 0, rest_weight = 0;
    for (const auto& [number, cell] : cells) {
      const Cell& stratum = strata.at(number);
      card.cases += cell.n;
      if (stratum.n == cell.n) continue;  // Nobody else had one: nothing to compare with.
      const auto n = static_cast<double>(cell.n), all = static_cast<double>(stratum.n);
      const double w = n / all;
      card.comparable += cell.n;
      observed += cell.sum;
      expected += n * stratum.sum / all;
      own_weight += (1 - w) * (1 - w) * n;
      rest_weight += w * w * (all - n);
    }
    const auto n = static_cast<double>(card.comparable);
    card.told = card.comparable >= kScoredLeast;
    if (card.comparable > 0) {
      card.mean = observed / n;
      card.expected = expected / n;
      card.difference = (observed - expected) / n;
    }
    if (card.told) {
      double var_own = squares.at(agent) / static_cast<double>(card.cases - 1);
      if (kind == ScoreKind::share) {
        const double share = (observed + 1) / (n + 2);
        var_own = std::max(var_own, share * (1 - share) * n / (n + 2));
      }
      const double error = std::sqrt(own_weight * var_own + rest_weight * var_rest) / n;
      const double t = math::t_quantile(0.975, n - 1);
      card.low = card.difference - t * error;
      card.high = card.difference + t * error;
    }
    out.push_back(card);
  }
  return out;
}

}  // namespace rapport::study
