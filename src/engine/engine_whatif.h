#pragma once

#include <string>

#include "engine/engine.h"

/// What another policy would have earned in a scene, told from the shop's own log. Answers are JSON
/// (openapi.json describes them).
namespace rapport::engine {

/// `body`: {policy? "fixed" | "literal" | "calibrated" | "thompson", shares? {"lane": percent, ...} adding up
/// to 100, scene? a whole scene, days? 90, seed? 1}. Without any of the first three: all four policies side
/// by side. Errors: not_found for the scene; bad_input naming the member.
void whatif_scene(Engine& engine, ShopNo shop, std::string id, std::string body, Reply<std::string> reply);

}  // namespace rapport::engine
