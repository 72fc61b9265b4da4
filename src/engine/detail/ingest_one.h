#pragma once

#include "engine/engine.h"

namespace rapport::engine {

/// Engine::ingest for one event, answered with its position once it is durable.
void ingest_one(Engine& engine, ShopNo shop, model::Event event, Reply<EventSeq> reply);

}  // namespace rapport::engine
