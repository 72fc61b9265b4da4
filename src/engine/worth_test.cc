#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "codec/json_index.h"
#include "engine/detail/hypothesis_verdict.h"
#include "engine/detail/package_price.h"
#include "engine/detail/service_warnings.h"
#include "engine/detail/service_worth.h"
#include "engine/detail/test_engine.h"
#include "engine/engine_hypotheses.h"
#include "engine/engine_worth.h"

namespace rapport::engine {
namespace {

std::string member(const std::string& json, std::string_view name) {
  codec::JsonIndex index;
  if (!index.parse(json).ok()) return "no JSON";
  const codec::JsonValue value = index.root().find(name);
  return !value.present() ? "" : value.is(codec::JsonKind::string) ? value.text() : std::string(value.raw());
}

// ---- prices ----

TEST(PackagePrice, TiersAndTheBundleThatSavesMost) {
  const std::vector<PricedService> services = {{"care", "Care", 10'000, {{3, 8'000}}, 3},
                                               {"fit", "Fitting", 5'000, {}, 1},
                                               {"gift", "Wrapping", 1'000, {}, 1}};
  const std::vector<PricedBundle> bundles = {
      {"B1", {"fit", "gift"}, 5'500}, {"B2", {"fit", "gift"}, 5'000}, {"B3", {"fit", "other"}, 1}};
  const auto price = price_package(services, bundles);
  ASSERT_TRUE(price.ok());
  EXPECT_EQ(price->list, 24'000 + 5'000 + 1'000);
  EXPECT_EQ(price->total, 24'000 + 5'000);
  EXPECT_EQ(price->bundles, std::vector<std::string>{"B2"});
  EXPECT_FALSE(price_package({}, {}).ok());
  EXPECT_FALSE(price_package({{"care", "", 1, {}, 0}}, {}).ok());
}

/// Every subset of bundles, in whatever way.
std::int64_t by_brute_force(const std::vector<PricedService>& services,
                            const std::vector<PricedBundle>& bundles) {
  std::int64_t best = INT64_MAX;
  for (std::uint32_t chosen = 0; chosen < (1U << bundles.size()); ++chosen) {
    std::map<std::string, std::int64_t> left;
    for (const auto& s : services) left[s.id] = s.quantity;
    std::int64_t sum = 0;
    bool fits = true;
    for (std::size_t b = 0; b < bundles.size(); ++b) {
      if (!(chosen >> b & 1)) continue;
      sum += bundles[b].price;
      for (const auto& id : bundles[b].services) fits = fits && left.count(id) == 1 && left[id]-- > 0;
    }
    for (const auto& s : services) {
      std::int64_t each = s.price, reached = 0;
      for (const auto& tier : s.tiers) {
        if (tier.from <= left[s.id] && tier.from >= reached) reached = tier.from, each = tier.price;
      }
      sum += each * left[s.id];
    }
    if (fits) best = std::min(best, sum);
  }
  return best;
}

TEST(PackagePrice, IsTheCheapestOfAllChoices) {
  constexpr std::uint64_t kSeed = 7;
  std::mt19937_64 random(kSeed);
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  for (int round = 0; round < 300; ++round) {
    std::vector<PricedService> services;
    for (int i = 0; i < 4; ++i) {
      services.push_back(
          {std::string(1, static_cast<char>('a' + i)), "", 100 + below(900), {}, 1 + below(3)});
      if (below(2) == 0) services.back().tiers.push_back({2, 80 + below(500)});
    }
    std::vector<PricedBundle> bundles;
    for (int b = 0; b < 6; ++b) {
      const std::int64_t first = below(4), second = (first + 1 + below(3)) % 4;
      bundles.push_back(
          {"B" + std::to_string(b), {services[first].id, services[second].id}, 100 + below(1'500)});
    }
    const auto price = price_package(services, bundles);
    ASSERT_TRUE(price.ok());
    ASSERT_EQ(price->total, by_brute_force(services, bundles)) << "seed " << kSeed << " round " << round;
  }
}

// ---- warnings ----

std::string kinds(const ServiceFacts& facts) {
  std::string all;
  for (const ServiceWarning& warning : service_warnings(facts))
    all += (all.empty() ? "" : " ") + warning.kind;
  return all;
}

TEST(ServiceWarnings, EachHasItsOwnCase) {
  EXPECT_EQ(kinds({}), "");
  EXPECT_EQ(kinds({.entitled = 100, .used = 29}), "giving_presents");
  EXPECT_EQ(kinds({.entitled = 100, .used = 30}), "");
  EXPECT_EQ(kinds({.price = 9, .offered = 100, .held = 1}), "no_demand");
  EXPECT_EQ(kinds({.price = 9, .offered = 100, .held = 9}), "one_size");
  EXPECT_EQ(kinds({.has_choice = true, .price = 9, .offered = 100, .held = 9}), "");
  EXPECT_EQ(kinds({.price = 9, .bought = 50, .delivered = 50, .late = 4, .errors = 1}), "broken_core");
  EXPECT_EQ(kinds({.type = "care", .price = 9, .held = 4, .customers = 100, .alike = 3}), "more_is_better");
  EXPECT_EQ(kinds({.price = 9, .cost = 10, .bought = 50, .delivered = 50}), "upkeep");
  EXPECT_EQ(kinds({.price = 9, .ratings = 10, .mean_rating = 2.9}), "mismatch");
  EXPECT_EQ(kinds({.price = 9, .has_benefit = true, .benefit_high = -1}), "mismatch");
}

// ---- what verdicts are worth ----

TEST(ServiceWorth, AVerdictInMoneyCarriesItsError) {
  // 0.1 orders more (se 0.03) at 200 (se 10) over 50 customers; the delta method by hand.
  const auto [amount, se] = verdict_benefit({0.1, 0.03, 200, 10, 50});
  EXPECT_DOUBLE_EQ(amount, 1'000);
  EXPECT_NEAR(se, 50 * std::sqrt(6.0 * 6.0 + 1.0 * 1.0), 1e-9);
  // The same lift in ninety days is a third of it a month.
  const auto [slow, slow_se] = verdict_benefit({0.1, 0.03, 200, 10, 50, 90});
  EXPECT_NEAR(slow, 1'000 / 3.0, 1e-9);
  EXPECT_NEAR(slow_se, se / 3, 1e-9);
}

TEST(ServiceWorth, AdviceNamesItsStudyAndIsSilentWhereItIsUnsure) {
  const auto said = [](double benefit, double se, double cost, bool harmful = false) {
    const auto matrix = study::roi_matrix({{"s", benefit, se, cost, 0}}, 100, 50);
    ToldBenefit told;
    told.study_id = "hypothesis:H";
    told.harmful = harmful;
    const Advice advice = advise(matrix->lines[0], told);
    EXPECT_EQ(advice.study_id, "hypothesis:H");
    EXPECT_NE(advice.why.en.find("hypothesis:H"), std::string::npos);
    EXPECT_NE(advice.why.hans.find("hypothesis:H"), std::string::npos);
    return std::string(advice.action);
  };
  EXPECT_EQ(said(200, 20, 10), "widen");
  EXPECT_EQ(said(200, 20, 90), "widen");
  EXPECT_EQ(said(20, 20, 10), "measure");
  EXPECT_EQ(said(50, 10, 80), "mend");
  EXPECT_EQ(said(20, 10, 80), "retire");
  EXPECT_EQ(said(105, 60, 10), "measure");
  EXPECT_EQ(said(200, 20, 10, true), "mend");
  EXPECT_EQ(ServiceWorths().advice("s").action, "measure");
}

// ---- verdicts ----

model::Table arms(double n_control, double s_control, double n_treatment, double s_treatment) {
  model::Table table;
  EXPECT_TRUE(table.add({"arm", model::TextColumn{"control", "treatment"}}).ok());
  EXPECT_TRUE(table.add({"n", model::NumberColumn{n_control, n_treatment}}).ok());
  EXPECT_TRUE(table.add({"s", model::NumberColumn{s_control, s_treatment}}).ok());
  EXPECT_TRUE(table.add({"q", model::NumberColumn{s_control, s_treatment}}).ok());  // of zeros and ones
  return table;
}

HypothesisCard card() {
  return *parse_hypothesis(R"({"hypothesis_id":"H","if":"a","then":"b","by":"2026-03-01T00:00:00Z",
                               "metric":"order_rate","effect":0.05,
                               "guardrail":{"metric":"complaint_rate","worse_by_most":0.01}})");
}

std::string judged(const model::Table& main, const model::Table& guardrail, HypothesisCard one = card()) {
  return member(verdict_json(one, main, guardrail, main, {Instant{0}, EventSeq{9}}), "verdict");
}

TEST(HypothesisVerdict, SaysWhatTheIntervalsSay) {
  const model::Table calm = arms(1'000, 20, 1'000, 20);
  EXPECT_EQ(judged(arms(1'000, 300, 1'000, 400), calm), "supported");
  EXPECT_EQ(judged(arms(1'000, 300, 1'000, 200), calm), "harmful");
  EXPECT_EQ(judged(arms(10'000, 3'000, 10'000, 3'000), calm), "refuted");
  EXPECT_EQ(judged(arms(1'000, 300, 1'000, 320), calm), "undecided");
  EXPECT_EQ(judged(arms(1'000, 300, 1'000, 400), arms(1'000, 20, 1'000, 120)), "harmful");
  EXPECT_EQ(judged(arms(1'000, 300, 1'300, 600), calm), "undecided") << "the arms are not what was drawn";
  EXPECT_EQ(judged(arms(1, 0, 1'000, 400), calm), "undecided");
  HypothesisCard down = card();
  down.up = false;
  EXPECT_EQ(judged(arms(1'000, 300, 1'000, 200), calm, down), "supported");
  EXPECT_EQ(judged({}, {}), "undecided");
}

TEST(HypothesisCardText, IsReadWithErrorsThatNameTheMember) {
  const auto where = [](const std::string& change) {
    const std::string whole =
        R"({"if":"a","then":"b","by":"2026-03-01T00:00:00Z","metric":"revenue","effect":5)";
    const auto card = parse_hypothesis(whole + change + "}");
    return card.ok() ? std::string() : card.error().where;
  };
  EXPECT_EQ(where(""), "");
  EXPECT_EQ(where(R"(,"share":0)"), "share");
  EXPECT_EQ(where(R"(,"direction":"left")"), "direction");
  EXPECT_EQ(where(R"(,"design":"segment")"), "segment");
  EXPECT_EQ(where(R"(,"window_days":1.5)"), "window_days");
  EXPECT_EQ(where(R"(,"guardrail":{"metric":"luck"})"), "guardrail.metric");
  EXPECT_EQ(where(R"(,"guardrail":{"metric":"service_rate"})"), "service_id");
  for (const std::string text : {"", "[]", "{}", "null", R"({"if":7})"})
    EXPECT_FALSE(parse_hypothesis(text).ok());
}

TEST(HypothesisAssignment, IsDrawnByAHashInTheRegisteredShare) {
  HypothesisCard one = card();
  one.share = 30;
  int treated = 0;
  for (std::uint32_t node = 1; node <= 20'000; ++node) treated += is_treated(one, node) ? 1 : 0;
  EXPECT_NEAR(treated, 6'000, 4 * std::sqrt(20'000 * .3 * .7));
  EXPECT_EQ(is_treated(one, 17), is_treated(one, 17));
}

// ---- the loop, over a shop whose clock is driven ----

class Loop : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    ShopOptions options;
    options.clock = model::ClockKind::driven;
    shop_ = *engine_->create_shop("pilot", options);
    drive(days(0));
  }
  void drive(Duration after) {
    now_ = kStart + after;
    ASSERT_TRUE(wait<EventSeq>([&](auto reply) { engine_->drive_clock(shop_, now_, reply); }).ok());
  }
  std::string event(int user, const std::string& name, const std::string& properties = "{}") {
    return fmt::format(
        R"({{"type":"track","userId":"u{}","event":"{}","messageId":"m{}","timestamp":"{}","properties":{}}})",
        user, name, ++messages_, format_instant(now_), properties);
  }
  std::string order(int user) {
    return event(
        user, "Order Completed",
        fmt::format(
            R"({{"order_id":"O{}","total":100,"currency":"CNY","products":[{{"product_id":"P1","quantity":1,"price":100}}]}})",
            ++orders_));
  }
  void put(const std::vector<std::string>& events) {
    std::string joined;
    for (const std::string& one : events) joined += (joined.empty() ? "" : ",") + one;
    const auto sent = send(joined);
    ASSERT_TRUE(sent.ok() && sent->rejected == 0) << (sent.ok() ? "dead letters" : sent.error().describe());
  }
  Result<std::string> ask(const std::function<void(Reply<std::string>)>& call) {
    return wait<std::string>(call);
  }

  static inline const Instant kStart = instant_from_civil({2026, 1, 1, 0, 0, 0, 0});
  Instant now_;
  int messages_ = 0, orders_ = 0;
};

// If regulars get a reminder then more of them order within ten days: registered, drawn, judged on the date.
TEST_F(Loop, FromCardToVerdictToAction) {
  constexpr int kPeople = 300;
  std::vector<std::string> events;
  for (int user = 0; user < kPeople; ++user) events.push_back(event(user, "User Registered"));
  put(events);
  drive(days(20));
  events.clear();
  for (int user = 0; user < kPeople; user += 4) events.push_back(order(user));
  put(events);
  drive(days(21));

  const std::string card =
      R"({"if":"we remind","then":"more order","by":"2026-03-01T00:00:00Z","metric":"order_rate","effect":0.2,
          "window_days":10,"service_id":"S-remind","guardrail":{"metric":"complaint_rate","worse_by_most":0.05}})";
  const auto planned = ask([&](auto reply) {
    hypothesis_power(*engine_, shop_, R"({"metric":"order_rate","effect":0.2,"window_days":10})", reply);
  });
  ASSERT_TRUE(planned.ok()) << planned.error().describe();
  EXPECT_EQ(member(*planned, "baseline"), "0.25");
  EXPECT_EQ(member(*planned, "per_arm"), "89") << "power.prop.test(p1 = .25, p2 = .45, power = .8): 88.3";
  ASSERT_TRUE(ask([&](auto reply) { register_hypothesis(*engine_, shop_, "H-1", card, reply); }).ok());
  const auto again = ask([&](auto reply) { register_hypothesis(*engine_, shop_, "H-1", card, reply); });
  EXPECT_EQ(again.ok() ? Errc::internal : again.error().code, Errc::conflict);
  const auto early = ask([&](auto reply) { hypothesis_verdict(*engine_, shop_, "H-1", reply); });
  EXPECT_EQ(early.ok() ? Errc::internal : early.error().code, Errc::conflict);

  const auto drawn = ask([&](auto reply) { assign_hypothesis(*engine_, shop_, "H-1", "", 1'000, reply); });
  ASSERT_TRUE(drawn.ok()) << drawn.error().describe();
  EXPECT_EQ(member(*drawn, "assigned"), std::to_string(kPeople));
  const auto twice = ask([&](auto reply) { assign_hypothesis(*engine_, shop_, "H-1", "", 1'000, reply); });
  EXPECT_EQ(member(*twice, "already"), std::to_string(kPeople));
  drive(days(23));
  events.clear();
  for (int user = 0; user < kPeople; ++user) {
    const auto arm = ask(
        [&](auto reply) { assign_hypothesis(*engine_, shop_, "H-1", fmt::format("u{}", user), 1, reply); });
    const bool treated = member(*arm, "arm") == "treatment";
    if (user % 10 < (treated ? 6 : 2)) events.push_back(order(user));
  }
  put(events);
  // Nothing is due yet; on the date it is, without anybody's asking, and once.
  const auto due = [&] {
    std::promise<Result<std::size_t>> judged;
    judge_due_hypotheses(*engine_, shop_, [&](Result<std::size_t> n) { judged.set_value(std::move(n)); });
    return judged.get_future().get().value();
  };
  EXPECT_EQ(due(), 0U);
  drive(days(60));
  EXPECT_EQ(due(), 1U);
  EXPECT_EQ(due(), 0U);
  const auto verdict = ask([&](auto reply) { hypothesis_verdict(*engine_, shop_, "H-1", reply); });
  ASSERT_TRUE(verdict.ok()) << verdict.error().describe();
  EXPECT_EQ(member(*verdict, "verdict"), "supported") << *verdict;
  // The service of the card is in the matrix by its verdict, and what is advised names it.
  put({fmt::format(
      R"({{"type":"track","event":"Service Published","messageId":"n-remind","properties":{{"service_id":"S-remind","title":"提醒","cost":1}}}})")});
  const auto worth = ask([&](auto reply) { services_roi(*engine_, shop_, reply); });
  ASSERT_TRUE(worth.ok()) << worth.error().describe();
  EXPECT_NE(worth->find(R"("study_id":"hypothesis:H-1","randomised":true)"), std::string::npos) << *worth;
  // Each order is 100, so the benefit is the lift x 100 x those who were treated: nobody holds it yet. And it
  // was never delivered, so it cost nothing.
  const double lift = std::strtod(member(*verdict, "lift").c_str(), nullptr);
  const double treated = std::strtod(verdict->c_str() + verdict->find("\"treatment\":{\"n\":") + 17, nullptr);
  const double benefit = std::strtod(worth->c_str() + worth->find("\"benefit\":") + 10, nullptr);
  EXPECT_GT(treated, 100);
  EXPECT_NEAR(benefit, lift * 100 * treated * 3, 1e-6) << "a window of ten days, by month";
  EXPECT_NE(worth->find(R"("per":"month","month_days":30)"), std::string::npos) << *worth;
  const auto looked = ask([&](auto reply) { service_reviews(*engine_, shop_, reply); });
  EXPECT_NE(looked->find(R"("advice":{"action":"widen","study_id":"hypothesis:H-1")"), std::string::npos)
      << *looked;
  drive(days(70));
  put({order(1), order(2)});
  const auto later = ask([&](auto reply) { hypothesis_verdict(*engine_, shop_, "H-1", reply); });
  EXPECT_EQ(*later, *verdict) << "a verdict is spoken once";
  const auto status = ask([&](auto reply) { hypothesis(*engine_, shop_, "H-1", reply); });
  EXPECT_EQ(member(*status, "status"), "decided");

  const auto action = ask([&](auto reply) {
    take_action(
        *engine_, shop_,
        R"({"action":"grow","study_id":"hypothesis:H-1","finding":"reminders work","service_id":"S-remind",
                    "expected_value":1200,"guardrail":{"metric":"complaint_rate","bound":0.05},
                    "remeasure_at":"2026-06-01T00:00:00Z"})",
        reply);
  });
  ASSERT_TRUE(action.ok()) << action.error().describe();
  const auto all = ask([&](auto reply) { actions(*engine_, shop_, reply); });
  EXPECT_NE(all->find("\"finding\":\"reminders work\""), std::string::npos) << *all;
  drive(days(200));
  EXPECT_NE(ask([&](auto reply) { actions(*engine_, shop_, reply); })->find("\"due\":true"),
            std::string::npos);
}

// A service whose benefit a published study tells stands in the matrix; the other is named with the reason.
TEST_F(Loop, AStudyIsPublishedAndPlacesItsService) {
  const auto noun = [&](const std::string& id, const std::string& rest) {
    return fmt::format(
        R"({{"type":"track","event":"Service Published","messageId":"n{}","properties":{{"service_id":"{}",{}}}}})",
        ++messages_, id, rest);
  };
  put({noun("S-warranty", R"("title":"延保","price":99,"cost":20,"currency":"CNY","type":"care")"),
       noun("S-gift", R"("title":"礼品","price":0,"currency":"CNY","type":"care")")});
  std::vector<std::string> events;
  for (int user = 0; user < 40; ++user) {
    events.push_back(
        event(user, "Service Bought", R"({"service_id":"S-warranty","price":99,"currency":"CNY"})"));
    events.push_back(event(user, "Service Delivered",
                           fmt::format(R"({{"service_id":"S-warranty","on_time":{}}})", user % 4 != 0)));
    events.push_back(event(user, "Service Entitled", R"({"service_id":"S-gift"})"));
  }
  put(events);
  const auto published = ask([&](auto reply) {
    publish_study(*engine_, shop_, "ST-1",
                  R"({"method":"power","options":{"baseline":0.25,"mde":0.2},"service_id":"S-warranty",
                      "benefit":{"amount":5000,"se":500}})",
                  reply);
  });
  ASSERT_TRUE(published.ok()) << published.error().describe();
  const auto roi = ask([&](auto reply) { services_roi(*engine_, shop_, reply); });
  ASSERT_TRUE(roi.ok()) << roi.error().describe();
  EXPECT_NE(
      roi->find(R"("service_id":"S-warranty","name":"延保","benefit":5000,"benefit_se":500,"cost":800)"),
      std::string::npos)
      << *roi;
  EXPECT_NE(
      roi->find(
          R"("service_id":"S-gift","name":"礼品","reason":"no published study or verdict tells its benefit")"),
      std::string::npos);
  const auto no_effect = ask([&](auto reply) {
    publish_study(*engine_, shop_, "ST-2",
                  R"({"method":"power","options":{"baseline":0.25,"mde":0.2},"service_id":"S-gift",
                      "benefit":{"worth":1}})",
                  reply);
  });
  EXPECT_EQ(no_effect.ok() ? "" : no_effect.error().where, "benefit.worth");
  const auto reviews = ask([&](auto reply) { service_reviews(*engine_, shop_, reply); });
  EXPECT_NE(reviews->find("\"kind\":\"broken_core\""), std::string::npos) << *reviews;
  EXPECT_NE(reviews->find("\"kind\":\"giving_presents\""), std::string::npos);
  const auto price = ask([&](auto reply) {
    package_price(*engine_, shop_, R"({"services":["S-warranty",{"service_id":"S-gift","quantity":2}]})",
                  reply);
  });
  ASSERT_TRUE(price.ok()) << price.error().describe();
  EXPECT_EQ(member(*price, "total"), "99.00");
  const auto one = ask([&](auto reply) { published_study(*engine_, shop_, "ST-1", reply); });
  EXPECT_NE(one->find("\"figures\""), std::string::npos);
  for (const std::string body :
       {"", "[]", R"({"services":[]})", R"({"services":[7]})", R"({"services":["none"]})",
        R"({"services":[{"service_id":"S-gift","quantity":-1}]})"}) {
    EXPECT_FALSE(ask([&](auto reply) { package_price(*engine_, shop_, body, reply); }).ok()) << body;
  }
  for (
      const std::string body :
      {"{}", R"({"action":"dance"})",
       R"({"action":"grow","study_id":"none","finding":"x","expected_value":1})",
       R"({"action":"grow","study_id":"ST-1","finding":"x","expected_value":1,"guardrail":{},"remeasure_at":"2030-01-01T00:00:00Z"})",
       R"({"action":"grow","study_id":"ST-1","finding":"x","expected_value":1,"guardrail":{"metric":"nps","bound":1},"remeasure_at":"2001-01-01T00:00:00Z"})"}) {
    EXPECT_FALSE(ask([&](auto reply) { take_action(*engine_, shop_, body, reply); }).ok()) << body;
  }
}

}  // namespace
}  // namespace rapport::engine
