#pragma once

#include <optional>
#include <vector>

#include "engine/detail/shop.h"

namespace rapport::engine {

/// Under which name a message in the shop waits for a customer: her user id, another name for which the
/// shop's server can vouch (engine_visitor.h), or the browser she used last when browsers are all that is
/// known of her. Whoever has a name could be claimed by any browser. Nothing when no browser or app of hers
/// is known. On the shop thread.
std::optional<NodeId> shop_message_node(Shop& shop, const std::vector<NodeId>& nodes);

}  // namespace rapport::engine
