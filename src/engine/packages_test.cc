#include "codec/json_index.h"
#include "engine/detail/package_plan.h"
#include "engine/detail/service_profile.h"
#include "engine/detail/test_engine.h"
#include "engine/engine_packages.h"
#include "engine/engine_worth.h"

namespace rapport::engine {
namespace {

PackagePart part(const std::string& id, std::int64_t price, std::optional<std::int64_t> cost,
                 std::int64_t n = 1) {
  PackagePart out;
  out.id = id;
  out.price = price;
  out.cost = cost;
  out.quantity = n;
  return out;
}

TEST(PackagePlan, IsPricedFromItsParts) {
  const auto plan = price_plan({part("a", 10'000, 4'000, 2), part("b", 5'001, 1'000)}, {.discount = 0.1});
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->list, 25'001);
  EXPECT_EQ(plan->price, 22'500) << "the half fen is the customer's";
  EXPECT_EQ(plan->cost, 9'000);
  EXPECT_EQ(plan->margin(), 13'500);
  PackagePlan had = *plan;
  had.facts = {{30, 20}, 10, 40};
  EXPECT_DOUBLE_EQ(had.given_away(), 10 * 2'501);
  EXPECT_EQ(had.break_even(), 2) << "25,010 / 13,500, whole packages";
  had.price = 9'000;
  EXPECT_FALSE(had.break_even()) << "each leaves nothing";
  EXPECT_FALSE(price_plan({part("a", 100, std::nullopt)}, {})->margin());
  for (const PackageTerms& wrong :
       {PackageTerms{1.0, {}}, PackageTerms{-0.1, {}}, PackageTerms{0.1, 5}, PackageTerms{{}, -1}})
    EXPECT_FALSE(price_plan({part("a", 100, 1)}, wrong).ok());
  EXPECT_FALSE(price_plan({}, {}).ok());
  EXPECT_FALSE(price_plan(std::vector<PackagePart>(13, part("a", 1, 1)), {}).ok());
}

TEST(ServiceProfile, StandsOutOnlyWhereTheIntervalSaysSo) {
  const auto stand = [](double x1, double n1, double x2, double n2) {
    const auto evidence = share_evidence({"m", "m"}, x1, n1, x2, n2);
    return evidence ? stand_name(evidence->stand()) : "none";
  };
  EXPECT_EQ(stand(56, 70, 48, 80), "above") << "Newcombe: 0.0524 to 0.3339";
  EXPECT_EQ(stand(48, 80, 56, 70), "below");
  EXPECT_EQ(stand(50, 100, 48, 100), "like");
  EXPECT_EQ(stand(9, 9, 1, 100), "none") << "fewer than ten";
  // 40 fives against 40 threes and fours: Welch.
  const auto rated = mean_evidence("facts", {"m", "m"}, {40, 190, 910}, {40, 140, 500});
  ASSERT_TRUE(rated);
  EXPECT_DOUBLE_EQ(rated->difference, 1.25);
  EXPECT_EQ(rated->stand(), Stand::above);
  EXPECT_FALSE(mean_evidence("facts", {}, {9, 45, 225}, {40, 140, 500}));

  ServiceProfile profile;
  profile.layer = "augmented";
  EXPECT_FALSE(profile.profiles_as_ordinary()) << "nothing is known";
  const auto like = share_evidence({"m", "m"}, 50, 100, 48, 100),
             above = share_evidence({"m", "m"}, 56, 70, 48, 80);
  for (std::size_t i = 0; i < 3; ++i) profile.dimensions[i].evidence.push_back(*like);
  EXPECT_TRUE(profile.profiles_as_ordinary());
  profile.dimensions[4].evidence.push_back(*above);
  EXPECT_FALSE(profile.profiles_as_ordinary());
  EXPECT_EQ(profile.dimensions[4].stand(), Stand::above);
  profile.dimensions[4].evidence.push_back(*share_evidence({"m", "m"}, 48, 80, 56, 70));
  EXPECT_EQ(profile.dimensions[4].stand(), Stand::like) << "contrary evidence";
  profile.layer = "core";
  EXPECT_FALSE(profile.profiles_as_ordinary());
}

class Packages : public EngineTest {
 protected:
  Result<std::string> ask(const std::function<void(Reply<std::string>)>& call) {
    return wait<std::string>(call);
  }
  void put(const std::string& events) {
    const auto sent = send(events);
    ASSERT_TRUE(sent.ok() && sent->rejected == 0) << (sent.ok() ? "dead letters" : sent.error().describe());
    ASSERT_TRUE(
        wait<model::ServiceBoard>([&](auto reply) { engine_->services(shop_, sent->offset, reply); }).ok());
  }
  std::string noun(const std::string& event, const std::string& properties) {
    return fmt::format(R"({{"type":"track","event":"{} Published","messageId":"n{}","properties":{}}})",
                       event, ++messages_, properties);
  }
  std::string did(int user, const std::string& event, const std::string& properties) {
    return track(fmt::format("u{}", user), event, fmt::format("m{}", ++messages_), properties);
  }
  /// Warranty and fitting are value-added, hotline is ordinary; a machine to sell them with.
  void stock() {
    put(noun(
            "Service",
            R"({"service_id":"S-care","title":"延保","price":99,"cost":20,"currency":"CNY","layer":"augmented"})") +
        "," +
        noun(
            "Service",
            R"({"service_id":"S-line","title":"热线","price":10,"cost":5,"currency":"CNY","layer":"core"})") +
        "," +
        noun("Product", R"({"product_id":"P-1","name":"净化器","price":1000,"cost":700,"currency":"CNY"})"));
    std::string events;
    for (int user = 0; user < 60; ++user) {
      const auto add = [&](const std::string& event, const std::string& properties) {
        events += (events.empty() ? "" : ",") + did(user, event, properties);
      };
      add("Service Bought", R"({"service_id":"S-line","price":10,"currency":"CNY"})");
      if (user % 2 != 0) continue;
      add("Service Bought", R"({"service_id":"S-care","price":99,"currency":"CNY"})");
      add("Service Booked", R"({"service_id":"S-care","for":"2026-12-01T00:00:00Z"})");
      if (user % 3 == 0) {
        add("Order Completed",
            fmt::format(
                R"({{"order_id":"O{}","total":1000,"currency":"CNY","products":[{{"product_id":"P-1","quantity":1,"price":1000}}]}})",
                user));
      }
    }
    put(events);
  }
  int messages_ = 0;
};

TEST_F(Packages, APackageIsPlannedPublishedAndListed) {
  stock();
  const std::string draft =
      R"({"services":["S-care"],"products":["P-1"],"discount":0.1,"title":"净化器安心装","family":"air","tier":"plus","rank":2})";
  const auto plan = ask([&](auto reply) { plan_package(*engine_, shop_, draft, reply); });
  ASSERT_TRUE(plan.ok()) << plan.error().describe();
  // 1,099 less a tenth; cost 720. Thirty have the care, ten of them the machine as well.
  EXPECT_NE(plan->find(R"("list":1099.00,"price":989.10,"saved":109.90)"), std::string::npos) << *plan;
  EXPECT_NE(plan->find(R"("cost":720.00,"margin":269.10)"), std::string::npos) << *plan;
  EXPECT_NE(plan->find(R"("any":30,"together":10,)"), std::string::npos) << *plan;
  EXPECT_NE(plan->find(R"("value_if_nobody_changes":-1099.00,"break_even":5,"candidates":20)"),
            std::string::npos)
      << *plan;
  const auto published = ask([&](auto reply) { publish_package(*engine_, shop_, "air-plus", draft, reply); });
  ASSERT_TRUE(published.ok()) << published.error().describe();
  const auto listed = ask([&](auto reply) { packages(*engine_, shop_, reply); });
  ASSERT_TRUE(listed.ok());
  EXPECT_NE(
      listed->find(R"("package_id":"air-plus","title":"净化器安心装","family":"air","tier":"plus","rank":2)"),
      std::string::npos)
      << *listed;
  EXPECT_NE(listed->find(R"("price":989.10)"), std::string::npos);
  // With a product in it, it is no price of the service alone.
  const auto alone =
      ask([&](auto reply) { package_price(*engine_, shop_, R"({"services":["S-care"]})", reply); });
  EXPECT_NE(alone->find(R"("total":99.00)"), std::string::npos) << *alone;
  const auto refused = [&](const std::string& body) {
    const auto answer = ask([&](auto reply) { publish_package(*engine_, shop_, "x", body, reply); });
    return answer.ok() ? std::string("taken") : answer.error().where;
  };
  EXPECT_EQ(refused(R"({"services":["S-care"],"price":100,"title":"t"})"), "price") << "above the list";
  EXPECT_EQ(refused(R"({"services":["S-care"],"price":19.99,"title":"t"})"), "price") << "below cost";
  EXPECT_EQ(refused(R"({"services":["S-care"],"price":19.99,"title":"t","below_cost":true})"), "taken");
  EXPECT_EQ(refused(R"({"services":["S-care"]})"), "title");
  EXPECT_EQ(refused(R"({"services":["none"],"title":"t"})"), "services");
  EXPECT_EQ(refused(R"({"services":[7],"title":"t"})"), "services");
  EXPECT_EQ(refused(R"({"title":"t"})"), "services");
  EXPECT_EQ(refused(R"({"products":["P-1"],"title":"t","until":"soon"})"), "until");
  EXPECT_FALSE(ask([&](auto reply) { publish_package(*engine_, shop_, "a/b", draft, reply); }).ok());
}

TEST_F(Packages, AServiceIsProfiledAgainstTheOrdinaryOneByWhatIsKnown) {
  stock();
  const auto profile = ask([&](auto reply) { service_profile(*engine_, shop_, "S-care", reply); });
  ASSERT_TRUE(profile.ok()) << profile.error().describe();
  EXPECT_NE(profile->find(R"("ordinary":["S-line"])"), std::string::npos) << *profile;
  const auto stand = [&](const std::string& dimension) {
    const std::size_t at = profile->find("\"dimension\":\"" + dimension + "\"");
    const std::size_t from = profile->find("\"stand\":\"", at) + 9;
    return profile->substr(from, profile->find('"', from) - from);
  };
  EXPECT_EQ(stand("customisation"), "above") << "all thirty booked, none of the line's";
  EXPECT_EQ(stand("charging"), "like");
  EXPECT_EQ(stand("added_value"), "no_evidence");
  EXPECT_EQ(stand("experience"), "no_evidence");
  EXPECT_NE(profile->find(R"("flag":null)"), std::string::npos);
  // Surveys about both, by the template, speak to the dimensions.
  for (const std::string service : {"S-care", "S-line"}) {
    ASSERT_TRUE(wait<EventSeq>([&](auto reply) {
                  engine_->publish_survey(shop_, "p-" + service,
                                          R"({"template":"profile","service_id":")" + service + "\"}", reply);
                }).ok());
  }
  std::string answers;
  for (int user = 0; user < 24; ++user) {
    const std::string service = user % 2 == 0 ? "S-care" : "S-line";
    answers += (answers.empty() ? "" : ",") +
               did(user, "Survey Answered",
                   fmt::format(R"({{"survey_id":"p-{}","answers":[{{"item":"experience","value":{}}}]}})",
                               service, (user % 2 == 0 ? 6 : 3) + user % 4 / 2));
  }
  put(answers);
  const auto asked = ask([&](auto reply) { service_profile(*engine_, shop_, "S-care", reply); });
  ASSERT_TRUE(asked.ok());
  EXPECT_NE(asked->find(R"("source":"survey")"), std::string::npos) << *asked;
  EXPECT_EQ(ask([&](auto reply) { service_profile(*engine_, shop_, "none", reply); }).error().code,
            Errc::not_found);
}

// A churn study over the shop's own people is published; whom it warns of become a segment until the action's
// date.
TEST_F(Packages, TheWarnedBecomeASegmentWithAnActionAndADate) {
  std::string events;
  for (int user = 0; user < 8; ++user) {
    events += (events.empty() ? "" : ",") + did(user, "User Registered", "{}");
    if (user == 7)
      events += "," + did(user, "Consent Updated",
                          R"({"purpose":"personalisation","channel":"app","granted":false})");
  }
  put(events);
  std::string rows;
  for (int user = 0; user < 8; ++user)
    rows += fmt::format(R"({}["{}",0.{},"days_since_order = 80"])", user == 0 ? "" : ",",
                        model::format_customer_id(customer(fmt::format("u{}", user))->id), 91 - user);
  rows += R"(,["c_999999",0.5,""])";
  put(noun("Study",
           R"({"study_id":"ST-churn","method":"churn","report":{"tables":[{"key":"warned_customers",)"
           R"("columns":["customer","probability","reasons"],"rows":[)" +
               rows + "]}]}}"));
  const std::string action =
      R"({"action":{"action":"test","finding":"call them","expected_value":800,"remeasure_at":"2030-01-01T00:00:00Z",
                    "guardrail":{"metric":"complaint_rate","bound":0.02}}})";
  const auto warned = ask([&](auto reply) { warn_of_churn(*engine_, shop_, "ST-churn", action, reply); });
  ASSERT_TRUE(warned.ok()) << warned.error().describe();
  EXPECT_NE(warned->find(R"("segment":"churn_warned","warned":7,"denied":1,"unknown":1)"), std::string::npos)
      << *warned;
  const auto page = wait<model::SegmentPage>(
      [&](auto reply) { engine_->segment_members(shop_, "churn_warned", "", 100, reply); });
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->members.size(), 7U);
  const auto taken = ask([&](auto reply) { actions(*engine_, shop_, reply); });
  EXPECT_NE(taken->find(R"("study_id":"ST-churn")"), std::string::npos);
  const auto why = [&](const std::string& id, const std::string& body) {
    const auto answer = ask([&](auto reply) { warn_of_churn(*engine_, shop_, id, body, reply); });
    return answer.ok() ? Errc::internal : answer.error().code;
  };
  EXPECT_EQ(why("none", action), Errc::not_found);
  EXPECT_EQ(why("ST-churn", "{}"), Errc::bad_input) << "an action and a date belong to it";
  put(noun("Study", R"({"study_id":"ST-nps","method":"nps"})"));
  EXPECT_EQ(why("ST-nps", action), Errc::refused);
}

}  // namespace
}  // namespace rapport::engine
