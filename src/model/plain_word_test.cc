#include "model/plain_word.h"

#include <gtest/gtest.h>

#include <string>

#include "model/catalogue_ids.h"

namespace rapport::model {
namespace {

TEST(PlainWord, CodesStayReadable) {
  for (const std::string_view text :
       {"size", "changed_mind", "return:R-1f", "late_parcel", "7d", "on_duty", ""}) {
    EXPECT_TRUE(stays_clear(kind::return_updated, text)) << text;
    EXPECT_TRUE(stays_clear(kind::return_requested, text)) << text;
  }
}

TEST(PlainWord, WhatTheHouseSaysOfAReturnStaysReadable) {
  for (const std::string_view text :
       {"nobody published a rule", "rule 1: size, 1 photos, 26h after it was signed for", "later than 7 days",
        "rule 12: 尺码不合适, 0 photos, 3d after it was signed for"})
    EXPECT_TRUE(stays_clear(kind::return_updated, text)) << text;
  for (const std::string_view text :
       {"rule 1: she is a thief after it was signed for", "later than all her days",
        "rule 13912345678: x, 1 photos, 26h after it was signed for"})
    EXPECT_FALSE(stays_clear(kind::return_updated, text)) << text;
  EXPECT_FALSE(stays_clear(kind::ticket_updated, "nobody published a rule"));
}

TEST(PlainWord, ProseIsSealed) {
  for (const std::string_view text :
       {"she lied about it", "13912345678", "li@example.com", "客户说，盒子破了", "打 139",
        "Li.Na/13912345678:is_a_drunk", "尺码不合适 ", "«x»", "\xe5\xb0", "好。"}) {
    EXPECT_FALSE(stays_clear(kind::return_updated, text)) << text;
    EXPECT_FALSE(stays_clear(kind::return_requested, text)) << text;
  }
  EXPECT_FALSE(stays_clear(kind::return_requested, std::string(65, 'a')));
}

TEST(PlainWord, WhatIsChosenFromAListMayBeOfAnyScript) {
  EXPECT_TRUE(stays_clear(kind::return_requested, "尺码不合适"));
  EXPECT_TRUE(stays_clear(kind::order_cancelled, "不想要了"));
  EXPECT_TRUE(stays_clear(kind::points_changed, "签到"));
  EXPECT_FALSE(stays_clear(kind::return_requested, "李娜是骗子她欠钱不还"));
  EXPECT_FALSE(stays_clear(kind::tier_changed, "很难缠"));
  EXPECT_FALSE(stays_clear(kind::message_decided, "she is rude"));
  EXPECT_FALSE(stays_clear(kind::ticket_action_updated, "客户很难缠"));
  EXPECT_FALSE(stays_clear(kind::coupon_granted, "安抚"));
}

}  // namespace
}  // namespace rapport::model
