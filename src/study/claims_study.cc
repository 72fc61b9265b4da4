#include <algorithm>
#include <array>
#include <cmath>

#include "study/chart.h"
#include "study/claims.h"
#include "study/detail/methods.h"
#include "study/detail/say.h"

namespace rapport::study::detail {
namespace {

constexpr std::array kOptions{
    OptionSpec{"covariates", "A,B", "what moved both sides of a claim; lifts are then adjusted (AIPW)"},
    OptionSpec{"by-lot", "A,B", "exposures that were given by lot: their lifts are effects"},
    OptionSpec{"level", "NUMBER", "of intervals; .95 when absent"},
    OptionSpec{"least", "N", "rows on each side without which nothing is said; 30 when absent"},
};

/// One row a customer, out of the tables of docs/sql.md. What a shop does not log stays away, and the board
/// says so.
constexpr std::string_view kShopQuery = R"(
WITH scores AS (
  SELECT customer, survey_id, item, answered_at, value FROM survey_answers),
satisfied AS (
  SELECT customer, 25 * (avg(value) FILTER (item = 'csat') - 1) AS satisfaction,
         25 * (avg(value) FILTER (item IN ('delivery', 'product', 'price', 'clarity')) - 1) AS experience
  FROM scores WHERE item <> 'nps' GROUP BY customer),
problem AS (
  SELECT t.ticket_id, i.customer, t.opened_at, t.solved_at, t.closed_at
  FROM tickets t JOIN (SELECT DISTINCT customer_id, customer FROM customers) i USING (customer_id)
  QUALIFY row_number() OVER (PARTITION BY i.customer ORDER BY t.opened_at) = 1),
replied AS (
  SELECT p.customer, date_diff('minute', p.opened_at, p.solved_at) / 60.0 AS reply_hours,
         (SELECT avg(s.value) FROM scores s WHERE s.customer = p.customer AND s.item = 'csat'
          AND s.answered_at > p.solved_at AND s.answered_at <= p.solved_at + INTERVAL 14 DAY) AS reply_satisfaction,
         CASE WHEN p.opened_at <= (SELECT max(event_time) FROM events) - INTERVAL 90 DAY
              THEN (EXISTS (SELECT 1 FROM orders o WHERE o.customer = p.customer AND o.placed_at > p.opened_at
                            AND o.placed_at <= p.opened_at + INTERVAL 90 DAY))::INT END AS repurchased,
         (EXISTS (SELECT 1 FROM events e WHERE e.customer = p.customer AND e.event = 'Ticket Updated'
                  AND e.step = 'called_back'))::INT AS closed_loop
  FROM problem p),
reached AS (
  SELECT customer, count(DISTINCT channel) AS channels FROM events
  WHERE event IN ('Contact Started', 'Survey Answered', 'Review Posted') AND channel IS NOT NULL GROUP BY customer)
SELECT c.customer_id, s.satisfaction, s.experience, r.reply_hours, r.reply_satisfaction, r.repurchased,
       r.closed_loop, h.channels
FROM customers c LEFT JOIN satisfied s USING (customer) LEFT JOIN replied r USING (customer)
LEFT JOIN reached h USING (customer) ORDER BY c.customer)";

Text3 verdict_text(ClaimVerdict verdict) {
  switch (verdict) {
    case ClaimVerdict::borne_out:
      return title("borne out", "得到证实");
    case ClaimVerdict::larger:
      return title("more than claimed", "高于所称");
    case ClaimVerdict::smaller:
      return title("less than claimed", "低于所称");
    case ClaimVerdict::none_seen:
      return title("not seen here", "本店未见");
    case ClaimVerdict::opposite:
      return title("the other way round", "方向相反");
    case ClaimVerdict::open:
      return title("too few to tell", "数据太少，尚不能定");
    case ClaimVerdict::cannot_tell:
      return title("cannot be told", "无法判断");
  }
  return {};
}

std::string shown(const Claim& claim, double value) {
  if (std::isnan(value)) return "-";
  return claim.kind == ClaimKind::slope ? fmt::format("{:+.2f}", value)
                                        : fmt::format("{:+.1f} %", 100 * value);
}

ReportTable board_table(const std::vector<ClaimFinding>& board) {
  ReportTable table{.key = "claims",
                    .title = title("The claims and the shop's own figures", "各项说法与本店数据"),
                    .columns = {"claim", "claimed", "figure", "ci_low", "ci_high", "p", "p_adjusted", "n",
                                "n_exposed", "outcome", "evidence", "verdict", "reason"}};
  for (const ClaimFinding& f : board) {
    const bool told = f.verdict != ClaimVerdict::cannot_tell;
    const auto number = [told](double value) { return told ? value : std::nan(""); };
    const bool falls = f.claim->kind == ClaimKind::falls;
    table.rows.push_back(
        {std::string(f.claim->key), falls ? std::nan("") : f.claim->claimed, number(f.figure),
         number(f.ci_low), number(f.ci_high), number(f.p), number(f.p_adjusted),
         static_cast<std::int64_t>(f.n), static_cast<std::int64_t>(f.n_exposed), f.outcome,
         told ? f.evidence : std::string(), std::string(claim_verdict_name(f.verdict)), f.reason});
  }
  return table;
}

void read_out(Report& report, const std::vector<ClaimFinding>& board) {
  for (const ClaimFinding& f : board) {
    if (f.verdict == ClaimVerdict::cannot_tell) continue;
    const Text3 verdict = verdict_text(f.verdict);
    const std::string figure = shown(*f.claim, f.figure), low = shown(*f.claim, f.ci_low),
                      high = shown(*f.claim, f.ci_high);
    const auto sentence = [&](const std::string& claim, const std::string& word, std::string_view form) {
      return fmt::vformat(form, fmt::make_format_args(claim, figure, low, high, f.n, word));
    };
    report.say(sentence(f.claim->text.en, verdict.en, "'{}': here {} (interval {} to {}, n = {}), {}."),
               sentence(f.claim->text.hans, verdict.hans, "“{}”：本店 {}（区间 {} 至 {}，n = {}），{}。"),
               sentence(f.claim->text.hant, verdict.hant, "“{}”：本店 {}（區間 {} 至 {}，n = {}），{}。"));
  }
}

void add_board_checks(Report& report, const std::vector<ClaimFinding>& board) {
  std::string untold;
  std::int64_t loose = 0, told = 0;
  for (const ClaimFinding& f : board) {
    if (f.verdict == ClaimVerdict::cannot_tell) {
      untold += fmt::format("{}{} ({})", untold.empty() ? "" : "; ", f.claim->key, f.reason);
    } else {
      ++told;
      loose += f.evidence == "goes together" ? 1 : 0;
    }
  }
  if (!untold.empty())
    report.add_check("told", CheckStatus::warned, tri("cannot be told: {0}", "无法判断：{0}", untold));
  if (loose > 0) {
    report.add_check(
        "cause", CheckStatus::warned,
        tri("{0} of {1} figures say what goes together, not what a change would do: name covariates, or "
            "give it by lot",
            "{1} 项中有 {0} 项只是相伴关系，不等于因果：请给出协变量，或随机分配", loose, told));
  }
}

Result<Report> run(const model::Table& table, const Options& options) {
  ClaimOptions asked{.covariates = options.list("covariates"), .by_lot = options.list("by-lot")};
  RAPPORT_TRY(asked.level, options.number("level", 0.95, 0.5, 0.9999));
  RAPPORT_TRY(asked.least, options.number("least", 30, 5, 1e9));
  RAPPORT_TRY(const auto board, hold_claims(table, asked));
  std::int64_t told = 0, borne_out = 0;
  double used = 0;
  std::vector<Bar> bars;
  for (const ClaimFinding& f : board) {
    used = std::max(used, f.n);
    if (f.verdict == ClaimVerdict::cannot_tell) continue;
    ++told;
    borne_out += f.verdict == ClaimVerdict::borne_out || f.verdict == ClaimVerdict::larger ? 1 : 0;
    if (f.claim->kind != ClaimKind::slope)
      bars.push_back({std::string(f.claim->key), f.figure, f.ci_low, f.ci_high});
  }
  if (told == 0) {
    std::string columns;
    for (const Claim& claim : claims())
      columns +=
          fmt::format("{}{} with {}", columns.empty() ? "" : "; ", claim.exposed, claim.outcomes.back());
    return Error{Errc::refused, "the data can tell none of the claims: " + board.front().reason, "claims",
                 columns};
  }
  Report report{.method = "claims",
                .title = title("The claims board", "说法与事实"),
                .citations = {"Benjamini & Hochberg (1995), JRSS B 57:289-300 (p_adjusted)",
                              "Deng, Knoblich & Lu (2018), KDD (relative lift by the delta method)",
                              "Chernozhukov et al. (2018), Econometrics J. 21:C1-C68 (adjusted lifts)",
                              "MacKinnon & White (1985), J. Econometrics 29:305-325 (slope, HC3)",
                              "Wilson (1927), JASA 22:209-212 (share)"},
                .rows_given = static_cast<std::int64_t>(table.rows()),
                .rows_used = static_cast<std::int64_t>(used)};
  report.add_figure("told", static_cast<double>(told));
  report.add_figure("borne_out", static_cast<double>(borne_out));
  report.add_figure("not_told", static_cast<double>(static_cast<std::int64_t>(board.size()) - told));
  add_board_checks(report, board);
  report.tables.push_back(board_table(board));
  if (!bars.empty()) {
    report.charts.push_back({title("Change found, with its interval", "测得的变化及区间"), bar_chart(bars)});
  }
  say(report,
      tri("{0} of {1} claims can be held against these data; {2} are borne out or exceeded.",
          "{1} 项说法中有 {0} 项可用本店数据检验，{2} 项得到证实或超出。", told, board.size(), borne_out));
  read_out(report, board);
  return report;
}

}  // namespace

Method claims_method() {
  return {"claims",  "what texts claim about services, beside the shop's own figures", kOptions, run, true,
          kShopQuery};
}

}  // namespace rapport::study::detail
