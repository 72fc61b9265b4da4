#include "views/clocks.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "views/detail/clock_oracle.h"

namespace rapport::views {
namespace {

const Instant kBegin{1'790'000'000'000};

/// How many random histories: a thousandth of the requirement unless `make test-full` asks for all.
std::uint64_t histories(std::uint64_t full, std::uint64_t quick) {
  const char* asked = std::getenv("RAPPORT_FULL");
  return asked != nullptr && std::string_view(asked) == "1" ? full : quick;
}

ClockTerms terms_of(Duration target, const CalendarHistory* calendar = nullptr) {
  return {target.ms, calendar, 75};
}

TEST(OpenHours, RefusesWhatIsNoCalendar) {
  EXPECT_EQ(OpenHours::make({}, kBegin).error().message, "the calendar has no working day");
  const OpenInterval empty[] = {{kBegin, kBegin}};
  EXPECT_FALSE(OpenHours::make(empty, kBegin + days(1)).ok());
  const OpenInterval back[] = {{kBegin + hours(2), kBegin + hours(3)}, {kBegin, kBegin + hours(1)}};
  EXPECT_FALSE(OpenHours::make(back, kBegin + days(1)).ok());
  const OpenInterval beyond[] = {{kBegin, kBegin + hours(2)}};
  EXPECT_FALSE(OpenHours::make(beyond, kBegin + hours(1)).ok());
}

TEST(OpenHours, CountsRoundTheClockBeyondItsEnd) {
  const OpenInterval day[] = {{kBegin, kBegin + hours(8)}};
  const OpenHours open = OpenHours::make(day, kBegin + days(1)).value();
  EXPECT_EQ(open.open_ms(kBegin - days(1), kBegin + days(2)), (hours(8) + days(1)).ms);
  EXPECT_EQ(open.reach(kBegin, hours(8).ms), kBegin + hours(8));
  EXPECT_EQ(open.reach(kBegin, hours(9).ms), kBegin + days(1) + hours(1));
}

TEST(Calendars, ReadTheMinutesThatWerePublished) {
  Calendars calendars;
  // 2026-11-23 and 24, 01:00-04:00Z and 05:30-10:00Z: a working day with a break at noon.
  const std::string body = R"({"open":[29923260,180,90,270,900,180,90,270],"until":29926080})";
  ASSERT_TRUE(calendars.publish("main", kBegin, body).value());
  EXPECT_FALSE(calendars.publish("main", kBegin, body).value()) << "the same again is no change";
  const OpenHours& open = calendars.find("main").at(kBegin + days(200));
  EXPECT_EQ(format_instant(open.intervals()[0].open), "2026-11-23T01:00:00Z");
  EXPECT_EQ(format_instant(open.intervals()[3].close), "2026-11-24T10:00:00Z");
  EXPECT_TRUE(calendars.find("other").at(kBegin).is_open(kBegin));
  for (const char* wrong :
       {R"({"open":[],"until":1})", R"({"open":[1],"until":9})", R"({"open":[1,0],"until":9})",
        R"({"open":[1,-2],"until":9})", R"({"open":[1,2]})", R"({"open":"always"})",
        R"({"open":[9223372036854775807,9223372036854775807],"until":1})"}) {
    EXPECT_FALSE(calendars.publish("main", kBegin, wrong).ok()) << wrong;
  }
}

TEST(Clock, SolvedInTheLastMillisecondIsInTime) {
  const ClockTermsFrom terms[] = {{Instant::min(), terms_of(hours(2))}};
  const ClockMark marks[] = {{kBegin, Run::running}, {kBegin + hours(2), Run::stopped}};
  EXPECT_EQ(read_clock(marks, terms, kBegin + days(1)).breached, Instant::min());
  const ClockMark late[] = {{kBegin, Run::running}, {kBegin + hours(2) + milliseconds(1), Run::stopped}};
  EXPECT_EQ(read_clock(late, terms, kBegin + days(1)).breached, kBegin + hours(2));
}

TEST(Clock, WaitingStandsStillAndReopeningGoesOn) {
  const ClockTermsFrom terms[] = {{Instant::min(), terms_of(hours(4))}};
  const ClockMark marks[] = {{kBegin, Run::running},
                             {kBegin + hours(1), Run::paused},
                             {kBegin + hours(10), Run::running},
                             {kBegin + hours(11), Run::stopped},
                             {kBegin + hours(20), Run::running}};
  std::vector<TraceStep> trace;
  const ClockReading reading = read_clock(marks, terms, kBegin + hours(21), &trace);
  EXPECT_EQ(reading.used_ms, hours(3).ms);
  EXPECT_EQ(reading.first_stop, kBegin + hours(11)) << "the first resolution stands";
  EXPECT_EQ(reading.due_at, kBegin + hours(22));
  std::string kinds;
  for (const TraceStep& step : trace) kinds += std::string(trace_name(step.kind)) + " ";
  EXPECT_EQ(kinds, "started paused resumed stopped reopened warned ");
}

TEST(Clock, AStricterPolicyActsFromItsMomentAndALaxerOneForgivesNothing) {
  const ClockMark marks[] = {{kBegin, Run::running}};
  const ClockTermsFrom stricter[] = {{Instant::min(), terms_of(hours(24))},
                                     {kBegin + hours(5), terms_of(hours(2))}};
  EXPECT_EQ(read_clock(marks, stricter, kBegin + hours(6)).breached, kBegin + hours(5));
  EXPECT_EQ(read_clock(marks, stricter, kBegin + hours(5) - milliseconds(1)).breached, Instant::min());
  const ClockTermsFrom laxer[] = {{Instant::min(), terms_of(hours(2))},
                                  {kBegin + hours(5), terms_of(hours(24))}};
  EXPECT_EQ(read_clock(marks, laxer, kBegin + hours(6)).breached, kBegin + hours(2));
}

TEST(Clock, TimeUsedUnderAnOldCalendarStaysUsed) {
  CalendarHistory calendar;
  const OpenInterval later[] = {{kBegin + hours(10), kBegin + hours(20)}};
  calendar.add(
      {kBegin + hours(1), "closed until the tenth hour", OpenHours::make(later, kBegin + days(9)).value()});
  const ClockTermsFrom terms[] = {{Instant::min(), terms_of(hours(4), &calendar)}};
  const ClockMark marks[] = {{kBegin, Run::running}};
  EXPECT_EQ(read_clock(marks, terms, kBegin + hours(9)).used_ms, hours(1).ms);
  EXPECT_EQ(read_clock(marks, terms, kBegin + hours(9)).due_at, kBegin + hours(13));
}

TEST(Clock, AnotherCallBackBeginsAnew) {
  const ClockTermsFrom terms[] = {{Instant::min(), terms_of(hours(48))}};
  const ClockMark marks[] = {{kBegin, Run::running, true},
                             {kBegin + hours(50), Run::idle},
                             {kBegin + hours(60), Run::running, true}};
  EXPECT_EQ(read_clock(marks, terms, kBegin + hours(55)).breached, kBegin + hours(48));
  const ClockReading again = read_clock(marks, terms, kBegin + hours(61));
  EXPECT_EQ(again.breached, Instant::min());
  EXPECT_EQ(again.started, kBegin + hours(60));
  EXPECT_EQ(again.due_at, kBegin + hours(108));
}

TEST(Clock, TellsWhenItWillBeSoFarOver) {
  const ClockTermsFrom terms[] = {{Instant::min(), terms_of(hours(2))}};
  const ClockMark marks[] = {{kBegin, Run::running}};
  EXPECT_EQ(read_clock(marks, terms, kBegin).when_over(hours(1).ms), kBegin + hours(3));
  EXPECT_EQ(read_clock(marks, terms, kBegin + hours(9)).when_over(hours(1).ms), kBegin + hours(3));
}

TEST(ClockOracle, SecondsAndBoundariesAndTheClockAgreeOverTwoDays) {
  const std::uint64_t most = histories(10'000, 60);
  std::uint64_t breached = 0;
  for (std::uint64_t seed = 1; seed <= most; ++seed) {
    Random random(seed);
    ClockHistory history;
    random_clock_history(random, 2, 1'000, history);
    const OracleClock slow = walk_seconds(history, history.at);
    const ClockReading reading = read_clock(history.marks, history.terms, history.at);
    ASSERT_TRUE(slow.agrees(reading)) << "seed " << seed;
    const OracleClock by_boundary = walk_boundaries(history, history.at);
    ASSERT_TRUE(by_boundary.agrees(reading)) << "the oracles differ, seed " << seed;
    breached += reading.breached != Instant::min() ? 1 : 0;
  }
  EXPECT_GT(breached, most / 10) << "too few histories in which anything was late";
}

TEST(ClockOracle, BoundariesAndTheClockAgreeOverMonths) {
  const std::uint64_t most = histories(1'000'000, 2'000);
  for (std::uint64_t seed = 1'000'001; seed <= 1'000'000 + most; ++seed) {
    Random random(seed);
    ClockHistory history;
    random_clock_history(random, static_cast<std::int64_t>(30 + seed % 60),
                         1 + static_cast<std::int64_t>(seed % 3) * 500, history);
    const ClockReading reading = read_clock(history.marks, history.terms, history.at);
    ASSERT_TRUE(walk_boundaries(history, history.at).agrees(reading)) << "seed " << seed;
    // What it foretells comes true when nothing happens, and not a millisecond sooner.
    if (reading.run != Run::running || reading.breached != Instant::min() ||
        reading.due_at == Instant::never())
      continue;
    ClockHistory alone = history;
    std::erase_if(alone.marks, [&](const ClockMark& mark) { return mark.at > history.at; });
    std::erase_if(alone.terms, [&](const ClockTermsFrom& each) { return each.from > history.at; });
    ASSERT_EQ(walk_boundaries(alone, reading.due_at).breached, reading.due_at) << "seed " << seed;
    ASSERT_EQ(walk_boundaries(alone, reading.due_at - milliseconds(1)).breached, Instant::min())
        << "seed " << seed;
  }
}

}  // namespace
}  // namespace rapport::views
