#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "decide/offer_book.h"
#include "learn/artefact.h"
#include "model/scene.h"

/// A list of recommendations for one customer in one scene: pure in what it is given.
namespace rapport::decide {

/// The step of the cold-start ladder on which an item stands, the most personal first.
enum class Rung : std::uint8_t {
  personal,   ///< out of her own purchases and views
  context,    ///< out of the product in view
  region,     ///< sold most where she is
  policy,     ///< an offer that the scene names
  shop,       ///< sold most, or lately
  catalogue,  ///< nothing is known: any offer there is
};
std::string_view rung_name(Rung rung);

/// What a reason rests on. Fields that a kind does not name are 0.
struct Evidence {
  enum class Kind : std::uint8_t {
    bought,         ///< because she bought `offer`
    viewed,         ///< because she viewed `offer`
    others,         ///< and other things of hers
    in_view,        ///< because `offer` is in view
    rule,           ///< who takes `offer` takes this: both, left, right of `baskets`
    category_rule,  ///< the same of `offer`'s category and this one's
    due,            ///< she buys it every `days`; due since `over_days` (negative: in so many days)
    category,       ///< she looked `count` times at its category
    region,         ///< share of what is sold in her region
    trend,          ///< share of what is sold lately
    top,            ///< share of what is sold in the whole shop
    offer,          ///< the scene's own offer; `offer`, when it fits that one of hers
    need,           ///< an offer that meets her need number `count` of the visit, of strength `share`
    newest,         ///< published lately
    variety,        ///< less, because `count` of its category stand above it
    boost,          ///< an operator's hand
    pin,            ///< an operator's hand
    any,            ///< nothing else was left
  };
  Kind kind = Kind::any;
  OfferNo offer = 0;
  bool has_offer = false;
  std::uint32_t both = 0, left = 0, right = 0, count = 0;
  std::uint64_t baskets = 0;
  double share = 0, days = 0, over_days = 0;
  std::string_view model;  ///< of tastes, that says so; "" for the other kinds
};
std::string_view evidence_name(Evidence::Kind kind);

/// One term of a score: the points of all reasons of an item add up to its score.
struct Reason {
  std::uint8_t lane = 0;  ///< of the scene; kNoLane for an operator's hand, variety and what filled up
  double points = 0;
  Evidence evidence;
};
inline constexpr std::uint8_t kNoLane = 0xff;

struct Recommended {
  OfferNo offer = 0;
  double score = 0;
  Rung rung = Rung::catalogue;
  std::uint8_t lane = kNoLane;  ///< from which it was taken
  double propensity = 1;        ///< probability of this item at this place, given the places above it
  std::uint16_t open = 0;       ///< lanes that had something left for this place, a bit each
  std::vector<Reason> reasons;
};

/// One thing that she took or looked at, before now.
struct Seen {
  OfferNo product = 0;
  bool bought = false;
  std::int64_t time_ms = 0;
};

/// What she was predicted to want next, and holds still.
struct VisitNeed {
  std::string need, form;  ///< as told, and its text::comparison_form
  double strength = 0;     ///< [0, 1]
};

/// What is known of the customer at this moment; empty of somebody unknown.
struct Visit {
  std::vector<Seen> seen;  ///< by rising time
  std::string region;
  Instant now;
  std::vector<VisitNeed> needs;
  bool may_market = true;  ///< false: she wants no coupons and no calls
};

struct RecommendRequest {
  static constexpr std::size_t kMost = 100;
  std::size_t count = 10;
  std::optional<OfferNo> in_view;
  std::uint64_t seed = 0;
  std::vector<double> shares;  ///< of the scene's lanes, adding up to 1; as written when empty
  std::int64_t price_least = 0, price_most = -1;   ///< minor units; -1: any
  std::vector<OfferNo> left_out;                   ///< not to be shown, ascending
  std::vector<std::pair<OfferNo, double>> boosts;  ///< points added to everything in a lane of these offers
  std::vector<OfferNo> pins;                       ///< first, in this order, when they may be shown at all
  bool best_sellers_only = false;                  ///< held out, or stopped
};

struct Decision {
  std::vector<Recommended> items;
  Rung rung = Rung::catalogue;  ///< the most personal of its items'
};

/// Exactly `count` items whenever as many may be shown; fewer otherwise, and never one that may not. Places
/// are filled one by one: a lane is drawn by its share among those with candidates left, its best candidate
/// is taken, or with the scene's probability of exploring any of its next few. `models` may be null. The same
/// input gives the same decision on every processor.
Decision recommend(const OfferBook& book, const learn::ModelSet* models, const model::Scene& scene,
                   const Visit& visit, const RecommendRequest& request);

/// Whether a model, as it was trained ("als:factors=64"), is one of tastes: item-*, als or ease.
bool is_taste(std::string_view spec);
/// The model of tastes from which lanes of the source `like` draw: the first of the set. Null when there is
/// none.
const learn::KeptModel* serving_like(const learn::ModelSet& models);

/// She bought in one category and looked at least three times in 30 days at another in which she never
/// bought: the trigger of "related need".
bool looks_at_other_category(const OfferBook& book, const Visit& visit);

}  // namespace rapport::decide
