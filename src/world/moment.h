#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

/// The door through which somebody else decides what visitors of the simulated shop are shown.
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

}  // namespace rapport::world
