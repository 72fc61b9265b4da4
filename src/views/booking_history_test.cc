#include "views/booking_history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "base/random.h"
#include "views/detail/sample_log.h"

namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;
using model::IdentifierKind;

constexpr NodeId kAda{1}, kBrowser{2}, kEve{3};

TEST(BookingHistory, PairsByTimeInWhateverOrderTheyCome) {
  // Against the obvious: all of them sorted, each once, and walked through.
  const std::uint64_t seed = 5;
  SCOPED_TRACE(seed);
  Random random(seed);
  for (int round = 0; round < 2'000; ++round) {
    BookingHistory history;
    std::set<std::pair<std::int64_t, bool>> steps;
    for (std::int64_t n = random.between(0, 12); n > 0; --n) {
      const std::int64_t at = random.between(0, 6);
      const bool cancels = random.between(0, 1) == 1;
      steps.emplace(at, cancels);
      if (cancels) {
        history.cancelled(Instant{at}, std::array{kAda});
      } else {
        history.made(Instant{at}, kAda);
      }
    }
    std::int64_t standing = 0, made = 0;
    for (const auto& [at, cancels] : steps) {
      standing = cancels ? std::max<std::int64_t>(standing - 1, 0) : standing + 1;
      made += cancels ? 0 : 1;
    }
    ASSERT_EQ(history.standing(), standing);
    ASSERT_EQ(history.of(kAda).standing, standing);
    ASSERT_EQ(history.of(kAda).made, made);
    ASSERT_EQ(history.of(kEve).made, 0);
  }
}

TEST(BookingHistory, ACancellationIsOfThoseThatItsEventNamesTheSubjectFirst) {
  BookingHistory history;
  history.made(Instant{1}, kBrowser);
  history.made(Instant{1}, kEve);
  history.cancelled(Instant{2}, std::array{kAda, kBrowser});
  EXPECT_EQ(history.of(kBrowser).standing, 0);
  EXPECT_EQ(history.of(kEve).standing, 1) << "it does not name her";
  // Both stand: it is the subject's, and only one.
  history.made(Instant{3}, kAda);
  history.made(Instant{3}, kBrowser);
  history.cancelled(Instant{4}, std::array{kAda, kBrowser});
  EXPECT_EQ(history.of(kAda).standing, 0);
  EXPECT_EQ(history.of(kBrowser).standing, 1);
  EXPECT_EQ(history.of(kBrowser).since, Instant{3});
  EXPECT_EQ(history.of(kAda).last, Instant{4});
  history.cancelled(Instant{0}, std::array{kEve});
  EXPECT_EQ(history.of(kEve).standing, 1) << "from before it was made";
  history.leave_out(kEve);
  EXPECT_EQ(history.standing(), 1);
  EXPECT_EQ(history.of(kEve).made, 0);
}

/// Bookings and cancellations of two people, one of them by two identifiers, at few moments.
std::vector<SampleEvent> random_bookings(Random& random, Instant start) {
  const Who whose[] = {{{IdentifierKind::user_id, "ada"}},
                       {{IdentifierKind::anonymous_id, "browser"}},
                       {{IdentifierKind::user_id, "ada"}, {IdentifierKind::anonymous_id, "browser"}},
                       {{IdentifierKind::user_id, "eve"}}};
  std::vector<SampleEvent> events;
  std::set<std::tuple<std::int64_t, std::int64_t, std::size_t, std::int64_t, bool>> told;
  for (int n = 0; n < 24; ++n) {
    const std::int64_t minute = random.between(0, 9), hour = random.between(0, 2);
    const std::size_t who = static_cast<std::size_t>(random.between(0, 3));
    const bool cancels = random.between(0, 1) == 1;
    const std::int64_t service = random.between(1, 2);
    if (!told.emplace(minute, hour, who, service, cancels).second) continue;
    SampleEvent event;
    event.at = start + minutes(minute);
    event.kind = cancels ? k::booking_cancelled : k::service_booked;
    event.who = whose[who];
    event.clear = Properties()
                      .text(p::service_id, "S" + std::to_string(service))
                      .number(p::for_time, (start + days(2) + hours(hour)).ms);
    events.push_back(std::move(event));
  }
  return events;
}

TEST(BookingHistory, TheFoldIsTheSameInAnyOrderOfArrivalAndAfterACheckpoint) {
  const std::uint64_t seed = 11;
  SCOPED_TRACE(seed);
  Random random(seed);
  const Instant start = instant_from_civil({2026, 1, 1, 0, 0, 0, 0});
  std::size_t standing = 0, called_off = 0;
  for (int round = 0; round < 60; ++round) {
    std::vector<SampleEvent> events = random_bookings(random, start);
    std::string first;
    for (int order = 0; order < 4; ++order) {
      SampleLog log;
      ShopState state{ShopOptions{}};
      FlipList flips;
      for (const SampleEvent& event : events) log.add(event, start + days(1));
      log.fold_into(state, flips);
      const std::string told = state.canonical_state(log.names());
      if (first.empty()) first = told;
      ASSERT_EQ(told, first);
      std::string bytes;
      state.save([&bytes](std::string_view piece) { bytes += piece; });
      const auto loaded = ShopState::load(bytes, ShopOptions{});
      ASSERT_TRUE(loaded.ok()) << loaded.error().describe();
      ASSERT_EQ(loaded->canonical_state(log.names()), first);
      for (const Booking& one : state.bookings(state.customer_of(log.node(IdentifierKind::user_id, "ada")))) {
        standing += one.part.standing > 0 ? 1 : 0;
        called_off += one.part.standing == 0 ? 1 : 0;
      }
      for (std::size_t i = events.size(); i > 1; --i)
        std::swap(events[i - 1],
                  events[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(i) - 1))]);
    }
  }
  EXPECT_GT(standing, 100U);
  EXPECT_GT(called_off, 100U);
}

TEST(BookingHistory, OfOneNodeTheLatestTimesAreKept) {
  const Instant start = instant_from_civil({2026, 1, 1, 0, 0, 0, 0});
  SampleLog log;
  ShopState state{ShopOptions{}};
  FlipList flips;
  const std::int64_t many = NodeExtra::kAppointmentsKept + 50;
  for (std::int64_t n = many; n > 0; --n) {
    SampleEvent event;
    event.at = start;
    event.kind = k::service_booked;
    event.who = {{IdentifierKind::user_id, "ada"}};
    event.clear = Properties().text(p::service_id, "S1").number(p::for_time, (start + hours(n)).ms);
    log.add(event, start + days(1));
  }
  log.fold_into(state, flips);
  const auto kept = state.bookings(state.customer_of(log.node(IdentifierKind::user_id, "ada")));
  ASSERT_EQ(kept.size(), NodeExtra::kAppointmentsKept);
  EXPECT_EQ(kept.front().for_time, start + hours(51));
  EXPECT_EQ(kept.back().for_time, start + hours(many));
}

}  // namespace
}  // namespace rapport::views
