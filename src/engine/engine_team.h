#pragma once

#include <string>

#include "engine/engine.h"

/// How the service desk stands, and a card for each agent and team, held to the cases that they had.
namespace rapport::engine {

struct TeamQuery {
  std::int32_t days = 30;  ///< 7 .. 365: tickets opened since then
  std::optional<EventSeq> after_offset;
};

/// JSON (openapi.json, docs/team.md). Errors: bad_input; unavailable while the log is still being read.
void team(Engine& engine, ShopNo shop, TeamQuery query, Reply<std::string> reply);

}  // namespace rapport::engine
