// Lists, figures and import previews over the API: every answer is held to its schema. That figures are right
// is tests/sim/insight_test.cc's.

#include "base/bytes.h"
#include "http/detail/test_api.h"

namespace rapport::http {
namespace {

using InsightApi = ApiOverEngine;

TEST_F(InsightApi, AnEmptyShopSaysWhyItHasNoFigures) {
  const auto overview = send("GET", "/v1/overview", read_);
  EXPECT_EQ(overview.status, 200) << overview.body;
  EXPECT_NE(overview.body.find(R"("id":"new_customers","value":null,"reason":"no registration facts")"),
            std::string::npos)
      << overview.body;
  EXPECT_NE(overview.body.find(R"("reason":"no ratings yet")"), std::string::npos);
  const auto matrix = send("GET", "/v1/segments/matrix", read_);
  EXPECT_EQ(text(matrix, "customers"), "0") << matrix.body;
  EXPECT_NE(matrix.body.find("no registration facts"), std::string::npos) << matrix.body;
  for (const char* target :
       {"/v1/customers", "/v1/services", "/v1/journey", "/v1/journey/areas", "/v1/goals"}) {
    EXPECT_EQ(send("GET", target, read_).status, 200) << target;
    EXPECT_EQ(send("GET", target, ingest_).status, 403) << target;
  }
  EXPECT_EQ(send("GET", "/v1/overview?days=0", read_).status, 400);
  EXPECT_EQ(send("GET", "/v1/overview?days=93", read_).status, 400);
}

TEST_F(InsightApi, AListKnowsWhatWasJustWritten) {
  const auto sent = send(
      "POST", "/v1/batch", ingest_,
      R"({"batch":[{"type":"identify","userId":"ada","messageId":"m1","traits":{"name":"李娜","phone":"13912345678","city":"杭州"}},)"
      R"({"type":"identify","userId":"bob","messageId":"m2","traits":{"name":"Bob Ｌee","email":"bob@x.cn"}},)"
      R"({"type":"track","event":"Product Viewed","userId":"ada","messageId":"m3","properties":{"product_id":"P1"}}]})");
  const Headers after = {{"X-Log-Offset", text(sent, "offset")}};
  const auto all = send("GET", "/v1/customers", admin_, "", after);
  EXPECT_EQ(text(all, "total"), "2") << all.body;
  EXPECT_NE(all.body.find(R"("label":"李娜")"), std::string::npos) << all.body;
  EXPECT_NE(all.body.find(R"("city":"杭州")"), std::string::npos) << all.body;
  const auto masked = send("GET", "/v1/customers", read_, "", after);
  EXPECT_NE(masked.body.find(R"("label":"139****5678")"), std::string::npos) << masked.body;
  EXPECT_NE(masked.body.find(R"("label":"b***@x.cn")"), std::string::npos) << masked.body;
  // Case and width of letters do not matter.
  EXPECT_EQ(text(send("GET", "/v1/customers?query=bob%20lee", admin_, "", after), "total"), "1");
  EXPECT_EQ(text(send("GET", "/v1/customers?query=139%201234%205678", read_, "", after), "total"), "1");
  EXPECT_EQ(text(send("GET", "/v1/customers?query=nobody", admin_, "", after), "total"), "0");
  // A list of customers, as pages name those they show.
  std::string both;
  for (auto at = all.body.find("\"id\":\"c_"); at != std::string::npos;
       at = all.body.find("\"id\":\"c_", at + 1))
    both += all.body.substr(at + 6, all.body.find('"', at + 6) - at - 6) + ",";
  EXPECT_EQ(text(send("GET", "/v1/customers?query=" + both + "c_999", admin_, "", after), "total"), "2")
      << both;
  EXPECT_EQ(text(send("GET", "/v1/customers?query=" + both + "nobody", admin_, "", after), "total"), "0");
  const auto tried =
      send("POST", "/v1/rules/check", read_, R"({"text":"ever Product Viewed","examples":3})", after);
  EXPECT_EQ(text(tried, "count"), "1") << tried.body;
  const auto wrong = send("POST", "/v1/rules/check", read_, R"({"text":"ever Nothing Known"})");
  EXPECT_EQ(wrong.status, 200);
  EXPECT_EQ(text(wrong, "ok"), "false") << wrong.body;
  EXPECT_EQ(text(wrong, "column"), "6") << wrong.body;
  EXPECT_EQ(send("POST", "/v1/rules/check", read_, "{}").status, 400);
}

TEST_F(InsightApi, AFileIsPreviewedImportedAndItsBadRowsComeBack) {
  const std::string rows =
      "订单号,下单时间,手机号,金额\n"
      "A1,2026-03-01 09:30,13912345678,250.50\n"
      "A2,2026-03-02 10:00,13700001111,很多\n"
      "A3,2026-03-03 11:00,13700001111,99\n";
  const auto preview = send("POST", "/v1/imports/preview?name=orders.csv&cut_off=1", admin_,
                            rows.substr(0, rows.find("A2")) + "A9,");
  EXPECT_EQ(preview.status, 200) << preview.body;
  EXPECT_EQ(text(preview, "guess"), R"({"event":"Order Completed"})") << preview.body;
  const std::string recipe = text(preview, "recipe");
  const Headers along = {{"X-Rapport-Recipe", to_base64(recipe)}};
  const auto imported = send("POST", "/v1/imports?recipe_text=1&name=orders.csv", admin_, rows, along);
  EXPECT_EQ(imported.status, 200) << imported.body;
  EXPECT_EQ(text(imported, "accepted"), "2") << imported.body;
  EXPECT_EQ(text(imported, "rejected"), "1") << imported.body;
  // The same file again adds nothing, and no natural key stands in the log.
  EXPECT_EQ(text(send("POST", "/v1/imports?recipe_text=1&name=orders.csv", admin_, rows, along), "duplicate"),
            "2");
  const auto ids = send(
      "POST", "/v1/sql", read_,
      R"({"query":"select count(*) n, count(*) filter (message_id like '%A1%') bare from events where imported"})");
  EXPECT_NE(ids.body.find(R"([[2,0]])"), std::string::npos) << ids.body;
  const std::string id = text(imported, "rejected_rows");
  const auto rejected = send("GET", "/v1/imports/" + id + "/rejected", admin_);
  EXPECT_EQ(rejected.status, 200);
  EXPECT_NE(rejected.body.find("A2,2026-03-02 10:00,13700001111,很多"), std::string::npos) << rejected.body;
  EXPECT_EQ(rejected.body.find("A3"), std::string::npos) << rejected.body;
  EXPECT_EQ(send("GET", "/v1/imports/" + id + "/rejected", read_).status, 403);
  EXPECT_EQ(send("GET", "/v1/imports/77/rejected", admin_).status, 404);
  EXPECT_EQ(send("POST", "/v1/imports?recipe_text=1&name=a.csv", admin_, rows).status, 400);
  EXPECT_EQ(send("POST", "/v1/imports/preview?name=../a.csv", admin_, rows).status, 400);
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "scratch"));
  EXPECT_EQ(text(send("GET", "/v1/customers?query=13912345678", admin_), "total"), "1");
}

}  // namespace
}  // namespace rapport::http
