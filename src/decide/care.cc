#include "decide/care.h"

#include <fmt/format.h>

#include <algorithm>

namespace rapport::decide {
namespace {

bool has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::size_t skills_of(const CareAgent& agent, const CareTask& task) {
  return static_cast<std::size_t>(std::count_if(task.skills.begin(), task.skills.end(),
                                                [&](const auto& skill) { return has(agent.skills, skill); }));
}

/// 0 at work, 1 there before it is due, 2 later.
int presence(const CareAgent& agent, const CareTask& task, Instant now) {
  return agent.works_from <= now ? 0 : agent.works_from < task.due ? 1 : 2;
}

bool is_better(const CareAgent& x, const CareAgent& y, const CareTask& task, Instant now) {
  const int x_there = presence(x, task, now), y_there = presence(y, task, now);
  if (x_there != y_there) return x_there < y_there;
  const std::size_t x_skills = skills_of(x, task), y_skills = skills_of(y, task);
  if (x_skills != y_skills) return x_skills > y_skills;
  const std::uint64_t x_used = std::uint64_t{x.load} * y.capacity,
                      y_used = std::uint64_t{y.load} * x.capacity;
  return x_used != y_used ? x_used < y_used : x.name < y.name;
}

}  // namespace

std::optional<CareChoice> choose_agent(const CareTask& task, std::span<const CareAgent> agents, Instant now) {
  std::optional<std::size_t> best;
  std::size_t of_department = 0;
  for (std::size_t i = 0; i < agents.size(); ++i) {
    if (!has(agents[i].departments, task.department)) continue;
    ++of_department;
    if (agents[i].load >= agents[i].capacity) continue;
    if (!best || is_better(agents[i], agents[*best], task, now)) best = i;
  }
  if (!best) return std::nullopt;
  const CareAgent& agent = agents[*best];
  CareChoice choice{*best, {}};
  choice.reasons.push_back(fmt::format("{}, one of {}", task.department, of_department));
  choice.reasons.push_back(agent.works_from <= now
                               ? std::string("at work")
                               : fmt::format("at work from {}", format_instant(agent.works_from)));
  for (const std::string& skill : task.skills) {
    if (has(agent.skills, skill)) choice.reasons.push_back(fmt::format("skill {}", skill));
  }
  choice.reasons.push_back(fmt::format("has {} of {}", agent.load, agent.capacity));
  return choice;
}

}  // namespace rapport::decide
