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

}  // namespace
}  // namespace rapport::engine
