#pragma once

#include <string>

#include "engine/engine.h"

/// Hypothesis cards: "if we warn of the margin early, then fewer accounts blow up, by the end of March". A
/// card says beforehand what is measured, on whom, how large an effect is promised and what must not get
/// worse; then it stands for ever. Customers come to its arms by a hash, each an event; on its date it is
/// judged by fixed questions over the shop's own facts, once. Answers are JSON (openapi.json describes them).
namespace rapport::engine {

/// The metrics, and the cards with where they stand.
void hypotheses(Engine& engine, ShopNo shop, Reply<std::string> reply);
/// One card; judged when its date has come. Errors: not_found.
void hypothesis(Engine& engine, ShopNo shop, std::string id, Reply<std::string> reply);
/// How many customers it takes, by the metric's own baseline: {metric, effect, ...}. Errors: bad_input naming
/// the member; refused when the facts are too few to plan by.
void hypothesis_power(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);
/// Errors: as hypothesis_power; conflict for an id that is registered.
void register_hypothesis(Engine& engine, ShopNo shop, std::string id, std::string body,
                         Reply<std::string> reply);
/// One customer, or the next `most` who have no arm yet. Errors: not_found; refused outside the segment;
/// conflict after the date.
void assign_hypothesis(Engine& engine, ShopNo shop, std::string id, std::string customer, std::int64_t most,
                       Reply<std::string> reply);
/// Errors: not_found; conflict before the date.
void hypothesis_verdict(Engine& engine, ShopNo shop, std::string id, Reply<std::string> reply);

/// Judges every card whose date has come and that has no verdict; how many that were. Cheap when there is
/// none: the lens is not asked.
void judge_due_hypotheses(Engine& engine, ShopNo shop, Reply<std::size_t> reply);

}  // namespace rapport::engine
