#include "engine/detail/service_worth.h"

#include <cmath>
#include <tuple>

#include "engine/detail/hypothesis_card.h"
#include "engine/detail/noun_members.h"
#include "math/distributions.h"
#include "model/catalogue_ids.h"
#include "text/han.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;

constexpr double kSampleRatioLeast = 0.001;

std::string name_of(const NounMembers& noun, const std::string& id) {
  for (const std::string_view member : {"title", "name"}) {
    if (std::string text = noun.text(member); !text.empty()) return text;
  }
  return id;
}

/// The one that counts for a service stays.
void offer(std::map<std::string, ToldBenefit>& told, const std::string& service, ToldBenefit one) {
  ToldBenefit& held = told[service];
  const auto rank = [](const ToldBenefit& b) { return std::tie(b.randomised, b.at, b.study_id); };
  if (held.study_id.empty() || rank(one) > rank(held)) held = std::move(one);
}

/// Studies that were published with a benefit.
Status take_studies(Inquiry& inquiry, std::map<std::string, ToldBenefit>& told) {
  RAPPORT_TRY(const auto studies, inquiry.nouns(k::study_published));
  for (const auto& [id, text] : studies) {
    const auto noun = NounMembers::parse(text);
    if (!noun.ok()) continue;
    const std::string service = (*noun)->text("service_id");
    const auto benefit = NounMembers::parse((*noun)->raw("benefit"));
    if (service.empty() || !benefit.ok() || !(*benefit)->number("amount")) continue;
    ToldBenefit one;
    one.study_id = id;
    one.at = (*noun)->time("published_at").value_or(Instant::min());
    const double days = (*benefit)->number("days").value_or(kMonthDays), month = kMonthDays / days;
    one.amount = *(*benefit)->number("amount") * month;
    one.se = (*benefit)->number("se").value_or(0) * month;
    if (const auto cost = (*benefit)->number("cost")) one.cost = *cost * month;
    if (const auto cost_se = (*benefit)->number("cost_se")) one.cost_se = *cost_se * month;
    const auto effect = (*benefit)->number("effect"), customers = (*benefit)->number("customers");
    if (effect && customers) {
      one.basis = {
          fmt::format("effect of the study ({:.4g} in {} days) over the {} customers treated, by month",
                      *effect, days, *customers),
          fmt::format("研究得出的效果（{} 天 {:.4g}）× 接受服务的 {} 位客户，折合每月", days, *effect,
                      *customers)};
    } else {
      one.basis = {fmt::format("benefit as given with the study for {} days, by month", days),
                   fmt::format("发布研究时给出的 {} 天收益，折合每月", days)};
    }
    offer(told, service, std::move(one));
  }
  return {};
}

/// Mean order value with its standard error; asked once, and only when a verdict is about orders.
class OrderValue {
 public:
  explicit OrderValue(Inquiry& inquiry) : inquiry_(inquiry) {}
  Result<std::pair<double, double>> get() {
    if (known_) return *known_;
    RAPPORT_TRY(
        const model::Table table,
        inquiry_.table(fmt::format(
            "SELECT avg(x)::DOUBLE AS m, coalesce(stddev_samp(x) / sqrt(count(*)), 0)::DOUBLE AS se FROM "
            "(SELECT max(total)::DOUBLE AS x FROM events WHERE event = 'Order Completed' AND seq <= {0} "
            "AND order_id NOT IN (SELECT order_id FROM events WHERE event = 'Order Cancelled' AND seq <= "
            "{0} AND order_id IS NOT NULL) GROUP BY customer, order_id)",
            inquiry_.known_at().value)));
    known_ = {cell(table, "m", 0), cell(table, "se", 0)};
    return *known_;
  }

 private:
  Inquiry& inquiry_;
  std::optional<std::pair<double, double>> known_;
};

/// What one unit of the card's metric is worth; nothing when neither the metric nor the card tells money.
Result<std::optional<std::pair<double, double>>> money_of(const HypothesisCard& card, OrderValue& orders) {
  using Each = std::optional<std::pair<double, double>>;
  if (card.worth) return Each({*card.worth, 0});
  if (card.metric->unit == "currency") return Each({1, 0});
  if (card.metric->id != "orders" && card.metric->id != "order_rate") return Each();
  RAPPORT_TRY(const auto value, orders.get());
  return Each(value);
}

struct Judged {
  std::string id;  ///< "hypothesis:ID"
  std::unique_ptr<NounMembers> verdict;
  HypothesisCard card;
};

/// Verdicts about a service, with their cards.
Result<std::vector<Judged>> judged_services(Inquiry& inquiry) {
  RAPPORT_TRY(const auto verdicts, inquiry.nouns(k::verdict_reached));
  std::vector<Judged> out;
  for (const auto& [id, text] : verdicts) {
    auto verdict = NounMembers::parse(text);
    if (!verdict.ok() || (*verdict)->text("service_id").empty()) continue;
    RAPPORT_TRY(const std::string noun,
                inquiry.noun(k::hypothesis_published, (*verdict)->text("hypothesis_id")));
    auto card = parse_hypothesis(noun);
    if (card.ok()) out.push_back({id, std::move(verdict).value(), std::move(card).value()});
  }
  return out;
}

/// Why a service that was judged still has no figure; the latest reason.
using Reasons = std::map<std::string, Said>;

Status take_verdicts(Inquiry& inquiry, const model::Table& life, std::map<std::string, ToldBenefit>& told,
                     Reasons& reasons) {
  RAPPORT_TRY(const auto judged, judged_services(inquiry));
  OrderValue orders(inquiry);
  for (const Judged& one : judged) {
    const NounMembers& verdict = *one.verdict;
    const std::string service = verdict.text("service_id");
    const auto lift = verdict.number("lift"), low = verdict.number("ci_low"),
               high = verdict.number("ci_high");
    const bool uneven = verdict.number("sample_ratio_p").value_or(1) < kSampleRatioLeast;
    if (!lift || !low || !high || uneven) {
      reasons[service] = {fmt::format("{} could estimate no effect", one.id),
                          fmt::format("{} 未能估计出效果", one.id)};
      continue;
    }
    RAPPORT_TRY(const auto each, money_of(one.card, orders));
    if (!each) {
      reasons[service] = {
          fmt::format("{} is about {}, which is no money, and its card names no worth", one.id,
                      one.card.metric->id),
          fmt::format("{} 的指标 {} 不是金额，卡片也没有写明每单位值多少钱", one.id, one.card.metric->id)};
      continue;
    }
    const double held = cell(life, "c_held", row_of(life, "service_id", service));
    const auto arm = NounMembers::parse(verdict.raw("treatment"));
    const double treated = arm.ok() ? (*arm)->number("n").value_or(0) : 0;
    VerdictWorth worth;
    const double better = one.card.metric->up_is_better ? 1 : -1;
    worth.lift = better * *lift;
    worth.lift_se = (*high - *low) / (2 * math::normal_quantile(1 - one.card.alpha / 2));
    std::tie(worth.each, worth.each_se) = *each;
    worth.customers = held > 0 ? held : treated;
    worth.window_days = static_cast<double>(one.card.window_days);
    ToldBenefit benefit;
    benefit.study_id = one.id;
    benefit.at = verdict.time("decided_at").value_or(Instant::min());
    benefit.randomised = one.card.assigned;
    benefit.harmful = verdict.text("verdict") == "harmful";
    std::tie(benefit.amount, benefit.se) = verdict_benefit(worth);
    benefit.basis = {
        fmt::format(
            "lift of the verdict in {} ({:+.4g} a customer in {} days) x {:.4g} x {} customers {}, by "
            "month",
            one.card.metric->id, *lift, one.card.window_days, worth.each, worth.customers,
            held > 0 ? "who hold it" : "who were treated"),
        fmt::format("判定得出的 {} 变化（每位客户 {} 天 {:+.4g}）× {:.4g} × {}{} 位客户，折合每月",
                    one.card.metric->id, one.card.window_days, *lift, worth.each,
                    held > 0 ? "持有该服务的 " : "试点中的 ", worth.customers)};
    offer(told, service, std::move(benefit));
  }
  return {};
}

constexpr double kCostDays = 90;

/// How often each service was delivered a month: over the last 90 days, or since its first delivery when that
/// was later; a month at least, for a day or two tell no rate.
Result<std::map<std::string, double>> deliveries_a_month(Inquiry& inquiry) {
  RAPPORT_TRY(const Instant now, inquiry.now());
  const std::string text = format_instant(now);
  const std::string at = "TIMESTAMP '" + text.substr(0, 10) + " " + text.substr(11, 8) + "'";
  RAPPORT_TRY(
      const model::Table table,
      inquiry.table(fmt::format(
          "SELECT service_id, least({2}, greatest({3}, date_diff('second', min(event_time), {0}) / 86400.0))"
          "::DOUBLE AS span, count(*) FILTER (WHERE event_time > {0} - INTERVAL {2} DAY)::DOUBLE AS n FROM "
          "events WHERE event = 'Service Delivered' AND service_id IS NOT NULL AND seq <= {1} GROUP BY "
          "service_id",
          at, inquiry.known_at().value, kCostDays, kMonthDays)));
  std::map<std::string, double> out;
  if (table.columns() == 0 || table.rows() == 0) return out;
  RAPPORT_TRY(const auto services, table.texts("service_id"));
  for (std::size_t i = 0; i < services.size(); ++i)
    out[services[i]] = cell(table, "n", i) * kMonthDays / cell(table, "span", i);
  return out;
}

}  // namespace

const std::string_view kServiceLifeSql =
    "SELECT service_id, count(*) FILTER (WHERE offered > 0) AS c_offered, count(*) FILTER (WHERE known > 0) "
    "AS c_known, count(*) FILTER (WHERE bought > 0 OR entitled > 0) AS c_held, sum(bought) AS bought, "
    "sum(entitled) AS entitled, sum(booked) AS booked, sum(delivered) AS delivered, sum(used) AS used, "
    "sum(renewed) AS renewed, sum(late) AS late, sum(errors) AS errors, count(rating) AS ratings, "
    "avg(rating)::DOUBLE AS mean_rating FROM service_life GROUP BY service_id ORDER BY service_id";

void write_said(codec::JsonWriter& json, std::string_view name, const Said& said) {
  json.key(name);
  json.begin_object();
  json.field("en", said.en);
  json.field("zh-Hans", said.hans);
  json.field("zh-Hant", text::to_traditional(said.hans));
  json.end_object();
}

std::pair<double, double> verdict_benefit(const VerdictWorth& worth) {
  const double months = worth.customers * kMonthDays / worth.window_days;
  return {worth.lift * worth.each * months,
          std::hypot(worth.each * worth.lift_se, worth.lift * worth.each_se) * months};
}

Advice advise(const study::RoiLine& line, const ToldBenefit& told) {
  using enum study::RoiVerdict;
  Advice advice;
  advice.study_id = told.study_id;
  advice.probability = line.pays_probability;
  const auto say = [&](std::string_view action, std::string_view en, std::string_view hans) {
    advice.action = action;
    advice.why = {fmt::format("{} ({})", en, told.study_id), fmt::format("{}（{}）", hans, told.study_id)};
    return advice;
  };
  if (told.harmful) return say("mend", "the verdict is that it does harm", "判定结论是有害");
  const study::RoiVerdict verdict = study::roi_verdict(line);
  const std::string_view action = study::roi_verdict_name(verdict);
  switch (verdict) {
    case widen:
      return say(action, "it brings more than it costs, over the whole interval", "整个区间内收益都高于成本");
    case mend:
      return say(action, "it loses money over the whole interval, yet brings at least half of its cost",
                 "整个区间内都在亏损，但收益不低于成本的一半");
    case retire:
      return say(action, "it loses money over the whole interval and brings less than half of its cost",
                 "整个区间内都在亏损，收益不到成本的一半");
    case measure:
      return say(
          action,
          fmt::format("its interval leaves open whether it pays ({:.0f} % likely)",
                      100 * line.pays_probability),
          fmt::format("区间内收益与成本孰高尚无定论（回本概率 {:.0f}%）", 100 * line.pays_probability));
  }
  return advice;
}

void write_advice(codec::JsonWriter& json, const Advice& advice) {
  json.key("advice");
  json.begin_object();
  json.field("action", advice.action);
  json.key("study_id");
  advice.study_id.empty() ? json.null() : json.text(advice.study_id);
  json.key("probability");
  advice.probability ? json.real(*advice.probability) : json.null();
  write_said(json, "why", advice.why);
  json.end_object();
}

Advice ServiceWorths::advice(const std::string& service) const {
  if (matrix) {
    for (const study::RoiLine& line : matrix->lines) {
      if (line.worth.service == service) return advise(line, told.at(service));
    }
  }
  Advice none;
  for (const UnmeasuredService& one : unmeasured) {
    if (one.service != service) continue;
    none.why = {"nothing to widen, mend or retire it by: " + one.reason.en,
                "没有扩大、改进或下架的依据：" + one.reason.hans};
  }
  if (const auto figure = told.find(service); figure != told.end()) none.study_id = figure->second.study_id;
  return none;
}

Result<ServiceWorths> service_worths(Inquiry& inquiry, const model::Table& life) {
  RAPPORT_TRY(const auto services, inquiry.nouns(k::service_published));
  ServiceWorths out;
  Reasons reasons;
  RAPPORT_CHECK(take_studies(inquiry, out.told));
  RAPPORT_CHECK(take_verdicts(inquiry, life, out.told, reasons));
  RAPPORT_TRY(const auto monthly, deliveries_a_month(inquiry));
  std::vector<study::ServiceWorth> known;
  for (const auto& [id, text] : services) {
    const auto noun = NounMembers::parse(text);
    if (!noun.ok()) continue;
    const std::string& name = out.names[id] = name_of(**noun, id);
    const auto figure = out.told.find(id);
    if (figure == out.told.end()) {
      const auto reason = reasons.find(id);
      out.unmeasured.push_back({id, name,
                                reason != reasons.end()
                                    ? reason->second
                                    : Said{"no published study or verdict tells its benefit",
                                           "没有已发布的研究或判定说明它的收益"}});
      continue;
    }
    const ToldBenefit& told = figure->second;
    const auto counted = monthly.find(id);
    const double delivered = counted == monthly.end() ? 0 : counted->second;
    const auto each = (*noun)->number("cost");
    if (!told.cost && !each) {
      out.unmeasured.push_back(
          {id, name, {"neither the study nor the catalogue tells its cost", "研究与目录都没有说明它的成本"}});
      continue;
    }
    const double cost = told.cost ? *told.cost : *each * delivered;
    out.bases[id] =
        told.cost
            ? Said{told.basis.en + "; cost of the study", told.basis.hans + "；成本取自研究"}
            : Said{fmt::format("{}; cost {} x {:.4g} deliveries a month", told.basis.en, *each, delivered),
                   fmt::format("{}；成本 {} × 每月交付 {:.4g} 次", told.basis.hans, *each, delivered)};
    known.push_back({id, told.amount, told.se, cost, told.cost_se.value_or(0)});
  }
  if (!known.empty()) {
    RAPPORT_TRY(out.matrix, study::roi_matrix(known, std::nan(""), std::nan("")));
  }
  return out;
}

}  // namespace rapport::engine
