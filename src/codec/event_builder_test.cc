#include "codec/event_builder.h"

#include <gtest/gtest.h>

#include "codec/properties.h"
#include "model/catalogue_ids.h"

namespace rapport::codec {
namespace {

using model::EventType;
using model::IdentifierKind;
using Lines = LinesInput;
using std::string_view_literals::operator""sv;

EventInput order() {
  EventInput input;
  input.name = "Order Completed";
  input.message_id = "m1";
  input.identifiers = {{IdentifierKind::anonymous_id, "a-1"}, {IdentifierKind::user_id, " ada "}};
  input.properties = {{"order_id", std::int64_t{17}},
                      {"total", "19.90"sv},
                      {"currency", "cny"sv},
                      {"products", Lines{{{"P1", 2, "9.95"sv}, {"P2", 1, std::monostate{}}}, {}}}};
  return input;
}

std::map<std::uint16_t, Property> clear_of(const model::Event& event) {
  std::map<std::uint16_t, Property> out;
  Property property;
  PropertyReader in(event.clear);
  while (in.next(property)) out[property.id.value] = property;
  EXPECT_TRUE(in.ok());
  return out;
}

TEST(EventBuilder, AnOrderIsClearAndItsSubjectIsTheUser) {
  const auto event = build_event(order());
  ASSERT_TRUE(event.ok()) << event.error().describe();
  EXPECT_EQ(event->kind, model::kind::order_completed);
  ASSERT_EQ(event->identifiers.size(), 2u);
  EXPECT_EQ(event->identifiers[0], (model::Identifier{IdentifierKind::user_id, "ada"}));
  EXPECT_EQ(event->personal, "");
  auto clear = clear_of(*event);
  EXPECT_EQ(clear[model::property::total.value].number, 1990);
  EXPECT_EQ(clear[model::property::currency.value].bytes, "CNY");
  EXPECT_EQ(clear[model::property::order_id.value].bytes, "17");
  std::vector<ProductLine> lines;
  ASSERT_TRUE(read_lines(clear[model::property::products.value].bytes, lines));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].price_minor, 995);
  EXPECT_EQ(lines[0].quantity, 2);
}

TEST(EventBuilder, WhatTheCatalogueDoesNotDeclareIsPersonal) {
  EventInput input = order();
  input.properties.push_back({"gift_note", "für \"Bo\"\n"sv});
  input.properties.push_back({"extra", RawJson{"{\"a\":[1]}"}});
  std::get<Lines>(input.properties[3].value).rest = "[{\"product_id\":\"P1\",\"engraving\":\"Ada\"}]";
  const auto event = build_event(input);
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->personal,
            "{\"properties\":{\"products\":[{\"product_id\":\"P1\",\"engraving\":\"Ada\"}],"
            "\"gift_note\":\"für \\\"Bo\\\"\\n\",\"extra\":{\"a\":[1]}}}");
  EXPECT_EQ(event->clear.find("Ada"), std::string::npos);
  input.name = "Dragon Fed";
  const auto unknown = build_event(input);
  ASSERT_TRUE(unknown.ok());
  EXPECT_EQ(unknown->kind.value, 0);
  EXPECT_EQ(unknown->clear, "");
}

TEST(EventBuilder, ErrorsNameTheProperty) {
  const auto where = [](std::size_t i, PropertyValue value) {
    EventInput input = order();
    input.properties[i].value = std::move(value);
    const auto event = build_event(input);
    EXPECT_FALSE(event.ok());
    return event.ok() ? "" : event.error().where;
  };
  EXPECT_EQ(where(1, "a lot"sv), "properties.total");
  EXPECT_EQ(where(1, true), "properties.total");
  EXPECT_EQ(where(2, "yuan"sv), "properties.currency");
  EXPECT_EQ(where(3, Lines{{{"", 1, {}}}, {}}), "properties.products[0].product_id");
  EXPECT_EQ(where(3, Lines{{{"P", 1, {}}, {"P", 1, "x"sv}}, {}}), "properties.products[1].price");
  EXPECT_EQ(where(3, "P1"sv), "properties.products");
  const std::string long_text(kMostClearTextBytes + 1, 'x');
  EXPECT_EQ(where(0, std::string_view(long_text)), "properties.order_id");
  EventInput missing = order();
  missing.properties.erase(missing.properties.begin());
  EXPECT_EQ(build_event(missing).error().where, "properties.order_id");
}

TEST(EventBuilder, SomebodyMustBeNamedExceptInNouns) {
  EventInput input = order();
  input.identifiers = {{IdentifierKind::user_id, "undefined"}, {IdentifierKind::anonymous_id, "NULL"}};
  EXPECT_EQ(build_event(input).error().where, "userId");
  EventInput noun;
  noun.name = "Product Published";
  noun.shop_currency = *Currency::parse("JPY");
  noun.properties = {{"product_id", "P1"sv}, {"price", 120.0}, {"colour", "red"sv}};
  const auto event = build_event(noun);
  ASSERT_TRUE(event.ok()) << event.error().describe();
  auto clear = clear_of(*event);
  EXPECT_EQ(clear[model::property::price.value].number, 120);
  EXPECT_EQ(clear[model::property::noun_body.value].bytes,
            "{\"product_id\":\"P1\",\"price\":120,\"colour\":\"red\"}");
  EXPECT_EQ(event->personal, "");
}

TEST(EventBuilder, TraitsThatAreIdentifiersLinkAndStayPersonal) {
  EventInput input;
  input.type = EventType::identify;
  input.identifiers = {{IdentifierKind::user_id, "ada"}};
  input.properties = {{"email", "Ada@Example.com"sv},
                      {"phone", "138 1234 5678"sv},
                      {"openid", "oX1"sv},
                      {"age_band", "25-35"sv},
                      {"birth_month", std::int64_t{3}}};
  const auto event = build_event(input);
  ASSERT_TRUE(event.ok()) << event.error().describe();
  ASSERT_EQ(event->identifiers.size(), 4u);
  EXPECT_EQ(event->identifiers[1].value, "ada@example.com");
  EXPECT_EQ(event->identifiers[2].value, "+8613812345678");
  EXPECT_EQ(event->personal, "{\"traits\":{\"email\":\"Ada@Example.com\",\"phone\":\"138 1234 5678\"}}");
  EXPECT_EQ(clear_of(*event).size(), 2u);
  input.properties[0].value = "not an address"sv;
  EXPECT_EQ(build_event(input).error().where, "traits.email");
}

TEST(EventBuilder, AliasWantsTwoUsers) {
  EventInput input;
  input.type = EventType::alias;
  input.identifiers = {{IdentifierKind::user_id, "ada"}, {IdentifierKind::user_id, "lovelace"}};
  ASSERT_TRUE(build_event(input).ok());
  EXPECT_TRUE(build_event(input)->is_alias);
  input.identifiers[1].second = "ada";
  EXPECT_EQ(build_event(input).error().where, "previousId");
}

TEST(EventBuilder, TextAnswersArePersonalAndNumbersClear) {
  EventInput input;
  input.name = "Survey Answered";
  input.identifiers = {{IdentifierKind::user_id, "ada"}};
  input.properties = {
      {"survey_id", "nps"sv},
      {"answers", std::vector<AnswerInput>{{"nps", std::int64_t{9}}, {"why", "my name is Ada"sv}}}};
  const auto event = build_event(input);
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->personal,
            "{\"properties\":{\"answers\":[{\"item\":\"why\",\"value\":\"my name is Ada\"}]}}");
  EXPECT_EQ(event->clear.find("Ada"), std::string::npos);
}

TEST(EventBuilder, APageCarriesItsNameBesideTheProperties) {
  EventInput input;
  input.type = EventType::page;
  input.name = "Home";
  input.identifiers = {{IdentifierKind::anonymous_id, "a"}};
  const auto event = build_event(input);
  ASSERT_TRUE(event.ok()) << event.error().describe();
  EXPECT_EQ(clear_of(*event)[model::property::page_name.value].bytes, "Home");
}

TEST(EventBuilder, WordsOutsideTheListAreRefused) {
  EventInput input;
  input.name = "Shipment Updated";
  input.identifiers = {{IdentifierKind::user_id, "ada"}};
  input.properties = {{"order_id", "O1"sv}, {"node", "signed"sv}};
  EXPECT_TRUE(build_event(input).ok());
  for (const auto bad : {"sign"sv, "signed "sv, ""sv, "placed packing"sv}) {
    input.properties[1].value = bad;
    EXPECT_EQ(build_event(input).error().where, "properties.node") << bad;
  }
}

}  // namespace
}  // namespace rapport::codec
