#include "text/letter.h"

#include <gtest/gtest.h>

namespace rapport::text {
namespace {

TEST(Letter, WhatIsQuotedAndSignedIsLeftOut) {
  EXPECT_EQ(newly_written("It broke again.\r\n\r\n> Dear Ada,\r\n> please restart it.\r\n"),
            "It broke again.");
  EXPECT_EQ(newly_written(
                "Still waiting.\n\nOn Mon, 2 Nov 2026 at 10:00, Shop <care@shop.example> wrote:\n> Soon.\n"),
            "Still waiting.");
  EXPECT_EQ(newly_written("Still waiting.\nOn Mon, 2 Nov 2026 at 10:00, A Very Long Shop Name\n"
                          "<care@shop.example> wrote:\nSoon."),
            "Still waiting.");
  EXPECT_EQ(
      newly_written("滤芯还没到。\n\n在 2026年11月2日 10:00，客服 <care@shop.example> 写道：\n> 已发货"),
      "滤芯还没到。");
  EXPECT_EQ(newly_written("濾芯還沒到。\n------------------ 原始郵件 ------------------\n寄件者: 客服"),
            "濾芯還沒到。");
  EXPECT_EQ(newly_written("请尽快。\n发件人: 客服\n发送时间: 2026年11月2日\n收件人: 李敏\n主题: 回复"),
            "请尽快。");
  EXPECT_EQ(newly_written("Thanks.\n-- \nAda\nHangzhou"), "Thanks.");
}

TEST(Letter, WhatOnlyLooksLikeAQuoteStays) {
  EXPECT_EQ(newly_written("On the box it says 220 V.\nFrom: the north, I guess."),
            "On the box it says 220 V.\nFrom: the north, I guess.");
  EXPECT_EQ(newly_written("第一行\n第二行"), "第一行\n第二行");
  EXPECT_EQ(newly_written("---\nnot a divider of ours"), "---\nnot a divider of ours");
}

TEST(Letter, ALetterThatOnlyQuotesStaysWhole) {
  EXPECT_EQ(newly_written("> all of it\n> is quoted\n"), "> all of it\n> is quoted");
  EXPECT_EQ(newly_written(""), "");
  EXPECT_EQ(newly_written(" \r\n\t"), "");
}

}  // namespace
}  // namespace rapport::text
