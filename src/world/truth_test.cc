#include "world/truth.h"

#include <gtest/gtest.h>

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
