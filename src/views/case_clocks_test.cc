#include "views/case_clocks.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "views/detail/sample_log.h"

namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;
using model::IdentifierKind;

const Instant kStart = instant_from_civil({2026, 11, 23, 1, 0, 0, 0});

SampleEvent event_of(model::EventKind kind, Instant at, Properties clear, const std::string& user = "ada") {
  SampleEvent event;
  event.at = at;
  event.kind = kind;
  event.who = {{IdentifierKind::user_id, user}};
  event.clear = std::move(clear);
  return event;
}

SampleEvent opened(Instant at, const std::string& id = "T1", std::string_view feedback_class = "logistics") {
  return event_of(k::ticket_opened, at,
                  Properties().text(p::ticket_id, id).text(p::feedback_class, feedback_class));
}
SampleEvent moved(Instant at, std::string_view state, const std::string& id = "T1") {
  return event_of(k::ticket_updated, at, Properties().text(p::ticket_id, id).text(p::ticket_state, state));
}
SampleEvent said(Instant at, std::string_view from) {
  return event_of(k::message_posted, at, Properties().text(p::contact_id, "K1").text(p::from, from));
}
SampleEvent reached(Instant at, const std::string& about, std::string_view kind, std::string_view clock,
                    int step) {
  return event_of(k::clock_reached, at,
                  Properties()
                      .text(p::about, about)
                      .text(p::case_kind, kind)
                      .text(p::clock, clock)
                      .number(p::step, step));
}
SampleEvent published(model::EventKind kind, model::PropertyId name, std::string_view id, Instant at,
                      std::string_view body) {
  SampleEvent event;
  event.at = at;
  event.kind = kind;
  event.clear = Properties().text(name, id).text(p::noun_body, body);
  return event;
}
SampleEvent levels(Instant at, std::string_view body) {
  return published(k::service_level_published, p::service_level_id, "main", at, body);
}

constexpr std::string_view kLadder =
    R"({"ladders":{"logistics":[{"after":"1h","agent":"lead"},{"after":"3h","agent":"head"}]}})";

class CaseClocksTest : public ::testing::Test {
 protected:
  void add(const SampleEvent& event) {
    last_ = std::max(last_, event.at);
    log_.add(event, last_);
    log_.fold_into(state_, flips_);
  }
  void pass(Instant to) { state_.advance(to, state_.position(), flips_); }
  /// "closed 0 @90" for the warning of the closed clock 90 minutes after the start.
  std::string ripe() {
    std::string all;
    for (const ClockStep& step : state_.ripe_steps(100)) {
      all += fmt::format("{}{} {} {} @{}{}", all.empty() ? "" : ", ", case_name(step.ref.kind),
                         clock_name(step.clock), step.step, (step.moment - kStart).ms / 60'000,
                         step.agent.empty() ? "" : " " + step.agent);
    }
    return all;
  }
  const CaseClock clock(CaseRef ref, ClockKind kind, Instant at) {
    for (CaseClock& each : state_.clocks_of(ref, at)) {
      if (each.kind == kind) return each;
    }
    return {};
  }
  SampleLog log_;
  ShopState state_;
  FlipList flips_;
  Instant last_ = kStart - hours(1);
};

TEST_F(CaseClocksTest, WarnsFallsDueAndClimbsTheLadder) {
  add(levels(kStart - hours(1), kLadder));
  add(opened(kStart));
  add(moved(kStart + minutes(1), "located"));
  EXPECT_EQ(state_.next_due(), kStart + minutes(90));
  pass(kStart + minutes(89));
  EXPECT_EQ(ripe(), "");
  pass(kStart + minutes(90));
  EXPECT_EQ(ripe(), "ticket closed 0 @90");
  add(reached(kStart + minutes(90), "T1", "ticket", "closed", 0));
  EXPECT_EQ(ripe(), "");
  pass(kStart + minutes(121));
  EXPECT_EQ(ripe(), "ticket closed 1 @120");
  add(reached(kStart + minutes(121), "T1", "ticket", "closed", 1));
  add(moved(kStart + minutes(122), "escalated"));
  pass(kStart + minutes(180));
  EXPECT_EQ(ripe(), "ticket closed 2 @180 lead");
  add(reached(kStart + minutes(180), "T1", "ticket", "closed", 2));
  pass(kStart + minutes(300));
  EXPECT_EQ(ripe(), "ticket closed 3 @300 head");
}

TEST_F(CaseClocksTest, WhatWasSolvedMeanwhileTellsNothing) {
  add(levels(kStart - hours(1), kLadder));
  add(opened(kStart));
  add(moved(kStart + minutes(1), "located"));
  pass(kStart + minutes(121));
  EXPECT_EQ(ripe(), "ticket closed 1 @120") << "no warning of what is late already";
  add(moved(kStart + minutes(121), "solved"));
  EXPECT_EQ(ripe(), "");
  // An escalation that crossed the solution on its way opens nothing.
  add(moved(kStart + minutes(122), "escalated"));
  EXPECT_TRUE(state_.case_clocks().standing(1).done());
  EXPECT_EQ(state_.next_due(), kStart + minutes(121) + hours(36)) << "the warning of the call-back";
}

TEST_F(CaseClocksTest, WaitingPausesAndReopeningResumes) {
  add(levels(kStart - hours(1), "{}"));
  add(opened(kStart));
  add(moved(kStart + minutes(1), "located"));
  add(moved(kStart + minutes(10), "waiting"));
  pass(kStart + days(1));
  EXPECT_EQ(ripe(), "");
  add(moved(kStart + days(2), "open"));
  EXPECT_EQ(clock({CaseKind::ticket, 1}, ClockKind::closed, kStart + days(2)).reading.due_at,
            kStart + days(2) + minutes(110));
  add(moved(kStart + days(2) + minutes(5), "solved"));
  add(moved(kStart + days(3), "reopened"));
  const ClockReading reading = clock({CaseKind::ticket, 1}, ClockKind::closed, kStart + days(3)).reading;
  EXPECT_EQ(reading.used_ms, minutes(15).ms);
  EXPECT_EQ(reading.first_stop, kStart + days(2) + minutes(5));
}

TEST_F(CaseClocksTest, ABotStopsNoHumanClockAndThanksReopenNothing) {
  add(levels(kStart - hours(1), "{}"));
  add(event_of(k::contact_started, kStart, Properties().text(p::contact_id, "K1").text(p::channel, "chat")));
  add(said(kStart + seconds(2), "bot"));
  EXPECT_EQ(clock({CaseKind::contact, 1}, ClockKind::first_answer, kStart + seconds(3)).reading.run,
            Run::running);
  add(said(kStart + seconds(25), "agent"));
  const ClockReading answered =
      clock({CaseKind::contact, 1}, ClockKind::first_answer, kStart + days(1)).reading;
  EXPECT_EQ(answered.run, Run::stopped);
  EXPECT_EQ(answered.used_ms, 25'000);
  add(said(kStart + minutes(5), "customer"));
  EXPECT_EQ(clock({CaseKind::contact, 1}, ClockKind::first_answer, kStart + days(1)).reading.run,
            Run::stopped);
}

TEST_F(CaseClocksTest, OnlyReopeningUndoesWhatIsDone) {
  const auto done = [&] { return state_.indicator_total(Indicator::tickets_done); };
  add(opened(kStart));
  add(moved(kStart + hours(2), "solved"));
  EXPECT_EQ(done(), 1);
  add(moved(kStart + hours(3), "escalated"));
  add(moved(kStart + hours(4), "waiting"));
  EXPECT_EQ(done(), 1) << "they crossed the solution on their way";
  EXPECT_TRUE(state_.case_clocks().open_tickets().empty());
  add(moved(kStart + hours(5), "reopened"));
  EXPECT_EQ(done(), 0);
  add(moved(kStart + hours(6), "closed"));
  add(moved(kStart + hours(1), "open"));
  EXPECT_EQ(done(), 1) << "what came late of an earlier hour changes nothing";
}

TEST_F(CaseClocksTest, ReturnsAndBadReviews) {
  add(levels(kStart - hours(1), "{}"));
  add(event_of(k::return_requested, kStart,
               Properties().text(p::return_id, "R1").text(p::order_id, "O1").text(p::reason, "size")));
  add(event_of(k::review_posted, kStart,
               Properties().text(p::review_id, "V1").text(p::product_id, "P1").number(p::rating, 1'000)));
  add(event_of(k::review_posted, kStart,
               Properties().text(p::review_id, "V2").text(p::product_id, "P1").number(p::rating, 3'000)));
  pass(kStart + hours(3));
  EXPECT_EQ(ripe(), "return decision 1 @120");
  add(event_of(k::return_updated, kStart + hours(3),
               Properties().text(p::return_id, "R1").text(p::return_state, "approved")));
  EXPECT_EQ(ripe(), "");
  pass(kStart + hours(24));
  EXPECT_EQ(ripe(), "return pick_up 1 @300, review public_answer 1 @1440");
  EXPECT_TRUE(state_.clocks_of({CaseKind::review, 2}, kStart + days(9)).empty())
      << "three stars are no bad review";
}

TEST_F(CaseClocksTest, APolicyReachesManyCasesInSlicesWithTheSameResult) {
  add(levels(kStart, R"({"targets":[{"clock":"closed","target":"100h"}]})"));
  constexpr int kTickets = 1'200;
  for (int n = 0; n < kTickets; ++n) add(opened(kStart, "T" + std::to_string(n)));
  pass(kStart + hours(3));
  EXPECT_EQ(state_.case_clocks().ripe_cases(), 0U);
  add(levels(kStart + hours(3), R"({"targets":[{"clock":"closed","target":"2h"}]})"));
  EXPECT_TRUE(state_.sweep_pending()) << "more cases than are looked at at once";
  EXPECT_LT(state_.case_clocks().ripe_cases(), std::size_t{kTickets});
  // What is read in between is right already.
  const CaseRef last{CaseKind::ticket, kTickets};
  EXPECT_EQ(state_.clocks_of(last, state_.now()).back().reading.terms.target_ms, 2 * 3'600'000);
  for (int slices = 0; state_.sweep_pending(); ++slices) {
    ASSERT_LT(slices, 100);
    state_.sweep(64, flips_);
  }
  EXPECT_EQ(state_.case_clocks().ripe_cases(), std::size_t{kTickets});
}

TEST_F(CaseClocksTest, ATierIsHersWhicheverIdentifierWasToldOfIt) {
  add(levels(
      kStart,
      R"({"targets":[{"clock":"closed","tier":"gold","target":"1h"},{"clock":"closed","target":"100h"}]})"));
  add(opened(kStart));
  SampleEvent tier = event_of(k::tier_changed, kStart, Properties().text(p::tier, "gold"), "ada@example.com");
  tier.who = {{IdentifierKind::email, "ada@example.com"}};
  add(tier);
  const auto target = [&] {
    return state_.clocks_of({CaseKind::ticket, 1}, state_.now()).back().reading.terms.target_ms / 3'600'000;
  };
  EXPECT_EQ(target(), 100) << "nobody knows yet that it is she";
  SampleEvent same = event_of(k::user_registered, kStart + minutes(1), Properties());
  same.who = {{IdentifierKind::user_id, "ada"}, {IdentifierKind::email, "ada@example.com"}};
  add(same);
  EXPECT_EQ(target(), 1);
  pass(kStart + minutes(61));
  EXPECT_EQ(state_.case_clocks().ripe_cases(), 1U) << "and the clock runs by it from then on";
}

TEST_F(CaseClocksTest, APolicyHoldsFromItsMoment) {
  add(levels(kStart - hours(1), "{}"));
  add(opened(kStart, "T1", "product"));
  add(moved(kStart + minutes(1), "located"));
  EXPECT_EQ(clock({CaseKind::ticket, 1}, ClockKind::closed, kStart).reading.due_at, kStart + hours(24));
  add(levels(
      kStart + hours(3),
      R"({"targets":[{"clock":"closed","tier":"gold","target":"1h"},{"clock":"closed","target":"6h"}]})"));
  EXPECT_EQ(state_.next_due(), kStart + minutes(270));
  add(event_of(k::tier_changed, kStart + hours(4), Properties().text(p::tier, "gold")));
  EXPECT_EQ(ripe(), "ticket closed 1 @240") << "late from the moment of the stricter promise";
}

TEST_F(CaseClocksTest, NobodyIsCalledForHistory) {
  // Before anything was published, and out of an import.
  add(opened(kStart, "T1"));
  add(levels(kStart + hours(9), "{}"));
  EXPECT_EQ(ripe(), "");
  log_.add(opened(kStart + hours(9), "T2"), kStart + hours(9), true);
  log_.fold_into(state_, flips_);
  pass(kStart + hours(30));
  EXPECT_EQ(ripe(), "");
  EXPECT_NE(clock({CaseKind::ticket, 2}, ClockKind::closed, kStart + hours(30)).reading.breached,
            Instant::min());
}

/// Random lives of a few cases, policies and calendars among them.
std::vector<SampleEvent> random_lives(Random& random) {
  constexpr std::string_view kStates[] = {"open",        "located",  "waiting",   "solved",
                                          "called_back", "reopened", "escalated", "closed"};
  constexpr std::string_view kPolicies[] = {
      "{}", kLadder, R"({"warn_percent":0,"calendar":"main"})",
      R"({"calendar":"main","targets":[{"clock":"closed","priority":"urgent","target":"30m"},{"clock":"closed","target":"4h"},{"clock":"call_back","target":"2h"}]})"};
  constexpr std::string_view kReturns[] = {"under_review", "approved", "rejected", "pickup_booked", "closed"};
  const auto moment = [&] { return kStart + minutes(random.between(0, 3 * 1440)); };
  const auto one_of = [&](auto& list) { return list[random.below(std::size(list))]; };
  std::vector<SampleEvent> events = {levels(moment(), one_of(kPolicies))};
  for (std::uint64_t n = random.between(10, 60); n > 0; --n) {
    const Instant at = moment();
    const std::string ticket = "T" + std::to_string(random.between(1, 3));
    switch (random.below(9)) {
      case 0:
        events.push_back(levels(at, one_of(kPolicies)));
        break;
      case 1:
        events.push_back(published(
            k::calendar_published, p::calendar_id, "main", at,
            fmt::format(R"({{"open":[{},240,90,300,800,480],"until":{}}})",
                        kStart.ms / 60'000 + random.between(-600, 600), kStart.ms / 60'000 + 4'000)));
        break;
      case 2:
        events.push_back(event_of(k::tier_changed, at, Properties().text(p::tier, "gold")));
        break;
      case 3:
        events.push_back(
            event_of(k::return_updated, at,
                     Properties().text(p::return_id, "R1").text(p::return_state, one_of(kReturns))));
        break;
      case 4:
        events.push_back(event_of(k::review_posted, at,
                                  Properties()
                                      .text(p::review_id, "V1")
                                      .text(p::product_id, "P")
                                      .number(p::rating, random.between(1, 5) * 1'000)));
        break;
      case 5:
        events.push_back(reached(at, ticket, "ticket", "closed", static_cast<int>(random.below(4))));
        break;
      case 6:
        events.push_back(opened(at, ticket, random.chance(0.5) ? "logistics" : "product"));
        break;
      default:
        events.push_back(moved(at, one_of(kStates), ticket));
        if (random.chance(0.3)) events.back().clear += std::string(Properties().text(p::priority, "urgent"));
        break;
    }
  }
  events.push_back(
      event_of(k::return_requested, moment(),
               Properties().text(p::return_id, "R1").text(p::order_id, "O1").text(p::reason, "size")));
  return events;
}

std::string saved(const ShopState& state) {
  std::string bytes;
  state.save([&bytes](std::string_view piece) { bytes += piece; });
  return bytes;
}

std::vector<std::string> all_ripe(const ShopState& state) {
  std::vector<std::string> all;
  for (const ClockStep& step : state.ripe_steps(1'000)) {
    const auto& names = state.tables().dictionary(dictionary_of(step.ref.kind));
    all.push_back(fmt::format("{} {} {} {} {}", step.moment.ms, names.text(step.ref.number),
                              clock_name(step.clock), step.step, step.agent));
  }
  std::sort(all.begin(), all.end());
  return all;
}

// What is ripe is a function of what happened and of now: in any order of arrival, with timers or without
// them.
TEST(CaseClocksRandom, AnyOrderOfArrivalAndACheckpointInBetween) {
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    Random random(seed);
    std::vector<SampleEvent> events = random_lives(random);
    const Instant end = kStart + days(3) + hours(random.between(0, 60));
    std::string canonical;
    std::vector<std::string> ripe;
    for (int order = 0; order < 3; ++order) {
      if (order == 0)
        std::stable_sort(events.begin(), events.end(),
                         [](const auto& x, const auto& y) { return x.at < y.at; });
      if (order > 0) std::shuffle(events.begin(), events.end(), random);
      SampleLog log;
      ShopState state;
      FlipList flips;
      Instant received = order == 2 ? end - hours(1) : kStart;
      for (const SampleEvent& event : events) {
        received = std::max(received, event.at);
        log.add(event, received);
        log.fold_into(state, flips);
        if (!random.chance(0.05)) continue;
        auto loaded = ShopState::load(saved(state), {});
        ASSERT_TRUE(loaded.ok()) << "seed " << seed << " " << loaded.error().describe();
        ASSERT_EQ(all_ripe(*loaded), all_ripe(state)) << "seed " << seed;
        ASSERT_EQ(loaded->next_due(), state.next_due()) << "seed " << seed;
        ASSERT_EQ(loaded->case_clocks().open_tickets(), state.case_clocks().open_tickets())
            << "seed " << seed;
        ASSERT_EQ(loaded->case_clocks().loads(), state.case_clocks().loads()) << "seed " << seed;
        ASSERT_EQ(loaded->case_clocks().unassigned(), state.case_clocks().unassigned()) << "seed " << seed;
        state = std::move(loaded).value();
      }
      while (state.next_due() <= end) state.advance(state.next_due(), state.position(), flips);
      state.advance(end, state.position(), flips);
      if (order == 0) canonical = state.canonical_state(log.names()), ripe = all_ripe(state);
      ASSERT_EQ(state.canonical_state(log.names()), canonical) << "seed " << seed << " order " << order;
      ASSERT_EQ(all_ripe(state), ripe) << "seed " << seed << " order " << order;
    }
  }
}

TEST(ServiceLevels, SaysWhatIsWrong) {
  const std::pair<std::string_view, std::string_view> kWrong[] = {
      {R"({"targets":[{"clock":"shut","target":"1h"}]})", "targets[0].clock"},
      {R"({"targets":[{"clock":"closed","target":"soon"}]})", "targets[0].target"},
      {R"({"targets":[{"clock":"closed","target":"1h","class":"weather"}]})", "targets[0].class"},
      {R"({"warn_percent":100})", "warn_percent"},
      {R"({"departments":{"weather":"x"}})", "departments.weather"},
      {R"({"ladders":{"*":[{"after":"2h","agent":"a"},{"after":"1h","agent":"b"}]}})", "ladders.*[1].after"},
      {R"({"ladders":{"*":[{"after":"2h"}]}})", "ladders.*[0].agent"},
      {R"([])", ""}};
  for (const auto& [body, where] : kWrong) {
    const auto parsed = ServiceLevels::parse(body);
    ASSERT_FALSE(parsed.ok()) << body;
    EXPECT_EQ(parsed.error().where, where);
  }
  const ServiceLevels shipped = ServiceLevels::parse("{}").value();
  EXPECT_EQ(shipped.find(ClockKind::closed, 2, -1, "")->target_ms, hours(2).ms);
  EXPECT_EQ(shipped.find(ClockKind::closed, 0, -1, "")->target_ms, hours(24).ms);
}

}  // namespace
}  // namespace rapport::views
