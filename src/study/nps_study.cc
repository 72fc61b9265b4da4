#include <array>
#include <cmath>
#include <map>

#include "study/chart.h"
#include "study/detail/columns.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"
#include "study/scores.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"score", "COLUMN", "the answers; 'score' when absent"},
    OptionSpec{"kind", "nps|csat|ces", "nps (0-10) when absent"},
    OptionSpec{"counts", "D,P,P", "nps without a table: detractors, passives, promoters"},
    OptionSpec{"satisfied-from", "NUMBER",
               "csat, ces: the lowest answer that counts as satisfied; 4 of 5 (csat), 5 of 7 (ces)"},
    OptionSpec{"low", "NUMBER", "csat, ces: lowest answer of the scale; 1"},
    OptionSpec{"high", "NUMBER", "csat, ces: highest answer of the scale; 5 (csat), 7 (ces)"},
    OptionSpec{"by", "COLUMN", "repeats the score in each segment"},
    OptionSpec{
        "strata", "COLUMN",
        "weights against non-response: rows without an answer are people who were asked and did not reply"},
};

void say_nps(Report& report, const NpsResult& r) {
  say(report,
      tri("NPS is {0:.0f} (interval {1:.0f} to {2:.0f}) from {3} answers: {4} promoters, {5} passives, {6} "
          "detractors.",
          "NPS 为 {0:.0f}（区间 {1:.0f} 至 {2:.0f}），共 {3} 份回答：推荐者 {4}、中立者 {5}、贬损者 {6}。",
          100 * r.nps, 100 * r.adjusted.low, 100 * r.adjusted.high, r.counts.n(), r.counts.promoters,
          r.counts.passives, r.counts.detractors));
  if (r.adjusted.high - r.adjusted.low > 0.4) {
    say(report,
        title("The interval is wide: do not compare with last month before more people have answered.",
              "区间较宽：样本增加之前不宜与上月比较。"));
  }
}

Status add_nps(Report& report, const NpsCounts& counts) {
  RAPPORT_TRY(const NpsResult r, nps_of_counts(counts));
  const auto n = static_cast<std::int64_t>(counts.n());
  add_interval(report, "nps", r.nps, r.adjusted.low, r.adjusted.high, n,
               "promoters minus detractors as a share; adjusted Wald interval");
  add_interval(report, "nps_score", r.nps, r.score.low, r.score.high, n, "the same with the score interval");
  report.add_figure("se", r.se);
  report.add_figure("promoters", counts.promoters);
  report.add_figure("passives", counts.passives);
  report.add_figure("detractors", counts.detractors);
  report.rows_used = n;
  const bool outside = r.wald.low < -1 || r.wald.high > 1;
  if (outside) {
    report.add_check(
        "wald_interval", CheckStatus::warned,
        tri("the plain Wald interval would reach {0:.3f}, beyond what is possible; it is not used",
            "普通 Wald 区间会达到 {0:.3f}，超出可能范围，因此不采用",
            r.wald.high > 1 ? r.wald.high : r.wald.low));
  }
  say_nps(report, r);
  return {};
}

struct Scale {
  std::string kind;
  double from = 4, low = 1, high = 5;
};

Status add_share(Report& report, const std::vector<double>& answers, const Scale& scale) {
  RAPPORT_TRY(const ShareResult r, satisfaction(answers, scale.from, scale.low, scale.high));
  const auto n = static_cast<std::int64_t>(r.n);
  add_interval(report, scale.kind, r.share, r.interval.low, r.interval.high, n,
               "share of answers at or above the threshold; Wilson interval");
  add_interval(report, "mean", r.mean, r.mean_interval.low, r.mean_interval.high, n,
               "mean answer; t interval");
  report.rows_used = n;
  say(report, tri("{0} of {1} answers are {2} or more (interval {3} to {4}); the mean is {5:.2f}.",
                  "{1} 份回答中有 {0} 达到 {2} 分及以上（区间 {3} 至 {4}），均值 {5:.2f}。", percent(r.share),
                  r.n, num(scale.from), percent(r.interval.low), percent(r.interval.high), r.mean));
  return {};
}

Status add_weighted(Report& report, const std::vector<double>& answers,
                    const std::vector<std::string>& strata, const std::string& kind, const Scale& scale) {
  std::vector<double> value;
  for (const double a : answers) {
    value.push_back(std::isnan(a)   ? a
                    : kind == "nps" ? (a >= 9   ? 1.0
                                       : a <= 6 ? -1.0
                                                : 0.0)
                                    : (a >= scale.from ? 1.0 : 0.0));
  }
  RAPPORT_TRY(const WeightedMean r, weight_for_nonresponse(value, strata));
  add_interval(report, "weighted", r.mean, r.interval.low, r.interval.high, static_cast<std::int64_t>(r.n),
               "each stratum counted with everybody asked in it");
  report.add_figure("response_rate", r.response_rate);
  report.add_figure("design_effect", r.design_effect);
  const bool shifted = r.unweighted < r.interval.low || r.unweighted > r.interval.high;
  report.add_check(
      "nonresponse", shifted ? CheckStatus::warned : CheckStatus::passed,
      tri("response rate {0}; weighted {1}, unweighted {2}", "回复率 {0}；加权后 {1}，未加权 {2}",
          percent(r.response_rate), num(r.mean), num(r.unweighted)));
  return {};
}

Status add_segments(Report& report, const model::Table& table, const std::vector<double>& answers,
                    const std::string& by, const Scale& scale) {
  RAPPORT_TRY(const auto label, labels(table, by));
  std::map<std::string, std::vector<double>> segments;
  for (std::size_t i = 0; i < label.size(); ++i) segments[label[i]].push_back(answers[i]);
  ReportTable t{.key = "segments",
                .title = title("By segment", "按细分群体"),
                .columns = {"segment", "n", scale.kind, "ci_low", "ci_high"}};
  std::vector<Bar> bars;
  for (const auto& [segment, values] : segments) {
    double value = 0, n = 0;
    Interval interval;
    if (scale.kind == "nps") {
      RAPPORT_TRY(const NpsCounts counts, count_nps(values));
      if (counts.n() == 0) continue;
      RAPPORT_TRY(const NpsResult r, nps_of_counts(counts));
      value = r.nps;
      n = counts.n();
      interval = r.adjusted;
    } else {
      const auto r = satisfaction(values, scale.from, scale.low, scale.high);
      if (!r.ok()) continue;
      value = r->share;
      n = r->n;
      interval = r->interval;
    }
    t.rows.push_back({segment, static_cast<std::int64_t>(n), value, interval.low, interval.high});
    bars.push_back({segment, value, interval.low, interval.high});
  }
  report.tables.push_back(std::move(t));
  report.charts.push_back({title("By segment", "按细分群体"), bar_chart(bars)});
  return {};
}

Result<NpsCounts> typed_counts(const Options& options) {
  const auto words = options.list("counts");
  NpsCounts counts;
  double* const into[] = {&counts.detractors, &counts.passives, &counts.promoters};
  if (words.size() != 3)
    return Error{Errc::bad_input, fmt::format("{} counts", words.size()), "--counts",
                 "detractors,passives,promoters"};
  for (std::size_t k = 0; k < 3; ++k) {
    char* end = nullptr;
    *into[k] = std::strtod(words[k].c_str(), &end);
    if (*end != '\0' || *into[k] < 0 || *into[k] != std::floor(*into[k])) {
      return Error{Errc::bad_input, fmt::format("count '{}'", words[k]), "--counts", "whole numbers from 0"};
    }
  }
  return counts;
}

Result<Report> run(const model::Table& table, const Options& options) {
  Scale scale;
  RAPPORT_TRY(scale.kind, options.choice("kind", {"nps", "csat", "ces"}, "nps"));
  const bool ces = scale.kind == "ces";
  RAPPORT_TRY(scale.low, options.number("low", 1, -1e6, 1e6));
  RAPPORT_TRY(scale.high, options.number("high", ces ? 7 : 5, -1e6, 1e6));
  RAPPORT_TRY(scale.from, options.number("satisfied-from", ces ? 5 : 4, -1e6, 1e6));
  Report report{
      .method = "nps",
      .title = scale.kind == "nps" ? title("Net promoter score", "净推荐值（NPS）")
               : ces               ? title("Customer effort", "客户费力度（CES）")
                                   : title("Satisfaction", "满意度（CSAT）"),
      .citations = {"Rocks (2016), Interval estimation for the NPS, arXiv 1601.07235",
                    "Tango (1998), Statistics in Medicine 17:891-908 (score interval)",
                    "Wilson (1927), J. American Statistical Association 22:209-212",
                    "Holt & Smith (1979), J. Royal Statistical Society A 142:33-46 (post-stratification)"},
      .rows_given = static_cast<std::int64_t>(table.rows())};
  if (options.has("counts")) {
    RAPPORT_TRY(const NpsCounts counts, typed_counts(options));
    RAPPORT_CHECK(add_nps(report, counts));
    return report;
  }
  RAPPORT_TRY(const auto cells, table.numbers(options.text("score", "score")));
  const std::vector<double> answers(cells.begin(), cells.end());
  if (scale.kind == "nps") {
    RAPPORT_TRY(const NpsCounts counts, count_nps(answers));
    RAPPORT_CHECK(add_nps(report, counts));
  } else {
    RAPPORT_CHECK(add_share(report, answers, scale));
  }
  if (options.has("strata")) {
    RAPPORT_TRY(const auto strata, labels(table, options.text("strata")));
    RAPPORT_CHECK(add_weighted(report, answers, strata, scale.kind, scale));
  }
  if (options.has("by")) RAPPORT_CHECK(add_segments(report, table, answers, options.text("by"), scale));
  return report;
}

}  // namespace

Method nps_method() {
  return {"nps", "NPS, CSAT and CES with honest intervals", kOptions, run, false};
}

}  // namespace rapport::study::detail
