#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "world/moment.h"
#include "world/pack.h"
#include "world/world_event.h"

/// A simulated shop with known truth: people, products, parcels and services of a seed, told as catalogued
/// events in the order of time. The same options give the same bytes on every machine and compiler: chance is
/// a pure function of (seed, customer, day, reason) and every quantity is an integer.
namespace rapport::world {

/// Errors: bad_input unless "retail" or "brokerage".
Result<Pack> parse_pack(std::string_view name);

struct WorldOptions {
  std::uint64_t seed = 1;
  std::uint32_t customers = 20'000;  ///< 1 to 10 M
  std::int32_t products = 2'000;     ///< 26 (one of each category) to 32,000
  std::int32_t days = 730;           ///< 7 to 3,650
  Pack pack = Pack::retail;
  /// The first local day (UTC+8) begins at or before it.
  Instant start = Instant{1'730'390'400'000};  // 2024-11-01 in UTC+8
  /// Half of the customers, by lot at their first order, see no recommendations from then on: the trial
  /// E-recommend. Without it the world is what it was before there was such a trial, byte for byte.
  bool recommendation_trial = false;
  /// Each service is piloted by lot: at a customer's first order that makes her eligible (never elsewise) the
  /// trial E-ID ("E-S-warranty") decides whether she has it whenever eligible, or never. Off: as above.
  bool service_trials = false;
  bool prose = true;  ///< false: reviews, messages and comments are one short constant text
};

/// Errors: bad_input naming the option that is out of its range.
Status check(const WorldOptions& options);

/// Streams the world. Memory: the customers' states (about 0.3 KB each) and what has been planned for coming
/// days (about one event in twenty). One thread.
class World {
 public:
  /// `options` must pass check().
  explicit World(const WorldOptions& options);
  ~World();
  World(World&&) noexcept;
  World& operator=(World&&) noexcept;

  /// From the first local day that begins at or after `from` on, visitors who come to a place for a list ask
  /// `recommender`, once, in the order of time, see what it answers, and click, buy or pass by as their
  /// taste, the place and the price have it (detail/answering.cc). Until then, and without this call, lists
  /// are the world's own. Call it before the first event of that day is asked for. Of the pack retail only.
  void answer_from(Instant from, Recommender recommender);
  /// The desk's tickets go to whom `router` says, from now on. Call it before the first event is asked for.
  void route_by(Router router);
  /// Fills `event` with the next one in order of (time, customer, sequence); the catalogue's nouns come
  /// first. False at the end, and `event` is then unspecified.
  bool next(WorldEvent& event);
  /// The end of the last day: "now" of the simulated shop.
  Instant end() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Takes lines of JSON, each ending in '\n'; several at a time. An error stops the simulation.
using LineSink = std::function<Status(std::string_view lines)>;

/// The whole world as lines. Errors: those of check() and of the sink.
Status run_simulation(const WorldOptions& options, const LineSink& sink);

}  // namespace rapport::world
