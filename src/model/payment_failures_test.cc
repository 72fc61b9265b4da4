#include "model/payment_failures.h"

#include <gtest/gtest.h>

#include <set>

namespace rapport::model {
namespace {

TEST(PaymentFailures, EveryCauseIsSaidInThreeLanguagesAndStandsAtItsPlace) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < payment_causes().size(); ++i) {
    const PaymentCauseSpec& spec = payment_causes()[i];
    EXPECT_EQ(static_cast<std::size_t>(spec.cause), i);
    EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    for (const PaymentText& text : {spec.why, spec.what}) {
      EXPECT_FALSE(text.zh_hans.empty() || text.zh_hant.empty() || text.en.empty()) << spec.name;
    }
  }
}

TEST(PaymentFailures, ACodeHasOneCauseAndEachCauseACode) {
  std::set<std::pair<std::string_view, std::string_view>> codes;
  std::set<PaymentCause> caused;
  for (const PaymentCode& code : payment_codes()) {
    EXPECT_TRUE(codes.emplace(code.source, code.code).second) << code.source << " " << code.code;
    EXPECT_NE(code.cause, PaymentCause::unknown) << code.code;
    caused.insert(code.cause);
    const std::string_view method = code.source.empty() ? "whatever" : code.source;
    EXPECT_EQ(cause_of_payment_code(method, code.code), code.cause) << code.code;
  }
  EXPECT_EQ(caused.size(), kPaymentCauses - 1) << "all but unknown";
}

TEST(PaymentFailures, WhatNobodyKnowsIsNotGuessed) {
  EXPECT_EQ(cause_of_payment_code("alipay", "51"), PaymentCause::unknown) << "a card's code, but no card";
  EXPECT_EQ(cause_of_payment_code("credit_card", "51"), PaymentCause::insufficient_balance);
  EXPECT_EQ(cause_of_payment_code("wechat_pay", "notenough"), PaymentCause::insufficient_balance);
  EXPECT_EQ(cause_of_payment_code("credit_card", "made up"), PaymentCause::unknown);
  EXPECT_EQ(cause_of_payment_code("", ""), PaymentCause::unknown);
}

TEST(PaymentFailures, TheWayOutIsNeverTheMethodThatFailed) {
  constexpr std::string_view kMethods[] = {"alipay",        "wechat_pay",   "unionpay",
                                           "credit_card",   "digital_yuan", "business_transfer",
                                           "something else"};
  for (const PaymentCauseSpec& spec : payment_causes()) {
    for (const std::string_view method : kMethods) {
      const auto ways = ways_out(spec.cause, method);
      EXPECT_EQ(ways.empty(), !spec.switch_method) << spec.name << " " << method;
      for (const std::string_view way : ways) EXPECT_NE(way, method) << spec.name;
    }
  }
}

}  // namespace
}  // namespace rapport::model
