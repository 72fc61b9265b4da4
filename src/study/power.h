#pragma once

#include "base/result.h"

/// Sample size and power of a fixed two-arm test, two-sided. Pure, thread-safe.
namespace rapport::study {

/// Of a t test with equal arms of n units: noncentral t, both tails (R's power.t.test with strict = TRUE).
double power_of_means(double n_per_arm, double difference, double sd, double alpha = 0.05);
/// Of a test of two proportions: normal approximation of Fleiss, Levin & Paik (2003, eq. 4.14; R's
/// power.prop.test).
double power_of_proportions(double n_per_arm, double p1, double p2, double alpha = 0.05);

/// Units per arm (not rounded) for a power in (alpha, 1). Errors: bad_input for sd <= 0, a difference of 0,
/// proportions outside (0, 1) or a power out of range; refused above 1e12 units.
Result<double> sample_size_means(double difference, double sd, double power = 0.8, double alpha = 0.05);
Result<double> sample_size_proportions(double p1, double p2, double power = 0.8, double alpha = 0.05);

}  // namespace rapport::study
