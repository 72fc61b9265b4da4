#include <cstdlib>
#include <map>
#include <thread>

#include "base/random.h"
#include "engine/detail/test_kill.h"
#include "engine/engine_desk.h"

// Killed at any moment, an action of the desk is done once or not at all, and asked for again it is done
// once. A process of this very program acts and is killed again and again.
namespace rapport::engine {
namespace {

constexpr int kActions = 60;

/// Every action once more, whatever was done of it before.
void act_on_all(Engine& engine, ShopNo shop) {
  for (int n = 0; n < kActions; ++n) {
    const std::string key = "k" + std::to_string(n);
    const std::string what =
        n % 2 == 0 ? R"("action":"refund","amount":"1")" : R"("action":"coupon","value":"1")";
    const auto answer = wait_for<std::string>([&](auto reply) {
      act_on_ticket(engine, shop,
                    {"T1", "{" + what + R"(,"reason":"late","key":")" + key + R"("})", {"user:1", "agent"}},
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
    send_to(
        *engine, shop,
        track(
            "ada", "Order Completed", "o1",
            R"({"order_id":"O-1","total":200,"currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":200}]})") +
            "," +
            track("ada", "Ticket Opened", "t1",
                  R"({"ticket_id":"T1","class":"logistics","order_id":"O-1"})"));
  }
  kill_until_it_ends(random, "DeskKill.DISABLED_Child", folder);
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

constexpr int kSolved = 40;

/// Every solved ticket is called back once more, whatever was done of it before; every third is not
/// satisfied.
void call_all_back(Engine& engine, ShopNo shop) {
  for (int n = 0; n < kSolved; ++n) {
    const std::string body =
        n % 3 == 0 ? R"({"satisfied":false,"note":"still waits"})" : R"({"satisfied":true})";
    const auto answer = wait_for<std::string>([&](auto reply) {
      call_back_ticket(engine, shop, {"S" + std::to_string(n), body, {"user:1", "agent"}}, reply);
    });
    // Called back before: it does not stand solved any more.
    EXPECT_TRUE(answer.ok() || answer.error().code == Errc::conflict)
        << n << " " << answer.error().describe();
  }
}

/// Runs in the process that is killed.
TEST(CallBackKill, DISABLED_Child) {
  const char* folder = std::getenv(kKilledFolder);
  if (folder == nullptr) GTEST_SKIP() << "runs inside the test below";
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  call_all_back(*engine, *engine->find_shop("desk"));
}

TEST(CallBackKill, EveryOutcomeOnceWhateverIsKilled) {
  const std::uint64_t seed = 14;
  SCOPED_TRACE(seed);
  Random random(seed);
  const std::string folder = fresh_folder("rapport_back");
  {
    auto engine = open_folder(folder);
    ASSERT_TRUE(engine != nullptr);
    const ShopNo shop = *engine->create_shop("desk", {});
    for (int n = 0; n < kSolved; ++n) {
      const std::string id = "S" + std::to_string(n), user = "u" + std::to_string(n);
      send_to(*engine, shop,
              track(user, "Ticket Opened", "o" + id, R"({"ticket_id":")" + id + R"(","class":"service"})"));
      send_to(*engine, shop,
              track(user, "Ticket Updated", "s" + id, R"({"ticket_id":")" + id + R"(","state":"solved"})"));
    }
  }
  kill_until_it_ends(random, "CallBackKill.DISABLED_Child", folder);
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  const ShopNo shop = *engine->find_shop("desk");
  call_all_back(*engine, shop);
  std::map<std::string, int> steps;
  for (const model::TimelineEntry& entry : all_records(*engine, shop)) {
    if (entry.event != "Ticket Updated") continue;
    for (const char* state : {"called_back", "closed", "reopened", "escalated"}) {
      if (entry.properties_json.find("\"state\":\"" + std::string(state) + "\"") != std::string::npos)
        ++steps[state];
    }
  }
  constexpr int kUnsatisfied = (kSolved + 2) / 3;
  EXPECT_EQ(steps["called_back"], kSolved) << "each once";
  EXPECT_EQ(steps["closed"], kSolved - kUnsatisfied);
  EXPECT_EQ(steps["reopened"], kUnsatisfied);
  EXPECT_EQ(steps["escalated"], kUnsatisfied) << "the whole outcome or nothing of it";
  engine.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace rapport::engine
