#include "math/exact.h"

#include <cmath>

namespace rapport::math {
namespace {

DoubleDouble quick_two_sum(double a, double b) {
  const double s = a + b;
  return {s, b - (s - a)};
}
DoubleDouble two_sum(double a, double b) {
  const double s = a + b;
  const double bb = s - a;
  return {s, (a - (s - bb)) + (b - bb)};
}
DoubleDouble two_product(double a, double b) {
  constexpr double kSplit = 134217729.0;  // 2^27 + 1
  const double p = a * b;
  const double ta = kSplit * a, tb = kSplit * b;
  const double ah = ta - (ta - a), bh = tb - (tb - b);
  const double al = a - ah, bl = b - bh;
  return {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

DoubleDouble dot(const std::vector<DoubleDouble>& a, const std::vector<DoubleDouble>& b) {
  DoubleDouble sum;
  for (std::size_t i = 0; i < a.size(); ++i) sum = sum + a[i] * b[i];
  return sum;
}

/// a -= factor * b
void subtract(std::vector<DoubleDouble>& a, DoubleDouble factor, const std::vector<DoubleDouble>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = a[i] - factor * b[i];
}

double power_of_two_near(double norm) {
  int exponent = 0;
  std::frexp(norm, &exponent);
  return std::ldexp(1.0, exponent);
}

}  // namespace

DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
  DoubleDouble s = two_sum(a.high, b.high);
  const DoubleDouble t = two_sum(a.low, b.low);
  s = quick_two_sum(s.high, s.low + t.high);
  return quick_two_sum(s.high, s.low + t.low);
}
DoubleDouble operator-(DoubleDouble a, DoubleDouble b) {
  return a + DoubleDouble{-b.high, -b.low};
}
DoubleDouble operator*(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble p = two_product(a.high, b.high);
  return quick_two_sum(p.high, p.low + (a.high * b.low + a.low * b.high));
}
DoubleDouble operator/(DoubleDouble a, DoubleDouble b) {
  const double q1 = a.high / b.high;
  DoubleDouble r = a - b * DoubleDouble(q1);
  const double q2 = r.high / b.high;
  r = r - b * DoubleDouble(q2);
  const double q3 = r.high / b.high;
  return quick_two_sum(q1, q2) + DoubleDouble(q3);
}
DoubleDouble sqrt(DoubleDouble a) {
  if (a.high <= 0) return 0.0;
  const DoubleDouble x(std::sqrt(a.high));
  // One Newton step doubles the digits of the double root.
  return x + (a - x * x) / (x + x);
}

ExactColumns exact_powers(const std::vector<double>& x, int degree) {
  ExactColumns powers;
  std::vector<DoubleDouble> last(x.size(), DoubleDouble(1.0));
  for (int k = 1; k <= degree; ++k) {
    for (std::size_t i = 0; i < x.size(); ++i) last[i] = last[i] * DoubleDouble(x[i]);
    powers.push_back(last);
  }
  return powers;
}

namespace {

struct Factors {
  ExactColumns q;
  std::vector<std::vector<DoubleDouble>> r;  ///< r[j][k], k <= j: column j = sum_k q_k r[j][k]
  std::vector<double> scale;
};

Result<Factors> orthogonalise(const ExactColumns& x) {
  const std::size_t p = x.size();
  Factors f{x, std::vector<std::vector<DoubleDouble>>(p), std::vector<double>(p)};
  for (std::size_t j = 0; j < p; ++j) {
    std::vector<DoubleDouble>& column = f.q[j];
    const double norm = sqrt(dot(column, column)).value();
    if (!(norm > 0) || !std::isfinite(norm)) {
      return Error{Errc::refused, fmt::format("column {} of the design is zero or not finite", j + 1),
                   fmt::format("{}", j)};
    }
    f.scale[j] = power_of_two_near(norm);
    for (DoubleDouble& v : column) v = {v.high / f.scale[j], v.low / f.scale[j]};
    f.r[j].assign(j + 1, DoubleDouble());
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t k = 0; k < j; ++k) {
        const DoubleDouble projection = dot(f.q[k], column);
        subtract(column, projection, f.q[k]);
        f.r[j][k] = f.r[j][k] + projection;
      }
    }
    const DoubleDouble length = sqrt(dot(column, column));
    if (!(length.value() > 1e-14 * norm / f.scale[j])) {
      return Error{Errc::refused,
                   fmt::format("column {} of the design is a combination of the columns before it", j + 1),
                   fmt::format("{}", j)};
    }
    for (DoubleDouble& v : column) v = v / length;
    f.r[j][j] = length;
  }
  return f;
}

/// Columns of R^-1 (of the scaled design), column j holds rows 0..j.
std::vector<std::vector<DoubleDouble>> invert_upper(const std::vector<std::vector<DoubleDouble>>& r) {
  const std::size_t p = r.size();
  std::vector<std::vector<DoubleDouble>> inverse(p);
  for (std::size_t j = 0; j < p; ++j) {
    inverse[j].assign(p, DoubleDouble());
    inverse[j][j] = DoubleDouble(1.0) / r[j][j];
    for (std::size_t i = j; i-- > 0;) {
      DoubleDouble sum;
      for (std::size_t k = i + 1; k <= j; ++k) sum = sum + r[k][i] * inverse[j][k];
      inverse[j][i] = (DoubleDouble() - sum) / r[i][i];
    }
  }
  return inverse;
}

void sums_of_squares(const std::vector<double>& y, ExactLeastSquares& fit) {
  DoubleDouble total, squares, centred;
  for (const double v : y) total = total + DoubleDouble(v);
  const DoubleDouble mean = total / DoubleDouble(static_cast<double>(y.size()));
  for (const double v : y) {
    const DoubleDouble d = DoubleDouble(v) - mean;
    squares = squares + DoubleDouble(v) * DoubleDouble(v);
    centred = centred + d * d;
  }
  fit.tss_raw = squares.value();
  fit.tss_centred = centred.value();
}

}  // namespace

Result<ExactLeastSquares> exact_least_squares(const ExactColumns& x, const std::vector<double>& y) {
  const std::size_t p = x.size(), n = y.size();
  if (p == 0 || n < p) return fail(Errc::bad_input, "{} rows are too few for {} coefficients", n, p);
  for (const auto& column : x) {
    if (column.size() != n)
      return fail(Errc::bad_input, "a column has {} rows, the outcome {}", column.size(), n);
  }
  RAPPORT_TRY(const Factors f, orthogonalise(x));
  std::vector<DoubleDouble> e(y.begin(), y.end());
  std::vector<DoubleDouble> z(p);
  for (int pass = 0; pass < 2; ++pass) {
    for (std::size_t k = 0; k < p; ++k) {
      const DoubleDouble projection = dot(f.q[k], e);
      subtract(e, projection, f.q[k]);
      z[k] = z[k] + projection;
    }
  }
  const auto inverse = invert_upper(f.r);
  ExactLeastSquares fit;
  const auto rows = static_cast<Eigen::Index>(n), columns = static_cast<Eigen::Index>(p);
  fit.coefficients.resize(columns);
  fit.unscaled_variances.resize(columns);
  fit.r_inverse = Matrix::Zero(columns, columns);
  fit.q.resize(rows, columns);
  fit.residuals.resize(rows);
  for (std::size_t i = 0; i < p; ++i) {
    DoubleDouble b, variance;
    for (std::size_t j = i; j < p; ++j) {
      b = b + inverse[j][i] * z[j];
      variance = variance + inverse[j][i] * inverse[j][i];
      fit.r_inverse(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
          inverse[j][i].value() / f.scale[i];
    }
    fit.coefficients[static_cast<Eigen::Index>(i)] = b.value() / f.scale[i];
    fit.unscaled_variances[static_cast<Eigen::Index>(i)] = variance.value() / f.scale[i] / f.scale[i];
    for (std::size_t row = 0; row < n; ++row) {
      fit.q(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(i)) = f.q[i][row].value();
    }
  }
  fit.rss = dot(e, e).value();
  for (std::size_t row = 0; row < n; ++row) fit.residuals[static_cast<Eigen::Index>(row)] = e[row].value();
  sums_of_squares(y, fit);
  return fit;
}

}  // namespace rapport::math
