#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "study/scores.h"

/// What price people accept: Van Westendorp's meter and Gabor-Granger's demand curve. Pure, thread-safe.
namespace rapport::study {

struct PriceAnswer {
  double too_cheap = 0, cheap = 0, expensive = 0, too_expensive = 0;
};

enum class PriceCurve {
  ecdf,          ///< steps at the prices that were named
  interpolated,  ///< straight lines between them, crossings on a grid of `step` (pricesensitivitymeter 1.3.3)
};

struct PricePoint {
  std::optional<double> price;  ///< nothing when the curves do not cross
  Interval interval;            ///< percentile bootstrap over respondents
};
struct PriceCurvePoint {
  double price = 0, too_cheap = 0, cheap = 0, expensive = 0,
         too_expensive = 0;  ///< shares, cheap ones falling
};
struct PriceSensitivity {
  PricePoint pmc;  ///< marginal cheapness: not cheap >= too cheap
  PricePoint pme;  ///< marginal expensiveness: too expensive >= not expensive
  PricePoint idp;  ///< indifference: expensive >= cheap
  PricePoint opp;  ///< optimal: too expensive >= too cheap
  std::vector<PriceCurvePoint> curves;
  std::size_t given = 0;         ///< answers with all four prices
  std::size_t intransitive = 0;  ///< dropped: not too cheap < cheap < expensive < too expensive
  std::size_t n = 0;
};

struct PriceOptions {
  PriceCurve curve = PriceCurve::ecdf;
  double step = 0.01;
  std::size_t replicates = 1000;
  std::uint64_t seed = 1;
  double level = 0.95;
};

/// Van Westendorp (1976), ESOMAR; each cumulative share counts prices <= p, so that it reaches 1. The
/// crossing is the first price at which the rising curve is at least the falling one. Errors: bad_input
/// naming a negative price; refused when fewer than 5 answers are in order.
Result<PriceSensitivity> van_westendorp(const std::vector<PriceAnswer>& answers,
                                        const PriceOptions& options = {});

/// Answers at one price: 1 would buy, 0 would not, NaN was not asked.
struct PriceOffer {
  double price = 0;
  std::vector<double> buys;
};
struct DemandPoint {
  double price = 0, n = 0, share = 0;
  Interval interval;            ///< Wilson
  double demand = 0;            ///< share made non-increasing in price (pool adjacent violators)
  double profit = 0;            ///< demand * (price - unit cost) a person asked
  Interval profit_interval;     ///< percentile bootstrap
  double best_probability = 0;  ///< share of resamples in which this price earns most
};
struct GaborGranger {
  std::vector<DemandPoint> points;  ///< by price
  std::size_t best = 0;
  bool monotone = true;  ///< the raw shares never rise with the price
};
/// Gabor & Granger (1966), Economica 33:43-70. With `same_respondents` the lists are aligned (row i is the
/// same person) and people are resampled, otherwise each price by itself. Errors: bad_input for a negative
/// price or unit cost, an answer other than 0 and 1, two equal prices; refused for fewer than 2 prices or 5
/// answers at one of them.
Result<GaborGranger> gabor_granger(std::vector<PriceOffer> offers, bool same_respondents, double unit_cost,
                                   const PriceOptions& options = {});

}  // namespace rapport::study
