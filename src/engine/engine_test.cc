#include <algorithm>

#include "engine/detail/test_engine.h"

namespace rapport::engine {
namespace {

TEST_F(EngineTest, WhatIsAnsweredIsDurableAndReadable) {
  const auto answer = send(
      track("ada", "Product Viewed", "m1", R"({"product_id":"P1"})") + "," +
      R"({"type":"identify","userId":"ada","anonymousId":"a-1","messageId":"m2","traits":{"city_tier":"1","email":"Ada@Example.com"}})");
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  EXPECT_EQ(answer->accepted, 2U);
  const auto ada = customer("ada", answer->offset);
  ASSERT_TRUE(ada.ok()) << ada.error().describe();
  EXPECT_EQ(ada->identities.size(), 3U);
  // At once, not when some follower has come by.
  for (const model::IdentityAnswer& identity : ada->identities) EXPECT_TRUE(identity.value.has_value());
  EXPECT_GE(ada->known_at, answer->offset);
  const auto same = customer("email:ada@example.com");
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(same->id, ada->id);
}

TEST_F(EngineTest, ARepeatIsCountedAndChangesNothing) {
  const auto first = send(track("ada", "Product Viewed", "m1", R"({"product_id":"P1"})"));
  const auto again = send(track("ada", "Product Viewed", "m1", R"({"product_id":"P1"})"));
  EXPECT_EQ(again->accepted, 0U);
  EXPECT_EQ(again->duplicate, 1U);
  EXPECT_GE(again->offset, first->offset);
  reopen();
  EXPECT_EQ(send(track("ada", "Product Viewed", "m1", R"({"product_id":"P1"})"))->duplicate, 1U);
}

TEST_F(EngineTest, ARestartChangesNoAnswer) {
  std::string messages;
  for (int n = 0; n < 300; ++n) {
    messages += (n > 0 ? "," : "") + track("u" + std::to_string(n % 40), "Product Viewed",
                                           "m" + std::to_string(n), R"({"product_id":"P1"})");
  }
  const auto answer = send(messages);
  ASSERT_EQ(answer->accepted, 300U);
  ASSERT_TRUE(customer("u7", answer->offset).ok());
  const auto before = engine_->verify(1'000);
  ASSERT_TRUE(before.ok()) << before.error().describe();
  const auto facts = customer("u7")->facts;
  reopen();
  EXPECT_EQ(customer("u7")->facts, facts);
  // The restart wrote a Tick, so hashes are compared on one log: refolded in slices of different length.
  expect_one_state(7, 1, 100'000);
  EXPECT_GE(engine_->verify(7)->seq, before->seq);
}

TEST_F(EngineTest, VerifyGivesOneStateForAnyThreads) {
  std::vector<ShopNo> shops = {shop_, *engine_->create_shop("second", {}),
                               *engine_->create_shop("third", {})};
  for (std::size_t i = 0; i < shops.size(); ++i) {
    shop_ = shops[i];
    std::string messages;
    for (int n = 0; n < 400; ++n) {
      messages += (n > 0 ? "," : "") + track("u" + std::to_string(n % (10 + 7 * i)), "Product Viewed",
                                             "m" + std::to_string(n), R"({"product_id":"P1"})");
    }
    ASSERT_EQ(send(messages)->accepted, 400U);
  }
  const auto one = engine_->verify(1'000, 1);
  ASSERT_TRUE(one.ok()) << one.error().describe();
  ASSERT_EQ(one->shops.size(), 3U);
  EXPECT_NE(one->shops[0].state, one->shops[1].state);
  for (const std::size_t threads : {2, 3, 4, 16}) expect_one_state(17, threads, 1'000);
}

TEST_F(EngineTest, UnlinkTakesTheIdentifierAwayExactly) {
  const auto answer =
      send(R"({"type":"identify","userId":"ada","messageId":"m1","traits":{"phone":"13912345678"}})");
  ASSERT_TRUE(answer.ok());
  const auto linked = customer("phone:13912345678", answer->offset);
  ASSERT_TRUE(linked.ok()) << linked.error().describe();
  ASSERT_EQ(linked->id, customer("ada")->id);
  const auto phone = *model::Identifier::parse(model::IdentifierKind::phone, "13912345678");
  const auto unlinked = wait<EventSeq>([&](auto reply) { engine_->unlink(shop_, "ada", phone, reply); });
  ASSERT_TRUE(unlinked.ok()) << unlinked.error().describe();
  const auto alone = customer("phone:13912345678", *unlinked);
  ASSERT_TRUE(alone.ok()) << alone.error().describe();
  EXPECT_NE(alone->id, customer("ada")->id);
  // As it was believed before.
  const auto before = customer("phone:13912345678", {}, answer->offset);
  ASSERT_TRUE(before.ok()) << before.error().describe();
  EXPECT_EQ(before->identities.size(), 2U);
  const auto not_hers = wait<EventSeq>([&](auto reply) { engine_->unlink(shop_, "ada", phone, reply); });
  EXPECT_EQ(not_hers.error().code, Errc::not_found);
}

TEST_F(EngineTest, AFastClockDoesNotOutliveAnUnlink) {
  const Instant soon = SystemClock().now() + minutes(4);
  const auto linked = send(fmt::format(
      R"({{"type":"identify","userId":"ada","messageId":"m1","timestamp":"{}","traits":{{"email":"ada@example.com"}}}})",
      format_instant(soon)));
  ASSERT_TRUE(linked.ok());
  ASSERT_EQ(customer("ada", linked->offset)->identities.size(), 2U);
  const auto email = *model::Identifier::parse(model::IdentifierKind::email, "ada@example.com");
  const auto unlinked = wait<EventSeq>([&](auto reply) { engine_->unlink(shop_, "ada", email, reply); });
  ASSERT_TRUE(unlinked.ok()) << unlinked.error().describe();
  EXPECT_NE(customer("email:ada@example.com", *unlinked)->id, customer("ada", *unlinked)->id);
}

TEST_F(EngineTest, WhatIsLinkedRightAfterAnUnlinkIsLinked) {
  const auto phone = *model::Identifier::parse(model::IdentifierKind::phone, "13912345678");
  for (int i = 0; i < 20; ++i) {
    const auto linked = send(fmt::format(
        R"({{"type":"identify","userId":"ada","messageId":"m{}","traits":{{"phone":"13912345678"}}}})", i));
    ASSERT_TRUE(linked.ok());
    const auto by_phone = customer("phone:13912345678", linked->offset);
    ASSERT_TRUE(by_phone.ok()) << i << ": " << by_phone.error().describe();
    ASSERT_EQ(by_phone->id, customer("ada", linked->offset)->id) << i;
    const auto unlinked = wait<EventSeq>([&](auto reply) { engine_->unlink(shop_, "ada", phone, reply); });
    ASSERT_TRUE(unlinked.ok()) << i << ": " << unlinked.error().describe();
  }
}

TEST_F(EngineTest, AnErasedPersonIsGoneAndStaysAway) {
  const auto answer = send(
      R"({"type":"identify","userId":"ada-lovelace-1815","messageId":"m1","traits":{"email":"ada@example.com","name":"Augusta Ada King"}})");
  ASSERT_TRUE(answer.ok());
  const auto id = customer("ada-lovelace-1815", answer->offset)->id;
  const auto erased = wait<EventSeq>([&](auto reply) { engine_->erase(shop_, "ada-lovelace-1815", reply); });
  ASSERT_TRUE(erased.ok()) << erased.error().describe();
  EXPECT_EQ(customer("ada-lovelace-1815").error().code, Errc::not_found);
  EXPECT_EQ(customer(model::format_customer_id(id)).error().code, Errc::not_found);
  const auto later = send(track("ada-lovelace-1815", "Product Viewed", "m2", R"({"product_id":"P1"})"));
  EXPECT_EQ(later->suppressed, 1U);
  EXPECT_EQ(later->accepted, 0U);
  reopen();
  EXPECT_EQ(send(track("ada-lovelace-1815", "Product Viewed", "m3", R"({"product_id":"P1"})"))->suppressed,
            1U);
}

TEST_F(EngineTest, AWrongEventIsADeadLetterAndTheRestIsTaken) {
  const auto answer = send(track("ada", "Product Viewed", "m1", "{}") + "," +
                           track("ada", "Product Viewed", "m2", R"({"product_id":"P1"})"));
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->accepted, 1U);
  EXPECT_EQ(answer->rejected, 1U);
  const auto letters = wait<std::vector<model::DeadLetterAnswer>>(
      [&](auto reply) { engine_->dead_letters(shop_, 0, 10, true, reply); });
  ASSERT_EQ(letters->size(), 1U);
  EXPECT_NE(letters->front().where.find("product_id"), std::string::npos);
  EXPECT_NE(letters->front().raw.find("m1"), std::string::npos);
}

TEST_F(EngineTest, AnErasureTakesTheWrongEventsThatNameHerAlong) {
  const auto answer =
      send(track("ada", "Product Viewed", "m1", "{}") + "," + track("bob", "Product Viewed", "m2", "{}") +
           "," + track("ada", "Product Viewed", "m3", R"({"product_id":"P1"})"));
  ASSERT_TRUE(answer.ok());
  ASSERT_EQ(answer->rejected, 2U);
  ASSERT_TRUE(customer("ada", answer->offset).ok());
  ASSERT_TRUE(wait<EventSeq>([&](auto reply) { engine_->erase(shop_, "ada", reply); }).ok());
  const auto letters = [&] {
    return wait<std::vector<model::DeadLetterAnswer>>(
        [&](auto reply) { engine_->dead_letters(shop_, 0, 10, true, reply); });
  };
  ASSERT_EQ(letters()->size(), 1U);
  EXPECT_NE(letters()->front().raw.find("bob"), std::string::npos);
  // Numbers of letters that went are not given again.
  const std::uint64_t last = letters()->back().id;
  reopen();
  ASSERT_EQ(send(track("carl", "Product Viewed", "m4", "{}"))->rejected, 1U);
  EXPECT_GT(letters()->back().id, last);
}

TEST_F(EngineTest, APositionThatIsNotThereIsSaidSo) {
  const auto answer = send(track("ada", "Product Viewed", "m1", R"({"product_id":"P1"})"));
  ASSERT_TRUE(answer.ok());
  ASSERT_TRUE(customer("ada", answer->offset).ok());
  const EventSeq beyond{answer->offset.value + 1'000};
  const auto waited = customer("ada", beyond);
  ASSERT_FALSE(waited.ok());
  EXPECT_EQ(waited.error().code, Errc::unavailable);
  EXPECT_EQ(waited.error().where, "X-Log-Offset");
  CustomerQuery query;
  query.ref = "ada";
  query.known_at = beyond;
  const auto believed =
      wait<model::CustomerAnswer>([&](auto reply) { engine_->customer(shop_, query, reply); });
  ASSERT_FALSE(believed.ok());
  EXPECT_EQ(believed.error().code, Errc::bad_input);
  EXPECT_EQ(believed.error().where, "known_at");
  EXPECT_NE(believed.error().expected.find(std::to_string(answer->offset.value)), std::string::npos);
  ExplainQuery why;
  why.customer = query;
  why.segment = "problem";
  EXPECT_EQ(wait<model::ExplainAnswer>([&](auto reply) { engine_->explain(shop_, why, reply); }).error().code,
            Errc::bad_input);
  EXPECT_EQ(
      wait<std::vector<model::TimelineEntry>>([&](auto reply) { engine_->timeline(shop_, query, 10, reply); })
          .error()
          .code,
      Errc::bad_input);
  query.known_at = answer->offset;
  EXPECT_TRUE(wait<model::CustomerAnswer>([&](auto reply) { engine_->customer(shop_, query, reply); }).ok());
}

TEST_F(EngineTest, AQuestionNobodyWaitsForEnds) {
  ASSERT_TRUE(send(track("ada", "Product Viewed", "m1", R"({"product_id":"P1"})")).ok());
  LensQuestion question;
  question.query = "SELECT max(a.range * b.range) FROM range(10000000) a, range(10000000) b";
  question.caller = 7;
  question.cancellation = std::make_shared<Cancellation>();
  std::promise<Result<model::SqlAnswer>> answered;
  engine_->sql(shop_, question,
               [&](Result<model::SqlAnswer> answer) { answered.set_value(std::move(answer)); });
  // Looks into the store and questions of others are answered beside it.
  ASSERT_TRUE(wait<TailAnswer>([&](auto reply) {
                engine_->tail(shop_, {EventSeq{0}, 10, false, true}, reply);
              }).ok());
  EXPECT_TRUE(wait<model::SqlAnswer>([&](auto reply) {
                engine_->sql(shop_, {"SELECT 1", false, 8}, reply);
              }).ok());
  question.cancellation->cancel();
  const auto answer = answered.get_future().get();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Errc::conflict);
  EXPECT_EQ(answer.error().where, "cancelled");
}

TEST_F(EngineTest, TailGivesTheLogInOrder) {
  ASSERT_TRUE(send(track("ada", "Product Viewed", "m1", R"({"product_id":"P1"})")).ok());
  ASSERT_TRUE(send(track("bob", "Product Liked", "m2", R"({"product_id":"P2"})")).ok());
  const auto tail = wait<TailAnswer>([&](auto reply) {
    engine_->tail(shop_, {EventSeq{0}, 100, false, true}, reply);
  });
  ASSERT_TRUE(tail.ok());
  std::vector<std::string> events;
  for (const auto& entry : tail->events) events.push_back(entry.event);
  EXPECT_EQ(events, (std::vector<std::string>{"shop_created", "Product Viewed", "Product Liked"}));
  EXPECT_EQ(tail->events[1].properties_json, R"({"product_id":"P1"})");
}

TEST_F(EngineTest, WhyNamesTheRecordsBehindIt) {
  const auto answer = send(track("ada", "Ticket Opened", "m1", R"({"ticket_id":"T1","class":"product"})"));
  ASSERT_TRUE(answer.ok() && answer->accepted == 1U);
  ASSERT_TRUE(customer("ada", answer->offset).ok());
  ExplainQuery query;
  query.customer.ref = "ada";
  query.segment = "problem";
  const auto why = wait<model::ExplainAnswer>([&](auto reply) { engine_->explain(shop_, query, reply); });
  ASSERT_TRUE(why.ok()) << why.error().describe();
  EXPECT_EQ(why->answer, "yes");
  EXPECT_TRUE(why->until.has_value());
  bool named = false;
  for (const model::ExplainStep& step : why->steps) {
    named = named || std::find(step.events.begin(), step.events.end(), answer->offset) != step.events.end();
  }
  EXPECT_TRUE(named);
  // Before the complaint was known there was nobody to explain.
  query.customer.known_at = EventSeq{1};
  const auto then = wait<model::ExplainAnswer>([&](auto reply) { engine_->explain(shop_, query, reply); });
  EXPECT_EQ(then.error().code, Errc::not_found);
  query.segment = "no_such";
  query.customer.known_at.reset();
  const auto wrong = wait<model::ExplainAnswer>([&](auto reply) { engine_->explain(shop_, query, reply); });
  EXPECT_NE(wrong.error().expected.find("problem"), std::string::npos);
}

// The primary class used to be today's whatever moment was asked about.
TEST_F(EngineTest, AnEarlierMomentHasItsOwnPrimaryClass) {
  const auto answer = send(track("ada", "Ticket Opened", "m1", R"({"ticket_id":"T1","class":"product"})"));
  ASSERT_TRUE(answer.ok());
  const auto now = customer("ada", answer->offset);
  ASSERT_TRUE(now.ok());
  EXPECT_EQ(now->primary, "problem");
  const auto before = wait<model::CustomerAnswer>([&](auto reply) {
    CustomerQuery query;
    query.ref = "ada";
    query.at = now->valid_at - days(1);
    engine_->customer(shop_, query, reply);
  });
  ASSERT_TRUE(before.ok());
  EXPECT_TRUE(before->segments.empty());
  EXPECT_EQ(before->primary, "other");
}

TEST_F(EngineTest, APublishedRuleTakesEffectAndAWrongOneSaysWhere) {
  const auto answer = send(track("ada", "Product Liked", "m1", R"({"product_id":"P1"})"));
  ASSERT_TRUE(answer.ok());
  const auto wrong = wait<EventSeq>(
      [&](auto reply) { engine_->publish_rule(shop_, "fans", "count(Product Likd) >= 1 in 30d", reply); });
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.error().where.find("column"), std::string::npos) << wrong.error().describe();
  const auto published = wait<EventSeq>(
      [&](auto reply) { engine_->publish_rule(shop_, "fans", "count(Product Liked) >= 1 in 30d", reply); });
  ASSERT_TRUE(published.ok()) << published.error().describe();
  const auto ada = customer("ada", *published);
  ASSERT_TRUE(ada.ok());
  ASSERT_EQ(ada->segments.size(), 1U);
  EXPECT_EQ(ada->segments.front().name, "fans");
}

TEST_F(EngineTest, SqlSeesWhatWasAnsweredAndOnlyReads) {
  ASSERT_TRUE(send(track("ada", "Product Viewed", "m1", R"({"product_id":"P1"})")).ok());
  const auto ask = [&](const std::string& query) {
    return wait<model::SqlAnswer>([&](auto reply) { engine_->sql(shop_, {query, true}, reply); });
  };
  const auto rows = ask("select product_id, user_id from events where event = 'Product Viewed'");
  ASSERT_TRUE(rows.ok()) << rows.error().describe();
  ASSERT_EQ(rows->rows.size(), 1U);
  EXPECT_EQ(std::get<std::string>(rows->rows[0][0]), "P1");
  EXPECT_EQ(std::get<std::string>(rows->rows[0][1]), "ada");
  EXPECT_FALSE(ask("delete from events").ok());
}

TEST_F(EngineTest, AnotherProcessCannotHoldTheSameFolder) {
  EngineOptions options;
  options.data = folder_.string();
  const auto second = Engine::open(options);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Errc::conflict);
}

}  // namespace
}  // namespace rapport::engine
