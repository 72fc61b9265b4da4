#include "study/sem.h"

#include <cmath>
#include <limits>

#include "math/distributions.h"
#include "study/detail/fit_measures.h"
#include "study/detail/ml_search.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
/// Below this smallest eigenvalue of their correlations, latent variables count as not told apart by the
/// data.
constexpr double kSingular = 0.01;

Matrix scaled_sample(const SampleMoments& sample, Likelihood likelihood) {
  const auto n = static_cast<double>(sample.n);
  return likelihood == Likelihood::normal ? Matrix(sample.covariance * ((n - 1) / n)) : sample.covariance;
}

Status check_before(const PathModel& model, const SampleMoments& sample,
                    const detail::MlObjective& objective) {
  const auto p = static_cast<std::int64_t>(model.observed.size());
  if (sample.n <= p) {
    return Error{Errc::refused, fmt::format("too few rows: {} complete rows for {} variables", sample.n, p),
                 "rows", fmt::format("more than {} complete rows", p)};
  }
  if (!objective.sample_is_positive_definite()) {
    return Error{Errc::refused, "singular covariance: a variable is constant or a sum of others",
                 "covariance", "variables that are not combinations of one another"};
  }
  if (model.degrees_of_freedom() < 0) {
    return Error{Errc::refused,
                 fmt::format("not identified: {} free parameters for {} moments", model.free_count,
                             model.free_count + model.degrees_of_freedom()),
                 "model", "fewer free parameters or more indicators"};
  }
  return {};
}

const PathParameter& owner_of(const PathModel& model, Eigen::Index free) {
  for (const PathParameter& parameter : model.parameters) {
    if (parameter.free == free) return parameter;
  }
  return model.parameters.front();
}

/// The inverse of the expected information, after a look at its rank in units of each parameter.
Result<Matrix> covariance_of_estimates(const PathModel& model, const detail::MlObjective& objective,
                                       double weight) {
  const Matrix h = objective.expected();
  if (model.free_count == 0) return Matrix(0, 0);
  const Vector scale = h.diagonal().cwiseSqrt();
  Eigen::Index zero = 0;
  const bool flat = !(scale.minCoeff(&zero) > 0);
  math::SymmetricEigen eigen;
  Matrix unit;
  if (!flat) {
    unit = scale.cwiseInverse().asDiagonal() * h * scale.cwiseInverse().asDiagonal();
    eigen = math::symmetric_eigen(unit);
  }
  if (flat || !(eigen.values.minCoeff() > 1e-10 * eigen.values.maxCoeff())) {
    if (!flat) eigen.vectors.col(eigen.vectors.cols() - 1).cwiseAbs().maxCoeff(&zero);
    const PathParameter& culprit = owner_of(model, zero);
    return Error{Errc::refused,
                 fmt::format("not identified: the data cannot tell '{} {} {}' from the other parameters",
                             culprit.lhs, culprit.op, culprit.rhs),
                 "model", "fix a parameter, or give each latent variable a scale"};
  }
  RAPPORT_TRY(const math::Cholesky factor, math::Cholesky::of(unit));
  const Matrix inverse = factor.inverse();
  return Matrix(scale.cwiseInverse().asDiagonal() * inverse * scale.cwiseInverse().asDiagonal() *
                (2 / weight));
}

double standardise(const SemFit& fit, const Matrix& psi, const PathParameter& p, double est) {
  const auto sd = [&](int v) { return std::sqrt(fit.full(v, v)); };
  if (p.kind == ParameterKind::directed) return est * sd(p.column) / sd(p.row);
  if (p.row == p.column) return est / fit.full(p.row, p.row);
  return est / std::sqrt(psi(p.row, p.row) * psi(p.column, p.column));
}

SemEstimate estimate_row(const SemFit& fit, const Matrix& psi, const PathParameter& p) {
  SemEstimate e{.lhs = p.lhs, .op = p.op, .rhs = p.rhs, .label = p.label};
  e.free = p.free >= 0;
  e.est = e.free ? fit.theta[p.free] : p.from_sample ? fit.sample(p.row, p.column) : p.value;
  e.se = e.free ? std::sqrt(fit.vcov(p.free, p.free)) : 0;
  e.z = e.free ? e.est / e.se : kNaN;
  e.pvalue = e.free ? math::two_sided_normal_p(e.z) : kNaN;
  e.std = standardise(fit, psi, p, e.est);
  return e;
}

Status add_definitions(SemFit& fit) {
  RAPPORT_TRY(const Definitions definitions, Definitions::compile(fit.model));
  const std::size_t q = fit.model.parameters.size();
  std::vector<double> raw(q + definitions.size()), standard(q + definitions.size());
  for (std::size_t i = 0; i < q; ++i) {
    raw[i] = fit.estimates[i].est;
    standard[i] = fit.estimates[i].std;
  }
  definitions.evaluate(raw);
  definitions.evaluate(standard);
  const Matrix by_parameter = definitions.gradient(raw);
  Matrix by_theta = Matrix::Zero(by_parameter.rows(), fit.model.free_count);
  for (std::size_t i = 0; i < q; ++i) {
    const int free = fit.model.parameters[i].free;
    if (free >= 0) by_theta.col(free) += by_parameter.col(static_cast<Eigen::Index>(i));
  }
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    const ModelDefinition& definition = fit.model.definitions[i];
    SemEstimate e{.lhs = definition.name, .op = ":=", .rhs = definition.expression, .label = definition.name};
    const Vector gradient = by_theta.row(static_cast<Eigen::Index>(i)).transpose();
    e.est = raw[q + i];
    e.se = std::sqrt(gradient.dot(fit.vcov * gradient));
    e.z = e.est / e.se;
    e.pvalue = math::two_sided_normal_p(e.z);
    e.std = standard[q + i];
    fit.estimates.push_back(std::move(e));
  }
  return {};
}

using Kind = ImproperFinding::Kind;

std::string join(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

/// The smallest eigenvalue of a covariance brought to unit scale; a zero or negative diagonal is left as it
/// is.
double smallest_eigenvalue(const Matrix& m) {
  const Vector scale =
      m.diagonal().cwiseAbs().cwiseSqrt().unaryExpr([](double v) { return v > 0 ? 1 / v : 0.0; });
  return math::symmetric_eigen(scale.asDiagonal() * m * scale.asDiagonal()).values.minCoeff();
}

void find_improper(SemFit& fit, const Matrix& psi) {
  const auto p = static_cast<Eigen::Index>(fit.model.observed.size());
  const auto m = static_cast<Eigen::Index>(fit.model.variables());
  for (const PathParameter& parameter : fit.model.parameters) {
    if (parameter.kind != ParameterKind::symmetric || parameter.row != parameter.column || parameter.free < 0)
      continue;
    const double variance = fit.theta[parameter.free];
    if (variance < 0) {
      fit.improper.push_back({Kind::negative_variance, parameter.lhs + " ~~ " + parameter.rhs, variance});
    }
  }
  if (m > p) {
    const Matrix latent = fit.full.bottomRightCorner(m - p, m - p);
    const double smallest = smallest_eigenvalue(latent);
    if (smallest < kSingular)
      fit.improper.push_back({Kind::latent_not_positive_definite, join(fit.model.latent), smallest});
    for (Eigen::Index i = 0; i < m - p; ++i) {
      for (Eigen::Index j = 0; j < i; ++j) {
        const double r = latent(i, j) / std::sqrt(latent(i, i) * latent(j, j));
        if (!(std::abs(r) <= 1)) {
          const auto a = static_cast<std::size_t>(j), b = static_cast<std::size_t>(i);
          fit.improper.push_back(
              {Kind::correlation_over_one, fit.model.latent[a] + " ~~ " + fit.model.latent[b], r});
        }
      }
    }
  }
  for (const SemEstimate& e : fit.estimates) {
    if (e.op == "~" && !(std::abs(e.std) <= 1)) {
      fit.improper.push_back({Kind::standardised_path_over_one, e.lhs + " ~ " + e.rhs, e.std});
    }
  }
  const double residual = smallest_eigenvalue(psi.topLeftCorner(p, p));
  if (residual < -1e-8) fit.improper.push_back({Kind::residual_not_positive_definite, "residuals", residual});
}

}  // namespace

Result<SemFit> fit_sem(const PathModel& model, const SampleMoments& sample, const SemOptions& options) {
  SemFit fit;
  fit.model = model;
  fit.n = sample.n;
  fit.likelihood = options.likelihood;
  fit.sample = scaled_sample(sample, options.likelihood);
  detail::MlObjective objective(model, fit.sample);
  RAPPORT_CHECK(check_before(model, sample, objective));
  const detail::MlMinimum minimum =
      detail::minimize_ml(objective, detail::start_values(model, fit.sample), options.iterations_max);
  const double weight = static_cast<double>(sample.n) - (options.likelihood == Likelihood::wishart ? 1 : 0);
  if (!minimum.converged) {
    const auto rank = covariance_of_estimates(model, objective, weight);
    if (!rank.ok()) return rank.error();
    return Error{Errc::refused,
                 fmt::format("not converged: gradient norm {:.3g} after {} iterations", minimum.gradient_norm,
                             minimum.iterations),
                 "model", "a simpler model, start values, or more rows"};
  }
  fit.theta = minimum.theta;
  fit.iterations = minimum.iterations;
  fit.gradient_norm = minimum.gradient_norm;
  fit.fmin = std::max(0.0, objective.value());
  fit.implied = objective.sigma();
  fit.full = objective.full();
  RAPPORT_TRY(fit.vcov, covariance_of_estimates(model, objective, weight));
  for (const PathParameter& parameter : model.parameters) {
    fit.estimates.push_back(estimate_row(fit, objective.psi(), parameter));
  }
  RAPPORT_CHECK(add_definitions(fit));
  fit.fit = detail::fit_measures(fit);
  find_improper(fit, objective.psi());
  return fit;
}

Result<Vector> refit_sem(const PathModel& model, const SampleMoments& sample, const Vector& start,
                         const SemOptions& options) {
  detail::MlObjective objective(model, scaled_sample(sample, options.likelihood));
  RAPPORT_CHECK(check_before(model, sample, objective));
  detail::MlMinimum minimum = detail::minimize_ml(objective, start, options.iterations_max);
  if (!minimum.converged)
    return fail(Errc::refused, "not converged: gradient norm {:.3g}", minimum.gradient_norm);
  return std::move(minimum.theta);
}

Result<Definitions> Definitions::compile(const PathModel& model) {
  Definitions made;
  made.parameters_ = model.parameters.size();
  const Expression::SlotOf slot_of = [&](std::string_view name) -> std::optional<int> {
    for (std::size_t i = 0; i < model.parameters.size(); ++i) {
      if (model.parameters[i].label == name) return static_cast<int>(i);
    }
    for (std::size_t i = 0; i < made.expressions_.size(); ++i) {
      if (model.definitions[i].name == name) return static_cast<int>(made.parameters_ + i);
    }
    return std::nullopt;
  };
  for (const ModelDefinition& definition : model.definitions) {
    auto expression = Expression::compile(definition.expression, slot_of);
    if (!expression.ok())
      return std::move(expression).error().at(fmt::format("model line {}", definition.line));
    made.expressions_.push_back(std::move(expression).value());
  }
  return made;
}

void Definitions::evaluate(std::span<double> slots) const {
  for (std::size_t i = 0; i < expressions_.size(); ++i)
    slots[parameters_ + i] = expressions_[i].evaluate(slots);
}

Matrix Definitions::gradient(std::span<const double> slots) const {
  const auto q = static_cast<Eigen::Index>(parameters_), k = static_cast<Eigen::Index>(expressions_.size());
  Matrix all = Matrix::Zero(k, q);
  for (Eigen::Index i = 0; i < k; ++i) {
    const Vector own = expressions_[static_cast<std::size_t>(i)].gradient(slots);
    all.row(i) = own.head(q).transpose();
    for (Eigen::Index j = 0; j < i; ++j) all.row(i) += own[q + j] * all.row(j);
  }
  return all;
}

std::vector<double> parameter_values(const PathModel& model, const Vector& theta, const Matrix& sample) {
  std::vector<double> values;
  for (const PathParameter& p : model.parameters) {
    values.push_back(p.free >= 0 ? theta[p.free] : p.from_sample ? sample(p.row, p.column) : p.value);
  }
  return values;
}

}  // namespace rapport::study
