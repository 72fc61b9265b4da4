#include "decide/appointment.h"

#include "decide/detail/test_appointments.h"

namespace rapport::decide {
namespace {

using AppointmentTest = BookableShopTest;

TEST_F(AppointmentTest, BookedAfterAYesInTheShopsZone) {
  const AssistantReply asked = say("帮我预约安装，下周三下午三点");
  EXPECT_EQ(asked.act, "confirm_booking");
  EXPECT_NE(asked.text.find("2026-11-25 15:00（周三）"), std::string::npos) << asked.text;
  EXPECT_EQ(asked.action.kind, AssistantAction::Kind::none);
  const AssistantReply done = say("好的");
  EXPECT_EQ(done.act, "do_book");
  EXPECT_EQ(done.action.kind, AssistantAction::Kind::book);
  EXPECT_EQ(done.action.service_id, "S-install");
  EXPECT_EQ(format_instant(done.action.for_time), "2026-11-25T07:00:00Z");
  // Once: a second yes is to nothing.
  EXPECT_EQ(say("好的").action.kind, AssistantAction::Kind::none);
}

TEST_F(AppointmentTest, AMinuteHasOneRoom) {
  BookableService service;
  service.capacity = 1;
  const Instant three = at("2026-11-21T15:00");
  service.booked = {{three + milliseconds(1), 1}, {three + milliseconds(59'999), 2}, {three + minutes(1), 4}};
  EXPECT_EQ(booked_at(service, three), 3);
  EXPECT_EQ(booked_at(service, three + seconds(30)), 3);
  EXPECT_EQ(booked_at(service, three + minutes(1)), 4);
  EXPECT_EQ(booked_at(service, three - milliseconds(1)), 0);
  EXPECT_EQ(minute_of(Instant{-1}), Instant{-60'000});
  EXPECT_TRUE(begins_an_hour(three, nullptr));
  EXPECT_FALSE(begins_an_hour(three + milliseconds(1), nullptr));
  // India's hours begin at half past those of UTC.
  const auto kolkata = text::Zone::find("Asia/Kolkata");
  ASSERT_TRUE(kolkata.ok());
  EXPECT_FALSE(begins_an_hour(three, &*kolkata));
  EXPECT_TRUE(begins_an_hour(three + minutes(30), &*kolkata));
}

TEST_F(AppointmentTest, WhatIsMissingIsAskedTurnByTurn) {
  EXPECT_EQ(say("我想預約").act, "ask_service");
  const AssistantReply when = say("上門安裝");
  EXPECT_EQ(when.act, "ask_when");
  EXPECT_NE(when.text.find("想約在哪天"), std::string::npos) << "in her script";
  const AssistantReply hour = say("明天下午");
  EXPECT_EQ(hour.act, "ask_hour");
  ASSERT_FALSE(hour.choices.empty());
  EXPECT_EQ(hour.choices[0].label, "2026-11-21 12:00");
  const AssistantReply confirm = say("四點吧");
  EXPECT_EQ(confirm.act, "confirm_booking") << confirm.text;
  EXPECT_NE(confirm.text.find("2026-11-21 16:00（週六）"), std::string::npos) << confirm.text;
}

TEST_F(AppointmentTest, AnHourThatOnlyOnceLiesInTheHoursIsThatOne) {
  // At three in the morning nobody comes.
  EXPECT_NE(say("预约上门安装，明天三点").text.find("2026-11-21 15:00"), std::string::npos);
}

TEST_F(AppointmentTest, WhatIsAmbiguousIsAskedBack) {
  // The adviser is there round the clock.
  const AssistantReply which = say("预约选购顾问，明天三点");
  EXPECT_EQ(which.act, "ask_which");
  ASSERT_EQ(which.choices.size(), 2U);
  EXPECT_EQ(which.choices[0].label, "2026-11-21 03:00");
  EXPECT_NE(say("下午").text.find("2026-11-21 15:00"), std::string::npos);
  // On a Friday "Friday" is today or in a week.
  state_ = {};
  EXPECT_EQ(say("I'd like to book a buying adviser on Friday at 3pm").act, "ask_which");
  EXPECT_NE(say("2026-11-27 15:00").text.find("Friday, 2026-11-27 15:00"), std::string::npos);
}

TEST_F(AppointmentTest, ChoicesMeanWhatTheySay) {
  const AssistantReply when = say("预约上门安装");
  ASSERT_EQ(when.act, "ask_when");
  for (const AssistantChoice& choice : when.choices) {
    const AssistantState kept = state_;
    const AssistantReply picked = say(choice.label);
    EXPECT_EQ(picked.act, "confirm_booking") << choice.label;
    EXPECT_NE(picked.text.find(choice.label), std::string::npos);
    state_ = kept;
  }
}

TEST_F(AppointmentTest, ClosedFullPastAndFarAreToldApartWithTimesInstead) {
  const AssistantReply closed = say("预约上门安装，明天晚上八点");
  EXPECT_EQ(closed.act, "when_closed");
  EXPECT_FALSE(closed.choices.empty());
  facts_.bookable[0].booked = {{at("2026-11-21T15:00"), 1}};
  const AssistantReply full = say("那明天下午三点");
  EXPECT_EQ(full.act, "when_full");
  for (const AssistantChoice& choice : full.choices) EXPECT_NE(choice.label, "2026-11-21 15:00");
  EXPECT_EQ(say("昨天下午三点").act, "when_past");
  EXPECT_EQ(say("2月30号").act, "when_none");
  EXPECT_EQ(say("明年3月1号下午三点").act, "when_far");
}

TEST_F(AppointmentTest, SomebodyWhoWasFasterIsSeenAtTheYes) {
  EXPECT_EQ(say("预约上门安装，明天下午三点").act, "confirm_booking");
  facts_.bookable[0].booked = {{at("2026-11-21T15:00"), 1}};
  const AssistantReply late = say("确认");
  EXPECT_EQ(late.act, "when_full");
  EXPECT_EQ(late.action.kind, AssistantAction::Kind::none);
}

TEST_F(AppointmentTest, MovedFromOneTimeToAnother) {
  has("S-install", "2026-11-25T15:00");
  const AssistantReply asked = say("把周三的预约改到周四上午十点");
  EXPECT_EQ(asked.act, "confirm_move_booking") << asked.text;
  EXPECT_NE(asked.text.find("2026-11-25 15:00"), std::string::npos);
  EXPECT_NE(asked.text.find("2026-11-26 10:00"), std::string::npos);
  const AssistantReply done = say("好");
  EXPECT_EQ(done.action.kind, AssistantAction::Kind::move_booking);
  EXPECT_EQ(done.action.held_time, at("2026-11-25T15:00"));
  EXPECT_EQ(done.action.held_node, NodeId{7});
  EXPECT_EQ(done.action.for_time, at("2026-11-26T10:00"));
}

TEST_F(AppointmentTest, CancelledAfterAYesAndCancelIsAYesToIt) {
  has("S-install", "2026-11-25T15:00");
  has("S-adviser", "2026-11-26T10:00");
  EXPECT_EQ(say("取消预约").act, "ask_held");
  EXPECT_EQ(say("选购顾问 2026-11-26 10:00").act, "confirm_cancel_booking");
  const AssistantReply done = say("取消");
  EXPECT_EQ(done.action.kind, AssistantAction::Kind::cancel_booking);
  EXPECT_EQ(done.action.service_id, "S-adviser");
  EXPECT_EQ(say("cancel my appointment for the home installation").act, "confirm_cancel_booking");
  EXPECT_EQ(say("no thanks").act, "dropped");
}

TEST_F(AppointmentTest, ToldWhatIsBookedAndWhatIsNot) {
  EXPECT_EQ(say("我的预约是什么时候").act, "no_appointments");
  EXPECT_EQ(say("改约").act, "no_appointments");
  has("S-install", "2026-11-25T15:00");
  const AssistantReply told = say("我的预约是什么时候");
  EXPECT_EQ(told.act, "appointments");
  EXPECT_NE(told.text.find("上门安装：已约 2026-11-25 15:00（周三）"), std::string::npos) << told.text;
}

TEST_F(AppointmentTest, ANoAndAnotherMatterEndIt) {
  EXPECT_EQ(say("预约上门安装，明天下午三点").act, "confirm_booking");
  EXPECT_EQ(say("算了").act, "dropped");
  EXPECT_EQ(say("预约上门安装").act, "ask_when");
  EXPECT_EQ(say("转人工").act, "hand_over");
  EXPECT_TRUE(state_.service.empty());
}

TEST_F(AppointmentTest, WhereNothingIsBookableAPersonIsOffered) {
  facts_.bookable.clear();
  const AssistantReply reply = say("我想预约");
  EXPECT_NE(reply.act, "ask_service");
  EXPECT_EQ(reply.action.kind, AssistantAction::Kind::none);
}

TEST_F(AppointmentTest, HerCouponsUntilWhenAndWhatTheyNeed) {
  EXPECT_EQ(say("我有什么优惠券").act, "no_coupons");
  mine_.coupons.push_back(
      {"C-5",
       "5.00",
       "CNY",
       kFridayNoon - days(1),
       kFridayNoon + days(3),
       {{"title", "\"五元券\""}, {"title_en", "\"5 off\""}, {"minimum", "99"}, {"terms", "\"限家电\""}}});
  const AssistantReply told = say("我有哪些优惠券可以用，什么时候到期");
  EXPECT_EQ(told.act, "coupons");
  EXPECT_NE(told.text.find("五元券（5.00 CNY），有效期至 2026-11-23 12:00，订单满 99 CNY 可用；限家电。"),
            std::string::npos)
      << told.text;
  EXPECT_NE(say("which coupons do I have").text.find("5 off (5.00 CNY), valid until 2026-11-23 12:00"),
            std::string::npos);
}

TEST_F(AppointmentTest, ThatWasNotItIsHeard) {
  mine_.coupons.push_back({"C-5", "5.00", "CNY", kFridayNoon, {}, {}});
  EXPECT_EQ(say("我有什么优惠券").act, "coupons");
  const AssistantReply reply = say("答非所问");
  EXPECT_EQ(reply.act, "not_it");
  EXPECT_TRUE(reply.abstained);
  EXPECT_EQ(say("好的").act, "hand_over");
}

TEST(FreeTimes, EveryOneThatIsOfferedCanBeHad) {
  BookableService service;
  service.id = "S";
  service.round_the_clock = false;
  service.capacity = 2;
  for (int day = 0; day < 60; ++day)
    service.open.emplace_back(kFridayNoon + days(day) - hours(3), kFridayNoon + days(day) + hours(5));
  for (int hour = 0; hour < 48; ++hour) service.booked.emplace_back(kFridayNoon + hours(hour), hour % 3);
  const auto free = free_times(service, {kFridayNoon, std::nullopt, 0, 1440, 50}, kFridayNoon, 60, nullptr);
  ASSERT_EQ(free.size(), 50U);
  EXPECT_TRUE(std::is_sorted(free.begin(), free.end()));
  for (const Instant at : free) EXPECT_TRUE(room_at(service, at, kFridayNoon, 60).ok()) << format_instant(at);
  // And those before the last that were left out cannot.
  for (Instant at = kFridayNoon + hours(1); at < free.back(); at = at + hours(1)) {
    const bool offered = std::find(free.begin(), free.end(), at) != free.end();
    EXPECT_EQ(offered, room_at(service, at, kFridayNoon, 60).ok()) << format_instant(at);
  }
}

}  // namespace
}  // namespace rapport::decide
