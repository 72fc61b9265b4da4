#pragma once

#include <string_view>
#include <vector>

#include "model/answers/ingest.h"
#include "model/identifier.h"
#include "store/store.h"

/// Events that could not be accepted, as the store keeps them.
namespace rapport::engine {

/// Errors: corrupt.
Result<model::DeadLetterAnswer> decode_dead_letter(const store::DeadLetter& stored);

/// Whether the text of a wrong event names one of these: a text or number in it is such an identifier,
/// however it is written, or holds one of six bytes and more. What is no JSON is searched as it stands.
bool names_one_of(std::string_view raw, const std::vector<model::Identifier>& identifiers);

/// Destroys the shop's dead letters that name one of these. Gives how many; their bytes are gone when it
/// returns. Not on the shop thread.
Result<std::size_t> drop_dead_letters(store::Store& store, ShopNo shop,
                                      const std::vector<model::Identifier>& identifiers);

}  // namespace rapport::engine
