#include "text/slots.h"

#include "text/quantities.h"

namespace rapport::text {
namespace {

TEST(Quantities, UnitsOfOneDimensionCompare) {
  const auto only = [](std::string_view text) {
    const auto found = quantities_of(text);
    EXPECT_EQ(found.size(), 1U) << text;
    return found.empty() ? Quantity{} : found[0];
  };
  EXPECT_EQ(only("保修两年").thousandths, only("warranty of 24 months").thousandths);
  EXPECT_EQ(only("保固兩年").thousandths, only("a 2-year guarantee").thousandths);
  EXPECT_EQ(only("二十四个月").thousandths, only("两年").thousandths);
  EXPECT_EQ(only("5,000 mAh").thousandths, only("5000毫安时").thousandths);
  EXPECT_EQ(only("5000毫安時").dimension, Dimension::charge);
  EXPECT_EQ(only("CADR 300 m³/h").thousandths, only("每小时送出300立方米每小时").thousandths);
  EXPECT_EQ(only("0.5L").thousandths, only("500 毫升").thousandths);
  EXPECT_EQ(only("40分貝").thousandths, only("40 dB").thousandths);
  EXPECT_NE(only("7天").thousandths, only("8 days").thousandths);
  EXPECT_EQ(only("48 hours").thousandths, only("2天").thousandths);
}

TEST(Quantities, NumbersMayBeWords) {
  const auto months = [](std::string_view text) {
    const auto found = quantities_of(text);
    EXPECT_EQ(found.size(), 1U) << text;
    return found.empty() || found[0].dimension != Dimension::calendar ? -1 : found[0].thousandths / 1'000;
  };
  EXPECT_EQ(months("covered for two years"), 24);
  EXPECT_EQ(months("A Twenty-Four month warranty"), 24);
  EXPECT_EQ(months("twenty four months"), 24);
  EXPECT_EQ(months("a three-year guarantee"), 36);
  EXPECT_EQ(months("half a year"), 6);
  EXPECT_EQ(months("one and a half years"), 18);
  EXPECT_EQ(months("半年内"), 6);
  EXPECT_EQ(months("质保兩年半"), 30);
  EXPECT_EQ(quantities_of("一个半月")[0].thousandths, 1'500);
  EXPECT_EQ(quantities_of("一百八十天")[0].thousandths,
            quantities_of("one hundred and eighty days")[0].thousandths);
  EXPECT_EQ(quantities_of("三百六十五天")[0].thousandths, quantities_of("365 days")[0].thousandths);
  EXPECT_EQ(quantities_of("一百零五天")[0].thousandths, quantities_of("105 days")[0].thousandths);
  EXPECT_EQ(quantities_of("一个半小时")[0].thousandths, quantities_of("90 minutes")[0].thousandths);
  EXPECT_EQ(quantities_of("half an hour")[0].thousandths, quantities_of("半个小时")[0].thousandths);
  for (const char* text : {"once a year", "at twelve o'clock", "someone day", "一百", "一百零", "半",
                           "上半年发货", "等了半天", "half", "half-price", "a month", "two", "the twenties"})
    EXPECT_TRUE(quantities_of(text).empty()) << text;
}

TEST(Quantities, WhatIsNoAmountIsNone) {
  for (const char* text : {"订单 A5000m", "iPhone 15", "", "5000", "B-12h3", "第 3 号"})
    EXPECT_TRUE(quantities_of(text).empty()) << text;
  EXPECT_FALSE(quantity_of("abc", "mAh"));
  EXPECT_FALSE(quantity_of("5", "parsecs"));
  EXPECT_EQ(quantity_of("5000", "mAh")->thousandths, 5'000'000);
}

TEST(Slots, NumbersOfOrdersAreFoundAsWritten) {
  const auto found = number_tokens("订单 D-1 和 #A77，还有 2 个");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].text, "D-1");
  EXPECT_TRUE(found[0].told);
  EXPECT_TRUE(found[1].told);
  EXPECT_EQ(found[2].text, "2");
  EXPECT_FALSE(found[2].told);
  EXPECT_TRUE(number_tokens("where is order 5566")[0].told);
}

TEST(Slots, YesAndNo) {
  for (const char* yes : {"好的", "好", "確定", "對", "Yes please!", "ok", "可以吧", "是的。"})
    EXPECT_EQ(assent_of(yes), Assent::yes) << yes;
  for (const char* no : {"算了", "不用了", "No thanks", "不要", "取消吧"})
    EXPECT_EQ(assent_of(no), Assent::no) << no;
  for (const char* yes :
       {"yes please", "好的，麻烦了", "好的，謝謝", "麻烦您了", "ok, thanks", "那就这样吧", "对，没错"})
    EXPECT_EQ(assent_of(yes), Assent::yes) << yes;
  for (const char* no :
       {"好的，不要了", "好的，不用了谢谢", "no, thank you", "ok, never mind", "嗯，算了", "不，谢谢"})
    EXPECT_EQ(assent_of(no), Assent::no) << no;
  for (const char* none : {"谢谢", "thanks", "好的，那什么时候到", "不要这个，要那个", "yes but when", "。"})
    EXPECT_EQ(assent_of(none), Assent::none) << none;
  for (const char* none : {"好的我还有个问题", "", "快递到哪了", "取消订单"})
    EXPECT_EQ(assent_of(none), Assent::none) << none;
}

TEST(Slots, PhonesReasonsAndScripts) {
  EXPECT_EQ(phone_in("打我电话 139 1234 5678 谢谢"), "+8613912345678");
  EXPECT_EQ(phone_in("call +852 6123 4567"), "+85261234567");
  EXPECT_EQ(phone_in("订单 5566"), "");
  EXPECT_EQ(return_reason_of("尺寸不合適"), "size");
  EXPECT_EQ(return_reason_of("杯子碎了"), "damaged");
  EXPECT_EQ(return_reason_of("it is too small"), "size");
  EXPECT_EQ(return_reason_of("不想要了"), "changed_mind");
  EXPECT_EQ(return_reason_of("我想退货"), "");
  EXPECT_EQ(script_of("我的訂單").written, Written::traditional);
  EXPECT_EQ(script_of("我的订单").written, Written::simplified);
  EXPECT_EQ(script_of("my order").written, Written::english);
  EXPECT_FALSE(script_of("D-1").written);
  EXPECT_TRUE(script_of("你好").is_chinese);
}

TEST(Slots, ThatTheAnswerWasNoneIsToldApartFromANo) {
  for (const char* text :
       {"答非所问", "我问的不是这个", "不是這個意思", "That's not what I asked!", "你没听懂"})
    EXPECT_TRUE(was_not_it(text)) << text;
  for (const char* text : {"不是", "不对，是订单 D-3", "no", "质量不好", "it did not arrive"})
    EXPECT_FALSE(was_not_it(text)) << text;
}

}  // namespace
}  // namespace rapport::text
