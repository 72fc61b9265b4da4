#pragma once

#include <string>

#include "engine/detail/inquiry.h"
#include "engine/engine.h"
#include "model/answers/shopfront.h"

/// A visitor's own things for work that goes on beside the shop thread.
namespace rapport::engine {

/// What GET /v1/shop/me shows this browser, with the proof that its page carries ("" = none). Waits; not on
/// the shop thread and not on that of the shopfront. Errors: unauthorized for a wrong proof; overloaded.
Result<model::VisitorAnswer> things_of(Engine& engine, ShopNo shop, const model::Identifier& who,
                                       const std::string& proof);

/// Whose event made an appointment: what cancels it has to be of the same. Errors: conflict once it is
/// erased.
Result<model::Identifier> identifier_of(ShopUnit& unit, NodeId node);

}  // namespace rapport::engine
