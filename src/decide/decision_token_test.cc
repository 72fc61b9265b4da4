#include "decide/decision_token.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/random.h"

namespace rapport::decide {
namespace {

const std::string kKey(32, 'k');

DecisionToken sample(std::size_t places) {
  DecisionToken token;
  token.position = 123'456'789;
  token.seed = 0x1234'5678'9abc'def0;
  token.models = 7;
  token.policy = 0xdeadbeef;
  token.user_class = 3;
  token.held_out = true;
  token.scene = std::string(DecisionToken::kSceneMostBytes, 's');
  for (std::size_t i = 0; i < places; ++i)
    token.places.push_back({static_cast<std::uint8_t>(i % 4), 1.0 / static_cast<double>(i + 1)});
  return token;
}

TEST(DecisionToken, ComesBackWhole) {
  const std::string text = write_token(sample(100), kKey);
  EXPECT_LE(text.size(), 512U) << "a text property holds no more";
  const auto token = read_token(text, kKey);
  ASSERT_TRUE(token.ok());
  EXPECT_EQ(token->position, 123'456'789U);
  EXPECT_EQ(token->seed, 0x1234'5678'9abc'def0U);
  EXPECT_EQ(token->models, 7U);
  EXPECT_EQ(token->policy, 0xdeadbeefU);
  EXPECT_EQ(token->user_class, 3);
  EXPECT_TRUE(token->held_out);
  EXPECT_EQ(token->scene, std::string(DecisionToken::kSceneMostBytes, 's'));
  ASSERT_EQ(token->places.size(), 100U);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_NEAR(token->places[i].propensity, 1.0 / double(i + 1), 1e-5);
}

TEST(DecisionToken, NobodyElseWritesOne) {
  const std::string text = write_token(sample(10), kKey);
  EXPECT_FALSE(read_token(text, std::string(32, 'x')).ok());
  EXPECT_FALSE(read_token("", kKey).ok());
  EXPECT_FALSE(read_token("d_", kKey).ok());
  Random random(9);
  for (int i = 0; i < 2'000; ++i) {
    std::string other = text;
    const std::size_t at = 2 + random.below(other.size() - 2);
    other[at] = static_cast<char>('!' + random.below(90));
    // Two alphabets are read, and the last letter may hold bits that say nothing.
    const auto bytes = from_base64(std::string_view(other).substr(2));
    if (bytes.ok() && *bytes == from_base64(std::string_view(text).substr(2)).value()) continue;
    EXPECT_FALSE(read_token(other, kKey).ok()) << other;
  }
}

}  // namespace
}  // namespace rapport::decide
