#include "lens/lens.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <thread>

#include "codec/record.h"
#include "lens/detail/duck.h"
#include "lens/detail/test_files.h"
#include "lens/detail/test_shop.h"
#include "lens/import.h"

namespace rapport::lens {
namespace {

using detail::TestFolder;
using detail::TestShop;
using detail::track;
using std::string_view_literals::operator""sv;
using Lines = codec::LinesInput;
using model::IdentifierKind;

std::string cell(const model::SqlValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return "NULL";
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&value)) return fmt::to_string(*real);
  return std::get<std::string>(value);
}

// Rows as "a|b" lines, for stories.
std::string ask(const Lens& lens, const std::string& query, bool reveal = false) {
  const auto answer = lens.sql(query, {}, reveal);
  if (!answer.ok()) return "error: " + answer.error().describe();
  std::string out;
  for (const auto& row : answer->rows) {
    for (std::size_t i = 0; i < row.size(); ++i) out += (i > 0 ? "|" : "") + cell(row[i]);
    out += "\n";
  }
  return out;
}

struct Fixture {
  TestFolder folder;
  std::unique_ptr<Lens> lens;
  std::unique_ptr<TestShop> shop;

  explicit Fixture(bool compression = true) {
    auto opened = Lens::open({folder.path("lens.duckdb"), compression});
    EXPECT_TRUE(opened.ok()) << opened.error().describe();
    lens = std::move(opened).value();
    shop = std::make_unique<TestShop>(*lens);
  }
  void feed(const std::vector<model::Event>& events) {
    ASSERT_TRUE(shop->begin().ok());
    for (const model::Event& event : events) {
      const auto added = shop->add(event);
      ASSERT_TRUE(added.ok()) << added.error().describe();
    }
    const auto committed = shop->commit();
    ASSERT_TRUE(committed.ok()) << committed.error().describe();
  }
};

model::Event order(const std::string& id, const std::string& user, std::string_view at,
                   std::string_view total) {
  return track("Order Completed", user, at,
               {{"order_id", std::string_view(id)},
                {"total", total},
                {"currency", "CNY"sv},
                {"method", "alipay"sv},
                {"gift_note", "to Bo"sv},
                {"products", Lines{{{"P1", 2, "5.25"sv}, {"P2", 1, "1"sv}}, {}}}});
}

std::vector<model::Event> story() {
  codec::EventInput who;
  who.type = model::EventType::identify;
  who.identifiers = {{IdentifierKind::user_id, "ada"}, {IdentifierKind::anonymous_id, "a-1"}};
  who.timestamp = *parse_instant("2026-01-01");
  who.properties = {{"age_band", "25-35"sv}, {"name", "Ada L"sv}};
  std::vector<model::Event> events = {*codec::build_event(who)};
  events.push_back(order("O1", "ada", "2026-01-02T10:00:00Z", "11.50"));
  events.push_back(track("Shipment Promised", "ada", "2026-01-02T10:00:00Z",
                         {{"order_id", "O1"sv}, {"node", "signed"sv}, {"by", "2026-01-05T00:00:00Z"sv}}));
  events.push_back(
      track("Shipment Updated", "ada", "2026-01-06T00:00:00Z", {{"order_id", "O1"sv}, {"node", "signed"sv}}));
  events.push_back(order("O2", "bo", "2026-01-03T10:00:00Z", "7"));
  events.push_back(track("Order Cancelled", "bo", "2026-01-04T10:00:00Z", {{"order_id", "O2"sv}}));
  events.push_back(track("Service Offered", "ada", "2026-01-02T11:00:00Z", {{"service_id", "S1"sv}}));
  events.push_back(
      track("Service Bought", "ada", "2026-01-02T12:00:00Z", {{"service_id", "S1"sv}, {"price", "3"sv}}));
  events.push_back(track("Ticket Opened", "bo", "2026-01-05T00:00:00Z",
                         {{"ticket_id", "T1"sv}, {"class", "logistics"sv}}));
  events.push_back(
      track("Ticket Updated", "bo", "2026-01-06T00:00:00Z", {{"ticket_id", "T1"sv}, {"state", "solved"sv}}));
  events.push_back(track("Dragon Fed", "bo", "2026-01-07T00:00:00Z", {{"food", "anthracite"sv}}));
  events.push_back(track(
      "Survey Answered", "bo", "2026-01-08T00:00:00Z",
      {{"survey_id", "nps"sv}, {"answers", std::vector<codec::AnswerInput>{{"nps", std::int64_t{9}}}}}));
  codec::EventInput noun;
  noun.name = "Product Published";
  noun.timestamp = *parse_instant("2026-01-01");
  noun.properties = {{"product_id", "P1"sv}, {"name", "净化器"sv}, {"price", "899"sv}, {"colour", "white"sv}};
  events.push_back(*codec::build_event(noun));
  return events;
}

TEST(Lens, TablesOfAShop) {
  Fixture f;
  f.feed(story());
  EXPECT_EQ(ask(*f.lens, "SELECT count(*), max(seq) FROM events"), "13|13\n");
  EXPECT_EQ(ask(*f.lens,
                "SELECT customer_id, identifiers, events, orders, last_order_at FROM customers ORDER BY 1"),
            "c_1|2|6|1|2026-01-02T10:00:00\nc_3|1|6|1|2026-01-03T10:00:00\n");
  EXPECT_EQ(
      ask(*f.lens,
          "SELECT order_id, customer_id, total, currency, method, lines, pieces, lines_total, late, state "
          "FROM orders ORDER BY 1"),
      "O1|c_1|11.500|CNY|alipay|2|3|11.500|true|signed\n"
      "O2|c_3|7.000|CNY|alipay|2|3|11.500|NULL|cancelled\n");
  EXPECT_EQ(ask(*f.lens,
                "SELECT product_id, sum(quantity), sum(line_total) FROM order_lines GROUP BY 1 ORDER BY 1"),
            "P1|4|21.000\nP2|2|2.000\n");
  EXPECT_EQ(ask(*f.lens, "SELECT customer_id, service_id, stage, offered, bought, used FROM service_life"),
            "c_1|S1|bought|1|1|0\n");
  EXPECT_EQ(ask(*f.lens, "SELECT ticket_id, customer_id, class, state, solved_at - opened_at FROM tickets"),
            "T1|c_3|logistics|solved|1 day\n");
  EXPECT_EQ(ask(*f.lens, "SELECT product_id, name, price, body->>'colour' FROM products"),
            "P1|净化器|899.000|white\n");
  EXPECT_EQ(ask(*f.lens, "SELECT customer_id, trait, value FROM traits"), "c_1|age_band|25-35\n");
  EXPECT_EQ(ask(*f.lens, "SELECT survey_id, item, value FROM survey_answers"), "nps|nps|9\n");
  EXPECT_EQ(
      ask(*f.lens, "SELECT event, properties FROM events WHERE type = 'track' AND event LIKE 'Dragon%'"),
      "Dragon Fed|{}\n");
  EXPECT_EQ(
      ask(*f.lens,
          "SELECT properties->>'total' FROM events WHERE order_id = 'O1' AND event = 'Order Completed'"),
      "11.5\n");
  EXPECT_EQ(
      ask(*f.lens, "SELECT \"客户\" FROM (SELECT customer_id AS \"客户\" FROM orders WHERE order_id = 'O1')"),
      "c_1\n");
}

TEST(Lens, ATicketStandsSolvedUntilItIsReopened) {
  Fixture f;
  std::vector<model::Event> events;
  for (const char* id : {"T1", "T2"})
    events.push_back(track("Ticket Opened", "bo", "2026-01-05T00:00:00Z",
                           {{"ticket_id", std::string_view(id)}, {"class", "logistics"sv}}));
  const auto move = [&](std::string_view id, std::string_view at, std::string_view state) {
    events.push_back(track("Ticket Updated", "bo", std::string(at), {{"ticket_id", id}, {"state", state}}));
  };
  move("T1", "2026-01-06T00:00:00Z", "solved");
  move("T1", "2026-01-07T00:00:00Z", "located");
  move("T2", "2026-01-06T00:00:00Z", "solved");
  move("T2", "2026-01-07T00:00:00Z", "reopened");
  move("T2", "2026-01-08T00:00:00Z", "waiting");
  f.feed(events);
  EXPECT_EQ(ask(*f.lens, "SELECT ticket_id, state FROM tickets ORDER BY 1"), "T1|solved\nT2|waiting\n");
}

TEST(Lens, AServiceIsBookedWhileAnAppointmentStands) {
  Fixture f;
  const auto at = [](std::string_view event, std::string_view who, std::string_view when) {
    return track(std::string(event), std::string(who), std::string(when),
                 {{"service_id", "S1"sv}, {"for", "2026-02-01T00:00:00Z"sv}});
  };
  std::vector<model::Event> events;
  events.push_back(
      track("Service Bought", "ada", "2026-01-01T00:00:00Z", {{"service_id", "S1"sv}, {"price", "3"sv}}));
  events.push_back(at("Service Booked", "ada", "2026-01-02T00:00:00Z"));
  events.push_back(at("Booking Cancelled", "ada", "2026-01-03T00:00:00Z"));
  events.push_back(at("Service Booked", "bo", "2026-01-02T00:00:00Z"));
  events.push_back(at("Booking Cancelled", "bo", "2026-01-03T00:00:00Z"));
  events.push_back(at("Service Booked", "bo", "2026-01-04T00:00:00Z"));
  events.push_back(at("Service Booked", "cy", "2026-01-02T00:00:00Z"));
  events.push_back(at("Booking Cancelled", "cy", "2026-01-03T00:00:00Z"));
  events.push_back(track("Service Published", "shop", "2026-01-01T00:00:00Z",
                         {{"service_id", "S1"sv}, {"title", "Fitting"sv}}));
  f.feed(events);
  EXPECT_EQ(ask(*f.lens, "SELECT stage, booked, booking_cancelled FROM service_life ORDER BY customer"),
            "bought|1|1\nbooked|2|1\nbooking_cancelled|1|1\n");
}

TEST(Lens, ACancellationIsOfItsOwnServiceTimeAndMoment) {
  Fixture f;
  std::vector<model::Event> events;
  const auto at = [&](std::string_view event, std::string_view who, std::string_view day,
                      std::string_view time) {
    events.push_back(track(std::string(event), std::string(who), "2026-01-" + std::string(day),
                           {{"service_id", "S1"sv}, {"for", time}}));
  };
  constexpr std::string_view kNine = "2026-02-01T09:00:00Z", kTen = "2026-02-01T10:00:00Z";
  at("Service Booked", "ada", "02", kNine);
  at("Booking Cancelled", "ada", "03", kTen);
  for (const auto& [event, day] : {std::pair("Service Booked", "02"), std::pair("Booking Cancelled", "03"),
                                   std::pair("Booking Cancelled", "04"), std::pair("Service Booked", "05")})
    at(event, "bo", day, kNine);
  at("Service Booked", "cy", "03", kNine);
  at("Booking Cancelled", "cy", "02", kNine);
  at("Booking Cancelled", "dee", "02", kNine);
  at("Booking Cancelled", "eve", "03", kNine);
  at("Service Booked", "eve", "02", kNine);
  f.feed(events);
  EXPECT_EQ(ask(*f.lens, "SELECT stage, booked, booking_cancelled FROM service_life ORDER BY customer"),
            "booked|1|1\nbooked|2|2\nbooked|1|1\nbooking_cancelled|1|1\n")
      << "and Dee, who cancelled what never was, is not there";
}

TEST(Lens, PersonalPartsOpenOnlyForThoseWhoMay) {
  Fixture f;
  f.feed(story());
  const std::string query =
      "SELECT user_id, anonymous_id, personal FROM events WHERE event IN ('identify', 'Dragon Fed') ORDER BY "
      "seq";
  EXPECT_EQ(ask(*f.lens, query), "NULL|NULL|NULL\nNULL|NULL|NULL\n");
  EXPECT_EQ(
      ask(*f.lens, query, true),
      "ada|a-1|{\"traits\":{\"name\":\"Ada L\"}}\nbo|NULL|{\"properties\":{\"food\":\"anthracite\"}}\n");
  EXPECT_EQ(ask(*f.lens, "SELECT kind, value FROM identity ORDER BY node"),
            "user_id|NULL\nanonymous_id|NULL\nuser_id|NULL\n");
  EXPECT_EQ(ask(*f.lens, "SELECT kind, value FROM identity ORDER BY node", true),
            "user_id|ada\nanonymous_id|a-1\nuser_id|bo\n");
  EXPECT_EQ(
      ask(*f.lens, "SELECT personal->>'$.properties.food' FROM events WHERE event = 'Dragon Fed'", true),
      "anthracite\n");
  f.shop->destroy_key(f.shop->node(IdentifierKind::user_id, "bo"));
  EXPECT_EQ(ask(*f.lens, query, true), "ada|a-1|{\"traits\":{\"name\":\"Ada L\"}}\nNULL|NULL|NULL\n");
}

TEST(Lens, NothingPersonalReachesTheDiskInClear) {
  Fixture f(false);
  f.feed(story());
  EXPECT_NE(ask(*f.lens, "SELECT user_id, personal FROM events ORDER BY personal", true).find("Ada L"),
            std::string::npos);
  f.lens.reset();
  std::string bytes;
  for (const auto& entry : std::filesystem::directory_iterator(f.folder.path(""))) {
    bytes += f.folder.read(entry.path().filename().string());
  }
  EXPECT_NE(bytes.find("Dragon Fed"), std::string::npos);  // what is clear can be seen
  for (const char* secret : {"Ada L", "anthracite", "to Bo", "a-1"})
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
}

TEST(Lens, MergesAndErasuresRewriteNoEvent) {
  Fixture f;
  f.feed(story());
  ASSERT_TRUE(f.shop->begin().ok());
  f.shop->link(f.shop->node(IdentifierKind::user_id, "ada"), f.shop->node(IdentifierKind::user_id, "bo"));
  ASSERT_TRUE(
      f.lens->add(FlipFeed{{1, 2}, CustomerId{3}, "problem", true, Instant{5000}, EventSeq{9}, "event"})
          .ok());
  ASSERT_TRUE(f.shop->commit().ok());
  EXPECT_EQ(
      ask(*f.lens,
          "SELECT count(DISTINCT customer_id), min(customer_id), count_customers(customer) FROM events"),
      "1|c_1|1\n");
  EXPECT_EQ(ask(*f.lens, "SELECT customer_id, identifiers, orders FROM customers"), "c_1|3|2\n");
  // The flip was of c_3, who is c_1 now.
  EXPECT_EQ(ask(*f.lens, "SELECT customer_id, segment, entered, valid_time, known_at, id FROM flips"),
            "c_1|problem|true|1970-01-01T00:00:05|9|00000000000000010000000000000002\n");
  EXPECT_EQ(ask(*f.lens, "SELECT customer_id, segment, since FROM segments"),
            "c_1|problem|1970-01-01T00:00:05\n");

  ASSERT_TRUE(f.shop->begin().ok());
  model::RecordView erased;
  erased.seq = f.shop->next_seq();
  erased.type = model::RecordType::erased;
  const std::string body = codec::encode_erased({{NodeId{1}, NodeId{2}, NodeId{3}}});
  erased.body = body;
  ASSERT_TRUE(f.lens->add(erased).ok());
  ASSERT_TRUE(f.shop->commit().ok());
  EXPECT_EQ(ask(*f.lens, "SELECT count(*), count(customer_id), count(user_id) FROM events", true),
            "13|0|0\n");
  EXPECT_EQ(ask(*f.lens, "SELECT count(*) FROM customers"), "0\n");
  EXPECT_EQ(ask(*f.lens, "SELECT count(*) FROM segments"), "0\n");
  EXPECT_EQ(ask(*f.lens, "SELECT count(sealed) FROM mirror.nodes"), "0\n");
}

TEST(Lens, PositionCommitsWithTheRows) {
  Fixture f;
  EXPECT_EQ(f.lens->position().seq.value, 0u);
  f.feed(story());
  const LensPosition at = f.lens->position();
  EXPECT_EQ(at.seq.value, 13u);
  ASSERT_TRUE(f.shop->begin().ok());
  ASSERT_TRUE(f.shop->add(order("O3", "cy", "2026-02-01", "1")).ok());
  f.lens->rollback();
  EXPECT_EQ(f.lens->position(), at);
  EXPECT_EQ(ask(*f.lens, "SELECT count(*) FROM events"), "13\n");
  EXPECT_EQ(ask(*f.lens, "SELECT count(*) FROM customers"), "2\n");
  f.lens.reset();
  auto again = Lens::open({f.folder.path("lens.duckdb")});
  ASSERT_TRUE(again.ok()) << again.error().describe();
  EXPECT_EQ((*again)->position(), at);
  EXPECT_EQ(ask(**again, "SELECT customer_id FROM orders ORDER BY order_id"), "c_1\nc_3\n");
  const auto emptied = (*again)->reset();
  ASSERT_TRUE(emptied.ok()) << emptied.error().describe();
  EXPECT_EQ((*again)->position().seq.value, 0u);
  EXPECT_EQ(ask(**again, "SELECT count(*) FROM events"), "0\n");
  EXPECT_FALSE((*again)->add(model::RecordView{}).ok());
}

TEST(Lens, AFileOfAnotherVersionIsMadeAnew) {
  Fixture f;
  f.feed(story());
  f.lens.reset();
  {
    const auto duck = detail::Duck::open(f.folder.path("lens.duckdb"), {});
    const auto connection = detail::DuckConnection::connect(*duck);
    ASSERT_TRUE(connection->run("UPDATE mirror.version SET version = 999").ok());
  }
  auto again = Lens::open({f.folder.path("lens.duckdb")});
  ASSERT_TRUE(again.ok()) << again.error().describe();
  EXPECT_EQ((*again)->position(), LensPosition{});
  EXPECT_EQ(ask(**again, "SELECT count(*) FROM events"), "0\n");
}

std::string documentation(const std::string& name) {
  std::ifstream in(RAPPORT_SOURCE_DIR "/docs/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The page on SQL lists every column of every table, in order, and its examples run.
TEST(Documentation, TheSqlPageIsTrue) {
  Fixture f;
  f.feed(story());
  const std::string page = documentation("sql.md");
  std::size_t tables = 0;
  for (std::size_t at = page.find("\n| `"); at != std::string::npos; at = page.find("\n| `", at + 1)) {
    const std::string line = page.substr(at + 3, page.find('\n', at + 1) - at - 3);
    std::vector<std::string> parts;  // what stands between back-ticks
    for (std::size_t tick = line.find('`'); tick != std::string::npos;) {
      const std::size_t end = line.find('`', tick + 1);
      parts.push_back(line.substr(tick + 1, end - tick - 1));
      tick = line.find('`', end + 1);
    }
    const auto answer = f.lens->sql("SELECT * FROM " + parts[0] + " LIMIT 0", {}, false);
    ASSERT_TRUE(answer.ok()) << parts[0];
    std::string names;
    for (const std::string& name : answer->names) names += (names.empty() ? "" : ", ") + name;
    std::string listed;
    for (std::size_t i = 1; i < parts.size() && listed.size() < names.size(); ++i) listed += parts[i];
    EXPECT_EQ(listed, names) << parts[0];
    ++tables;
  }
  EXPECT_EQ(tables, 16u);
  std::size_t examples = 0;
  for (std::size_t at = page.find("```sql\n"); at != std::string::npos; at = page.find("```sql\n", at + 1)) {
    const std::string query = page.substr(at + 7, page.find("```", at + 7) - at - 7);
    const auto answer = f.lens->sql(query, {}, false);
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    ++examples;
  }
  EXPECT_EQ(examples, 2u);
}

TEST(Documentation, TheRecipePagesExampleWorks) {
  const std::string page = documentation("recipes.md");
  const std::size_t at = page.find("```json\n") + 8;
  TestFolder folder;
  const std::string recipe = folder.write("my.json", page.substr(at, page.find("```", at) - at));
  const std::string orders = folder.write("orders.csv",
                                          "订单号,状态,下单时间,手机号,金额,货号,件数,单价\n"
                                          "7,已付款,2026/11/22 9:05,13812345678,20.00,P1,2,10\n");
  auto source = ImportSource::open(*load_recipe(recipe), {orders}, {});
  ASSERT_TRUE(source.ok() && (*source)->prepare().ok());
  std::vector<model::Event> events;
  ASSERT_TRUE(*(*source)->next(events, 10));
  EXPECT_EQ(events[0].message_id, "my-shop:order:7");
  EXPECT_EQ(format_instant(*events[0].timestamp), "2026-11-22T01:05:00Z");
}

TEST(Fence, OnlyOneSelectOverTheMirror) {
  Fixture f;
  f.feed(story());
  const std::string secret = f.folder.write("secret.csv", "a\n1\n");
  const std::string out = f.folder.path("out.csv");
  const std::vector<std::string> refused = {
      "",
      "   -- nothing\n",
      "SELECT 1; SELECT 2",
      "SELECT 1; DROP SCHEMA mirror CASCADE",
      "INSERT INTO mirror.position VALUES (1, ''::BLOB)",
      "UPDATE mirror.nodes SET customer = 1",
      "DELETE FROM mirror.events",
      "DROP TABLE mirror.events",
      "CREATE TABLE t(a INT)",
      "CREATE OR REPLACE VIEW events AS SELECT 1",
      "CREATE TEMP MACRO reveal(a, b) AS 'x'",
      "ALTER TABLE mirror.events ADD COLUMN x INT",
      "COPY mirror.events TO '" + out + "'",
      "COPY (SELECT 1) TO '" + out + "' (FORMAT parquet)",
      "EXPORT DATABASE '" + out + "'",
      "ATTACH '" + out + "' AS other",
      "DETACH lens",
      "INSTALL httpfs",
      "LOAD httpfs",
      "SET memory_limit='100GB'",
      "RESET enable_external_access",
      "PRAGMA enable_profiling",
      "PRAGMA database_size",
      "CALL pragma_version()",
      "BEGIN",
      "COMMIT",
      "ROLLBACK",
      "CHECKPOINT",
      "VACUUM",
      "PREPARE p AS SELECT 1",
      "EXPLAIN ANALYZE DELETE FROM mirror.events",
      "SELECT * FROM read_csv('" + secret + "')",
      "SELECT * FROM '" + secret + "'",
      "SELECT * FROM read_text('" + secret + "')",
      "SELECT * FROM read_blob('/etc/passwd')",
      "SELECT * FROM glob('/etc/*')",
      "SELECT * FROM read_json('/etc/passwd')",
      "SELECT * FROM read_parquet('http://127.0.0.1/x.parquet')",
      "SELECT * FROM sniff_csv('" + secret + "')",
      "SELECT getenv('HOME')",
      "SELECT ?",
      "SELECT $1",
      "WITH x AS (DELETE FROM mirror.events RETURNING *) SELECT * FROM x",
      "SELECT * FROM query('DROP TABLE mirror.events')",
      std::string("SELECT 1\0; DROP TABLE x", 22),
      std::string(70'000, ' ') + "SELECT 1",
      "SELECT " + std::string(20'000, '(') + "1" + std::string(20'000, ')'),
      "SELECT no_such_column FROM events",
      "not sql at all",
  };
  for (const std::string& query : refused) {
    const auto answer = f.lens->sql(query, {}, true);
    EXPECT_FALSE(answer.ok()) << query.substr(0, 100);
    if (answer.ok()) continue;
    EXPECT_NE(answer.error().code, Errc::internal) << query.substr(0, 100);
  }
  EXPECT_FALSE(std::filesystem::exists(out));
  EXPECT_EQ(ask(*f.lens, "SELECT count(*) FROM events"), "13\n");
  for (const char* fine : {"FROM events LIMIT 1", "WITH x AS (SELECT 1 AS a) SELECT a FROM x", "VALUES (1)",
                           "SELECT 1;", "SELECT 1 -- no more", "(SELECT 1) UNION ALL (SELECT 2)"}) {
    EXPECT_TRUE(f.lens->sql(fine, {}, false).ok()) << fine;
  }
}

TEST(Lens, ANameItDoesNotKnowIsAnsweredWithThoseThereAre) {
  Fixture f;
  f.feed(story());
  const auto table = f.lens->sql("SELECT * FROM ordrs", {}, true);
  ASSERT_FALSE(table.ok());
  EXPECT_NE(table.error().message.find("\"orders\""), std::string::npos) << table.error().message;
  EXPECT_NE(table.error().expected.find("one of the tables contacts, customers, events"), std::string::npos)
      << table.error().expected;
  EXPECT_EQ(table.error().expected.find("mirror"), std::string::npos) << table.error().expected;
  const auto column = f.lens->sql("SELECT revnue FROM orders", {}, true);
  ASSERT_FALSE(column.ok());
  EXPECT_NE(column.error().message.find("\"revenue\""), std::string::npos) << column.error().message;
  EXPECT_NE(column.error().expected.find("DESCRIBE"), std::string::npos) << column.error().expected;
}

TEST(Limits, RowsBytesAndTimeHaveAnswers) {
  Fixture f;
  SqlLimits limits;
  limits.rows = 3;
  auto answer = f.lens->sql("SELECT i FROM range(10) r(i)", limits, false);
  ASSERT_TRUE(answer.ok());
  EXPECT_TRUE(answer->truncated);
  EXPECT_EQ(answer->rows.size(), 3u);
  answer = f.lens->sql("SELECT i FROM range(3) r(i)", limits, false);
  EXPECT_FALSE(answer->truncated);
  limits = {};
  limits.bytes = 10'000;
  EXPECT_EQ(f.lens->sql("SELECT repeat('x', 20000)", limits, false).error().code, Errc::too_large);
  limits = {};
  limits.ms = 50;
  const auto slow =
      f.lens->sql("SELECT count(*) FROM range(100000000000) a(i) WHERE hash(i) = 1", limits, false);
  ASSERT_FALSE(slow.ok());
  EXPECT_EQ(slow.error().code, Errc::too_large);
  EXPECT_EQ(slow.error().message, "the query took more than 50 ms");
  EXPECT_EQ(ask(*f.lens, "SELECT 1"), "1\n");
  auto small = *Lens::open({"", true, 64});
  EXPECT_EQ(small
                ->sql("SELECT count(*) FROM (SELECT DISTINCT i, md5(i::VARCHAR) FROM range(20000000) r(i))",
                      {}, false)
                .error()
                .code,
            Errc::overloaded);
}

TEST(Lens, AStopCutsQueriesShort) {
  Fixture f;
  Result<model::SqlAnswer> answer = Error{};
  std::thread asking([&] {
    answer = f.lens->sql("SELECT count(*) FROM range(100000000000) a(i) WHERE hash(i) = 1", {}, false);
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // Before or in the middle: both must end.
  f.lens->end_queries();
  asking.join();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Errc::unavailable) << answer.error().describe();
  EXPECT_EQ(f.lens->sql("SELECT 1", {}, false).error().code, Errc::unavailable);
}

TEST(Lens, AFileThatIsNoneIsMadeAnew) {
  const detail::TestFolder folder;
  const auto lens = Lens::open({folder.write("lens.duckdb", std::string(8'192, 'j')), true, 64});
  ASSERT_TRUE(lens.ok()) << lens.error().describe();
  EXPECT_EQ((*lens)->position().seq.value, 0u);
  EXPECT_EQ(ask(**lens, "SELECT count(*) FROM events"), "0\n");
}

TEST(Lens, ValuesOfEveryType) {
  Fixture f;
  EXPECT_EQ(
      ask(*f.lens,
          "SELECT NULL, true, 1::TINYINT, 18446744073709551615::UBIGINT, 1.5::FLOAT, 12.30::DECIMAL(9,2), "
          "-0.05::DECIMAL(18,2), 170141183460469231731687303715884105727::HUGEINT"),
      "NULL|true|1|18446744073709551615|1.5|12.30|-0.05|170141183460469231731687303715884105727\n");
  EXPECT_EQ(
      ask(*f.lens,
          "SELECT DATE '2026-11-22', TIME '09:30:00.5', TIMESTAMP '1969-12-31 23:59:59.999', "
          "TIMESTAMPTZ '2026-11-22 08:00:00+08', INTERVAL '1 year 2 days', '\\xAB'::BLOB, [1, NULL], "
          "{'a': 'x', 'b': [true]}, MAP {'k': 1}"),
      "2026-11-22|09:30:00.500000|1969-12-31T23:59:59.999|2026-11-22T00:00:00Z|1 year 2 days|\\xab|[1, NULL]|"
      "{'a': x, 'b': [true]}|[{'key': k, 'value': 1}]\n");
}

std::size_t most_resident_kb() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss);
}

TEST(Lens, WhatAQueryBuildsIsBoundedAsWell) {
  Fixture f;
  f.feed(story());
  SqlLimits limits;
  limits.memory_bytes = 128u << 20;
  const std::size_t before = most_resident_kb();
  for (const char* query : {
           "SELECT repeat('x', 2000000000)",
           "SELECT length(repeat('x', 100000000 + i::INT)) FROM range(2048) r(i)",
           "SELECT max(length(lpad(i::VARCHAR, 90000000, 'ab'))) FROM range(5000) r(i)",
           "SELECT string_agg(repeat('y', 100000) || i, ',') FROM range(100000) r(i)",
           "SELECT len(list(repeat('z', 60000) || i)) FROM range(100000) r(i)",
           "SELECT range(0, 900000000)",
           "SELECT list_transform(range(0, 30000000), x -> x::VARCHAR || ' and so on')",
           "WITH RECURSIVE t(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM t WHERE length(s) < 4000000000) "
           "SELECT max(length(s)) FROM t",
       }) {
    const auto answer = f.lens->sql(query, limits, false);
    ASSERT_FALSE(answer.ok()) << query;
    EXPECT_EQ(answer.error().code, Errc::too_large) << query << ": " << answer.error().describe();
    EXPECT_NE(answer.error().message.find("128 MB of memory"), std::string::npos)
        << query << ": " << answer.error().describe();
  }
#ifndef RAPPORT_SANITIZED
  EXPECT_LT(most_resident_kb() - before, 600u << 10);
#endif
  // The next one finds everything as it was.
  EXPECT_EQ(ask(*f.lens, "SELECT count(*), length(repeat('x', 1000000)) FROM events"), "13|1000000\n");
}

TEST(Lens, AnAnswerOverItsBytesIsNotCopied) {
  Fixture f;
  SqlLimits limits;
  limits.bytes = 1u << 20;
  for (const char* query :
       {"SELECT repeat('x', 9000000)", "SELECT range(0, 900000)", "SELECT repeat('x', 3000000)::BLOB",
        "SELECT {'a': repeat('x', 2000000)}", "SELECT repeat('x', 1000) FROM range(2000)"}) {
    const auto answer = f.lens->sql(query, limits, false);
    ASSERT_FALSE(answer.ok()) << query;
    EXPECT_EQ(answer.error().code, Errc::too_large) << answer.error().describe();
    EXPECT_NE(answer.error().message.find("more than 1048576 bytes"), std::string::npos) << query;
  }
  limits.bytes = 10'008;
  EXPECT_TRUE(f.lens->sql("SELECT repeat('x', 10000)", limits, false).ok());
  limits.bytes = 10'007;
  EXPECT_FALSE(f.lens->sql("SELECT repeat('x', 10000)", limits, false).ok());
}

TEST(Lens, QueriesRunBesideTheFeed) {
  Fixture f;
  f.feed(story());
  std::atomic<bool> stop{false};
  std::atomic<int> asked{0}, wrong{0};
  std::thread reader([&] {
    while (!stop) {
      // Rows and customers are of one moment: each O-order has exactly one known customer.
      const auto answer = f.lens->sql(
          "SELECT count(*) FILTER (customer IS NULL), count(*), max(seq) FROM events "
          "WHERE event = 'Order Completed'",
          {}, false);
      if (!answer.ok() || std::get<std::int64_t>(answer->rows[0][0]) != 0) ++wrong;
      ++asked;
    }
  });
  for (int i = 0; i < 40; ++i)
    f.feed({order("X" + std::to_string(i), "u" + std::to_string(i), "2026-03-01", "1")});
  while (asked < 3) std::this_thread::yield();
  stop = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Lens, RealShopByTheFiguresOfItsSource) {
  RAPPORT_NEEDS_SHARED(shared);
  Fixture f;
  auto source = ImportSource::open(*load_recipe("olist"), {shared + "/data/olist_4k"}, {});
  ASSERT_TRUE(source.ok());
  ASSERT_TRUE((*source)->prepare().ok());
  std::vector<model::Event> events;
  while (*(*source)->next(events, 10'000)) {
  }
  f.feed(events);
  EXPECT_EQ(ask(*f.lens,
                "SELECT count(*), count(*) FILTER (state = 'cancelled'), sum(lines_total), sum(freight) FROM "
                "orders"),
            ask(*f.lens,
                "SELECT 4000, 40, (SELECT sum(quantity * price)::DECIMAL(18,3) FROM order_lines), "
                "(SELECT sum(freight) FROM orders)"));
  EXPECT_EQ(ask(*f.lens, "SELECT sum(quantity) FROM order_lines"), "4519\n");
  EXPECT_EQ(ask(*f.lens, "SELECT count(*) FROM customers"), "3998\n");
  EXPECT_EQ(ask(*f.lens, "SELECT count(*) FROM products"), "3132\n");
  // SOURCE.txt: delivered and reviewed orders 3872, late 268; mean score late 2.153, on time 4.286; score of
  // 2 or less: late 65.3 %, on time 9.4 %; satisfied (4-5) 78.3 %.
  EXPECT_EQ(
      ask(*f.lens,
          "WITH scored AS (SELECT order_id, avg(rating) AS score FROM reviews GROUP BY 1), "
          "delivered AS (SELECT late, score FROM orders JOIN scored USING (order_id) "
          "              WHERE signed_at IS NOT NULL AND state = 'signed') "
          "SELECT count(*), count(*) FILTER (late), round(avg(score) FILTER (late), 3), "
          "       round(avg(score) FILTER (NOT late), 3), "
          "       round(100.0 * count(*) FILTER (late AND score <= 2) / count(*) FILTER (late), 1), "
          "       round(100.0 * count(*) FILTER (NOT late AND score <= 2) / count(*) FILTER (NOT late), 1), "
          "       round(100.0 * count(*) FILTER (score >= 4) / count(*), 1) FROM delivered"),
      "3872|268|2.153|4.286|65.3|9.4|78.3\n");
}

}  // namespace
}  // namespace rapport::lens
