#include "text/blame.h"

#include <gtest/gtest.h>

namespace rapport::text {
namespace {

TEST(Blame, MattersQuestionsWishesAndAnswersHoldNone) {
  for (const char* text : {"转人工",
                           "轉人工",
                           "人工客服",
                           "噪音多大",
                           "噪音",
                           "是",
                           "是的",
                           "對",
                           "好的",
                           "保修",
                           "退货进度",
                           "退款到账时间",
                           "发票",
                           "發票",
                           "运费多少",
                           "优惠券",
                           "差价怎么补",
                           "预约空调清洗",
                           "取消订单 D-2",
                           "改到周五",
                           "电池续航",
                           "太好了",
                           "没问题",
                           "订单 D-1",
                           "尺寸不合适",
                           "我要退貨",
                           "快递单号",
                           "物流信息",
                           "yes",
                           "refund status",
                           "where is my order",
                           "noise level",
                           "delivery time",
                           "how loud is it",
                           "warranty",
                           "transfer me to a person",
                           "return policy",
                           "price of the purifier",
                           "cancel my order"})
    EXPECT_FALSE(states_fault(text)) << text;
}

TEST(Blame, ComplaintsHoldSome) {
  for (const char* text : {"物流太慢了",
                           "质量太差了，用两天就坏了",
                           "客服态度很差",
                           "杯子是碎的",
                           "為什麼這麼慢",
                           "太吵了",
                           "螢幕裂了",
                           "收到的是假貨",
                           "你们发错货了",
                           "退款一直不到账",
                           "等了一個星期還沒發貨",
                           "不值這個價",
                           "包裝破了，東西都漏出來了",
                           "客服一直不理人",
                           "被多扣了一次钱",
                           "It arrived broken!",
                           "The delivery was late.",
                           "worst service ever",
                           "far too loud",
                           "I still have not got my refund",
                           "it stopped working after two days",
                           "wrong item was delivered",
                           "the courier was rude",
                           "it doesn’t charge"})
    EXPECT_TRUE(states_fault(text)) << text;
}

TEST(Blame, WhoAsksForAPersonIsHeardByHerWords) {
  for (const char* text : {"转人工", "轉人工", "人工", "人工客服", "请帮我转人工！", "我要找真人", "真人客服",
                           "transfer me to a person", "Can I talk to a human?", "speak with an agent",
                           "human", "转人工，我的电话 13912345678"})
    EXPECT_TRUE(asks_for_person(text)) << text;
  for (const char* text : {"", "不要转人工", "先别转人工", "人工客服几点上班", "人工费多少钱", "客服", "你好",
                           "human hair wig", "don't transfer me to a person", "personal data"})
    EXPECT_FALSE(asks_for_person(text)) << text;
}

}  // namespace
}  // namespace rapport::text
