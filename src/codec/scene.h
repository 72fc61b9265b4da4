#pragma once

#include <map>
#include <string>
#include <string_view>

#include "codec/json_writer.h"
#include "model/event.h"
#include "model/scene.h"

/// Scenes and offers as JSON: the nouns of `Scene Published`, `Product Published` and their like.
namespace rapport::codec {

/// Errors: bad_input naming the member: unknown words, shares that do not add up to 100, no lane.
Result<model::Scene> parse_scene(std::string_view id, std::string_view noun);
/// As parse_scene reads it, without who drafted, approved and published it.
void write_scene(JsonWriter& json, const model::Scene& scene);
/// The scenes that come with the program (scenes/*.json), by id. A text that does not parse is a bug.
const std::map<std::string_view, std::string_view>& shipped_scenes();

/// What a published noun offers. `kind` is what publishes it, unless the noun says otherwise (`item_kind`).
/// Errors: bad_input for a text that is no JSON object.
Result<model::Offer> parse_offer(model::OfferKind kind, std::string_view id, std::string_view noun);

}  // namespace rapport::codec
