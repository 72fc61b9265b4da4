#include "decide/care.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace rapport::decide {
namespace {

const Instant kNow{1'790'000'000'000};

CareAgent agent(std::string name, std::uint32_t load, std::vector<std::string> skills = {},
                Instant from = kNow) {
  return {std::move(name), {"logistics"}, std::move(skills), 10, load, from};
}

std::string chosen(const CareTask& task, const std::vector<CareAgent>& agents) {
  const auto choice = choose_agent(task, agents, kNow);
  return choice ? agents[choice->agent].name : "nobody";
}

TEST(Care, PresenceThenSkillThenLoadThenName) {
  const CareTask task{"logistics", {"parcels"}, kNow + hours(2)};
  EXPECT_EQ(chosen(task, {agent("a", 5), agent("b", 4)}), "b");
  EXPECT_EQ(chosen(task, {agent("a", 5), agent("b", 5)}), "a");
  EXPECT_EQ(chosen(task, {agent("a", 5, {"parcels"}), agent("b", 0)}), "a");
  EXPECT_EQ(chosen(task, {agent("a", 0, {"parcels"}, kNow + hours(1)), agent("b", 9)}), "b");
  EXPECT_EQ(chosen(task, {agent("a", 0, {}, kNow + hours(3)), agent("b", 9, {}, kNow + hours(1))}), "b");
}

TEST(Care, NobodyWithoutRoomOrOfAnotherDepartment) {
  EXPECT_EQ(chosen({"logistics", {}, Instant::never()}, {agent("a", 10)}), "nobody");
  EXPECT_EQ(chosen({"price", {}, Instant::never()}, {agent("a", 0)}), "nobody");
  EXPECT_EQ(chosen({"price", {}, Instant::never()}, {}), "nobody");
}

TEST(Care, SaysWhy) {
  const auto choice = choose_agent({"logistics", {"parcels"}, kNow + hours(2)},
                                   std::vector{agent("a", 3, {"parcels"})}, kNow);
  ASSERT_TRUE(choice.has_value());
  EXPECT_EQ(choice->reasons,
            (std::vector<std::string>{"logistics, one of 1", "at work", "skill parcels", "has 3 of 10"}));
}

TEST(Care, TheOrderOfTheListDoesNotMatter) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    std::vector<CareAgent> agents;
    for (int i = 0; i < 8; ++i) {
      agents.push_back(
          agent("agent" + std::to_string(i), static_cast<std::uint32_t>(random.below(12)),
                random.chance(0.5) ? std::vector<std::string>{"parcels"} : std::vector<std::string>{},
                kNow + hours(random.between(-2, 4))));
    }
    const CareTask task{"logistics", {"parcels"}, kNow + hours(2)};
    const std::string first = chosen(task, agents);
    std::shuffle(agents.begin(), agents.end(), random);
    EXPECT_EQ(chosen(task, agents), first) << "seed " << seed;
  }
}

}  // namespace
}  // namespace rapport::decide
