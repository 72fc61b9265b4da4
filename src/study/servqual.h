#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "math/linear.h"

/// SERVQUAL: perception minus expectation on five dimensions (Parasuraman, Zeithaml & Berry 1988, J. of
/// Retailing 64:12-40); SERVPERF: perception alone (Cronin & Taylor 1992, J. of Marketing 56:55-68). Pure,
/// thread-safe.
namespace rapport::study {

struct ServqualDimension {
  std::string name;
  std::vector<std::size_t> items;  ///< positions in the list of items
};
/// Tangibles 1-4, reliability 5-9, responsiveness 10-13, assurance 14-17, empathy 18-22.
std::vector<ServqualDimension> standard_dimensions();

struct ServqualLine {
  std::string name;
  std::size_t n = 0;
  double expectation = 0, perception = 0;
  double gap = 0, gap_low = 0, gap_high = 0;  ///< perception - expectation, paired t interval
  double gap_p = 0;
  double perception_low = 0, perception_high = 0;
  double weight = 0;  ///< in the weighted score: a dimension's own, an item's even share of its dimension's
};

struct ServqualResult {
  std::vector<ServqualLine> items, dimensions;
  ServqualLine overall;           ///< the mean of the dimensions
  ServqualLine weighted;          ///< with the respondents' or given weights
  bool has_expectations = false;  ///< false: SERVPERF only, gaps are NaN
};

/// `perceived` respondents x items complete; `expected` the same shape, or empty for SERVPERF. `weights` one
/// a dimension (any positive scale), or empty for equal. Errors: bad_input for shapes, an item in no or two
/// dimensions, weights <= 0; refused for fewer than 3 respondents.
Result<ServqualResult> servqual(const math::Matrix& perceived, const math::Matrix& expected,
                                const std::vector<std::string>& items,
                                const std::vector<ServqualDimension>& dimensions,
                                const std::vector<double>& weights, double level = 0.95);

}  // namespace rapport::study
