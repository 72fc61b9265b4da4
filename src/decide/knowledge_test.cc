#include "decide/knowledge.h"

namespace rapport::decide {
namespace {

KnownProduct purifier() {
  KnownProduct product;
  product.id = "P1";
  product.name = "清风空气净化器";
  product.name_en = "Breeze purifier";
  product.category = "空气净化器";
  product.category_en = "purifier";
  product.facts = {{"洁净空气量", "CADR", "400", "m3/h"},
                   {"噪音", "noise", "33", "dB"},
                   {"滤芯寿命", "filter life", "4380", "h"}};
  return product;
}
KnownAnswer answer(std::string id, std::vector<std::string> questions, std::string text,
                   std::string product = "") {
  KnownAnswer out;
  out.id = std::move(id);
  out.questions = std::move(questions);
  out.text.by[0] = std::move(text);
  out.product_id = std::move(product);
  return out;
}
const Instant kNow = parse_instant("2026-11-01T00:00:00Z").value();

TEST(Everyday, CadrBecomesRoomsAndMinutes) {
  const Said said = everyday_of({}, "", "purifier", purifier().facts[0]);
  EXPECT_NE(said.by[0].find("28–48 平方米"), std::string::npos) << said.by[0];
  // 60 ln(10) x 20 x 2.6 / 400 = 17.96
  EXPECT_NE(said.by[2].find("about 18 minutes"), std::string::npos) << said.by[2];
  EXPECT_TRUE(everyday_of({}, "", "", {"颜色", "colour", "白", ""}).empty());
}

TEST(Everyday, TheShopsOwnRuleGoesFirstAndWithinItsBounds) {
  EverydayRule rule;
  rule.parameter = "CADR";
  rule.from = 300;
  rule.words.by[0] = "每小时 {value} 立方米，客厅够用";
  EXPECT_EQ(everyday_of({rule}, "", "", purifier().facts[0]).by[0], "每小时 400 立方米，客厅够用");
  rule.from = 500;
  EXPECT_NE(everyday_of({rule}, "", "", purifier().facts[0]).by[0], "每小时 400 立方米，客厅够用");
}

TEST(Knowledge, AnswersAreFoundByWordingProductAndTime) {
  KnownAnswer over = answer("over", {"双11几点开始"}, "晚上八点");
  over.until = kNow;
  KnownAnswer draft = answer("draft", {"会员日是几号"}, "每月八号");
  draft.draft = true;
  const auto book = KnowledgeBook::make(
      {answer("filter", {"滤芯多久换一次", "how often to change the filter"}, "半年", "P1"),
       answer("ship", {"包邮吗"}, "满 99 元包邮"), over, draft},
      {purifier()}, {});
  EXPECT_EQ(book->find({"濾芯多久換一次？", "P1", kNow})[0].answer->id, "filter");
  EXPECT_EQ(book->find({"how often must the filter be changed", "", kNow})[0].answer->id, "filter");
  for (const auto& found : book->find({"滤芯多久换一次", "P2", kNow})) EXPECT_NE(found.answer->id, "filter");
  EXPECT_TRUE(book->find({"双11几点开始", "", kNow}).empty());
  EXPECT_TRUE(book->find({"会员日是几号", "", kNow}).empty());
  EXPECT_EQ(book->find({"会员日是几号", "", kNow, true})[0].answer->id, "draft");
}

TEST(Knowledge, AProductsFactIsFoundByWhatPeopleCallIt) {
  const KnownProduct product = purifier();
  EXPECT_EQ(KnowledgeBook::fact_in(product, "它吵不吵")->name_en, "noise");
  EXPECT_EQ(KnowledgeBook::fact_in(product, "滤芯能用多久")->name_en, "filter life");
  EXPECT_EQ(KnowledgeBook::fact_in(product, "which CADR has it")->name_en, "CADR");
  EXPECT_EQ(KnowledgeBook::fact_in(product, "有什么颜色"), nullptr);
  const auto book = KnowledgeBook::make({}, {product}, {});
  ASSERT_EQ(book->named_in("清風空氣淨化器吵嗎").size(), 1U);
  EXPECT_EQ(book->named_in("清風空氣淨化器吵嗎")[0]->id, "P1");
}

TEST(Contradictions, AnotherValueThanTheProductsOwnIsListedWithItsUnit) {
  const auto book = KnowledgeBook::make({answer("noise", {"吵吗"}, "最低 40 分贝，卧室可用。", "P1"),
                                         answer("right", {"多大声"}, "最低 33 dB。", "P1"),
                                         answer("cadr", {"净化多快"}, "每小时 450 立方米/小时", "P1"),
                                         answer("life", {"滤芯"}, "滤芯寿命约 182.5 天", "P1")},
                                        {purifier()}, {});
  const auto found = contradictions(*book, kNow);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].answer, "cadr");
  EXPECT_EQ(found[0].kind, Contradiction::Kind::product_fact);
  EXPECT_EQ(found[1].answer, "noise");
  EXPECT_EQ(found[1].stated, "40 分贝");
  EXPECT_EQ(found[1].against, "33 dB");
}

TEST(Contradictions, TwoAnswersToOneQuestionMustAgreeAndSoMustLanguages) {
  KnownAnswer torn = answer("torn", {"整机保修"}, "整机保修两年。");
  torn.text.by[2] = "The whole device is covered for 12 months.";
  KnownAnswer whole = answer("whole", {"包修"}, "保修两年。");
  whole.text.by[1] = "保固兩年。";
  whole.text.by[2] = "Covered for 24 months.";
  const auto book = KnowledgeBook::make(
      {answer("a", {"保修多久？"}, "保修 24 个月。"), answer("b", {"請問保修多久"}, "保修三年。"),
       answer("c", {"保修多久"}, "保修两年。"), torn, whole, answer("gone", {"它多重"}, "很轻", "P9")},
      {purifier()}, {});
  const auto found = contradictions(*book, kNow);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].answer + found[0].other, "ab");
  EXPECT_EQ(found[0].kind, Contradiction::Kind::other_answer);
  EXPECT_EQ(found[1].answer + found[1].other, "bc");
  EXPECT_EQ(found[2].kind, Contradiction::Kind::product_gone);
  EXPECT_EQ(found[3].answer, "torn");
  EXPECT_EQ(found[3].kind, Contradiction::Kind::other_language);
}

TEST(Contradictions, NumbersThatAreWordsAreHeldAgainstEachOtherToo) {
  const auto in = [](const std::string& chinese, const std::string& english) {
    KnownAnswer one = answer("one", {"保修"}, chinese);
    one.text.by[2] = english;
    return contradictions(*KnowledgeBook::make({one}, {}, {}), kNow);
  };
  EXPECT_TRUE(in("整机保修两年。", "Covered for two years.").empty());
  EXPECT_TRUE(in("整机保修两年。", "Covered for twenty-four months.").empty());
  EXPECT_TRUE(in("半年内免费换新。", "Replaced free of charge within six months.").empty());
  EXPECT_TRUE(in("半年内免费换新。", "Replaced free of charge within half a year.").empty());
  EXPECT_TRUE(in("质保一年半。", "A one and a half year warranty, that is 18 months.").empty());
  EXPECT_TRUE(in("每天开 12 小时，约一年换一次。", "At 12 hours a day, about once a year.").empty());
  const auto found = in("整机保修两年。", "Covered for three years.");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, Contradiction::Kind::other_language);
  EXPECT_EQ(found[0].stated, "两年");
  EXPECT_EQ(found[0].against, "three years");
  EXPECT_EQ(in("整机保修两年。", "Covered for eighteen months.").size(), 1U);
  EXPECT_EQ(in("半年内免费换新。", "Within one year.").size(), 1U);
  EXPECT_EQ(in("一百八十天内。", "Within ninety days.").size(), 1U);
}

TEST(Knowledge, TheThresholdComesOfWordingsLeftOut) {
  std::vector<KnownAnswer> answers;
  for (int i = 0; i < 15; ++i) {
    const std::string thing = "物品" + std::string(1, static_cast<char>('a' + i)) + std::to_string(i * 37);
    answers.push_back(
        answer(thing, {thing + "怎么保养", thing + "如何保养", "请问" + thing + "怎么保养"}, "每月一次"));
  }
  const auto book = KnowledgeBook::make(answers, {}, {});
  EXPECT_GE(book->judged().size(), 40U);
  const double at = book->threshold(0.9);
  EXPECT_GE(at, KnowledgeBook::kLeast);
  std::size_t kept = 0, right = 0;
  for (const auto& one : book->judged()) {
    if (one.match < at) continue;
    ++kept;
    right += one.right ? 1 : 0;
  }
  EXPECT_GE(static_cast<double>(right), 0.9 * static_cast<double>(kept));
  EXPECT_EQ(KnowledgeBook::make({}, {}, {})->threshold(0.9), KnowledgeBook::kCautious);
}

}  // namespace
}  // namespace rapport::decide
