#include "model/event.h"

#include <gtest/gtest.h>

namespace rapport::model {
namespace {

Instant at(std::string_view text) {
  return *parse_instant(text);
}

std::string event_time(std::string_view timestamp, std::string_view sent_at) {
  Event event;
  event.timestamp = at(timestamp);
  if (!sent_at.empty()) event.sent_at = at(sent_at);
  return format_instant(corrected_event_time(event, at("2026-11-22T12:00:00Z")));
}

TEST(EventTime, AClockIsCorrectedAsFarAsItCanBeOne) {
  // A quarter of an hour fast; and one that was reset to 1970, whose two times agree.
  EXPECT_EQ(event_time("2026-11-22T12:05:00Z", "2026-11-22T12:15:00Z"), "2026-11-22T11:50:00Z");
  EXPECT_EQ(event_time("1970-01-02T00:00:00Z", "1970-01-02T00:10:00Z"), "2026-11-22T11:50:00Z");
  // Sent at once, but long after it happened: a history, by a clock that is right.
  EXPECT_EQ(event_time("2021-03-01T00:00:00Z", "2026-11-22T12:00:00Z"), "2021-03-01T00:00:00Z");
  EXPECT_EQ(event_time("2026-11-22T12:00:00Z", ""), "2026-11-22T12:00:00Z");
}

TEST(EventTime, ASentAtThatContradictsTheClaimCorrectsNothing) {
  EXPECT_EQ(event_time("2026-11-22T11:00:00Z", "9999-12-31T23:59:59Z"), "2026-11-22T11:00:00Z");
  EXPECT_EQ(event_time("2026-11-22T11:00:00Z", "1900-01-01T00:00:00Z"), "2026-11-22T11:00:00Z");
  EXPECT_EQ(event_time("1999-01-01T00:00:00Z", "2036-01-01T00:00:00Z"), "1999-01-01T00:00:00Z");
  // What lies in the future is now, at most five minutes ahead.
  EXPECT_EQ(event_time("9999-12-31T00:00:00Z", ""), "2026-11-22T12:05:00Z");
}

}  // namespace
}  // namespace rapport::model
