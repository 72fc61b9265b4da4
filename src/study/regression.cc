#include "study/regression.h"

#include <cmath>
#include <limits>

#include "math/distributions.h"
#include "math/exact.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;
using Index = Eigen::Index;

/// The largest n * columns^2 that is solved in double-double: 50 million flops, about 30 ms.
constexpr double kExactWorkMax = 2e6;

/// What both solvers give: the design as q * r, so that every sandwich is formed from orthonormal rows.
struct Solved {
  Vector coefficients, residuals;
  double rss = 0, tss_centred = 0, tss_raw = 0;
  Matrix q, r_inverse;
  Vector unscaled_variances;
};

Solved from_exact(math::ExactLeastSquares&& fit) {
  return {std::move(fit.coefficients),
          std::move(fit.residuals),
          fit.rss,
          fit.tss_centred,
          fit.tss_raw,
          std::move(fit.q),
          std::move(fit.r_inverse),
          std::move(fit.unscaled_variances)};
}

Result<Solved> solve_large(const Matrix& design, const Vector& y) {
  RAPPORT_TRY(math::LeastSquares fit, math::least_squares(design, y));
  Solved s;
  s.coefficients = fit.coefficients;
  s.residuals = fit.residuals;
  s.rss = fit.rss;
  s.tss_raw = y.squaredNorm();
  s.tss_centred = (y.array() - y.mean()).matrix().squaredNorm();
  RAPPORT_TRY(const math::Cholesky root, math::Cholesky::of(fit.unscaled_covariance));
  // (X'X)^-1 = L L'; X L has orthonormal columns.
  s.r_inverse = root.lower();
  s.q = design * s.r_inverse;
  s.unscaled_variances = fit.unscaled_covariance.diagonal();
  return s;
}

Error name_column(Error error, const std::vector<std::string>& names) {
  std::size_t index = 0;
  if (std::sscanf(error.where.c_str(), "%zu", &index) != 1 &&
      std::sscanf(error.message.c_str(), "column %zu of the design", &index) == 1) {
    --index;
  }
  if (error.code != Errc::refused || index >= names.size()) return error;
  return Error{Errc::refused,
               fmt::format("'{}' is constant, zero or a combination of the other columns", names[index]),
               names[index], "a column that varies on its own"};
}

Matrix robust_covariance(const Solved& s, ErrorType type, const Vector& leverage) {
  const double n = static_cast<double>(s.residuals.size()), p = static_cast<double>(s.r_inverse.rows());
  Vector weights = s.residuals.array().square();
  if (type == ErrorType::hc1) weights *= n / (n - p);
  if (type == ErrorType::hc2) weights.array() /= (1 - leverage.array());
  if (type == ErrorType::hc3) weights.array() /= (1 - leverage.array()).square();
  const Matrix meat = s.q.transpose() * weights.asDiagonal() * s.q;
  return s.r_inverse * meat * s.r_inverse.transpose();
}

void fill_coefficients(LinearFit& fit, const Solved& s, const std::vector<std::string>& names,
                       const RegressionOptions& options) {
  const double quantile = math::t_quantile((1 + options.level) / 2, fit.df_residual);
  for (std::size_t j = 0; j < names.size(); ++j) {
    const auto at = static_cast<Index>(j);
    Coefficient c{names[j], s.coefficients[at]};
    c.se = std::sqrt(options.errors == ErrorType::classical ? fit.sigma * fit.sigma * s.unscaled_variances[at]
                                                            : fit.covariance(at, at));
    c.statistic = c.estimate / c.se;
    c.p = math::two_sided_t_p(c.statistic, fit.df_residual);
    c.ci_low = c.estimate - quantile * c.se;
    c.ci_high = c.estimate + quantile * c.se;
    fit.coefficients.push_back(std::move(c));
  }
}

Result<LinearFit> finish(const Solved& s, const std::vector<std::string>& names,
                         const RegressionOptions& options) {
  LinearFit fit;
  const double n = static_cast<double>(s.residuals.size()), p = static_cast<double>(names.size());
  fit.n = static_cast<std::size_t>(s.residuals.size());
  fit.df_residual = n - p;
  fit.rss = s.rss;
  fit.residuals = s.residuals;
  fit.sigma = std::sqrt(s.rss / fit.df_residual);
  fit.leverage = s.q.rowwise().squaredNorm();
  const double total = options.intercept ? s.tss_centred : s.tss_raw;
  if (!(total > 0))
    return Error{Errc::refused, "the outcome does not vary", "", "at least two different outcomes"};
  fit.r2 = 1 - s.rss / total;
  const double constant = options.intercept ? 1 : 0;
  fit.r2_adjusted = 1 - (1 - fit.r2) * (n - constant) / fit.df_residual;
  fit.f_df1 = p - constant;
  fit.f = ((total - s.rss) / fit.f_df1) / (s.rss / fit.df_residual);
  fit.f_p = math::f_sf(fit.f, fit.f_df1, fit.df_residual);
  fit.covariance = options.errors == ErrorType::classical
                       ? Matrix(fit.sigma * fit.sigma * s.r_inverse * s.r_inverse.transpose())
                       : robust_covariance(s, options.errors, fit.leverage);
  fill_coefficients(fit, s, names, options);
  return fit;
}

Status check_shapes(const Matrix& x, const Vector& y, std::size_t names, bool intercept, double level) {
  if (x.rows() != y.size() || x.cols() != static_cast<Index>(names)) {
    return fail(Errc::bad_input, "the design is {} x {}, the outcome has {} rows, the names are {}", x.rows(),
                x.cols(), y.size(), names);
  }
  if (!(level > 0 && level < 1)) return fail(Errc::bad_input, "level {} is not between 0 and 1", level);
  if (!x.allFinite() || !y.allFinite())
    return fail(Errc::bad_input, "the design holds a missing or infinite value");
  const Index parameters = x.cols() + (intercept ? 1 : 0);
  if (x.rows() <= parameters) {
    return Error{Errc::refused,
                 fmt::format("{} complete rows are too few for {} coefficients", x.rows(), parameters),
                 "rows", fmt::format("at least {}", parameters + 1)};
  }
  return {};
}

}  // namespace

Result<ErrorType> parse_error_type(std::string_view word) {
  if (word == "classical") return ErrorType::classical;
  if (word == "hc0") return ErrorType::hc0;
  if (word == "hc1") return ErrorType::hc1;
  if (word == "hc2") return ErrorType::hc2;
  if (word == "hc3") return ErrorType::hc3;
  return Error{Errc::bad_input, fmt::format("'{}' is no error type", word), "errors",
               "classical, hc0, hc1, hc2 or hc3"};
}

Result<LinearFit> fit_linear(const Matrix& x, const Vector& y, const std::vector<std::string>& names,
                             const RegressionOptions& options) {
  RAPPORT_CHECK(check_shapes(x, y, names.size(), options.intercept, options.level));
  std::vector<std::string> all = names;
  if (options.intercept) all.insert(all.begin(), "(intercept)");
  const double work = static_cast<double>(x.rows()) * static_cast<double>(all.size() * all.size());
  if (work <= kExactWorkMax) {
    math::ExactColumns columns;
    if (options.intercept) columns.emplace_back(static_cast<std::size_t>(x.rows()), math::DoubleDouble(1.0));
    for (Index j = 0; j < x.cols(); ++j) columns.emplace_back(x.col(j).begin(), x.col(j).end());
    auto solved = math::exact_least_squares(columns, {y.begin(), y.end()});
    if (!solved.ok()) return name_column(std::move(solved).error(), all);
    return finish(from_exact(std::move(solved).value()), all, options);
  }
  Matrix design(x.rows(), static_cast<Index>(all.size()));
  if (options.intercept) design.col(0).setOnes();
  design.rightCols(x.cols()) = x;
  auto solved = solve_large(design, y);
  if (!solved.ok()) return name_column(std::move(solved).error(), all);
  return finish(*solved, all, options);
}

Result<LinearFit> fit_polynomial(const std::vector<double>& x, const std::vector<double>& y, int degree,
                                 const std::string& name, const RegressionOptions& options) {
  if (degree < 1 || degree > 12) {
    return Error{Errc::bad_input, fmt::format("degree {}", degree), "degree", "1 to 12"};
  }
  const Eigen::Map<const Vector> xs(x.data(), static_cast<Index>(x.size())),
      ys(y.data(), static_cast<Index>(y.size()));
  RAPPORT_CHECK(check_shapes(xs, ys, 1, options.intercept, options.level));
  math::ExactColumns columns = math::exact_powers(x, degree);
  std::vector<std::string> names;
  for (int k = 1; k <= degree; ++k) names.push_back(k == 1 ? name : fmt::format("{}^{}", name, k));
  if (options.intercept) {
    columns.insert(columns.begin(), std::vector<math::DoubleDouble>(x.size(), math::DoubleDouble(1.0)));
    names.insert(names.begin(), "(intercept)");
  }
  if (x.size() <= names.size()) {
    return Error{Errc::refused, fmt::format("{} rows are too few for degree {}", x.size(), degree), "rows",
                 fmt::format("at least {}", names.size() + 1)};
  }
  auto solved = math::exact_least_squares(columns, y);
  if (!solved.ok()) return name_column(std::move(solved).error(), names);
  return finish(from_exact(std::move(solved).value()), names, options);
}

Result<std::vector<double>> variance_inflation(const Matrix& x, const std::vector<std::string>& names) {
  const math::Moments m = math::moments(x);
  for (Index j = 0; j < x.cols(); ++j) {
    if (m.covariance(j, j) > 1e-24 * (1 + m.means[j] * m.means[j])) continue;
    const std::string& name = names[static_cast<std::size_t>(j)];
    return Error{Errc::refused, fmt::format("'{}' does not vary", name), name,
                 "a column with at least two values"};
  }
  auto factor = math::Cholesky::of(math::correlation_of(m.covariance));
  if (!factor.ok()) {
    return Error{Errc::refused, "the columns are linearly dependent: some column is a combination of others",
                 "collinear", "no redundant columns"};
  }
  const Matrix inverse = factor->inverse();
  return std::vector<double>(inverse.diagonal().begin(), inverse.diagonal().end());
}

}  // namespace rapport::study
