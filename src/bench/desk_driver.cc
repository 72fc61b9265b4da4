#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <thread>

#include "base/hash.h"
#include "bench/bench.h"
#include "bench/folded_cases.h"
#include "decide/care.h"
#include "world/world.h"

// Who takes a ticket: the same simulated shops lived twice, with the shop's round robin and with the desk's
// own choice of an owner, on the same staff. The desk knows what its roster and its open cases tell, and of
// the ticket the class.
namespace rapport::bench {
namespace {

constexpr int kSeeds = 200;
constexpr unsigned kThreads = 2;
constexpr std::uint32_t kCustomers = 6'000;
constexpr std::int32_t kDays = 90;
constexpr std::uint32_t kCapacity = 60;
/// Nobody looked for a word under which it comes out well: it names what is measured and on which day.
constexpr std::string_view kWord = "desk 2026-11-22";

std::uint64_t seed_of(int i) {
  const Digest digest = sha256(fmt::format("{} {}", kWord, i));
  std::uint64_t seed = 0;
  for (int b = 0; b < 6; ++b) seed = seed << 8 | digest[static_cast<std::size_t>(b)];
  return seed;
}

/// The classes with which each of the desk's three skills has to do, as a roster would have them.
const std::array<std::vector<std::string>, 3> kSkills = {
    {{"product", "experience"}, {"logistics"}, {"price", "payment", "service"}}};

std::size_t own_choice(const world::DeskMoment& moment) {
  std::vector<decide::CareAgent> agents;
  for (std::size_t i = 0; i < moment.agents.size(); ++i) {
    const world::DeskAgent& agent = moment.agents[i];
    agents.push_back({fmt::format("agent-{:03}", i),
                      {"desk"},
                      kSkills[static_cast<std::size_t>(agent.skill)],
                      kCapacity,
                      static_cast<std::uint32_t>(agent.open),
                      agent.works_from});
  }
  const decide::CareTask task{"desk", {std::string(moment.feedback_class)}, moment.at + hours(24)};
  const auto choice = decide::choose_agent(task, agents, moment.at);
  // With all hands full the case waits for nobody in particular: the least loaded takes it.
  if (choice) return choice->agent;
  const auto least = std::min_element(moment.agents.begin(), moment.agents.end(),
                                      [](const auto& x, const auto& y) { return x.open < y.open; });
  return static_cast<std::size_t>(least - moment.agents.begin());
}

/// `breaches`: of the clock `closed`, as the desk's own fold reads it. `wall`: solved later than the promise
/// after the opening, waiting for others and all. `in_hours`: the same in the hours in which somebody is
/// there.
struct Told {
  double tickets = 0, breaches = 0, wall = 0, in_hours = 0, hours = 0, clock_hours = 0;
};

/// The simulated desk's day, 9:00 to 18:00 of UTC+8 (src/world/detail/desk.cc), as its calendar would have
/// it.
Duration desk_time(Instant from, Instant to) {
  const auto opened_by = [](Instant at) {
    const std::int64_t local = at.ms + hours(8).ms, day = local / days(1).ms;
    return day * hours(9).ms +
           std::clamp<std::int64_t>(local - day * days(1).ms - hours(9).ms, 0, hours(9).ms);
  };
  return milliseconds(opened_by(to) - opened_by(from));
}

std::string_view text_of(const world::WorldEvent& event, std::string_view name) {
  for (const world::NamedValue& one : event.properties) {
    if (one.name != name) continue;
    if (const auto* text = std::get_if<std::string_view>(&one.value)) return *text;
  }
  return {};
}

/// The clock `closed` of a ticket as the desk's own fold has it.
views::ClockReading closed_clock(const FoldedCases& cases, const std::string& ticket, Instant at) {
  const views::Dictionary& tickets =
      cases.state.tables().dictionary(views::dictionary_of(views::CaseKind::ticket));
  for (const views::CaseClock& clock :
       cases.state.clocks_of({views::CaseKind::ticket, tickets.find(ticket)}, at)) {
    if (clock.kind == views::ClockKind::closed) return clock.reading;
  }
  return {};
}

/// Promises as shipped: logistics within 2 h, everything else within 24 h, round the clock, paused while the
/// ticket waits for others. What is open at the end counts with the time it has been open.
Told live(std::uint64_t seed, bool round_robin) {
  world::WorldOptions options{.seed = seed, .customers = kCustomers, .products = 200, .days = kDays};
  options.prose = false;
  world::World world(options);
  if (!round_robin) world.route_by(own_choice);
  struct Case {
    Instant opened, solved = Instant::never();
    bool logistics = false;
  };
  std::map<std::string, Case, std::less<>> tickets;
  FoldedCases cases;
  world::WorldEvent event;
  while (world.next(event)) {
    const std::string_view id = text_of(event, "ticket_id"), state = text_of(event, "state");
    if (event.name == "Ticket Opened") {
      const std::string_view feedback_class = text_of(event, "class");
      tickets.try_emplace(std::string(id),
                          Case{event.timestamp, Instant::never(), feedback_class == "logistics"});
      cases.open(1, id, feedback_class, event.timestamp, event.timestamp);
    } else if (event.name == "Ticket Updated") {
      cases.move(1, id, state, event.timestamp, event.timestamp);
      const auto found = tickets.find(id);
      if (found != tickets.end() && state == "solved")
        found->second.solved = std::min(found->second.solved, event.timestamp);
    }
  }
  Told told;
  for (const auto& [id, one] : tickets) {
    const Instant until = std::min(one.solved, world.end());
    const Duration took = until - one.opened, promised = one.logistics ? hours(2) : hours(24);
    told.tickets += 1;
    told.hours += static_cast<double>(took.ms) / 3'600'000;
    const views::ClockReading clock = closed_clock(cases, id, world.end());
    told.breaches += clock.breached != Instant::min();
    told.clock_hours += static_cast<double>(clock.used_ms) / 3'600'000;
    told.wall += took > promised;
    told.in_hours += desk_time(one.opened, until) > promised;
  }
  return told;
}

struct Pair {
  Told robin, own;
};

/// Shares of tickets, in percent, by shop: with round robin, with the desk's own choice, and by how many
/// percent fewer.
struct Late {
  std::vector<double> robin, own, fewer;
  void add(double of_robin, double of_own) {
    robin.push_back(of_robin);
    own.push_back(of_own);
    fewer.push_back(of_robin > 0 ? 100 * (1 - of_own / of_robin) : 0);
  }
};

Late late_of(const std::vector<Pair>& pairs, double Told::*count) {
  Late late;
  for (const Pair& pair : pairs) {
    late.add(100 * pair.robin.*count / pair.robin.tickets, 100 * pair.own.*count / pair.own.tickets);
  }
  return late;
}

double mean(const std::vector<double>& of) {
  double sum = 0;
  for (const double x : of) sum += x;
  return sum / static_cast<double>(of.size());
}

double half_interval(const std::vector<double>& of) {
  const double m = mean(of);
  double squares = 0;
  for (const double x : of) squares += (x - m) * (x - m);
  const auto n = static_cast<double>(of.size());
  return n > 1 ? 1.96 * std::sqrt(squares / (n - 1) / n) : 0;
}

}  // namespace

Result<std::vector<Figure>> bench_desk(const Options& options) {
  const int count = std::max(2, static_cast<int>(kSeeds * options.scale));
  std::vector<Pair> pairs(static_cast<std::size_t>(count));
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = static_cast<int>(t); i < count; i += static_cast<int>(kThreads))
        pairs[static_cast<std::size_t>(i)] = {live(seed_of(i), true), live(seed_of(i), false)};
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<double> robin_hours, own_hours, robin_clock, own_clock, tickets;
  for (const Pair& pair : pairs) {
    robin_hours.push_back(pair.robin.hours / pair.robin.tickets);
    own_hours.push_back(pair.own.hours / pair.own.tickets);
    robin_clock.push_back(pair.robin.clock_hours / pair.robin.tickets);
    own_clock.push_back(pair.own.clock_hours / pair.own.tickets);
    tickets.push_back(pair.own.tickets);
  }
  const Late clocks = late_of(pairs, &Told::breaches), wall = late_of(pairs, &Told::wall),
             in_hours = late_of(pairs, &Told::in_hours);
  Figure breaches{"desk.fewer_breaches", mean(clocks.fewer), "% fewer", 40, 50, Better::higher, {}};
  breaches.beside = {{"seeds", static_cast<double>(count)},
                     {"interval_half", half_interval(clocks.fewer)},
                     {"tickets_a_shop", mean(tickets)},
                     {"round_robin_percent_late", mean(clocks.robin)},
                     {"own_percent_late", mean(clocks.own)},
                     {"wall_fewer", mean(wall.fewer)},
                     {"wall_round_robin_percent_late", mean(wall.robin)},
                     {"wall_own_percent_late", mean(wall.own)},
                     {"in_desk_hours_fewer", mean(in_hours.fewer)},
                     {"in_desk_hours_round_robin_percent_late", mean(in_hours.robin)},
                     {"in_desk_hours_own_percent_late", mean(in_hours.own)}};
  Figure resolution{"desk.mean_resolution", mean(own_hours), "h", 14, 12, Better::lower, {}};
  resolution.beside = {{"round_robin_h", mean(robin_hours)},
                       {"interval_half", half_interval(own_hours)},
                       {"not_waiting_h", mean(own_clock)},
                       {"round_robin_not_waiting_h", mean(robin_clock)}};
  return std::vector<Figure>{breaches, resolution};
}

}  // namespace rapport::bench
