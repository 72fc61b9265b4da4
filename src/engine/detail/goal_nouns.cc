#include "engine/detail/goal_nouns.h"

#include <charconv>

#include "codec/json_index.h"
#include "model/catalogue_ids.h"

namespace rapport::engine {

std::vector<GoalNoun> goal_nouns(const views::ShopState& state) {
  std::vector<GoalNoun> goals;
  codec::JsonIndex index;
  for (const std::string_view id : state.noun_ids(model::kind::goal_published)) {
    GoalNoun goal;
    goal.id = id;
    goal.body = state.noun(model::kind::goal_published, id);
    if (index.parse(goal.body).ok()) {
      const codec::JsonValue root = index.root();
      if (const auto metric = root.find("metric"); metric.present()) goal.metric = metric.text();
      if (const auto target = root.find("target"); target.present() && target.is(codec::JsonKind::number)) {
        double value = 0;
        const std::string_view raw = target.raw();
        if (std::from_chars(raw.data(), raw.data() + raw.size(), value).ec == std::errc{})
          goal.target = value;
      }
      if (const auto due = root.find("due"); due.present()) {
        if (const auto moment = parse_instant(due.text()); moment.ok()) goal.due = *moment;
      }
    }
    goals.push_back(std::move(goal));
  }
  return goals;
}

std::optional<double> target_of(const std::vector<GoalNoun>& goals, std::string_view metric, Instant now) {
  const GoalNoun* best = nullptr;
  const auto due = [](const GoalNoun& goal) { return goal.due.value_or(Instant::never()); };
  for (const GoalNoun& goal : goals) {
    if (goal.metric != metric || !goal.target) continue;
    if (best == nullptr) {
      best = &goal;
      continue;
    }
    const bool is_past = due(goal) < now, best_is_past = due(*best) < now;
    if (is_past != best_is_past ? best_is_past : is_past ? due(goal) > due(*best) : due(goal) < due(*best))
      best = &goal;
  }
  return best == nullptr ? std::nullopt : best->target;
}

}  // namespace rapport::engine
