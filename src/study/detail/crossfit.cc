#include "study/detail/crossfit.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.h"
#include "math/resample.h"

namespace rapport::study::detail {
namespace {

using math::Matrix;
using math::Vector;
using Index = Eigen::Index;

/// Rows of one (fold, arm) lie together, so that a training set is a list of ranges.
struct Segment {
  Index from = 0, size = 0;
};

struct Arranged {
  Matrix z;  ///< ones, then columns of mean 0 and standard deviation 1; rows in segment order
  Vector d, y;
  std::vector<std::uint32_t> row;            ///< where each arranged row stands in the data
  std::vector<std::array<Segment, 2>> fold;  ///< [fold][arm]
};

constexpr Index kChunk = 1024;

Result<Arranged> arrange(const CausalData& data, std::size_t folds, std::uint64_t seed) {
  const auto n = static_cast<std::size_t>(data.x.rows());
  Arranged a;
  // Each arm is dealt out to the folds after a shuffle, so that every fold holds both arms.
  std::array<std::vector<std::uint32_t>, 2> arm;
  for (std::size_t i = 0; i < n; ++i)
    arm[data.treatment[static_cast<Index>(i)] == 1 ? 1 : 0].push_back(static_cast<std::uint32_t>(i));
  Random random(seed);
  for (auto& rows : arm) {
    for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random.below(i)]);
  }
  a.fold.resize(folds);
  for (std::size_t k = 0; k < folds; ++k) {
    for (std::size_t side = 0; side < 2; ++side) {
      const std::size_t from = arm[side].size() * k / folds, to = arm[side].size() * (k + 1) / folds;
      a.fold[k][side] = {static_cast<Index>(a.row.size()), static_cast<Index>(to - from)};
      a.row.insert(a.row.end(), arm[side].begin() + static_cast<std::ptrdiff_t>(from),
                   arm[side].begin() + static_cast<std::ptrdiff_t>(to));
    }
  }
  const auto rows = static_cast<Index>(n);
  a.z.resize(rows, data.x.cols() + 1);
  a.d.resize(rows);
  a.y.resize(rows);
  a.z.col(0).setOnes();
  for (Index i = 0; i < rows; ++i) {
    a.d[i] = data.treatment[a.row[static_cast<std::size_t>(i)]];
    a.y[i] = data.outcome[a.row[static_cast<std::size_t>(i)]];
  }
  for (Index j = 0; j < data.x.cols(); ++j) {
    const auto column = data.x.col(j);
    const double mean = column.mean();
    const double sd = std::sqrt((column.array() - mean).square().sum() / static_cast<double>(rows));
    if (!(sd > 1e-12 * (1 + std::fabs(mean)))) {
      const std::string& name = data.names[static_cast<std::size_t>(j)];
      return Error{Errc::refused, fmt::format("'{}' does not vary", name), name,
                   "a covariate with at least two values"};
    }
    for (Index i = 0; i < rows; ++i) a.z(i, j + 1) = (column[a.row[static_cast<std::size_t>(i)]] - mean) / sd;
  }
  return a;
}

std::vector<Segment> chunks_of(const std::vector<Segment>& segments) {
  std::vector<Segment> chunks;
  for (const Segment& s : segments) {
    for (Index at = 0; at < s.size; at += kChunk)
      chunks.push_back({s.from + at, std::min(kChunk, s.size - at)});
  }
  return chunks;
}

/// Score and, when asked, information of the logistic log-likelihood over chunks, summed in their order.
struct Score {
  Vector gradient;
  Matrix information;
  double eta_max = 0;
};
Score logistic_score(const Arranged& a, const std::vector<Segment>& chunks, const Vector& beta,
                     bool with_information, unsigned threads) {
  // Chunks are grouped so that a partial sum is kept for a few groups only; groups do not depend on the
  // threads.
  constexpr std::size_t kGroups = 32;
  std::vector<Score> parts(std::min(kGroups, chunks.size()));
  math::parallel_for(parts.size(), threads, [&](std::size_t g) {
    Score& part = parts[g];
    part.gradient = Vector::Zero(beta.size());
    if (with_information) part.information = Matrix::Zero(beta.size(), beta.size());
    Matrix weighted;
    for (std::size_t c = chunks.size() * g / parts.size(); c < chunks.size() * (g + 1) / parts.size(); ++c) {
      const auto z = a.z.middleRows(chunks[c].from, chunks[c].size);
      const Vector eta = z * beta;
      const Vector p = (1 + (-eta.array()).exp()).inverse();
      part.eta_max = std::max(part.eta_max, eta.cwiseAbs().maxCoeff());
      part.gradient.noalias() += z.transpose() * (a.d.segment(chunks[c].from, chunks[c].size) - p);
      if (!with_information) continue;
      weighted = (p.array() * (1 - p.array())).sqrt().matrix().asDiagonal() * z;
      part.information.selfadjointView<Eigen::Lower>().rankUpdate(weighted.transpose());
    }
  });
  Score sum = parts.front();
  for (std::size_t g = 1; g < parts.size(); ++g) {
    sum.gradient += parts[g].gradient;
    if (with_information) sum.information += parts[g].information;
    sum.eta_max = std::max(sum.eta_max, parts[g].eta_max);
  }
  return sum;
}

Error no_overlap() {
  return Error{Errc::refused,
               "the covariates tell treated and control rows apart without error: there is no overlap",
               "overlap", "covariates at which both arms occur"};
}

constexpr double kStepSmall = 1e-9;
constexpr double kEtaMax = 30;

/// Newton from `beta`, with the information computed afresh while steps are large and kept afterwards: near
/// the maximum it no longer changes what matters. Returns the last factor through `kept`.
Status maximise(const Arranged& a, const std::vector<Segment>& chunks, Vector& beta,
                std::optional<math::Cholesky>& kept, double scale, unsigned threads) {
  double last = 1;
  for (int pass = 0; pass < 60; ++pass) {
    const bool afresh = !kept || last > 0.1;
    const Score s = logistic_score(a, chunks, beta, afresh, threads);
    if (s.eta_max > kEtaMax) return no_overlap();
    if (afresh) {
      auto factor = math::Cholesky::of(s.information / scale);
      if (!factor.ok() ||
          factor->lower().diagonal().minCoeff() < 1e-7 * std::sqrt(s.information(0, 0) / scale)) {
        return pass > 4 ? no_overlap()
                        : Error{Errc::refused, "a covariate is a combination of the others", "collinear",
                                "no redundant covariates"};
      }
      kept = std::move(factor).value();
    }
    const Vector step = kept->solve(s.gradient / scale);
    beta += step;
    const double size = step.cwiseAbs().maxCoeff();
    if (size < kStepSmall) return {};
    // A kept factor that does not contract is replaced.
    if (!afresh && size > 0.5 * last) kept.reset();
    last = size;
  }
  return no_overlap();
}

/// Sums for least squares in one segment.
struct Normal {
  Matrix gram;
  Vector cross;
};
Normal normal_of(const Arranged& a, const Segment& segment) {
  Normal n{Matrix::Zero(a.z.cols(), a.z.cols()), Vector::Zero(a.z.cols())};
  for (const Segment& c : chunks_of({segment})) {
    const auto z = a.z.middleRows(c.from, c.size);
    n.gram.selfadjointView<Eigen::Lower>().rankUpdate(z.transpose());
    n.cross.noalias() += z.transpose() * a.y.segment(c.from, c.size);
  }
  return n;
}

Result<Vector> solve_without(const std::vector<std::array<Normal, 2>>& normals, std::size_t fold,
                             std::size_t arm, Index rows) {
  Matrix gram = Matrix::Zero(normals[0][0].gram.rows(), normals[0][0].gram.cols());
  Vector cross = Vector::Zero(gram.rows());
  for (std::size_t k = 0; k < normals.size(); ++k) {
    if (k == fold) continue;
    gram += normals[k][arm].gram;
    cross += normals[k][arm].cross;
  }
  const auto factor = math::Cholesky::of(gram);
  if (!factor.ok() || factor->lower().diagonal().minCoeff() < 1e-7 * std::sqrt(gram(0, 0))) {
    return Error{Errc::refused,
                 fmt::format("within the {} rows of one arm a covariate does not vary on its own", rows),
                 "covariates", "fewer covariates or more rows in each arm"};
  }
  return Vector(factor->solve(cross));
}

}  // namespace

Result<CrossFitted> cross_fit(const CausalData& data, std::size_t folds, std::uint64_t seed,
                              unsigned threads) {
  RAPPORT_TRY(const Arranged a, arrange(data, folds, seed));
  const Index n = a.z.rows();
  std::vector<std::array<Normal, 2>> normals(folds);
  math::parallel_for(2 * folds, threads,
                     [&](std::size_t i) { normals[i / 2][i % 2] = normal_of(a, a.fold[i / 2][i % 2]); });
  // Propensity on all rows first; each fold then starts from it with its curvature. A thinned run finds the
  // neighbourhood.
  Vector start = Vector::Zero(a.z.cols());
  std::optional<math::Cholesky> factor;
  if (n > 100000) {
    std::vector<Segment> some = chunks_of({{0, n}}), thin;
    for (std::size_t c = 0; c < some.size(); c += 16) thin.push_back(some[c]);
    const double share = static_cast<double>(thin.size()) / static_cast<double>(some.size());
    RAPPORT_CHECK(maximise(a, thin, start, factor, share * static_cast<double>(n), threads));
    factor.reset();
  }
  RAPPORT_CHECK(maximise(a, chunks_of({{0, n}}), start, factor, static_cast<double>(n), threads));
  CrossFitted fitted{Vector(n), Vector(n), Vector(n)};
  for (std::size_t k = 0; k < folds; ++k) {
    std::vector<Segment> training;
    for (std::size_t other = 0; other < folds; ++other) {
      if (other == k) continue;
      training.push_back(a.fold[other][0]);
      training.push_back(a.fold[other][1]);
    }
    Vector beta = start;
    std::optional<math::Cholesky> kept = factor;
    const Index held = a.fold[k][0].size + a.fold[k][1].size;
    RAPPORT_CHECK(maximise(a, chunks_of(training), beta, kept, static_cast<double>(n - held), threads));
    RAPPORT_TRY(const Vector b0, solve_without(normals, k, 0, n));
    RAPPORT_TRY(const Vector b1, solve_without(normals, k, 1, n));
    Matrix all(a.z.cols(), 3);
    all << beta, b0, b1;
    const Matrix predicted = a.z.middleRows(a.fold[k][0].from, held) * all;
    for (Index i = 0; i < held; ++i) {
      const Index row = a.row[static_cast<std::size_t>(a.fold[k][0].from + i)];
      fitted.propensity[row] = 1 / (1 + std::exp(-predicted(i, 0)));
      fitted.mu0[row] = predicted(i, 1);
      fitted.mu1[row] = predicted(i, 2);
    }
  }
  return fitted;
}

}  // namespace rapport::study::detail
