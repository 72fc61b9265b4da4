#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

/// The doors through which somebody else decides what visitors of the simulated shop are shown, and who of
/// its staff takes a ticket.
namespace rapport::world {

/// A visitor is where the shop shows a list. Views are good until the answer is given.
struct Moment {
  std::uint64_t number = 0;  ///< of all of the world, from 0, in the order of time
  Instant at;
  std::string_view anonymous_id;  ///< of the device
  std::string_view user_id;       ///< "" while nobody is logged in on it
  std::string_view product;       ///< in view; "" on the first page
  std::size_t count = 4;          ///< how many places there are
};

struct ShownItem {
  std::string kind, id;  ///< "product", "content", ... as events name them
};

/// What is shown, the first place first; without items nothing is.
struct ShownList {
  std::string decision_id, scene;
  std::vector<ShownItem> items;
};

/// The longest list that a visitor is shown.
inline constexpr std::size_t kPlacesMost = 100;

/// Knows only the moment; what the visitor does with the list is the world's to say.
using Recommender = std::function<ShownList(const Moment&)>;

/// One of the desk's staff, as a desk may know its own people.
struct DeskAgent {
  int skill = 0;             ///< 0 product and use; 1 parcels and returns; 2 money and promises
  std::size_t open = 0;      ///< tickets of hers that are not solved
  Instant works_from;        ///< the beginning of her shift, or now within it
  std::int64_t minutes = 0;  ///< of work that is promised to her for today
};

/// A ticket that waits for somebody to take it; the express lane's people take theirs themselves. What it is
/// about is known by its class alone, as events tell it. Views are good until the answer is given.
struct DeskMoment {
  Instant at;
  std::string_view feedback_class;
  std::span<const DeskAgent> agents;
};

/// The agent's number. Who has not the skill reads, passes it on, and the story is told again.
using Router = std::function<std::size_t(const DeskMoment&)>;

}  // namespace rapport::world
