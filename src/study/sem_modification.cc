#include <algorithm>
#include <cmath>

#include "study/detail/ml_objective.h"
#include "study/sem.h"

namespace rapport::study {
namespace {

using detail::Entry;
using detail::MlObjective;

/// True for what is estimated already, and for a first loading that gives its latent variable a scale.
bool is_present(const PathModel& model, ParameterKind kind, int row, int column) {
  for (const PathParameter& p : model.parameters) {
    const bool scale = p.op == "=~" && p.value == 1;
    if (p.kind == kind && p.row == row && p.column == column) return p.free >= 0 || scale;
  }
  return false;
}

struct Candidate {
  ModificationIndex index;
  ParameterKind kind;
  int row, column;
};

std::vector<Candidate> candidates(const PathModel& model) {
  std::vector<Candidate> all;
  const auto p = static_cast<int>(model.observed.size());
  const int m = model.variables();
  const auto exogenous = [&](int v) {
    return std::find(model.exogenous.begin(), model.exogenous.end(), v) != model.exogenous.end();
  };
  for (int latent = p; latent < m; ++latent) {
    for (int item = 0; item < p; ++item) {
      if (exogenous(item) || is_present(model, ParameterKind::directed, item, latent)) continue;
      all.push_back(
          {{model.variable(latent), "=~", model.variable(item)}, ParameterKind::directed, item, latent});
    }
  }
  for (int a = 0; a < m; ++a) {
    for (int b = a + 1; b < m; ++b) {
      if ((a < p) != (b < p) || exogenous(a) || exogenous(b)) continue;
      if (is_present(model, ParameterKind::symmetric, b, a)) continue;
      all.push_back({{model.variable(a), "~~", model.variable(b)}, ParameterKind::symmetric, b, a});
    }
  }
  bool has_regressions = false;
  for (const PathParameter& parameter : model.parameters) has_regressions |= parameter.op == "~";
  for (int to = p; has_regressions && to < m; ++to) {
    for (int from = p; from < m; ++from) {
      if (to == from || is_present(model, ParameterKind::directed, to, from)) continue;
      if (is_present(model, ParameterKind::symmetric, std::max(to, from), std::min(to, from))) continue;
      all.push_back({{model.variable(to), "~", model.variable(from)}, ParameterKind::directed, to, from});
    }
  }
  return all;
}

}  // namespace

std::vector<ModificationIndex> modification_indices(const SemFit& fit) {
  MlObjective objective(fit.model, fit.sample);
  if (!objective.set(fit.theta)) return {};
  objective.prepare();
  const double weight = static_cast<double>(fit.n) - (fit.likelihood == Likelihood::wishart ? 1 : 0);
  // Everything in units of information: n/2 tr(W dSigma W dSigma), score -n/2 dF.
  std::vector<ModificationIndex> found;
  for (Candidate& candidate : candidates(fit.model)) {
    const Entry e = objective.entry(candidate.kind, candidate.row, candidate.column);
    math::Vector cross = math::Vector::Zero(fit.model.free_count);
    for (const Entry& free : objective.entries())
      cross[free.free] += 0.5 * weight * objective.expected(e, free);
    const double own = 0.5 * weight * objective.expected(e, e);
    const double information = own - cross.dot(fit.vcov * cross);
    if (!(information > 1e-9 * own)) continue;
    const double score = -0.5 * weight * objective.score(e);
    candidate.index.mi = score * score / information;
    candidate.index.epc = score / information;
    found.push_back(std::move(candidate.index));
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.mi > b.mi; });
  return found;
}

}  // namespace rapport::study
