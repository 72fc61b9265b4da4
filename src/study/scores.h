#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

/// Survey scores with honest intervals: NPS, CSAT, CES. Pure, thread-safe.
namespace rapport::study {

struct Interval {
  double low = 0, high = 0;
};

/// Wilson (1927) score interval of a share; n >= 1.
Interval wilson_interval(double successes, double n, double level = 0.95);
/// Of the difference of two independent shares, first less second: the hybrid of their score intervals
/// (Newcombe 1998, Statistics in Medicine 17:873-890, method 10); both n >= 1.
Interval newcombe_interval(double successes1, double n1, double successes2, double n2, double level = 0.95);

struct NpsCounts {
  double detractors = 0, passives = 0, promoters = 0;
  double n() const { return detractors + passives + promoters; }
};
struct NpsResult {
  NpsCounts counts;
  double nps = 0;  ///< promoters - detractors as a share, -1 .. 1
  double se = 0;
  Interval wald;  ///< for comparison: leaves [-1, 1] for extreme scores
  Interval
      adjusted;  ///< adjusted Wald: n + 3, 3/4 promoter and 3/4 detractor more (Rocks 2016, arXiv 1601.07235)
  Interval score;  ///< inverts the score test with restricted estimates (Tango 1998, Statistics in Medicine
                   ///< 17:891)
};
/// Errors: bad_input for negative counts; refused for nobody.
Result<NpsResult> nps_of_counts(const NpsCounts& counts, double level = 0.95);
/// 0-6 detractors, 7-8 passives, 9-10 promoters; NaN is skipped. Errors: bad_input naming an answer outside 0
/// .. 10 or between whole numbers.
Result<NpsCounts> count_nps(const std::vector<double>& answers);

struct ShareResult {
  double share = 0, n = 0, successes = 0;
  Interval interval;  ///< Wilson
  double mean = 0, mean_se = 0;
  Interval mean_interval;  ///< t
};
/// CSAT: the share of answers >= `satisfied_from` and the mean; CES the same with its own threshold. Errors:
/// bad_input for an answer outside [low, high]; refused for fewer than 2 answers.
Result<ShareResult> satisfaction(const std::vector<double>& answers, double satisfied_from, double low,
                                 double high, double level = 0.95);

struct WeightedMean {
  double mean = 0, se = 0;
  Interval interval;
  double unweighted = 0;
  double response_rate = 0;
  double n = 0, invited = 0;
  double design_effect = 1;  ///< Kish: n sum w^2 / (sum w)^2
};
/// Weighting against non-response: each stratum counts with everybody invited in it (post-stratification,
/// Holt & Smith 1979). `value` NaN = did not answer. Errors: bad_input for unequal lengths; refused naming a
/// stratum with fewer than 2 answers.
Result<WeightedMean> weight_for_nonresponse(const std::vector<double>& value,
                                            const std::vector<std::string>& stratum, double level = 0.95);

}  // namespace rapport::study
