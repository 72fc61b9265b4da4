// Every figure of the console against the events behind it: a simulated shop is loaded through the API, and
// each tile, step and count is compared with what its own drill gives (SQL over the lens, or the rule tried
// on everybody), or with an obvious refold.

#include <cmath>
#include <map>

#include "codec/json_writer.h"
#include "http/detail/test_api.h"
#include "world/world.h"

namespace rapport::http {
namespace {

constexpr std::uint64_t kSeed = 20261122;

class InsightOverWorld : public ApiOverEngine {
 protected:
  void SetUp() override {
    ApiOverEngine::SetUp();
    load(world::Pack::retail);
  }

  void load(world::Pack pack) {
    world::WorldOptions options;
    options.seed = kSeed;
    options.pack = pack;
    options.customers = 260;
    options.products = 120;
    options.days = 160;
    options.prose = false;
    end_ = world::World(options).end();
    std::string lines;
    ASSERT_TRUE(world::run_simulation(options, [&](std::string_view more) -> Status {
                  lines += more;
                  return {};
                }).ok());
    auto shop = engine_->create_shop(pack == world::Pack::retail ? "world" : "broker",
                                     {.clock = model::ClockKind::driven});
    ASSERT_TRUE(shop.ok());
    shop_ = *shop;
    admin_ = *engine_->add_key(shop_, model::KeyRole::admin, "a");
    read_ = *engine_->add_key(shop_, model::KeyRole::read, "r");
    ASSERT_EQ(send("POST", "/v1/clock", admin_, R"({"now":")" + format_instant(end_) + "\"}").status, 200);
    const auto imported = send("POST", "/v1/imports?recipe=events-jsonl&name=world.jsonl", admin_, lines);
    ASSERT_EQ(imported.status, 200) << imported.body;
    ASSERT_EQ(text(imported, "rejected"), "0") << imported.body;
  }

  /// The answer, parsed; lives until the next call.
  JsonValue get(const std::string& target, const std::string& key) {
    reply_ = send("GET", target, key);
    EXPECT_EQ(reply_.status, 200) << target << ": " << reply_.body;
    EXPECT_TRUE(answer_.parse(reply_.body).ok());
    return answer_.root();
  }

  static double number(JsonValue value) { return std::strtod(std::string(value.raw()).c_str(), nullptr); }

  std::string escaped(const std::string& text) {
    std::string out;
    codec::JsonWriter(out).text(text);
    return out;
  }

  /// The one number that a query gives; nan for null.
  double ask_sql(const std::string& query) {
    const auto reply = send("POST", "/v1/sql", admin_, "{\"query\":" + escaped(query) + "}");
    EXPECT_EQ(reply.status, 200) << query << "\n" << reply.body;
    JsonIndex index;
    if (!index.parse(reply.body).ok()) return NAN;
    JsonItems rows(index.root().find("rows"));
    if (!rows.next()) return NAN;
    JsonItems cells(rows.value());
    if (!cells.next() || cells.value().is_null()) return NAN;
    return number(cells.value());
  }

  double ask_rule(const std::string& rule) {
    const auto reply =
        send("POST", "/v1/rules/check", admin_, "{\"examples\":2,\"text\":" + escaped(rule) + "}");
    EXPECT_EQ(reply.status, 200) << reply.body;
    JsonIndex index;
    EXPECT_TRUE(index.parse(reply.body).ok());
    EXPECT_TRUE(index.root().find("ok").is_true()) << rule << "\n" << reply.body;
    if (!index.root().find("ok").is_true()) return NAN;
    EXPECT_TRUE(index.root().find("complete").is_true());
    return number(index.root().find("count"));
  }

  /// What the drill of a figure counts.
  double ask_drill(const std::string& drill) {
    constexpr std::string_view kCondition = "/customers?condition=", kSql = "/data/sql?query=";
    if (drill.starts_with(kCondition))
      return ask_rule(percent_decode(drill.substr(kCondition.size()), false));
    if (drill.starts_with(kSql)) return ask_sql(percent_decode(drill.substr(kSql.size()), false));
    ADD_FAILURE() << "no drill: " << drill;
    return NAN;
  }

  void expect_drill(const std::string& what, JsonValue value, JsonValue drill) {
    if (value.is_null() || drill.is_null()) return;
    const double told = number(value);
    EXPECT_NEAR(told, ask_drill(drill.text()), 1e-6 * std::max(1.0, std::abs(told)))
        << what << "\n"
        << percent_decode(drill.text(), false);
  }

  Instant end_;
  ClientReply reply_;
  JsonIndex answer_;
};

TEST_F(InsightOverWorld, EveryTileIsWhatItsDrillCounts) {
  int tiles = 0, with_value = 0;
  for (const char* window : {"30", "7"}) {
    for (JsonItems items(get(std::string("/v1/overview?days=") + window, read_).find("tiles"));
         items.next();) {
      const JsonValue tile = items.value();
      ++tiles;
      if (tile.find("value").is_null()) {
        EXPECT_FALSE(tile.find("reason").text().empty()) << tile.raw();
        continue;
      }
      ++with_value;
      EXPECT_FALSE(tile.find("drill").is_null()) << tile.raw();
      expect_drill(tile.find("id").text(), tile.find("value"), tile.find("drill"));
      double sum = 0;
      int days = 0;
      for (JsonItems series(tile.find("series")); series.next(); ++days) {
        if (!series.value().find("value").is_null()) sum += number(series.value().find("value"));
      }
      const std::string id = tile.find("id").text();
      if (id == "orders" || id == "revenue" || id == "new_customers") {
        EXPECT_EQ(std::to_string(days), window);
        EXPECT_NEAR(sum, number(tile.find("value")), 1e-6 * std::max(1.0, sum)) << id;
      }
    }
  }
  EXPECT_EQ(tiles, 26);
  EXPECT_GE(with_value, 22) << reply_.body;
  for (JsonItems items(get("/v1/overview", read_).find("funnel")); items.next();) {
    expect_drill(items.value().find("step").text(), items.value().find("customers"),
                 items.value().find("drill"));
  }
  const JsonValue totals = get("/v1/overview", read_).find("attention_totals");
  EXPECT_EQ(number(totals.find("ticket_open")),
            ask_sql("SELECT count(*) FROM tickets WHERE state NOT IN ('solved','called_back','closed') AND "
                    "opened_at > TIMESTAMP '" +
                    format_instant(end_ - days(90)).substr(0, 10) + " " +
                    format_instant(end_ - days(90)).substr(11, 8) + "'"));
}

TEST_F(InsightOverWorld, EveryStepAndFrictionIsWhatItsDrillCounts) {
  int steps = 0, frictions = 0;
  const JsonValue journey = get("/v1/journey?days=30", read_);
  for (JsonItems phases(journey.find("phases")); phases.next();) {
    for (JsonItems items(phases.value().find("steps")); items.next(); ++steps) {
      const JsonValue step = items.value();
      const std::string name = step.find("step").text();
      expect_drill(name, step.find("customers"), step.find("drill"));
      expect_drill("left at " + name, step.find("left"), step.find("left_drill"));
    }
  }
  for (JsonItems items(journey.find("friction")); items.next(); ++frictions) {
    const JsonValue friction = items.value();
    EXPECT_GT(number(friction.find("count")), 0);
    expect_drill(friction.find("kind").text() + " " + friction.find("where").text(), friction.find("count"),
                 friction.find("drill"));
  }
  EXPECT_EQ(steps, 12);
  EXPECT_GT(frictions, 3) << reply_.body;
  // Spans: the first product seen in the window, then the first later step of the path.
  double median = 0;
  for (JsonItems phases(journey.find("phases")); phases.next();) {
    for (JsonItems items(phases.value().find("steps")); items.next();) {
      if (items.value().find("step").text() == "view")
        median = number(items.value().find("median_seconds_to_next"));
    }
  }
  const std::string from = "TIMESTAMP '" + format_instant(end_ - days(30)).substr(0, 10) + " " +
                           format_instant(end_ - days(30)).substr(11, 8) + "'";
  const double exact = ask_sql(
      "WITH v AS (SELECT customer, min(event_time) AS seen FROM events WHERE event = 'Product Viewed' AND "
      "event_time > " +
      from +
      " GROUP BY 1), n AS (SELECT v.customer, min(event_time) AS next, any_value(v.seen) AS seen FROM events "
      "e "
      "JOIN v ON "
      "e.customer = v.customer WHERE e.event_time >= v.seen AND (e.event IN ('Product Added', 'Checkout "
      "Started', "
      "'Form Page Viewed', 'Order Completed') OR (e.event = 'Shipment Updated' AND e.step = 'signed')) GROUP "
      "BY 1) "
      "SELECT quantile_disc(date_diff('second', seen, next), 0.5) FROM n");
  EXPECT_NEAR(median, exact, 0.04 * exact + 1);
  const JsonValue areas = get("/v1/journey/areas", read_);
  const std::string page = areas.find("page").text();
  ASSERT_FALSE(page.empty()) << reply_.body;
  const std::string since = areas.find("since").text();
  for (JsonItems items(areas.find("areas")); items.next();) {
    const std::string area = items.value().find("area").text();
    EXPECT_EQ(
        number(items.value().find("dwell_ms")),
        ask_sql("SELECT sum((properties->>'dwell_ms')::BIGINT) FROM events WHERE event = 'Area Engaged' AND "
                "(properties->>'page') = '" +
                page + "' AND (properties->>'area') = '" + area + "' AND event_time >= TIMESTAMP '" +
                since.substr(0, 10) + "'"))
        << area;
  }
}

TEST_F(InsightOverWorld, AnotherIndustryHasItsFiguresToo) {
  load(world::Pack::brokerage);
  int with_value = 0;
  for (JsonItems items(get("/v1/overview", read_).find("tiles")); items.next();) {
    const JsonValue tile = items.value();
    const bool has_value = !tile.find("value").is_null();
    EXPECT_NE(has_value, tile.find("reason").present()) << tile.raw();
    if (has_value) ++with_value;
    expect_drill(tile.find("id").text(), tile.find("value"), tile.find("drill"));
  }
  EXPECT_GT(with_value, 5) << reply_.body;
  for (JsonItems items(get("/v1/journey", read_).find("friction")); items.next();) {
    expect_drill(items.value().find("kind").text(), items.value().find("count"), items.value().find("drill"));
  }
}

TEST_F(InsightOverWorld, TheMatrixHoldsEverybodyOnce) {
  std::map<std::string, double> members, primary;
  for (JsonItems items(get("/v1/segments", read_).find("segments")); items.next();)
    members[items.value().find("name").text()] = number(items.value().find("members"));
  const JsonValue matrix = get("/v1/segments/matrix", read_);
  const double customers = number(matrix.find("customers"));
  EXPECT_GT(customers, 100);
  for (JsonItems items(matrix.find("classes")); items.next();) {
    const std::string name = items.value().find("name").text();
    primary[name] = number(items.value().find("primary"));
    if (name == "other") continue;
    EXPECT_EQ(number(items.value().find("members")), members[name]) << name;
  }
  double in_bins = 0;
  std::map<std::string, double> by_bins;
  for (JsonItems items(matrix.find("bins")); items.next();) {
    in_bins += number(items.value().find("customers"));
    for (JsonMembers classes(items.value().find("class")); classes.next();)
      by_bins[std::string(classes.key())] += number(classes.value());
  }
  EXPECT_EQ(in_bins, customers);
  std::map<std::pair<std::string, std::string>, int> flows, expected;
  for (JsonItems items(matrix.find("flows")); items.next();) {
    flows[{items.value().find("from").text(), items.value().find("to").text()}] =
        static_cast<int>(number(items.value().find("customers")));
  }
  for (const auto& [name, count] : primary) {
    EXPECT_EQ(count, by_bins[name]) << name;
  }
  // The obvious way: each customer as she was then and is now.
  const std::vector<std::string> precedence = {"problem", "churn_risk", "high_value",
                                               "seed",    "potential",  "new"};
  const std::string then = format_instant(end_ - days(30));
  std::string cursor;
  std::vector<std::pair<std::string, std::string>> all;  // id, primary
  do {
    const JsonValue page = get("/v1/customers?limit=100&cursor=" + cursor, read_);
    for (JsonItems items(page.find("customers")); items.next();)
      all.emplace_back(items.value().find("id").text(), items.value().find("primary").text());
    cursor = page.find("next_cursor").text();
  } while (!cursor.empty());
  EXPECT_EQ(static_cast<double>(all.size()), customers);
  for (const auto& [id, now] : all) {
    const JsonValue was = get("/v1/customers/" + id + "?at=" + percent_encode(then), read_);
    std::string from = "other";
    for (auto name = precedence.rbegin(); name != precedence.rend(); ++name) {
      for (JsonItems items(was.find("segments")); items.next();) {
        if (items.value().find("name").text() == *name) from = *name;
      }
    }
    if (was.find("first_seen").is_null()) from = "absent";
    ++expected[{from, now}];
  }
  EXPECT_EQ(flows, expected);
}

TEST_F(InsightOverWorld, ListsAreSortedPagedAndFiltered) {
  for (const std::string sort : {"value", "urgency", "last_seen"}) {
    std::set<std::string> seen;
    std::string cursor, last = "~";
    double least = 1e9, total = 0;
    int pages = 0;
    do {
      const JsonValue page = get("/v1/customers?limit=37&sort=" + sort + "&cursor=" + cursor, read_);
      total = number(page.find("total"));
      for (JsonItems items(page.find("customers")); items.next();) {
        const JsonValue row = items.value();
        EXPECT_TRUE(seen.insert(row.find("id").text()).second) << row.raw();
        if (sort == "last_seen") {
          EXPECT_LE(row.find("last_seen").text(), last);
          last = row.find("last_seen").text();
        } else {
          EXPECT_LE(number(row.find(sort)), least);
          least = number(row.find(sort));
        }
      }
      cursor = page.find("next_cursor").text();
      ++pages;
    } while (!cursor.empty() && pages < 100);
    EXPECT_EQ(static_cast<double>(seen.size()), total) << sort;
  }
  const auto count_of = [&](const std::string& filter) {
    const JsonValue page = get("/v1/customers?limit=1000&" + filter, read_);
    double count = 0;
    for (JsonItems items(page.find("customers")); items.next();) ++count;
    EXPECT_EQ(page.find("total").is_null() ? count : number(page.find("total")), count) << filter;
    return count;
  };
  const std::string rule = "count(Purchase) >= 2 in 90d";
  EXPECT_EQ(count_of("condition=" + percent_encode(rule)), ask_rule(rule));
  EXPECT_GT(ask_rule(rule), 0);
  EXPECT_EQ(count_of("segment=problem"), ask_rule("in segment problem"));
  EXPECT_EQ(count_of("tag=" + percent_encode("city_tier:1")), ask_rule("tag city_tier = \"1\""));
  double in_classes = 0;
  for (const char* name : {"problem", "churn_risk", "high_value", "seed", "potential", "new", "other"})
    in_classes += count_of(std::string("class=") + name);
  EXPECT_EQ(in_classes, count_of(""));
  double in_bins = 0;
  for (int bin = 0; bin < 10; ++bin) in_bins += count_of("value_bin=" + std::to_string(bin));
  EXPECT_EQ(in_bins, count_of(""));
  EXPECT_EQ(send("GET", "/v1/customers?condition=count(", read_).status, 400);
  EXPECT_EQ(send("GET", "/v1/customers?class=kings", read_).status, 404);
  EXPECT_EQ(send("GET", "/v1/customers?sort=shoe", read_).status, 400);
  EXPECT_EQ(send("GET", "/v1/customers?cursor=x", read_).status, 400);
  const auto wrong =
      send("POST", "/v1/rules/check", read_, R"({"text":"ever Purchase and\n never Purchaze"})");
  EXPECT_EQ(text(wrong, "ok"), "false") << wrong.body;
  EXPECT_EQ(text(wrong, "line"), "2") << wrong.body;
}

TEST_F(InsightOverWorld, NamesAreForThoseWhoMaySeeThem) {
  const JsonValue page = get("/v1/customers?limit=200", admin_);
  std::string name, id;
  for (JsonItems items(page.find("customers")); items.next();) {
    const std::string label = items.value().find("label").text();
    // A name is told in Chinese; identifiers are not.
    if (static_cast<unsigned char>(label[0]) >= 0xe0) {
      name = label;
      id = items.value().find("id").text();
    }
  }
  ASSERT_FALSE(name.empty()) << reply_.body;
  const auto found_by = [&](const std::string& key, const std::string& part) {
    bool found = false;
    for (JsonItems items(
             get("/v1/customers?limit=1000&query=" + percent_encode(part), key).find("customers"));
         items.next();) {
      found = found || items.value().find("id").text() == id;
    }
    return found;
  };
  EXPECT_TRUE(found_by(admin_, name));
  EXPECT_TRUE(found_by(admin_, name.substr(0, 3)));  // the family name
  EXPECT_FALSE(found_by(read_, name));
  EXPECT_EQ(send("GET", "/v1/customers?limit=1000", read_).body.find(name), std::string::npos);
  // By any identifier exactly; masked for those who may not see it.
  const JsonValue customer = get("/v1/customers/" + id, admin_);
  std::vector<std::pair<std::string, std::string>> identities;
  for (JsonItems items(customer.find("identities")); items.next();)
    identities.emplace_back(items.value().find("kind").text(), items.value().find("value").text());
  for (const auto& [kind, value] : identities) {
    EXPECT_TRUE(found_by(read_, value)) << kind;
    EXPECT_EQ(reply_.body.find(value), std::string::npos) << reply_.body;
  }
  // An erased name is gone.
  EXPECT_EQ(send("DELETE", "/v1/customers/" + id, admin_).status, 200);
  EXPECT_FALSE(found_by(admin_, name));
}

TEST_F(InsightOverWorld, ServicesAreWhatTheLensCounts) {
  const JsonValue board = get("/v1/services", read_);
  EXPECT_EQ(number(board.find("base")),
            ask_sql("SELECT count(DISTINCT customer) FROM orders WHERE cancelled_at IS NULL"));
  int compared = 0;
  for (JsonItems items(board.find("services")); items.next();) {
    const JsonValue card = items.value();
    const std::string id = card.find("service_id").text();
    const std::string of = " FROM service_life WHERE service_id = '" + id + "'";
    for (const std::string stage : {"offered", "known", "bought", "entitled", "booked", "delivered", "used",
                                    "rated", "renewed", "lapsed"}) {
      EXPECT_EQ(number(card.find(stage)), ask_sql("SELECT count(*) FILTER (" + stage + " > 0)" + of))
          << id << stage;
    }
    EXPECT_EQ(number(card.find("customers")), ask_sql("SELECT count(*) FILTER (bought + entitled > 0)" + of))
        << id;
    EXPECT_EQ(number(card.find("errors")), ask_sql("SELECT coalesce(sum(errors), 0)" + of)) << id;
    EXPECT_EQ(number(card.find("late")), ask_sql("SELECT coalesce(sum(late), 0)" + of)) << id;
    const JsonValue satisfaction = card.find("satisfaction");
    if (satisfaction.is_null()) {
      EXPECT_FALSE(card.find("satisfaction_reason").text().empty());
      continue;
    }
    ++compared;
    EXPECT_EQ(satisfaction.find("warning").text(), "not_an_effect");
    const std::string means =
        "WITH m AS (SELECT customer, floor(avg(value) * 1000) / 1000 AS mean FROM survey_answers WHERE item "
        "= 'csat' "
        "GROUP BY 1), u AS (SELECT customer FROM service_life WHERE service_id = '" +
        id +
        "' AND bought + entitled + delivered + used > 0), a AS (SELECT mean, customer IN (SELECT customer "
        "FROM u) AS "
        "has FROM m) ";
    EXPECT_EQ(number(satisfaction.find("users").find("n")),
              ask_sql(means + "SELECT count(*) FROM a WHERE has"));
    EXPECT_NEAR(number(satisfaction.find("non_users").find("mean")),
                ask_sql(means + "SELECT avg(mean) FROM a WHERE NOT has"), 1e-6)
        << id;
    const double difference = number(satisfaction.find("difference"));
    EXPECT_NEAR(difference,
                ask_sql(means + "SELECT avg(mean) FILTER (has) - avg(mean) FILTER (NOT has) FROM a"), 1e-6);
    if (satisfaction.find("ci_low").is_null()) continue;
    // Half the interval lies between 1.96 and (df >= 1) 12.7 standard errors, and is even about the
    // difference.
    const double error =
        ask_sql(means +
                "SELECT sqrt(var_samp(mean) FILTER (has) / count(*) FILTER (has) + var_samp(mean) "
                "FILTER (NOT has) / count(*) FILTER (NOT has)) FROM a");
    const double low = number(satisfaction.find("ci_low")), high = number(satisfaction.find("ci_high"));
    EXPECT_NEAR(high - difference, difference - low, 1e-9);
    EXPECT_GT((high - low) / 2, 1.959 * error) << id;
    EXPECT_LT((high - low) / 2, 12.71 * error) << id;
  }
  EXPECT_GT(compared, 2) << reply_.body;
}

TEST_F(InsightOverWorld, GoalsHaveActuals) {
  const auto published = send(
      "PUT", "/v1/goals/G-nps", admin_,
      R"({"name":"NPS 50","department":"service","owner":"Li","metric":"nps","baseline":20,"target":50,"due":"2030-01-01"})");
  ASSERT_EQ(published.status, 200) << published.body;
  const Headers after = {{"X-Log-Offset", text(published, "offset")}};
  const auto goals = send("GET", "/v1/goals", read_, "", after);
  ASSERT_TRUE(answer_.parse(goals.body).ok());
  JsonItems items(answer_.root().find("goals"));
  ASSERT_TRUE(items.next()) << goals.body;
  EXPECT_EQ(items.value().find("target").raw(), "50");
  EXPECT_EQ(items.value().find("owner").text(), "Li");
  const double actual = number(items.value().find("actual"));
  double told = NAN;
  const auto overview = send("GET", "/v1/overview", read_, "", after);
  ASSERT_TRUE(answer_.parse(overview.body).ok());
  for (JsonItems tiles(answer_.root().find("tiles")); tiles.next();) {
    if (tiles.value().find("id").text() != "nps") continue;
    told = number(tiles.value().find("value"));
    EXPECT_EQ(tiles.value().find("target").raw(), "50");
  }
  EXPECT_NEAR(actual, told, 1e-9);
  // Metrics without a tile, against the obvious query. The shop's clock stands at the beginning of a local
  // day.
  for (const char* metric : {"first_answer_minutes", "rating"}) {
    const auto put = send("PUT", fmt::format("/v1/goals/G-{}", metric), admin_,
                          fmt::format(R"({{"name":"x","metric":"{}"}})", metric));
    ASSERT_EQ(put.status, 200) << put.body;
    const auto told_now = send("GET", "/v1/goals", read_, "", {{"X-Log-Offset", text(put, "offset")}});
    ASSERT_TRUE(answer_.parse(told_now.body).ok());
    double value = NAN;
    for (JsonItems all(answer_.root().find("goals")); all.next();) {
      if (all.value().find("metric").text() == metric) value = number(all.value().find("actual"));
    }
    const std::string from = format_instant(end_ - days(29));
    const std::string since = "TIMESTAMP '" + from.substr(0, 10) + " " + from.substr(11, 8) + "'";
    const std::string query =
        std::string(metric) == "rating"
            ? "SELECT avg(rating) FROM reviews WHERE posted_at >= " + since
            : "WITH c AS (SELECT (properties->>'contact_id') AS id, min(event_time) FILTER (event = 'Contact "
              "Started') AS started, min(event_time) FILTER (event = 'Message Posted' AND "
              "(properties->>'from') "
              "<> 'customer') AS answered FROM events WHERE event IN ('Contact Started', 'Message Posted') "
              "GROUP "
              "BY 1) SELECT avg(epoch_ms(answered) - epoch_ms(started)) / 60000 FROM c WHERE answered IS NOT "
              "NULL "
              "AND started >= " +
                  since;
    EXPECT_NEAR(value, ask_sql(query), 1e-6 * std::abs(value)) << metric;
  }
  EXPECT_EQ(send("PUT", "/v1/goals/G-1", admin_, R"({"metric":"nps"})").status, 400);
  EXPECT_EQ(send("PUT", "/v1/goals/G-1", read_, R"({"name":"a","metric":"nps"})").status, 403);
}

}  // namespace
}  // namespace rapport::http
