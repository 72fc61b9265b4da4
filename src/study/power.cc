#include "study/power.h"

#include <cmath>

#include "math/distributions.h"

namespace rapport::study {
namespace {

Status check(double power, double alpha) {
  if (!(alpha > 0 && alpha < 1))
    return Error{Errc::bad_input, fmt::format("alpha {}", alpha), "alpha", "between 0 and 1"};
  if (!(power > alpha && power < 1))
    return Error{Errc::bad_input, fmt::format("power {}", power), "power", "between alpha and 1"};
  return {};
}

}  // namespace

double power_of_means(double n, double difference, double sd, double alpha) {
  const double df = 2 * (n - 1);
  const double bound = math::t_quantile(1 - alpha / 2, df);
  const double ncp = std::sqrt(n / 2) * std::fabs(difference) / sd;
  // Far from the bound the noncentral t is all on one side, and its series slow.
  if (ncp - bound > 12) return 1;
  return 1 - math::noncentral_t_cdf(bound, df, ncp) + math::noncentral_t_cdf(-bound, df, ncp);
}

double power_of_proportions(double n, double p1, double p2, double alpha) {
  const double z = math::normal_quantile(1 - alpha / 2);
  const double mean = (p1 + p2) / 2;
  const double under_null = std::sqrt(2 * mean * (1 - mean)),
               under_effect = std::sqrt(p1 * (1 - p1) + p2 * (1 - p2));
  return math::normal_cdf((std::sqrt(n) * std::fabs(p1 - p2) - z * under_null) / under_effect);
}

Result<double> sample_size_means(double difference, double sd, double power, double alpha) {
  RAPPORT_CHECK(check(power, alpha));
  if (!(sd > 0) || difference == 0 || !std::isfinite(difference)) {
    return Error{Errc::bad_input, fmt::format("difference {} with standard deviation {}", difference, sd),
                 "difference", "a difference other than 0 and a standard deviation above 0"};
  }
  const double z = math::normal_quantile(1 - alpha / 2) + math::normal_quantile(power);
  const double normal = 2 * z * z * sd * sd / (difference * difference);
  if (normal > 1e12)
    return Error{Errc::refused, "more than 1e12 units an arm would be needed", "difference",
                 "a larger difference"};
  if (normal > 1e5) return normal;
  double low = 2, high = std::max(4.0, 2 * normal + 10);
  if (power_of_means(low, difference, sd, alpha) >= power) return low;
  for (int pass = 0; pass < 200 && high - low > 1e-10 * high; ++pass) {
    const double middle = (low + high) / 2;
    (power_of_means(middle, difference, sd, alpha) < power ? low : high) = middle;
  }
  return (low + high) / 2;
}

Result<double> sample_size_proportions(double p1, double p2, double power, double alpha) {
  RAPPORT_CHECK(check(power, alpha));
  if (!(p1 > 0 && p1 < 1 && p2 > 0 && p2 < 1) || p1 == p2) {
    return Error{Errc::bad_input, fmt::format("proportions {} and {}", p1, p2), "proportions",
                 "two different proportions inside (0, 1)"};
  }
  const double mean = (p1 + p2) / 2;
  const double root = math::normal_quantile(1 - alpha / 2) * std::sqrt(2 * mean * (1 - mean)) +
                      math::normal_quantile(power) * std::sqrt(p1 * (1 - p1) + p2 * (1 - p2));
  const double n = root * root / ((p1 - p2) * (p1 - p2));
  if (n > 1e12)
    return Error{Errc::refused, "more than 1e12 units an arm would be needed", "proportions",
                 "a larger difference"};
  return n;
}

}  // namespace rapport::study
