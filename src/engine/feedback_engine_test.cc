#include <set>

#include "engine/detail/feedback_letters.h"
#include "engine/detail/feedback_source.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/test_kill.h"
#include "engine/engine_feedback.h"

namespace rapport::engine {
namespace {

std::string review(const std::string& user, const std::string& id, const std::string& text) {
  return track(user, "Review Posted", "m-" + id,
               R"({"review_id":")" + id + R"(","product_id":"P1","rating":2,"text":")" + text + R"("})");
}
std::string message(const std::string& user, const std::string& id, const std::string& contact,
                    const std::string& text, const std::string& from = "customer") {
  return track(user, "Message Posted", id,
               R"({"contact_id":")" + contact + R"(","from":")" + from + R"(","text":")" + text + R"("})");
}

class FeedbackTest : public EngineTest {
 protected:
  void listen() {
    ASSERT_TRUE(wait<std::size_t>([&](auto reply) { listen_to_feedback(*engine_, shop_, reply); }).ok());
  }
  std::string list(FeedbackQuery query = {}) {
    query.reveal = true;
    const auto answer = wait<std::string>([&](auto reply) { feedback(*engine_, shop_, query, reply); });
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    return answer.ok() ? *answer : "{}";
  }
  /// Everything of that name in the log, once there are so many.
  std::vector<model::TimelineEntry> logged(const std::string& name, std::size_t least = 0) {
    std::vector<model::TimelineEntry> found;
    for (int i = 0; i < 12'000; ++i) {
      const auto tail = wait<TailAnswer>([&](auto reply) {
        engine_->tail(shop_, {EventSeq{0}, 10'000, false, true}, reply);
      });
      found.clear();
      for (const auto& entry : tail->events) {
        if (entry.event == name) found.push_back(entry);
      }
      if (found.size() >= least) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return found;
  }
  /// Once the listener has read everything that is in the log now.
  void caught_up() {
    for (int i = 0; i < 12'000; ++i) {
      if (list().find(R"("behind":0})") != std::string::npos) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL() << "the listener does not come to the log's end";
  }
};

TEST_F(FeedbackTest, AComplaintIsToldToItsDepartmentAndOpensATicket) {
  listen();
  ASSERT_TRUE(send(review("ada", "V1", "电池太不耐用了，快递很快！")).ok());
  const auto told = logged("Feedback Classified", 1);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].properties_json.find(R"("class":"product","sentiment":-1,"aspect":"battery")"),
            std::string::npos)
      << told[0].properties_json;
  EXPECT_NE(told[0].properties_json.find(R"("class":"logistics","sentiment":1)"), std::string::npos);
  EXPECT_EQ(told[0].properties_json.find("电池"), std::string::npos) << "no text leaves what is sealed";
  EXPECT_EQ(told[0].personal_json.find("电池"), std::string::npos);
  const auto tickets = logged("Ticket Opened", 1);
  ASSERT_EQ(tickets.size(), 1U);
  EXPECT_NE(tickets[0].properties_json.find(R"("class":"product")"), std::string::npos);
  EXPECT_NE(tickets[0].properties_json.find(R"("about":"V1")"), std::string::npos);

  caught_up();
  FeedbackQuery query;
  query.department = "product";
  query.sentiment = "negative";
  const std::string listed = list(query);
  EXPECT_NE(listed.find(R"("id":"V1","kind":"review")"), std::string::npos) << listed;
  EXPECT_NE(listed.find(R"("from":0,"to":8,"text":"电池太不耐用了，")"), std::string::npos) << listed;
  EXPECT_NE(listed.find(R"("ticket":{"ticket_id":"fb-)"), std::string::npos);
  query.department = "payment";
  EXPECT_EQ(list(query).find("V1"), std::string::npos);
}

TEST_F(FeedbackTest, OneConversationOpensOneTicketAndOnlyTheCustomerIsHeard) {
  listen();
  ASSERT_TRUE(send(message("ada", "m1", "K1", "快递太慢了") + "," +
                   message("ada", "m2", "K1", "物流信息一直不更新") + "," +
                   message("ada", "m3", "K1", "快递太慢了吗", "agent") + "," +
                   message("ada", "m4", "K1", "你好"))
                  .ok());
  caught_up();
  EXPECT_EQ(logged("Feedback Classified").size(), 2U) << "not the agent, not the greeting";
  EXPECT_EQ(logged("Ticket Opened").size(), 1U);
  ASSERT_TRUE(send(message("ada", "m5", "K1", "快递还没到，太慢了")).ok());
  caught_up();
  EXPECT_EQ(logged("Feedback Classified").size(), 3U);
  EXPECT_EQ(logged("Ticket Opened").size(), 1U);
}

TEST_F(FeedbackTest, ATicketThatTheShopOpenedIsEnough) {
  ASSERT_TRUE(
      send(track("ada", "Contact Started", "c1", R"({"contact_id":"K1","channel":"chat"})") + "," +
           track("ada", "Ticket Opened", "t1", R"({"ticket_id":"T1","class":"logistics","contact_id":"K1"})"))
          .ok());
  listen();
  ASSERT_TRUE(send(message("ada", "m1", "K1", "快递太慢了")).ok());
  ASSERT_EQ(logged("Feedback Classified", 1).size(), 1U);
  caught_up();
  EXPECT_EQ(logged("Ticket Opened").size(), 1U);
}

TEST_F(FeedbackTest, OldWordsAreNoWorkListAndSilenceTellsNothing) {
  listen();
  const std::string old =
      R"({"type":"track","userId":"ada","event":"Review Posted","messageId":"old",)"
      R"("timestamp":"2020-01-01T00:00:00Z","properties":{"review_id":"V0","product_id":"P1",)"
      R"("rating":1,"text":"质量太差了"}})";
  ASSERT_TRUE(send(old + "," + review("ada", "V1", "   ") + "," + review("ada", "V2", "。。。")).ok());
  caught_up();
  EXPECT_TRUE(logged("Feedback Classified").empty());
}

TEST_F(FeedbackTest, AnswersToOpenQuestionsAreHeard) {
  listen();
  ASSERT_TRUE(send(track("ada", "Survey Answered", "s1",
                         R"({"survey_id":"nps","answers":[{"item":"nps","value":3},{"item":"why","value":)"
                         R"("客服态度很差，退款到现在没到账"}]})"))
                  .ok());
  const auto told = logged("Feedback Classified", 1);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].properties_json.find(R"("aspect":"refund")"), std::string::npos)
      << told[0].properties_json;
  caught_up();
  EXPECT_NE(list().find(R"("kind":"survey")"), std::string::npos);
}

TEST_F(FeedbackTest, AfterARestartNothingIsToldTwice) {
  listen();
  ASSERT_TRUE(send(review("ada", "V1", "电池太不耐用了")).ok());
  ASSERT_EQ(logged("Feedback Classified", 1).size(), 1U);
  reopen();
  ASSERT_TRUE(send(review("bob", "V2", "包装破了")).ok());
  listen();
  ASSERT_EQ(logged("Feedback Classified", 2).size(), 2U);
  caught_up();
  EXPECT_EQ(logged("Feedback Classified").size(), 2U);
  EXPECT_EQ(logged("Ticket Opened").size(), 2U);
}

TEST_F(FeedbackTest, APersonsWordHoldsAndTeaches) {
  listen();
  ASSERT_TRUE(send(review("ada", "V1", "云朵枕质量太差了")).ok());
  caught_up();
  ASSERT_EQ(logged("Feedback Classified").size(), 1U);
  const auto corrected = [&](const std::string& id, const std::string& body) {
    return wait<EventSeq>([&](auto reply) {
      correct_feedback(*engine_, shop_, {id, body, "user:7"}, reply);
    });
  };
  const std::string version = list().substr(list().find(R"("version":")"), 30);
  ASSERT_TRUE(corrected("V1", R"({"clauses":[{"class":"product","sentiment":-1,"aspect":"loft"}]})").ok());
  FeedbackQuery query;
  query.state = "corrected";
  EXPECT_NE(list(query).find(R"("aspect":"loft")"), std::string::npos) << list(query);
  EXPECT_EQ(corrected("V9", R"({"clauses":[]})").error().code, Errc::not_found);
  EXPECT_EQ(corrected("V1", R"({"clauses":[{"class":"weather","sentiment":0}]})").error().where,
            "clauses[0].class");
  EXPECT_EQ(corrected("V1", R"({"clauses":[{"class":"price","sentiment":3}]})").error().where,
            "clauses[0].sentiment");
  EXPECT_EQ(
      corrected("V1", R"({"clauses":[{"class":"price","sentiment":0,"from":5,"to":99}]})").error().where,
      "clauses[0].from");
  // The model is another one once it has learned.
  bool learned = false;
  for (int i = 0; i < 12'000 && !learned; ++i) {
    learned = list().find(version) == std::string::npos;
    if (!learned) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(learned);
}

TEST_F(FeedbackTest, AnErasedAuthorIsGoneFromTheList) {
  listen();
  ASSERT_TRUE(send(review("ada", "V1", "电池太不耐用了")).ok());
  ASSERT_EQ(logged("Feedback Classified", 1).size(), 1U);
  caught_up();
  EXPECT_NE(list().find("V1"), std::string::npos);
  ASSERT_TRUE(wait<EventSeq>([&](auto reply) { engine_->erase(shop_, "ada", reply); }).ok());
  EXPECT_EQ(list().find("V1"), std::string::npos);
}

TEST_F(FeedbackTest, FiltersThatAreNoneAreNamed) {
  for (const auto& [where, query] : {std::pair{"class", FeedbackQuery{.klass = "x"}},
                                     {"state", FeedbackQuery{.state = "lost"}},
                                     {"sentiment", FeedbackQuery{.sentiment = "-1"}}}) {
    const auto answer = wait<std::string>([&](auto reply) { feedback(*engine_, shop_, query, reply); });
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().where, where);
  }
}

TEST_F(FeedbackTest, AReviewIsAnsweredFromFacts) {
  listen();
  ASSERT_TRUE(send(review("ada", "V1", "電池太不耐用了，快遞很快！")).ok());
  ASSERT_EQ(logged("Ticket Opened", 1).size(), 1U);
  caught_up();
  const auto draft =
      wait<std::string>([&](auto reply) { feedback_reply_draft(*engine_, shop_, "V1", "", reply); });
  ASSERT_TRUE(draft.ok()) << draft.error().describe();
  EXPECT_NE(draft->find(R"("language":"zh-Hant")"), std::string::npos);
  EXPECT_NE(draft->find("電池續航"), std::string::npos) << *draft;
  EXPECT_NE(draft->find("登記"), std::string::npos) << "the ticket is open";
  ASSERT_TRUE(wait<EventSeq>([&](auto reply) {
                reply_to_feedback(*engine_, shop_, "V1", "您好，已为您登记。", "user:7", reply);
              }).ok());
  EXPECT_EQ(logged("Review Replied").size(), 1U);
  EXPECT_NE(list().find(R"("replied":true)"), std::string::npos);
}

TEST(ReplyDraft, SaysOnlyWhatIsSo) {
  HeardClause late{"logistics", "delay", -1'000}, nice{"service", "attitude", 1'000};
  const ReplyDraft open =
      draft_reply({"too late", {late, nice}, R"({"name":"灯","name_en":"Lamp"})", "open", ""});
  EXPECT_EQ(open.language, "en");
  EXPECT_NE(open.text.find("Lamp"), std::string::npos);
  EXPECT_NE(open.text.find("sorry about the delivery time"), std::string::npos) << open.text;
  EXPECT_NE(open.text.find("manner of our service"), std::string::npos);
  EXPECT_EQ(draft_reply({"too late", {late}, "", "", ""}).text.find("on record"), std::string::npos);
  EXPECT_NE(draft_reply({"慢", {late}, "", "solved", ""}).text.find("处理完毕"), std::string::npos);
}

TEST(CharactersOf, CountsCharactersNotBytes) {
  EXPECT_EQ(characters_of("电池a好", 1, 3), "池a");
  EXPECT_EQ(characters_of("电池", 0, 9), "电池");
  EXPECT_EQ(characters_of("电池", 5, 9), "");
  EXPECT_EQ(characters_of("", 0, 0), "");
}

/// Not a test but the process that the next one kills.
TEST_F(FeedbackTest, DISABLED_ChildThatIsKilled) {
  const char* folder = std::getenv(kKilledFolder);
  ASSERT_NE(folder, nullptr) << "runs as the child of FeedbackTest.AKilledProcess...";
  engine_.reset();
  std::filesystem::remove_all(folder_);
  folder_ = folder;
  open();
  listen();
  std::this_thread::sleep_for(std::chrono::seconds(60));
}

// A child listens and is killed while it tells; whoever comes after it tells the rest, and nothing twice.
TEST_F(FeedbackTest, AKilledProcessTellsEachExactlyOnce) {
  constexpr std::size_t kReviews = 1'500;
  std::string batch;
  for (std::size_t i = 0; i < kReviews; ++i) {
    batch += (batch.empty() ? "" : ",") +
             review("u" + std::to_string(i % 50), "V" + std::to_string(i), "电池太不耐用了");
  }
  ASSERT_TRUE(send(batch).ok());
  engine_.reset();
  for (const unsigned patience_ms : {300U, 3'000U}) {
    const pid_t child = start_child("FeedbackTest.DISABLED_ChildThatIsKilled", folder_.string());
    ::usleep(patience_ms * 1'000);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  open();
  listen();
  const auto told = logged("Feedback Classified", kReviews);
  caught_up();
  EXPECT_EQ(logged("Feedback Classified").size(), kReviews);
  std::set<std::string> about;
  for (const auto& entry : told) about.insert(entry.message_id);
  EXPECT_EQ(about.size(), kReviews);
  EXPECT_EQ(logged("Ticket Opened").size(), kReviews);
}

}  // namespace
}  // namespace rapport::engine
