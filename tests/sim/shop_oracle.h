#pragma once

#include <string>

#include "history.h"

namespace rapport::sim {

/// What ShopState::canonical_state must be at kEnd, worked out from the set of happenings by the most obvious
/// means: sets and maps by name, and every rule, written out by hand, asked at every moment of the grid.
/// Shares no code with the fold, and the rules' meaning neither with the rule language.
std::string oracle_state(const History& history);

}  // namespace rapport::sim
