#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "study/chart.h"
#include "study/clusters.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"
#include "study/journey.h"
#include "study/scores.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"visit-gap", "MINUTES", "a longer silence begins another visit; 30 when absent"},
    OptionSpec{"ask-within", "MINUTES", "from a term's explanation to the question about it; 60 when absent"},
    OptionSpec{"form-pages", "N", "so many form pages and then nothing is a pain; 3 when absent"},
    OptionSpec{"done-within", "HOURS", "from a form's first page to its completion; 24 when absent"},
    OptionSpec{"chase-within", "DAYS", "between contacts about one matter; 14 when absent"},
    OptionSpec{"back-within", "DAYS", "who is not back so long after a pain counts as away; 30 when absent"},
    OptionSpec{"groups", "N", "at most so many groups of customers are tried; 8 when absent"},
    OptionSpec{"seed", "N", "of the grouping; 1 when absent"},
};

/// Only what the detectors read, so that a large shop's table stays small.
constexpr std::string_view kShopQuery = R"(
SELECT customer_id, event_time, coalesce(nullif(event, ''), type) AS event, category, channel, step, rating, order_id,
       properties->>'form' AS form, properties->>'page' AS page, properties->>'term' AS term,
       properties->>'reason' AS reason, properties->>'ticket_id' AS ticket_id,
       properties->>'source_kind' AS source
FROM events
WHERE customer_id IS NOT NULL AND coalesce(nullif(event, ''), type) IN ('screen', 'page', 'Area Engaged',
  'Products Searched', 'Content Viewed', 'Product List Viewed', 'Product Viewed', 'Product Compared', 'Product Liked',
  'Product Added', 'Checkout Started', 'Form Page Viewed', 'Payment Failed', 'Order Completed', 'Contact Started',
  'Ticket Updated', 'Review Posted', 'User Registered', 'User Verified', 'Service Bought')
ORDER BY seq)";

Text3 pain_text(Pain pain) {
  switch (pain) {
    case Pain::term_asked:
      return title("a term was read about, and the service asked all the same", "看了术语说明，仍要询问客服");
    case Pain::form_abandoned:
      return title("three form pages, or another app in between, and then given up",
                   "填了三页表单或切换应用后放弃");
    case Pain::chased:
      return title("asked again for the same matter", "同一问题要再次催问");
  }
  return {};
}

Result<JourneyOptions> read_options(const Options& options) {
  JourneyOptions o;
  RAPPORT_TRY(const std::int64_t gap, options.whole("visit-gap", 30, 1, 1440));
  RAPPORT_TRY(const std::int64_t ask, options.whole("ask-within", 60, 1, 10080));
  RAPPORT_TRY(const std::int64_t pages, options.whole("form-pages", 3, 2, 50));
  RAPPORT_TRY(const std::int64_t done, options.whole("done-within", 24, 1, 720));
  RAPPORT_TRY(const std::int64_t chase, options.whole("chase-within", 14, 1, 365));
  RAPPORT_TRY(const std::int64_t back, options.whole("back-within", 30, 1, 365));
  o.visit_gap = minutes(gap);
  o.ask_within = minutes(ask);
  o.form_pages = static_cast<int>(pages);
  o.done_within = hours(done);
  o.chase_within = days(chase);
  o.back_within = days(back);
  return o;
}

Interval share(std::int64_t hits, std::int64_t n) {
  return n > 0 ? wilson_interval(static_cast<double>(hits), static_cast<double>(n))
               : Interval{std::nan(""), std::nan("")};
}

double part(std::int64_t hits, std::int64_t n) {
  return n > 0 ? static_cast<double>(hits) / static_cast<double>(n) : std::nan("");
}

void add_cleaning(Report& report, const Journey& j) {
  const Cleaning& c = j.cleaning;
  ReportTable table{.key = "cleaning",
                    .title = title("Cleaning", "清洗"),
                    .columns = {"what", "rows"},
                    .shape = Shape::map};
  table.rows = {{"given", c.rows},
                {"without_customer", c.without_customer},
                {"without_time", c.without_time},
                {"repeated", c.repeated},
                {"kept", c.kept}};
  report.tables.push_back(std::move(table));
  const bool good = 10 * (c.rows - c.kept) <= c.rows;
  report.add_check("clean", good ? CheckStatus::passed : CheckStatus::warned,
                   tri("{0} of {1} events are kept", "{1} 条事件中保留 {0} 条", c.kept, c.rows));
}

void add_journey(Report& report, const Journey& j) {
  ReportTable table{
      .key = "journey",
      .title = title("The way to an order, visit by visit", "各次访问走到下单的路径"),
      .columns = {"step", "visits", "lost_before_next", "loss", "ci_low", "ci_high", "minutes_to_next"}};
  std::vector<Bar> bars;
  std::size_t worst = 0;
  double worst_loss = -1;
  for (std::size_t s = 0; s < kJourneySteps; ++s) {
    const std::int64_t here = j.steps[s].visits;
    const std::string name(journey_step_name(static_cast<JourneyStep>(s)));
    bars.push_back({name, part(here, j.visits)});
    if (s + 1 == kJourneySteps) {
      table.rows.push_back(
          {name, here, std::int64_t{0}, std::nan(""), std::nan(""), std::nan(""), std::nan("")});
      break;
    }
    const std::int64_t lost = here - j.steps[s + 1].visits;
    const Interval interval = share(lost, here);
    table.rows.push_back(
        {name, here, lost, part(lost, here), interval.low, interval.high, j.steps[s].minutes_to_next});
    if (s > 0 && here > 0 && part(lost, here) > worst_loss) {
      worst_loss = part(lost, here);
      worst = s;
    }
  }
  const Interval bounce = share(j.bounced, j.visits);
  add_interval(report, "bounce", part(j.bounced, j.visits), bounce.low, bounce.high, j.visits,
               "visits of one act");
  report.tables.push_back(std::move(table));
  report.charts.push_back({title("Share of visits that came so far", "到达各步的访问比例"), bar_chart(bars)});
  if (worst_loss >= 0) {
    const auto name = journey_step_name(static_cast<JourneyStep>(worst));
    say(report, tri("Of {0} visits {1} bounce; after the start most are lost after '{2}' ({3}).",
                    "共 {0} 次访问，{1} 只有一个动作即离开；之后在“{2}”一步流失最多（{3}）。", j.visits,
                    percent(part(j.bounced, j.visits)), name, percent(worst_loss)));
  }
}

void add_pains(Report& report, const Journey& j) {
  ReportTable pains{.key = "pains",
                    .title = title("Pains found", "发现的痛点"),
                    .columns = {"pain", "chances", "hits", "rate", "ci_low", "ci_high", "customers",
                                "seen_after", "away_after", "away", "away_ci_low", "away_ci_high"}};
  ReportTable where{.key = "where",
                    .title = title("Where", "发生之处"),
                    .columns = {"pain", "what", "n", "hits", "rate", "ci_low", "ci_high"}};
  std::vector<Bar> bars;
  for (std::size_t p = 0; p < kPains; ++p) {
    const PainFinding& f = j.findings[p];
    const auto pain = static_cast<Pain>(p);
    const std::string name(pain_name(pain));
    const Interval rate = share(f.hits, f.chances), away = share(f.away_after, f.seen_after);
    pains.rows.push_back({name, f.chances, f.hits, part(f.hits, f.chances), rate.low, rate.high, f.customers,
                          f.seen_after, f.away_after, part(f.away_after, f.seen_after), away.low, away.high});
    if (f.chances > 0) bars.push_back({name, part(f.hits, f.chances), rate.low, rate.high});
    for (std::size_t k = 0; k < f.where.size() && k < 12; ++k) {
      const Counted& c = f.where[k];
      const Interval interval = share(c.hits, c.n);
      where.rows.push_back({name, c.name, c.n, c.hits, part(c.hits, c.n), interval.low, interval.high});
    }
    if (f.chances == 0) {
      report.add_check(
          "seen_" + name, CheckStatus::warned,
          tri("the data holds nothing in which '{0}' could be found", "数据中没有可检测“{0}”的事件", name));
      continue;
    }
    const Text3 what = pain_text(pain);
    const std::string most = f.where.empty() || f.where.front().hits == 0 ? "-" : f.where.front().name;
    const std::string share_text = percent(part(f.hits, f.chances)), low = percent(rate.low),
                      high = percent(rate.high),
                      gone = f.seen_after > 0 ? percent(part(f.away_after, f.seen_after)) : "-";
    const auto sentence = [&](const std::string& words, std::string_view form) {
      return fmt::vformat(form, fmt::make_format_args(words, f.hits, f.chances, share_text, low, high,
                                                      f.customers, most, gone));
    };
    report.say(
        sentence(what.en,
                 "Pain: {0}: {1} of {2} ({3}, interval {4} to {5}), {6} customers, most at '{7}'; {8} of "
                 "them were not back in time."),
        sentence(
            what.hans,
            "痛点：{0}：{2} 次中有 {1} 次（{3}，区间 {4} 至 {5}），涉及 {6} 位客户，最多见于“{7}”；其中 {8} "
            "未按期回来。"),
        sentence(
            what.hant,
            "痛點：{0}：{2} 次中有 {1} 次（{3}，區間 {4} 至 {5}），涉及 {6} 位客戶，最多見於“{7}”；其中 {8} "
            "未按期回來。"));
  }
  report.tables.push_back(std::move(pains));
  report.tables.push_back(std::move(where));
  if (!bars.empty())
    report.charts.push_back({title("How often each pain happens", "各痛点发生率"), bar_chart(bars)});
}

/// "many orders, few searches": the two features on which the group lies farthest from everybody.
std::string describe(const Clustering& c, Eigen::Index group) {
  std::vector<Eigen::Index> order(kFeatureNames.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) {
    return std::abs(c.centres(group, a)) > std::abs(c.centres(group, b));
  });
  std::string text;
  for (std::size_t k = 0; k < 2; ++k) {
    const double z = c.centres(group, order[k]);
    if (std::abs(z) < 0.25) break;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", z > 0 ? "many" : "few",
                        kFeatureNames[static_cast<std::size_t>(order[k])]);
  }
  return text.empty() ? "like everybody" : text;
}

void add_group_tables(Report& report, const Journey& j, const Clustering& c) {
  ReportTable trials{.key = "k",
                     .title = title("How many groups", "分成几群"),
                     .columns = {"k", "within", "calinski_harabasz", "silhouette", "smallest", "taken"}};
  for (const ClusterTrial& t : c.trials)
    trials.rows.push_back({std::int64_t{t.k}, t.within, t.calinski_harabasz, t.silhouette, t.smallest,
                           t.k == c.k ? "yes" : ""});
  ReportTable groups{.key = "groups",
                     .title = title("Groups of customers", "客户群"),
                     .columns = {"group", "customers", "share", "what"}};
  ReportTable pains{.key = "pains_by_group",
                    .title = title("Pains by group", "各群的痛点"),
                    .columns = {"group", "pain", "customers", "with_pain", "rate", "ci_low", "ci_high"}};
  for (int g = 0; g < c.k; ++g) {
    const auto size = static_cast<std::int64_t>(c.size[static_cast<std::size_t>(g)]);
    groups.rows.push_back({std::int64_t{g + 1}, size,
                           part(size, static_cast<std::int64_t>(j.customers.size())), describe(c, g)});
    for (std::size_t p = 0; p < kPains; ++p) {
      std::int64_t with = 0;
      for (std::size_t i = 0; i < c.group.size(); ++i) with += c.group[i] == g && j.pains[i][p] ? 1 : 0;
      const Interval interval = share(with, size);
      pains.rows.push_back({std::int64_t{g + 1}, std::string(pain_name(static_cast<Pain>(p))), size, with,
                            part(with, size), interval.low, interval.high});
    }
  }
  report.tables.push_back(std::move(trials));
  report.tables.push_back(std::move(groups));
  report.tables.push_back(std::move(pains));
}

Status add_groups(Report& report, const Journey& j, const ClusterOptions& options) {
  const auto width = static_cast<Eigen::Index>(kFeatureNames.size());
  math::Matrix x(static_cast<Eigen::Index>(j.features.size()), width);
  for (std::size_t i = 0; i < j.features.size(); ++i) {
    for (std::size_t f = 0; f < kFeatureNames.size(); ++f)
      x(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(f)) = std::log1p(j.features[i][f]);
  }
  const auto clustering = cluster_rows(x, options);
  if (!clustering.ok()) {
    if (clustering.error().code != Errc::refused) return clustering.error();
    report.add_check("groups", CheckStatus::failed,
                     tri("customers are not grouped: {0}", "未对客户分群：{0}", clustering.error().message));
    return {};
  }
  const ClusterTrial& taken = clustering->trials[static_cast<std::size_t>(clustering->k - 2)];
  const bool clear = taken.silhouette >= 0.25 && taken.smallest >= options.smallest;
  report.add_check(
      "groups", clear ? CheckStatus::passed : CheckStatus::warned,
      tri("{0} groups have the largest silhouette ({1}; from .25 on there is structure)",
          "分为 {0} 群时轮廓系数最大（{1}；0.25 以上才算有结构）", clustering->k, num(taken.silhouette)));
  add_group_tables(report, j, *clustering);
  say(report,
      tri("Customers fall into {0} groups; the largest, with {1} of them, has {2}.",
          "客户分为 {0} 群；最大一群占 {1}，特征：{2}。", clustering->k,
          percent(clustering->size[0] / static_cast<double>(j.customers.size())), describe(*clustering, 0)));
  return {};
}

Result<Report> run(const model::Table& table, const Options& options) {
  RAPPORT_TRY(const JourneyOptions asked, read_options(options));
  ClusterOptions groups;
  RAPPORT_TRY(const std::int64_t most, options.whole("groups", 8, 2, 20));
  RAPPORT_TRY(const std::int64_t seed, options.whole("seed", 1, 0, std::int64_t{1} << 53));
  groups.k_most = static_cast<int>(most);
  groups.seed = static_cast<std::uint64_t>(seed);
  RAPPORT_TRY(const Journey j, read_journey(table, asked));
  Report report{.method = "diagnose",
                .title = title("Needs and pains of customers", "用户需求与体验痛点诊断报告"),
                .citations = {"Wilson (1927), JASA 22:209-212 (intervals of shares)",
                              "Arthur & Vassilvitskii (2007), SODA (k-means++)",
                              "Calinski & Harabasz (1974), Communications in Statistics 3:1-27",
                              "Hruschka, de Castro & Campello (2004), ICDM (simplified silhouette)"},
                .rows_given = j.cleaning.rows,
                .rows_used = j.cleaning.kept};
  report.add_figure("customers", static_cast<double>(j.customers.size()));
  report.add_figure("visits", static_cast<double>(j.visits));
  add_cleaning(report, j);
  say(report, tri("{0} customers, {1} to {2}.", "{0} 位客户，{1} 至 {2}。", j.customers.size(),
                  format_instant(j.from).substr(0, 10), format_instant(j.until).substr(0, 10)));
  add_journey(report, j);
  add_pains(report, j);
  RAPPORT_CHECK(add_groups(report, j, groups));
  return report;
}

}  // namespace

Method diagnose_method() {
  return {"diagnose", "where customers lose their way, and which pains they have", kOptions, run, true,
          kShopQuery};
}

}  // namespace rapport::study::detail
