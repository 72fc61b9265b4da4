#include <cstdlib>
#include <map>
#include <thread>

#include "base/random.h"
#include "engine/detail/test_kill.h"
#include "engine/engine_desk.h"

// Killed at any moment, an action of the desk is done once or not at all, and asked for again it is done once.
// A process of this very program acts and is killed again and again.
namespace rapport::engine {
namespace {

constexpr int kActions = 60;

/// Every action once more, whatever was done of it before.
void act_on_all(Engine& engine, ShopNo shop) {
  for (int n = 0; n < kActions; ++n) {
    const std::string key = "k" + std::to_string(n);
    const std::string what = n % 2 == 0 ? R"("action":"refund","amount":"3")" : R"("action":"coupon","value":"1")";
    const auto answer = wait_for<std::string>([&](auto reply) {
      act_on_ticket(engine, shop, {"T1", "{" + what + R"(,"reason":"late","key":")" + key + R"("})", {"user:1", "agent"}},
                    reply);
    });
    EXPECT_TRUE(answer.ok()) << key << " " << answer.error().describe();
  }
}

/// Runs in the process that is killed.
TEST(DeskKill, DISABLED_Child) {
  const char* folder = std::getenv(kKilledFolder);
  if (folder == nullptr) GTEST_SKIP() << "runs inside the test below";
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  act_on_all(*engine, *engine->find_shop("desk"));
}

TEST(DeskKill, EveryActionOnceWhateverIsKilled) {
  const std::uint64_t seed = 9;
  SCOPED_TRACE(seed);
  Random random(seed);
  const std::string folder = fresh_folder("rapport_desk");
  {
    auto engine = open_folder(folder);
    ASSERT_TRUE(engine != nullptr);
    const ShopNo shop = *engine->create_shop("desk", {});
    send_to(*engine, shop,
            track("ada", "Order Completed", "o1",
                  R"({"order_id":"O-1","total":200,"currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":200}]})") +
                "," + track("ada", "Ticket Opened", "t1", R"({"ticket_id":"T1","class":"logistics","order_id":"O-1"})"));
  }
  bool ended = false;
  int killed = 0;
  for (int round = 0; round < 8 && !ended; ++round) {
    ended = run_and_kill("DeskKill.DISABLED_Child", folder, static_cast<int>(random.between(150, 700)));
    killed += ended ? 0 : 1;
  }
  EXPECT_GT(killed, 0);
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  const ShopNo shop = *engine->find_shop("desk");
  act_on_all(*engine, shop);
  std::map<std::string, int> counts;
  for (const model::TimelineEntry& entry : all_records(*engine, shop)) ++counts[entry.event];
  EXPECT_EQ(counts["Order Refunded"], kActions / 2);
  EXPECT_EQ(counts["Coupon Granted"], kActions / 2);
  EXPECT_EQ(counts["Ticket Action Updated"], kActions);
  engine.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace rapport::engine
