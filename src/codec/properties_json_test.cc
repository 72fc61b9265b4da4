#include "codec/properties_json.h"

#include <gtest/gtest.h>

#include "codec/properties.h"
#include "model/catalogue_ids.h"

namespace rapport::codec {
namespace {

namespace p = model::property;

TEST(PropertiesJson, AmountsFollowTheEventsCurrency) {
  std::string clear;
  PropertyWriter out(clear);
  out.text(p::order_id, "O\"1");
  out.number(p::total, 1980);
  out.text(p::currency, "JPY");
  out.lines(p::products, {{"P1", 2, 990}});
  EXPECT_EQ(
      properties_json(clear),
      R"({"order_id":"O\"1","total":1980,"currency":"JPY","products":[{"product_id":"P1","quantity":2,"price":990}]})");
}

TEST(PropertiesJson, EveryTypePrints) {
  std::string clear;
  PropertyWriter out(clear);
  out.number(p::rating, 4500);
  out.number(p::price, -1205);
  out.number(p::on_time, 1);
  out.number(p::by, 0);
  out.texts(p::product_ids, {"a", "b"});
  out.answers(p::answers, {{"nps", 9000}});
  out.clauses(p::clauses, {{"logistics", -800, "delay"}});
  out.text(p::noun_body, R"({"x":1})");
  EXPECT_EQ(
      properties_json(clear),
      R"({"rating":4.5,"price":-12.05,"on_time":true,"by":"1970-01-01T00:00:00Z","product_ids":["a","b"],)"
      R"("answers":[{"item":"nps","value":9}],"clauses":[{"class":"logistics","sentiment":-0.8,"aspect":"delay"}],)"
      R"("noun":{"x":1}})");
}

TEST(PropertiesJson, TornBytesGiveWhatWasWhole) {
  std::string clear;
  PropertyWriter out(clear);
  out.text(p::order_id, "O1");
  out.text(p::reason, "size");
  for (std::size_t cut = 0; cut < clear.size(); ++cut) {
    const std::string json = properties_json(std::string_view(clear).substr(0, cut));
    EXPECT_TRUE(json == "{}" || json == R"({"order_id":"O1"})") << json;
  }
}

}  // namespace
}  // namespace rapport::codec
