#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <thread>

#include "base/random.h"
#include "engine/detail/parcel_policy.h"
#include "engine/detail/test_kill.h"
#include "engine/engine_parcels.h"

// Delays are announced before the promise is broken, and whatever happens there is one coupon an order.
namespace rapport::engine {
namespace {

const Instant kStart = instant_from_civil({2026, 11, 23, 1, 0, 0, 0});

std::string at_time(const std::string& message, Instant at) {
  // Into the message, before its properties.
  const auto place = message.find(R"(,"properties")");
  return message.substr(0, place) + R"(,"timestamp":")" + format_instant(at) + "\"" + message.substr(place);
}

std::string order_message(const std::string& id, const std::string& user, Instant placed) {
  return at_time(
             track(
                 user, "Order Completed", "o-" + id,
                 R"({"order_id":")" + id +
                     R"(","total":"99.00","currency":"CNY","region":"CN-33","products":[{"product_id":"P1","quantity":1,"price":"99.00"}]})"),
             placed) +
         "," +
         at_time(track(user, "Shipment Promised", "p-" + id,
                       R"({"order_id":")" + id + R"(","node":"signed","by":")" +
                           format_instant(placed + hours(72)) + R"(","carrier":"SF"})"),
                 placed);
}

std::string node_message(const std::string& id, const std::string& user, const std::string& node, Instant at,
                         const std::string& again = "") {
  return at_time(track(user, "Shipment Updated", "n-" + id + "-" + node + again,
                       R"({"order_id":")" + id + R"(","node":")" + node + R"(","carrier":"SF"})"),
                 at);
}

/// What is known of the past: 280 parcels of six weeks. Most take fifty hours, each eighth is held up, and
/// said so.
void send_past(Engine& engine, ShopNo shop) {
  std::string all;
  for (int n = 0; n < 280; ++n) {
    const std::string id = "old" + std::to_string(n), user = "past" + std::to_string(n);
    const Instant placed = kStart - hours(150 + 3 * n);
    all += std::string(all.empty() ? "" : ",") + order_message(id, user, placed) + "," +
           node_message(id, user, "in_transit", placed + hours(24));
    const bool held = n % 8 == 0;
    if (held) all += "," + node_message(id, user, "exception", placed + hours(30));
    all += "," + node_message(id, user, "signed", placed + hours(held ? 110 : 46 + n % 10));
    if (n % 40 != 39) continue;
    send_to(engine, shop, all);
    all.clear();
  }
}

std::string policy_of(const std::string& rest = "") {
  return R"({"threshold":0.7,"compensation":{"coupon":"LATE5","value":"5.00","currency":"CNY"})" + rest + "}";
}

class ParcelsTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    shop_ = *engine_->create_shop("driven", {.clock = model::ClockKind::driven});
    drive(kStart);
    send_past(*engine_, shop_);
  }
  void again() {
    reopen();
    shop_ = *engine_->find_shop("driven");
  }
  void drive(Instant to) {
    ASSERT_TRUE(wait<EventSeq>([&](auto reply) { engine_->drive_clock(shop_, to, reply); }).ok());
  }
  void publish(const std::string& policy) {
    const auto published =
        wait<std::string>([&](auto reply) { publish_parcel_policy(*engine_, shop_, policy, reply); });
    ASSERT_TRUE(published.ok()) << published.error().describe();
  }
  /// Something is folded at that moment, so that whoever looks has a reason to.
  void pass_to(Instant to) {
    drive(to);
    send_to(*engine_, shop_, track("bob", "User Registered", "tick-" + format_instant(to)));
  }
  std::vector<std::string> told(const std::string& event, const std::string& part = "") {
    std::vector<std::string> all;
    for (const model::TimelineEntry& entry : all_records(*engine_, shop_)) {
      if (entry.event == event && entry.properties_json.find(part) != std::string::npos)
        all.push_back(entry.properties_json);
    }
    return all;
  }
  /// The same once there is one; empty after ten seconds without.
  std::vector<std::string> wait_told(const std::string& event, const std::string& part) {
    for (int tries = 0; tries < 500; ++tries) {
      auto all = told(event, part);
      if (!all.empty()) return all;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return {};
  }
  std::string ask(const ParcelsQuery& query) {
    const auto answer = wait<std::string>([&](auto reply) { parcels(*engine_, shop_, query, reply); });
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    return answer.ok() ? *answer : "";
  }
};

TEST_F(ParcelsTest, ALikelyDelayIsAnnouncedBeforeTheBreachWithOneCoupon) {
  publish(policy_of());
  send_to(*engine_, shop_, order_message("A", "ada", kStart) + "," + order_message("B", "ben", kStart));
  drive(kStart + hours(31));
  send_to(*engine_, shop_,
          node_message("A", "ada", "in_transit", kStart + hours(24)) + "," +
              node_message("A", "ada", "exception", kStart + hours(30)) + "," +
              node_message("B", "ben", "in_transit", kStart + hours(24)));
  const auto announced = wait_told("Delay Announced", R"("order_id":"A")");
  ASSERT_EQ(announced.size(), 1U);
  EXPECT_NE(announced[0].find(R"("step":0)"), std::string::npos) << announced[0];
  EXPECT_NE(announced[0].find(R"("coupon_id":"LATE5")"), std::string::npos) << announced[0];
  EXPECT_NE(announced[0].find("given in 30 days before 0.00"), std::string::npos) << announced[0];
  // Again, in other words, and out of order: nothing more comes of it.
  send_to(*engine_, shop_,
          node_message("A", "ada", "exception", kStart + hours(30), "-again") + "," +
              node_message("A", "ada", "in_transit", kStart + hours(25), "-again") + "," +
              node_message("A", "ada", "packing", kStart + hours(3), "-late"));
  send_to(*engine_, shop_, R"({"type":"alias","userId":"ada2","previousId":"ada","messageId":"merge"})");
  again();
  pass_to(kStart + hours(100));
  const auto late = wait_told("Delay Announced", R"("order_id":"B")");
  ASSERT_FALSE(late.empty()) << "silence made B a parcel that is a day late";
  EXPECT_EQ(told("Coupon Granted").size(), 2U) << "one for A, one for B";
  EXPECT_EQ(told("Delay Announced", R"("order_id":"A")").size(), 1U);
  EXPECT_EQ(told("Message Decided", R"("reason":"parcel:A")").size(), 1U);
  EXPECT_TRUE(told("Delay Announced", R"("order_id":"old)").empty())
      << "what was late before the policy is history";
  expect_one_state(1'000, 1, 7);
}

TEST_F(ParcelsTest, CapsAndBudgetHoldAndSayWhy) {
  publish(policy_of(R"(,"caps":{"customer":1,"day":50,"budget":"10.00"})"));
  std::string all;
  for (const char* id : {"A1", "A2"}) all += order_message(id, "ada", kStart) + ",";
  for (const char* id : {"B", "C", "D"}) all += order_message(id, std::string("u") + id, kStart) + ",";
  all.pop_back();
  send_to(*engine_, shop_, all);
  pass_to(kStart + hours(97));
  for (const char* id : {"A1", "A2", "B", "C", "D"})
    ASSERT_EQ(wait_told("Delay Announced", std::string(R"("order_id":")") + id + "\"").size(), 1U) << id;
  EXPECT_EQ(told("Coupon Granted").size(), 2U) << "ten are spent";
  EXPECT_EQ(told("Delay Announced", R"("reason":"cap_of_the_customer")").size(), 1U);
  EXPECT_EQ(told("Delay Announced", R"("reason":"budget_spent")").size(), 2U);
}

TEST_F(ParcelsTest, NothingHappensWithoutAPolicyOrOfAnImport) {
  send_to(*engine_, shop_, order_message("A", "ada", kStart));
  pass_to(kStart + hours(100));
  EXPECT_NE(ask({.queue = "late"}).find(R"("order_id":"A")"), std::string::npos) << "it is shown";
  EXPECT_TRUE(told("Delay Announced").empty());
  publish(policy_of());
  send_to(*engine_, shop_, order_message("E", "eve", kStart + hours(100)));
  pass_to(kStart + hours(197));
  ASSERT_EQ(wait_told("Delay Announced", R"("order_id":"E")").size(), 1U);
  EXPECT_TRUE(told("Delay Announced", R"("order_id":"A")").empty())
      << "its promise was over before the policy";
}

TEST_F(ParcelsTest, ListsTellTheEstimate) {
  send_to(*engine_, shop_, order_message("A", "ada", kStart));
  drive(kStart + hours(31));
  const EventSeq last = send_to(*engine_, shop_,
                                node_message("A", "ada", "in_transit", kStart + hours(24)) + "," +
                                    node_message("A", "ada", "exception", kStart + hours(30)));
  const std::string likely = ask({.queue = "likely_late", .after_offset = last});
  EXPECT_NE(likely.find(R"("order_id":"A")"), std::string::npos) << likely;
  EXPECT_NE(likely.find(R"("carrier":"SF","region":"CN-33")"), std::string::npos) << likely;
  const auto one = wait<std::string>([&](auto reply) { parcel(*engine_, shop_, "A", last, reply); });
  ASSERT_TRUE(one.ok()) << one.error().describe();
  EXPECT_NE(one->find(R"("node":"exception","reached")"), std::string::npos) << *one;
  EXPECT_NE(one->find(R"("estimate":{"at")"), std::string::npos) << *one;
  const auto none = wait<std::string>([&](auto reply) { parcel(*engine_, shop_, "no such", last, reply); });
  EXPECT_EQ(none.error().code, Errc::not_found);
  const auto wrong =
      wait<std::string>([&](auto reply) { parcels(*engine_, shop_, {.queue = "lost"}, reply); });
  EXPECT_EQ(wrong.error().where, "queue");
}

TEST(ParcelPolicy, SaysWhatIsWrong) {
  const Currency cny{{'C', 'N', 'Y'}};
  const auto where = [&](const char* body) {
    const auto parsed = ParcelPolicy::parse(body, cny);
    return parsed.ok() ? std::string("fine") : parsed.error().where;
  };
  EXPECT_EQ(where(R"({"threshold":2})"), "threshold");
  EXPECT_EQ(where(R"({"threshold":0.5,"false_warnings":0.1})"), "threshold");
  EXPECT_EQ(where(R"({"patience":"soon"})"), "patience");
  EXPECT_EQ(where(R"({"compensation":{"coupon":"C"}})"), "compensation.value");
  EXPECT_EQ(where(R"({"compensation":{"value":"5.00"}})"), "compensation.coupon");
  EXPECT_EQ(where(R"({"caps":{"budget":"5.00"}})"), "caps.budget");
  EXPECT_EQ(where(R"({"caps":{"customer":-1}})"), "caps.customer");
  EXPECT_EQ(where(R"({"channels":["pigeon"]})"), "channels");
  EXPECT_EQ(where(R"({"false_warnings":0.05,"channels":["app","email"]})"), "fine");
}

// ---- killed at any moment

constexpr int kOrders = 20, kHours = 110, kHoursAtOnce = 5;

void live(Engine& engine, ShopNo shop) {
  for (int hour = 0; hour <= kHours; hour += kHoursAtOnce) {
    const Instant now = kStart + hours(hour);
    // Before where the clock stood when the last one was killed it does not go back.
    if (!wait_for<EventSeq>([&](auto reply) { engine.drive_clock(shop, now, reply); }).ok()) continue;
    std::string all = track("bob", "User Registered", "tick-" + std::to_string(hour));
    for (int n = 0; n < kOrders; ++n) {
      const std::string id = "K" + std::to_string(n), user = "user" + std::to_string(n);
      if (hour == 25) all += "," + node_message(id, user, "in_transit", kStart + hours(24));
      // The carrier tells it twice, under another name.
      if (hour >= 30 && hour <= 35 && n % 2 == 0)
        all += "," + node_message(id, user, "exception", kStart + hours(30), std::to_string(hour));
    }
    send_to(engine, shop, all);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

/// Runs in the process that is killed.
TEST(ParcelKill, DISABLED_Child) {
  const char* folder = std::getenv(kKilledFolder);
  if (folder == nullptr) GTEST_SKIP() << "runs inside the test below";
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  live(*engine, *engine->find_shop("parcels"));
}

TEST(ParcelKill, OneCouponAnOrderWhateverIsKilled) {
  const std::uint64_t seed = 7;
  SCOPED_TRACE(seed);
  Random random(seed);
  const std::string folder = fresh_folder("rapport_parcels");
  {
    auto engine = open_folder(folder);
    ASSERT_TRUE(engine != nullptr);
    const ShopNo shop = *engine->create_shop("parcels", {.clock = model::ClockKind::driven});
    ASSERT_TRUE(wait_for<EventSeq>([&](auto reply) { engine->drive_clock(shop, kStart, reply); }).ok());
    send_past(*engine, shop);
    ASSERT_TRUE(wait_for<std::string>([&](auto reply) {
                  publish_parcel_policy(*engine, shop, policy_of(), reply);
                }).ok());
    std::string all;
    for (int n = 0; n < kOrders; ++n)
      all += std::string(n == 0 ? "" : ",") +
             order_message("K" + std::to_string(n), "user" + std::to_string(n), kStart);
    send_to(*engine, shop, all);
  }
  kill_until_it_ends(random, "ParcelKill.DISABLED_Child", folder);
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  const ShopNo shop = *engine->find_shop("parcels");
  live(*engine, shop);
  std::map<std::string, int> announced, coupons, messages;
  for (int tries = 0; tries < kRestTries; ++tries) {
    announced.clear();
    coupons.clear();
    messages.clear();
    for (const model::TimelineEntry& entry : all_records(*engine, shop)) {
      if (entry.event == "Delay Announced")
        ++announced[entry.properties_json.substr(0, entry.properties_json.find(','))];
      if (entry.event == "Coupon Granted") ++coupons[entry.properties_json];
      if (entry.event == "Message Decided") ++messages[entry.properties_json];
    }
    if (coupons.size() == kOrders) break;
    std::this_thread::sleep_for(kRestPause);
    send_to(*engine, shop, track("bob", "User Registered", "rest-" + std::to_string(tries)));
  }
  int granted = 0;
  for (const auto& [what, times] : coupons) granted += times;
  EXPECT_EQ(granted, kOrders) << "nobody came: every one of them is a day late in the end";
  EXPECT_EQ(announced.size(), static_cast<std::size_t>(kOrders));
  for (const auto& [what, times] : announced) EXPECT_EQ(times, 1) << what;
  for (const auto& [what, times] : messages) EXPECT_EQ(times, 1) << what;
  engine.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace rapport::engine
