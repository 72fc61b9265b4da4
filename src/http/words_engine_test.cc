#include <thread>

#include "http/detail/test_api.h"

// What things are called, and parameters in everyday words.
namespace rapport::http {
namespace {

constexpr std::string_view kRules =
    R"x([{"parameter":"noise","unit":"dB","from":40,"to":50,"zh-CN":"和图书馆差不多","en":"As quiet as a library ({value} dB)"}])x";

TEST_F(ApiOverEngine, EverydayWordsArePublishedByTheShopAndReadByItsVisitors) {
  EXPECT_EQ(send("GET", "/v1/shop/everyday", public_).body, R"({"rules":[]})");
  const std::string body = "{\"rules\":" + std::string(kRules) + "}";
  EXPECT_EQ(send("PUT", "/v1/everyday", public_, body).status, 403);
  EXPECT_EQ(send("PUT", "/v1/everyday", read_, body).status, 403);
  const auto put = send("PUT", "/v1/everyday", admin_, body);
  ASSERT_EQ(put.status, 200) << put.body;
  const Headers folded = {{"X-Log-Offset", std::string(put.header("x-log-offset"))}};
  EXPECT_EQ(send("GET", "/v1/shop/everyday", public_, "", folded).body, body);

  for (const std::string_view bad :
       {R"({})", R"({"rules":{}})", R"({"rules":[7]})", R"({"rules":[{"en":"x"}]})",
        R"({"rules":[{"parameter":"noise"}]})", R"({"rules":[{"parameter":"noise","en":5}]})",
        R"({"rules":[{"parameter":"noise","en":"x","from":"40"}]})"}) {
    EXPECT_EQ(send("PUT", "/v1/everyday", admin_, std::string(bad)).status, 400) << bad;
  }
  std::string many = "{\"rules\":[";
  for (int i = 0; i < 201; ++i) many += std::string(i > 0 ? "," : "") + R"({"parameter":"p","en":"x"})";
  EXPECT_EQ(send("PUT", "/v1/everyday", admin_, many + "]}").status, 413);
  EXPECT_EQ(send("GET", "/v1/shop/everyday", public_).body, body) << "what was refused changed nothing";
}

TEST_F(ApiOverEngine, NamesOfWhatIsPublished) {
  EXPECT_EQ(send("GET", "/v1/names", read_).body, R"({"products":[],"services":[]})");
  EXPECT_EQ(send("GET", "/v1/names", public_).status, 403);
  const auto sent = send("POST", "/v1/batch", ingest_, R"({"batch":[
    {"type":"track","userId":"shop","event":"Product Published","messageId":"p1","properties":{"product_id":"P1","name":"静音净化器","name_en":"Quiet \"purifier\"","cost":5}},
    {"type":"track","userId":"shop","event":"Service Published","messageId":"s1","properties":{"service_id":"S1","title":"延保","title_en":"Warranty"}}]})");
  ASSERT_EQ(sent.status, 200) << sent.body;
  const Headers folded = {{"X-Log-Offset", std::string(sent.header("x-log-offset"))}};
  ASSERT_EQ(send("GET", "/v1/segments", read_, "", folded).status, 200);
  std::string body;
  for (int tries = 0; tries < 100 && body.find("S1") == std::string::npos; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    body = send("GET", "/v1/names", read_).body;
  }
  EXPECT_EQ(body, R"({"products":[{"id":"P1","name":"静音净化器","name_en":"Quiet \"purifier\""}],)"
                  R"("services":[{"id":"S1","name":"延保","name_en":"Warranty"}]})");
}

}  // namespace
}  // namespace rapport::http
