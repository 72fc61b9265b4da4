#include "codec/json.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"

namespace rapport::codec {
namespace {

TEST(JsonWriter, WritesEveryKindOfValue) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("text", "a\"b\\\n\x01 杭州");
  json.escaped_key("n\"");
  json.begin_array();
  json.integer(-9'000'000'000'000'000'000);
  json.unsigned_integer(18'000'000'000'000'000'000u);
  json.real(0.1);
  json.thousandths(-820);
  json.thousandths(1000);
  json.thousandths(7);
  json.null();
  json.boolean(true);
  json.begin_object();
  json.end_object();
  json.raw("[1]");
  json.end_array();
  json.field("at", Instant{1'795'316'645'678});
  json.field("never", std::optional<Instant>());
  json.end_object();
  EXPECT_EQ(
      out,
      R"({"text":"a\"b\\\n\u0001 杭州","n\"":[-9000000000000000000,18000000000000000000,0.1,-0.82,1,0.007,null,)"
      R"(true,{},[1]],"at":"2026-11-22T03:04:05.678Z","never":null})");
}

TEST(JsonWriter, TimesAreThoseOfFormatInstant) {
  for (const std::int64_t ms : {0LL, -1LL, 951'782'400'000LL, 1'795'316'645'000LL, -62'135'596'800'000LL}) {
    std::string out;
    JsonWriter(out).time(Instant{ms});
    EXPECT_EQ(out, "\"" + format_instant(Instant{ms}) + "\"");
  }
}

TEST(JsonWriter, ManyTimesOfOneDayAndOfOthers) {
  Random random(20261122);
  std::string out, expected;
  JsonWriter json(out);
  json.begin_array();
  for (int i = 0; i < 2'000; ++i) {
    // Three days around the epoch's own, so that days come again and times before 1970 are among them.
    const Instant at{random.between(-129'600'000, 129'600'000)};
    json.time(at);
    expected += (i == 0 ? "[\"" : ",\"") + format_instant(at) + "\"";
  }
  json.end_array();
  EXPECT_EQ(out, expected + "]");
}

TEST(JsonAnswers, ACustomerHasTheContractsNames) {
  model::CustomerAnswer answer;
  answer.id = CustomerId{17};
  answer.identities = {{model::IdentifierKind::user_id, NodeId{17}, "ada", false},
                       {model::IdentifierKind::phone, NodeId{18}, std::nullopt, true}};
  answer.base = {{"city", "杭州", 1000, Instant{0}, std::nullopt, "trait"}};
  answer.segments = {{"problem", Instant{1000}}};
  answer.primary = "problem";
  answer.undetermined = {{"new", "no registration facts"}};
  answer.known_at = EventSeq{99};
  const std::string text = to_json(answer);
  JsonIndex json;
  ASSERT_TRUE(json.parse(text).ok()) << text;
  EXPECT_EQ(json.root().find("id").text(), "c_17");
  EXPECT_EQ(
      json.root().find("tags").find("base").raw(),
      R"([{"name":"city","value":"杭州","strength":1,"since":"1970-01-01T00:00:00Z","until":null,"source":"trait"}])");
  EXPECT_EQ(json.root().find("segments").raw(), R"([{"name":"problem","since":"1970-01-01T00:00:01Z"}])");
  EXPECT_EQ(
      json.root().find("identities").raw(),
      R"([{"kind":"user_id","value":"ada","node":17},{"kind":"phone","value":null,"node":18,"shared":true}])");
  EXPECT_EQ(json.root().find("primary").text(), "problem");
  EXPECT_EQ(json.root().find("known_at").raw(), "99");
}

TEST(JsonAnswers, EveryAnswerIsJson) {
  model::SqlAnswer sql;
  sql.names = {"a\"", "b"};
  sql.types = {"VARCHAR", "DECIMAL(18,3)"};
  sql.rows = {{std::string("x\n"), std::int64_t{3}},
              {std::monostate{}, true},
              {std::string(), std::string("-0.050")}};
  model::ExplainAnswer explain;
  explain.steps = {{"bought in 30d", "true", 1, {EventSeq{4}, EventSeq{5}}}};
  model::SegmentPage page;
  page.members = {{CustomerId{3}, Instant{0}}};
  JsonIndex json;
  for (const std::string& text :
       {to_json(sql), to_json(explain), to_json(page), to_json(model::IngestAnswer{}),
        to_json(model::FlipAnswer{}), to_json(model::VerifyAnswer{}), to_json(model::TimelineEntry{}),
        to_json(model::CustomerAnswer{})}) {
    EXPECT_TRUE(json.parse(text).ok()) << text;
  }
  const std::string text = to_json(sql);
  ASSERT_TRUE(json.parse(text).ok());
  EXPECT_EQ(json.root().find("rows").raw(), R"([["x\n",3],[null,true],["",-0.050]])");
}

}  // namespace
}  // namespace rapport::codec
