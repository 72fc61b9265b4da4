#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"
#include "math/linear.h"

/// The BG/NBD model of repeat buying without a contract: Fader, Hardie & Lee (2005), "Counting Your
/// Customers" the Easy Way, Marketing Science 24:275-284. A customer buys as a Poisson process while alive
/// and may leave after any purchase. Pure, thread-safe. All functions work on logarithms, so that a thousand
/// purchases do not overflow.
namespace rapport::study {

/// One customer: repeat purchases (first not counted), time of the last one and end of observation, both
/// counted from the first purchase in the same unit. 0 <= recency <= length; recency is 0 without a repeat.
struct PurchaseHistory {
  double frequency = 0;
  double recency = 0;
  double length = 0;
};

struct BgnbdParameters {
  double r = 1, alpha = 1;  ///< gamma of the purchase rate: mean r / alpha a period
  double a = 1, b = 1;      ///< beta of the chance to leave after a purchase: mean a / (a + b)
};

struct BgnbdFit {
  BgnbdParameters parameters;
  std::array<double, 4> se{};   ///< of r, alpha, a, b (delta method from the log scale); NaN at a boundary
  math::Matrix covariance_log;  ///< of ln r, ln alpha, ln a, ln b
  double log_likelihood = 0;
  double gradient_norm = 0;  ///< of the mean log-likelihood in the log parameters, projected at a boundary
  std::size_t n = 0, repeaters = 0;
  int iterations = 0;
  bool boundary = false;  ///< a parameter ran to the end of its range: the data cannot tell it
};

/// Maximum likelihood by Newton's method with analytic first and second derivatives in the log parameters and
/// a ridge where the surface is not concave. The result is the same bits at any number of threads. Errors:
/// bad_input naming the row of a history that cannot be (negative, recency after the end, fractional count);
/// refused for fewer than 10 customers, nobody or everybody without variation (no repeat purchase, no time
/// observed).
Result<BgnbdFit> fit_bgnbd(std::span<const PurchaseHistory> customers, unsigned threads = 1);

/// The log-likelihood of the whole cohort (eq. 6), and its gradient in (r, alpha, a, b) when asked.
double bgnbd_log_likelihood(const BgnbdParameters& p, std::span<const PurchaseHistory> customers,
                            std::array<double, 4>* gradient = nullptr);

/// The chance that she is still a customer: 1 without a repeat purchase, by the model's assumption.
double probability_alive(const BgnbdParameters& p, const PurchaseHistory& customer);
/// E[X(t)]: purchases of a new customer in t (eq. 9).
double expected_purchases(const BgnbdParameters& p, double t);
/// E[Y(t) | x, t_x, T]: purchases of this customer in the next t (eq. 10).
double conditional_expected_purchases(const BgnbdParameters& p, const PurchaseHistory& customer, double t);
/// P(X(t) = k) of a new customer (eq. 8). k >= 0 whole, t > 0.
double probability_of_purchases(const BgnbdParameters& p, int k, double t);

}  // namespace rapport::study
