#include <map>
#include <set>

#include "codec/json_index.h"
#include "engine/detail/test_kill.h"
#include "engine/detail/test_letters.h"
#include "engine/engine_desk.h"
#include "engine/engine_feedback.h"
#include "engine/engine_mail_in.h"

// What authors are told by letter of what was done, and replies to those who wrote by letter: decided, sent,
// a receipt; once each, whatever is killed.
namespace rapport::engine {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);
constexpr const char* kChildPort = "RAPPORT_ANSWERS_PORT";
constexpr int kAuthors = 60;
const DeskWho kOwner{"user:1", "owner"};

std::string author(const std::string& user, bool agrees, bool has_address) {
  const std::string traits = has_address ? R"({"email":")" + user + R"(@example.com"})" : "{}";
  std::string wire =
      R"({"type":"identify","userId":")" + user + R"(","messageId":"i-)" + user + R"(","traits":)" + traits +
      "}," +
      track(user, "Review Posted", "r-" + user,
            R"({"review_id":"V-)" + user + R"(","product_id":"P1","rating":2,"text":"电池太差"})");
  if (agrees) {
    wire += "," + track(user, "Consent Updated", "c-" + user,
                        R"({"purpose":"service","channel":"email","granted":true})");
  }
  return wire;
}

Result<std::string> answer(Engine& engine, ShopNo shop, const std::string& rest) {
  return wait_for<std::string>([&](auto reply) {
    answer_feedback(engine, shop,
                    {R"({"answer_id":"battery","about":{"product_id":"P1"},)" + rest + "}", kOwner}, reply);
  });
}

class AnswerLetters : public EngineTest {
 protected:
  void open_with(const courier::TestMailSink& sink) {
    mail_ = letter_settings(sink.server());
    reopen();
  }
  /// What was said is in the list once it was classified.
  void hear(int pieces) {
    ASSERT_TRUE(wait<std::size_t>([&](auto reply) { listen_to_feedback(*engine_, shop_, reply); }).ok());
    ASSERT_EQ(counts("Feedback Classified", pieces)["Feedback Classified"], pieces);
  }
  /// How often each such event was logged, once there are so many of `name`.
  std::map<std::string, int> counts(const std::string& name, int least) {
    std::map<std::string, int> all;
    for (int tries = 0; tries < 6'000; ++tries) {
      all.clear();
      for (const model::TimelineEntry& entry : all_records(*engine_, shop_)) ++all[entry.event];
      if (all[name] >= least) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return all;
  }
  std::string member(const Result<std::string>& json, std::string_view name) {
    EXPECT_TRUE(json.ok()) << (json.ok() ? "" : json.error().describe());
    codec::JsonIndex index;
    if (!json.ok() || !index.parse(*json).ok()) return "?";
    const codec::JsonValue value = index.root().find(name);
    return !value.present()                    ? ""
           : value.is(codec::JsonKind::string) ? value.text()
                                               : std::string(value.raw());
  }
};

TEST_F(AnswerLetters, WhoAgreedToLettersHearsByLetterTooAndNobodyElse) {
  courier::TestMailSink sink(courier::agreeable);
  open_with(sink);
  ASSERT_TRUE(
      send(author("ada", true, true) + "," + author("bob", false, true) + "," + author("eve", true, false))
          .ok());
  hear(3);
  const auto preview = answer(*engine_, shop_, R"("preview":true)");
  EXPECT_EQ(member(preview, "authors"), "3");
  EXPECT_EQ(member(preview, "by_mail"), "1") << "bob never agreed, eve has no address";
  const std::string told = R"("texts":{"zh-Hans":"电池换了"},"expect":3)";
  EXPECT_EQ(member(answer(*engine_, shop_, told), "told"), "3");
  const auto letters = sink.wait_for(1, kPatience);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letter_part(letters[0], "To"), "ada@example.com");
  EXPECT_NE(letter_part(letters[0], "").find("电池换了"), std::string::npos);
  EXPECT_EQ(letter_part(letters[0], "").find("/case/"), std::string::npos) << "it is nobody's case";
  auto logged = counts("Message Sent", 1);
  EXPECT_EQ(logged["Feedback Answered"], 3) << "the message in the shop stays";
  EXPECT_EQ(logged["Message Decided"], 1);
  EXPECT_EQ(logged["Message Sent"], 1);
  EXPECT_EQ(member(answer(*engine_, shop_, told), "told"), "0");
  reopen();
  EXPECT_EQ(counts("Message Sent", 1)["Message Sent"], 1);
  EXPECT_EQ(sink.letters().size(), 1U) << "a receipt ends it";
}

TEST_F(AnswerLetters, WhoWithdrawsBeforeItLeavesGetsNone) {
  std::atomic<bool> busy{true};
  courier::TestMailSink sink([&](const std::string& command) {
    return busy && command.starts_with("RCPT") ? "451 later" : courier::agreeable(command);
  });
  open_with(sink);
  ASSERT_TRUE(send(author("ada", true, true)).ok());
  hear(1);
  EXPECT_EQ(member(answer(*engine_, shop_, R"("texts":{"zh-Hans":"电池换了"},"expect":1)"), "told"), "1");
  const auto tried = [&] {
    const auto commands = sink.commands();
    return std::any_of(commands.begin(), commands.end(),
                       [](const auto& one) { return one.starts_with("RCPT"); });
  };
  for (int i = 0; i < 2'000 && !tried(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ASSERT_TRUE(tried());
  const auto withdrawn = send(
      track("ada", "Consent Updated", "w", R"({"purpose":"service","channel":"email","granted":false})"));
  ASSERT_TRUE(withdrawn.ok() && customer("ada", withdrawn->offset).ok());
  busy = false;
  struct Later : Clock {
    Instant now() override { return SystemClock().now() + minutes(30); }
  } later;
  clock_ = &later;
  reopen();
  auto logged = counts("Message Failed", 1);
  EXPECT_EQ(logged["Message Failed"], 1);
  EXPECT_EQ(logged["Message Sent"], 0);
  EXPECT_TRUE(sink.letters().empty());
  engine_.reset();
}

TEST_F(AnswerLetters, WhoWroteByLetterIsAnsweredByLetterWithTheLinkToHerCase) {
  courier::TestMailSink sink(courier::agreeable);
  open_with(sink);
  const auto letter = [&](const std::string& id, const std::string& text, const std::string& more) {
    return wait<std::string>([&](auto reply) {
      take_letter(
          *engine_, shop_,
          R"({"from":"ada@example.com","message_id":")" + id + R"(","text":")" + text + R"(")" + more + "}",
          reply);
    });
  };
  const std::string contact = member(letter("<first@mail.example>", "where is my parcel", ""), "contact_id");
  const auto ticket = [&](const std::string& id, const std::string& of) {
    return R"({"type":"track","anonymousId":"x","event":"Ticket Opened","messageId":"t-)" + id +
           R"(","context":{"traits":{"email":"ada@example.com"}},"properties":{"ticket_id":")" + id +
           R"(","class":"logistics","contact_id":")" + of + R"("}})";
  };
  ASSERT_TRUE(
      send(ticket("T1", contact) + "," +
           track("bob", "Contact Started", "k", R"({"contact_id":"K1","channel":"chat"})") + "," +
           track("bob", "Ticket Opened", "t2", R"({"ticket_id":"T2","class":"logistics","contact_id":"K1"})"))
          .ok());
  const auto reply_on = [&](const std::string& id) {
    return wait<std::string>([&](auto reply) {
      reply_on_ticket(*engine_, shop_, {id, R"({"text":"it comes today","agent":"li"})", kOwner}, reply);
    });
  };
  ASSERT_TRUE(reply_on("T2").ok());
  const auto replied = reply_on("T1");
  ASSERT_TRUE(replied.ok()) << replied.error().describe();
  const auto letters = sink.wait_for(1, kPatience);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letter_part(letters[0], "To"), "ada@example.com");
  const std::string text = letter_part(letters[0], "");
  EXPECT_NE(text.find("it comes today"), std::string::npos);
  const std::string begin = "https://shop.example/case/";
  const std::size_t at = text.find(begin);
  ASSERT_NE(at, std::string::npos) << text;
  const std::string token = text.substr(at + begin.size(), text.find('\r', at) - at - begin.size());
  const auto seen = wait<std::string>([&](auto reply) { case_record(*engine_, token, reply); });
  EXPECT_EQ(member(seen, "case"), "T1");
  EXPECT_EQ(counts("Message Sent", 1)["Message Sent"], 1) << "who chatted is not written to";
  // Her answer to that letter goes on in the same conversation.
  const std::string ours = letter_part(letters[0], "Message-ID");
  EXPECT_EQ(member(letter("<second@mail.example>", "thank you", R"(,"references":[")" + ours + R"("])"),
                   "contact_id"),
            contact);
  EXPECT_NE(
      member(letter("<third@mail.example>", "hello", R"(,"references":["<reply-mail-zz@shop.example>"])"),
             "contact_id"),
      contact);
}

/// Not a test but the process that the next one kills.
TEST_F(AnswerLetters, DISABLED_Child) {
  const char* folder = std::getenv(kKilledFolder);
  if (folder == nullptr) GTEST_SKIP() << "runs inside the test below";
  engine_.reset();
  std::filesystem::remove_all(folder_);
  folder_ = folder;
  courier::MailServer server;
  server.host = "127.0.0.1";
  server.port = static_cast<std::uint16_t>(std::atoi(std::getenv(kChildPort)));
  server.security = courier::MailSecurity::none;
  server.from = "care@shop.example";
  mail_ = letter_settings(server);
  open();
  EXPECT_TRUE(answer(*engine_, shop_, R"("texts":{"zh-Hans":"电池换了"},"expect":60)").ok());
  counts("Message Sent", kAuthors);
  engine_.reset();
  folder_.clear();  // It is the parent's.
}

TEST_F(AnswerLetters, EachAuthorIsToldOnceWhateverIsKilled) {
  const std::uint64_t seed = 23;
  SCOPED_TRACE(seed);
  Random random(seed);
  courier::TestMailSink sink(courier::agreeable);
  mail_ = nullptr;
  for (int n = 0; n < kAuthors; ++n) ASSERT_TRUE(send(author("u" + std::to_string(n), true, true)).ok());
  hear(kAuthors);
  engine_.reset();
  ::setenv(kChildPort, std::to_string(sink.server().port).c_str(), 1);
  kill_until_it_ends(random, "AnswerLetters.DISABLED_Child", folder_.string());
  ::unsetenv(kChildPort);
  mail_ = letter_settings(sink.server());
  open();
  ASSERT_TRUE(answer(*engine_, shop_, R"("texts":{"zh-Hans":"电池换了"},"expect":60)").ok());
  auto logged = counts("Message Sent", kAuthors);
  EXPECT_EQ(logged["Feedback Answered"], kAuthors);
  EXPECT_EQ(logged["Message Decided"], kAuthors);
  EXPECT_EQ(logged["Message Sent"], kAuthors);
  EXPECT_EQ(logged["Message Failed"], 0);
  std::set<std::string> ids, readers;
  for (const std::string& letter : sink.letters()) {
    ids.insert(letter_part(letter, "Message-ID"));
    readers.insert(letter_part(letter, "To"));
  }
  EXPECT_EQ(ids.size(), std::size_t{kAuthors})
      << "what left before its receipt was written leaves again under its own id";
  EXPECT_EQ(readers.size(), std::size_t{kAuthors});
}

}  // namespace
}  // namespace rapport::engine
