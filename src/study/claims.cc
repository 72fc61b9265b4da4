#include "study/claims.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "study/causal.h"
#include "study/detail/columns.h"
#include "study/detail/say.h"
#include "study/experiment.h"
#include "study/regression.h"
#include "study/scores.h"

namespace rapport::study {
namespace {

constexpr double kEndless = std::numeric_limits<double>::infinity();

Claim yes_no(std::string_view key, std::string_view en, std::string_view hans, double claimed,
             std::string_view exposed, std::vector<std::string_view> outcomes) {
  return {.key = key,
          .text = detail::title(en, hans),
          .claimed = claimed,
          .exposed = exposed,
          .outcomes = std::move(outcomes)};
}

/// The rows on which a claim rests.
struct Rows {
  std::vector<double> exposed;  ///< 0 or 1 (a number for the slope), NaN where missing
  std::vector<double> outcome;  ///< NaN where missing
};

Result<Rows> read_rows(const model::Table& table, const Claim& claim, ClaimFinding& finding) {
  Rows rows;
  for (const std::string_view name : claim.outcomes) {
    if (finding.outcome.empty() && table.find(name).ok()) finding.outcome = name;
  }
  std::string missing;
  if (!table.find(claim.exposed).ok()) missing = claim.exposed;
  if (finding.outcome.empty()) {
    missing += missing.empty() ? "" : " and ";
    missing += claim.outcomes.back();
  }
  if (!missing.empty()) {
    finding.reason = fmt::format("the data has no {}", missing);
    return rows;
  }
  RAPPORT_TRY(const auto outcome, table.numbers(finding.outcome));
  rows.outcome.assign(outcome.begin(), outcome.end());
  if (claim.is_cut || claim.kind == ClaimKind::slope) {
    RAPPORT_TRY(const auto values, table.numbers(claim.exposed));
    rows.exposed.assign(values.begin(), values.end());
    for (double& v : rows.exposed) {
      if (claim.is_cut && !std::isnan(v)) v = v >= claim.from && v <= claim.to ? 1 : 0;
    }
    return rows;
  }
  RAPPORT_TRY(rows.exposed, detail::binary(table, claim.exposed));
  return rows;
}

void judge(ClaimFinding& f) {
  const double low = f.ci_low, high = f.ci_high, claimed = f.claim->claimed;
  if (f.claim->kind == ClaimKind::share) {
    f.verdict = low > claimed    ? ClaimVerdict::larger
                : high < claimed ? ClaimVerdict::smaller
                                 : ClaimVerdict::borne_out;
    return;
  }
  const bool holds_nothing = low <= 0 && high >= 0;
  if (f.claim->kind == ClaimKind::falls) {
    f.verdict = holds_nothing ? ClaimVerdict::open
                : high < 0    ? ClaimVerdict::borne_out
                              : ClaimVerdict::opposite;
    return;
  }
  const bool holds_claim = low <= claimed && claimed <= high;
  if (holds_nothing) {
    f.verdict = holds_claim ? ClaimVerdict::open : ClaimVerdict::none_seen;
  } else if ((f.figure > 0) != (claimed > 0)) {
    f.verdict = ClaimVerdict::opposite;
  } else if (holds_claim) {
    f.verdict = ClaimVerdict::borne_out;
  } else {
    f.verdict = std::abs(f.figure) > std::abs(claimed) ? ClaimVerdict::larger : ClaimVerdict::smaller;
  }
}

void take(ClaimFinding& f, double figure, double low, double high, double p) {
  f.figure = figure;
  f.ci_low = low;
  f.ci_high = high;
  f.p = p;
  judge(f);
}

/// Outcomes of the others and of the exposed; false with a reason when a side is too small.
bool split(const Rows& rows, double least, std::array<std::vector<double>, 2>& sides, ClaimFinding& f) {
  for (std::size_t i = 0; i < rows.outcome.size(); ++i) {
    if (std::isnan(rows.outcome[i]) || std::isnan(rows.exposed[i])) continue;
    sides[rows.exposed[i] == 1 ? 1 : 0].push_back(rows.outcome[i]);
  }
  f.n_exposed = static_cast<double>(sides[1].size());
  f.n = f.n_exposed + static_cast<double>(sides[0].size());
  for (const std::size_t side : {1u, 0u}) {
    if (static_cast<double>(sides[side].size()) >= least) continue;
    f.reason = fmt::format("only {} rows {} ({} are needed)", sides[side].size(),
                           side == 1 ? "with it" : "without it", least);
    return false;
  }
  return true;
}

void tell_slope(const Rows& rows, const ClaimOptions& options, ClaimFinding& f) {
  std::vector<double> x, y;
  for (std::size_t i = 0; i < rows.outcome.size(); ++i) {
    if (std::isnan(rows.outcome[i]) || std::isnan(rows.exposed[i])) continue;
    x.push_back(rows.exposed[i]);
    y.push_back(rows.outcome[i]);
  }
  f.n = f.n_exposed = static_cast<double>(x.size());
  if (f.n < 2 * options.least) {
    f.reason = fmt::format("only {} complete rows ({} are needed)", f.n, 2 * options.least);
    return;
  }
  const math::Matrix design = Eigen::Map<const math::Vector>(x.data(), static_cast<Eigen::Index>(x.size()));
  const math::Vector outcome = Eigen::Map<const math::Vector>(y.data(), static_cast<Eigen::Index>(y.size()));
  const auto fit = fit_linear(design, outcome, {std::string(f.claim->exposed)},
                              {.errors = ErrorType::hc3, .level = options.level});
  if (!fit.ok()) {
    f.reason = fit.error().message;
    return;
  }
  const Coefficient& slope = fit->coefficients[1];
  take(f, 10 * slope.estimate, 10 * slope.ci_low, 10 * slope.ci_high, slope.p);
}

/// AIPW over the rows with all covariates; the effect on the exposed over their mean without it.
Status tell_adjusted(const model::Table& table, const Rows& rows, const ClaimOptions& options,
                     ClaimFinding& f) {
  RAPPORT_TRY(const auto design, detail::design_rows(table, options.covariates));
  std::vector<Eigen::Index> kept;
  for (std::size_t i = 0; i < design.rows.size(); ++i) {
    const std::size_t row = design.rows[i];
    if (!std::isnan(rows.outcome[row]) && !std::isnan(rows.exposed[row]))
      kept.push_back(static_cast<Eigen::Index>(i));
  }
  CausalData data{.x = design.x(kept, Eigen::all),
                  .treatment = math::Vector(static_cast<Eigen::Index>(kept.size())),
                  .outcome = math::Vector(static_cast<Eigen::Index>(kept.size())),
                  .names = design.names};
  double sum = 0;
  for (std::size_t k = 0; k < kept.size(); ++k) {
    const std::size_t row = design.rows[static_cast<std::size_t>(kept[k])];
    const auto at = static_cast<Eigen::Index>(k);
    data.treatment[at] = rows.exposed[row];
    data.outcome[at] = rows.outcome[row];
    sum += rows.exposed[row] == 1 ? rows.outcome[row] : 0;
  }
  const auto effect = estimate_aipw(data, {.level = options.level});
  if (!effect.ok()) {
    f.reason = effect.error().message;
    return {};
  }
  const double with = sum / data.treatment.sum(), without = with - effect->estimate;
  f.n = static_cast<double>(effect->n);
  f.n_exposed = static_cast<double>(effect->treated);
  if (!effect->overlap.good) {
    f.reason = "those with and without it are too different to be compared (no overlap)";
  } else if (without <= 0) {
    f.reason = "a change in per cent has no meaning: without it the mean would not be above 0";
  } else {
    const double scale = with / (without * without);  // d (with / without - 1) / d effect
    const double figure = with / without - 1;
    const double half = scale * (effect->ci_high - effect->ci_low) / 2;
    take(f, figure, figure - half, figure + half, effect->p);
  }
  return {};
}

Status tell_lift(const model::Table& table, const Rows& rows, const ClaimOptions& options, ClaimFinding& f) {
  std::array<std::vector<double>, 2> sides;
  if (!split(rows, options.least, sides, f)) return {};
  if (f.evidence == "adjusted") return tell_adjusted(table, rows, options, f);
  RAPPORT_TRY(const Arm without, mean_arm("without", sides[0]));
  RAPPORT_TRY(const Arm with, mean_arm("with", sides[1]));
  if (without.mean <= 0) {
    f.reason = "a change in per cent has no meaning: the mean without it is not above 0";
    return {};
  }
  const auto effect = compare(without, with, Scale::relative, options.level);
  if (!effect.ok()) {
    f.reason = effect.error().message;
    return {};
  }
  take(f, effect->lift, effect->ci_low, effect->ci_high, effect->p);
  return {};
}

void tell_share(const Rows& rows, const ClaimOptions& options, ClaimFinding& f) {
  double ones = 0;
  for (std::size_t i = 0; i < rows.outcome.size(); ++i) {
    if (std::isnan(rows.outcome[i]) || rows.exposed[i] != 1) continue;
    f.n += 1;
    ones += rows.outcome[i] == 1 ? 1 : 0;
  }
  f.n_exposed = f.n;
  if (f.n < options.least) {
    f.reason = fmt::format("only {} rows with it ({} are needed)", f.n, options.least);
    return;
  }
  const Interval interval = wilson_interval(ones, f.n, options.level);
  take(f, ones / f.n, interval.low, interval.high, std::nan(""));
}

bool named(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const std::vector<Claim>& claims() {
  static const std::vector<Claim> kClaims{
      {.key = "experience",
       .text = detail::title("experience +10 points: satisfaction +3.8 points",
                             "体验提高 10 分，满意度提高 3.8 分"),
       .kind = ClaimKind::slope,
       .claimed = 3.8,
       .exposed = "experience",
       .outcomes = {"satisfaction"}},
      {.key = "reply_24h",
       .text = detail::title("answered within 24 h: satisfaction +25 %", "24 小时内回应，满意度提高 25%"),
       .claimed = 0.25,
       .exposed = "reply_hours",
       .outcomes = {"reply_satisfaction", "satisfaction"},
       .is_cut = true,
       .to = 24},
      {.key = "reply_72h",
       .text = detail::title("answered after 72 h: satisfaction falls", "超过 72 小时回应，满意度下降"),
       .kind = ClaimKind::falls,
       .exposed = "reply_hours",
       .outcomes = {"reply_satisfaction", "satisfaction"},
       .is_cut = true,
       .from = std::nextafter(72.0, 73.0),
       .to = kEndless},
      {.key = "multi_channel",
       .text =
           detail::title("two or more feedback channels: satisfaction +15 %", "多渠道反馈，满意度提高 15%"),
       .claimed = 0.15,
       .exposed = "channels",
       .outcomes = {"satisfaction"},
       .is_cut = true,
       .from = 2,
       .to = kEndless},
      yes_no("text_mined_fix", "problems found by text mining and mended: satisfaction +12 %",
             "文本挖掘后改进，满意度提高 12%", 0.12, "fixed", {"satisfaction"}),
      yes_no("closed_loop", "closed feedback loop: repurchase +30 %", "反馈闭环，再购率提高 30%", 0.30,
             "closed_loop", {"repurchased"}),
      yes_no("personal_reply", "personal reply: satisfaction +20 %", "个性化回应，满意度提高 20%", 0.20,
             "personal_reply", {"reply_satisfaction", "satisfaction"}),
      yes_no("smart_platform", "smart service platform: satisfaction +15 %", "智能服务平台，满意度提高 15%",
             0.15, "smart_platform", {"satisfaction"}),
      yes_no("smart_complaints", "smart service platform: complaints -20 %", "智能服务平台，投诉率下降 20%",
             -0.20, "smart_platform", {"complaints"}),
      yes_no("training", "staff training: satisfaction +12 %", "员工培训，满意度提高 12%", 0.12,
             "trained_staff", {"satisfaction"}),
      yes_no("membership", "membership: repurchase +20 %", "会员制，再购率提高 20%", 0.20, "member",
             {"member_repurchased", "repurchased"}),
      yes_no("proactive_guidance", "proactive guidance: tickets -30 %", "主动引导，工单量下降 30%", -0.30,
             "guided", {"tickets"}),
      {.key = "consulting_trust",
       .text = detail::title("consulted customers who trust: 82 %", "接受咨询的客户信任度 82%"),
       .kind = ClaimKind::share,
       .claimed = 0.82,
       .exposed = "consulted",
       .outcomes = {"trust"}},
  };
  return kClaims;
}

std::string_view claim_verdict_name(ClaimVerdict verdict) {
  constexpr std::array<std::string_view, 7> kNames = {"borne_out", "larger", "smaller",    "none_seen",
                                                      "opposite",  "open",   "cannot_tell"};
  return kNames[static_cast<std::size_t>(verdict)];
}

Result<std::vector<ClaimFinding>> hold_claims(const model::Table& table, const ClaimOptions& options) {
  std::vector<ClaimFinding> board;
  std::vector<double> p;
  for (const Claim& claim : claims()) {
    ClaimFinding& f = board.emplace_back();
    f.claim = &claim;
    RAPPORT_TRY(const Rows rows, read_rows(table, claim, f));
    if (f.reason.empty()) {
      const bool lift = claim.kind == ClaimKind::lift || claim.kind == ClaimKind::falls;
      f.evidence = claim.kind == ClaimKind::share         ? "share"
                   : named(options.by_lot, claim.exposed) ? "by lot"
                   : lift && !options.covariates.empty()  ? "adjusted"
                                                          : "goes together";
      if (claim.kind == ClaimKind::slope) tell_slope(rows, options, f);
      if (claim.kind == ClaimKind::share) tell_share(rows, options, f);
      if (lift) RAPPORT_CHECK(tell_lift(table, rows, options, f));
    }
    p.push_back(f.reason.empty() ? f.p : std::nan(""));
  }
  const std::vector<double> adjusted = adjust_false_discovery(p);
  for (std::size_t i = 0; i < board.size(); ++i) board[i].p_adjusted = adjusted[i];
  return board;
}

}  // namespace rapport::study
