#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "study/chart.h"
#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"
#include "study/price.h"
#include "study/roi.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kPriceOptions{
    OptionSpec{"too-cheap", "COLUMN", "Van Westendorp: 'too_cheap' when absent"},
    OptionSpec{"cheap", "COLUMN", "'cheap' when absent"},
    OptionSpec{"expensive", "COLUMN", "'expensive' when absent"},
    OptionSpec{"too-expensive", "COLUMN", "'too_expensive' when absent"},
    OptionSpec{"curve", "ecdf|interpolated", "steps (when absent) or straight lines between the prices"},
    OptionSpec{"step", "NUMBER", "interpolated: grid of the crossings; .01 when absent"},
    OptionSpec{"price", "COLUMN", "Gabor-Granger, one row an answer: the price offered"},
    OptionSpec{"buy", "COLUMN", "whether she would buy, 0 / 1"},
    OptionSpec{"offers", "COLUMN:PRICE,...", "Gabor-Granger, one row a person: one 0 / 1 column a price"},
    OptionSpec{"cost", "NUMBER", "Gabor-Granger: unit cost; 0 when absent"},
    OptionSpec{"replicates", "N", "of the bootstrap; 1000 when absent"},
    OptionSpec{"seed", "N", "of the bootstrap; 1 when absent"},
};

Result<PriceOptions> read_options(const Options& options, std::size_t rows) {
  PriceOptions o;
  RAPPORT_TRY(const std::string curve, options.choice("curve", {"ecdf", "interpolated"}, "ecdf"));
  RAPPORT_TRY(o.step, options.number("step", 0.01, 1e-9, 1e9));
  // A bootstrap sorts every answer anew: past 20,000 rows fewer replicates give the same digits.
  const std::int64_t usual = rows > 20000 ? 200 : 1000;
  RAPPORT_TRY(const std::int64_t replicates, options.whole("replicates", usual, 10, 100000));
  RAPPORT_TRY(const std::int64_t seed, options.whole("seed", 1, 0, std::int64_t{1} << 53));
  o.curve = curve == "ecdf" ? PriceCurve::ecdf : PriceCurve::interpolated;
  o.replicates = static_cast<std::size_t>(replicates);
  o.seed = static_cast<std::uint64_t>(seed);
  return o;
}

Report new_report(const model::Table& table) {
  return {.method = "price-sensitivity",
          .title = title("What price people accept", "价格敏感度"),
          .citations = {"Van Westendorp (1976), NSS Price Sensitivity Meter, ESOMAR",
                        "Alletsee, pricesensitivitymeter 1.3.3 (boundary rule of the curves)",
                        "Gabor & Granger (1966), Economica 33:43-70"},
          .rows_given = static_cast<std::int64_t>(table.rows())};
}

void add_point(Report& report, const char* name, const PricePoint& point, std::int64_t n,
               const char* definition) {
  Figure figure{.name = name,
                .value = point.price ? *point.price : std::nan(""),
                .low = point.interval.low,
                .high = point.interval.high,
                .n = n};
  figure.definition = definition;
  report.figures.push_back(std::move(figure));
}

Result<Report> run_meter(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const PriceOptions o, read_options(options, table.rows()));
  RAPPORT_TRY(const auto too_cheap, table.numbers(options.text("too-cheap", "too_cheap")));
  RAPPORT_TRY(const auto cheap, table.numbers(options.text("cheap", "cheap")));
  RAPPORT_TRY(const auto expensive, table.numbers(options.text("expensive", "expensive")));
  RAPPORT_TRY(const auto too_expensive, table.numbers(options.text("too-expensive", "too_expensive")));
  std::vector<PriceAnswer> answers;
  for (std::size_t i = 0; i < table.rows(); ++i)
    answers.push_back({too_cheap[i], cheap[i], expensive[i], too_expensive[i]});
  RAPPORT_TRY(const PriceSensitivity r, van_westendorp(answers, o));
  Report report = new_report(table);
  const auto n = static_cast<std::int64_t>(r.n);
  report.rows_used = n;
  add_point(report, "pmc", r.pmc, n, "marginal cheapness: below it too many think it too cheap");
  add_point(report, "pme", r.pme, n, "marginal expensiveness: above it too many think it too expensive");
  add_point(report, "idp", r.idp, n, "indifference: as many call it cheap as expensive");
  add_point(report, "opp", r.opp, n, "optimal: as few as possible refuse it on either side");
  report.add_figure("intransitive", static_cast<double>(r.intransitive));
  const double share = static_cast<double>(r.intransitive) / static_cast<double>(r.given);
  report.add_check("intransitive", share < 0.3 ? CheckStatus::passed : CheckStatus::warned,
                   tri("{0} of {1} answers were out of order and dropped",
                       "{1} 份回答中有 {0} 份顺序矛盾，已剔除", r.intransitive, r.given));
  ReportTable t{.key = "curves",
                .title = title("Cumulative shares", "累计比例"),
                .columns = {"price", "too_cheap", "cheap", "expensive", "too_expensive"}};
  std::vector<Line> lines{{"too cheap", {}}, {"cheap", {}}, {"expensive", {}}, {"too expensive", {}}};
  const std::size_t step = std::max<std::size_t>(1, r.curves.size() / 400);
  for (std::size_t i = 0; i < r.curves.size(); i += step) {
    const PriceCurvePoint& c = r.curves[i];
    t.rows.push_back({c.price, c.too_cheap, c.cheap, c.expensive, c.too_expensive});
    const std::array<double, 4> shares{c.too_cheap, c.cheap, c.expensive, c.too_expensive};
    for (std::size_t k = 0; k < 4; ++k) lines[k].points.emplace_back(c.price, shares[k]);
  }
  report.tables.push_back(std::move(t));
  report.charts.push_back(
      {title("Price sensitivity meter", "价格敏感度曲线"), line_chart(lines, "price", "share")});
  if (r.pmc.price && r.pme.price) {
    say(report, tri("Acceptable from {0} to {1}; fewest refuse it at {2} ({3} people).",
                    "可接受价格区间为 {0} 至 {1}；抵触最小的价格为 {2}（{3} 人）。", num(*r.pmc.price),
                    num(*r.pme.price), r.opp.price ? num(*r.opp.price) : std::string("-"), r.n));
  } else {
    say(report,
        title("The curves do not cross, so no range can be named.", "曲线没有相交，无法给出价格区间。"));
  }
  say(report, title("Answers about prices are not purchases: try the price in an experiment.",
                    "对价格的回答不等于购买行为：请用实验验证。"));
  return report;
}

Result<std::vector<PriceOffer>> wide_offers(const model::Table& table, const Options& options) {
  std::vector<PriceOffer> offers;
  for (const std::string& word : options.list("offers")) {
    const auto colon = word.rfind(':');
    char* end = nullptr;
    const double price = colon == std::string::npos ? 0 : std::strtod(word.c_str() + colon + 1, &end);
    if (colon == std::string::npos || *end != '\0')
      return Error{Errc::bad_input, fmt::format("offer '{}'", word), "--offers", "COLUMN:PRICE"};
    RAPPORT_TRY(auto buys, binary(table, word.substr(0, colon)));
    offers.push_back({price, std::move(buys)});
  }
  return offers;
}

Result<std::vector<PriceOffer>> long_offers(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const auto price, table.numbers(options.text("price")));
  RAPPORT_TRY(const auto buy, binary(table, options.text("buy", "buy")));
  std::map<double, PriceOffer> by_price;
  for (std::size_t i = 0; i < price.size(); ++i) {
    if (std::isnan(price[i]) || std::isnan(buy[i])) continue;
    PriceOffer& offer = by_price[price[i]];
    offer.price = price[i];
    offer.buys.push_back(buy[i]);
  }
  std::vector<PriceOffer> offers;
  for (auto& [at, offer] : by_price) offers.push_back(std::move(offer));
  return offers;
}

Result<Report> run_demand(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const PriceOptions o, read_options(options, table.rows()));
  RAPPORT_TRY(const double cost, options.number("cost", 0, -1e15, 1e15));
  const bool wide = options.has("offers");
  RAPPORT_TRY(auto offers, wide ? wide_offers(table, options) : long_offers(table, options));
  RAPPORT_TRY(const GaborGranger r, gabor_granger(std::move(offers), wide, cost, o));
  Report report = new_report(table);
  report.rows_used = static_cast<std::int64_t>(table.rows());
  const DemandPoint& best = r.points[r.best];
  report.figures.push_back({.name = "best_price",
                            .value = best.price,
                            .n = static_cast<std::int64_t>(best.n),
                            .definition = "of the prices asked, the one that earns most a person"});
  add_interval(report, "profit", best.profit, best.profit_interval.low, best.profit_interval.high,
               static_cast<std::int64_t>(best.n), "demand times (price - cost) a person asked");
  report.add_figure("best_probability", best.best_probability);
  report.add_check(
      "monotone", r.monotone ? CheckStatus::passed : CheckStatus::warned,
      r.monotone ? title("fewer buy at each higher price", "价格越高购买意愿越低")
                 : title("at some price more would buy than at a lower one; the demand used is smoothed",
                         "某些较高价格反而意愿更高；所用需求已作单调平滑"));
  ReportTable t{.key = "demand",
                .title = title("Demand by price", "各价格的需求"),
                .columns = {"price", "n", "share", "ci_low", "ci_high", "demand", "profit", "profit_ci_low",
                            "profit_ci_high", "best_probability"}};
  Line line{"demand", {}};
  for (const DemandPoint& p : r.points) {
    t.rows.push_back({p.price, p.n, p.share, p.interval.low, p.interval.high, p.demand, p.profit,
                      p.profit_interval.low, p.profit_interval.high, p.best_probability});
    line.points.emplace_back(p.price, p.demand);
  }
  report.tables.push_back(std::move(t));
  report.charts.push_back({title("Demand", "需求曲线"), line_chart({line}, "price", "share who would buy")});
  say(report,
      tri("Of the {0} prices asked, {1} earns most ({2} a person, interval {3} to {4}); it is best with a "
          "probability of {5}.",
          "在所询问的 {0} 个价格中，{1} 收益最高（人均 {2}，区间 {3} 至 {4}）；其为最优的概率为 {5}。",
          r.points.size(), num(best.price), num(best.profit), num(best.profit_interval.low),
          num(best.profit_interval.high), percent(best.best_probability)));
  return report;
}

Result<Report> run_price(const model::Table& table, const Options& options) {
  return options.has("offers") || options.has("price") ? run_demand(table, options)
                                                       : run_meter(table, options);
}

constexpr std::array kRoiOptions{
    OptionSpec{"service", "COLUMN", "'service' when absent"},
    OptionSpec{"benefit", "COLUMN", "'benefit' when absent; its standard error in COLUMN_se"},
    OptionSpec{"cost", "COLUMN",
               "'cost' when absent; its standard error in COLUMN_se (0 when the column is missing)"},
    OptionSpec{"benefit-line", "NUMBER", "from where a benefit is high; the median when absent"},
    OptionSpec{"cost-line", "NUMBER", "from where a cost is high; the median when absent"},
    OptionSpec{"per", "month|quarter|year", "what benefits and costs are by; month when absent"},
};

Result<std::vector<double>> se_column(const model::Table& table, const std::string& column) {
  if (!table.find(column + "_se").ok()) return std::vector<double>(table.rows(), 0.0);
  RAPPORT_TRY(const auto cells, table.numbers(column + "_se"));
  return std::vector<double>(cells.begin(), cells.end());
}

Text3 advice(RoiQuadrant quadrant) {
  switch (quadrant) {
    case RoiQuadrant::widen:
      return title("widen it", "扩大");
    case RoiQuadrant::invest:
      return title("keep investing, look for a cheaper way", "继续投入并设法降本");
    case RoiQuadrant::keep_lean:
      return title("keep it lean", "保持精简");
    case RoiQuadrant::mend:
      return title("postpone, mend or retire it", "暂缓、改进或下线");
  }
  return title("keep it lean", "保持精简");
}

Result<Report> run_roi(const model::Table& table, const Options& options) {
  const std::string benefit_name = options.text("benefit", "benefit"),
                    cost_name = options.text("cost", "cost");
  RAPPORT_TRY(const auto service, labels(table, options.text("service", "service")));
  RAPPORT_TRY(const auto benefit, table.numbers(benefit_name));
  RAPPORT_TRY(const auto cost, table.numbers(cost_name));
  RAPPORT_TRY(const auto benefit_se, se_column(table, benefit_name));
  RAPPORT_TRY(const auto cost_se, se_column(table, cost_name));
  RAPPORT_TRY(const double benefit_line, options.number("benefit-line", std::nan(""), -1e15, 1e15));
  RAPPORT_TRY(const double cost_line, options.number("cost-line", std::nan(""), -1e15, 1e15));
  RAPPORT_TRY(const std::string per, options.choice("per", {"month", "quarter", "year"}, "month"));
  const Text3 unit = per == "month"     ? title("a month", "每月")
                     : per == "quarter" ? title("a quarter", "每季度")
                                        : title("a year", "每年");
  std::vector<ServiceWorth> services;
  for (std::size_t i = 0; i < table.rows(); ++i)
    services.push_back({service[i], benefit[i], benefit_se[i], cost[i], cost_se[i]});
  RAPPORT_TRY(const RoiMatrix matrix, roi_matrix(services, benefit_line, cost_line));
  Report report{
      .method = "roi",
      .title = {"Benefit and cost of each service, " + unit.en, "服务投入产出矩阵（" + unit.hans + "）",
                title("", "服务投入产出矩阵（").hant + unit.hant + "）"},
      .citations = {"Fieller (1954), J. Royal Statistical Society B 16:175-185 (interval of a ratio)"},
      .rows_given = static_cast<std::int64_t>(table.rows()),
      .rows_used = static_cast<std::int64_t>(services.size())};
  report.add_figure("benefit_line", matrix.benefit_line);
  report.add_figure("cost_line", matrix.cost_line);
  ReportTable t{.key = "services",
                .title = title("Services", "服务"),
                .columns = {"service", "benefit", "cost", "net", "net_ci_low", "net_ci_high",
                            "pays_probability", "roi", "roi_ci_low", "roi_ci_high", "quadrant", "p_widen",
                            "p_invest", "p_keep_lean", "p_mend", "verdict"}};
  std::vector<Point> points;
  for (const RoiLine& l : matrix.lines) {
    t.rows.push_back({l.worth.service, l.worth.benefit, l.worth.cost, l.net, l.net_interval.low,
                      l.net_interval.high, l.pays_probability, l.roi, l.roi_interval.low, l.roi_interval.high,
                      std::string(roi_quadrant_name(l.quadrant)), l.probability[0], l.probability[1],
                      l.probability[2], l.probability[3], std::string(roi_verdict_name(roi_verdict(l)))});
    points.push_back({l.worth.service, l.worth.cost, l.worth.benefit});
    const double sure = l.probability[static_cast<std::size_t>(l.quadrant)];
    const Text3 word = advice(l.quadrant);
    const Text3 head = tri("'{0}': ", "“{0}”：", l.worth.service);
    const Text3 tail =
        tri(" (this place has a probability of {0}; it pays with {1}).",
            "（处于该象限的概率 {0}；收益超过成本的概率 {1}）。", percent(sure), percent(l.pays_probability));
    say(report,
        {head.en + word.en + tail.en, head.hans + word.hans + tail.hans, head.hant + word.hant + tail.hant});
    if (sure < 0.8) {
      report.add_check(
          "sure", CheckStatus::warned,
          tri("'{0}' is in its quadrant with a probability of only {1}: measure more before deciding",
              "“{0}”处于该象限的概率仅 {1}：请补充测量再决定", l.worth.service, percent(sure)));
    }
  }
  report.tables.push_back(std::move(t));
  report.charts.push_back(
      {title("Benefit against cost", "收益与成本"),
       scatter_chart(points, "cost", "benefit", std::pair{matrix.cost_line, matrix.benefit_line})});
  return report;
}

}  // namespace

Method price_method() {
  return {"price-sensitivity", "Van Westendorp and Gabor-Granger", kPriceOptions, run_price};
}
Method roi_method() {
  return {"roi", "benefit x cost of services, with the probability of each quadrant", kRoiOptions, run_roi};
}

}  // namespace rapport::study::detail
