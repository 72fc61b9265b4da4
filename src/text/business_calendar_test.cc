#include "text/business_calendar.h"

#include <gtest/gtest.h>

namespace rapport::text {
namespace {

BusinessCalendar office() {
  BusinessCalendar calendar;
  for (std::size_t day = 0; day < 5; ++day)
    calendar.week[day] = {parse_shift("09:00-12:00").value(), parse_shift("13:30-18:00").value()};
  return calendar;
}

std::string day_of(const OpenMinutes& minutes, const char* utc_day) {
  const std::int64_t from = parse_instant(utc_day)->ms / 60'000;
  std::string all;
  for (const auto& [open, close] : minutes.open) {
    if (open >= from && open < from + 1440)
      all += fmt::format("{}-{} ", format_instant(Instant{open * 60'000}).substr(11, 5),
                         format_instant(Instant{close * 60'000}).substr(11, 5));
  }
  return all;
}

TEST(BusinessCalendar, SplitShiftsHolidaysAndDaysWorkedInstead) {
  BusinessCalendar calendar = office();
  ASSERT_TRUE(calendar.add_public_holidays("CN").ok());
  const auto open =
      open_minutes(calendar, Zone::find("Asia/Shanghai").value(), *parse_instant("2026-09-18T03:00:00Z"));
  ASSERT_TRUE(open.ok());
  EXPECT_EQ(day_of(*open, "2026-09-18"), "01:00-04:00 05:30-10:00 ") << "a Friday";
  EXPECT_EQ(day_of(*open, "2026-09-19"), "") << "a Saturday";
  EXPECT_EQ(day_of(*open, "2026-09-20"), "01:00-04:00 05:30-10:00 ") << "a Sunday worked instead";
  EXPECT_EQ(day_of(*open, "2026-10-01"), "") << "the national day, a Thursday";
  EXPECT_EQ(day_of(*open, "2026-10-10"), "01:00-04:00 05:30-10:00 ") << "a Saturday worked instead";
  EXPECT_EQ(format_instant(Instant{open->until * 60'000}), "2027-10-22T16:00:00Z");
}

TEST(BusinessCalendar, AShopMayOverrideAHoliday) {
  BusinessCalendar calendar = office();
  calendar.special[parse_local_day("2026-10-01").value()] = {parse_shift("10:00-12:00").value()};
  ASSERT_TRUE(calendar.add_public_holidays("CN").ok());
  const auto open = open_minutes(calendar, Zone::find("Asia/Shanghai").value(), *parse_instant("2026-09-30"));
  EXPECT_EQ(day_of(*open, "2026-10-01"), "02:00-04:00 ");
}

TEST(BusinessCalendar, NightShiftsAreOneAndSummerTimeMovesThem) {
  BusinessCalendar calendar;
  for (DayHours& day : calendar.week)
    day = {parse_shift("00:00-06:00").value(), parse_shift("22:00-24:00").value()};
  const auto open =
      open_minutes(calendar, Zone::find("Europe/Berlin").value(), *parse_instant("2026-03-27"), 4);
  ASSERT_TRUE(open.ok());
  // 22:00 to 06:00 local: 21:00-05:00Z in winter; the night of the 29th is an hour short; then 20:00-04:00Z.
  EXPECT_EQ(day_of(*open, "2026-03-27"), "21:00-05:00 ");
  EXPECT_EQ(day_of(*open, "2026-03-28"), "21:00-04:00 ");
  EXPECT_EQ(day_of(*open, "2026-03-29"), "20:00-04:00 ");
}

TEST(BusinessCalendar, RefusesWhatIsNone) {
  EXPECT_EQ(open_minutes({}, Zone::find("UTC").value(), Instant{0}).error().message,
            "the calendar has no working day");
  for (const char* wrong : {"9-12", "12:00-09:00", "09:00-25:00", "09:60-10:00", "24:30-24:45", "", "09:00"})
    EXPECT_FALSE(parse_shift(wrong).ok()) << wrong;
  for (const char* wrong : {"2026-02-30", "2026-1-1", "yesterday", "2026-13-01", "0000-00-00"})
    EXPECT_FALSE(parse_local_day(wrong).ok()) << wrong;
  BusinessCalendar calendar;
  EXPECT_FALSE(calendar.add_public_holidays("XX").ok());
}

}  // namespace
}  // namespace rapport::text
