#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "world/world.h"

/// A simulated world told to a shop of a data folder: its history as an import, its last days live, on the
/// shop's driven clock. Its visitors are shown what the shop itself recommends, and what they
/// say is seen to (desk_staff.h). Whoever holds the folder sees
/// segments flip and the tail move as they would.
namespace rapport::app {

struct SimulatedRun {
  std::uint64_t imported = 0, played = 0;
  std::uint64_t lists = 0;        ///< that the shop was asked for and showed
  std::uint64_t staff_moves = 0;  ///< what the staff did on tickets of feedback
  Instant clock;                  ///< where the shop's clock stands
};

struct SimulatedShop {
  world::WorldOptions world;
  std::string data, shop;
  bool live = false;
  double speed = 3'600;         ///< seconds of the world a second; 3,600 = an hour a second
  std::int32_t live_days = 30;  ///< the last so many days are played live
  /// From so many days before the live part on (at most half of the history) the shop's own models are
  /// trained and visitors see the lists that it makes for them; 0: never.
  std::int32_t lists_days = 14;
  /// Called when the history is in, and then several times a second while the last days are played.
  std::function<void(const SimulatedRun&)> told = {};
};

/// Makes the shop, with a driven clock, when it is not there. A live shop that was told this same world
/// before goes on from where its clock stands: the note of it lies beside the log (simulated_SHOP.txt), and
/// what is sent once more is known by its message id. Errors: conflict for a shop on the wall clock or one
/// with another history; the API's.
Result<SimulatedRun> tell_to_shop(const SimulatedShop& simulated);

}  // namespace rapport::app
