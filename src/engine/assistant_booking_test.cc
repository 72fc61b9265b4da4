#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <thread>

#include "base/random.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/test_kill.h"
#include "engine/engine_assistant.h"
#include "engine/engine_desk.h"

// Appointments and coupons in the assistant: hers alone, by the guard that agents are held to, and once.
namespace rapport::engine {
namespace {

constexpr const char* kAnna = "anna-browser-0123456789";
constexpr const char* kEve = "eve-browser-0123456789";

std::string own(const std::string& visitor, const std::string& event, const std::string& id,
                const std::string& properties) {
  return R"({"type":"track","anonymousId":")" + visitor + R"(","event":")" + event + R"(","messageId":")" +
         id + R"(","properties":)" + properties + "}";
}
std::string service_noun() {
  return track("shop", "Service Published", "s1",
               R"({"service_id":"S-fit","title":"上门安装","title_en":"Home fitting","capacity":1})");
}
AssistantAsk turn_of(const std::string& text, const std::string& contact, const std::string& visitor) {
  AssistantAsk ask;
  ask.who = *model::Identifier::parse(model::IdentifierKind::anonymous_id, visitor);
  ask.text = text;
  ask.contact_id = contact;
  return ask;
}
std::string member(const std::string& json, const std::string& name) {
  const auto members = NounMembers::parse(json);
  EXPECT_TRUE(members.ok());
  return members.ok() ? (*members)->text(name) : "";
}

class AssistantBookingTest : public EngineTest {
 protected:
  void tell(const std::string& events) {
    const auto sent = send(events);
    ASSERT_TRUE(sent.ok());
    EXPECT_EQ(sent->rejected, 0U) << events;
    ASSERT_TRUE(wait<std::string>([&](auto reply) { engine_->everyday(shop_, sent->offset, reply); }).ok());
  }
  Result<std::string> asked(AssistantAsk ask) {
    return wait<std::string>([&](auto reply) { assistant_turn(*engine_, shop_, std::move(ask), reply); });
  }
  std::string say(const std::string& text, const std::string& act, const std::string& contact = "",
                  const std::string& visitor = kAnna) {
    const auto answer = asked(turn_of(text, contact, visitor));
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    if (!answer.ok()) return {};
    EXPECT_EQ(member(*answer, "act"), act) << *answer;
    return *answer;
  }
  std::size_t logged(const std::string& name) {
    const auto tail = wait<TailAnswer>([&](auto reply) {
      engine_->tail(shop_, {EventSeq{0}, 10'000, false, true}, reply);
    });
    return static_cast<std::size_t>(std::count_if(tail->events.begin(), tail->events.end(),
                                                  [&](const auto& entry) { return entry.event == name; }));
  }
  model::VisitorAnswer hers(const std::string& visitor = kAnna) {
    auto got = wait<model::VisitorAnswer>([&](auto reply) {
      engine_->shop_visitor(shop_, {visitor, ""}, {}, reply);
    });
    EXPECT_TRUE(got.ok());
    return got.ok() ? *std::move(got) : model::VisitorAnswer{};
  }
};

TEST_F(AssistantBookingTest, BookedMovedAndCancelledOnceEachAlsoAfterARestart) {
  tell(service_noun());
  const std::string contact = member(say("预约安装，明天15:00", "confirm_booking"), "contact_id");
  EXPECT_EQ(logged("Service Booked"), 0U);
  reopen();
  AssistantAsk yes = turn_of("好的", contact, kAnna);
  yes.message_id = "yes-1";
  const auto first = asked(yes);
  ASSERT_TRUE(first.ok()) << first.error().describe();
  EXPECT_EQ(member(*first, "act"), "do_book");
  EXPECT_EQ(*asked(yes), *first);
  reopen();
  EXPECT_EQ(member(*asked(yes), "act"), "do_book");
  EXPECT_EQ(logged("Service Booked"), 1U);
  ASSERT_EQ(hers().appointments.size(), 1U);
  const Instant before = hers().appointments[0].for_time;

  say("把预约改到后天10:30", "confirm_move_booking", contact);
  say("确认", "do_move_booking", contact);
  ASSERT_EQ(hers().appointments.size(), 1U);
  EXPECT_EQ((hers().appointments[0].for_time - before).ms, (hours(24) - minutes(270)).ms);
  reopen();
  // The time that she left is free again, the new one is not.
  say("预约安装，后天10:30", "when_full", "", kEve);
  const std::string eve = member(say("预约安装，明天15:00", "confirm_booking", "", kEve), "contact_id");
  say("好的", "do_book", eve, kEve);

  say("取消预约", "confirm_cancel_booking", contact);
  say("好的", "do_cancel_booking", contact);
  EXPECT_TRUE(hers().appointments.empty());
  EXPECT_EQ(hers(kEve).appointments.size(), 1U) << "nobody cancels another's";
  EXPECT_EQ(logged("Service Booked"), 3U);
  EXPECT_EQ(logged("Booking Cancelled"), 2U);
}

TEST_F(AssistantBookingTest, OfManyAtOnceOneGetsTheTime) {
  tell(service_noun());
  constexpr int kVisitors = 8;
  std::vector<std::string> contacts;
  for (int i = 0; i < kVisitors; ++i)
    contacts.push_back(
        member(say("预约安装，明天15:00", "confirm_booking", "", "visitor-browser-000" + std::to_string(i)),
               "contact_id"));
  std::vector<std::string> acts(kVisitors);
  std::vector<std::thread> threads;
  for (int i = 0; i < kVisitors; ++i) {
    threads.emplace_back([&, i] {
      const auto answer = asked(
          turn_of("好的", contacts[static_cast<std::size_t>(i)], "visitor-browser-000" + std::to_string(i)));
      acts[static_cast<std::size_t>(i)] = answer.ok() ? member(*answer, "act") : answer.error().describe();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(acts.begin(), acts.end(), "do_book"), 1);
  EXPECT_EQ(std::count(acts.begin(), acts.end(), "when_full"), kVisitors - 1);
  EXPECT_EQ(logged("Service Booked"), 1U);
}

TEST_F(AssistantBookingTest, AgentsAndTheAssistantShareOneBook) {
  tell(service_noun() + "," + track("ada", "Ticket Opened", "t1", R"({"ticket_id":"T1","class":"service"})"));
  const std::string contact = member(say("预约安装，明天15:00", "confirm_booking"), "contact_id");
  say("好的", "do_book", contact);
  const std::string at = format_instant(hers().appointments.at(0).for_time);
  const auto act = [&](const std::string& key) {
    return wait<std::string>([&](auto reply) {
      act_on_ticket(*engine_, shop_,
                    {"T1",
                     R"({"action":"appointment","key":")" + key +
                         R"(","reason":"fit","service_id":"S-fit","for":")" + at + R"("})",
                     {"user:1", "agent"}},
                    reply);
    });
  };
  const auto full = act("k1");
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().code, Errc::refused);
  say("取消预约", "confirm_cancel_booking", contact);
  say("好的", "do_cancel_booking", contact);
  EXPECT_TRUE(act("k2").ok());
  say("预约安装，明天15:00", "when_full", "", kEve);
}

TEST_F(AssistantBookingTest, CouponsAreHersAndEndWhenTheyAreUsed) {
  const std::string until = format_instant(Instant{std::chrono::duration_cast<std::chrono::milliseconds>(
                                                       std::chrono::system_clock::now().time_since_epoch())
                                                       .count()} +
                                           days(3));
  tell(
      track(
          "shop", "Coupon Published", "c1",
          R"({"coupon_id":"C-5","title":"五元券","title_en":"5 off","coupon_value":"5.00","currency":"CNY","minimum":99,"owner":"li"})") +
      "," +
      own(kAnna, "Coupon Granted", "g1",
          R"({"coupon_id":"C-5","coupon_value":"5.00","currency":"CNY","until":")" + until + R"("})") +
      "," +
      own(kAnna, "Coupon Granted", "g2",
          R"({"coupon_id":"C-5","coupon_value":"5.00","currency":"CNY","until":"2020-01-01T00:00:00Z"})"));
  const model::VisitorAnswer anna = hers();
  ASSERT_EQ(anna.coupons.size(), 1U) << "one is over";
  EXPECT_EQ(anna.coupons[0].value, "5.00");
  for (const auto& [name, value] : anna.coupons[0].members) EXPECT_NE(name, "owner") << "stays inside";
  const std::string contact = member(say("我有什么优惠券", "coupons"), "contact_id");
  EXPECT_NE(say("which coupons do I have", "coupons", contact).find("5 off (5.00 CNY)"), std::string::npos);
  say("我有什么优惠券", "no_coupons", "", kEve);
  tell(own(kAnna, "Coupon Redeemed", "u1", R"({"coupon_id":"C-5"})"));
  EXPECT_EQ(hers().coupons.size(), 1U) << "the older one was used first";
  tell(own(kAnna, "Coupon Redeemed", "u2", R"({"coupon_id":"C-5"})"));
  EXPECT_TRUE(hers().coupons.empty());
}

TEST_F(AssistantBookingTest, TheCardTellsWhatBecameOfItsAnswersHere) {
  // One visitor counts once a day.
  for (const char* who : {kAnna, kEve, "cara-browser-0123456789"}) {
    tell(own(who, "Coupon Granted", std::string("g-") + who,
             R"({"coupon_id":"C-5","coupon_value":"5.00","currency":"CNY"})"));
    const std::string contact = member(say("我有什么优惠券", "coupons", "", who), "contact_id");
    const bool helped = who != kAnna;
    say(helped ? "谢谢" : "答非所问", helped ? "thanks" : "not_it", contact, who);
  }
  const auto card = [&] {
    return *wait<std::string>([&](auto reply) { assistant_card(*engine_, shop_, false, {}, reply); });
  };
  const std::string told = card();
  EXPECT_NE(told.find(R"("standing":"too_few","judged":3,"right":2)"), std::string::npos) << told;
  EXPECT_NE(told.find(R"("helped":2,"unhelped":1)"), std::string::npos) << told;
  reopen();
  EXPECT_EQ(card(), told) << "made again out of the log it is the same";
}

constexpr int kConversations = 12, kDays = 50;

/// Everybody of that day who has no appointment yet asks for one and says yes.
void book_all(Engine& engine, ShopNo shop, int day) {
  const std::string wish = fmt::format("预约安装，{}天后15:00", day);
  for (int n = 0; n < kConversations; ++n) {
    const std::string visitor = fmt::format("visitor-browser-{:02}-{:02}", day, n);
    const auto held = wait_for<model::VisitorAnswer>([&](auto reply) {
      engine.shop_visitor(shop, {visitor, ""}, {}, reply);
    });
    if (!held.ok() || !held->appointments.empty()) continue;
    const auto asked = wait_for<std::string>(
        [&](auto reply) { assistant_turn(engine, shop, turn_of(wish, "", visitor), reply); });
    if (!asked.ok()) continue;
    wait_for<std::string>([&](auto reply) {
      assistant_turn(engine, shop, turn_of("好的", member(*asked, "contact_id"), visitor), reply);
    });
  }
}

TEST(AssistantBookingKill, DISABLED_Child) {
  const char* folder = std::getenv(kKilledFolder);
  if (folder == nullptr) GTEST_SKIP() << "runs inside the test below";
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  for (int day = 1; day <= kDays; ++day) book_all(*engine, *engine->find_shop("booking"), day);
}

TEST(AssistantBookingKill, NeverMoreThanThereIsRoomForWhateverIsKilled) {
  const std::uint64_t seed = 11;
  SCOPED_TRACE(seed);
  Random random(seed);
  const std::string folder = fresh_folder("rapport_booking");
  {
    auto engine = open_folder(folder);
    ASSERT_TRUE(engine != nullptr);
    const ShopNo shop = *engine->create_shop("booking", {});
    send_to(*engine, shop,
            track("shop", "Service Published", "s1",
                  R"({"service_id":"S-fit","title":"上门安装","capacity":5})"));
  }
  int killed = 0;
  for (int round = 0; round < 4; ++round)
    killed += run_and_kill("AssistantBookingKill.DISABLED_Child", folder,
                           static_cast<int>(random.between(2'000, 7'000)))
                  ? 0
                  : 1;
  EXPECT_GT(killed, 0);
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  const ShopNo shop = *engine->find_shop("booking");
  book_all(*engine, shop, 1);
  std::map<std::string, int> booked;
  int told = 0, all = 0;
  TailQuery query;
  query.most = 10'000;
  query.reveal = true;
  const auto tail = wait_for<TailAnswer>([&](auto reply) { engine->tail(shop, query, reply); });
  ASSERT_TRUE(tail.ok());
  for (const auto& entry : tail->events) {
    told += entry.personal_json.find(R"("act":"do_book")") != std::string::npos ? 1 : 0;
    if (entry.event != "Service Booked") continue;
    ++all;
    EXPECT_LE(++booked[entry.properties_json], 5) << entry.properties_json;
  }
  EXPECT_GE(all, 5) << "the first day's room is taken whole";
  EXPECT_EQ(told, all) << "what was told was done, and what was done was told";
  engine.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace rapport::engine
