#include "base/bytes.h"
#include "engine/ledger_receipt.h"
#include "http/detail/test_api.h"

namespace rapport::http {
namespace {

/// RFC 6962's inner node, made from hashes as a reader has them.
std::string above(std::string_view left, std::string_view right) {
  const Digest digest = sha256("\1" + std::string(left) + std::string(right));
  return std::string(as_view(digest));
}

class LedgerApi : public ApiOverEngine {
 protected:
  void review(int n) {
    const ClientReply reply = send(
        "POST", "/v1/track", ingest_,
        fmt::format(
            R"({{"userId":"u{0}","event":"Review Posted","messageId":"r{0}","properties":{{"review_id":"R{0}","product_id":"P","rating":4,"text":"secret {0}"}}}})",
            n));
    ASSERT_EQ(reply.status, 200) << reply.body;
    last_ = std::string(reply.header("x-log-offset"));
  }
  std::string last_;
};

TEST_F(LedgerApi, WhoAnswersASurveyGetsAReceiptThatHoldsWithoutTheShop) {
  ASSERT_EQ(send("PUT", "/v1/surveys/counter", admin_, R"({"template":"nps"})").status, 200);
  const std::string token = text(send("POST", "/v1/surveys/counter/links", admin_, "{}"), "token");
  const std::string response = text(send("GET", "/v1/ask/" + token, ""), "response");
  const std::string answers =
      fmt::format(R"({{"response":"{}","answers":[{{"item":"nps","value":9}}]}})", response);
  const ClientReply done = send("POST", "/v1/ask/" + token, "", answers);
  ASSERT_EQ(done.status, 200) << done.body;
  JsonIndex index;
  ASSERT_TRUE(index.parse(done.body).ok());
  const JsonValue given = index.root().find("receipt");
  ASSERT_TRUE(given.is(JsonKind::object)) << done.body;
  EXPECT_EQ(given.find("record").find("event").text(), "Survey Answered");
  const auto receipt = engine::parse_receipt(given.find("receipt").raw());
  ASSERT_TRUE(receipt.ok()) << receipt.error().describe();
  const std::string key = text(send("GET", "/v1/ledger", public_), "key");
  EXPECT_TRUE(engine::check_receipt(*receipt, key).ok());
  // By its token, without any key; sent again, the answers count once and give no second receipt.
  const ClientReply found = send("GET", "/v1/receipts/" + given.find("token").text(), "");
  EXPECT_EQ(found.status, 200) << found.body;
  EXPECT_EQ(send("GET", "/v1/receipts/1.1.0", "").status, 404);
  EXPECT_EQ(text(send("POST", "/v1/ask/" + token, "", answers), "receipt"), "null");

  const ClientReply form = send("GET", "/ask/" + token, "", "", {{"Accept-Language", "zh-TW"}});
  const std::string mark = "name=\"response\" value=\"";
  const auto at = form.body.find(mark) + mark.size();
  const std::string sheet = form.body.substr(at, form.body.find('"', at) - at);
  const ClientReply thanks = send("POST", "/ask/" + token, "", "response=" + sheet + "&a.nps=3&lang=zh-Hant");
  EXPECT_NE(thanks.body.find("<a href=\"/receipt/1."), std::string::npos) << thanks.body;
  EXPECT_NE(thanks.body.find("您的憑據"), std::string::npos);
  const ClientReply again = send("POST", "/ask/" + token, "", "response=" + sheet + "&a.nps=3&lang=zh-Hant");
  EXPECT_EQ(again.body.find("/receipt/"), std::string::npos);
}

TEST_F(LedgerApi, TilesAndProofsAreEverybodysReceiptsAndVerifyingAreNot) {
  for (int n = 1; n <= 5; ++n) review(n);
  const ClientReply status = send("GET", "/v1/ledger", public_);
  EXPECT_EQ(text(status, "size"), "5");
  const ClientReply tile = send("GET", "/v1/ledger/tiles/0/0", public_);
  ASSERT_EQ(tile.status, 200);
  ASSERT_EQ(tile.body.size(), 5U * 32);
  const auto leaf = [&](std::size_t n) { return std::string_view(tile.body).substr(n * 32, 32); };
  const std::string root = above(above(above(leaf(0), leaf(1)), above(leaf(2), leaf(3))), leaf(4));
  EXPECT_NE(status.body.find(to_base64(root)), std::string::npos) << "a reader makes the root herself";
  for (const std::string path : {"/v1/ledger/tiles/0/1", "/v1/ledger/tiles/1/0"})
    EXPECT_EQ(send("GET", path, public_).status, 404) << path;
  for (const std::string path :
       {"/v1/ledger/tiles/8/0", "/v1/ledger/tiles/x/0", "/v1/ledger/tiles/0/-1", "/v1/ledger/consistency",
        "/v1/ledger/consistency?from=0", "/v1/ledger/consistency?from=6",
        "/v1/ledger/consistency?from=2&to=9", "/v1/ledger/consistency?from=3&to=2"})
    EXPECT_EQ(send("GET", path, public_).status, 400) << path;
  EXPECT_EQ(send("GET", "/v1/ledger/consistency?from=2", public_).status, 200);

  const ClientReply receipt = send("GET", "/v1/ledger/receipts/" + last_, read_);
  ASSERT_EQ(receipt.status, 200) << receipt.body;
  EXPECT_EQ(receipt.body.find("secret"), std::string::npos);
  EXPECT_EQ(send("GET", "/v1/ledger/receipts/" + last_, public_).status, 403);
  EXPECT_EQ(send("GET", "/v1/ledger/receipts/1", read_).status, 404) << "the shop's first record is none";
  EXPECT_EQ(send("GET", "/v1/ledger/receipts/99999999", read_).status, 404);
  EXPECT_EQ(send("POST", "/v1/ledger/verify", read_).status, 403);
  EXPECT_EQ(text(send("POST", "/v1/ledger/verify", admin_), "size"), "5");
}

}  // namespace
}  // namespace rapport::http
