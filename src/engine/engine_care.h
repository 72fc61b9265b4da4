#pragma once

#include <optional>
#include <string>

#include "engine/engine.h"

/// The service desk: tickets with their clocks, and what is promised, when the shop is open and who works.
/// Answers are JSON (openapi.json describes them); positions in them are durable and folded.
namespace rapport::engine {

struct TicketsQuery {
  std::string queue = "open";  ///< open, late, unassigned; done = of the newest 5,000 those that are done
  std::string department, agent, state, feedback_class;  ///< "" = any; agent "none" = nobody's
  std::string sort = "deadline";                         ///< or "opened"
  std::size_t most = 50;
  std::optional<EventSeq> after_offset;
};

/// Errors: bad_input naming the parameter.
void tickets(Engine& engine, ShopNo shop, TicketsQuery query, Reply<std::string> reply);
struct TicketQuery {
  std::string id;
  bool reveal = false;  ///< texts of the conversation
  std::optional<EventSeq> after_offset;
};
/// One ticket with the traces of its clocks and its history. Errors: not_found.
void ticket(Engine& engine, ShopNo shop, TicketQuery asked, Reply<std::string> reply);

/// {"agent","reason"?,"packet"?:{"wanted","tried":[..]}}: with a packet it is handed over, whole: who,
/// wanted, tried, promised, urgency, transcript. Errors: not_found; bad_input; conflict for a ticket that is
/// done.
void assign_ticket(Engine& engine, ShopNo shop, std::string id, std::string body, Reply<std::string> reply);
/// {"state","priority"?,"class"?,"reason"?}. Errors: as above; conflict for a state that it cannot take now.
void update_ticket(Engine& engine, ShopNo shop, std::string id, std::string body, Reply<std::string> reply);

/// What is promised: as published, or the shipped ones.
void service_levels(Engine& engine, ShopNo shop, Reply<std::string> reply);
/// Errors: bad_input naming the member, also for a calendar that nobody published.
void publish_service_levels(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);
void roster(Engine& engine, ShopNo shop, Reply<std::string> reply);
void publish_roster(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);
void calendars(Engine& engine, ShopNo shop, Reply<std::string> reply);
/// {"zone"?,"week":{"mon":["09:00-12:00",..],..},"holidays_of"?:"CN","holidays"?:[day],"special"?:{day:[shift]}}:
/// comes to UTC intervals for 400 days. Errors: bad_input, also for a calendar with no working day.
void publish_calendar(Engine& engine, ShopNo shop, std::string id, std::string body,
                      Reply<std::string> reply);
/// Publishes calendars anew whose known days run out within 200 days; how many.
void renew_calendars(Engine& engine, ShopNo shop, Reply<std::size_t> reply);

}  // namespace rapport::engine
