#include "world/detail/shop.h"

// Conversations, the tickets that come of some of them, and what the waiting does to people.
namespace rapport::world {
namespace {

enum State { open, located, waiting, solved, called_back, reopened, escalated, closed };

bool becomes_ticket(Topic topic) {
  return topic != Topic::term && topic != Topic::praise;
}

/// What a solved problem leaves behind, by hours from opening: thanks within a day, falling to nothing at
/// forty-eight hours, then ever worse up to a week; the impatient feel all of it one and a half times.
std::int32_t reply_feeling(const Customer& c, std::int64_t hours) {
  std::int64_t feeling = 0;
  if (hours <= 24)
    feeling = 170;
  else if (hours <= 72)
    feeling = 170 - 170 * (hours - 24) / 24;
  else
    feeling = -170 - 2 * std::min<std::int64_t>(hours - 72, 96);
  return static_cast<std::int32_t>(c.patience < -200 ? feeling * 3 / 2 : feeling);
}

/// The talk itself: question, bot or agent, a few turns.
std::int64_t talk(Shop& shop, Customer& c, const Today& t, const Complaint& complaint, std::int32_t contact,
                  int agent) {
  const Draw& d = t.draw;
  const auto n = static_cast<std::uint64_t>(contact) * 32;
  const int topic = static_cast<int>(complaint.topic);
  std::int64_t at = complaint.ms;
  const auto message = [&](int who, int step) {
    const std::int64_t c_value = static_cast<std::int64_t>(complaint.product) |
                                 static_cast<std::int64_t>(step) << 32 |
                                 static_cast<std::int64_t>(agent) << 40;
    shop.plan(c, back_office(at, Act::message, contact, pack2(who, topic), c_value));
  };
  const std::int64_t channel = d.below(Tag::contact_channel, 4, n);
  shop.plan(c, back_office(at, Act::contact_started, contact, pack2(channel, topic),
                           static_cast<std::int64_t>(complaint.product) |
                               static_cast<std::int64_t>(complaint.order) << 32));
  at += 8'000;
  message(0, 0);
  at += d.between(Tag::chat, 3, 9, n) * 1000;
  message(2, 1);  // the bot greets and tries
  const int turns = 1 + d.steps(Tag::chat, 4200, 3, n);
  for (int i = 0; i < turns; ++i) {
    at += d.between(Tag::chat, 15, 240, n + 2 + 2 * static_cast<std::uint64_t>(i)) * 1000;
    message(0, 2 + 2 * i);
    at += d.between(Tag::chat, 20, 400, n + 3 + 2 * static_cast<std::uint64_t>(i)) * 1000;
    message(1, 3 + 2 * i);
  }
  at += 60'000;
  shop.plan(c, back_office(at, Act::contact_ended, contact, agent));
  return at;
}

}  // namespace

void make_contact(Shop& shop, Customer& c, const Today& t, const Complaint& complaint) {
  if (complaint.product < 0) return;
  const Draw& d = t.draw;
  const auto contact = static_cast<std::int32_t>(++c.contacts);
  const auto n = static_cast<std::uint64_t>(contact);
  const int agent = static_cast<int>(d.below(Tag::contact, shop.desk.agents(), n + 3'000));
  const std::int64_t ended = talk(shop, c, t, complaint, contact, agent);
  if (d.chance(Tag::survey, 1200, n + 9'000)) ask(shop, c, t, 2, ended + kHourMs, complaint.product);
  if (!becomes_ticket(complaint.topic) ||
      !d.chance(Tag::ticket, complaint.topic == Topic::usage ? 5000 : 9000, n))
    return;
  const auto ticket = static_cast<std::int32_t>(++c.tickets);
  const int priority = complaint.topic == Topic::defect ? 2 : c.tier >= 2 ? 2 : 1;
  shop.plan(
      c, back_office(ended - 30'000, Act::ticket_opened, ticket,
                     pack2(static_cast<int>(complaint.topic), priority),
                     static_cast<std::int64_t>(contact) | static_cast<std::int64_t>(complaint.order) << 32));
  shop.desk.incoming.push_back(
      {.ms = ended,
       .customer = c.index,
       .ticket = ticket,
       .topic = static_cast<std::uint8_t>(complaint.topic),
       .express = c.holds(Service::express, t.day),
       .difficulty = static_cast<std::int32_t>(400 + d.below(Tag::difficulty, 1'200, n)),
       .luck = static_cast<std::int32_t>(d.below(Tag::difficulty, 65'536, n + 500))});
}

void answer_tickets(Shop& shop, std::int32_t) {
  auto& incoming = shop.desk.incoming;
  std::sort(incoming.begin(), incoming.end(), [](const Ticket& x, const Ticket& y) {
    return std::tie(x.ms, x.customer, x.ticket) < std::tie(y.ms, y.customer, y.ticket);
  });
  for (const Ticket& ticket : incoming) {
    Customer& c = shop.customers[ticket.customer];
    Handling h = shop.desk.handle(ticket);
    if (!shop.regime.slow_replies) h.solved_ms = std::min(h.solved_ms, ticket.ms + 12 * kHourMs);
    h.located_ms = std::min(h.located_ms, h.solved_ms);
    const auto update = [&](std::int64_t ms, State state, int agent) {
      shop.plan(c, back_office(ms, Act::ticket_updated, ticket.ticket, pack2(state, agent)));
    };
    shop.plan(c, back_office(h.assigned_ms, Act::ticket_assigned, ticket.ticket, h.first_agent));
    if (h.passed_on) {
      shop.plan(c, back_office(h.located_ms - 20 * kMinuteMs, Act::ticket_assigned, ticket.ticket, h.agent));
    }
    update(h.located_ms, located, h.agent);
    if (h.solved_ms - h.located_ms > 8 * kHourMs) update(h.located_ms + kHourMs, waiting, h.agent);
    if (h.solved_ms - ticket.ms > 96 * kHourMs) update(ticket.ms + 90 * kHourMs, escalated, h.agent);
    update(h.solved_ms, solved, h.agent);
    update(h.solved_ms + 20 * kHourMs, called_back, h.agent);
    update(h.solved_ms + 21 * kHourMs, closed, h.agent);
    shop.later({.ms = h.solved_ms,
                .customer = ticket.customer,
                .kind = EffectKind::ticket_solved,
                .a = ticket.ticket,
                .b = static_cast<std::int32_t>((h.solved_ms - ticket.ms) / kHourMs),
                .c = ticket.topic});
  }
  incoming.clear();
}

void ticket_solved(Shop& shop, Customer& c, const Today& t, const Effect& e) {
  feel(c, reply_feeling(c, e.b));
  if (e.b > 72 && c.slow_day < 0) c.slow_day = t.day;
  const auto n = static_cast<std::uint64_t>(e.a);
  if (t.draw.chance(Tag::survey, 4200, n + 700)) ask(shop, c, t, 2, e.ms + 22 * kHourMs, 0);
  // Nobody should have to chase twice; some do.
  if (e.b > 72 && t.draw.chance(Tag::contact, 2600, n + 800) &&
      e.c != static_cast<std::int64_t>(Topic::service)) {
    make_contact(shop, c, t, {e.ms + 30 * kHourMs, Topic::service, 0, static_cast<std::int32_t>(c.orders)});
  }
}

}  // namespace rapport::world
