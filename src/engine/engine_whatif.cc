#include "engine/engine_whatif.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "codec/json_writer.h"
#include "codec/scene.h"
#include "decide/policy_replay.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/recommend_parts.h"
#include "engine/detail/wait_until_folded.h"

// Policies of a scene replayed over what the scene showed and what became of it.
namespace rapport::engine {
namespace {

using decide::Estimate;
using decide::LoggedImpression;
using decide::PolicyJudged;
using decide::Refusal;
using model::Scene;

constexpr std::int64_t kDaysMost = 3'660;

struct Asked {
  std::int64_t days = 90, seed = 1;
  std::vector<std::pair<std::string, Scene>> candidates;  ///< by what they are called
};

Result<std::int64_t> whole(const NounMembers& body, std::string_view name, std::int64_t fallback,
                           std::int64_t most) {
  const codec::JsonValue value = body.find(name);
  if (!value.present() || value.is_null()) return fallback;
  const auto number = value.is(codec::JsonKind::number) ? value.integer() : std::nullopt;
  if (!number || *number < 1 || *number > most)
    return Error{Errc::bad_input, "this is no such number", std::string(name), fmt::format("1 .. {}", most)};
  return *number;
}

/// {"again": 40, "like": 60}; lanes that are not named get nothing.
Status read_shares(codec::JsonValue shares, Scene& scene) {
  if (!shares.is(codec::JsonKind::object))
    return Error{Errc::bad_input, "this is no object", "shares", R"({"lane": percent, ...})"};
  for (model::SceneLane& lane : scene.lanes) lane.share = 0;
  std::int64_t sum = 0;
  std::vector<std::string> named;
  for (codec::JsonMembers members(shares); members.next();) {
    const auto lane = std::find_if(scene.lanes.begin(), scene.lanes.end(),
                                   [&](const model::SceneLane& one) { return one.name == members.key(); });
    const auto share = members.value().is(codec::JsonKind::number) ? members.value().integer() : std::nullopt;
    if (lane == scene.lanes.end())
      return Error{Errc::bad_input, fmt::format("no lane '{}'", std::string(members.key()).substr(0, 40)),
                   "shares", "names of the scene's lanes"};
    if (!share || *share < 0 || *share > 100)
      return Error{Errc::bad_input, "this is no share", "shares", "whole percents of 0 .. 100"};
    if (std::find(named.begin(), named.end(), lane->name) != named.end())
      return Error{Errc::bad_input, fmt::format("the lane '{}' has two shares", lane->name), "shares",
                   "one share a lane"};
    named.push_back(lane->name);
    lane->share = *share;
    sum += *share;
  }
  if (sum != 100) return Error{Errc::bad_input, fmt::format("the shares add up to {}", sum), "shares", "100"};
  return {};
}

/// A member that is misspelt would be passed over, and the answer be about something else than was asked.
Status check_members(std::string_view body) {
  constexpr std::string_view kKnown[] = {"policy", "shares", "scene", "days", "seed"};
  codec::JsonIndex index;
  RAPPORT_CHECK(index.parse(body));
  for (codec::JsonMembers members(index.root()); members.next();) {
    const std::string name(members.key());
    if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown))
      return Error{Errc::bad_input, fmt::format("no member '{}'", name.substr(0, 40)), name.substr(0, 40),
                   fmt::format("of {}", fmt::join(kKnown, ", "))};
  }
  return {};
}

Result<Asked> asked_of(const NounMembers& body, const Scene& scene) {
  Asked asked;
  RAPPORT_TRY(asked.days, whole(body, "days", asked.days, kDaysMost));
  RAPPORT_TRY(asked.seed, whole(body, "seed", asked.seed, std::int64_t{1} << 53));
  const std::string policy = body.text("policy");
  const codec::JsonValue shares = body.find("shares"), other = body.find("scene");
  Scene candidate = scene;
  if (other.present() && !other.is_null()) {
    auto parsed = codec::parse_scene(scene.id, other.raw());
    if (!parsed.ok()) return std::move(parsed).error().at("scene");
    candidate = std::move(*parsed);
  }
  const bool has_shares = shares.present() && !shares.is_null();
  if (has_shares) {
    RAPPORT_CHECK(read_shares(shares, candidate));
    candidate.policy = model::ScenePolicy::fixed;
  }
  if (policy.empty() && !has_shares && !(other.present() && !other.is_null())) {
    for (const model::ScenePolicy each : {model::ScenePolicy::fixed, model::ScenePolicy::literal,
                                          model::ScenePolicy::calibrated, model::ScenePolicy::thompson}) {
      candidate.policy = each;
      asked.candidates.emplace_back(model::scene_policy_name(each), candidate);
    }
    return asked;
  }
  if (!policy.empty()) {
    const auto word =
        std::find_if(model::kScenePolicies.begin(), model::kScenePolicies.end(),
                     [&](model::ScenePolicy one) { return model::scene_policy_name(one) == policy; });
    if (word == model::kScenePolicies.end())
      return Error{Errc::bad_input, fmt::format("no policy '{}'", policy.substr(0, 40)), "policy",
                   "one of fixed, literal, calibrated, thompson"};
    candidate.policy = *word;
  }
  asked.candidates.emplace_back(other.present() && !other.is_null() ? "scene"
                                : has_shares                        ? "shares"
                                                                    : policy,
                                candidate);
  return asked;
}

void write_estimate(codec::JsonWriter& json, std::string_view name, const Estimate& estimate, bool stands) {
  json.key(name);
  if (!stands) return json.null();
  json.begin_object();
  for (const auto& [part, value] :
       {std::pair{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}}) {
    json.key(part);
    json.real(value);
  }
  json.end_object();
}

void write_refusal(codec::JsonWriter& json, const PolicyJudged& judged) {
  json.key("refused");
  double got = 0, least = 0;
  std::string why;
  switch (judged.refusal) {
    case Refusal::none:
      return json.null();
    case Refusal::impressions:
      got = static_cast<double>(judged.figures.rows);
      least = static_cast<double>(decide::kImpressionsLeast);
      why = fmt::format("{:.0f} impressions that a lane filled have closed, fewer than {:.0f}", got, least);
      break;
    case Refusal::same_lists:
      why = fmt::format("'{}' is another: the log of the one says nothing of lists of the other",
                        judged.member);
      break;
    case Refusal::support:
      got = judged.supported;
      least = decide::kSupportLeast;
      why = fmt::format("only {:.1f} % of what it would show could have been shown in the log", 100 * got);
      break;
    case Refusal::effective:
      got = judged.figures.effective;
      least = decide::kEffectiveLeast;
      why = fmt::format("the log tells as much of it as {:.0f} impressions would, fewer than {:.0f}", got,
                        least);
      break;
  }
  json.begin_object();
  json.field("check", decide::refusal_name(judged.refusal));
  json.field("why", why);
  if (judged.refusal == Refusal::same_lists) json.field("member", judged.member);
  if (least > 0) {
    json.key("got");
    json.real(got);
    json.key("least");
    json.real(least);
  }
  json.end_object();
}

void write_judged(codec::JsonWriter& json, const std::string& name, const Scene& logged, const Scene& scene,
                  const PolicyJudged& judged) {
  const bool stands = judged.refusal == Refusal::none;
  json.begin_object();
  json.field("name", name);
  json.field("policy", model::scene_policy_name(scene.policy));
  json.field("serves_now", name == model::scene_policy_name(logged.policy));
  write_refusal(json, judged);
  json.key("effective_sample_size");
  json.real(judged.figures.effective);
  json.key("largest_weight");
  json.real(judged.figures.largest_weight);
  json.key("supported");
  json.real(judged.supported);
  json.key("lanes");
  json.begin_array();
  for (std::size_t l = 0; l < logged.lanes.size(); ++l) {
    json.begin_object();
    json.field("lane", logged.lanes[l].name);
    json.key("share");
    json.real(judged.acts[l]);
    json.end_object();
  }
  json.end_array();
  write_estimate(json, "ips", judged.figures.ips, stands);
  write_estimate(json, "snips", judged.figures.snips, stands);
  write_estimate(json, "doubly_robust", judged.figures.doubly_robust, stands);
  write_estimate(json, "difference", judged.figures.difference, stands);
  json.end_object();
}

/// The impressions of the window that can be judged, by time of showing; the others are counted.
struct Window {
  std::vector<LoggedImpression> log;
  std::uint64_t held_out = 0, without_lane = 0, without_shares = 0, other_lanes = 0;
};
Window window_of(std::vector<SceneLedger::Closed> closed, const Scene& scene, Instant since) {
  Window out;
  const std::uint16_t lanes = decide::lanes_digest(scene);
  for (const SceneLedger::Closed& one : closed) {
    if (one.impression.shown_ms < since.ms) continue;
    if (one.held_out) {
      ++out.held_out;
    } else if (one.impression.lane == decide::kNoLane) {
      ++out.without_lane;
    } else if (!(one.impression.probability > 0)) {
      ++out.without_shares;
    } else if (one.lanes != lanes || one.impression.lane >= scene.lanes.size()) {
      ++out.other_lanes;
    } else {
      out.log.push_back(one.impression);
    }
  }
  std::stable_sort(out.log.begin(), out.log.end(), [](const LoggedImpression& a, const LoggedImpression& b) {
    return a.shown_ms < b.shown_ms;
  });
  return out;
}

Result<std::string> whatif(Inquiry& inquiry, const std::string& id, const std::string& text) {
  RecommendDesk& desk = inquiry.unit().recommend_desk;
  // What was answered before the question counts: it was stamped, and may not be folded yet.
  const EventSeq stamped{inquiry.unit().shop.counters().stamped.load()};
  RAPPORT_CHECK(wait_until_folded(inquiry.unit(), stamped));
  RAPPORT_TRY(const auto serving, desk.refresh());
  const auto found = std::find_if(serving->scenes.begin(), serving->scenes.end(),
                                  [&](const ServingScene& one) { return one.scene.id == id; });
  if (found == serving->scenes.end())
    return Error{Errc::not_found, fmt::format("no scene '{}'", id.substr(0, 60)), "scene"};
  const Scene& scene = found->scene;
  RAPPORT_TRY(const auto body, NounMembers::parse(text.empty() ? "{}" : text));
  RAPPORT_CHECK(check_members(text.empty() ? "{}" : text));
  RAPPORT_TRY(const Asked asked, asked_of(*body, scene));
  RAPPORT_TRY(const Instant now, inquiry.now());
  const Instant since{now.ms - asked.days * 86'400'000};
  RAPPORT_TRY(SceneLedger::Past past, desk.past_of(id));
  const Window window = window_of(std::move(past.closed), scene, since);
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object();
  json.field("scene", id);
  json.field("days", asked.days);
  json.field("since", std::max(since, past.since));
  json.field("until", now);
  json.field("known_at", past.read_upto);
  json.field("impressions", window.log.size());
  json.key("left_out");
  json.begin_object();
  json.field("held_out", window.held_out);
  json.field("without_lane", window.without_lane);
  json.field("without_shares", window.without_shares);
  json.field("other_lanes", window.other_lanes);
  json.end_object();
  std::optional<decide::OffPolicy> logged;
  std::string policies;
  codec::JsonWriter list(policies);
  list.begin_array();
  for (const auto& [name, candidate] : asked.candidates) {
    const PolicyJudged judged =
        decide::judge_policy(scene, candidate, window.log, static_cast<std::uint64_t>(asked.seed));
    if (!logged) logged = judged.figures;
    write_judged(list, name, scene, candidate, judged);
  }
  list.end_array();
  json.field("customers", logged->clusters);
  write_estimate(json, "logged", logged->logged, !window.log.empty());
  json.key("policies");
  json.raw(policies);
  json.end_object();
  return out;
}

}  // namespace

void whatif_scene(Engine& engine, ShopNo shop, std::string id, std::string body, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [id = std::move(id), body = std::move(body)](Inquiry& inquiry) { return whatif(inquiry, id, body); },
      std::move(reply));
}

}  // namespace rapport::engine
