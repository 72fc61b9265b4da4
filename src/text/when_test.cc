#include "text/when.h"

#include <fmt/format.h>

#include <string>

#include "base/random.h"

namespace rapport::text {
namespace {

// A Friday.
constexpr CivilTime kNow{2026, 11, 20, 12, 0};

std::string told(std::string_view text, const CivilTime& now = kNow) {
  const WhenSaid when = when_in(text, now);
  std::string out;
  for (const LocalDay& day : when.days) out += fmt::format("{}-{:02}-{:02} ", day.year, day.month, day.day);
  for (const int minute : when.minutes) out += fmt::format("{:02}:{:02} ", minute / 60, minute % 60);
  if (when.minutes.empty() && when.to > 0) out += fmt::format("{}..{} ", when.from / 60, when.to / 60);
  if (when.at) out += format_instant(*when.at) + " ";
  if (when.is_over) out += "over ";
  if (when.is_none) out += "none ";
  if (!out.empty()) out.pop_back();
  return out;
}

TEST(When, DaysInChinese) {
  EXPECT_EQ(told("今天"), "2026-11-20");
  EXPECT_EQ(told("明天上午十点"), "2026-11-21 10:00");
  EXPECT_EQ(told("后天下午3点半"), "2026-11-22 15:30");
  EXPECT_EQ(told("大后天下午两点一刻"), "2026-11-23 14:15");
  EXPECT_EQ(told("大後天晚上八點"), "2026-11-23 20:00");
  EXPECT_EQ(told("下周三下午三点"), "2026-11-25 15:00");
  EXPECT_EQ(told("下週三下午三點"), "2026-11-25 15:00");
  EXPECT_EQ(told("下下个星期天中午"), "2026-12-06 11..14");
  EXPECT_EQ(told("周三"), "2026-11-25");
  EXPECT_EQ(told("這週六早上九點"), "2026-11-21 09:00");
  EXPECT_EQ(told("周五"), "2026-11-20 2026-11-27") << "it is one";
  EXPECT_EQ(told("这周一"), "over");
  EXPECT_EQ(told("周末"), "2026-11-21 2026-11-22");
  EXPECT_EQ(told("12月3号十点半"), "2026-12-03 10:30 22:30");
  EXPECT_EQ(told("十二月三日"), "2026-12-03");
  EXPECT_EQ(told("1月5号"), "2027-01-05");
  EXPECT_EQ(told("3号"), "2026-12-03");
  EXPECT_EQ(told("二十五号下午"), "2026-11-25 12..18");
  EXPECT_EQ(told("2026年12月3日15:00"), "2026-12-03 15:00");
  EXPECT_EQ(told("三天后"), "2026-11-23");
  EXPECT_EQ(told("明晚7点"), "2026-11-21 19:00");
  EXPECT_EQ(told("昨天"), "over");
}

TEST(When, HoursInChinese) {
  EXPECT_EQ(told("三点"), "03:00 15:00");
  EXPECT_EQ(told("下午三點三刻"), "15:45");
  EXPECT_EQ(told("十二点"), "12:00");
  EXPECT_EQ(told("中午十二点半"), "12:30");
  EXPECT_EQ(told("中午一点"), "13:00");
  EXPECT_EQ(told("凌晨两点"), "02:00");
  EXPECT_EQ(told("晚上十二点"), "18..24") << "which day's night is not told";
  EXPECT_EQ(told("15点"), "15:00");
  EXPECT_EQ(told("14：20"), "14:20");
  EXPECT_EQ(told("十点零五分"), "10:05 22:05");
  EXPECT_EQ(told("下午"), "12..18");
  EXPECT_EQ(told("早一点可以吗"), "");
  EXPECT_EQ(told("要等三个小时"), "");
}

TEST(When, English) {
  EXPECT_EQ(told("tomorrow at 3"), "2026-11-21 03:00 15:00");
  EXPECT_EQ(told("tomorrow at 3pm"), "2026-11-21 15:00");
  EXPECT_EQ(told("next Wed afternoon"), "2026-11-25 12..18") << "this week's is over";
  EXPECT_EQ(told("next Wed afternoon", {2026, 11, 23, 9, 0}), "2026-11-25 2026-12-02 12..18")
      << "which of the two?";
  EXPECT_EQ(told("Wednesday at half past ten in the morning"), "2026-11-25 10:30");
  EXPECT_EQ(told("Dec 3rd, 10:30"), "2026-12-03 10:30");
  EXPECT_EQ(told("on the 3rd of December at noon"), "2026-12-03 12:00");
  EXPECT_EQ(told("3 December, quarter to 4 pm"), "2026-12-03 15:45");
  EXPECT_EQ(told("day after tomorrow 9 a.m."), "2026-11-22 09:00");
  EXPECT_EQ(told("in 3 days"), "2026-11-23");
  EXPECT_EQ(told("tonight at eight"), "2026-11-20 20:00");
  EXPECT_EQ(told("12/3"), "2026-12-03 2027-03-12") << "months first to some, days first to others";
  EXPECT_EQ(told("25/12 at 14:00"), "2026-12-25 14:00");
  EXPECT_EQ(told("I am not satisfied, maybe later"), "");
  EXPECT_EQ(told("this Monday"), "over");
}

TEST(When, WrittenByMachines) {
  EXPECT_EQ(told("2026-12-03"), "2026-12-03");
  EXPECT_EQ(told("2026-12-03T15:00"), "2026-12-03 15:00");
  EXPECT_EQ(told("2026-12-03T15:00:00+08:00"), "2026-12-03T07:00:00Z");
  EXPECT_EQ(told("2026-12-03T15:00Z"), "2026-12-03T15:00:00Z");
}

TEST(When, WhatNoCalendarHas) {
  EXPECT_EQ(told("2月30日"), "none");
  EXPECT_EQ(told("13月1号"), "none");
  EXPECT_EQ(told("25点"), "none");
  EXPECT_EQ(told("2月29日"), "2028-02-29") << "the next one that there is";
}

TEST(When, NumbersOfOrdersAndPhonesAreNoTimes) {
  EXPECT_EQ(told("订单 D-3"), "");
  EXPECT_EQ(told("电话 13912345678"), "");
  EXPECT_EQ(told("A10086"), "");
  EXPECT_EQ(told("2 个"), "");
}

TEST(When, EveryDayOfTheYearIsFoundAsWritten) {
  LocalDay day{2026, 11, 20};
  for (int ahead = 0; ahead < 365; ++ahead, day = day_after(day, 1)) {
    const std::string wanted = fmt::format("{}-{:02}-{:02}", day.year, day.month, day.day);
    EXPECT_EQ(told(fmt::format("{}月{}号", day.month, day.day)), wanted);
    EXPECT_EQ(told(wanted), wanted);
  }
}

TEST(When, WhateverIsSaidItEnds) {
  Random random(20261123);
  const std::string_view pieces[] = {
      "下",    "周",  "三",         "点", "半", "12",   "月", "3",    "号", "/",  ":",  "-",  "t",    "at ",
      "next ", "wed", "half past ", "十", "零", "\xe5", " ",  "2026", "z",  "晚", "年", "pm", "days", "in "};
  for (int round = 0; round < 3'000; ++round) {
    std::string text;
    for (std::uint64_t n = random.below(12); n > 0; --n) text += pieces[random.below(std::size(pieces))];
    for (const LocalDay& found : when_in(text, kNow).days) EXPECT_GE(found, (LocalDay{2026, 11, 20})) << text;
    for (const int minute : when_in(text, kNow).minutes) EXPECT_TRUE(minute >= 0 && minute < 1440) << text;
  }
}

TEST(When, TwentyFourIsTheEndOfTheDay) {
  EXPECT_EQ(told("12月3号24:00"), "2026-12-03 24:00");
  EXPECT_EQ(told("明天24点"), "2026-11-21 24:00");
  EXPECT_EQ(told("明天0点"), "2026-11-21 00:00");
  EXPECT_EQ(told("24:30"), "none");
}

TEST(When, ATimeAloneIsNothingElse) {
  for (const char* text : {"下周三下午三点", "下週三下午三點", "那就周五吧", "Friday at 3?",
                           "how about next Wed at half past ten", "2026-12-03 15:00", "明天上午十点可以吗",
                           "15:00", "the 3rd please"})
    EXPECT_TRUE(is_time_alone(text)) << text;
  for (const char* text : {"下周三下午三点安装", "包裹周五到吗", "D-3", "", "。", "Friday is my birthday",
                           "几点关门", "三天后能到吗", "monday's parcel"})
    EXPECT_FALSE(is_time_alone(text)) << text;
}

}  // namespace
}  // namespace rapport::text
