#include "study/price.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "math/resample.h"

namespace rapport::study {
namespace {

struct SortedPrices {
  std::array<std::vector<double>, 4> by_question;  ///< too cheap, cheap, expensive, too expensive
  std::vector<double> all;                         ///< distinct
};

SortedPrices sort_prices(const std::vector<PriceAnswer>& answers) {
  SortedPrices s;
  for (const PriceAnswer& a : answers) {
    const std::array<double, 4> prices{a.too_cheap, a.cheap, a.expensive, a.too_expensive};
    for (std::size_t q = 0; q < 4; ++q) s.by_question[q].push_back(prices[q]);
  }
  for (auto& prices : s.by_question) {
    std::sort(prices.begin(), prices.end());
    s.all.insert(s.all.end(), prices.begin(), prices.end());
  }
  std::sort(s.all.begin(), s.all.end());
  s.all.erase(std::unique(s.all.begin(), s.all.end()), s.all.end());
  return s;
}

std::vector<PriceCurvePoint> curves_of(const SortedPrices& s) {
  std::vector<PriceCurvePoint> points;
  std::array<std::size_t, 4> at{};
  const double n = static_cast<double>(s.by_question[0].size());
  for (const double price : s.all) {
    std::array<double, 4> share{};
    for (std::size_t q = 0; q < 4; ++q) {
      while (at[q] < s.by_question[q].size() && s.by_question[q][at[q]] <= price) ++at[q];
      // Each curve starts from 0 at its lowest price and ends at 1: without that, ends that meet would count
      // as crossings.
      share[q] = price <= s.by_question[q].front() ? 0 : static_cast<double>(at[q]) / n;
    }
    points.push_back({price, 1 - share[0], 1 - share[1], share[2], share[3]});
  }
  return points;
}

/// The first price where rising - falling >= 0, on the steps or on the grid of the straight lines between
/// them.
template <class Gap>
double crossing(const std::vector<PriceCurvePoint>& points, const PriceOptions& options, Gap gap) {
  constexpr double kTie = 1e-12;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double now = gap(points[i]);
    if (now < -kTie) continue;
    if (options.curve == PriceCurve::ecdf || i == 0) return points[i].price;
    const double before = gap(points[i - 1]);
    const double exact =
        points[i - 1].price + (points[i].price - points[i - 1].price) * before / (before - now);
    const double first = points.front().price;
    return first + std::ceil((exact - first) / options.step - 1e-7) * options.step;
  }
  return std::nan("");
}

std::array<double, 4> price_points(const std::vector<PriceCurvePoint>& c, const PriceOptions& options) {
  return {crossing(c, options, [](const PriceCurvePoint& p) { return (1 - p.cheap) - p.too_cheap; }),
          crossing(c, options, [](const PriceCurvePoint& p) { return p.too_expensive - (1 - p.expensive); }),
          crossing(c, options, [](const PriceCurvePoint& p) { return p.expensive - p.cheap; }),
          crossing(c, options, [](const PriceCurvePoint& p) { return p.too_expensive - p.too_cheap; })};
}

}  // namespace

Result<PriceSensitivity> van_westendorp(const std::vector<PriceAnswer>& answers,
                                        const PriceOptions& options) {
  if (!(options.step > 0))
    return Error{Errc::bad_input, fmt::format("step {}", options.step), "step", "above 0"};
  std::vector<PriceAnswer> kept;
  PriceSensitivity result;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const PriceAnswer& a = answers[i];
    for (const double price : {a.too_cheap, a.cheap, a.expensive, a.too_expensive}) {
      if (price < 0)
        return Error{Errc::bad_input, fmt::format("respondent {}: price {}", i + 1, price),
                     fmt::format("row {}", i + 1), "prices from 0"};
    }
    if (!std::isfinite(a.too_cheap + a.cheap + a.expensive + a.too_expensive)) continue;
    ++result.given;
    if (a.too_cheap < a.cheap && a.cheap < a.expensive && a.expensive < a.too_expensive) {
      kept.push_back(a);
    } else {
      ++result.intransitive;
    }
  }
  result.n = kept.size();
  if (kept.size() < 5) {
    return Error{Errc::refused,
                 fmt::format("{} of {} answers are in order (too cheap < cheap < expensive < too expensive)",
                             kept.size(), result.given),
                 "rows", "at least 5"};
  }
  result.curves = curves_of(sort_prices(kept));
  const auto points = price_points(result.curves, options);
  const auto statistic = [&](std::span<const std::uint32_t> rows, std::span<double> out) {
    std::vector<PriceAnswer> sample;
    sample.reserve(rows.size());
    for (const auto row : rows) sample.push_back(kept[row]);
    const auto drawn = price_points(curves_of(sort_prices(sample)), options);
    std::copy(drawn.begin(), drawn.end(), out.begin());
    return true;
  };
  RAPPORT_TRY(
      const math::Draws draws,
      math::bootstrap(kept.size(), 4, statistic, {.replicates = options.replicates, .seed = options.seed}));
  PricePoint* const into[] = {&result.pmc, &result.pme, &result.idp, &result.opp};
  for (std::size_t k = 0; k < 4; ++k) {
    if (std::isfinite(points[k])) into[k]->price = points[k];
    const auto interval = math::percentile_interval(draws.sorted(k), options.level);
    into[k]->interval = {interval.low, interval.high};
  }
  return result;
}

namespace {

/// Pool adjacent violators: the least-squares non-increasing curve, weighted by n.
std::vector<double> non_increasing(const std::vector<double>& share, const std::vector<double>& n) {
  struct Pool {
    double sum, weight;
    std::size_t size;
  };
  std::vector<Pool> pools;
  for (std::size_t i = 0; i < share.size(); ++i) {
    pools.push_back({share[i] * n[i], n[i], 1});
    while (pools.size() > 1 && pools.back().sum / pools.back().weight >
                                   pools[pools.size() - 2].sum / pools[pools.size() - 2].weight) {
      const Pool last = pools.back();
      pools.pop_back();
      pools.back() = {pools.back().sum + last.sum, pools.back().weight + last.weight,
                      pools.back().size + last.size};
    }
  }
  std::vector<double> fitted;
  for (const Pool& pool : pools) fitted.insert(fitted.end(), pool.size, pool.sum / pool.weight);
  return fitted;
}

Status check_offers(const std::vector<PriceOffer>& offers, bool same_respondents, double unit_cost) {
  if (!(unit_cost >= 0))
    return Error{Errc::bad_input, fmt::format("unit cost {}", unit_cost), "cost", "a cost from 0"};
  if (offers.size() < 2)
    return Error{Errc::refused, fmt::format("{} prices", offers.size()), "price", "at least 2 prices"};
  for (std::size_t k = 0; k < offers.size(); ++k) {
    const PriceOffer& offer = offers[k];
    if (!(offer.price >= 0))
      return Error{Errc::bad_input, fmt::format("price {}", offer.price), "price", "prices from 0"};
    if (k > 0 && offer.price == offers[k - 1].price)
      return fail(Errc::bad_input, "price {} is given twice", offer.price);
    if (same_respondents && offer.buys.size() != offers[0].buys.size())
      return fail(Errc::bad_input, "the prices were asked of different rows");
    std::size_t asked = 0;
    for (const double b : offer.buys) {
      if (!std::isnan(b) && b != 0 && b != 1) {
        return Error{Errc::bad_input, fmt::format("an answer at price {} is {}", offer.price, b), "buy",
                     "0 or 1"};
      }
      asked += std::isnan(b) ? 0 : 1;
    }
    if (asked < 5)
      return Error{Errc::refused, fmt::format("{} answers at price {}", asked, offer.price), "rows",
                   "at least 5 at each price"};
  }
  return {};
}

struct Demand {
  std::vector<double> share, n, demand, profit;
  std::size_t best = 0;
};

Demand demand_of(const std::vector<PriceOffer>& offers, double unit_cost,
                 const std::vector<std::vector<std::uint32_t>>* rows) {
  Demand d;
  for (std::size_t k = 0; k < offers.size(); ++k) {
    double sum = 0, n = 0;
    const auto take = [&](double b) {
      if (std::isnan(b)) return;
      sum += b;
      n += 1;
    };
    if (rows == nullptr) {
      for (const double b : offers[k].buys) take(b);
    } else {
      for (const auto row : (*rows)[k]) take(offers[k].buys[row]);
    }
    d.share.push_back(n > 0 ? sum / n : 0);
    d.n.push_back(std::max(n, 1e-9));
  }
  d.demand = non_increasing(d.share, d.n);
  for (std::size_t k = 0; k < offers.size(); ++k) {
    d.profit.push_back(d.demand[k] * (offers[k].price - unit_cost));
    if (d.profit[k] > d.profit[d.best]) d.best = k;
  }
  return d;
}

}  // namespace

Result<GaborGranger> gabor_granger(std::vector<PriceOffer> offers, bool same_respondents, double unit_cost,
                                   const PriceOptions& options) {
  std::stable_sort(offers.begin(), offers.end(),
                   [](const PriceOffer& a, const PriceOffer& b) { return a.price < b.price; });
  RAPPORT_CHECK(check_offers(offers, same_respondents, unit_cost));
  const Demand estimate = demand_of(offers, unit_cost, nullptr);
  GaborGranger result;
  result.best = estimate.best;
  std::vector<std::vector<double>> profits(offers.size());
  std::vector<double> wins(offers.size(), 0.0);
  Random random(options.seed);
  std::vector<std::vector<std::uint32_t>> rows(offers.size());
  for (std::size_t b = 0; b < options.replicates; ++b) {
    for (std::size_t k = 0; k < offers.size(); ++k) {
      if (same_respondents && k > 0) {
        rows[k] = rows[0];
        continue;
      }
      rows[k].resize(offers[k].buys.size());
      for (auto& row : rows[k]) row = static_cast<std::uint32_t>(random.below(rows[k].size()));
    }
    const Demand drawn = demand_of(offers, unit_cost, &rows);
    for (std::size_t k = 0; k < offers.size(); ++k) profits[k].push_back(drawn.profit[k]);
    wins[drawn.best] += 1;
  }
  for (std::size_t k = 0; k < offers.size(); ++k) {
    DemandPoint p{offers[k].price, estimate.n[k], estimate.share[k]};
    p.interval = wilson_interval(std::round(estimate.share[k] * estimate.n[k]), estimate.n[k], options.level);
    p.demand = estimate.demand[k];
    p.profit = estimate.profit[k];
    std::sort(profits[k].begin(), profits[k].end());
    const auto interval = math::percentile_interval(profits[k], options.level);
    p.profit_interval = {interval.low, interval.high};
    p.best_probability = wins[k] / static_cast<double>(std::max<std::size_t>(1, options.replicates));
    result.monotone = result.monotone && (k == 0 || estimate.share[k] <= estimate.share[k - 1]);
    result.points.push_back(p);
  }
  return result;
}

}  // namespace rapport::study
