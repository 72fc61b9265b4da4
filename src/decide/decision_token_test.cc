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
    token.places.push_back({static_cast<std::uint8_t>(i % 4), 1.0 / static_cast<double>(i + 1), 0});
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

TEST(DecisionToken, CarriesTheSharesWhereTheyFit) {
  DecisionToken token = sample(12);
  token.shares = {0.5, 0.3, 0.2, 0};
  token.lanes = 0xbeef;
  for (std::size_t i = 0; i < 12; ++i) token.places[i].open = i < 8 ? 0b1111 : 0b1101;
  const auto read = read_token(write_token(token, kKey), kKey);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->lanes, 0xbeef);
  ASSERT_EQ(read->shares.size(), 4U);
  for (std::size_t l = 0; l < 4; ++l) EXPECT_NEAR(read->shares[l], token.shares[l], 1e-5);
  EXPECT_NEAR(read->lane_probability(read->places[4]), 0.5, 1e-4);
  EXPECT_NEAR(read->lane_probability(read->places[8]), 0.5 / 0.7, 1e-4);
  EXPECT_EQ(read->possible(read->places[8]), 0b0101);
  EXPECT_EQ(read->lane_probability(read->places[3]), 0) << "a lane without a share is not drawn";
  EXPECT_NEAR(read->places[11].propensity, 1.0 / 12, 1e-5);
  DecisionToken full = sample(100);
  full.shares.assign(16, 1.0 / 16);
  for (std::size_t i = 0; i < 100; ++i) full.places[i].open = static_cast<std::uint16_t>(i);
  const std::string text = write_token(full, kKey);
  EXPECT_LE(text.size(), 512U);
  ASSERT_TRUE(read_token(text, kKey).ok());
  EXPECT_TRUE(read_token(text, kKey)->shares.empty());
  EXPECT_EQ(read_token(text, kKey)->places.size(), 100U);
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
