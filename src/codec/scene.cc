#include "codec/scene.h"

#include <algorithm>

#include "codec/json_index.h"
#include "codec/survey.h"

namespace rapport::codec {
namespace {

using model::Scene;
using model::SceneLane;

Error wrong(std::string_view where, std::string expected) {
  return {Errc::bad_input, "this member is not of its type", std::string(where), std::move(expected)};
}

Result<std::string> text_or(JsonValue object, std::string_view name, std::string fallback) {
  const JsonValue value = object.find(name);
  if (!value.present() || value.is_null()) return fallback;
  if (!value.is(JsonKind::string)) return wrong(name, "a text");
  return value.text();
}

Result<std::int64_t> whole_or(JsonValue object, std::string_view name, std::int64_t fallback,
                              std::int64_t most) {
  const JsonValue value = object.find(name);
  if (!value.present() || value.is_null()) return fallback;
  const auto whole = value.is(JsonKind::number) ? value.integer() : std::nullopt;
  if (!whole || *whole < 0 || *whole > most)
    return wrong(name, fmt::format("a whole number of 0 .. {}", most));
  return *whole;
}

Result<bool> flag_or(JsonValue object, std::string_view name, bool fallback) {
  const JsonValue value = object.find(name);
  if (!value.present() || value.is_null()) return fallback;
  if (!value.is(JsonKind::boolean)) return wrong(name, "true or false");
  return value.is_true();
}

Result<std::vector<std::string>> texts_of(JsonValue object, std::string_view name) {
  std::vector<std::string> out;
  const JsonValue value = object.find(name);
  if (!value.present() || value.is_null()) return out;
  if (!value.is(JsonKind::array)) return wrong(name, "a list of texts");
  for (JsonItems items(value); items.next();) {
    if (!items.value().is(JsonKind::string)) return wrong(name, "a list of texts");
    out.push_back(items.value().text());
  }
  return out;
}

template <class Word, std::size_t N>
Result<Word> word_of(const std::string& text, std::string_view where, const std::array<Word, N>& words,
                     std::string_view (*name_of)(Word)) {
  std::string known;
  for (const Word word : words) {
    if (name_of(word) == text) return word;
    known += (known.empty() ? "" : ", ") + std::string(name_of(word));
  }
  return Error{Errc::bad_input, fmt::format("'{}' is none of the words here", text.substr(0, 40)),
               std::string(where), "one of " + known};
}

Status read_title(JsonValue object, model::SurveyText& title) {
  const JsonValue value = object.find("title");
  if (!value.present() || value.is_null()) return {};
  if (value.is(JsonKind::string)) {
    title.en = title.hans = title.hant = value.text();
    return {};
  }
  RAPPORT_TRY(title.en, text_or(value, "en", ""));
  RAPPORT_TRY(title.hans, text_or(value, "zh-Hans", ""));
  RAPPORT_TRY(title.hant, text_or(value, "zh-Hant", ""));
  return {};
}

/// Letters, digits, '-', '_' and '.', beginning with none of the three, and whatever is no ASCII: an id
/// stands in paths, and '..' or a control character would not arrive there as it was sent.
Status check_id(std::string_view id) {
  const auto is_alnum = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  const bool fits = !id.empty() && id.size() <= Scene::kIdMostBytes && is_alnum(id.front()) &&
                    std::all_of(id.begin(), id.end(),
                                [&](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
  if (fits) return {};
  return Error{Errc::bad_input, "this is no id of a scene", "scene_id",
               fmt::format("1 .. {} bytes: letters, digits, '-', '_', '.', beginning with a letter or digit",
                           Scene::kIdMostBytes)};
}

Result<SceneLane> read_lane(JsonValue json) {
  if (!json.is(JsonKind::object)) return wrong("lanes", "objects with lane, share and source");
  SceneLane lane;
  RAPPORT_TRY(lane.name, text_or(json, "lane", ""));
  if (lane.name.empty()) return wrong("lane", "a name");
  RAPPORT_TRY(lane.share, whole_or(json, "share", 0, 100));
  RAPPORT_TRY(const std::string source, text_or(json, "source", "offers"));
  RAPPORT_TRY(lane.source, word_of(source, "source", model::kSceneSources, model::scene_source_name));
  RAPPORT_TRY(const std::vector<std::string> kinds, texts_of(json, "kinds"));
  for (const std::string& kind : kinds) {
    RAPPORT_TRY(const model::OfferKind one,
                word_of(kind, "kinds", model::kOfferKinds, model::offer_kind_name));
    lane.kinds.push_back(one);
  }
  if (lane.kinds.empty()) lane.kinds.push_back(model::OfferKind::product);
  RAPPORT_TRY(lane.only, texts_of(json, "only"));
  RAPPORT_TRY(lane.prefer, texts_of(json, "prefer"));
  return lane;
}

Status read_lanes(JsonValue json, Scene& scene) {
  const JsonValue lanes = json.find("lanes");
  if (!lanes.present() || !lanes.is(JsonKind::array)) return wrong("lanes", "a list of lanes");
  std::int64_t shares = 0;
  for (JsonItems items(lanes); items.next();) {
    Result<SceneLane> lane = read_lane(items.value());
    if (!lane.ok()) return std::move(lane).error().at(fmt::format("lanes[{}]", scene.lanes.size()));
    if (std::any_of(scene.lanes.begin(), scene.lanes.end(),
                    [&](const SceneLane& before) { return before.name == lane->name; }))
      return Error{Errc::bad_input, fmt::format("two lanes are called '{}'", lane->name.substr(0, 40)),
                   fmt::format("lanes[{}].lane", scene.lanes.size()), "a name of its own for every lane"};
    shares += lane->share;
    scene.lanes.push_back(std::move(*lane));
  }
  if (scene.lanes.empty() || scene.lanes.size() > Scene::kLanesMost)
    return fail(Errc::bad_input, "a scene of {} lanes", scene.lanes.size());
  if (shares != 100)
    return Error{Errc::bad_input, fmt::format("the shares add up to {}", shares), "lanes", "100"};
  return {};
}

/// A moment, or `fallback` when none is told.
Result<Instant> moment_or(JsonValue object, std::string_view name, Instant fallback) {
  const JsonValue value = object.find(name);
  if (!value.present() || value.is_null()) return fallback;
  if (!value.is(JsonKind::string)) return wrong(name, "a moment, 2026-11-11T00:00:00+08:00");
  auto moment = parse_instant(value.text());
  if (!moment.ok()) return std::move(moment).error().at(name);
  return *moment;
}

template <class Timed>
Status read_times(JsonValue json, Timed& timed) {
  RAPPORT_TRY(timed.from, moment_or(json, "from", Instant::min()));
  RAPPORT_TRY(timed.until, moment_or(json, "until", Instant::never()));
  if (timed.until <= timed.from) return wrong("until", "after from");
  return {};
}

/// ["P-1", {"id": "B-coffee", "points": 0.2, "from": ..., "until": ...}]
Status read_hands(JsonValue json, std::string_view name, bool boosts, std::vector<model::SceneHand>& hands) {
  const JsonValue list = json.find(name);
  if (!list.present() || list.is_null()) return {};
  const std::string expected = boosts ? "a list of {id, points, from?, until?}, points of -10 .. 10"
                                      : "a list of ids or {id, from?, until?}";
  if (!list.is(JsonKind::array)) return wrong(name, expected);
  for (JsonItems items(list); items.next();) {
    model::SceneHand hand;
    const JsonValue item = items.value();
    if (item.is(JsonKind::string) && !boosts) {
      hand.id = item.text();
    } else if (item.is(JsonKind::object)) {
      RAPPORT_TRY(hand.id, text_or(item, "id", ""));
      if (const Status times = read_times(item, hand); !times.ok()) return Error(times.error()).at(name);
    }
    if (boosts && item.is(JsonKind::object)) {
      const JsonValue points = item.find("points");
      const auto told = points.present() && points.is(JsonKind::number) ? points.scaled(3) : std::nullopt;
      constexpr std::int64_t kMost = 10'000;
      if (!told || *told < -kMost || *told > kMost) return wrong(name, expected);
      hand.points = *told;
    }
    if (hand.id.empty()) return wrong(name, expected);
    hands.push_back(std::move(hand));
  }
  return {};
}

void write_times(JsonWriter& json, Instant from, Instant until) {
  if (from != Instant::min()) json.field("from", from);
  if (until != Instant::never()) json.field("until", until);
}

void write_hands(JsonWriter& json, std::string_view name, bool boosts,
                 const std::vector<model::SceneHand>& hands) {
  if (hands.empty()) return;
  json.key(name);
  json.begin_array();
  for (const model::SceneHand& hand : hands) {
    if (!boosts && hand.from == Instant::min() && hand.until == Instant::never()) {
      json.text(hand.id);
      continue;
    }
    json.begin_object();
    json.field("id", hand.id);
    if (boosts) {
      json.key("points");
      json.thousandths(hand.points);
    }
    write_times(json, hand.from, hand.until);
    json.end_object();
  }
  json.end_array();
}

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  json.key(name);
  json.begin_array();
  for (const std::string& text : texts) json.text(text);
  json.end_array();
}

/// A member that is a text, or the first of a list of texts.
std::string first_text(JsonValue object, std::string_view name) {
  const JsonValue value = object.find(name);
  if (!value.present()) return {};
  if (value.is(JsonKind::string)) return value.text();
  if (!value.is(JsonKind::array)) return {};
  JsonItems items(value);
  return items.next() && items.value().is(JsonKind::string) ? items.value().text() : std::string();
}

std::string first_of(JsonValue object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (std::string text = first_text(object, name); !text.empty()) return text;
  }
  return {};
}

/// A number, or a text that is one, times 10^decimals.
std::optional<std::int64_t> number_of(JsonValue object, std::string_view name, int decimals) {
  const JsonValue value = object.find(name);
  if (!value.present()) return std::nullopt;
  if (value.is(JsonKind::number)) return value.scaled(decimals);
  return value.is(JsonKind::string) ? scaled_decimal(value.text(), decimals) : std::nullopt;
}

Instant time_of(JsonValue object, std::string_view name, Instant fallback) {
  const JsonValue value = object.find(name);
  if (!value.present() || !value.is(JsonKind::string)) return fallback;
  const auto time = parse_instant(value.text());
  return time.ok() ? *time : fallback;
}

}  // namespace

Result<Scene> parse_scene(std::string_view id, std::string_view noun) {
  JsonIndex index;
  RAPPORT_CHECK(index.parse(noun));
  const JsonValue json = index.root();
  if (!json.is(JsonKind::object)) return wrong("", "an object");
  RAPPORT_CHECK(check_id(id));
  Scene scene;
  scene.id = id;
  RAPPORT_CHECK(read_title(json, scene.title));
  RAPPORT_TRY(scene.rank, whole_or(json, "rank", 100, 1'000'000));
  RAPPORT_TRY(scene.trigger, text_or(json, "trigger", ""));
  RAPPORT_TRY(scene.other_category, flag_or(json, "other_category", false));
  RAPPORT_TRY(scene.needs_product, flag_or(json, "needs_product", false));
  RAPPORT_TRY(scene.category_cap, whole_or(json, "category_cap", 0, 1'000));
  RAPPORT_TRY(scene.holdout, whole_or(json, "holdout", 5, 100));
  RAPPORT_TRY(scene.explore, whole_or(json, "explore", 5, 50));
  RAPPORT_TRY(scene.stopped, flag_or(json, "stopped", false));
  RAPPORT_CHECK(read_times(json, scene));
  RAPPORT_CHECK(read_hands(json, "pins", false, scene.pins));
  RAPPORT_TRY(scene.left_out, texts_of(json, "left_out"));
  RAPPORT_CHECK(read_hands(json, "boosts", true, scene.boosts));
  if (std::max({scene.pins.size(), scene.left_out.size(), scene.boosts.size()}) > Scene::kHandsMost)
    return fail(Errc::too_large, "more than {} ids in one hand of a scene", Scene::kHandsMost);
  RAPPORT_TRY(scene.drafted_by, text_or(json, "drafted_by", ""));
  RAPPORT_TRY(scene.approved_by, text_or(json, "approved_by", ""));
  RAPPORT_TRY(scene.published_by, text_or(json, "published_by", ""));
  RAPPORT_TRY(const std::string policy, text_or(json, "policy", "thompson"));
  RAPPORT_TRY(scene.policy, word_of(policy, "policy", model::kScenePolicies, model::scene_policy_name));
  RAPPORT_CHECK(read_lanes(json, scene));
  return scene;
}

void write_scene(JsonWriter& json, const Scene& scene) {
  json.begin_object();
  json.field("scene_id", scene.id);
  json.key("title");
  write_survey_text(json, scene.title);
  json.field("rank", scene.rank);
  json.field("trigger", scene.trigger);
  if (scene.other_category) json.field("other_category", true);
  if (scene.needs_product) json.field("needs_product", true);
  json.field("category_cap", scene.category_cap);
  json.field("holdout", scene.holdout);
  json.field("explore", scene.explore);
  json.field("policy", model::scene_policy_name(scene.policy));
  json.field("stopped", scene.stopped);
  write_times(json, scene.from, scene.until);
  write_hands(json, "pins", false, scene.pins);
  write_texts(json, "left_out", scene.left_out);
  write_hands(json, "boosts", true, scene.boosts);
  json.key("lanes");
  json.begin_array();
  for (const SceneLane& lane : scene.lanes) {
    json.begin_object();
    json.field("lane", lane.name);
    json.field("share", lane.share);
    json.field("source", model::scene_source_name(lane.source));
    json.key("kinds");
    json.begin_array();
    for (const model::OfferKind kind : lane.kinds) json.text(model::offer_kind_name(kind));
    json.end_array();
    write_texts(json, "only", lane.only);
    write_texts(json, "prefer", lane.prefer);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

Result<model::Offer> parse_offer(model::OfferKind kind, std::string_view id, std::string_view noun) {
  JsonIndex index;
  RAPPORT_CHECK(index.parse(noun));
  const JsonValue json = index.root();
  if (!json.is(JsonKind::object)) return wrong("", "an object");
  model::Offer offer;
  offer.kind = kind;
  offer.id = id;
  const std::string told = first_text(json, "item_kind");
  for (const model::OfferKind word : model::kOfferKinds) {
    if (model::offer_kind_name(word) == told) offer.kind = word;
  }
  offer.title = first_of(json, {"title", "name", "title_en", "name_en"});
  offer.title_en = first_of(json, {"title_en", "name_en", "title", "name"});
  offer.category = first_text(json, "category");
  offer.category_en = first_text(json, "category_en");
  offer.department = first_text(json, "department");
  offer.goes_with = first_text(json, "goes_with");
  offer.word = first_of(json, {"reason", "term", "purpose"});
  if (const auto currency = Currency::parse(first_text(json, "currency")); currency.ok())
    offer.currency = *currency;
  const int decimals = offer.currency ? offer.currency->decimals() : 2;
  offer.price_minor = number_of(json, "price", decimals).value_or(-1);
  offer.stock = number_of(json, "stock", 0);
  offer.repurchase_days = number_of(json, "repurchase_days", 0);
  const JsonValue hidden = json.find("hidden");
  offer.hidden = hidden.present() && hidden.is(JsonKind::boolean) && hidden.is_true();
  offer.from = time_of(json, "from", Instant::min());
  offer.until = time_of(json, "until", Instant::never());
  const JsonValue products = json.find("product_ids");
  if (products.present()) {
    for (JsonItems items(products); items.next();) {
      if (items.value().is(JsonKind::string)) offer.products.push_back(items.value().text());
    }
  }
  return offer;
}

}  // namespace rapport::codec
