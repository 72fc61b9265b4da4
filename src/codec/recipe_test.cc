#include "codec/recipe.h"

#include <gtest/gtest.h>

#include <fstream>

#include "codec/detail/recipe_decimal.h"
#include "codec/detail/recipe_time.h"
#include "codec/properties.h"
#include "model/catalogue_ids.h"

namespace rapport::codec {
namespace {

using detail::micros_from_text;

TEST(Recipes, ShippedOnesParse) {
  ASSERT_EQ(shipped_recipes().size(), 3u);
  for (const auto& [name, text] : shipped_recipes()) {
    const auto recipe = Recipe::parse(text);
    ASSERT_TRUE(recipe.ok()) << name << ": " << recipe.error().describe();
    EXPECT_EQ(recipe->name(), name);
    EXPECT_FALSE(recipe->title().empty());
    EXPECT_FALSE(recipe->has().empty());
  }
}

// Mutations of a seed that does not parse would try nothing.
TEST(Recipes, TheFuzzerBeginsWithWholeRecipes) {
  for (const char* name : {"whole.json", "messages.json"}) {
    std::ifstream in(std::string(RAPPORT_SOURCE_DIR "/tests/fuzz/corpus/recipe/") + name);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto recipe = Recipe::parse(text);
    EXPECT_TRUE(recipe.ok()) << name << ": " << recipe.error().describe();
  }
}

std::string with_event(const std::string& members) {
  return R"({"recipe": "r", "files": {"a": {"match": "a*"}, "b": {"match": ["b*", "c.csv"], "optional": true}}, "events": [{)" +
         members + "}]}";
}

std::string minimal(const std::string& more = "") {
  return with_event(
      R"("event": "Product Viewed", "from": "a", "key": "id", "time": "at", "identifiers": {"user_id": "u"},
                       "properties": {"product_id": "p"})" +
      more);
}

TEST(Recipes, AnEventOutsideTheCatalogueIsKeptAndToldOf) {
  const auto named = [](const std::string& event) {
    const auto recipe = Recipe::parse(
        with_event("\"event\": \"" + event +
                   R"(", "from": "a", "key": "id", "time": "at", "identifiers": {"user_id": "u"},
                      "properties": {"product_id": "p", "order_id": "o", "total": "t"})"));
    EXPECT_TRUE(recipe.ok()) << recipe.error().describe();
    return recipe.ok() ? recipe->warnings() : std::vector<std::string>();
  };
  EXPECT_TRUE(named("Product Viewed").empty());
  const auto typo = named("Order Complete");
  ASSERT_EQ(typo.size(), 1u);
  EXPECT_EQ(
      typo[0],
      "events[0].event: 'Order Complete' is not in the catalogue and is kept under this name; did you mean "
      "'Order Completed'?");
  const auto own = named("Fridge Defrosted By Robot");
  ASSERT_EQ(own.size(), 1u);
  EXPECT_EQ(own[0].find("did you mean"), std::string::npos) << own[0];
}

TEST(Recipes, MistakesAreNamedByTheirPath) {
  ASSERT_TRUE(Recipe::parse(minimal()).ok()) << Recipe::parse(minimal()).error().describe();
  const auto where = [](const std::string& text) {
    const auto recipe = Recipe::parse(text);
    EXPECT_FALSE(recipe.ok()) << text;
    return recipe.ok() ? "" : recipe.error().where;
  };
  EXPECT_EQ(where("{"), "");
  EXPECT_EQ(where("[]"), "");
  EXPECT_EQ(where(R"({"files": {}})"), "recipe");
  EXPECT_EQ(where(R"({"recipe": "r", "files": {}})"), "files");
  EXPECT_EQ(where(R"({"recipe": "r", "files": {"a": {"mach": "x"}}})"), "files.a.mach");
  EXPECT_EQ(where(R"({"recipe": "r", "zone": "Mars/1", "files": {"a": {"match": "x"}}})"), "");
  EXPECT_EQ(where(minimal(R"(, "whenn": [])")), "events[0].whenn");
  EXPECT_EQ(where(minimal(R"(, "when": [{"value": "x", "above": 3}])")), "events[0].when[0].above");
  EXPECT_EQ(where(minimal(R"(, "join": {"j": {"file": "z", "on": "id"}})")), "events[0].join.j");
  EXPECT_EQ(where(minimal(R"(, "traits": {"x": {"colum": "a"}})")), "events[0].traits.x.colum");
  EXPECT_EQ(where(minimal(R"(, "traits": {"x": {"any": ["a", {"const": [1]}]}})")),
            "events[0].traits.x.any[1].const");
  EXPECT_EQ(where(minimal(R"(, "traits": {"x": {"divide": ["a"]}})")), "events[0].traits.x.divide");
  EXPECT_EQ(where(minimal(R"(, "traits": {"x": {"lines": "rows", "product_id": "a"}})")),
            "events[0].traits.x");
  EXPECT_EQ(where(with_event(R"("event": "Product Viewed", "from": "a", "key": "id", "time": "at",
                                "identifiers": {"user_id": "u"})")),
            "events[0].properties");
  EXPECT_EQ(where(with_event(R"("event": "Product Viewed", "from": "a", "key": "id", "time": "at",
                                "properties": {"product_id": "p"})")),
            "events[0].identifiers");
  EXPECT_EQ(where(with_event(R"("event": "X", "from": "zz", "key": "id", "time": "at")")), "events[0].from");
}

TEST(Recipes, FileNamesMatchWithoutCase) {
  const auto recipe = *Recipe::parse(minimal());
  const RecipeFile& a = recipe.files()[0];
  EXPECT_TRUE(a.matches("A-2026.csv.gz"));
  EXPECT_FALSE(a.matches("ba.csv"));
  EXPECT_TRUE(recipe.files()[1].matches("C.CSV"));
  EXPECT_FALSE(recipe.files()[1].matches("c.csv.gz"));
}

model::Event mapped(const std::string& recipe_text, const std::vector<std::string>& columns,
                    const std::vector<std::vector<std::string_view>>& rows) {
  const auto recipe = Recipe::parse(recipe_text);
  EXPECT_TRUE(recipe.ok()) << recipe.error().describe();
  auto mapper = RecipeMapper::bind(*recipe, 0, {{"a", columns}});
  EXPECT_TRUE(mapper.ok()) << mapper.error().describe();
  RecipeRows given(1 + mapper->joins().size());
  for (const auto& row : rows) given[0].push_back(row);
  auto event = mapper->map(given, *Currency::parse("CNY"));
  EXPECT_TRUE(event.ok()) << event.error().describe();
  EXPECT_TRUE(event->has_value());
  return std::move(**event);
}

TEST(Recipes, ExpressionsOverAGroup) {
  const auto event = mapped(
      with_event(R"("event": "Checkout Started", "from": "a", "group_by": "id", "key": {"template": "k-{id}"},
        "time": {"any": [{"column": "late", "format": "epoch_s"}, "at"]}, "identifiers": {"user_id": "u"},
        "properties": {"order_id": "id", "total": {"sum": ["v", "w"]},
          "low": {"min": "v"}, "high": {"max": "v", "as": "number"}, "n": {"count": "w", "as": "integer"},
          "both": {"join": ["s", "t"], "with": "/"}, "none": {"template": "{s}{missing}"},
          "after": {"date_after": ["at", "by"], "as": "boolean"}, "when": {"column": "by", "as": "time"}})"),
      {"id", "u", "at", "by", "late", "v", "w", "s", "t", "missing"},
      {{"7", "ada", "2026-01-02 23:00:00", "2026-01-02", "", "1.10", "2", "x", "y", ""},
       {"7", "ada", "2026-01-02 23:00:00", "2026-01-02", "", "2.20", "", "x", "y", ""}});
  EXPECT_EQ(event.message_id, "r:k-7");
  EXPECT_EQ(format_instant(*event.timestamp), "2026-01-02T23:00:00Z");
  EXPECT_EQ(event.personal,
            "{\"properties\":{\"low\":\"1.1\",\"high\":2.2,\"n\":1,\"both\":\"x/y\",\"after\":false,"
            "\"when\":\"2026-01-02T00:00:00Z\"}}");
  Property total;
  for (PropertyReader in(event.clear); in.next(total) && total.id != model::property::total;) {
  }
  EXPECT_EQ(total.number, 530);
}

TEST(Recipes, TheValueOfARowIsSharedOutOverItsPiecesToTheLastCent) {
  const auto lines_of = [](const std::string& money, const std::string& currency,
                           const std::vector<std::vector<std::string_view>>& rows) {
    const auto event = mapped(
        with_event(R"("event": "Order Completed", "from": "a", "group_by": "id", "key": "id", "time": "at",
          "identifiers": {"user_id": "u"},
          "properties": {"order_id": "id", "total": {"const": "1"}, "currency": {"const": ")" +
                   currency + R"("},
            "products": {"lines": "rows", "product_id": "p", "quantity": "q", ")" +
                   money + R"(": "v"}})"),
        {"id", "u", "at", "p", "q", "v"}, rows);
    std::string out;
    Property property;
    for (PropertyReader in(event.clear); in.next(property);) {
      if (property.id != model::property::products) continue;
      std::vector<ProductLine> lines;
      EXPECT_TRUE(read_lines(property.bytes, lines));
      for (const ProductLine& line : lines)
        out += fmt::format("{} {}x{} ", line.product_id, line.quantity, line.price_minor);
    }
    return out;
  };
  const auto row = [](std::string_view p, std::string_view q, std::string_view v) {
    return std::vector<std::string_view>{"7", "ada", "2026-01-02", p, q, v};
  };
  EXPECT_EQ(lines_of("value", "CNY", {row("P", "3", "1.00"), row("Q", "2", "5"), row("P", "1", "0.33")}),
            "P 3x33 P 1x34 Q 2x250 ");
  // Fuel by the thousandth of a gallon; no whole pieces, and none at all.
  EXPECT_EQ(lines_of("value", "USD", {row("F", "10000", "26.99")}), "F 7301x0 F 2699x1 ");
  EXPECT_EQ(lines_of("value", "USD", {row("K", "2.5", "9.99"), row("N", "0", "4.4e-16")}),
            "K 1x499 K 1x500 N 1x0 ");
  EXPECT_EQ(lines_of("value", "JPY", {row("Y", "3", "100")}), "Y 2x33 Y 1x34 ");
  // A price a kilogram comes to a value as well.
  EXPECT_EQ(lines_of("price", "CNY", {row("K", "1.5", "3.99"), row("P", "2", "3.99")}), "K 1x599 P 2x399 ");
  const auto both = Recipe::parse(with_event(
      R"("event": "Order Completed", "from": "a", "key": "id", "time": "at", "identifiers": {"user_id": "u"},
        "properties": {"order_id": "id", "total": "t", "currency": {"const": "CNY"},
          "products": {"lines": "rows", "product_id": "p", "price": "v", "value": "v"}})"));
  EXPECT_FALSE(both.ok());
}

TEST(RecipeDecimals, ExactAndRefusing) {
  EXPECT_EQ(micros_from_text("12.5"), 12'500'000);
  EXPECT_EQ(micros_from_text("-.5"), -500'000);
  EXPECT_EQ(micros_from_text("1,234,567.891"), 1'234'567'891'000);
  EXPECT_EQ(micros_from_text("0.0000005"), 1);
  EXPECT_EQ(micros_from_text("0.00000049"), 0);
  EXPECT_EQ(micros_from_text("4.440892e-16"), 0);
  EXPECT_EQ(micros_from_text("1.5E3"), 1'500'000'000);
  for (const char* bad :
       {"", "-", ".", "1,2", "12,34", "1,2345", ",123", "1.2.3", "1a", "99999999999999", "1e40"}) {
    EXPECT_EQ(micros_from_text(bad), std::nullopt) << bad;
  }
  for (const std::int64_t micros : {0L, 1L, -1L, 1'000'000L, -12'500'000L, 123'456'789L}) {
    EXPECT_EQ(micros_from_text(detail::text_from_micros(micros)), micros);
  }
  EXPECT_EQ(detail::divide_micros(10'000'000, 3'000'000), 3'333'333);
  EXPECT_EQ(detail::divide_micros(-20'000'000, 3'000'000), -6'666'667);
  EXPECT_EQ(detail::multiply_micros(29'900'000'000, 10'000), 299'000'000);
  EXPECT_EQ(detail::plain_decimal("1,299.00"), "1299");
  EXPECT_EQ(detail::plain_decimal("1299.00"), std::nullopt);
}

TEST(RecipeTimes, FormsZonesAndDays) {
  const text::Zone zone = *text::Zone::find("Asia/Shanghai");
  const auto read = [&](std::string_view text, std::string_view format = "", bool end = false) {
    const auto moment = detail::read_time(text, {format, &zone, end});
    return moment.ok() ? format_instant(*moment) : "error";
  };
  EXPECT_EQ(read("2026-11-22"), "2026-11-21T16:00:00Z");
  EXPECT_EQ(read("2026-11-22", "", true), "2026-11-22T15:59:59.999Z");
  EXPECT_EQ(read("2026-11-22T00:00:00Z"), "2026-11-22T00:00:00Z");
  EXPECT_EQ(read("2026-11-22 01:00+09:00"), "2026-11-21T16:00:00Z");
  EXPECT_EQ(read("22/11/26", "%d/%m/%y"), "2026-11-21T16:00:00Z");
  EXPECT_EQ(read("20261122", "%Y%m%d"), "2026-11-21T16:00:00Z");
  EXPECT_EQ(read("1700000000", "epoch_s"), "2023-11-14T22:13:20Z");
  EXPECT_EQ(read("1700000000123", "epoch_ms"), "2023-11-14T22:13:20.123Z");
  for (const auto& [text, format] : {std::pair{"", ""},
                                     {"2026-02-30", ""},
                                     {"31/02/2026", "%d/%m/%Y"},
                                     {"22/11/2026 x", "%d/%m/%Y"},
                                     {"22/11", "%d/%m/%Y"},
                                     {"1e9", "epoch_s"},
                                     {"99999999999999999999", "epoch_ms"},
                                     {"2026", "%Y%q"}}) {
    EXPECT_EQ(read(text, format), "error") << text;
  }
}

}  // namespace
}  // namespace rapport::codec
