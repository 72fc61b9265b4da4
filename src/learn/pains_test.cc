#include "learn/pains.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace rapport::learn {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kNow = 100 * kDay;

constexpr std::string_view kBlame[] = {
    "物流太慢了，", "包装破了",     "客服不理人", "the courier was rude", "价格太贵",
    "声音很大",     "退款还没到账", "颜色不好看", "it arrived broken",    "用了两天就坏了"};
constexpr std::string_view kPraise[] = {"很好用",   "物流很快",   "包装很好", "great value", "客服很有耐心",
                                        "颜色好看", "works well", "价格实惠", "会回购",      "质量不错"};

/// `count` clauses of an ordinary shop over 28 days.
std::vector<SaidClause> ordinary(Random& random, std::size_t count) {
  std::vector<SaidClause> out;
  for (std::uint32_t i = 0; i < count; ++i) {
    SaidClause one;
    one.blame = random.chance(0.4);
    one.text = std::string(one.blame ? kBlame[random.below(10)] : kPraise[random.below(10)]);
    one.at_ms = kNow - static_cast<std::int64_t>(random.below(28 * kDay));
    one.author = one.source = i;
    out.push_back(std::move(one));
  }
  return out;
}

const Pain* find(const std::vector<Pain>& pains, std::string_view phrase) {
  const auto found = std::find_if(pains.begin(), pains.end(), [&](const Pain& one) {
    return one.phrase.find(phrase) != std::string::npos;
  });
  return found == pains.end() ? nullptr : &*found;
}

PainOptions options() {
  PainOptions out;
  out.now_ms = kNow;
  out.since_ms = kNow - 28 * kDay;
  out.rising_first = true;
  return out;
}

// A new fault is said in many ways around one phrase; it is among the ten first before fifty have named it.
TEST(Pains, ANewPhraseRisesToTheTop) {
  constexpr std::string_view kAround[] = {"的滤网卡扣断了", "才装上滤网卡扣就松", "滤网卡扣质量不行",
                                          "这个滤网卡扣一掰就断", "滤網卡扣又壞了"};
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Random random(seed);
    std::vector<SaidClause> clauses = ordinary(random, 1'500);
    for (std::uint32_t i = 0; i < 20; ++i) {
      clauses.push_back({std::string(kAround[random.below(5)]),
                         kNow - static_cast<std::int64_t>(random.below(5 * kDay)), 10'000 + i, 10'000 + i,
                         true});
    }
    PainOptions asked = options();
    asked.most = 10;
    const auto pains = find_pains(clauses, asked);
    const Pain* pain = find(pains, "滤网卡扣");
    ASSERT_NE(pain, nullptr) << "seed " << seed;
    EXPECT_TRUE(pain->burst) << "seed " << seed;
    EXPECT_GE(pain->customers, 18U);
    EXPECT_EQ(pain->others, 0U);
    EXPECT_LE(pain->sources.size(), 10U);
  }
}

// As a newcomer saw them: 标的, 用了, 了两 stood first, being common to whatever is blamed.
TEST(Pains, PiecesOfGrammarAreNoPains) {
  constexpr std::string_view kParts[] = {"水箱", "滤芯", "电池", "屏幕", "底座", "接口", "插头", "把手"};
  constexpr std::string_view kLong[] = {"两天", "三天", "一周", "半个月", "几次"};
  constexpr std::string_view kFault[] = {"坏了", "漏水", "不好用", "没反应", "有异响", "退不了"};
  Random random(9);
  std::vector<SaidClause> clauses = ordinary(random, 600);
  for (std::uint32_t i = 0; i < 600; ++i) {
    const std::string part(kParts[random.below(8)]), span(kLong[random.below(5)]),
        fault(kFault[random.below(6)]);
    const std::string said[] = {part + "用了" + span + "就" + fault, "我的" + part + "才用了" + span + fault,
                                part + "和标的不一样，" + fault, "在家用" + part + "都" + fault,
                                "他们说的" + part + "容量是虚标的"};
    clauses.push_back({said[random.below(5)], kNow - static_cast<std::int64_t>(random.below(28 * kDay)),
                       20'000 + i, 20'000 + i, true});
  }
  PainOptions asked = options();
  asked.rising_first = false;
  asked.most = 200;
  const auto pains = find_pains(clauses, asked);
  ASSERT_GT(pains.size(), 10U);
  const auto whole = [&](std::string_view phrase) {
    return std::any_of(pains.begin(), pains.end(), [&](const Pain& one) { return one.phrase == phrase; });
  };
  for (const Pain& pain : pains) {
    for (const std::string_view grammar : {"的", "我", "在", "是", "都", "就", "才", "和"}) {
      EXPECT_FALSE(pain.phrase.starts_with(grammar)) << pain.phrase;
      EXPECT_FALSE(pain.phrase.ends_with(grammar)) << pain.phrase;
    }
    EXPECT_FALSE(pain.phrase.starts_with("了") || pain.phrase.starts_with("用了")) << pain.phrase;
    EXPECT_FALSE(pain.phrase.ends_with("用了")) << pain.phrase;
  }
  EXPECT_FALSE(whole("标的"));
  for (const std::string_view fault : {"不好用", "没反应", "坏了", "退不了"})
    EXPECT_TRUE(whole(fault)) << fault;
}

TEST(Pains, WhatIsSaidInPraiseIsNoPain) {
  Random random(7);
  const auto pains = find_pains(ordinary(random, 2'000), options());
  EXPECT_EQ(find(pains, "会回购"), nullptr);
  EXPECT_EQ(find(pains, "很好用"), nullptr);
  for (const Pain& pain : pains) EXPECT_GT(pain.odds, 0) << pain.phrase;
}

TEST(Pains, OneCustomerWhoRepeatsHimselfIsOne) {
  Random random(8);
  std::vector<SaidClause> clauses = ordinary(random, 300);
  for (std::uint32_t i = 0; i < 30; ++i) clauses.push_back({"旋钮打滑", kNow - kDay, 77'777, i, true});
  EXPECT_EQ(find(find_pains(clauses, options()), "旋钮"), nullptr);
}

TEST(Pains, NothingSaidIsNoPain) {
  EXPECT_TRUE(find_pains({}, options()).empty());
  const SaidClause odd[] = {{"", 0, 0, 0, true}, {"\xff\xfe", 0, 1, 1, true}, {"😀😀", 0, 2, 2, true}};
  EXPECT_TRUE(find_pains(odd, options()).empty());
}

}  // namespace
}  // namespace rapport::learn
