#pragma once

#include <array>
#include <span>
#include <vector>

#include "base/result.h"

/// What a purchase is worth (Gamma-Gamma) and how long a contract lasts (shifted beta-geometric). Pure,
/// thread-safe.
namespace rapport::study {

/// A repeat customer: number of repeat purchases (>= 1) and their mean value (> 0).
struct SpendHistory {
  double frequency = 0;
  double mean_value = 0;
};

struct GammaGammaParameters {
  double p = 1, q = 1, v = 1;
};
struct GammaGammaFit {
  GammaGammaParameters parameters;
  std::array<double, 3> se{};
  double log_likelihood = 0;
  double population_mean = 0;  ///< p v / (q - 1); infinite for q <= 1
  /// Pearson correlation of frequency and mean value: the model assumes 0.
  double correlation = 0;
  std::size_t n = 0;
  int iterations = 0;
  bool boundary = false;
};

/// Fader & Hardie (2013), The Gamma-Gamma Model of Monetary Value, eq. 1a. Newton's method with analytic
/// derivatives in the log parameters. Errors: bad_input naming a customer without a repeat purchase or with a
/// value that is not above 0; refused for fewer than 10 customers or values that do not vary.
Result<GammaGammaFit> fit_gamma_gamma(std::span<const SpendHistory> customers);
/// E(M | p, q, v; x, mean): the customer's expected value a purchase (eq. 5); the population mean for x = 0.
double expected_value(const GammaGammaParameters& parameters, double frequency, double mean_value);

struct RetentionFit {
  double alpha = 0, beta = 0;
  std::array<double, 2> se{};
  double log_likelihood = 0;
  std::vector<double> retention;  ///< r_t, t = 1 .. periods + horizon
  std::vector<double> survival;   ///< S(t), t = 0 .. periods + horizon
  double expected_life = 0;       ///< mean tenure in periods; infinite for alpha <= 1
  std::size_t periods = 0;
  double n = 0;
  bool boundary = false;
};

/// Contracts: Fader & Hardie (2007), How to Project Customer Retention, J. Interactive Marketing 21:76-90.
/// `survivors` are the customers of one cohort at t = 0, 1, ..., not increasing. Errors: bad_input naming the
/// period; refused for fewer than 3 numbers or when nobody left.
Result<RetentionFit> fit_retention(const std::vector<double>& survivors, std::size_t horizon = 12);

}  // namespace rapport::study
