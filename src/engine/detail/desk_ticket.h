#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "codec/event_builder.h"
#include "engine/detail/inquiry.h"

/// What the desk's doors share: a ticket as it stands, and events of its customer.
namespace rapport::engine {

struct DeskTicket {
  std::uint32_t number = 0;
  std::string id, agent, contact, order;
  NodeId node;
  CustomerId customer;
  views::TicketStanding standing;
};

/// On the shop thread. Errors: not_found.
Result<DeskTicket> desk_ticket(const views::ShopState& state, std::string_view id);

/// One event of that node's customer, at the shop's now. On the shop thread. Errors: conflict when she was
/// erased; those of build_event.
struct DeskEvent {
  std::string_view name;
  std::string message_id;
  std::vector<codec::PropertyInput> properties;
  Currency currency = {};
};
Result<model::Event> customer_event(ShopUnit& unit, NodeId node, const DeskEvent& event);

/// Publishes with the calls and letters that tell of it, in one write, and waits until it is folded. Not on
/// the shop thread. Errors: those of ingest; conflict when all of it was there before.
Result<EventSeq> publish_with(ShopUnit& unit, std::vector<model::Event> events,
                              std::vector<OutboxEntry> calls, std::vector<PostedLetter> letters = {});

/// Adds a letter that says these words to `node`, and the event that decides it. Nothing where the house
/// sends no letters, or she was erased. On the shop thread.
struct WordsByMail {
  NodeId node;
  std::string decision_id, reason;
  std::string_view words;
  std::string ticket = {};  ///< of a reply
};
Status decide_words_letter(ShopUnit& unit, const WordsByMail& wanted, std::vector<model::Event>& events,
                           std::vector<PostedLetter>& letters);

/// Waits until everything is folded that was durable when the inquiry began. Errors: overloaded.
Status fold_what_is_durable(Inquiry& inquiry);

/// Whether a text is good as an id that clients choose: 1 to 64 of letters, digits and -_.: .
bool is_desk_id(std::string_view id);

}  // namespace rapport::engine
