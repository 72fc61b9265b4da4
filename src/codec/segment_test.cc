#include "codec/segment.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "codec/json_index.h"
#include "codec/properties.h"
#include "model/catalogue_ids.h"

namespace rapport::codec {
namespace {

/// "product_id=P1 price=89900" in stored order; lists in brackets.
std::string show(std::string_view clear) {
  std::string out;
  Property p;
  PropertyReader in(clear);
  while (in.next(p)) {
    const auto* spec = model::find_property(p.id);
    EXPECT_NE(spec, nullptr);
    if (!out.empty()) out += ' ';
    out += std::string(spec->name) + "=";
    std::vector<ProductLine> lines;
    std::vector<std::string_view> texts;
    std::vector<AnswerItem> answers;
    std::vector<ClauseItem> clauses;
    if (p.is_number) {
      out += std::to_string(p.number);
    } else if (spec->type == model::PropertyType::lines && read_lines(p.bytes, lines)) {
      for (const auto& l : lines) out += fmt::format("[{} x{} @{}]", l.product_id, l.quantity, l.price_minor);
    } else if (spec->type == model::PropertyType::text_list && read_texts(p.bytes, texts)) {
      for (const auto t : texts) out += fmt::format("[{}]", t);
    } else if (spec->type == model::PropertyType::answers && read_answers(p.bytes, answers)) {
      for (const auto& a : answers) out += fmt::format("[{}={}]", a.item, a.value);
    } else if (spec->type == model::PropertyType::clauses && read_clauses(p.bytes, clauses)) {
      for (const auto& c : clauses) out += fmt::format("[{} {} {}]", c.klass, c.sentiment, c.aspect);
    } else {
      out += p.bytes;
    }
  }
  EXPECT_TRUE(in.ok());
  return out;
}

std::string show(const std::vector<model::Identifier>& identifiers) {
  std::string out;
  for (const auto& id : identifiers) {
    out += fmt::format("{}{}:{}", out.empty() ? "" : " ", model::identifier_kind_name(id.kind), id.value);
  }
  return out;
}

ParsedBatch parse(EndpointKind endpoint, std::string_view body) {
  auto parsed = parse_batch(body, endpoint, {});
  EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().describe()) << " in " << body;
  return parsed.ok() ? std::move(*parsed) : ParsedBatch{};
}

model::Event accepted(EndpointKind endpoint, std::string_view body) {
  auto parsed = parse(endpoint, body);
  EXPECT_TRUE(parsed.dead.empty()) << parsed.dead[0].reason.describe() << " in " << body;
  return parsed.accepted.empty() ? model::Event{} : std::move(parsed.accepted[0]);
}

Error refused(EndpointKind endpoint, std::string_view body) {
  auto parsed = parse(endpoint, body);
  EXPECT_TRUE(parsed.accepted.empty()) << body;
  if (parsed.dead.size() != 1) return {};
  EXPECT_EQ(parsed.dead[0].raw, body);
  return parsed.dead[0].reason;
}

TEST(Segment, TrackKeepsDeclaredInTheClearAndTheRestPersonal) {
  const auto event = accepted(EndpointKind::track, R"({
    "userId":"ada","anonymousId":"a-1","messageId":"m-1","event":"Product Viewed",
    "timestamp":"2026-11-22T03:04:05.678Z","sentAt":"2026-11-22T03:04:06Z",
    "properties":{"product_id":"P100","price":899.5,"campaign":"spring \u00e9","position":3,"weight":1.10},
    "context":{"ip":"203.0.113.7","device":{"id":"D-9"}},"integrations":{"All":true}})");
  EXPECT_EQ(event.kind, model::kind::product_viewed);
  EXPECT_EQ(event.name, "Product Viewed");
  EXPECT_EQ(event.message_id, "m-1");
  EXPECT_EQ(event.timestamp->ms, 1795316645678);
  EXPECT_EQ(event.sent_at->ms, 1795316646000);
  EXPECT_EQ(show(event.clear), "product_id=P100 price=89950 position=3");
  EXPECT_EQ(
      event.personal,
      R"({"properties":{"campaign":"spring \u00e9","weight":1.10},"context":{"ip":"203.0.113.7","device":{"id":"D-9"}}})");
  EXPECT_EQ(show(event.identifiers), "user_id:ada anonymous_id:a-1 device_id:D-9");
}

TEST(Segment, OrderLinesAndCurrency) {
  const auto event = accepted(EndpointKind::track, R"({"userId":"ada","event":"Order Completed","properties":{
    "products":[{"product_id":"P1","quantity":2,"price":5},{"product_id":7,"quantity":1,"price":"1.005"}],
    "order_id":"O-1","total":11.5,"currency":"kwd"}})");
  EXPECT_EQ(show(event.clear), "order_id=O-1 total=11500 currency=KWD products=[P1 x2 @5000][7 x1 @1005]");
  EXPECT_EQ(event.personal, "");
  const auto named = accepted(EndpointKind::track, R"({"userId":"ada","event":"Order Completed","properties":{
    "products":[{"product_id":"P1","quantity":2,"price":5,"name":"Cup"}],"order_id":"O-1","total":10,"currency":"JPY"}})");
  EXPECT_EQ(show(named.clear), "order_id=O-1 total=10 currency=JPY products=[P1 x2 @5]");
  EXPECT_EQ(named.personal,
            R"({"properties":{"products":[{"product_id":"P1","quantity":2,"price":5,"name":"Cup"}]}})");
}

TEST(Segment, IdentifyTakesTraitsAndTheIdentifiersAmongThem) {
  const auto event = accepted(EndpointKind::identify, R"({"userId":"ada","traits":{
    "email":" Ada@Example.COM","phone":"139 1234 5678","member_id":"M1","openid":"o1","unionid":"u1",
    "name":"Ada","city":"杭州","birth_month":3,"shoe":38,"household_size":2}})");
  EXPECT_EQ(show(event.identifiers),
            "user_id:ada member_id:M1 email:ada@example.com phone:+8613912345678 openid:o1 unionid:u1");
  EXPECT_EQ(show(event.clear), "city=杭州 household_size=2 birth_month=3");
  EXPECT_NE(event.personal.find(R"("shoe":38)"), std::string::npos);
  EXPECT_NE(event.personal.find(R"("email":" Ada@Example.COM")"), std::string::npos);
  EXPECT_EQ(event.personal.find("杭州"), std::string::npos);
}

TEST(Segment, IdentifiersComeFromContextToo) {
  const auto event = accepted(EndpointKind::track, R"({"anonymousId":"a","event":"X","context":{
    "traits":{"email":"b@c.de"},"externalIds":[{"id":"U7","type":"unionid"},{"id":"z","type":"ios.idfa"}]}})");
  EXPECT_EQ(show(event.identifiers), "anonymous_id:a email:b@c.de unionid:U7");
}

TEST(Segment, BlockedIdentifiersNameNobody) {
  const auto event = accepted(EndpointKind::track, R"({"userId":"undefined","anonymousId":"a","event":"X"})");
  EXPECT_EQ(show(event.identifiers), "anonymous_id:a");
  EXPECT_EQ(refused(EndpointKind::track, R"({"userId":"null","event":"X"})").where, "userId");
  EXPECT_EQ(refused(EndpointKind::track, R"({"event":"X"})").message, "nobody is named");
}

TEST(Segment, AliasNamesTwoUsers) {
  const auto event =
      accepted(EndpointKind::alias, R"({"userId":"new","previousId":"old","anonymousId":"a"})");
  EXPECT_TRUE(event.is_alias);
  EXPECT_EQ(show(event.identifiers), "user_id:new user_id:old");
  EXPECT_EQ(refused(EndpointKind::alias, R"({"userId":"new"})").where, "previousId");
  EXPECT_EQ(refused(EndpointKind::alias, R"({"previousId":"old","anonymousId":"a"})").where, "userId");
}

// What browsers' clients make of alias() in other situations.
TEST(Segment, AliasOfAVisitorOrToItselfIsNoAliasOfUsers) {
  const auto visitor =
      accepted(EndpointKind::alias, R"({"userId":"new","previousId":"a","anonymousId":"a"})");
  EXPECT_FALSE(visitor.is_alias);
  EXPECT_EQ(show(visitor.identifiers), "user_id:new anonymous_id:a");
  const auto itself =
      accepted(EndpointKind::alias, R"({"userId":"new","previousId":"new","anonymousId":"a"})");
  EXPECT_FALSE(itself.is_alias);
  EXPECT_EQ(show(itself.identifiers), "user_id:new anonymous_id:a");
}

TEST(Segment, PagesTakeTheirNameFromWhereverItStands) {
  EXPECT_EQ(show(accepted(EndpointKind::page, R"({"userId":"a","name":"Home","category":"Docs"})").clear),
            "name=Home category=Docs");
  EXPECT_EQ(
      show(
          accepted(EndpointKind::page, R"({"userId":"a","name":"Home","properties":{"name":"Home"}})").clear),
      "name=Home");
  EXPECT_EQ(
      show(accepted(EndpointKind::page,
                    R"({"anonymousId":"a","name":null,"properties":{"path":"/x","title":"","referrer":""}})")
               .clear),
      "name=/x path=/x title=");
  EXPECT_EQ(refused(EndpointKind::page, R"({"userId":"a","properties":{}})").where, "properties.name");
  EXPECT_EQ(refused(EndpointKind::screen, R"({"userId":"a","properties":{"title":"T"}})").where,
            "properties.name");
}

TEST(Segment, AGroupsTraitsAreNotTheCustomers) {
  const auto event =
      accepted(EndpointKind::group,
               R"({"userId":"a","groupId":"G1","traits":{"email":"info@firm.cn","name":"Firm"}})");
  EXPECT_EQ(show(event.clear), "group_id=G1");
  EXPECT_EQ(show(event.identifiers), "user_id:a");
  EXPECT_EQ(event.personal, R"({"traits":{"email":"info@firm.cn","name":"Firm"}})");
}

TEST(Segment, NounsNeedNobodyAndKeepTheirWholeBody) {
  const auto event = accepted(
      EndpointKind::track,
      R"({"userId":"sync","event":"Product Published","properties":{"product_id":"P1","price":3,"colour":["red"]}})");
  EXPECT_TRUE(event.identifiers.empty());
  EXPECT_EQ(show(event.clear),
            R"(product_id=P1 price=300 noun_body={"product_id":"P1","price":3,"colour":["red"]})");
  EXPECT_EQ(event.personal, "");
  EXPECT_EQ(refused(EndpointKind::track, R"({"event":"Product Published"})").where, "properties.product_id");
}

TEST(Segment, UnknownEventsAreKeptUnderTheirName) {
  const auto event =
      accepted(EndpointKind::track, R"({"userId":"a","event":"Fridge \"Opened\"","properties":{"n":1}})");
  EXPECT_EQ(event.kind, model::EventKind{});
  EXPECT_EQ(event.name, "Fridge \"Opened\"");
  EXPECT_EQ(event.clear, "");
  EXPECT_EQ(event.personal, R"({"properties":{"n":1}})");
}

TEST(Segment, PhotosOfAReturnAreAPersonalListOfTexts) {
  const auto with = [](std::string_view photos) {
    return fmt::format(
        R"({{"userId":"a","event":"Return Requested","properties":{{"return_id":"R","order_id":"O","reason":"size","photos":{}}}}})",
        photos);
  };
  const auto event = accepted(EndpointKind::track, with(R"(["9f86","60303ae2"])"));
  EXPECT_EQ(event.personal, R"({"properties":{"photos":["9f86","60303ae2"]}})");
  EXPECT_EQ(event.clear.find("9f86"), std::string::npos);
  for (const char* wrong : {R"("9f86")", "7", R"(["9f86",7])", R"([["9f86"]])", R"({"a":1})"}) {
    const auto parsed = parse(EndpointKind::track, with(wrong));
    ASSERT_EQ(parsed.dead.size(), 1u) << wrong;
    EXPECT_NE(parsed.dead[0].reason.describe().find("properties.photos"), std::string::npos) << wrong;
  }
}

TEST(Segment, TextualAnswersArePersonal) {
  const auto event = accepted(EndpointKind::track, R"({"userId":"a","event":"Survey Answered","properties":{
    "survey_id":"nps","answers":[{"item":"nps","value":9},{"item":"why","value":"slow"},{"item":"ok","value":true}]}})");
  EXPECT_EQ(show(event.clear), "survey_id=nps answers=[nps=9000][ok=1000]");
  EXPECT_NE(event.personal.find("slow"), std::string::npos);
  const auto clauses =
      accepted(EndpointKind::track, R"({"userId":"a","event":"Feedback Classified","properties":{
    "about":"V-5","clauses":[{"class":"logistics","sentiment":-0.8,"aspect":"delay"},{"class":"price","sentiment":1}]}})");
  EXPECT_EQ(show(clauses.clear), "about=V-5 clauses=[logistics -800 delay][price 1000 ]");
}

struct Wrong {
  const char* properties;
  const char* event;
  const char* where;
};

TEST(Segment, AWrongPropertyMakesADeadLetterThatNamesIt) {
  const Wrong kWrong[] = {
      {R"({})", "Product Viewed", "properties.product_id"},
      {R"({"product_id":null})", "Product Viewed", "properties.product_id"},
      {R"({"product_id":""})", "Product Viewed", "properties.product_id"},
      {R"({"product_id":{"a":1}})", "Product Viewed", "properties.product_id"},
      {R"({"product_id":true})", "Product Viewed", "properties.product_id"},
      {R"({"product_id":"P","price":"dear"})", "Product Viewed", "properties.price"},
      {R"({"product_id":"P","price":1e40})", "Product Viewed", "properties.price"},
      {R"({"product_id":"P","position":1.5})", "Product Viewed", "properties.position"},
      {R"({"product_id":"P","position":"3"})", "Product Viewed", "properties.position"},
      {R"({"product_id":"P","currency":"yuan"})", "Product Viewed", "properties.currency"},
      {R"({"product_id":"P","brand":"a\u0000b"})", "Product Viewed", "properties.brand"},
      {R"({"product_id":"P","product_id":"Q"})", "Product Viewed", "properties.product_id"},
      {R"({"product_id":"P","quantity":123456789012345678901234567890})", "Product Added",
       "properties.quantity"},
      {R"({"order_id":"O","node":"teleported"})", "Shipment Updated", "properties.node"},
      {R"({"order_id":"O","node":"placed packing"})", "Shipment Updated", "properties.node"},
      {R"({"order_id":"O","node":"placed","by":"soon"})", "Shipment Promised", "properties.by"},
      {R"({"purpose":"marketing","channel":"sms","granted":"yes"})", "Consent Updated", "properties.granted"},
      {R"({"review_id":"V","product_id":"P","rating":"good","text":"x"})", "Review Posted",
       "properties.rating"},
      {R"({"review_id":"V","product_id":"P","rating":0.999,"text":"x"})", "Review Posted",
       "properties.rating"},
      {R"({"review_id":"V","product_id":"P","rating":1e9,"text":"x"})", "Review Posted", "properties.rating"},
      {R"({"service_id":"S","rating":-5})", "Service Rated", "properties.rating"},
      {R"({"review_id":"V","product_id":"P","rating":4,"text":{"x":1}})", "Review Posted", "properties.text"},
      {R"({"product_ids":["P",{}]})", "Product Compared", "properties.product_ids[1]"},
      {R"({"order_id":"O","total":1,"currency":"CNY","products":{}})", "Order Completed",
       "properties.products"},
      {R"({"order_id":"O","total":1,"currency":"CNY","products":[3]})", "Order Completed",
       "properties.products[0].product_id"},
      {R"({"order_id":"O","total":1,"currency":"CNY","products":[{"product_id":"P","quantity":1}]})",
       "Order Completed", "properties.products[0].price"},
      {R"({"survey_id":"s","answers":[{"value":1}]})", "Survey Answered", "properties.answers[0].item"},
      {R"({"about":"x","clauses":[{"class":"price","sentiment":-2}]})", "Feedback Classified",
       "properties.clauses[0].sentiment"},
  };
  for (const Wrong& wrong : kWrong) {
    const auto error = refused(
        EndpointKind::track,
        fmt::format(R"({{"userId":"a","event":"{}","properties":{}}})", wrong.event, wrong.properties));
    EXPECT_EQ(error.where, wrong.where) << wrong.properties;
    EXPECT_FALSE(error.expected.empty()) << wrong.properties;
  }
}

TEST(Segment, AWrongMessageMakesADeadLetter) {
  EXPECT_EQ(refused(EndpointKind::track, R"({"userId":"a"})").where, "event");
  EXPECT_EQ(refused(EndpointKind::track, R"({"userId":"a","event":7})").where, "event");
  EXPECT_EQ(refused(EndpointKind::track, R"({"userId":"a","event":"X","type":"page"})").where, "type");
  EXPECT_EQ(refused(EndpointKind::track, R"({"userId":{},"event":"X"})").where, "userId");
  EXPECT_EQ(refused(EndpointKind::track, R"({"userId":"a","userId":"b","event":"X"})").where, "userId");
  EXPECT_EQ(refused(EndpointKind::track, R"({"userId":"a","event":"X","properties":[]})").where,
            "properties");
  EXPECT_EQ(refused(EndpointKind::track, R"({"userId":"a","event":"X","timestamp":"yesterday"})").where,
            "timestamp");
  EXPECT_EQ(refused(EndpointKind::track, R"({"userId":"a","event":"X","sentAt":12})").where, "sentAt");
  EXPECT_EQ(refused(EndpointKind::identify, R"({"userId":"a","traits":{"email":"nobody"}})").where,
            "traits.email");
  EXPECT_EQ(refused(EndpointKind::track, R"({"userId":"a\u0001","event":"X"})").where, "userId");
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  EXPECT_EQ(
      refused(EndpointKind::track, R"({"userId":"a","event":"X","properties":{"d":)" + deep + "}}").message,
      "an event nested too deep");
  const std::string long_id(257, 'm');
  EXPECT_EQ(
      refused(EndpointKind::track, R"({"userId":"a","event":"X","messageId":")" + long_id + "\"}").where,
      "messageId");
}

TEST(Segment, HugeNumbersNobodyDeclaredAreKeptAsSent) {
  const auto event =
      accepted(EndpointKind::track,
               R"({"userId":"a","event":"X","properties":{"n":123456789012345678901234567890,"m":1e999}})");
  EXPECT_EQ(event.personal, R"({"properties":{"n":123456789012345678901234567890,"m":1e999}})");
}

TEST(Segment, ABatchStandsWithoutItsWrongEvents) {
  const auto parsed = parse(EndpointKind::batch, R"({"writeKey":"wk","sentAt":"2026-01-01T00:00:00Z",
    "context":{"ip":"1.2.3.4"},"batch":[{"type":"track","event":"X","userId":"a"},{"type":"track","userId":"b"},7,
    {"type":"identify","userId":"c","context":{}},{"userId":"d"}]})");
  ASSERT_EQ(parsed.accepted.size(), 2u);
  EXPECT_EQ(parsed.accepted[0].personal, R"({"context":{"ip":"1.2.3.4"}})");
  EXPECT_EQ(parsed.accepted[0].sent_at->ms, 1767225600000);
  EXPECT_EQ(parsed.accepted[1].personal, R"({"context":{}})");
  ASSERT_EQ(parsed.dead.size(), 3u);
  EXPECT_EQ(parsed.dead[0].index, 1u);
  EXPECT_EQ(parsed.dead[0].raw, R"({"type":"track","userId":"b"})");
  EXPECT_EQ(parsed.dead[1].index, 2u);
  EXPECT_EQ(parsed.dead[2].reason.where, "type");
}

TEST(Segment, TheKeyMayStandInTheBody) {
  EXPECT_EQ(*write_key_of(R"({"event":"X","writeKey":"wk"})"), "wk");
  EXPECT_EQ(*write_key_of(R"({"event":"X","writeKey":7})"), "");
  EXPECT_EQ(*write_key_of("[1]"), "");
  EXPECT_FALSE(write_key_of("{").ok());
}

TEST(Segment, AWrongEnvelopeTakesNothing) {
  const auto error = [](EndpointKind endpoint, std::string_view body) {
    const auto parsed = parse_batch(body, endpoint, {});
    return parsed.ok() ? Errc::internal : parsed.error().code;
  };
  EXPECT_EQ(error(EndpointKind::batch, "{"), Errc::bad_input);
  EXPECT_EQ(error(EndpointKind::batch, "[]"), Errc::bad_input);
  EXPECT_EQ(error(EndpointKind::batch, "{}"), Errc::bad_input);
  EXPECT_EQ(error(EndpointKind::batch, R"({"batch":{}})"), Errc::bad_input);
  EXPECT_EQ(error(EndpointKind::batch, R"({"batch":[],"batch":[{"type":"track","event":"X","userId":"a"}]})"),
            Errc::bad_input);
  EXPECT_EQ(error(EndpointKind::batch,
                  R"({"batch":[{"type":"track","userId":"a","event":"X","properties":{"n":NaN}}]})"),
            Errc::bad_input);
  EXPECT_EQ(error(EndpointKind::track, "\"\xff\""), Errc::bad_input);
  EXPECT_EQ(error(EndpointKind::track, std::string(kEventMostBytes + 1, ' ')), Errc::too_large);
  EXPECT_EQ(error(EndpointKind::batch, std::string(kBatchMostBytes + 1, ' ')), Errc::too_large);
}

TEST(Segment, AnEventOverItsLimitIsADeadLetterInABatch) {
  const std::string big(kEventMostBytes, 'x');
  const auto parsed =
      parse(EndpointKind::batch, R"({"batch":[{"type":"track","event":"X","userId":"a","properties":{"t":")" +
                                     big + R"("}},{"type":"track","event":"X","userId":"b"}]})");
  ASSERT_EQ(parsed.dead.size(), 1u);
  EXPECT_EQ(parsed.dead[0].reason.code, Errc::too_large);
  EXPECT_EQ(parsed.dead[0].raw.size(), kEventMostBytes);
  EXPECT_EQ(parsed.accepted.size(), 1u);
}

TEST(Segment, EveryCataloguedEventParsesFromItsExamples) {
  for (const auto& spec : model::event_specs()) {
    const bool traits = spec.type == model::EventType::identify;
    std::string properties;
    std::vector<std::string_view> clear_names;
    for (const auto ids : {spec.required, spec.optional}) {
      for (const auto id : ids) {
        const auto* property = model::find_property(id);
        properties +=
            fmt::format("{}\"{}\":{}", properties.empty() ? "" : ",", property->name, property->example);
        if (property->sensitivity == model::Sensitivity::clear) clear_names.push_back(property->name);
      }
    }
    const auto body = fmt::format(
        R"({{"type":"{}","event":"{}","userId":"ada","previousId":"bob","{}":{{{}}}}})",
        model::event_type_name(spec.type), spec.name, traits ? "traits" : "properties", properties);
    const auto event = parse_message(body, {});
    ASSERT_TRUE(event.ok()) << event.error().describe() << " in " << body;
    EXPECT_EQ(event->kind, spec.kind);
    const std::string clear = show(event->clear);
    for (const auto name : clear_names)
      EXPECT_NE(clear.find(std::string(name) + "="), std::string::npos) << body;
    // Each required property is missed when it is left out.
    for (const auto id : spec.required) {
      const auto* property = model::find_property(id);
      std::string without;
      for (const auto other : spec.required) {
        const auto* kept = model::find_property(other);
        if (kept != property)
          without += fmt::format("{}\"{}\":{}", without.empty() ? "" : ",", kept->name, kept->example);
      }
      const auto error =
          parse_message(fmt::format(R"({{"type":"{}","event":"{}","userId":"a","properties":{{{}}}}})",
                                    model::event_type_name(spec.type), spec.name, without),
                        {});
      ASSERT_FALSE(error.ok()) << spec.name << " without " << property->name;
      EXPECT_EQ(error.error().where, fmt::format("properties.{}", property->name));
    }
  }
}

// Whatever bytes come, parsing ends, and what is accepted is whole: clear bytes that read back, personal
// JSON.
TEST(Segment, SurvivesMangledBodies) {
  constexpr std::uint64_t kSeed = 4711;
  Random random(kSeed);
  const std::string good =
      R"({"batch":[{"type":"track","event":"Order Completed","userId":"a\u00e9","messageId":"m","properties":{"order_id":"O",)"
      R"("total":1.5,"currency":"CNY","products":[{"product_id":"P","quantity":1,"price":2}],"x":{"y":[1,"z\n"]}}},)"
      R"({"type":"identify","anonymousId":"q","traits":{"email":"a@b.c","age_band":"25-35"},"context":{"device":{"id":"d"}}}]})";
  std::size_t accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string body = good;
    for (auto n = random.below(4) + 1; n > 0 && !body.empty(); --n) {
      const auto at = random.below(body.size());
      switch (random.below(4)) {
        case 0:
          body[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          body.erase(at, random.below(6) + 1);
          break;
        case 2:
          body.insert(at, 1, "{}[]\",:\\0"[random.below(9)]);
          break;
        default:
          body.insert(at, body.substr(random.below(body.size()), random.below(30)));
      }
    }
    const auto parsed = parse_batch(body, EndpointKind::batch, {});
    if (!parsed.ok()) continue;
    for (const auto& event : parsed->accepted) {
      ++accepted;
      show(event.clear);
      JsonIndex index;
      if (!event.personal.empty()) {
        ASSERT_TRUE(index.parse(event.personal).ok())
            << "seed " << kSeed << " round " << round << ": " << event.personal << " from " << body;
      }
    }
  }
  EXPECT_GT(accepted, 1000u);
}

}  // namespace
}  // namespace rapport::codec
