#include <map>

#include "base/random.h"
#include "engine/detail/test_kill.h"

// Killed at any moment, the service desk neither loses nor doubles a step. A process of this very program
// moves a shop's clock on and is killed again and again.
namespace rapport::engine {
namespace {

const Instant kStart = instant_from_civil({2026, 11, 23, 1, 0, 0, 0});
constexpr int kTickets = 12, kMinutes = 310;
constexpr int kStep = 5;  ///< minutes that the clock moves at once

void live(Engine& engine, ShopNo shop) {
  for (int minute = 0; minute <= kMinutes; minute += kStep) {
    const Instant now = kStart + minutes(minute);
    // Before where the clock stood when the last one was killed it does not go back.
    if (!wait_for<EventSeq>([&](auto reply) { engine.drive_clock(shop, now, reply); }).ok()) continue;
    send_to(engine, shop, track("bob", "User Registered", "tick-" + std::to_string(minute)));
  }
}

/// Runs in the process that is killed.
TEST(ClerkKill, DISABLED_Child) {
  const char* folder = std::getenv(kKilledFolder);
  if (folder == nullptr) GTEST_SKIP() << "runs inside the test below";
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  live(*engine, *engine->find_shop("desk"));
}

TEST(ClerkKill, EveryStepOnceWhateverIsKilled) {
  const std::uint64_t seed = 6;
  SCOPED_TRACE(seed);
  Random random(seed);
  const std::string folder = fresh_folder("rapport_clerk");
  {
    auto engine = open_folder(folder);
    ASSERT_TRUE(engine != nullptr);
    const ShopNo shop = *engine->create_shop("desk", {.clock = model::ClockKind::driven});
    ASSERT_TRUE(wait_for<EventSeq>([&](auto reply) { engine->drive_clock(shop, kStart, reply); }).ok());
    const std::string at = R"(","timestamp":")" + format_instant(kStart);
    send_to(
        *engine, shop,
        track(
            "boss", "Service Level Published", "p1" + at,
            R"({"service_level_id":"main","targets":[{"clock":"closed","target":"2h"}],"ladders":{"*":[{"after":"1h","agent":"lead"},{"after":"3h","agent":"head"}]}})"));
    send_to(*engine, shop,
            track("boss", "Roster Published", "p2" + at,
                  R"({"roster_id":"main","agents":[{"agent":"li","departments":["price"]}]})"));
    for (int n = 1; n <= kTickets; ++n) {
      const std::string ticket = std::to_string(n);
      send_to(*engine, shop,
              track("user" + ticket, "Ticket Opened", "open-" + ticket + at,
                    R"({"ticket_id":"T)" + ticket + R"(","class":"price"})"));
    }
  }
  kill_until_it_ends(random, "ClerkKill.DISABLED_Child", folder);
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  const ShopNo shop = *engine->find_shop("desk");
  live(*engine, shop);
  std::map<std::string, int> told, assigned;
  // The clerk's last batch follows the record that it answers; the log comes to rest when all of it is told
  // and every ticket has its owner. A busy machine takes its time.
  const auto at_rest = [&] { return told.size() >= kTickets * 4 && assigned.size() >= kTickets * 3; };
  for (int tries = 0; tries < kRestTries && !at_rest(); ++tries) {
    told.clear();
    assigned.clear();
    for (const model::TimelineEntry& entry : all_records(*engine, shop)) {
      if (entry.event == "Clock Reached") ++told[entry.properties_json];
      if (entry.event == "Ticket Assigned") ++assigned[entry.properties_json];
    }
    if (at_rest()) break;
    std::this_thread::sleep_for(kRestPause);
    send_to(*engine, shop, track("bob", "User Registered", "rest-" + std::to_string(tries)));
  }
  EXPECT_EQ(told.size(), kTickets * 4U) << "a warning, the due moment and two rungs each";
  for (const auto& [what, times] : told) EXPECT_EQ(times, 1) << what;
  EXPECT_EQ(assigned.size(), kTickets * 3U);
  for (const auto& [what, times] : assigned) EXPECT_EQ(times, 1) << what;
  engine.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace rapport::engine
