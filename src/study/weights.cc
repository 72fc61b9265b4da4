#include "study/weights.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "study/delphi.h"
#include "study/regression.h"

namespace rapport::study {
namespace {

using math::Matrix;
using math::Vector;
using Index = Eigen::Index;

Status check_items(const Matrix& x, const std::vector<std::string>& names) {
  if (x.cols() != static_cast<Index>(names.size()) || names.empty()) {
    return fail(Errc::bad_input, "{} columns with {} names", x.cols(), names.size());
  }
  if (!x.allFinite()) return fail(Errc::bad_input, "an item holds a missing or infinite value");
  if (x.rows() < 3)
    return Error{Errc::refused, fmt::format("{} complete rows", x.rows()), "rows", "at least 3"};
  for (Index j = 0; j < x.cols(); ++j) {
    if (x.col(j).maxCoeff() > x.col(j).minCoeff()) continue;
    const std::string& name = names[static_cast<std::size_t>(j)];
    return Error{Errc::refused, fmt::format("'{}' is {} in every row", name, x(0, j)), name,
                 "an item that varies"};
  }
  return {};
}

std::vector<double> normalised(const Vector& raw) {
  const Vector w = raw / raw.sum();
  return {w.begin(), w.end()};
}

}  // namespace

Result<std::vector<double>> entropy_weights(const Matrix& x, const std::vector<std::string>& names) {
  RAPPORT_CHECK(check_items(x, names));
  Vector divergence(x.cols());
  for (Index j = 0; j < x.cols(); ++j) {
    const std::string& name = names[static_cast<std::size_t>(j)];
    const double total = x.col(j).sum();
    if (x.col(j).minCoeff() < 0 || !(total > 0)) {
      return Error{Errc::refused,
                   fmt::format("'{}' holds a negative value, of which entropy knows no share", name), name,
                   "values from 0 up"};
    }
    double entropy = 0;
    for (const double v : x.col(j)) {
      if (v > 0) entropy -= v / total * std::log(v / total);
    }
    divergence[j] = std::max(0.0, 1 - entropy / std::log(static_cast<double>(x.rows())));
  }
  return normalised(divergence);
}

Result<std::vector<double>> critic_weights(const Matrix& x, const std::vector<std::string>& names) {
  RAPPORT_CHECK(check_items(x, names));
  const math::Moments m = math::moments(x);
  const Matrix r = math::correlation_of(m.covariance);
  Vector information(x.cols());
  for (Index j = 0; j < x.cols(); ++j) {
    const double range = x.col(j).maxCoeff() - x.col(j).minCoeff();
    double conflict = 0;
    for (Index k = 0; k < x.cols(); ++k) conflict += k == j ? 0 : 1 - r(j, k);
    information[j] = std::sqrt(m.covariance(j, j)) / range * conflict;
  }
  if (!(information.sum() > 1e-12)) {
    return Error{Errc::refused, "all items move together exactly: CRITIC sees no conflict to weight by",
                 "items", "items that are not copies of each other"};
  }
  return normalised(information);
}

Result<PcaWeights> pca_weights(const Matrix& x, const std::vector<std::string>& names) {
  RAPPORT_CHECK(check_items(x, names));
  const auto eigen = math::symmetric_eigen(math::correlation_of(math::moments(x).covariance));
  PcaWeights result;
  result.weights = normalised(eigen.vectors.col(0).cwiseAbs());
  result.first_component.assign(eigen.vectors.col(0).begin(), eigen.vectors.col(0).end());
  result.eigenvalues.assign(eigen.values.begin(), eigen.values.end());
  return result;
}

Result<RegressionWeights> regression_weights(const Matrix& x, const Vector& y,
                                             const std::vector<std::string>& names) {
  RAPPORT_CHECK(check_items(x, names));
  RAPPORT_TRY(const LinearFit fit, fit_linear(x, y, names));
  const math::Moments m = math::moments(x);
  const double sd_y = std::sqrt((y.array() - y.mean()).square().sum() / static_cast<double>(y.size() - 1));
  RegressionWeights result;
  Vector size(x.cols());
  for (Index j = 0; j < x.cols(); ++j) {
    const double beta =
        fit.coefficients[static_cast<std::size_t>(j) + 1].estimate * std::sqrt(m.covariance(j, j)) / sd_y;
    result.standardised_beta.push_back(beta);
    size[j] = std::fabs(beta);
  }
  result.weights = normalised(size);
  result.r2 = fit.r2;
  return result;
}

Result<RankStability> rank_stability(const Matrix& means, const std::vector<WeightScheme>& schemes,
                                     double low, double high) {
  if (!(low < high)) return fail(Errc::bad_input, "a scale from {} to {}", low, high);
  if (schemes.empty() || means.rows() < 2) {
    return Error{Errc::bad_input, fmt::format("{} schemes and {} services", schemes.size(), means.rows()),
                 "services", "at least one scheme and two services"};
  }
  RankStability result;
  const auto services = static_cast<std::size_t>(means.rows());
  Matrix ranks(static_cast<Index>(schemes.size()), means.rows());
  for (std::size_t s = 0; s < schemes.size(); ++s) {
    if (schemes[s].weights.size() != static_cast<std::size_t>(means.cols())) {
      return fail(Errc::bad_input, "scheme '{}' weights {} items of {}", schemes[s].name,
                  schemes[s].weights.size(), means.cols());
    }
    const Eigen::Map<const Vector> w(schemes[s].weights.data(), means.cols());
    const Vector index = (means * w / w.sum()).array() * (100 / (high - low)) - 100 * low / (high - low);
    result.index.emplace_back(index.begin(), index.end());
    std::vector<std::size_t> rank(services);
    for (std::size_t i = 0; i < services; ++i) {
      const double own = index[static_cast<Index>(i)];
      rank[i] = 1 + static_cast<std::size_t>(std::count_if(index.begin(), index.end(),
                                                           [own](double v) { return v > own + 1e-12; }));
      ranks(static_cast<Index>(s), static_cast<Index>(i)) = static_cast<double>(rank[i]);
    }
    result.rank.push_back(std::move(rank));
  }
  for (std::size_t i = 0; i < services; ++i) {
    std::size_t best = services, worst = 1;
    for (const auto& rank : result.rank) {
      best = std::min(best, rank[i]);
      worst = std::max(worst, rank[i]);
    }
    result.best_rank.push_back(best);
    result.worst_rank.push_back(worst);
    result.same_first = result.same_first && (best > 1 || worst == 1);
  }
  const auto agreement = schemes.size() > 1 ? kendall_w(ranks) : Result<Concordance>(Concordance{.w = 1});
  result.kendall_w = agreement.ok() ? agreement->w : 1;
  return result;
}

}  // namespace rapport::study
