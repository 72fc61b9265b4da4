#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "views/views.h"

/// Goals of the programme as they were published.
namespace rapport::engine {

struct GoalNoun {
  std::string id, body, metric;
  std::optional<double> target;
  std::optional<Instant> due;
};
/// In the order of their ids. On the shop thread.
std::vector<GoalNoun> goal_nouns(const views::ShopState& state);
/// The target of the goal with this metric that is due next at `now`; of the last one when all are past.
std::optional<double> target_of(const std::vector<GoalNoun>& goals, std::string_view metric, Instant now);

}  // namespace rapport::engine
