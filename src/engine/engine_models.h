#pragma once

#include <string>

#include "engine/engine.h"

/// Models of a shop, trained on its own orders and views. Answers are JSON (openapi.json describes them).
namespace rapport::engine {

/// Trains on a worker and swaps what serves without a pause. `body`: {models? ["item-bm25:neighbours=100",
/// ...]}; the shipped list when absent. Errors: bad_input for a model that there is not; refused for a shop
/// with too few orders; conflict while another training of the shop runs. On every error the models of before
/// go on serving, and the error says so.
void train_models(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);
/// What serves now, and what became of the last training.
void models(Engine& engine, ShopNo shop, Reply<std::string> reply);
/// What became of the last trainings and judgements, newest first: {"history": [{"kind": "trained" |
/// "judged",
/// ...}]}, at most Shelf::kNotesMost.
void models_history(Engine& engine, ShopNo shop, Reply<std::string> reply);
/// The rules between pairs of products that serve now, and bundles of two made out of them.
struct RulesQuery {
  static constexpr std::size_t kMost = 1'000;
  std::string item;        ///< on either side; "": any
  std::string if_item;     ///< on the left: what goes with this one
  std::string category;    ///< of either side; "": any
  std::string sort;        ///< "extra" (default), "lift", "confidence", "n", "q"
  std::size_t most = 100;  ///< rules, and bundles, at most kMost
};
/// Errors: bad_input for an unknown order; not_found for a product that the models do not know.
void model_rules(Engine& engine, ShopNo shop, RulesQuery query, Reply<std::string> reply);
/// Holds models against each other on the shop's own history, by the same extraction. `body`: {models?,
/// split?, hidden?, repeats?, k?, seeds?, seed?, tune?, against?, replicates?, views? (false), text? (false:
/// one JSON document)}. Errors: learn's; refused as above.
void evaluate_models(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);

}  // namespace rapport::engine
