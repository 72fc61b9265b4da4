#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <thread>

#include "base/random.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/test_kill.h"
#include "engine/engine_bookings.h"
#include "engine/engine_care.h"

// Appointments that visitors make themselves: within hours and room, once, and what a cancellation leaves.
namespace rapport::engine {
namespace {

constexpr const char* kAnna = "anna-browser-0123456789";
constexpr const char* kEve = "eve-browser-0123456789";
constexpr const char* kAllDays =
    R"({"zone":"UTC","week":{"mon":["00:00-24:00"],"tue":["00:00-24:00"],"wed":["00:00-24:00"],)"
    R"("thu":["00:00-24:00"],"fri":["00:00-24:00"],"sat":["00:00-24:00"],"sun":["00:00-24:00"]}})";

model::Identifier browser(const std::string& id) {
  return *model::Identifier::parse(model::IdentifierKind::anonymous_id, id);
}
std::string own(const std::string& visitor, const std::string& event, const std::string& id, Instant at,
                const std::string& properties) {
  return fmt::format(
      R"({{"type":"track","anonymousId":"{}","event":"{}","messageId":"{}","timestamp":"{}","properties":{}}})",
      visitor, event, id, format_instant(at), properties);
}
/// A full hour some days ahead.
Instant hour_ahead(int days_ahead) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return Instant{ms - ms % 3'600'000} + days(days_ahead);
}
std::string about(const std::string& service, Instant at) {
  return fmt::format(R"({{"service_id":"{}","for":"{}"}})", service, format_instant(at));
}

class BookingsTest : public EngineTest {
 protected:
  void tell(const std::string& events) {
    const auto sent = send(events);
    ASSERT_TRUE(sent.ok());
    ASSERT_EQ(sent->rejected, 0U) << events;
    ASSERT_TRUE(wait<std::string>([&](auto reply) { engine_->everyday(shop_, sent->offset, reply); }).ok());
  }
  void publish(const std::string& id, const std::string& more) {
    tell(track("shop", "Service Published", "noun-" + id,
               fmt::format(R"({{"service_id":"{}","title":"上门安装"{}}})", id, more)));
  }
  Result<std::string> ask(const std::string& visitor, const std::string& service, Instant at) {
    return wait<std::string>([&](auto reply) {
      book_appointment(*engine_, shop_, {browser(visitor), service, at}, reply);
    });
  }
  Result<std::string> cancel(const std::string& visitor, const std::string& service, Instant at,
                             const std::string& proof = "") {
    return wait<std::string>([&](auto reply) {
      cancel_appointment(*engine_, shop_, {{browser(visitor), service, at}, proof}, reply);
    });
  }
  std::string book(const std::string& visitor, const std::string& service, Instant at) {
    const auto answer = ask(visitor, service, at);
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    return answer.ok() ? *answer : std::string();
  }
  model::VisitorAnswer hers(const std::string& visitor) {
    auto got = wait<model::VisitorAnswer>([&](auto reply) {
      engine_->shop_visitor(shop_, {visitor, ""}, {}, reply);
    });
    EXPECT_TRUE(got.ok());
    return got.ok() ? *std::move(got) : model::VisitorAnswer{};
  }
  /// Of her only service, as the shop's profile has it.
  std::string stage_of(const std::string& visitor) {
    CustomerQuery query;
    query.ref = "anonymous_id:" + visitor;
    const auto got = wait<model::CustomerAnswer>([&](auto reply) { engine_->customer(shop_, query, reply); });
    EXPECT_TRUE(got.ok() && got->services.size() == 1);
    return got.ok() && !got->services.empty() ? got->services[0].stage : "";
  }
  std::size_t logged(const std::string& name) {
    const auto tail = wait<TailAnswer>([&](auto reply) {
      engine_->tail(shop_, {EventSeq{0}, 10'000, false, true}, reply);
    });
    return static_cast<std::size_t>(std::count_if(tail->events.begin(), tail->events.end(),
                                                  [&](const auto& entry) { return entry.event == name; }));
  }
};

bool is_booked(const std::string& answer) {
  return answer.find(R"("booked":true)") != std::string::npos;
}

TEST_F(BookingsTest, BookedOnceWithinTheRoomAndTheNearestTimesWhenItIsFull) {
  publish("S-fit", R"(,"capacity":1)");
  const Instant at = hour_ahead(3);
  EXPECT_TRUE(is_booked(book(kAnna, "S-fit", at)));
  EXPECT_TRUE(is_booked(book(kAnna, "S-fit", at))) << "a second click is the same appointment";
  reopen();
  EXPECT_TRUE(is_booked(book(kAnna, "S-fit", at)));
  EXPECT_EQ(logged("Service Booked"), 1U);
  const std::string full = book(kEve, "S-fit", at);
  EXPECT_NE(full.find(R"("booked":false)"), std::string::npos) << full;
  EXPECT_NE(full.find(R"("why":"full")"), std::string::npos) << full;
  EXPECT_EQ(full.find(R"(["for",)"), std::string::npos);
  const auto members = NounMembers::parse(full);
  const std::string times((*members)->raw("times"));
  EXPECT_NE(times, "[]");
  EXPECT_EQ(times.find(format_instant(at)), std::string::npos) << "the full one is not offered";
  // What is offered can be had.
  const std::string first = times.substr(2, times.find('"', 2) - 2);
  EXPECT_TRUE(is_booked(book(kEve, "S-fit", *parse_instant(first)))) << first;
  EXPECT_NE(book(kEve, "S-fit", hour_ahead(-1)).find(R"("why":"past")"), std::string::npos);
  EXPECT_NE(book(kEve, "S-fit", hour_ahead(400)).find(R"("why":"far")"), std::string::npos);
  EXPECT_EQ(logged("Service Booked"), 2U);
}

TEST_F(BookingsTest, ServicesThatAreNotToBeBookedAreNot) {
  publish("S-no", R"(,"bookable":false,"capacity":5)");
  publish("S-hidden", R"(,"hidden":true,"capacity":5)");
  for (const char* id : {"S-no", "S-hidden", "S-none"})
    EXPECT_EQ(ask(kAnna, id, hour_ahead(2)).error().code, Errc::not_found) << id;
  publish("S-free", "");
  EXPECT_TRUE(is_booked(book(kAnna, "S-free", hour_ahead(2))));
  EXPECT_TRUE(is_booked(book(kEve, "S-free", hour_ahead(2)))) << "as many as come";
}

TEST_F(BookingsTest, WhereRoomOrHoursCannotBeReadNobodyBooks) {
  const std::pair<std::string, std::string> cases[] = {{R"(,"capacity":-3)", "capacity"},
                                                       {R"(,"capacity":"many")", "capacity"},
                                                       {R"(,"capacity":1.5)", "capacity"},
                                                       {R"(,"calendar":"nobodys","capacity":1)", "nobodys"},
                                                       {R"(,"calendar":5)", "calendar"},
                                                       {R"(,"bookable":"maybe")", "bookable"},
                                                       {R"(,"bookable":true,"capacity":[])", "capacity"}};
  int number = 0;
  for (const auto& [stated, names] : cases) {
    const std::string id = "S-" + std::to_string(++number);
    publish(id, stated);
    const std::string answer = book(kAnna, id, hour_ahead(2));
    EXPECT_NE(answer.find(R"("why":"closed","reason":")"), std::string::npos) << stated << answer;
    EXPECT_NE(answer.find(names), std::string::npos) << answer;
    EXPECT_NE(answer.find(R"("times":[])"), std::string::npos) << answer;
    const auto free = wait<std::string>([&](auto reply) {
      free_appointment_times(*engine_, shop_, {id, {}, 7, 60}, reply);
    });
    ASSERT_TRUE(free.ok());
    EXPECT_NE(free->find(R"("times":[])"), std::string::npos) << *free;
    auto page = wait<std::string>([&](auto reply) {
      claim_against_calendar(*engine_, shop_, {{id, {}, browser(kAnna)}}, reply);
    });
    EXPECT_EQ(std::move(page).value_or(""), id) << "and a page does not go round it";
  }
  EXPECT_EQ(logged("Service Booked"), 0U);
  // Once somebody publishes the calendar, its hours hold.
  ASSERT_TRUE(wait<std::string>([&](auto reply) {
                publish_calendar(*engine_, shop_, "nobodys", kAllDays, reply);
              }).ok());
  EXPECT_TRUE(is_booked(book(kAnna, "S-4", hour_ahead(2))));
}

TEST_F(BookingsTest, OfManyAtOnceAsManyAsThereIsRoomFor) {
  publish("S-fit", R"(,"capacity":3)");
  constexpr int kVisitors = 10;
  std::vector<std::string> answers(kVisitors);
  std::vector<std::thread> threads;
  for (int i = 0; i < kVisitors; ++i)
    threads.emplace_back([&, i] {
      const auto answer = ask("visitor-browser-000" + std::to_string(i), "S-fit", hour_ahead(4));
      answers[static_cast<std::size_t>(i)] = answer.ok() ? *answer : answer.error().describe();
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count_if(answers.begin(), answers.end(), is_booked), 3);
  EXPECT_EQ(logged("Service Booked"), 3U);
}

TEST_F(BookingsTest, OneMinuteHasOneRoomAndVisitorsTakeWhatIsOffered) {
  publish("S-fit", R"(,"capacity":1)");
  const Instant at = hour_ahead(3), other = hour_ahead(4);
  ASSERT_TRUE(is_booked(book(kAnna, "S-fit", at)));
  for (const Duration off : {milliseconds(1), milliseconds(999), seconds(1), minutes(1), minutes(30)}) {
    const std::string answer = book(kEve, "S-fit", at + off);
    EXPECT_NE(answer.find(R"("why":"not_offered")"), std::string::npos) << answer;
    EXPECT_EQ(answer.find(R"("times":[])"), std::string::npos) << "what is free nearby";
  }
  EXPECT_EQ(logged("Service Booked"), 1U);
  // A server books to the millisecond: the minute is full all the same.
  tell(own(kAnna, "Service Booked", "b1", hour_ahead(0) - hours(1),
           about("S-fit", other + milliseconds(59'999))));
  EXPECT_NE(book(kEve, "S-fit", other).find(R"("why":"full")"), std::string::npos);
  tell(own(kAnna, "Booking Cancelled", "c1", hour_ahead(0) - minutes(59),
           about("S-fit", other + milliseconds(59'999))));
  tell(own(kAnna, "Service Booked", "b2", hour_ahead(0) - hours(1), about("S-fit", other + minutes(1))));
  EXPECT_TRUE(is_booked(book(kEve, "S-fit", other))) << "the next minute is another";
}

TEST(AppointmentTime, NamesADateATimeOfDayAndAZone) {
  const Instant nine = *parse_instant("2026-11-30T09:00:00Z");
  for (const char* text : {"2026-11-30T09:00:00Z", "2026-11-30T09:00Z", "2026-11-30T17:00:00+08:00",
                           "2026-11-30 04:00:00-05:00", "2026-11-30t09:00:00.000z"})
    EXPECT_EQ(appointment_time(text).value_or(Instant{}), nine) << text;
  for (const char* text : {"", "tomorrow", "2026-11-30", "2026-11-30T09:00", "2026-11-30T09:00:00",
                           "2026-11-30 09:00:00.000", "2026-11-30T"}) {
    const auto got = appointment_time(text);
    ASSERT_FALSE(got.ok()) << text;
    EXPECT_EQ(got.error().where, "for") << text;
    EXPECT_EQ(got.error().code, Errc::bad_input) << text;
  }
}

TEST_F(BookingsTest, FreeTimesTellWhatIsLeft) {
  publish("S-fit", R"(,"capacity":2)");
  const Instant at = hour_ahead(5);
  ASSERT_TRUE(is_booked(book(kAnna, "S-fit", at)));
  const auto free = [&] {
    return *wait<std::string>([&](auto reply) {
      free_appointment_times(*engine_, shop_, {"S-fit", at - hours(12), 1, 60}, reply);
    });
  };
  const std::string moment = format_instant(at);
  // By day only: the service has no hours of its own, so those from nine to six are offered.
  const std::string one = free();
  if (one.find(moment) != std::string::npos)
    EXPECT_NE(one.find(fmt::format(R"("at":"{}","left":1)", moment)), std::string::npos) << one;
  EXPECT_NE(one.find(R"("left":2)"), std::string::npos) << one;
  ASSERT_TRUE(is_booked(book(kEve, "S-fit", at)));
  EXPECT_EQ(free().find(moment), std::string::npos) << "full";
}

TEST_F(BookingsTest, ASurplusCancellationEatsNoLaterBooking) {
  publish("S-fit", R"(,"capacity":1)");
  const Instant at = hour_ahead(3), now = hour_ahead(0);
  // A page cancels what was never made; the events come in any order.
  tell(own(kAnna, "Booking Cancelled", "c0", now - hours(2), about("S-fit", at)));
  tell(own(kAnna, "Booking Cancelled", "c1", now - hours(1), about("S-fit", at)));
  ASSERT_TRUE(is_booked(book(kAnna, "S-fit", at)));
  EXPECT_EQ(hers(kAnna).appointments.size(), 1U);
  EXPECT_NE(book(kEve, "S-fit", at).find(R"("why":"full")"), std::string::npos) << "hers stands";
  reopen();
  EXPECT_NE(book(kEve, "S-fit", at).find(R"("why":"full")"), std::string::npos);
}

TEST_F(BookingsTest, WhatIsCancelledIsNotBookedAnyMore) {
  publish("S-fit", R"(,"capacity":1)");
  const Instant at = hour_ahead(3), now = hour_ahead(0);
  tell(own(kAnna, "Service Bought", "b0", now - hours(5), R"({"service_id":"S-fit","price":"9.00"})"));
  tell(own(kAnna, "Service Booked", "b1", now - hours(4), about("S-fit", at)));
  ASSERT_EQ(hers(kAnna).services.size(), 1U);
  EXPECT_EQ(hers(kAnna).services[0].stage, "booked");
  tell(own(kAnna, "Booking Cancelled", "c1", now - hours(3), about("S-fit", at)));
  EXPECT_EQ(hers(kAnna).services[0].stage, "bought") << "where she was before";
  EXPECT_EQ(stage_of(kAnna), "bought") << "and the shop sees the same";
  EXPECT_TRUE(hers(kAnna).appointments.empty());
  tell(own(kEve, "Service Booked", "b2", now - hours(4), about("S-fit", at)) + "," +
       own(kEve, "Booking Cancelled", "c2", now - hours(3), about("S-fit", at)));
  EXPECT_TRUE(hers(kEve).services.empty());
  EXPECT_EQ(stage_of(kEve), "booking_cancelled") << "there is nothing else";
  ASSERT_TRUE(is_booked(book(kEve, "S-fit", at)));
  EXPECT_EQ(hers(kEve).services[0].stage, "booked") << "made anew";
  EXPECT_EQ(stage_of(kEve), "booked");
}

TEST_F(BookingsTest, WhoIsErasedKeepsNobodyOut) {
  publish("S-fit", R"(,"capacity":1)");
  const Instant at = hour_ahead(3), other = hour_ahead(4);
  ASSERT_TRUE(is_booked(book(kAnna, "S-fit", at)));
  ASSERT_TRUE(is_booked(book(kAnna, "S-fit", other)));
  EXPECT_NE(book(kEve, "S-fit", at).find(R"("why":"full")"), std::string::npos);
  const auto erased =
      wait<EventSeq>([&](auto reply) { engine_->erase(shop_, std::string("anonymous_id:") + kAnna, reply); });
  ASSERT_TRUE(erased.ok()) << erased.error().describe();
  EXPECT_TRUE(is_booked(book(kEve, "S-fit", at)));
  reopen();
  EXPECT_TRUE(is_booked(book(kEve, "S-fit", other))) << "read anew from the log";
  EXPECT_NE(book("ida-browser-0123456789", "S-fit", at).find(R"("why":"full")"), std::string::npos)
      << "Eve's stands";
}

TEST_F(BookingsTest, ACancellationThatNamesHerUserIdAndHerBrowserFreesWhatTheBrowserBooked) {
  publish("S-fit", R"(,"capacity":1)");
  const Instant at = hour_ahead(3), other = hour_ahead(4), now = hour_ahead(0);
  tell(own(kAnna, "Service Booked", "b1", now - hours(4), about("S-fit", at)));
  tell(own(kAnna, "Service Booked", "b2", now - hours(4), about("S-fit", other)));
  const auto of_both = [&](const std::string& id, Instant time) {
    return fmt::format(
        R"({{"type":"track","userId":"ada","anonymousId":"{}","event":"Booking Cancelled","messageId":"{}","timestamp":"{}","properties":{}}})",
        kAnna, id, format_instant(now - hours(3)), about("S-fit", time));
  };
  tell(of_both("c1", at));
  EXPECT_TRUE(is_booked(book(kEve, "S-fit", at)));
  ASSERT_EQ(hers(kAnna).appointments.size(), 1U);
  EXPECT_EQ(hers(kAnna).appointments[0].for_time, other);
  EXPECT_EQ(stage_of(kAnna), "booked") << "the other one stands";
  // One of the same customer that the event does not name stays: anybody may claim to be one person with her.
  tell(track("ada", "Booking Cancelled", "c2", about("S-fit", other)));
  EXPECT_NE(book(kEve, "S-fit", other).find(R"("why":"full")"), std::string::npos);
  EXPECT_EQ(stage_of(kAnna), "booked");
  tell(of_both("c3", other));
  EXPECT_TRUE(is_booked(book(kEve, "S-fit", other)));
  EXPECT_TRUE(hers(kAnna).appointments.empty());
  EXPECT_EQ(stage_of(kAnna), "booking_cancelled");
  reopen();
  EXPECT_EQ(stage_of(kAnna), "booking_cancelled");
  EXPECT_TRUE(hers(kAnna).appointments.empty());
}

TEST_F(BookingsTest, TheProfileThePageAndTheBookAgree) {
  publish("S-fit", "");
  const Instant at = hour_ahead(3), other = hour_ahead(4), now = hour_ahead(0);
  const auto step = [&](const std::string& who, bool cancels, const std::string& id, int minute,
                        Instant time) {
    tell(own(who, cancels ? "Booking Cancelled" : "Service Booked", who.substr(0, 4) + id,
             now - hours(5) + minutes(minute), about("S-fit", time)));
  };
  const auto agree = [&](const std::string& who, bool stands) {
    EXPECT_EQ(stage_of(who), stands ? "booked" : "booking_cancelled") << who;
    EXPECT_EQ(hers(who).services.size(), stands ? 1U : 0U) << who;
    EXPECT_EQ(hers(who).appointments.size(), stands ? 1U : 0U) << who;
    const auto count = logged("Service Booked");
    EXPECT_TRUE(is_booked(book(who, "S-fit", at)));
    EXPECT_EQ(logged("Service Booked") - count, stands ? 0U : 1U) << "the book has it already";
  };
  const std::string a = "aaaa-browser-0123456789", b = "bbbb-browser-0123456789",
                    c = "cccc-browser-0123456789", d = "dddd-browser-0123456789",
                    e = "eeee-browser-0123456789";
  // One time booked, another cancelled that never was.
  step(a, false, "1", 1, at);
  step(a, true, "2", 2, other);
  agree(a, true);
  // Cancelled twice, and booked again.
  step(b, false, "1", 1, at);
  step(b, true, "2", 2, at);
  step(b, true, "3", 3, at);
  step(b, false, "4", 4, at);
  agree(b, true);
  // Cancelled at a moment before it was booked; and the two in the order in which they did not happen.
  step(c, false, "1", 5, at);
  step(c, true, "2", 4, at);
  agree(c, true);
  step(d, true, "1", 5, at);
  step(d, false, "2", 4, at);
  EXPECT_EQ(stage_of(d), "booking_cancelled");
  EXPECT_TRUE(hers(d).appointments.empty());
  // Nothing but a cancellation of what never was: no service of hers.
  step(e, true, "1", 1, at);
  CustomerQuery query;
  query.ref = "anonymous_id:" + e;
  const auto got = wait<model::CustomerAnswer>([&](auto reply) { engine_->customer(shop_, query, reply); });
  ASSERT_TRUE(got.ok()) << got.error().describe();
  EXPECT_TRUE(got->services.empty());
  EXPECT_TRUE(hers(e).services.empty());
}

TEST_F(BookingsTest, OneVisitorHasNoMoreThanSoManyAhead) {
  publish("S-free", "");
  for (int i = 0; i < kBookingsMost; ++i)
    ASSERT_TRUE(is_booked(book(kAnna, "S-free", hour_ahead(2) + hours(i))));
  EXPECT_EQ(ask(kAnna, "S-free", hour_ahead(9)).error().code, Errc::refused);
  tell(own(kAnna, "Booking Cancelled", "c1", hour_ahead(0) + hours(1), about("S-free", hour_ahead(2))));
  EXPECT_TRUE(is_booked(book(kAnna, "S-free", hour_ahead(9))));
}

TEST_F(BookingsTest, AVisitorCancelsHerOwnOnceAndNobodyElses) {
  publish("S-fit", R"(,"capacity":1)");
  const Instant at = hour_ahead(3);
  ASSERT_TRUE(is_booked(book(kAnna, "S-fit", at)));
  EXPECT_EQ(cancel(kEve, "S-fit", at).error().code, Errc::not_found) << "it is Anna's";
  EXPECT_EQ(cancel(kAnna, "S-fit", at + hours(1)).error().code, Errc::not_found);
  EXPECT_EQ(cancel(kAnna, "S-none", at).error().code, Errc::not_found);
  EXPECT_EQ(logged("Booking Cancelled"), 0U);
  ASSERT_TRUE(cancel(kAnna, "S-fit", at).ok()) << cancel(kAnna, "S-fit", at).error().describe();
  EXPECT_TRUE(hers(kAnna).appointments.empty());
  const auto again = cancel(kAnna, "S-fit", at);
  ASSERT_TRUE(again.ok());
  EXPECT_NE(again->find(R"("cancelled":true)"), std::string::npos) << *again;
  reopen();
  EXPECT_TRUE(cancel(kAnna, "S-fit", at).ok());
  EXPECT_EQ(logged("Booking Cancelled"), 1U) << "a second click cancels nothing more";
  // The room is free, and what was cancelled can be made and cancelled anew.
  EXPECT_TRUE(is_booked(book(kEve, "S-fit", at)));
  ASSERT_TRUE(cancel(kEve, "S-fit", at).ok());
  ASSERT_TRUE(is_booked(book(kAnna, "S-fit", at)));
  ASSERT_TRUE(cancel(kAnna, "S-fit", at).ok());
  EXPECT_TRUE(hers(kAnna).appointments.empty());
  EXPECT_EQ(logged("Booking Cancelled"), 3U);
}

TEST_F(BookingsTest, WhatIsOverOrOfNoServiceAnyMore) {
  publish("S-fit", R"(,"capacity":1)");
  const Instant over = hour_ahead(-2), at = hour_ahead(3);
  tell(own(kAnna, "Service Booked", "b1", over - hours(4), about("S-fit", over)));
  EXPECT_EQ(cancel(kAnna, "S-fit", over).error().code, Errc::refused);
  ASSERT_TRUE(is_booked(book(kAnna, "S-fit", at)));
  tell(track("shop", "Service Published", "noun-S-fit-2",
             R"({"service_id":"S-fit","title":"上门安装","capacity":1,"hidden":true})"));
  EXPECT_TRUE(cancel(kAnna, "S-fit", at).ok()) << "a service that is hidden since keeps nobody's appointment";
}

TEST_F(BookingsTest, WhatAnAgentBookedForHerSheCancelsWithAProof) {
  publish("S-fit", R"(,"capacity":1)");
  const Instant at = hour_ahead(3);
  tell(track("ada", "Service Booked", "agent-b1", about("S-fit", at)));
  EXPECT_EQ(cancel(kAnna, "S-fit", at).error().code, Errc::not_found);
  const auto proof = wait<VisitorProofAnswer>([&](auto reply) {
    engine_->vouch_for_visitor(shop_, {kAnna, "ada", seconds(600)}, reply);
  });
  ASSERT_TRUE(proof.ok()) << proof.error().describe();
  EXPECT_EQ(cancel(kAnna, "S-fit", at, "not a proof").error().code, Errc::unauthorized);
  EXPECT_EQ(cancel(kEve, "S-fit", at, proof->token).error().code, Errc::unauthorized) << "of another browser";
  ASSERT_TRUE(cancel(kAnna, "S-fit", at, proof->token).ok());
  EXPECT_TRUE(is_booked(book(kEve, "S-fit", at))) << "its room is free";
}

TEST_F(BookingsTest, OfManyCancellationsAtOnceOneIsWritten) {
  publish("S-free", "");
  const Instant at = hour_ahead(4);
  ASSERT_TRUE(is_booked(book(kAnna, "S-free", at)));
  std::vector<std::thread> threads;
  std::atomic<int> done = 0;
  for (int i = 0; i < 10; ++i)
    threads.emplace_back([&] { done += cancel(kAnna, "S-free", at).ok() ? 1 : 0; });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 10);
  EXPECT_EQ(logged("Booking Cancelled"), 1U);
}

TEST_F(BookingsTest, WhichWordsOfAPageDoNotDo) {
  publish("S-fit", R"(,"capacity":1)");
  publish("S-hours", R"(,"calendar":"main")");
  publish("S-free", R"(,"bookable":true)");
  const auto first = [&](std::vector<BookingClaim> claims) {
    return *wait<std::string>([&](auto reply) { claim_against_calendar(*engine_, shop_, claims, reply); });
  };
  const auto books = [](const std::string& id) { return BookingClaim{id, {}, browser(kAnna)}; };
  EXPECT_EQ(first({books("S-free"), books("S-none")}), "");
  EXPECT_EQ(first({books("S-free"), books("S-fit")}), "S-fit");
  EXPECT_EQ(first({books("S-hours")}), "S-hours");
  const Instant at = hour_ahead(3);
  ASSERT_TRUE(is_booked(book(kAnna, "S-fit", at)));
  EXPECT_EQ(first({{"S-fit", at, browser(kAnna)}}), "") << "her own";
  EXPECT_EQ(first({{"S-fit", at, browser(kEve)}}), "S-fit");
  EXPECT_EQ(first({{"S-fit", at, std::nullopt}}), "S-fit");
  EXPECT_EQ(first({{"S-fit", at + hours(1), browser(kAnna)}}), "S-fit");
  EXPECT_EQ(first({{"S-free", at, browser(kEve)}}), "") << "no room to keep to";
}

constexpr int kDays = 40, kVisitorsADay = 27, kRoom = 4;

/// Everybody of every day asks for the day's one time; who has it already has it again.
void book_all(Engine& engine, ShopNo shop, Instant first) {
  for (int day = 0; day < kDays; ++day) {
    for (int n = 0; n < kVisitorsADay; ++n) {
      const std::string visitor = fmt::format("visitor-browser-{:02}-{:02}", day, n);
      (void)wait_for<std::string>([&](auto reply) {
        book_appointment(engine, shop, {browser(visitor), "S-fit", first + days(day)}, reply);
      });
    }
  }
}

TEST(BookingsKill, DISABLED_Child) {
  const char* folder = std::getenv(kKilledFolder);
  if (folder == nullptr) GTEST_SKIP() << "runs inside the test below";
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  book_all(*engine, *engine->find_shop("booking"), hour_ahead(1));
}

TEST(BookingsKill, AsManyAsThereIsRoomForAndNobodyTwiceWhateverIsKilled) {
  const std::uint64_t seed = 12;
  SCOPED_TRACE(seed);
  Random random(seed);
  const std::string folder = fresh_folder("rapport_bookings");
  {
    auto engine = open_folder(folder);
    ASSERT_TRUE(engine != nullptr);
    const ShopNo shop = *engine->create_shop("booking", {});
    send_to(*engine, shop,
            track("shop", "Service Published", "s1",
                  fmt::format(R"({{"service_id":"S-fit","title":"上门安装","capacity":{}}})", kRoom)));
  }
  int killed = 0;
  for (int round = 0; round < 5; ++round)
    killed += run_and_kill("BookingsKill.DISABLED_Child", folder, static_cast<int>(random.between(150, 900)))
                  ? 0
                  : 1;
  EXPECT_GT(killed, 0);
  auto engine = open_folder(folder);
  ASSERT_TRUE(engine != nullptr);
  const ShopNo shop = *engine->find_shop("booking");
  book_all(*engine, shop, hour_ahead(1));
  std::map<std::string, int> at_a_time;
  TailQuery query;
  query.most = 10'000;
  const auto tail = wait_for<TailAnswer>([&](auto reply) { engine->tail(shop, query, reply); });
  ASSERT_TRUE(tail.ok());
  for (const auto& entry : tail->events) {
    if (entry.event == "Service Booked") ++at_a_time[entry.properties_json];
  }
  for (const auto& [when, count] : at_a_time) EXPECT_EQ(count, kRoom) << when;
  // The hour may turn while it runs: then there are times of two hours, each full.
  EXPECT_GE(at_a_time.size(), static_cast<std::size_t>(kDays));
  engine.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace rapport::engine
