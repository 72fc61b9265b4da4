#pragma once

#include <optional>

#include "engine/detail/impl.h"

namespace rapport::engine {

/// Read your writes: returns when that position is folded, at once for none. On any thread but the shop's.
/// Errors: unavailable for a position that was never stamped; overloaded.
Status wait_until_folded(ShopUnit& unit, std::optional<EventSeq> after);

}  // namespace rapport::engine
