#include "text/clauses.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"

namespace rapport::text {
namespace {

/// Clauses with a bar between them.
std::string parted(std::string_view text) {
  std::string out;
  for (const Clause& clause : clauses_of(text))
    out += (out.empty() ? "" : "|") + std::string(clause.in(text));
  return out;
}

TEST(Clauses, ChineseOfBothScriptsPartsAtPunctuationAndTurns) {
  EXPECT_EQ(parted("物流很快，包装也好。就是声音有点大！"), "物流很快，|包装也好。|就是声音有点大！");
  EXPECT_EQ(parted("音质不错但是电池不行"), "音质不错|但是电池不行");
  EXPECT_EQ(parted("音質不錯不過電池不行，可惜了"), "音質不錯|不過電池不行，|可惜了");
  EXPECT_EQ(parted("不但便宜，只不过慢了点"), "不但便宜，|只不过慢了点") << "parts of other words";
  EXPECT_EQ(parted("客服态度好 东西也好\n快递慢"), "客服态度好 东西也好|快递慢");
}

TEST(Clauses, EnglishPartsAtSentencesAndTurnsButNotInNumbers) {
  EXPECT_EQ(parted("The sound is great. It cost 1,299.50 yuan, e.g. too much!"),
            "The sound is great.|It cost 1,299.50 yuan,|e.g. too much!");
  EXPECT_EQ(parted("Nice case but the battery dies"), "Nice case|but the battery dies");
  EXPECT_EQ(parted("Butter was fine, though late"), "Butter was fine,|though late") << "a whole word only";
  EXPECT_EQ(parted("red, blue and green"), "red, blue and green") << "a list is no clause";
}

TEST(Clauses, PictographsEndAClauseAndAloneAreOne) {
  EXPECT_EQ(parted("很好用😀😀快递慢👎🏽"), "很好用😀😀|快递慢👎🏽");
  EXPECT_EQ(parted("😀😀😀"), "😀😀😀");
  EXPECT_EQ(parted("OK，质量好"), "OK，质量好") << "one word joins what follows";
  EXPECT_EQ(parted("质量好。哦。"), "质量好。哦。") << "and otherwise what stands before";
  EXPECT_EQ(parted("手机 battery 太差,but 客服 nice"), "手机 battery 太差,|but 客服 nice");
}

TEST(Clauses, NothingSaidIsNoClause) {
  for (const char* text : {"", "   ", "。。。！！", "\n\n", "---"})
    EXPECT_TRUE(clauses_of(text).empty()) << text;
}

TEST(Clauses, CharactersAreCountedBesideBytes) {
  const std::string text = "  好看的😀，but slow";
  const auto clauses = clauses_of(text);
  ASSERT_EQ(clauses.size(), 2U);
  EXPECT_EQ(clauses[0].from_character, 2U);
  EXPECT_EQ(clauses[0].to_character, 7U);
  EXPECT_EQ(clauses[1].from_character, 7U);
  EXPECT_EQ(clauses[1].to_character, 15U);
}

TEST(Clauses, AMegabyteIsBounded) {
  std::string text;
  while (text.size() < 1'000'000) text += "这个东西真的不错";
  const auto unbroken = clauses_of(text);
  ASSERT_FALSE(unbroken.empty());
  EXPECT_LE(unbroken.size(), kClausesMost);
  for (const Clause& clause : unbroken)
    EXPECT_LE(clause.to_character - clause.from_character, kClauseLongest);
  text.clear();
  while (text.size() < 1'000'000) text += "好看。不好用！";
  EXPECT_EQ(clauses_of(text).size(), kClausesMost);
}

// Whatever comes, clauses ascend within the text, do not overlap, and their characters agree with their
// bytes.
TEST(Clauses, AnyBytesGiveClausesInOrder) {
  constexpr std::uint64_t kSeed = 20261122;
  Random random(kSeed);
  constexpr std::string_view kPieces[] = {"好",   "，",       "。",   "but ", " ",   "\n", "😀",
                                          "\xff", "\xe5\xa5", "a",    "7",    ".",   ",",  "但是",
                                          "。",   "\u200d",   "，，", "é",    "不过"};
  for (int round = 0; round < 3'000; ++round) {
    std::string text;
    for (std::uint64_t n = random.below(60); n > 0; --n) text += kPieces[random.below(std::size(kPieces))];
    std::size_t end = 0, end_character = 0;
    for (const Clause& clause : clauses_of(text)) {
      ASSERT_GE(clause.from, end) << "seed " << kSeed << " round " << round;
      ASSERT_GT(clause.to, clause.from);
      ASSERT_LE(clause.to, text.size());
      ASSERT_GE(clause.from_character, end_character);
      ASSERT_GT(clause.to_character, clause.from_character);
      ASSERT_LE(clause.to_character - clause.from_character, clause.to - clause.from);
      end = clause.to;
      end_character = clause.to_character;
    }
  }
}

}  // namespace
}  // namespace rapport::text
