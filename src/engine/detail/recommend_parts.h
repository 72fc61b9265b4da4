#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "decide/offer_book.h"
#include "decide/recommend.h"
#include "engine/detail/recommend_desk.h"
#include "engine/detail/scene_ledger.h"
#include "engine/detail/taken.h"
#include "views/rule_eval.h"

/// The steps of RecommendDesk: fetching what to answer from, choosing the scene, putting the answer together.
namespace rapport::engine {

/// A scene's draft is a noun of its own, under the scene's id and this.
inline constexpr std::string_view kDraftSuffix = "@draft";
/// Neither approved nor withdrawn.
bool is_waiting_draft(std::string_view noun);
/// What a draft is named by, so that nobody approves what he has not seen.
std::string draft_digest(std::string_view noun);

/// Takes out scenes that could not serve, whoever sent them as events: the one before goes on serving, and
/// the reason is kept with the dead letter.
void refuse_broken_scenes(IngestRequest& request);

struct ServingScene {
  model::Scene scene;
  std::optional<views::Rule> trigger;                  ///< none: "true"
  bool never = false;                                  ///< no trigger is written: only when asked for by name
  Digest policy{};                                     ///< of its JSON
  std::uint16_t lanes = 0;                             ///< decide::lanes_digest
  std::map<std::uint8_t, std::vector<double>> shares;  ///< by user class; of kOther for all others
  std::string draft, drafted_at;                       ///< of a draft: its digest, and when it was written
};

struct RecommendDesk::Serving {
  std::shared_ptr<const Shelf::Models> models;  ///< null: none were trained
  std::shared_ptr<const decide::OfferBook> book;
  std::vector<ServingScene> scenes;  ///< by rank
  std::vector<ServingScene> drafts;  ///< by id; they serve nobody
  std::string key;                   ///< of tokens
  std::uint64_t published = 0, folded = 0;
  std::int64_t rests_until_ns = 0, counts_due_ns = 0, ledger_due_ns = 0;
  Instant driven_at;  ///< where a driven clock stood when it was begun
};

struct RecommendDesk::Known {
  decide::Visit visit;
  CustomerId customer;
  std::string user_class = "other", key;  ///< key: whom the hold-out and the seed go by; "" for nobody
  std::uint8_t class_number = SceneLedger::kOther;
  bool personalised = true, triggered = true, reads_own_records = false;
  NodeId node;  ///< whose records to read
  EventSeq position;
  const ServingScene* scene = nullptr;  ///< of the Serving that it was looked up in
};

/// Copies the nouns and counters in pieces and makes the book. Not on the shop thread.
Status fetch_offers(Shop& shop, RecommendDesk::Serving& serving);
/// The shipped scenes, and those published in their place or beside them. One that does not parse is passed
/// over with a line in the log.
Status fetch_scenes(Shop& shop, RecommendDesk::Serving& serving);
/// What each scene's lanes learned, by user class.
void learn_shares(const SceneLedger& ledger, RecommendDesk::Serving& serving);
Result<std::string> write_scenes(const RecommendDesk::Serving& serving, const SceneLedger& ledger);

std::vector<decide::Seen> seen_of(const std::vector<Taken>& taken, const decide::OfferBook& book);
/// On the shop thread. Errors: not_found.
Result<const ServingScene*> choose_scene(const RecommendQuery& query, const RecommendDesk::Serving& serving,
                                         RecommendDesk::Known& known, const views::FactsView* facts,
                                         const views::RuleContext& context);
Result<decide::RecommendRequest> request_of(const RecommendQuery& query,
                                            const RecommendDesk::Serving& serving,
                                            const RecommendDesk::Known& known);
RecommendAnswer answer_of(const RecommendQuery& query, const RecommendDesk::Serving& serving,
                          const RecommendDesk::Known& known, const decide::RecommendRequest& request,
                          const decide::Decision& decision);

}  // namespace rapport::engine
