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
/// Holds models against each other on the shop's own history, by the same extraction. `body`: {models?,
/// split?, hidden?, repeats?, k?, seeds?, seed?, tune?, against?, replicates?, views? (false), text? (false:
/// one JSON document)}. Errors: learn's; refused as above.
void evaluate_models(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);

}  // namespace rapport::engine
