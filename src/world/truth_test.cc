#include "world/truth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace rapport::world {
namespace {

const PlantedEffect* find(const std::vector<PlantedEffect>& effects, std::string_view service,
                          std::string_view segment, std::string_view outcome, std::string_view estimand) {
  for (const PlantedEffect& e : effects) {
    if (e.service == service && e.segment == segment && e.outcome == outcome && e.estimand == estimand)
      return &e;
  }
  return nullptr;
}

TEST(Truth, EffectsHaveTheirPlantedSignsAndDifferBySegment) {
  WorldOptions options;
  options.seed = 5;
  options.customers = 4'000;
  options.products = 300;
  options.days = 400;
  const auto effects = planted_effects(options);
  ASSERT_TRUE(effects.ok()) << effects.error().describe();
  const auto value = [&](std::string_view service, std::string_view segment, std::string_view outcome,
                         std::string_view estimand) {
    const PlantedEffect* e = find(*effects, service, segment, outcome, estimand);
    EXPECT_NE(e, nullptr) << service << " " << segment;
    return e == nullptr ? 0.0 : static_cast<double>(e->value_e4) / 1e4;
  };
  EXPECT_LT(value("late_parcel", "all", "nps_30d", "ATT"), -0.5);
  EXPECT_LT(value("slow_reply", "all", "nps_30d", "ATT"), -0.5);
  EXPECT_GT(value("E-notice", "all", "nps_30d", "ITT"), 0.5);
  EXPECT_GT(value("S-warranty", "all", "nps_30d", "ATE"), 0.05);
  EXPECT_GT(value("S-install", "all", "nps_30d", "ATE"), 0.05);
  EXPECT_GT(value("S-member", "all", "repurchase_90d", "ATE"), 0.01);
  // The adviser binds the established and annoys the youngest.
  EXPECT_GT(value("S-adviser", "age_band:36-45", "nps_30d", "ATE"), 0.1);
  EXPECT_LT(value("S-adviser", "age_band:18-24", "nps_30d", "ATE"), -0.1);
  for (const PlantedEffect& e : *effects) EXPECT_GE(e.n, kFewestInEffect);
}

// The trial of recommendations exists where it was asked for, and only what follows from it differs.
TEST(Truth, RecommendationsByLotWhereAsked) {
  WorldOptions options;
  options.seed = 6;
  options.customers = 1'500;
  options.days = 260;
  options.prose = false;
  const auto without = planted_effects(options, EffectsOf::trials);
  options.recommendation_trial = true;
  const auto with = planted_effects(options, EffectsOf::trials);
  ASSERT_TRUE(without.ok() && with.ok());
  const auto count = [](const std::vector<PlantedEffect>& effects, std::string_view service) {
    return std::count_if(effects.begin(), effects.end(),
                         [&](const PlantedEffect& e) { return e.service == service && e.segment == "all"; });
  };
  EXPECT_EQ(count(*without, "E-recommend"), 0);
  EXPECT_EQ(count(*with, "E-recommend"), 3);
  EXPECT_EQ(count(*with, "E-express"), count(*without, "E-express"));
  World world(options);
  WorldEvent event;
  int arms[2] = {};
  while (world.next(event)) {
    if (event.name != "Experiment Assigned") continue;
    std::string_view trial, arm;
    for (const NamedValue& each : event.properties) {
      if (each.name == "experiment_id") trial = std::get<std::string_view>(each.value);
      if (each.name == "arm") arm = std::get<std::string_view>(each.value);
    }
    if (trial == "E-recommend") ++arms[arm == "recommend" ? 1 : 0];
  }
  EXPECT_GT(arms[0], 200);
  EXPECT_GT(arms[1], 200);
  EXPECT_LT(std::abs(arms[0] - arms[1]), 150);
}

// Where services are piloted, every lot is told once, a control never has the service, and the default world
// is the one without pilots.
TEST(Truth, ServicesByLotWhereAsked) {
  WorldOptions options;
  options.seed = 9;
  options.customers = 1'200;
  options.days = 240;
  options.prose = false;
  options.service_trials = true;
  World world(options);
  WorldEvent event;
  std::map<std::pair<std::string, std::string>, std::string> arms;
  int takers = 0, treated = 0;
  while (world.next(event)) {
    std::string trial, arm, service;
    for (const NamedValue& each : event.properties) {
      const auto* text = std::get_if<std::string_view>(&each.value);
      if (text == nullptr) continue;
      if (each.name == "experiment_id") trial = *text;
      if (each.name == "arm") arm = *text;
      if (each.name == "service_id") service = *text;
    }
    if (event.identifiers.empty()) continue;
    const std::string who(event.identifiers[0].value);
    if (event.name == "Experiment Assigned" && trial.starts_with("E-S-")) {
      EXPECT_TRUE(arms.emplace(std::pair(who, trial.substr(2)), arm).second) << who << " " << trial;
      treated += arm == "service";
    }
    if (event.name != "Service Bought" && event.name != "Service Entitled") continue;
    const auto lot = arms.find({who, service});
    ASSERT_NE(lot, arms.end()) << who << " " << service;
    EXPECT_EQ(lot->second, "service") << who << " " << service;
    ++takers;
  }
  EXPECT_GT(treated, 300);
  EXPECT_NEAR(treated, static_cast<double>(arms.size()) / 2, static_cast<double>(arms.size()) / 10);
  EXPECT_GE(takers, treated);
  const auto effects = planted_effects(options, EffectsOf::services);
  ASSERT_TRUE(effects.ok());
  EXPECT_NE(find(*effects, "S-warranty", "all", "repurchase_90d", "ATE"), nullptr);
  EXPECT_EQ(find(*effects, "late_parcel", "all", "repurchase_90d", "ATT"), nullptr);
}

// Story 7: warned of a thin margin, fewer are sold out within 60 days, and more stay.
TEST(Truth, AWarningSparesTheBrokeragesCustomers) {
  WorldOptions options;
  options.seed = 5;
  options.pack = Pack::brokerage;
  options.customers = 4'000;
  options.products = 60;
  options.days = 500;
  const auto effects = planted_effects(options);
  ASSERT_TRUE(effects.ok()) << effects.error().describe();
  const PlantedEffect* blowups = find(*effects, "E-margin", "all", "blowup_60d", "ITT");
  ASSERT_NE(blowups, nullptr);
  EXPECT_LT(blowups->value_e4, -300) << "of " << blowups->n;
  const PlantedEffect* answers = find(*effects, "E-margin", "all", "nps_30d", "ITT");
  ASSERT_NE(answers, nullptr);
  EXPECT_GT(answers->value_e4, 0);
  EXPECT_EQ(find(*effects, "S-warranty", "all", "nps_30d", "ATE"), nullptr);
}

TEST(Truth, IsStatedAsOneLineOfJsonAndRepeatsItself) {
  WorldOptions options;
  options.customers = 300;
  options.products = 60;
  options.days = 150;
  const auto first = truth_json(options), second = truth_json(options);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(*first, *second);
  EXPECT_TRUE(first->starts_with("{\"simulated\":true,\"seed\":1,"));
  EXPECT_NE(first->find("\"estimand\":\"ATT\",\"value\":"), std::string::npos);
  EXPECT_TRUE(first->ends_with("]}"));
  options.customers = kMostTruthCustomers + 1;
  EXPECT_EQ(truth_json(options).error().code, Errc::too_large);
}

}  // namespace
}  // namespace rapport::world
