#include "engine/detail/letters.h"

#include "engine/detail/survey_templates.h"
#include "engine/detail/test_kill.h"
#include "engine/detail/test_letters.h"
#include "engine/engine_surveys.h"

namespace rapport::engine {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);
constexpr const char* kChildPort = "RAPPORT_LETTERS_PORT";

/// Stands until it is moved.
class HandClock : public Clock {
 public:
  Instant now() override { return {ms_.load()}; }
  void go(Duration on) { ms_ += on.ms; }

 private:
  std::atomic<std::int64_t> ms_{SystemClock().now().ms};
};

class LettersTest : public EngineTest {
 protected:
  std::vector<model::VisitorMessage> seen(const std::string& browser, const std::string& proof,
                                          EventSeq after) {
    const auto answer = wait<model::VisitorAnswer>([&](auto reply) {
      engine_->shop_visitor(shop_, {browser, proof}, after, reply);
    });
    EXPECT_TRUE(answer.ok());
    return answer.ok() ? answer->messages : std::vector<model::VisitorMessage>();
  }
  void open_with(const courier::TestMailSink& sink) {
    mail_ = letter_settings(sink.server());
    clock_ = &hand_clock_;
    reopen();
  }
  void publish(const std::string& body = R"({"template":"nps"})") {
    ASSERT_TRUE(wait<EventSeq>([&](auto reply) { engine_->publish_survey(shop_, "nps", body, reply); }).ok());
  }
  /// Somebody with an address who agreed to be written to.
  void meet(const std::string& user, const std::string& traits = R"({"email":"ada@example.com"})") {
    const auto sent = send(R"({"type":"identify","userId":")" + user + R"(","messageId":"i-)" + user +
                           R"(","traits":)" + traits + "}," +
                           track(user, "Consent Updated", "c-" + user,
                                 R"({"purpose":"service","channel":"email","granted":true})"));
    ASSERT_TRUE(sent.ok() && sent->accepted == 2);
    ASSERT_TRUE(customer(user, sent->offset).ok()) << "folded";
  }
  Result<InviteAnswer> invite(const std::string& user, const std::string& channel = "email") {
    return wait<InviteAnswer>([&](auto reply) {
      InviteRequest request;
      request.survey = "nps";
      request.customers = {user};
      request.channel = channel;
      request.send = true;
      engine_->invite(shop_, std::move(request), reply);
    });
  }
  std::size_t remind() {
    const auto sent = wait<std::size_t>([&](auto reply) { send_due_reminders(*engine_, shop_, reply); });
    EXPECT_TRUE(sent.ok());
    return sent.ok() ? *sent : 99;
  }
  /// Properties of the logged events of that name, once there are so many.
  std::vector<std::string> logged(const std::string& name, std::size_t most = 0) {
    std::vector<std::string> found;
    for (int i = 0; i < 1'000; ++i) {
      const auto tail = wait<TailAnswer>([&](auto reply) {
        engine_->tail(shop_, {EventSeq{0}, 10'000, false, true}, reply);
      });
      found.clear();
      for (const auto& entry : tail->events) {
        if (entry.event == name) found.push_back(entry.properties_json);
      }
      if (found.size() >= most) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return found;
  }
  HandClock hand_clock_;
};

TEST_F(LettersTest, AnInvitationLeavesAsALetterWithALinkThatOpens) {
  courier::TestMailSink sink(courier::agreeable);
  open_with(sink);
  publish();
  meet("ada");
  const auto answer = invite("ada");
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  ASSERT_EQ(answer->invited.size(), 1U);
  EXPECT_EQ(answer->invited[0].sent_by, "mail");
  const auto letters = sink.wait_for(1, kPatience);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letter_part(letters[0], "To"), "ada@example.com");
  EXPECT_EQ(letter_part(letters[0], "Message-ID"), "<" + answer->invited[0].decision_id + "@shop.example>");
  const std::string text = letter_part(letters[0], "");
  const std::size_t at = text.find("https://shop.example/ask/");
  ASSERT_NE(at, std::string::npos) << text;
  const std::string token = text.substr(at + 25, text.find('\r', at) - at - 25);
  const auto sheet = wait<SurveySheet>([&](auto reply) { engine_->survey_sheet(token, reply); });
  ASSERT_TRUE(sheet.ok()) << sheet.error().describe();
  EXPECT_EQ(sheet->survey.survey_id, "nps");
  const auto sent = logged("Message Sent", 1);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_NE(sent[0].find(answer->invited[0].decision_id), std::string::npos);
  EXPECT_EQ(logged("Message Decided").size(), 1U);
  reopen();
  EXPECT_EQ(remind(), 0U);
  EXPECT_EQ(sink.letters().size(), 1U) << "a receipt ends it";
}

TEST_F(LettersTest, NobodyIsWrittenToWithoutAnAddressOrConsentOrASender) {
  courier::TestMailSink sink(courier::agreeable);
  open_with(sink);
  publish();
  meet("bob", "{}");
  const auto met = send(track("eve", "User Registered", "m1"));
  ASSERT_TRUE(met.ok() && customer("eve", met->offset).ok());
  const auto bob = invite("bob"), eve = invite("eve");
  ASSERT_TRUE(bob.ok() && eve.ok());
  ASSERT_EQ(bob->refused.size(), 1U);
  EXPECT_EQ(bob->refused[0].code, "no_address");
  ASSERT_EQ(eve->refused.size(), 1U);
  EXPECT_EQ(eve->refused[0].code, "no_consent");
  EXPECT_EQ(invite("bob", "sms").error().code, Errc::refused) << "no webhook carries it";
  EXPECT_TRUE(logged("Survey Invited").empty());
  EXPECT_TRUE(sink.letters().empty());
  mail_ = nullptr;
  reopen();
  EXPECT_EQ(invite("bob").error().code, Errc::refused);
}

TEST_F(LettersTest, AnAddressThatIsRefusedForGoodIsGivenUpAndSaidSo) {
  courier::TestMailSink sink([](const std::string& command) {
    return command.starts_with("RCPT") ? "550 nobody" : courier::agreeable(command);
  });
  open_with(sink);
  publish();
  meet("ada");
  ASSERT_TRUE(invite("ada").ok());
  const auto failed = logged("Message Failed", 1);
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_NE(failed[0].find("smtp_550"), std::string::npos) << failed[0];
  const std::size_t tried = sink.commands().size();
  hand_clock_.go(days(3));
  reopen();
  EXPECT_EQ(sink.commands().size(), tried) << "not again";
}

TEST_F(LettersTest, ABusyServerIsTriedAgainAndWhoWithdrewMeanwhileIsLeftAlone) {
  std::atomic<bool> busy{true};
  courier::TestMailSink sink([&](const std::string& command) {
    return busy && command.starts_with("RCPT") ? "451 later" : courier::agreeable(command);
  });
  open_with(sink);
  publish();
  meet("ada");
  meet("bob", R"({"email":"bob@example.com"})");
  ASSERT_TRUE(invite("ada").ok() && invite("bob").ok());
  const auto tried = [&] {
    const auto commands = sink.commands();
    return std::count_if(commands.begin(), commands.end(),
                         [](const std::string& command) { return command.starts_with("RCPT"); });
  };
  for (int i = 0; i < 2'000 && tried() < 2; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ASSERT_EQ(tried(), 2);
  ASSERT_TRUE(
      send(track("bob", "Consent Updated", "w1", R"({"purpose":"survey","channel":"email","granted":false})"))
          .ok());
  busy = false;
  hand_clock_.go(minutes(2));
  reopen();
  const auto letters = sink.wait_for(1, kPatience);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letter_part(letters[0], "To"), "ada@example.com");
  const auto failed = logged("Message Failed", 1);
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_NE(failed[0].find("no_consent"), std::string::npos);
  EXPECT_EQ(logged("Message Sent", 1).size(), 1U);
}

TEST_F(LettersTest, TwentyClerksSendOneLetter) {
  courier::TestMailSink sink(courier::agreeable);
  open_with(sink);
  publish();
  meet("ada");
  std::vector<std::future<Result<InviteAnswer>>> all;
  for (int i = 0; i < 20; ++i) {
    auto promise = std::make_shared<std::promise<Result<InviteAnswer>>>();
    all.push_back(promise->get_future());
    InviteRequest request;
    request.survey = "nps";
    request.customers = {"ada"};
    request.channel = "email";
    request.send = true;
    engine_->invite(shop_, std::move(request),
                    [promise](Result<InviteAnswer> answer) { promise->set_value(std::move(answer)); });
  }
  std::size_t invited = 0;
  for (auto& one : all) invited += one.get()->invited.size();
  EXPECT_EQ(invited, 1U);
  EXPECT_EQ(logged("Message Sent", 1).size(), 1U);
  EXPECT_EQ(sink.letters().size(), 1U);
}

TEST_F(LettersTest, TheCalendarRemindsAsOftenAsTheSurveySaysAndNotWhoAnswered) {
  courier::TestMailSink sink(courier::agreeable);
  open_with(sink);
  publish(R"({"template":"nps","limits":{"days":30,"asks":1,"reminders":2,"reminder_after_days":3}})");
  meet("ada");
  meet("bob", R"({"email":"bob@example.com"})");
  const auto ada = invite("ada"), bob = invite("bob");
  ASSERT_TRUE(ada.ok() && bob.ok());
  ASSERT_EQ(sink.wait_for(2, kPatience).size(), 2U);
  ASSERT_EQ(logged("Message Sent", 2).size(), 2U);
  EXPECT_EQ(remind(), 0U) << "too early";
  const auto taken = wait<SurveyAccepted>([&](auto reply) {
    engine_->answer_survey(bob->invited[0].token, "", {{"nps", std::int64_t{9}}}, reply);
  });
  ASSERT_TRUE(taken.ok()) << taken.error().describe();
  hand_clock_.go(days(3));
  reopen();
  EXPECT_EQ(remind(), 1U);
  EXPECT_EQ(remind(), 0U) << "once";
  ASSERT_EQ(sink.wait_for(3, kPatience).size(), 3U);
  EXPECT_EQ(letter_part(sink.letters()[2], "To"), "ada@example.com");
  ASSERT_EQ(logged("Message Sent", 3).size(), 3U);
  hand_clock_.go(days(3));
  reopen();
  EXPECT_EQ(remind(), 1U) << "the survey says two";
  ASSERT_EQ(logged("Message Sent", 4).size(), 4U);
  hand_clock_.go(days(3));
  reopen();
  EXPECT_EQ(remind(), 0U) << "and no third";
  hand_clock_.go(days(30));
  reopen();
  EXPECT_EQ(remind(), 0U);
  EXPECT_EQ(sink.letters().size(), 4U);
}

TEST_F(LettersTest, AMessageInTheShopIsSeenByTheBrowserItIsForUntilAnswered) {
  publish();
  const std::string agree = R"({"purpose":"service","channel":"app","granted":true})";
  // Of whom browsers are all that is known, and of somebody with a name.
  const auto met =
      send(R"({"type":"track","anonymousId":"browser-1","messageId":"i1","event":"Consent Updated",)"
           R"("properties":)" +
           agree + "}," + track("bob", "User Registered", "m2"));
  ASSERT_TRUE(met.ok() && customer("bob", met->offset).ok());
  EXPECT_EQ(invite("bob", "app")->refused.at(0).code, "no_consent");
  const auto agreed = send(track("bob", "Consent Updated", "b1", agree));
  ASSERT_TRUE(agreed.ok() && customer("bob", agreed->offset).ok());
  EXPECT_EQ(invite("bob", "app")->refused.at(0).code, "no_address");
  const auto asked = invite("anonymous_id:browser-1", "app");
  ASSERT_TRUE(asked.ok());
  ASSERT_EQ(asked->invited.size(), 1U);
  EXPECT_EQ(asked->invited[0].sent_by, "shop");
  const auto messages = seen("browser-1", "", asked->offset);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].decision_id, asked->invited[0].decision_id);
  EXPECT_EQ(messages[0].survey_id, "nps");
  EXPECT_TRUE(seen("browser-2", "", asked->offset).empty());
  const auto answered = send(R"({"type":"track","anonymousId":"browser-1","event":"Survey Answered",)"
                             R"("messageId":"s1","properties":{"survey_id":"nps","response_id":")" +
                             messages[0].invitation_id + R"(","answers":[{"item":"nps","value":9}]}})");
  ASSERT_TRUE(answered.ok() && answered->accepted == 1);
  EXPECT_TRUE(seen("browser-1", "", answered->offset).empty());
}

TEST_F(LettersTest, ABrowserThatOnlyClaimsToBeHersIsShownNothingOfHers) {
  clock_ = &hand_clock_;
  reopen();
  publish();
  const auto met =
      send(R"({"type":"identify","userId":"ada","anonymousId":"hers","messageId":"i1"},)" +
           track("ada", "Consent Updated", "a1", R"({"purpose":"service","channel":"app","granted":true})") +
           R"(,{"type":"identify","userId":"ada","anonymousId":"claims","messageId":"i2"})");
  ASSERT_TRUE(met.ok() && customer("ada", met->offset).ok());
  const auto asked = invite("ada", "app");
  ASSERT_TRUE(asked.ok());
  ASSERT_EQ(asked->invited.size(), 1U) << asked->refused.at(0).code;
  EXPECT_TRUE(seen("claims", "", asked->offset).empty());
  EXPECT_TRUE(seen("hers", "", asked->offset).empty()) << "it has not been vouched for either";
  const auto proof = wait<VisitorProofAnswer>([&](auto reply) {
    engine_->vouch_for_visitor(shop_, {"hers", "ada", seconds(600)}, reply);
  });
  ASSERT_TRUE(proof.ok()) << proof.error().describe();
  ASSERT_EQ(seen("hers", proof->token, asked->offset).size(), 1U);
  EXPECT_EQ(seen("hers", proof->token, asked->offset)[0].decision_id, asked->invited[0].decision_id);
  const auto refused = [&](const std::string& browser, const std::string& token) {
    const auto answer = wait<model::VisitorAnswer>([&](auto reply) {
      engine_->shop_visitor(shop_, {browser, token}, std::nullopt, reply);
    });
    return !answer.ok() && answer.error().code == Errc::unauthorized;
  };
  EXPECT_TRUE(refused("claims", proof->token)) << "it was made for another browser";
  EXPECT_TRUE(refused("hers", proof->token.substr(1)));
  hand_clock_.go(seconds(700));
  EXPECT_TRUE(refused("hers", proof->token)) << "it has ended";
}

/// Not a test but the process that the next one kills.
TEST_F(LettersTest, DISABLED_ChildThatIsKilled) {
  const char* folder = std::getenv(kKilledFolder);
  ASSERT_NE(folder, nullptr) << "runs as the child of LettersTest.AfterAKill...";
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
  EXPECT_TRUE(invite("ada").ok());
  std::this_thread::sleep_for(kPatience);
}

TEST_F(LettersTest, AfterAKillBetweenLetterAndReceiptTheSameLetterIsSentAgain) {
  std::atomic<pid_t> child{0};
  std::atomic<int> ends{0};
  courier::TestMailSink sink([&](const std::string& command) -> std::string {
    if (command != "." || ++ends > 1) return courier::agreeable(command);
    while (child.load() == 0) std::this_thread::yield();
    ::kill(child.load(), SIGKILL);
    return "250 taken, and nobody hears it";
  });
  mail_ = letter_settings(sink.server());
  publish();
  meet("ada");
  engine_.reset();
  ::setenv(kChildPort, std::to_string(sink.server().port).c_str(), 1);
  child = start_child("LettersTest.DISABLED_ChildThatIsKilled", folder_.string());
  int how = 0;
  ASSERT_EQ(::waitpid(child, &how, 0), child.load());
  EXPECT_TRUE(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);

  open();
  const auto letters = sink.wait_for(2, kPatience);
  ASSERT_EQ(letters.size(), 2U);
  EXPECT_EQ(letter_part(letters[0], "Message-ID"), letter_part(letters[1], "Message-ID"))
      << "the idempotency key";
  EXPECT_EQ(logged("Message Sent", 1).size(), 1U);
  EXPECT_EQ(logged("Message Decided").size(), 1U) << "one decision";
  EXPECT_EQ(logged("Survey Invited").size(), 1U);
  reopen();
  EXPECT_EQ(remind(), 0U);
  EXPECT_EQ(sink.letters().size(), 2U) << "a receipt ends it";
}

TEST(LetterText, IsInThreeLanguagesAndRowsComeBackAsTheyWere) {
  model::Survey survey = find_survey_template("nps")->survey;
  for (const auto& [language, title] : {std::pair{model::SurveyLanguage::en, survey.title.en},
                                        std::pair{model::SurveyLanguage::hans, survey.title.hans},
                                        std::pair{model::SurveyLanguage::hant, survey.title.hant}}) {
    MailSettings settings;
    settings.language = language;
    const auto first = invitation_letter(survey, settings, {"https://x/ask/t", Instant{0}, false});
    const auto again = invitation_letter(survey, settings, {"https://x/ask/t", Instant{0}, true});
    EXPECT_EQ(first.subject, title);
    EXPECT_TRUE(again.subject.ends_with(title) && again.subject.size() > title.size());
    EXPECT_NE(first.text.find("https://x/ask/t\r\n"), std::string::npos);
    EXPECT_NE(first.text.find("1970-01-01 00:00"), std::string::npos);
    EXPECT_NE(first.text, again.text);
  }
  const PostedLetter letter{"d", "nps", "0011", NodeId{7}, Instant{1}, true, 3, Instant{9}};
  const std::string bytes = encode_letter(letter);
  ASSERT_TRUE(decode_letter(bytes).ok());
  EXPECT_EQ(encode_letter(*decode_letter(bytes)), bytes);
  PostedLetter words;
  words.decision_id = "answered-1-email";
  words.node = NodeId{7};
  words.words = std::string("\0sealed", 7);
  words.ticket = "T1";
  const auto again = decode_letter(encode_letter(words));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->words, words.words);
  EXPECT_EQ(again->ticket, "T1");
  const std::string reminder = encode_reminder({"nps", "0011", "email", NodeId{7}, Instant{9}});
  ASSERT_TRUE(decode_reminder(reminder).ok());
  EXPECT_EQ(encode_reminder(*decode_reminder(reminder)), reminder);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut)
    EXPECT_FALSE(decode_letter(std::string_view(bytes).substr(0, cut)).ok()) << cut;
  for (std::size_t cut = 0; cut < reminder.size(); ++cut)
    EXPECT_FALSE(decode_reminder(std::string_view(reminder).substr(0, cut)).ok()) << cut;
}

}  // namespace
}  // namespace rapport::engine
