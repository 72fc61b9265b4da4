#include "lens/preview.h"

#include <gtest/gtest.h>

#include <map>

#include "lens/detail/column_guess.h"
#include "lens/detail/test_files.h"
#include "lens/import.h"
#include "lens/rejected.h"

namespace rapport::lens {
namespace {

using detail::TestFolder;

// GB18030, as a shop system of the mainland exports it: two lines of one order, and an order of one line.
constexpr std::string_view kOrders =
    "\xb6\xa9\xb5\xa5\xba\xc5,\xcf\xc2\xb5\xa5\xca\xb1\xbc\xe4,\xca\xd6\xbb\xfa\xba\xc5,"
    "\xca\xd5\xbb\xf5\xc8\xcb,\xc9\xcc\xc6\xb7\xb1\xe0\xba\xc5,\xca\xfd\xc1\xbf,\xb5\xa5\xbc\xdb,"
    "\xca\xb5\xb8\xb6\xbd\xf0\xb6\xee,\xb3\xc7\xca\xd0\n"
    "A001,2026/3/1 9:30,13912345678,\xc0\xee\xc4\xc8,P-1,2,100.00,250.50,\xba\xbc\xd6\xdd\n"
    "A001,2026/3/1 9:30,13912345678,\xc0\xee\xc4\xc8,P-2,1,50.50,250.50,\xba\xbc\xd6\xdd\n"
    "A002,2026/3/2 18:05,13700001111,\xcd\xf5\xce\xb0,P-1,1,100.00,100.00,\xb1\xb1\xbe\xa9\n";

Preview preview_of(const TestFolder& folder, const std::string& name, std::string_view bytes,
                   PreviewOptions options = {}) {
  options.name = name;
  options.currency = Currency{{'C', 'N', 'Y'}};
  auto preview = preview_file(folder.write(name, bytes), options);
  EXPECT_TRUE(preview.ok()) << preview.error().describe();
  return preview.ok() ? std::move(*preview) : Preview{};
}

std::map<std::string, std::string> guesses(const Preview& preview) {
  std::map<std::string, std::string> out;
  for (const PreviewColumn& column : preview.columns) out[column.name] = column.property;
  return out;
}

TEST(Preview, ReadsAChineseExportAndMakesARecipeThatImportsIt) {
  const TestFolder folder;
  const Preview preview = preview_of(folder, "orders.csv", kOrders);
  EXPECT_EQ(preview.format, "csv");
  EXPECT_EQ(preview.encoding, "GB18030");
  EXPECT_EQ(preview.rows, 3U);
  const std::map<std::string, std::string> expected = {
      {"订单号", "order_id"}, {"下单时间", "time"},       {"手机号", "phone"},
      {"收货人", "name"},     {"商品编号", "product_id"}, {"数量", "quantity"},
      {"单价", "price"},      {"实付金额", "total"},      {"城市", "city"}};
  EXPECT_EQ(guesses(preview), expected);
  EXPECT_EQ(preview.event, "Order Completed");
  EXPECT_EQ(preview.refused, std::vector<std::string>()) << preview.recipe;
  // Two orders, and who gave them: a person a row, told apart by key.
  EXPECT_EQ(preview.rejected, 0U);
  EXPECT_EQ(preview.events, 5U);
  auto recipe = codec::Recipe::parse(preview.recipe);
  ASSERT_TRUE(recipe.ok()) << recipe.error().describe() << preview.recipe;
  auto source = ImportSource::open(
      std::move(*recipe), {folder.path("orders.csv")},
      {.currency = Currency{{'C', 'N', 'Y'}}, .limits = {}, .scratch = "", .progress = {}});
  ASSERT_TRUE(source.ok());
  ASSERT_TRUE((*source)->prepare().ok());
  std::vector<model::Event> events;
  ASSERT_TRUE((*source)->next(events, 100).ok());
  int orders = 0;
  for (const model::Event& event : events) {
    if (event.type != model::EventType::track) continue;
    ++orders;
    EXPECT_EQ(event.identifiers.at(0).value, orders == 1 ? "+8613912345678" : "+8613700001111");
    // 9:30 in Shanghai.
    if (orders == 1) EXPECT_EQ(format_instant(*event.timestamp), "2026-03-01T01:30:00Z");
  }
  EXPECT_EQ(orders, 2);
}

TEST(Preview, KnowsHeadsByWordsAndCells) {
  using detail::guess_property;
  const std::vector<std::string> phones = {"13912345678", "", "+8613700001111"}, sums = {"12.50", "3"},
                                 texts = {"red", "blue"};
  EXPECT_EQ(guess_property("买家实际支付金额", sums).first, "total");
  EXPECT_EQ(guess_property("金额（元）", sums).first, "total");
  EXPECT_EQ(guess_property("訂單編號", texts).first, "order_id");
  EXPECT_EQ(guess_property("Order ID", texts), (std::pair<std::string, std::int32_t>{"order_id", 95}));
  EXPECT_EQ(guess_property("ｃontact", phones).first, "phone");  // by its cells
  EXPECT_EQ(guess_property("column_7", texts).first, "");
  EXPECT_LT(guess_property("金额", texts).second, 50) << "cells that are no numbers speak against it";
  const std::vector<std::string> times = {"2026年3月1日", "2026年11月22日"}, codes = {"007", "008"};
  EXPECT_EQ(detail::time_format(times), "%Y年%m月%d日");
  EXPECT_EQ(detail::column_type(times), "time");
  EXPECT_EQ(detail::column_type(codes), "text");
  EXPECT_EQ(detail::column_type(sums), "number");
}

TEST(Preview, AFileThatWasCutOffLosesItsLastLineOnly) {
  const TestFolder folder;
  PreviewOptions options;
  options.is_cut_off = true;
  const Preview preview = preview_of(folder, "a.csv", "order_id,total\nA1,3.50\nA2,4.00\nA3,4", options);
  EXPECT_EQ(preview.rows, 2U);
  EXPECT_EQ(preview.event, "") << "nobody is named";
  EXPECT_EQ(preview.recipe, "");
}

TEST(Preview, OtherFilesAndHostileOnes) {
  const TestFolder folder;
  const Preview lines = preview_of(folder, "a.jsonl",
                                   R"({"type":"track","event":"Spun","userId":"u","messageId":"m"})"
                                   "\n");
  EXPECT_EQ(lines.format, "jsonl");
  EXPECT_EQ(lines.event, "messages");
  EXPECT_EQ(lines.events, 1U);
  const Preview products = preview_of(folder, "p.csv", "货号,商品名称,类目,价格\nP1,净化器,家电,899\n");
  EXPECT_EQ(products.event, "Product Published");
  EXPECT_EQ(products.refused, std::vector<std::string>()) << products.recipe;
  EXPECT_EQ(products.events, 1U);
  const Preview reviews = preview_of(
      folder, "r.csv",
      "用户id,商品编号,评分,评价内容,评价时间\nu1,P1,5,很好,2026-03-01 10:00:00\nu2,P1,6星,差,2026-03-01\n");
  EXPECT_EQ(reviews.event, "identify") << "ratings that are no numbers";
  const Preview ratings = preview_of(
      folder, "r2.csv", "用户id,商品编号,评分,评价内容,评价时间\nu1,P1,5,很好,2026-03-01 10:00:00\n");
  EXPECT_EQ(ratings.event, "Review Posted");
  EXPECT_EQ(ratings.refused, std::vector<std::string>()) << ratings.recipe;
  EXPECT_EQ(ratings.events, 1U);
  PreviewOptions options;
  EXPECT_FALSE(
      preview_file(folder.write("a.xlsx", std::string("PK\x03\x04 not a workbook", 19)), options).ok());
  EXPECT_FALSE(preview_file(folder.path("absent.csv"), options).ok());
  const Preview braces = preview_of(folder, "b.csv", "a{b},\"x\"\"y\"\n1,2\n");
  EXPECT_EQ(braces.columns.size(), 2U);
}

TEST(Rejected, RowsComeBackWithWhatWasWrong) {
  const TestFolder folder;
  const std::string path = folder.write("a.csv", "id,total\n1,3\n2,=cmd()\n3,\"a,b\"\n4,5\n");
  const std::string csv = rejected_csv(
      {path + ":3: total: not a number", path + ":3: too late", path + ":4: a, \"b\"", "no line at all"});
  EXPECT_EQ(csv,
            "\xEF\xBB\xBFline,problem,id,total\r\n3,total: not a number; too late,2,\"'=cmd()\"\r\n"
            "4,\"a, \"\"b\"\"\",3,\"a,b\"\r\n");
}

}  // namespace
}  // namespace rapport::lens
