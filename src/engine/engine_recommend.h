#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/engine.h"
#include "model/offer.h"

/// Recommendations: a list for one customer in one scene, with reasons that add up to each score, and an id
/// by which what becomes of it is counted.
namespace rapport::engine {

struct RecommendQuery {
  std::string customer;      ///< c_<n>, kind:value or a user id; "": nobody is known
  std::string anonymous_id;  ///< in place of it; an unknown one is nobody
  /// Whether the anonymous id stands for the customer it is linked to. Not for public keys: only what events
  /// told that carried it themselves is theirs to see.
  bool follows_links = false;
  std::string scene;                              ///< "": the first by rank whose trigger holds
  std::string product;                            ///< in view; "": none
  std::size_t count = 10;                         ///< 1 .. 100
  std::optional<std::uint64_t> seed;              ///< the same seed at the same position gives the same list
  std::string region;                             ///< when the customer's own is not known
  std::int64_t price_least = 0, price_most = -1;  ///< of products, in minor units; -1: any
  std::vector<std::string> left_out;              ///< ids not to be shown
  /// Shows what the scene's draft would, whenever it is to serve; not_found without one. The list has no
  /// decision id, so that nothing comes of it.
  bool draft = false;
  std::optional<EventSeq> after;  ///< waits until this position is folded
};

struct RecommendReason {
  std::string kind;      ///< decide::evidence_name
  std::string lane;      ///< "" for an operator's hand, variety and what filled the list up
  double points = 0;     ///< all reasons of an item add up to its score
  std::string offer_id;  ///< because of this one; "" when the kind names none
  std::string offer_title, offer_title_en;
  std::string evidence;                                 ///< in English, with its numbers
  std::vector<std::pair<std::string, double>> figures;  ///< the same numbers by name
};

struct RecommendedItem {
  model::OfferKind kind = model::OfferKind::product;
  std::string id, title, title_en, category;
  double score = 0, propensity = 1;
  std::string rung, lane;
  std::vector<RecommendReason> reasons;
};

/// What an operator did that touched this answer.
struct RecommendHand {
  std::string hand;  ///< pin, boost, left_out, stopped, hold_out, schedule, approved, draft
  std::string id;    ///< of the offer; "" for the whole list
  std::string by;    ///< SceneAuthor::who; "" when it was not kept
};

struct RecommendAnswer {
  std::string decision_id, scene, title_en, title_hans, title_hant;
  std::string policy;  ///< digest of the scene as it holds now
  std::string models;  ///< digest; "" when none are trained
  std::string rung, customer, user_class;
  bool held_out = false, stopped = false, personalised = true, triggered = true;
  std::uint64_t seed = 0;
  EventSeq known_at;
  std::vector<RecommendedItem> items;
  std::vector<RecommendHand> hands;
};

/// Whoever changes a scene.
struct SceneAuthor {
  std::string who = "owner";  ///< "user:3", "key:7", "owner" (of the folder)
  bool may_publish = true;    ///< else only drafts
  bool may_approve = true;    ///< drafts of others
  bool may_approve_own = true;
};

/// The scenes with their shares, what they learned and how they do, and the drafts that wait; as JSON.
void recommendation_scenes(Engine& engine, ShopNo shop, Reply<std::string> reply);
/// Publishes a scene (Scene Published), at once, or with `"state":"draft"` in the body as a draft that waits
/// and serves nobody. Who did it stands in the event. Errors: bad_input naming the member; forbidden for an
/// author who may only draft.
void publish_scene(Engine& engine, ShopNo shop, std::string id, std::string body, SceneAuthor author,
                   Reply<std::string> reply);
/// Publishes the draft as it stands; `body` may name its `draft` digest, so that nobody approves what he has
/// not seen. Errors: not_found without a draft; conflict for another digest; forbidden for who may not, or
/// wrote it himself.
void approve_scene(Engine& engine, ShopNo shop, std::string id, std::string body, SceneAuthor author,
                   Reply<std::string> reply);
/// The draft waits no longer. Errors: not_found; forbidden for who neither wrote it nor may approve.
void withdraw_draft(Engine& engine, ShopNo shop, std::string id, SceneAuthor author,
                    Reply<std::string> reply);

}  // namespace rapport::engine
