#include "world/detail/desk.h"

#include <algorithm>

#include "base/assert.h"
#include "world/detail/shop.h"

namespace rapport::world {
namespace {

/// Staffing: customers that are with the shop at once, for each agent. A customer stays about 200 days.
constexpr std::int64_t kCustomersPerAgent = 700;
constexpr std::int64_t kStayDays = 200;
constexpr std::int64_t kOpens = 9, kCloses = 18;
constexpr std::size_t kDaysAhead = 120;

std::int64_t local_midnight(std::int64_t ms) {
  return (ms + kZoneMs) / kDayMs * kDayMs - kZoneMs;
}

/// The next moment at or after `ms` at which the desk is open.
std::int64_t open_from(std::int64_t ms) {
  const std::int64_t midnight = local_midnight(ms);
  if (ms < midnight + kOpens * kHourMs) return midnight + kOpens * kHourMs;
  if (ms >= midnight + kCloses * kHourMs) return midnight + kDayMs + kOpens * kHourMs;
  return ms;
}

std::int64_t add_open_minutes(std::int64_t ms, std::int64_t minutes) {
  ms = open_from(ms);
  std::int64_t left = minutes * kMinuteMs;
  for (;;) {
    const std::int64_t closes = local_midnight(ms) + kCloses * kHourMs;
    if (ms + left <= closes) return ms + left;
    left -= closes - ms;
    ms = open_from(closes);
  }
}

}  // namespace

Desk::Desk(std::uint32_t customers, std::int32_t days, std::int64_t first_local_day)
    : first_day_(first_local_day) {
  const std::int64_t at_once =
      static_cast<std::int64_t>(customers) * std::min<std::int64_t>(days, kStayDays) / days;
  const std::int64_t agents = std::max<std::int64_t>(6, at_once / kCustomersPerAgent);
  // Work is promised at most a few weeks ahead; the last days are there for what is opened at the very end.
  promised_.assign(static_cast<std::size_t>(agents),
                   std::vector<std::uint16_t>(static_cast<std::size_t>(days) + kDaysAhead));
  open_until_.resize(promised_.size());
}

int Desk::skill_of_topic(int topic) {
  switch (static_cast<Topic>(topic)) {
    case Topic::late:
    case Topic::size:
    case Topic::refund:
      return 1;
    case Topic::price:
    case Topic::payment:
    case Topic::service:
      return 2;
    default:
      return 0;
  }
}

std::string_view Desk::class_of_topic(int topic) {
  static constexpr std::array<std::string_view, kTopics> kClasses = {
      "product", "product", "product", "logistics", "product",
      "price",   "payment", "service", "service",   "service"};
  return kClasses[static_cast<std::size_t>(topic)];
}

int Desk::ask_router(const Ticket& ticket, std::int64_t at) {
  std::vector<DeskAgent> agents;
  const std::int64_t opens = open_from(at), midnight = local_midnight(opens);
  const auto day = static_cast<std::size_t>((midnight + kZoneMs) / kDayMs - first_day_);
  for (int agent = 0; agent < this->agents(); ++agent) {
    auto& until = open_until_[static_cast<std::size_t>(agent)];
    std::erase_if(until, [&](std::int64_t solved) { return solved <= at; });
    const auto& promised = promised_[static_cast<std::size_t>(agent)];
    agents.push_back({skill_of_agent(agent), until.size(), Instant{opens},
                      day < promised.size() ? promised[day] : std::int64_t{0}});
  }
  const std::size_t chosen = router({Instant{at}, class_of_topic(ticket.topic), agents});
  ASSERT(chosen < agents.size());
  return static_cast<int>(chosen);
}

// An agent's day is filled from its opening; work that does not fit goes to the next day with room.
std::int64_t Desk::work(int agent, std::int64_t from, std::int64_t minutes) {
  auto& promised = promised_[static_cast<std::size_t>(agent)];
  from = open_from(from);
  for (;;) {
    const std::int64_t midnight = local_midnight(from);
    const auto day = static_cast<std::size_t>((midnight + kZoneMs) / kDayMs - first_day_);
    if (day >= promised.size()) return from + minutes * kMinuteMs;
    const std::int64_t start = std::max(from, midnight + kOpens * kHourMs + promised[day] * kMinuteMs);
    const std::int64_t end = start + minutes * kMinuteMs;
    if (end <= midnight + kCloses * kHourMs) {
      promised[day] = static_cast<std::uint16_t>(promised[day] + minutes);
      return end;
    }
    from = midnight + kDayMs + kOpens * kHourMs;
  }
}

Handling Desk::handle(const Ticket& ticket) {
  Handling h;
  const auto count = static_cast<std::uint64_t>(promised_.size());
  const bool asks = router && !ticket.express;
  h.assigned_ms = open_from(ticket.ms + 5 * kMinuteMs);
  h.agent = h.first_agent = asks ? ask_router(ticket, h.assigned_ms) : static_cast<int>(next_++ % count);
  if (ticket.express) {
    // The lane has its own people: no queue, the right skill, and they do not let go.
    h.located_ms = add_open_minutes(h.assigned_ms, 10);
    h.solved_ms =
        add_open_minutes(h.located_ms, 60 + 200 * static_cast<std::int64_t>(ticket.difficulty) / 1000);
    return h;
  }
  std::int64_t from = h.assigned_ms;
  const int skill = skill_of_topic(ticket.topic);
  if (skill_of_agent(h.agent) != skill) {
    // The wrong desk: read, then passed on, and the customer tells her story again.
    from = add_open_minutes(work(h.agent, from, 25),
                            260 + 240 * static_cast<std::int64_t>(ticket.luck) / 65'536);
    h.passed_on = true;
    const auto of_skill = (count - static_cast<std::uint64_t>(skill) + kSkills - 1) / kSkills;
    const std::uint64_t turn = next_of_[static_cast<std::size_t>(skill)]++ % of_skill;
    h.agent = skill + static_cast<int>(turn) * kSkills;
  }
  h.located_ms = work(h.agent, from, 30);
  // Looking into it takes hands; parts, carriers and banks take days.
  const std::int64_t answered =
      work(h.agent, h.located_ms, 25 + 60 * static_cast<std::int64_t>(ticket.difficulty) / 1000);
  const std::int64_t others = 822 * static_cast<std::int64_t>(ticket.difficulty) / 1000;
  h.solved_ms = add_open_minutes(answered, others);
  if (router) open_until_[static_cast<std::size_t>(h.agent)].push_back(h.solved_ms);
  return h;
}

}  // namespace rapport::world
