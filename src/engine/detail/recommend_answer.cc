#include <algorithm>
#include <cmath>

#include "codec/json_writer.h"
#include "codec/scene.h"
#include "codec/survey.h"
#include "decide/off_policy.h"
#include "engine/detail/recommend_parts.h"
#include "math/distributions.h"
#include "views/shipped_rules.h"

// From what is known of a customer to a list in words.
namespace rapport::engine {
namespace {

using Kind = decide::Evidence::Kind;
using decide::Evidence;

constexpr std::int64_t kSeedHoldsMs = 600'000;  ///< a page loaded again shows the same list for so long

std::uint64_t number_of(std::string_view text) {
  static constexpr HashKey kKey = {'r', 'e', 'c', 'o', 'm', 'm', 'e', 'n', 'd'};
  return keyed_hash(kKey, text).low;
}

std::uint32_t first_bytes(const Digest& digest) {
  return static_cast<std::uint32_t>(digest[0]) << 24 | static_cast<std::uint32_t>(digest[1]) << 16 |
         static_cast<std::uint32_t>(digest[2]) << 8 | digest[3];
}

bool in_time(const model::Scene& scene, Instant now) {
  return scene.from <= now && now < scene.until;
}

/// Whether she is in the group that gets best-sellers: always the same customers, more of them for a scene
/// with a greater share.
bool is_held_out(const model::Scene& scene, std::string_view key) {
  return !key.empty() && number_of(key) % 100 < static_cast<std::uint64_t>(scene.holdout);
}

const std::vector<double>& shares_of(const ServingScene& scene, std::uint8_t user_class) {
  const auto found = scene.shares.find(user_class);
  return found != scene.shares.end() ? found->second : scene.shares.at(SceneLedger::kOther);
}

std::string percent(double share) {
  return fmt::format("{:.1f} %", share * 100);
}

void tell_rule(const Evidence& evidence, const std::string& left, std::string_view right,
               RecommendReason& out) {
  const double confidence = static_cast<double>(evidence.both) / evidence.left;
  const double lift = confidence * static_cast<double>(evidence.baskets) / evidence.right;
  out.evidence = fmt::format(
      "of {} orders with {} {} held {} too: confidence {}, {:.2f} times as often as "
      "in all {} orders",
      evidence.left, left, evidence.both, right, percent(confidence), lift, evidence.baskets);
  out.figures = {{"n", static_cast<double>(evidence.both)},
                 {"orders", static_cast<double>(evidence.left)},
                 {"confidence", confidence},
                 {"lift", lift}};
}

/// Which model says so, where there are several.
std::string says(const Evidence& evidence) {
  return evidence.model.empty() ? std::string() : fmt::format(", by {}", evidence.model);
}

void tell_due(const Evidence& evidence, RecommendReason& out) {
  out.evidence = evidence.over_days >= 0
                     ? fmt::format("usually bought again after {:.0f} days: due since {:.0f} days",
                                   evidence.days, evidence.over_days)
                     : fmt::format("usually bought again after {:.0f} days: due in {:.0f} days",
                                   evidence.days, -evidence.over_days);
  out.evidence += says(evidence);
  out.figures = {{"interval_days", evidence.days}, {"overdue_days", evidence.over_days}};
}

/// The evidence in words and numbers.
void tell(const Evidence& evidence, const decide::Visit& visit, RecommendReason& out) {
  switch (evidence.kind) {
    case Kind::bought:
      out.evidence = fmt::format("because '{}' was bought{}", out.offer_title_en, says(evidence));
      break;
    case Kind::viewed:
      out.evidence = fmt::format("because '{}' was viewed{}", out.offer_title_en, says(evidence));
      break;
    case Kind::others:
      out.evidence = "other purchases and views";
      break;
    case Kind::in_view:
      out.evidence = fmt::format("because '{}' is in view{}", out.offer_title_en, says(evidence));
      break;
    case Kind::rule:
      tell_rule(evidence, fmt::format("'{}'", out.offer_title_en), "this", out);
      break;
    case Kind::category_rule:
      tell_rule(evidence, fmt::format("something of the category of '{}'", out.offer_title_en),
                "something of this category", out);
      break;
    case Kind::due:
      tell_due(evidence, out);
      break;
    case Kind::category:
      out.evidence = fmt::format("{} views of its category in 30 days", evidence.count);
      out.figures = {{"views", evidence.count}};
      break;
    case Kind::region:
      out.evidence = fmt::format("{} of what is sold in the region", percent(evidence.share));
      out.figures = {{"share", evidence.share}};
      break;
    case Kind::trend:
      out.evidence = fmt::format("{} of what was taken lately", percent(evidence.share));
      out.figures = {{"share", evidence.share}};
      break;
    case Kind::top:
      out.evidence = fmt::format("{} of what the shop sells", percent(evidence.share));
      out.figures = {{"share", evidence.share}};
      break;
    case Kind::offer:
      out.evidence = out.offer_id.empty() ? "an offer of this scene"
                                          : fmt::format("an offer that fits '{}'", out.offer_title_en);
      break;
    case Kind::need:
      out.evidence =
          fmt::format("need: {}, strength {:.2f}", visit.needs[evidence.count].need, evidence.share);
      out.figures = {{"strength", evidence.share}};
      break;
    case Kind::newest:
      out.evidence = "published lately";
      break;
    case Kind::variety:
      out.evidence = fmt::format("{} of its category above", evidence.count);
      out.figures = {{"above", evidence.count}};
      break;
    case Kind::boost:
      out.evidence = "boosted by an operator";
      break;
    case Kind::pin:
      out.evidence = "pinned by an operator";
      break;
    case Kind::any:
      out.evidence = "nothing else may be shown";
      break;
  }
}

RecommendReason reason_of(const decide::Reason& reason, const model::Scene& scene,
                          const decide::OfferBook& book, const decide::Visit& visit) {
  RecommendReason out;
  out.kind = decide::evidence_name(reason.evidence.kind);
  if (reason.lane != decide::kNoLane) out.lane = scene.lanes[reason.lane].name;
  out.points = reason.points;
  if (reason.evidence.has_offer) {
    const model::Offer& offer = book.offer(reason.evidence.offer);
    out.offer_id = offer.id;
    out.offer_title = offer.title.empty() ? offer.id : offer.title;
    out.offer_title_en = offer.title_en.empty() ? out.offer_title : offer.title_en;
  }
  tell(reason.evidence, visit, out);
  return out;
}

/// What operators did that touched this list: whole hands, and those on the offers in it.
std::vector<RecommendHand> hands_in(const ServingScene& one, Instant now, const RecommendAnswer& answer) {
  const model::Scene& scene = one.scene;
  std::vector<RecommendHand> hands;
  const auto shown = [&](const std::string& id) {
    return std::any_of(answer.items.begin(), answer.items.end(),
                       [&](const RecommendedItem& item) { return item.id == id; });
  };
  const std::string& by = scene.published_by;
  if (!one.draft.empty()) hands.push_back({"draft", "", scene.drafted_by});
  if (!scene.approved_by.empty()) hands.push_back({"approved", "", scene.approved_by});
  if (scene.from != Instant::min() || scene.until != Instant::never()) hands.push_back({"schedule", "", by});
  if (answer.stopped) hands.push_back({"stopped", "", by});
  if (answer.held_out) hands.push_back({"hold_out", "", by});
  for (const model::SceneHand& hand : scene.pins) {
    if (hand.holds(now) && shown(hand.id)) hands.push_back({"pin", hand.id, by});
  }
  for (const model::SceneHand& hand : scene.boosts) {
    if (hand.holds(now) && shown(hand.id)) hands.push_back({"boost", hand.id, by});
  }
  for (const std::string& id : scene.left_out) hands.push_back({"left_out", id, by});
  return hands;
}

void write_shares(codec::JsonWriter& json, const std::vector<double>& shares) {
  json.begin_array();
  for (const double share : shares) json.real(share);
  json.end_array();
}

/// Who wrote, approved and published it; null for what was not kept.
void write_authors(codec::JsonWriter& json, const model::Scene& scene) {
  for (const auto& [name, who] : {std::pair{"drafted_by", &scene.drafted_by},
                                  {"approved_by", &scene.approved_by},
                                  {"published_by", &scene.published_by}}) {
    json.key(name);
    if (who->empty()) {
      json.null();
    } else {
      json.text(*who);
    }
  }
}

void write_arm(codec::JsonWriter& json, std::string_view name, const SceneLedger::Arm& arm) {
  json.key(name);
  json.begin_object();
  json.field("shown", arm.shown);
  json.field("taken", arm.taken);
  json.key("rate");
  if (arm.shown == 0) {
    json.null();
  } else {
    json.real(static_cast<double>(arm.taken) / static_cast<double>(arm.shown));
  }
  json.end_object();
}

/// What the scene's lists are taken more often than those of the group held out, over the impressions that
/// are kept. An interval's half-width is that of whole customers (decide::estimate_off_policy with weights of
/// 1), and the two groups share nobody.
void write_difference(codec::JsonWriter& json, const SceneLedger::Past& past) {
  constexpr std::uint64_t kCustomersLeast = 10;  ///< of each side: below it a spread says nothing
  std::vector<decide::OffPolicyRow> treated, held_out;
  for (const SceneLedger::Closed& one : past.closed)
    (one.held_out ? held_out : treated)
        .push_back({.cluster = one.impression.customer, .reward = one.impression.taken ? 1.0 : 0.0});
  const decide::OffPolicy with = decide::estimate_off_policy(treated),
                          without = decide::estimate_off_policy(held_out);
  json.key("difference");
  if (std::min(with.clusters, without.clusters) < kCustomersLeast) return json.null();
  const double value = with.logged.value - without.logged.value;
  const double half =
      std::hypot(with.logged.high - with.logged.value, without.logged.high - without.logged.value);
  json.begin_object();
  for (const auto& [name, number] :
       {std::pair{"value", value}, {"low", value - half}, {"high", value + half}}) {
    json.key(name);
    json.real(number);
  }
  json.field("customers", with.clusters);
  json.field("customers_held_out", without.clusters);
  json.end_object();
}

/// Two months running surely under 10 %: P >= 0.95 each, with 100 impressions or more.
bool is_flagged(const std::map<std::string, SceneLedger::Arm>& months) {
  constexpr std::uint64_t kShownLeast = 100;
  int low = 0;
  for (auto month = months.rbegin(); month != months.rend() && low < 2; ++month, ++low) {
    const auto& arm = month->second;
    const double below = math::beta_cdf(0.1, 1.0 + static_cast<double>(arm.taken),
                                        1.0 + static_cast<double>(arm.shown - arm.taken));
    if (arm.shown < kShownLeast || below < 0.95) return false;
  }
  return low == 2;
}

void write_learned(codec::JsonWriter& json, const ServingScene& one, const SceneLedger::Scene& known) {
  const auto names = views::class_precedence();
  json.key("lane_outcomes");
  json.begin_array();
  for (std::size_t l = 0; l < one.scene.lanes.size(); ++l) {
    const bool counted = l < known.all.lanes.size() && (known.lanes == one.lanes || known.lanes == 0);
    const decide::LaneTally tally = counted ? known.all.lanes[l] : decide::LaneTally{};
    json.begin_object();
    json.field("lane", one.scene.lanes[l].name);
    json.field("taken", tally.taken);
    json.field("ignored", tally.ignored);
    json.end_object();
  }
  json.end_array();
  json.key("shares");
  json.begin_array();
  for (const auto& [user_class, shares] : one.shares) {
    json.begin_object();
    json.field("class", user_class < names.size() ? names[user_class] : std::string_view("other"));
    json.key("shares");
    write_shares(json, shares);
    json.end_object();
  }
  json.end_array();
  json.key("months");
  json.begin_array();
  for (const auto& [month, arm] : known.by_month) {
    json.begin_object();
    json.field("month", month);
    json.field("shown", arm.shown);
    json.field("taken", arm.taken);
    // Beta(1, 1) before; 95 % of what is left of it.
    const double a = 1.0 + static_cast<double>(arm.taken);
    const double b = 1.0 + static_cast<double>(arm.shown - arm.taken);
    json.key("rate_low");
    json.real(math::beta_quantile(0.025, a, b));
    json.key("rate_high");
    json.real(math::beta_quantile(0.975, a, b));
    json.key("below_10_percent");
    json.real(math::beta_cdf(0.1, a, b));
    json.end_object();
  }
  json.end_array();
  json.field("flagged", is_flagged(known.by_month));
}

}  // namespace

std::vector<decide::Seen> seen_of(const std::vector<Taken>& taken, const decide::OfferBook& book) {
  std::vector<decide::Seen> seen;
  seen.reserve(taken.size());
  for (const Taken& one : taken) {
    // A product that came after the book was made is not in it yet.
    if (one.product >= 1 && one.product <= book.products())
      seen.push_back({one.product - 1, one.as == TakenAs::bought, one.time_ms});
  }
  return seen;
}

namespace {

/// By its id; of a preview the draft goes before the scene.
Result<const ServingScene*> named_scene(const RecommendQuery& query, const RecommendDesk::Serving& serving,
                                        Instant now) {
  if (query.draft) {
    for (const ServingScene& one : serving.drafts) {
      if (one.scene.id == query.scene) return &one;
    }
    return Error{
        Errc::not_found, fmt::format("no draft of '{}' waits", query.scene.substr(0, 60)), "draft",
        "PUT /v1/scenes/{id} with \"state\": \"draft\"; without \"draft\" the list of the scene itself"};
  }
  std::string known_scenes;
  for (const ServingScene& one : serving.scenes) {
    known_scenes += (known_scenes.empty() ? "" : ", ") + one.scene.id;
    if (one.scene.id != query.scene) continue;
    if (in_time(one.scene, now)) return &one;
    return Error{
        Errc::not_found, fmt::format("scene '{}' does not serve now", one.scene.id), "scene",
        fmt::format("from {} until {}",
                    one.scene.from == Instant::min() ? "the beginning" : format_instant(one.scene.from),
                    one.scene.until == Instant::never() ? "the end" : format_instant(one.scene.until))};
  }
  return Error{Errc::not_found, fmt::format("no scene '{}'", query.scene.substr(0, 60)), "scene",
               "one of: " + known_scenes};
}

}  // namespace

Result<const ServingScene*> choose_scene(const RecommendQuery& query, const RecommendDesk::Serving& serving,
                                         RecommendDesk::Known& known, const views::FactsView* facts,
                                         const views::RuleContext& context) {
  const auto holds = [&](const ServingScene& one) {
    if (one.never || one.scene.needs_product != !query.product.empty()) return false;
    if (!in_time(one.scene, known.visit.now)) return false;
    if (one.trigger &&
        (facts == nullptr || views::eval(*one.trigger, *facts, context).value != views::Truth::yes))
      return false;
    return !one.scene.other_category || decide::looks_at_other_category(*serving.book, known.visit);
  };
  if (!query.scene.empty()) {
    RAPPORT_TRY(const ServingScene* found, named_scene(query, serving, known.visit.now));
    known.triggered = holds(*found);
    return found;
  }
  for (const ServingScene& one : serving.scenes) {
    if (holds(one)) return &one;
  }
  return Error{Errc::not_found, "no scene serves here", "scene", "a published scene whose trigger is true"};
}

Result<decide::RecommendRequest> request_of(const RecommendQuery& query,
                                            const RecommendDesk::Serving& serving,
                                            const RecommendDesk::Known& known) {
  const ServingScene& one = *known.scene;
  decide::RecommendRequest request;
  if (query.count < 1 || query.count > decide::RecommendRequest::kMost)
    return Error{Errc::bad_input, fmt::format("a list of {}", query.count), "n",
                 fmt::format("1 .. {}", decide::RecommendRequest::kMost)};
  request.count = query.count;
  request.price_least = query.price_least;
  request.price_most = query.price_most;
  if (!query.product.empty()) {
    request.in_view = serving.book->find(model::OfferKind::product, query.product);
    if (!request.in_view)
      return Error{Errc::not_found, fmt::format("no product '{}'", query.product.substr(0, 60)), "product"};
  }
  const auto add = [&](const std::string& id, std::vector<decide::OfferNo>& list) {
    if (const auto offer = serving.book->find(id)) list.push_back(*offer);
  };
  for (const std::string& id : query.left_out) add(id, request.left_out);
  for (const std::string& id : one.scene.left_out) add(id, request.left_out);
  std::sort(request.left_out.begin(), request.left_out.end());
  for (const model::SceneHand& hand : one.scene.pins) {
    if (hand.holds(known.visit.now)) add(hand.id, request.pins);
  }
  for (const model::SceneHand& hand : one.scene.boosts) {
    if (!hand.holds(known.visit.now)) continue;
    if (const auto offer = serving.book->find(hand.id))
      request.boosts.emplace_back(*offer, static_cast<double>(hand.points) / 1000);
  }
  request.shares = shares_of(one, known.class_number);
  const std::int64_t holds = known.visit.now.ms / kSeedHoldsMs;
  request.seed = query.seed.value_or(
      number_of(fmt::format("{}/{}/{}/{}", known.key, one.scene.id, holds, query.product)) >> 11);
  request.best_sellers_only = one.scene.stopped || is_held_out(one.scene, known.key);
  return request;
}

RecommendAnswer answer_of(const RecommendQuery& query, const RecommendDesk::Serving& serving,
                          const RecommendDesk::Known& known, const decide::RecommendRequest& request,
                          const decide::Decision& decision) {
  const ServingScene& one = *known.scene;
  RecommendAnswer out;
  out.scene = one.scene.id;
  out.title_en = one.scene.title.en;
  out.title_hans = one.scene.title.hans;
  out.title_hant = one.scene.title.hant;
  out.policy = digest_hex(one.policy).substr(0, 16);
  if (serving.models != nullptr) out.models = digest_hex(serving.models->digest).substr(0, 16);
  out.rung = decide::rung_name(decision.rung);
  if (known.customer.value != 0) out.customer = fmt::format("c_{}", known.customer.value);
  out.user_class = known.user_class;
  out.stopped = one.scene.stopped;
  out.held_out = !one.scene.stopped && request.best_sellers_only;
  out.personalised = known.personalised;
  out.triggered = known.triggered;
  out.seed = request.seed;
  out.known_at = known.position;
  decide::DecisionToken token;
  token.position = known.position.value;
  token.seed = request.seed;
  token.models = serving.models == nullptr ? 0 : first_bytes(serving.models->digest);
  token.policy = first_bytes(one.policy);
  token.user_class = known.class_number;
  token.held_out = out.held_out;
  token.scene = one.scene.id;
  for (const decide::Recommended& item : decision.items) {
    const model::Offer& offer = serving.book->offer(item.offer);
    RecommendedItem& told = out.items.emplace_back();
    told.kind = offer.kind;
    told.id = offer.id;
    told.title = offer.title.empty() ? offer.id : offer.title;
    told.title_en = offer.title_en.empty() ? told.title : offer.title_en;
    told.category = offer.category;
    told.score = item.score;
    told.propensity = item.propensity;
    told.rung = decide::rung_name(item.rung);
    if (item.lane != decide::kNoLane) told.lane = one.scene.lanes[item.lane].name;
    for (const decide::Reason& reason : item.reasons)
      told.reasons.push_back(reason_of(reason, one.scene, *serving.book, known.visit));
    token.places.push_back({item.lane, item.propensity, item.open});
  }
  if (!request.best_sellers_only) {
    token.shares = request.shares;
    token.lanes = one.lanes;
  }
  if (one.draft.empty() && !query.draft) out.decision_id = decide::write_token(token, serving.key);
  out.hands = hands_in(one, known.visit.now, out);
  return out;
}

Result<std::string> write_scenes(const RecommendDesk::Serving& serving, const SceneLedger& ledger) {
  static const SceneLedger::Scene kNothing;
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.key("scenes");
  json.begin_array();
  for (const ServingScene& one : serving.scenes) {
    const auto found = ledger.scenes().find(one.scene.id);
    const SceneLedger::Scene& known = found == ledger.scenes().end() ? kNothing : found->second;
    json.begin_object();
    json.key("scene");
    codec::write_scene(json, one.scene);
    json.field("policy", digest_hex(one.policy).substr(0, 16));
    write_authors(json, one.scene);
    write_arm(json, "recommended", known.treated);
    write_arm(json, "held_out", known.held_out);
    write_difference(json, ledger.past_of(one.scene.id));
    write_learned(json, one, known);
    json.end_object();
  }
  json.end_array();
  json.key("drafts");
  json.begin_array();
  for (const ServingScene& one : serving.drafts) {
    json.begin_object();
    json.key("scene");
    codec::write_scene(json, one.scene);
    json.field("draft", one.draft);
    json.field("drafted_at", one.drafted_at);
    write_authors(json, one.scene);
    json.end_object();
  }
  json.end_array();
  json.field("open_impressions", ledger.waiting());
  json.field("known_at", ledger.read_upto());
  json.end_object();
  return text;
}

}  // namespace rapport::engine
