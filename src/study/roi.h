#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "study/scores.h"

/// The matrix of benefit and cost over services, with how sure each place in it is. Pure, thread-safe.
namespace rapport::study {

struct ServiceWorth {
  std::string service;
  double benefit = 0, benefit_se = 0;  ///< in one unit of money and time for all services; se >= 0
  double cost = 0, cost_se = 0;
};

enum class RoiQuadrant {
  widen,      ///< high benefit, low cost
  invest,     ///< high benefit, high cost
  keep_lean,  ///< low benefit, low cost
  mend,       ///< low benefit, high cost: postpone, mend or retire
};
inline constexpr std::array<RoiQuadrant, 4> kRoiQuadrants{RoiQuadrant::widen, RoiQuadrant::invest,
                                                          RoiQuadrant::keep_lean, RoiQuadrant::mend};
std::string_view roi_quadrant_name(RoiQuadrant quadrant);

struct RoiLine {
  ServiceWorth worth;
  RoiQuadrant quadrant = RoiQuadrant::keep_lean;
  std::array<double, 4> probability{};  ///< of each quadrant, sum 1
  double net = 0;                       ///< benefit - cost
  Interval net_interval;
  double pays_probability = 0;  ///< that benefit exceeds cost
  double roi = 0;               ///< net / cost; NaN for cost 0
  Interval roi_interval;        ///< Fieller (1954); (-inf, inf) when the cost is not told from 0
};
/// What follows for one service, whatever the others are: by its own net value and nothing else.
enum class RoiVerdict {
  widen,    ///< pays over its whole interval
  mend,     ///< loses over its whole interval, yet brings at least half of what it costs
  retire,   ///< loses over its whole interval and brings less than half of what it costs
  measure,  ///< the interval holds 0: a test is due
};
std::string_view roi_verdict_name(RoiVerdict verdict);
RoiVerdict roi_verdict(const RoiLine& line);

struct RoiMatrix {
  std::vector<RoiLine> lines;
  double benefit_line = 0, cost_line = 0;
};

/// Estimates are taken as independent and normal. Lines are the medians of the estimates unless given (NaN).
/// Errors: bad_input for a negative cost or standard error, a missing figure, two services of one name;
/// refused for no service.
Result<RoiMatrix> roi_matrix(const std::vector<ServiceWorth>& services, double benefit_line, double cost_line,
                             double level = 0.95);

}  // namespace rapport::study
