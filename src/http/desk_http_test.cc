// The service desk over the API; every answer is held to its schema.

#include "http/detail/test_api.h"

namespace rapport::http {
namespace {

class DeskHttp : public ApiOverEngine {
 protected:
  void open(const std::string& ticket, const std::string& user, const std::string& feedback_class) {
    const auto reply = send("POST", "/v1/track", admin_,
                            R"({"userId":")" + user + R"(","messageId":"open-)" + ticket +
                                R"(","event":"Ticket Opened","properties":{"ticket_id":")" + ticket +
                                R"(","class":")" + feedback_class + R"("}})");
    ASSERT_EQ(reply.status, 200) << reply.body;
    offset_ = text(reply, "offset");
  }
  ClientReply ask(const std::string& path) {
    return send("GET", path, admin_, "", {{"X-Log-Offset", offset_}});
  }
  std::string offset_;
};

TEST_F(DeskHttp, TicketsWithTheirClocksAreActedOn) {
  open("T1", "ada", "logistics");
  open("T2", "bob", "product");
  const auto list = ask("/v1/tickets");
  ASSERT_EQ(list.status, 200) << list.body;
  EXPECT_EQ(text(list, "matching"), "2");
  EXPECT_NE(list.body.find(R"("clock":"closed","run":"running","target_ms":7200000)"), std::string::npos)
      << list.body;
  EXPECT_EQ(text(ask("/v1/tickets?department=logistics"), "matching"), "1");
  EXPECT_EQ(send("GET", "/v1/tickets", public_).status, 403);
  EXPECT_EQ(send("GET", "/v1/tickets?queue=dream", read_).status, 400);
  EXPECT_EQ(send("GET", "/v1/tickets/T9", read_).status, 404);

  EXPECT_EQ(send("POST", "/v1/tickets/T1/assign", read_, R"({"agent":"li"})").status, 403);
  EXPECT_EQ(send("POST", "/v1/tickets/T1/assign", admin_, R"({})").status, 400);
  ASSERT_EQ(send("POST", "/v1/tickets/T1/assign", admin_, R"({"agent":"li","reason":"knows her"})").status,
            200);
  ASSERT_EQ(send("POST", "/v1/tickets/T1/reply", admin_, R"({"text":"今天就到"})").status, 200);
  EXPECT_EQ(send("POST", "/v1/tickets/T1/update", admin_, R"({"state":"asleep"})").status, 400);
  const auto solved = send("POST", "/v1/tickets/T1/update", admin_, R"({"state":"solved"})");
  ASSERT_EQ(solved.status, 200) << solved.body;
  offset_ = text(solved, "offset");
  EXPECT_EQ(send("POST", "/v1/tickets/T1/update", admin_, R"({"state":"waiting"})").status, 409);
  EXPECT_EQ(send("POST", "/v1/tickets/T1/assign", admin_, R"({"agent":"wu"})").status, 409);

  const auto one = ask("/v1/tickets/T1");
  ASSERT_EQ(one.status, 200) << one.body;
  EXPECT_EQ(text(one, "agent"), "li");
  EXPECT_EQ(text(one, "state"), "solved");
  EXPECT_NE(one.body.find(R"("what":"stopped")"), std::string::npos) << one.body;
  EXPECT_NE(one.body.find("Ticket Assigned"), std::string::npos) << one.body;
  EXPECT_EQ(text(ask("/v1/tickets"), "matching"), "1");
  EXPECT_EQ(text(ask("/v1/tickets?queue=done"), "matching"), "1");
}

TEST_F(DeskHttp, PoliciesArePublishedAndRefused) {
  EXPECT_EQ(text(send("GET", "/v1/service-levels", read_), "published"), "false");
  EXPECT_EQ(send("PUT", "/v1/service-levels", read_, "{}").status, 403);
  EXPECT_EQ(send("PUT", "/v1/service-levels", admin_, R"({"warn_percent":101})").status, 400);
  const auto unknown = send("PUT", "/v1/service-levels", admin_, R"({"calendar":"office"})");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(text(unknown, "where"), "calendar");
  const auto closed = send("PUT", "/v1/calendars/office", admin_, R"({"week":{}})");
  EXPECT_EQ(closed.status, 400);
  EXPECT_NE(closed.body.find("the calendar has no working day"), std::string::npos) << closed.body;
  EXPECT_EQ(send("PUT", "/v1/calendars/office", admin_, R"({"week":{"mon":["9-5"]}})").status, 400);
  const auto slip =
      send("PUT", "/v1/service-levels", admin_, R"({"target":[{"clock":"closed","target":"1h"}]})");
  EXPECT_EQ(slip.status, 400);
  EXPECT_NE(slip.body.find(R"("where":"target")"), std::string::npos) << slip.body;
  for (const char* zone : {R"("Moon")", R"("")", "5"}) {
    EXPECT_EQ(send("PUT", "/v1/calendars/office", admin_,
                   fmt::format(R"({{"zone":{},"week":{{"mon":["09:00-17:00"]}}}})", zone))
                  .status,
              400)
        << zone;
  }
  const auto office =
      send("PUT", "/v1/calendars/office", admin_,
           R"({"zone":"Asia/Shanghai","holidays_of":"CN","week":{"mon":["09:00-12:00","13:30-18:00"]}})");
  ASSERT_EQ(office.status, 200) << office.body;
  ASSERT_EQ(send("PUT", "/v1/service-levels", admin_, R"({"calendar":"office"})").status, 200);
  EXPECT_EQ(text(send("GET", "/v1/service-levels", read_), "published"), "true");
  EXPECT_EQ(send("GET", "/v1/calendars", read_).status, 200);
  EXPECT_EQ(send("PUT", "/v1/roster", admin_, R"({"agents":[{"agent":"li"}]})").status, 400);
  ASSERT_EQ(
      send("PUT", "/v1/roster", admin_, R"({"agents":[{"agent":"li","departments":["logistics"]}]})").status,
      200);
  EXPECT_EQ(send("GET", "/v1/roster", read_).status, 200);
  // What holds for the whole shop is not for a key that only sends events.
  EXPECT_EQ(
      send("POST", "/v1/track", ingest_,
           R"({"userId":"x","event":"Service Level Published","properties":{"service_level_id":"main"}})")
          .status,
      403);
}

TEST_F(DeskHttp, ALetterIsAConversationAndItsThreadOne) {
  const auto letter = [&](const std::string& body) { return send("POST", "/v1/letters", ingest_, body); };
  const auto first = letter(
      R"({"from":"Ada Li <Ada@Example.com>","message_id":"<1@example.com>","subject":"滤芯","text":"滤芯还没到。\r\n> 旧信",)"
      R"("date":"2026-11-20T08:00:00Z"})");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(text(first, "new"), "true");
  const std::string contact = text(first, "contact_id");
  const auto again = letter(
      R"({"from":"ada@example.com","message_id":"<1@example.com>","subject":"滤芯","text":"滤芯还没到。"})");
  EXPECT_EQ(text(again, "new"), "false") << again.body;
  const auto second = letter(
      R"({"from":"ada@example.com","message_id":"<3@example.com>","in_reply_to":"<2@shop.example>","subject":"Re: 滤芯",)"
      R"("references":["<1@example.com>","<2@shop.example>"],"text":"还是没有。"})");
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(text(second, "contact_id"), contact) << "one thread";
  const auto seen = send("GET", "/v1/customers/email:ada@example.com/timeline", admin_, "",
                         {{"X-Log-Offset", text(second, "offset")}});
  ASSERT_EQ(seen.status, 200) << seen.body;
  std::size_t messages = 0, begun = 0;
  for (std::size_t at = 0; (at = seen.body.find("Message Posted", at)) != std::string::npos; ++at) ++messages;
  for (std::size_t at = 0; (at = seen.body.find("Contact Started", at)) != std::string::npos; ++at) ++begun;
  EXPECT_EQ(messages, 2U) << seen.body;
  EXPECT_EQ(begun, 1U) << seen.body;
}

TEST_F(DeskHttp, ALetterThatIsNoneIsRefusedAndAnAutomaticOneIsNobodys) {
  const auto letter = [&](const std::string& key, const std::string& body) {
    return send("POST", "/v1/letters", key, body).status;
  };
  const std::string good = R"({"from":"ada@example.com","message_id":"<1@x>","text":"hello"})";
  EXPECT_EQ(letter(public_, good), 403);
  EXPECT_EQ(letter(ingest_, R"({"from":"nobody","message_id":"<1@x>","text":"hello"})"), 400);
  EXPECT_EQ(letter(ingest_, R"({"from":"ada@example.com","text":"hello"})"), 400);
  EXPECT_EQ(letter(ingest_, R"({"from":"ada@example.com","message_id":"<1@x>","text":" "})"), 400);
  EXPECT_EQ(letter(ingest_, R"({"from":"ada@example.com","message_id":"<1@x>","text":")" +
                                std::string(30'000, 'a') + "\"}"),
            413);
  const auto away =
      send("POST", "/v1/letters", ingest_,
           R"({"from":"ada@example.com","message_id":"<9@x>","text":"I am away.","automatic":true})");
  EXPECT_EQ(text(away, "contact_id"), "null");
  EXPECT_EQ(send("GET", "/v1/customers/email:ada@example.com", admin_).status, 404);
}

}  // namespace
}  // namespace rapport::http
