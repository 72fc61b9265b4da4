#include "app/desk_staff.h"

#include <gtest/gtest.h>

#include <map>

#include "app/desk_staff_texts.h"
#include "base/random.h"

namespace rapport::app {
namespace {

Instant at(const char* text) {
  return *parse_instant(text);
}

StaffTicket ticket_of(int n, const char* feedback_class, Instant opened) {
  return {fmt::format("fb-{:x}", mix64(static_cast<std::uint64_t>(n))),
          feedback_class,
          "open",
          "",
          opened,
          opened};
}

/// One ticket from opening to its end, every step done at its moment; hours until first solved.
struct Life {
  std::vector<StaffMove> moves;
  Instant taken, solved, ended;
};
Life live(std::uint64_t seed, StaffTicket ticket) {
  Life life{{}, Instant::min(), Instant::min(), Instant::min()};
  for (int steps = 0; steps < 60; ++steps) {
    const auto step = next_staff_step(seed, ticket);
    if (!step) return life;
    EXPECT_GE(step->at, ticket.since);
    EXPECT_EQ(after_desk_minutes(step->at, 0), step->at) << "within the desk's hours";
    life.moves.push_back(step->move);
    life.ended = step->at;
    if (step->move == StaffMove::take) {
      ticket.agent = staff_agent(seed, ticket);
      life.taken = step->at;
      continue;
    }
    ticket.since = step->at;
    if (step->move == StaffMove::solve && life.solved == Instant::min()) life.solved = step->at;
    ticket.state = step->move == StaffMove::look    ? "located"
                   : step->move == StaffMove::wait  ? "waiting"
                   : step->move == StaffMove::solve ? "solved"
                   : step->satisfied                ? "closed"
                                                    : "escalated";
  }
  ADD_FAILURE() << "it never ends";
  return life;
}

TEST(DeskStaff, WorksInTheDesksHours) {
  EXPECT_EQ(after_desk_minutes(at("2026-11-09T02:00:00Z"), 30), at("2026-11-09T02:30:00Z"));
  EXPECT_EQ(after_desk_minutes(at("2026-11-09T00:30:00Z"), 0), at("2026-11-09T01:00:00Z"));
  EXPECT_EQ(after_desk_minutes(at("2026-11-09T10:00:00Z"), 0), at("2026-11-09T10:00:00Z"));
  EXPECT_EQ(after_desk_minutes(at("2026-11-09T09:50:00Z"), 30), at("2026-11-10T01:20:00Z"));
  EXPECT_EQ(after_desk_minutes(at("2026-11-09T15:00:00Z"), 600), at("2026-11-11T02:00:00Z"));
}

TEST(DeskStaff, SameSeedSameStepsAndTicketsDiffer) {
  const Instant opened = at("2026-11-09T03:00:00Z");
  std::map<std::int64_t, int> moments;
  for (int n = 0; n < 50; ++n) {
    const StaffTicket ticket = ticket_of(n, "product", opened);
    const Life life = live(7, ticket), again = live(7, ticket);
    EXPECT_EQ(life.moves, again.moves);
    EXPECT_EQ(life.ended, again.ended);
    ++moments[life.solved.ms];
  }
  EXPECT_GT(moments.size(), 40U);
}

TEST(DeskStaff, EveryTicketIsTakenSolvedAndCalledBack) {
  int waits = 0, back = 0, late = 0;
  const int tickets = 2'000;
  for (int n = 0; n < tickets; ++n) {
    const char* classes[] = {"product", "service", "logistics", "price", "payment", "experience"};
    const StaffTicket ticket = ticket_of(n, classes[n % 6], at("2026-11-09T01:00:00Z") + minutes(7 * n));
    const Life life = live(1, ticket);
    ASSERT_GE(life.moves.size(), 4U);
    EXPECT_EQ(life.moves[0], StaffMove::take);
    EXPECT_EQ(life.moves[1], StaffMove::look);
    EXPECT_EQ(life.moves.back(), StaffMove::call_back);
    for (const StaffMove move : life.moves) waits += move == StaffMove::wait;
    back += std::count(life.moves.begin(), life.moves.end(), StaffMove::call_back) > 1;
    EXPECT_LE(life.taken - ticket.opened, hours(24)) << ticket.id;
    late += life.solved - ticket.opened > hours(48);
    EXPECT_LE(life.solved - ticket.opened, days(21)) << ticket.id;
  }
  EXPECT_GT(waits, tickets / 5);
  EXPECT_GT(back, tickets / 20);
  EXPECT_LT(back, tickets / 4);
  EXPECT_GT(late, 0) << "nobody is perfect";
  EXPECT_LT(late, tickets / 10);
}

TEST(DeskStaff, LeavesAloneWhatIsSomebodyElses) {
  StaffTicket ticket = ticket_of(1, "price", at("2026-11-09T03:00:00Z"));
  ticket.agent = "lin";
  EXPECT_FALSE(next_staff_step(1, ticket)) << "a person of the console has it";
  ticket.agent = "agent-40";
  EXPECT_TRUE(next_staff_step(1, ticket));
  ticket.id = "T-17-1";
  EXPECT_FALSE(next_staff_step(1, ticket)) << "the world works its own";
  ticket.id = "fb-1";
  ticket.state = "closed";
  EXPECT_FALSE(next_staff_step(1, ticket));
}

TEST(DeskStaff, HasATextForEveryClass) {
  for (const std::string_view feedback_class :
       {"product", "service", "logistics", "price", "payment", "experience", "", "new"}) {
    for (const char* what : {"looking", "solved"}) {
      const std::string id = fmt::format("{}-{}", what, staff_text_class(feedback_class));
      const auto texts = staff_texts();
      EXPECT_TRUE(std::any_of(texts.begin(), texts.end(), [&](const StaffText& text) {
        return text.id == id;
      })) << id;
    }
  }
}

}  // namespace
}  // namespace rapport::app
