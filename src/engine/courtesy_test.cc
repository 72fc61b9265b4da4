#include "engine/detail/courtesy.h"

#include <gtest/gtest.h>

namespace rapport::engine {
namespace {

TEST(Courtesy, ThanksAreNoMessage) {
  for (const char* text :
       {"谢谢", "好的，谢谢！", "好的，謝謝您", "收到，辛苦了~", "嗯嗯好的", "问题解决了，谢谢你们", "ok",
        "OK, thanks!", "Thank you so much", "great, thanks a lot 👍", "谢谢🌹🌹"})
    EXPECT_TRUE(is_courtesy(text)) << text;
}

TEST(Courtesy, WhoSaysMoreIsHeard) {
  for (const char* text :
       {"", "？", "谢谢，但是还是坏的", "好的，那什么时候发货", "不行", "没收到", "还是没解决", "不好",
        "thanks for nothing", "thanks, but it still does not charge", "it is not good", "ok when?", "12345",
        "行不行", "没有好", "好的？", "good", "谢谢。订单 88231 呢"})
    EXPECT_FALSE(is_courtesy(text)) << text;
}

TEST(Courtesy, ARequestIsNoReproach) {
  for (const char* text :
       {"怎么退货", "能改地址吗", "我想退货", "幫我換個收貨地址", "where is my parcel", "can I return it?",
        "I need a VAT receipt", "噪音多大", "轉人工", "transfer me to a person"})
    EXPECT_TRUE(is_request(text)) << text;
  for (const char* text : {"怎么还没到", "為什麼這麼慢", "太慢了", "杯子是碎的", "why is it so slow", "D-1",
                           "it arrived broken", "客服态度很差"})
    EXPECT_FALSE(is_request(text)) << text;
}

}  // namespace
}  // namespace rapport::engine
