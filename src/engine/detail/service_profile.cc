#include "engine/detail/service_profile.h"

#include <algorithm>
#include <cmath>

#include "study/experiment.h"

namespace rapport::engine {
namespace {

Said dimension_title(std::string_view name) {
  if (name == "added_value") return {"Added value", "附加价值"};
  if (name == "customisation") return {"Customisation", "个性化程度"};
  if (name == "charging") return {"Charging", "收费方式"};
  if (name == "experience") return {"Experience", "客户体验"};
  if (name == "advantage") return {"Advantage over competitors", "竞争优势"};
  return {"Positioning", "市场定位"};
}

void write_measured(codec::JsonWriter& json, std::string_view name, const Measured& measured) {
  json.key(name);
  json.begin_object();
  json.key("value");
  json.real(measured.value);
  json.key("ci_low");
  json.real(measured.interval.low);
  json.key("ci_high");
  json.real(measured.interval.high);
  json.key("n");
  json.real(measured.n);
  json.end_object();
}

void write_evidence(codec::JsonWriter& json, const Evidence& evidence) {
  json.begin_object();
  json.field("source", evidence.source);
  write_said(json, "measure", evidence.measure);
  json.field("unit", evidence.unit);
  write_measured(json, "own", evidence.own);
  if (evidence.ordinary) {
    write_measured(json, "ordinary", *evidence.ordinary);
  } else {
    json.key("ordinary");
    json.null();
  }
  json.key("difference");
  json.real(evidence.difference);
  json.key("difference_low");
  json.real(evidence.difference_interval.low);
  json.key("difference_high");
  json.real(evidence.difference_interval.high);
  json.field("stand", stand_name(evidence.stand()));
  json.end_object();
}

Result<Measured> mean_of(const Sums& sums, study::Arm& arm) {
  RAPPORT_TRY(arm, study::mean_arm("arm", sums.n, sums.sum, sums.squares));
  const double se = std::sqrt(arm.variance);
  constexpr double kZ95 = 1.959963984540054;
  return Measured{arm.mean, sums.n, {arm.mean - kZ95 * se, arm.mean + kZ95 * se}};
}

}  // namespace

std::string_view stand_name(Stand stand) {
  constexpr std::string_view kNames[] = {"above", "like", "below", "no_evidence"};
  return kNames[static_cast<std::size_t>(stand)];
}

Stand Evidence::stand() const {
  if (difference_interval.low > 0) return Stand::above;
  return difference_interval.high < 0 ? Stand::below : Stand::like;
}

Stand Dimension::stand() const {
  if (evidence.empty()) return Stand::unknown;
  const auto any = [&](Stand stand) {
    return std::any_of(evidence.begin(), evidence.end(),
                       [&](const Evidence& one) { return one.stand() == stand; });
  };
  const bool above = any(Stand::above), below = any(Stand::below);
  return above == below ? Stand::like : above ? Stand::above : Stand::below;
}

std::optional<Evidence> share_evidence(Said measure, double successes, double n, double ordinary_successes,
                                       double ordinary_n) {
  if (n < kProfileLeast || ordinary_n < kProfileLeast) return std::nullopt;
  Evidence out{.source = "facts", .measure = std::move(measure), .unit = "share"};
  out.own = {successes / n, n, study::wilson_interval(successes, n)};
  out.ordinary = Measured{ordinary_successes / ordinary_n, ordinary_n,
                          study::wilson_interval(ordinary_successes, ordinary_n)};
  out.difference = out.own.value - out.ordinary->value;
  out.difference_interval = study::newcombe_interval(successes, n, ordinary_successes, ordinary_n);
  return out;
}

std::optional<Evidence> mean_evidence(std::string_view source, Said measure, const Sums& own,
                                      const Sums& ordinary) {
  if (own.n < kProfileLeast || ordinary.n < kProfileLeast) return std::nullopt;
  Evidence out{.source = source, .measure = std::move(measure), .unit = "points"};
  study::Arm treatment, control;
  const auto mine = mean_of(own, treatment), theirs = mean_of(ordinary, control);
  if (!mine.ok() || !theirs.ok()) return std::nullopt;
  out.own = *mine;
  out.ordinary = *theirs;
  const auto effect = study::compare(control, treatment, study::Scale::absolute, 0.95);
  if (!effect.ok()) return std::nullopt;
  out.difference = effect->lift;
  out.difference_interval = {effect->ci_low, effect->ci_high};
  return out;
}

bool ServiceProfile::profiles_as_ordinary() const {
  int known = 0;
  for (const Dimension& dimension : dimensions) {
    if (dimension.stand() == Stand::above) return false;
    known += dimension.stand() != Stand::unknown ? 1 : 0;
  }
  return layer == "augmented" && known >= 3;
}

void write_profile(codec::JsonWriter& json, const ServiceProfile& profile) {
  json.field("service_id", profile.service);
  json.field("name", profile.name);
  json.field("layer", profile.layer);
  json.key("ordinary");
  json.begin_array();
  for (const std::string& id : profile.ordinary) json.text(id);
  json.end_array();
  write_said(json, "ordinary_text",
             profile.ordinary_is_rest
                 ? Said{"no service is published as core or actual, so it is held against all others",
                        "没有发布为核心层或形式层的服务，因此与其余全部服务比较"}
                 : Said{"services published as core or actual", "发布为核心层或形式层的服务"});
  json.key("dimensions");
  json.begin_array();
  for (const Dimension& dimension : profile.dimensions) {
    json.begin_object();
    json.field("dimension", dimension.name);
    write_said(json, "title", dimension_title(dimension.name));
    json.field("stand", stand_name(dimension.stand()));
    json.key("evidence");
    json.begin_array();
    for (const Evidence& one : dimension.evidence) write_evidence(json, one);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.key("flag");
  if (!profile.profiles_as_ordinary()) return json.null();
  json.begin_object();
  json.field("kind", "profiles_as_ordinary");
  write_said(json, "why",
             {"it is published as value-added and stands out on none of the dimensions that have evidence",
              "它发布为增值服务，但在有证据的维度上没有一项突出"});
  json.end_object();
}

}  // namespace rapport::engine
