#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "engine/detail/test_engine.h"

// The clerk acts on clocks by events of its own, once each, also when the process ends in between.
namespace rapport::engine {
namespace {

class ClerkTest : public EngineTest {
 protected:
  /// A shop whose time the test moves.
  void SetUp() override {
    EngineTest::SetUp();
    shop_ = *engine_->create_shop("driven", {.clock = model::ClockKind::driven});
    drive(start_);
  }
  void again() {
    reopen();
    shop_ = *engine_->find_shop("driven");
  }
  void drive(Instant to) {
    ASSERT_TRUE(wait<EventSeq>([&](auto reply) { engine_->drive_clock(shop_, to, reply); }).ok());
  }
  EventSeq put(const std::string& user, const std::string& event, const std::string& id,
               const std::string& properties, Instant at) {
    const std::string message = R"({"type":"track","userId":")" + user + R"(","event":")" + event +
                                R"(","messageId":")" + id + R"(","timestamp":")" + format_instant(at) +
                                R"(","properties":)" + properties + "}";
    const auto answer = send(message);
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    EXPECT_EQ(answer->rejected, 0U) << message;
    return answer->offset;
  }
  std::vector<std::string> acts() {
    std::vector<std::string> all;
    const auto tail = wait<TailAnswer>([&](auto reply) { engine_->tail(shop_, TailQuery{}, reply); });
    EXPECT_TRUE(tail.ok());
    for (const model::TimelineEntry& entry : tail->events) {
      if (entry.event == "Clock Reached" || entry.event.starts_with("Ticket "))
        all.push_back(entry.event + " " + entry.properties_json);
    }
    return all;
  }
  /// The same once the clerk has done something of which the log tells so; it answers what was folded.
  std::vector<std::string> acts_with(const std::string& part) {
    for (int tries = 0; tries < 2'000; ++tries) {
      std::vector<std::string> all = acts();
      if (count(all, part) > 0) return all;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << "nothing tells of " << part;
    return acts();
  }
  static std::size_t count(const std::vector<std::string>& acts, const std::string& part) {
    return static_cast<std::size_t>(std::count_if(
        acts.begin(), acts.end(), [&](const auto& act) { return act.find(part) != std::string::npos; }));
  }
  const Instant start_ = instant_from_civil({2026, 11, 23, 1, 0, 0, 0});
};

TEST_F(ClerkTest, WarnsEscalatesAndAssignsOnceAcrossRestarts) {
  put("boss", "Service Level Published", "p1",
      R"({"service_level_id":"main","ladders":{"logistics":[{"after":"0s","agent":"lead"},{"after":"1h","agent":"head"}]}})",
      start_);
  put("boss", "Roster Published", "p2",
      R"({"roster_id":"main","agents":[{"agent":"li","departments":["logistics"],"skills":["logistics"]},{"agent":"wu","departments":["price"]}]})",
      start_);
  put("ada", "Ticket Opened", "t1", R"({"ticket_id":"T1","class":"logistics"})", start_);
  put("ada", "Ticket Updated", "t2", R"({"ticket_id":"T1","state":"located"})", start_ + minutes(1));
  EXPECT_EQ(count(acts_with(R"("agent":"li")"), R"("agent":"li")"), 1U)
      << "newly opened tickets get an owner";
  drive(start_ + minutes(95));
  put("bob", "User Registered", "b1", "{}", start_ + minutes(95));
  auto all = acts_with(R"("step":0)");
  EXPECT_EQ(count(all, R"("step":0)"), 1U);
  EXPECT_EQ(count(all, R"("step":1)"), 0U);
  again();
  drive(start_ + minutes(121));
  put("bob", "User Registered", "b2", "{}", start_ + minutes(121));
  all = acts_with(R"("agent":"lead")");
  EXPECT_EQ(count(all, R"("step":0)"), 1U);
  EXPECT_EQ(count(all, R"("step":1)"), 1U);
  EXPECT_EQ(count(all, R"("state":"escalated")"), 1U);
  EXPECT_EQ(count(all, R"("agent":"lead")"), 2U) << "told and assigned";
  EXPECT_EQ(count(all, R"("agent":"head")"), 0U);
  // Solved before the next rung: nobody is called. Its call-back is due later, and warned of by then.
  put("ada", "Ticket Updated", "t3", R"({"ticket_id":"T1","state":"solved"})", start_ + minutes(130));
  again();
  drive(start_ + hours(40));
  put("bob", "User Registered", "b3", "{}", start_ + hours(40));
  all = acts_with(R"("clock":"call_back")");
  EXPECT_EQ(count(all, R"("agent":"head")"), 0U);
  EXPECT_EQ(count(all, R"("step":1)"), 1U);
  expect_one_state(1'000, 1, 7);
}

}  // namespace
}  // namespace rapport::engine
