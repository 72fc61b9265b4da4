#include "decide/detail/test_appointments.h"

// What people say around appointments, coupons, parcels and products, in both scripts and English.
namespace rapport::decide {
namespace {

using SpeechTest = BookableShopTest;

TEST_F(SpeechTest, ATimeAfterABookingWasSpokenOfIsForThat) {
  EXPECT_EQ(say("预约上门安装，明天下午三点").act, "confirm_booking");
  EXPECT_EQ(say("算了").act, "dropped");
  const AssistantReply again = say("下周三下午三点");
  EXPECT_EQ(again.act, "confirm_booking") << again.text;
  EXPECT_NE(again.text.find("上门安装，2026-11-25 15:00"), std::string::npos) << again.text;
  state_ = {};
  EXPECT_EQ(say("I would like to book a home installation").act, "ask_when");
  EXPECT_EQ(say("never mind").act, "dropped");
  EXPECT_EQ(say("how about next Wednesday at 3 pm?").act, "confirm_booking");
}

TEST_F(SpeechTest, ATimeAloneAsksWhatFor) {
  for (const char* text : {"下周三下午三点", "下週三下午三點", "那就明天上午十点吧", "Friday at 3?",
                           "明天下午四點可以嗎", "2026-11-25 15:00"}) {
    state_ = {};
    const AssistantReply reply = say(text);
    EXPECT_EQ(reply.act, "ask_what_for") << text;
    ASSERT_EQ(reply.choices.size(), 2U) << text;
  }
  state_ = {};
  say("下周三下午三点");
  const AssistantReply chosen = say("上门安装");
  EXPECT_EQ(chosen.act, "confirm_booking");
  EXPECT_NE(chosen.text.find("2026-11-25 15:00"), std::string::npos) << "the time is kept: " << chosen.text;
  // Nothing that only looks like one.
  for (const char* text :
       {"早上好", "明天天气怎么样", "三天后能到吗", "晚上好", "周五的包裹到了吗", "good morning"}) {
    state_ = {};
    EXPECT_NE(say(text).act, "ask_what_for") << text;
    EXPECT_NE(state_.task, "book") << text;
  }
}

TEST_F(SpeechTest, WhoHasOneMayMeanThatOne) {
  has("S-install", "2026-11-25T15:00");
  const AssistantReply asked = say("周四下午四点");
  EXPECT_EQ(asked.act, "ask_what_for");
  const AssistantReply moved = say("改约");
  EXPECT_EQ(moved.act, "confirm_move_booking") << moved.text;
  EXPECT_NE(moved.text.find("2026-11-26 16:00"), std::string::npos) << moved.text;
}

TEST_F(SpeechTest, MovedInTheWordsThatPeopleUse) {
  has("S-install", "2026-11-25T15:00");
  const std::pair<const char*, const char*> kMoves[] = {
      {"改到周四", "2026-11-26 15:00"},
      {"挪到周四上午十点", "2026-11-26 10:00"},
      {"能不能換到下週五下午兩點", "2026-11-27 14:00"},
      {"推迟到周四下午四点", "2026-11-26 16:00"},
      {"改到四点", "2026-11-25 16:00"},
      {"延到週四", "2026-11-26 15:00"},
      {"move it to Thursday", "2026-11-26 15:00"},
      {"can we make it Thursday at 4 pm", "2026-11-26 16:00"},
      {"could you push it to Thursday at 11 am?", "2026-11-26 11:00"},
      {"I'd like to move it to Thursday", "2026-11-26 15:00"},
      {"Thursday at 10 am instead", "2026-11-26 10:00"},
      {"把安装的时间调到周四上午九点", "2026-11-26 09:00"}};
  for (const auto& [text, when] : kMoves) {
    state_ = {};
    const AssistantReply reply = say(text);
    EXPECT_EQ(reply.act, "confirm_move_booking") << text << ": " << reply.text;
    EXPECT_NE(reply.text.find(when), std::string::npos) << text << ": " << reply.text;
    const AssistantReply done = say("好的，麻烦了");
    EXPECT_EQ(done.action.kind, AssistantAction::Kind::move_booking) << text;
    EXPECT_EQ(done.action.held_time, at("2026-11-25T15:00"));
  }
  // A day on which the hour cannot be kept: she is asked for one.
  state_ = {};
  facts_.bookable[0].booked = {{at("2026-11-26T15:00"), 1}};
  EXPECT_EQ(say("改到周四").act, "ask_hour");
  // A parcel, and who has nothing to move.
  state_ = {};
  EXPECT_NE(say("快递改到周五送").act, "confirm_move_booking");
  mine_.appointments.clear();
  state_ = {};
  EXPECT_NE(say("move it to Friday").act, "confirm_move_booking");
}

TEST_F(SpeechTest, YesAndNoAreUnderstoodAsWhatTheyAre) {
  for (const char* yes : {"yes please", "好的，麻烦了", "好的，謝謝", "行，就这样吧", "sure, thanks",
                          "可以，麻煩您了", "sounds good", "嗯，确认", "ok, go ahead please"}) {
    state_ = {};
    say("预约上门安装，明天下午三点");
    EXPECT_EQ(say(yes).act, "do_book") << yes;
  }
  for (const char* no :
       {"好的，不要了", "还是算了吧，谢谢", "no, thank you", "嗯…不用了", "好，先不要", "ok, never mind"}) {
    state_ = {};
    say("预约上门安装，明天下午三点");
    EXPECT_EQ(say(no).act, "dropped") << no;
  }
  // To nothing that was asked.
  state_ = {};
  say("我的预约是什么时候");
  EXPECT_EQ(say("yes please").act, "ask_service") << "it was offered to book";
}

TEST_F(SpeechTest, OfferedAreTheNearestTimes) {
  facts_.bookable[0].booked = {{at("2026-11-25T15:00"), 1}};
  const AssistantReply full = say("预约上门安装，下周三下午三点");
  EXPECT_EQ(full.act, "when_full");
  ASSERT_EQ(full.choices.size(), 3U);
  EXPECT_EQ(full.choices[0].label, "2026-11-25 13:00");
  EXPECT_EQ(full.choices[1].label, "2026-11-25 14:00");
  EXPECT_EQ(full.choices[2].label, "2026-11-25 16:00");
  const AssistantReply late = say("下周三晚上八点");
  EXPECT_EQ(late.act, "when_closed");
  EXPECT_EQ(late.choices.back().label, "2026-11-25 17:00");
}

TEST_F(SpeechTest, AnyCouponsIsAboutCoupons) {
  for (const char* text :
       {"有沒有優惠券", "有没有优惠券可以用", "any coupons?", "do you have any vouchers", "还有优惠券吗"}) {
    state_ = {};
    mine_.coupons.clear();
    EXPECT_EQ(say(text).act, "no_coupons") << text;
    mine_.coupons.push_back({"C-5", "5.00", "CNY", kFridayNoon, kFridayNoon + days(3), {}});
    EXPECT_EQ(say(text).act, "coupons") << text;
  }
  mine_.coupons.clear();
  KnownAnswer shops;
  shops.id = "K-coupons";
  shops.questions = {"优惠券在哪里领"};
  shops.text.by = {"首页可以领券。", "", "Coupons are on the home page."};
  shops.intent = "coupon";
  knows({shops});
  EXPECT_EQ(say("有沒有優惠券").answer_id, "K-coupons");
}

TEST_F(SpeechTest, WillItBeLateIsAboutHerParcel) {
  model::VisitorOrder order;
  order.order_id = "D-1";
  order.state = "in_transit";
  order.placed = kFridayNoon - days(2);
  order.nodes = {{"in_transit", kFridayNoon - days(1), {}}, {"signed", {}, kFridayNoon + days(1)}};
  mine_.orders = {order};
  for (const char* text :
       {"会不会晚到", "會不會晚到啊", "will it be late", "明天能准时到吗", "is it going to be on time?"}) {
    state_ = {};
    const AssistantReply reply = say(text);
    EXPECT_EQ(reply.act, "order_state") << text;
    EXPECT_NE(reply.text.find("2026-11-21 12:00"), std::string::npos) << "what was promised: " << reply.text;
  }
}

TEST_F(SpeechTest, WhatIsSaidOfTheProductGoesBeforeWhatIsSaidOfAll) {
  const auto known = [](const char* id, const char* product, const char* text) {
    KnownAnswer answer;
    answer.id = id;
    answer.product_id = product;
    answer.questions = {"保修多久", "how long is the warranty"};
    answer.text.by = {text, "", text};
    answer.intent = "warranty";
    return answer;
  };
  KnownProduct kettle, purifier;
  kettle.id = "P-kettle", kettle.name = "电热水壶", kettle.name_en = "electric kettle";
  purifier.id = "P-air", purifier.name = "空气净化器", purifier.name_en = "air purifier";
  knows({known("K-all", "", "一年"), known("K-air", "P-air", "三年")}, {kettle, purifier});
  EXPECT_EQ(say("保修多久").answer_id, "K-all") << "no product is known";
  state_ = {};
  EXPECT_EQ(say("空气净化器保修多久").answer_id, "K-air");
  EXPECT_EQ(say("how long is the warranty").answer_id, "K-air") << "of what was spoken of";
  EXPECT_EQ(say("电热水壶保修多久").answer_id, "K-all");
  state_ = {};
  facts_.product_in_view = "P-air";
  EXPECT_EQ(say("保修多久").answer_id, "K-air");
}

TEST_F(SpeechTest, TwentyFourIsTheEndOfThatDay) {
  const AssistantReply reply = say("预约选购顾问，12月3号24:00");
  EXPECT_EQ(reply.act, "confirm_booking") << reply.text;
  EXPECT_NE(reply.text.find("2026-12-04 00:00"), std::string::npos) << reply.text;
}

TEST_F(SpeechTest, ATimeThatClocksSkipOrShowTwiceIsAskedAbout) {
  zone_ = *text::Zone::find("Europe/Berlin");
  facts_.now = *parse_instant("2026-10-20T08:00:00Z");
  const AssistantReply twice = say("book a buying adviser on 2026-10-25 at 02:30");
  EXPECT_EQ(twice.act, "ask_which") << twice.text;
  ASSERT_EQ(twice.choices.size(), 2U);
  EXPECT_EQ(twice.choices[0].label, "2026-10-25T02:30+02:00");
  EXPECT_EQ(twice.choices[1].label, "2026-10-25T02:30+01:00");
  EXPECT_EQ(say(twice.choices[1].label).act, "confirm_booking");
  EXPECT_EQ(format_instant(say("yes").action.for_time), "2026-10-25T01:30:00Z");

  state_ = {};
  facts_.now = *parse_instant("2027-03-20T08:00:00Z");
  const AssistantReply skipped = say("book a buying adviser on 2027-03-28 at 02:30");
  EXPECT_EQ(skipped.act, "when_skipped") << skipped.text;
  EXPECT_FALSE(skipped.choices.empty());
  EXPECT_EQ(say("03:30").act, "confirm_booking");
}

TEST_F(SpeechTest, EnglishNamesAServiceByItsName) {
  mine_.services.push_back({"S-77", "entitled", kFridayNoon, {{"title", "\"延长保修\""}}});
  mine_.services.push_back(
      {"S-78", "bought", kFridayNoon, {{"title", "\"洗空调\""}, {"title_en", "\"Cleaning\""}}});
  const std::string told = say("which services do I have").text;
  EXPECT_NE(told.find("Cleaning: bought"), std::string::npos) << told;
  EXPECT_EQ(told.find("S-7"), std::string::npos) << told;
  // One that is not to be booked any more.
  mine_.appointments.push_back({"S-gone", at("2026-11-25T15:00"), {{"title_en", "\"Fitting\""}}, NodeId{7}});
  const std::string when = say("when is my appointment").text;
  EXPECT_NE(when.find("Fitting"), std::string::npos) << when;
}

}  // namespace
}  // namespace rapport::decide
