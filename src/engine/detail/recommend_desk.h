#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/detail/scene_ledger.h"
#include "engine/detail/shelf.h"
#include "engine/detail/shop.h"
#include "engine/engine_recommend.h"

namespace rapport::engine {

/// Answers what to recommend in one shop. What it answers from (models, the offers as published, scenes, what
/// scenes learned) is an immutable value, made anew beside the requests when something was published or
/// trained, and once in a while.
class RecommendDesk {
 public:
  RecommendDesk(store::Store& store, Shop& shop, Shelf& shelf);
  ~RecommendDesk();
  RecommendDesk(const RecommendDesk&) = delete;

  struct Serving;
  /// What is known of whom it is for, copied on the shop thread.
  struct Known;

  /// What to answer from; null when it has to be made or made anew first. Any thread.
  std::shared_ptr<const Serving> current() const;
  /// Makes it anew where it is due. Not on the shop thread, one at a time; others wait.
  Result<std::shared_ptr<const Serving>> refresh();
  /// On the shop thread.
  Result<std::shared_ptr<Known>> know(const RecommendQuery& query, const Serving& serving,
                                      std::optional<NodeId> node, CustomerId customer) const;
  /// Beside the shop thread.
  Result<RecommendAnswer> answer(const RecommendQuery& query, const Serving& serving,
                                 const Known& known) const;
  /// Scenes as JSON; not on the shop thread.
  Result<std::string> scenes_json();
  /// What a scene showed and what became of it, to the log's end; waits for the whole log once after a start.
  /// Not on the shop thread.
  Result<SceneLedger::Past> past_of(const std::string& scene);
  /// Trained anew: the next request is answered from it.
  void models_changed();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rapport::engine
