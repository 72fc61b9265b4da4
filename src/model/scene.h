#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/offer.h"
#include "model/survey.h"

namespace rapport::model {

/// Where a lane of a scene takes its candidates from.
enum class SceneSource : std::uint8_t {
  region,     ///< sold most in the customer's region, pulled to the whole shop when that is thin
  trend,      ///< sold much lately
  due,        ///< what she buys again about now
  like,       ///< taken by those who took what she took
  goes_with,  ///< bought together with what is in view, or with her last purchases
  alike,      ///< described like what is in view, or like what she looked at
  category,   ///< sold most in the categories that she looks at
  offers,     ///< offers of the lane's kinds as published
  newest,     ///< published lately
};
inline constexpr std::array kSceneSources = {
    SceneSource::region,   SceneSource::trend,     SceneSource::due,
    SceneSource::like,     SceneSource::goes_with, SceneSource::alike,
    SceneSource::category, SceneSource::offers,    SceneSource::newest};
constexpr std::string_view scene_source_name(SceneSource source) {
  constexpr std::string_view kNames[] = {"region", "trend",    "due",    "like",  "goes_with",
                                         "alike",  "category", "offers", "newest"};
  return kNames[static_cast<std::size_t>(source)];
}

/// How the shares of a scene's lanes learn from what happened.
enum class ScenePolicy : std::uint8_t {
  fixed,       ///< as written
  literal,     ///< +10 % of a share on a click or purchase, -5 % when ignored
  calibrated,  ///< +10 %, and a step down that keeps a share where the scene's own base rate is met
  thompson,    ///< discounted Thompson sampling with the scene's lanes over all classes as prior
};
inline constexpr std::array kScenePolicies = {ScenePolicy::fixed, ScenePolicy::literal,
                                              ScenePolicy::calibrated, ScenePolicy::thompson};
constexpr std::string_view scene_policy_name(ScenePolicy policy) {
  constexpr std::string_view kNames[] = {"fixed", "literal", "calibrated", "thompson"};
  return kNames[static_cast<std::size_t>(policy)];
}

struct SceneLane {
  std::string name;
  std::int64_t share = 0;  ///< of 100
  SceneSource source = SceneSource::trend;
  std::vector<OfferKind> kinds;     ///< empty: products
  std::vector<std::string> only;    ///< words of which an offer must hold one
  std::vector<std::string> prefer;  ///< words whose offers come first
};

/// An operator's hand on one offer, while it holds.
struct SceneHand {
  std::string id;
  std::int64_t points = 0;  ///< of a boost, thousandths of a point
  Instant from = Instant::min(), until = Instant::never();
  bool holds(Instant now) const { return from <= now && now < until; }
  friend bool operator==(const SceneHand&, const SceneHand&) = default;
};

/// What is shown where, to whom and in what proportion: policy as data.
struct Scene {
  static constexpr std::size_t kLanesMost = 16, kIdMostBytes = 32, kHandsMost = 200;
  std::string id;
  SurveyText title;
  std::int64_t rank = 100;        ///< of the scenes whose trigger holds the lowest serves
  std::string trigger;            ///< a rule (docs/formats/rules.md); "" never serves unasked
  bool other_category = false;    ///< and she bought in one category and looks at another, 3 times and more
  bool needs_product = false;     ///< serves only beside a product
  std::vector<SceneLane> lanes;   ///< shares add up to 100
  std::int64_t category_cap = 0;  ///< at most so many of one category; 0: half of the list, rounded up
  std::int64_t holdout = 5;  ///< percent of customers who get best-sellers, so that the effect can be told
  std::int64_t explore = 5;  ///< percent of places given to a random one of a lane's next best
  ScenePolicy policy = ScenePolicy::thompson;
  // Operators' hands: each change of them is an event (Scene Published), each is named in what it touches.
  std::vector<SceneHand> pins;        ///< ids that come first
  std::vector<std::string> left_out;  ///< ids that are not shown
  std::vector<SceneHand> boosts;
  bool stopped = false;  ///< emergency stop: best-sellers for everybody
  /// Serves only within these.
  Instant from = Instant::min(), until = Instant::never();
  /// Who did it: "user:3", "key:7", "owner"; "" for what ships and for what was published before it was kept.
  std::string drafted_by, approved_by, published_by;
};

}  // namespace rapport::model
