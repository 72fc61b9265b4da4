#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "world/moment.h"

/// The service desk's staff. Staffing, arrivals and lanes are fixed: round robin, the way of the shop,
/// resolves in 48 +- 2 h on average; a better routing may be compared against it (`router`), but on the same
/// staff.
namespace rapport::world {

inline constexpr int kSkills = 3;  ///< product and use; parcels and returns; money and promises

struct Ticket {
  std::int64_t ms = 0;
  std::uint32_t customer = 0;
  std::int32_t ticket = 0;
  std::uint8_t topic = 0;
  bool express = false;
  std::int32_t difficulty = 0;  ///< thousandths of ordinary work
  std::int32_t luck = 0;        ///< 0..65535
};

struct Handling {
  int agent = 0, first_agent = 0;
  bool passed_on = false;
  std::int64_t assigned_ms = 0, located_ms = 0, solved_ms = 0;
};

class Desk {
 public:
  /// Agents for a shop of this size: one for each `kCustomersPerAgent` that are active at once, at least six.
  Desk() = default;
  Desk(std::uint32_t customers, std::int32_t days, std::int64_t first_local_day);
  int agents() const { return static_cast<int>(promised_.size()); }
  static int skill_of_agent(int agent) { return agent % kSkills; }
  static int skill_of_topic(int topic);
  /// As events name it.
  static std::string_view class_of_topic(int topic);
  /// Takes tickets in the order of their arrival. Times are UTC ms; agents work 9:00-18:00 of UTC+8, every
  /// day.
  Handling handle(const Ticket& ticket);

  std::vector<Ticket> incoming;  ///< of today
  Router router;                 ///< none: round robin

 private:
  std::int64_t work(int agent, std::int64_t from_ms, std::int64_t minutes);
  int ask_router(const Ticket& ticket, std::int64_t at_ms);
  std::int64_t first_day_ = 0;
  /// Minutes promised, by agent and local day from the first.
  std::vector<std::vector<std::uint16_t>> promised_;
  std::vector<std::vector<std::int64_t>> open_until_;  ///< by agent, when each ticket of hers is solved
  std::uint64_t next_ = 0;                             ///< turn of the first assignment
  std::array<std::uint64_t, kSkills> next_of_{};       ///< turn of passing on, by skill
};

}  // namespace rapport::world
