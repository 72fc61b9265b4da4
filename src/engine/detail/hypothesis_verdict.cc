#include "engine/detail/hypothesis_verdict.h"

#include <cmath>
#include <optional>

#include "codec/json_index.h"
#include "engine/detail/inquiry.h"
#include "study/experiment.h"
#include "text/han.h"

namespace rapport::engine {
namespace {

constexpr double kSampleRatioLeast = 0.001;

struct Compared {
  std::optional<study::Arm> control, treatment;
  std::optional<study::Effect> effect;
  std::string why;  ///< no effect could be estimated
};

Result<study::Arm> arm_of(const model::Table& table, const std::string& name) {
  const std::size_t row = row_of(table, "arm", name);
  return study::mean_arm(name, cell(table, "n", row), cell(table, "s", row), cell(table, "q", row));
}

Compared compare_arms(const model::Table& table, double level) {
  Compared out;
  Result<study::Arm> control = arm_of(table, "control"), treatment = arm_of(table, "treatment");
  if (!control.ok() || !treatment.ok()) {
    out.why = "an arm has fewer than two customers whose window has ended";
    return out;
  }
  out.control = *control;
  out.treatment = *treatment;
  const auto effect = study::compare(*control, *treatment, study::Scale::absolute, level);
  if (effect.ok()) {
    out.effect = *effect;
  } else {
    out.why = effect.error().message;
  }
  return out;
}

/// P that so uneven arms come of the registered share; nothing for a segment, whose size nobody chose.
std::optional<double> ratio_p(const HypothesisCard& card, const model::Table& assigned) {
  if (!card.assigned) return std::nullopt;
  const double share = static_cast<double>(card.share);
  const auto ratio = study::sample_ratio({cell(assigned, "n", row_of(assigned, "arm", "control")),
                                          cell(assigned, "n", row_of(assigned, "arm", "treatment"))},
                                         {100 - share, share});
  return ratio.ok() ? std::optional<double>(ratio->p) : std::nullopt;
}

std::string_view decide(const HypothesisCard& card, const Compared& main, const Compared& guardrail,
                        const std::optional<double>& ratio) {
  if (!main.effect || (ratio && *ratio < kSampleRatioLeast)) return "undecided";
  if (card.guardrail != nullptr && guardrail.effect) {
    const double lost = card.guardrail->up_is_better ? -guardrail.effect->ci_high : guardrail.effect->ci_low;
    if (lost > card.worse_by_most) return "harmful";
  }
  const double low = card.up ? main.effect->ci_low : -main.effect->ci_high;
  const double high = card.up ? main.effect->ci_high : -main.effect->ci_low;
  if (low > 0) return "supported";
  if (high < 0) return "harmful";
  return high < card.effect ? "refuted" : "undecided";
}

void write_compared(codec::JsonWriter& json, const Compared& compared) {
  const auto real = [&json](std::string_view name, double value) {
    json.key(name);
    json.real(value);
  };
  for (const auto& [name, arm] :
       {std::pair<std::string_view, const std::optional<study::Arm>*>{"control", &compared.control},
        {"treatment", &compared.treatment}}) {
    json.key(name);
    if (!*arm) {
      json.null();
      continue;
    }
    json.begin_object();
    real("n", (*arm)->n);
    real("mean", (*arm)->mean);
    real("se", std::sqrt((*arm)->variance));
    json.end_object();
  }
  for (const std::string_view name : {"lift", "ci_low", "ci_high", "p"}) {
    json.key(name);
    if (!compared.effect) {
      json.null();
    } else {
      json.real(name == "lift"     ? compared.effect->lift
                : name == "ci_low" ? compared.effect->ci_low
                : name == "p"      ? compared.effect->p
                                   : compared.effect->ci_high);
    }
  }
  if (!compared.why.empty()) json.field("why", compared.why);
}

struct Reading {
  std::string en, hans;
};

Reading reading_of(const HypothesisCard& card, std::string_view verdict, const Compared& main,
                   const std::optional<double>& ratio) {
  if (ratio && *ratio < kSampleRatioLeast)
    return {
        fmt::format("Customers did not come to the arms in the registered proportion (p = {:.2g}): nothing "
                    "can be said.",
                    *ratio),
        fmt::format("各组人数与登记的比例不符（p = {:.2g}），无法得出结论。", *ratio)};
  if (!main.effect)
    return {"No effect could be estimated: " + main.why + ".", "无法估计效果：样本不足或没有差异。"};
  const std::string numbers =
      fmt::format("{:+.4g} [{:+.4g}, {:+.4g}]", main.effect->lift, main.effect->ci_low, main.effect->ci_high);
  const double n = main.control->n + main.treatment->n;
  const std::string_view chance =
      card.assigned ? "" : " The arms were not drawn by lot: this is a comparison, not an effect.";
  const std::string_view chance_hans = card.assigned ? "" : "各组不是随机分配的：这是比较，不是因果效果。";
  const auto say = [&](std::string_view en, std::string_view hans) {
    return Reading{
        fmt::format("{}: {} changed by {} over {} customers.{}", en, card.metric->id, numbers, n, chance),
        fmt::format("{}：{} 的变化为 {}，共 {} 位客户。{}", hans, card.metric->id, numbers, n, chance_hans)};
  };
  if (verdict == "supported") return say("Supported", "得到支持");
  if (verdict == "harmful") return say("Harmful", "有害");
  if (verdict == "refuted")
    return say("Refuted, the promised effect is excluded", "被否定，所承诺的效果已被排除");
  return say("Undecided, the interval holds both nothing and the promised effect",
             "尚无定论，区间既包含零也包含所承诺的效果");
}

void write_guardrail(codec::JsonWriter& json, const HypothesisCard& card, const Compared& compared) {
  json.key("guardrail");
  if (card.guardrail == nullptr) return json.null();
  json.begin_object();
  json.field("metric", card.guardrail->id);
  json.key("worse_by_most");
  json.real(card.worse_by_most);
  write_compared(json, compared);
  json.key("kept");
  if (!compared.effect) {
    json.null();
  } else {
    const bool up = card.guardrail->up_is_better;
    const double lost_most = up ? -compared.effect->ci_low : compared.effect->ci_high;
    const double lost_least = up ? -compared.effect->ci_high : compared.effect->ci_low;
    if (lost_most <= card.worse_by_most)
      json.boolean(true);
    else if (lost_least > card.worse_by_most)
      json.boolean(false);
    else
      json.null();
  }
  json.end_object();
}

}  // namespace

std::string verdict_json(const HypothesisCard& card, const model::Table& main, const model::Table& guardrail,
                         const model::Table& assigned, const VerdictMoment& moment) {
  const Compared effect = compare_arms(main, 1 - card.alpha);
  const Compared guarded = card.guardrail == nullptr ? Compared() : compare_arms(guardrail, 1 - card.alpha);
  const std::optional<double> ratio = ratio_p(card, assigned);
  const std::string_view verdict = decide(card, effect, guarded, ratio);
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("verdict", verdict);
  json.field("hypothesis_id", card.id);
  if (!card.service.empty()) json.field("service_id", card.service);
  json.field("metric", card.metric->id);
  write_compared(json, effect);
  write_guardrail(json, card, guarded);
  json.key("sample_ratio_p");
  ratio ? json.real(*ratio) : json.null();
  json.field("crossed", static_cast<std::int64_t>(cell(assigned, "n", row_of(assigned, "arm", "crossed"))));
  json.field("randomised", card.assigned);
  json.field("known_at", moment.known_at);
  json.field("decided_at", moment.decided_at);
  const Reading reading = reading_of(card, verdict, effect, ratio);
  json.key("reading");
  json.begin_object();
  json.field("en", reading.en);
  json.field("zh-Hans", reading.hans);
  json.field("zh-Hant", text::to_traditional(reading.hans));
  json.end_object();
  json.end_object();
  return text;
}

std::string power_question(std::string_view body, Instant by) {
  codec::JsonIndex index;
  const std::string given(body);
  if (!index.parse(given).ok() || !index.root().is(codec::JsonKind::object)) return given;
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  for (codec::JsonMembers members(index.root()); members.next();) {
    if (members.key() == "if" || members.key() == "then" || members.key() == "by") continue;
    json.escaped_key(members.key());
    json.raw(members.value().raw());
  }
  json.field("if", "-");
  json.field("then", "-");
  json.field("by", by);
  json.end_object();
  return text;
}

}  // namespace rapport::engine
