#include "courier/mail.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "courier/test_mail_sink.h"

namespace rapport::courier {
namespace {

Letter letter() {
  return {"survey-1", "ada@example.com", "您的意见\r\nBcc: eve@example.com", "你好\n.\n谢谢\n"};
}
const Instant kNow = instant_from_civil({2026, 11, 22, 16, 5, 9, 0});

TEST(Mail, ALetterArrivesWholeAndItsSubjectIsOneHeader) {
  TestMailSink sink(agreeable);
  MailSender sender(sink.server());
  const MailOutcome outcome = sender.send(letter(), kNow);
  EXPECT_TRUE(outcome.accepted) << outcome.error;
  EXPECT_EQ(outcome.status, 250);
  const std::string got = sink.letters().at(0);
  EXPECT_NE(got.find("Date: Sun, 22 Nov 2026 16:05:09 +0000\n"), std::string::npos) << got;
  EXPECT_NE(got.find("Message-ID: <survey-1@shop.example>\n"), std::string::npos);
  EXPECT_EQ(got.find("Bcc:"), std::string::npos) << "a line break in a subject makes no header";
  const std::size_t body = got.find("\n\n") + 2;
  EXPECT_EQ(from_base64(got.substr(body, got.size() - body - 1)).value_or("?"), letter().text);
  EXPECT_EQ(sink.commands().at(0), "EHLO shop.example");
  EXPECT_EQ(sink.commands().at(1), "MAIL FROM:<care@shop.example>");
  EXPECT_EQ(sink.commands().at(2), "RCPT TO:<ada@example.com>");
}

TEST(Mail, ARecipientRefusedForGoodIsGivenUpAndABusyServerIsNot) {
  for (const auto& [reply, refused] :
       {std::pair{"550 no such ada@example.com", true}, {"451 later", false}}) {
    TestMailSink sink([reply = std::string(reply)](const std::string& command) {
      return command.starts_with("RCPT") ? reply : agreeable(command);
    });
    const MailOutcome outcome = MailSender(sink.server()).send(letter(), kNow);
    EXPECT_FALSE(outcome.accepted);
    EXPECT_EQ(outcome.refused, refused) << reply;
    EXPECT_EQ(outcome.status, std::stoi(reply));
    EXPECT_EQ(outcome.error.find("ada"), std::string::npos) << "errors name nobody";
    EXPECT_EQ(next_mail_attempt(1, outcome, kNow, 0).has_value(), !refused);
  }
}

TEST(Mail, ALetterRefusedAfterDataAndAServerThatHangsUp) {
  {
    TestMailSink sink(
        [](const std::string& command) { return command == "." ? "554 spam" : agreeable(command); });
    const MailOutcome outcome = MailSender(sink.server()).send(letter(), kNow);
    EXPECT_FALSE(outcome.accepted);
    EXPECT_TRUE(outcome.refused);
  }
  TestMailSink sink([](const std::string& command) { return command == "." ? "" : agreeable(command); });
  const MailOutcome outcome = MailSender(sink.server()).send(letter(), kNow);
  EXPECT_FALSE(outcome.accepted) << "nobody said that it was taken";
  EXPECT_FALSE(outcome.refused);
}

TEST(Mail, WhereTlsIsRequiredAServerWithoutItGetsNoLetter) {
  TestMailSink sink(agreeable);
  MailServer server = sink.server();
  server.security = MailSecurity::starttls;
  server.user = "shop";
  server.password = "secret";
  const MailOutcome outcome = MailSender(server).send(letter(), kNow);
  EXPECT_FALSE(outcome.accepted);
  EXPECT_FALSE(outcome.refused);
  for (const std::string& command : sink.commands()) {
    EXPECT_EQ(command.find("MAIL"), std::string::npos);
    EXPECT_EQ(command.find("AUTH"), std::string::npos);
  }
}

TEST(Mail, InClearNothingLeavesTheMachine) {
  MailServer server = TestMailSink(agreeable).server();
  server.host = "192.0.2.1";  // documentation: nobody's
  const MailOutcome outcome = MailSender(server).send(letter(), kNow);
  EXPECT_FALSE(outcome.accepted);
  EXPECT_EQ(outcome.error, "in clear mail goes to the loopback only");
}

TEST(Mail, AddressesThatMayStandInAnEnvelope) {
  for (const char* good : {"a@b", "ada.l+x@shop.example"}) EXPECT_TRUE(is_mail_address(good)) << good;
  for (const char* bad :
       {"", "@", "a@", "@b", "a b@c", "a@b\r\nRCPT TO:<x@y>", "a@b@c", "<a@b>", "阿达@b", "a,b@c"})
    EXPECT_FALSE(is_mail_address(bad)) << bad;
  EXPECT_FALSE(is_mail_address("a@" + std::string(300, 'b')));
  TestMailSink sink(agreeable);
  Letter wrong = letter();
  wrong.to = "a@b>\r\nRCPT TO:<eve@example.com";
  EXPECT_TRUE(MailSender(sink.server()).send(wrong, kNow).refused);
  EXPECT_TRUE(sink.commands().empty());
}

TEST(Mail, WhatASettingMustHold) {
  MailServer server = TestMailSink(agreeable).server();
  EXPECT_TRUE(check_mail_server(server).ok());
  server.password = "x";
  EXPECT_EQ(check_mail_server(server).error().where, "mail.user");
  server = {};
  EXPECT_EQ(check_mail_server(server).error().where, "mail.host");
  server.host = "smtp.example.com/x";
  EXPECT_EQ(check_mail_server(server).error().where, "mail.host");
  server.host = "smtp.example.com";
  server.from = "nobody";
  EXPECT_EQ(check_mail_server(server).error().where, "mail.from");
}

TEST(Mail, LongSubjectsAreFoldedBetweenCharacters) {
  std::string subject;
  for (int i = 0; i < 60; ++i) subject += "问";
  const std::string wire = format_letter(TestMailSink(agreeable).server(), {"i", "a@b", subject, "x"}, kNow);
  std::string decoded;
  for (std::size_t at = 0; (at = wire.find("=?UTF-8?B?", at)) != std::string::npos;) {
    const std::size_t end = wire.find("?=", at);
    EXPECT_LE(end + 2 - at, 75U);
    const std::string part = from_base64(wire.substr(at + 10, end - at - 10)).value_or("");
    EXPECT_EQ(part.size() % 3, 0U) << "no character is cut";
    if (part != "小店") decoded += part;
    at = end;
  }
  EXPECT_EQ(decoded, subject);
}

TEST(Mail, TheWaitsGrowAndEnd) {
  const MailOutcome later{.status = 421, .accepted = false, .refused = false, .error = ""};
  Instant before = kNow;
  for (int attempt = 1; attempt < kMailAttemptsMost; ++attempt) {
    const auto next = next_mail_attempt(attempt, later, kNow, 0);
    ASSERT_TRUE(next);
    EXPECT_GT(*next, before);
    before = *next;
  }
  EXPECT_FALSE(next_mail_attempt(kMailAttemptsMost, later, kNow, 0));
}

}  // namespace
}  // namespace rapport::courier
