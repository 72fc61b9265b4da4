// The catalogue of what can be recommended, over the API; every answer is held to its schema. What is refused
// is held to in engine/catalogue_engine_test.cc.

#include "http/detail/test_api.h"

namespace rapport::http {
namespace {

using CatalogueHttp = ApiOverEngine;

TEST_F(CatalogueHttp, PublishedListedAndShown) {
  EXPECT_EQ(send("PUT", "/v1/catalogue/product/tea", read_, R"({"name":"Tea"})").status, 403);
  ASSERT_EQ(send("PUT", "/v1/catalogue/product/tea", admin_, R"({"name":"Tea","price":3,"stock":1})").status,
            200);
  ASSERT_EQ(send("PUT", "/v1/catalogue/early_access/first", admin_, R"({"title":"First"})").status, 200);
  const auto list = send("GET", "/v1/catalogue?limit=1", read_);
  ASSERT_EQ(list.status, 200) << list.body;
  EXPECT_EQ(text(list, "total"), "2");
  EXPECT_NE(list.body.find(R"("price":"3.00")"), std::string::npos) << list.body;
  EXPECT_EQ(send("GET", "/v1/catalogue/early_access/first", read_).status, 200);
  EXPECT_EQ(send("GET", "/v1/catalogue/product/first", read_).status, 404);
  EXPECT_EQ(send("GET", "/v1/catalogue?kind=dream", read_).status, 400);
  EXPECT_EQ(send("GET", "/v1/catalogue", public_).status, 403);
  EXPECT_EQ(send("GET", "/v1/models/history", read_).status, 200);
}

}  // namespace
}  // namespace rapport::http
