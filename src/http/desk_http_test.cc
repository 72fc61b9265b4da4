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
  EXPECT_EQ(
      send("PUT", "/v1/calendars/office", admin_, R"({"zone":"Moon","week":{"mon":["09:00-17:00"]}})").status,
      400);
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

}  // namespace
}  // namespace rapport::http
