#include "engine/detail/desk_ticket.h"

#include <algorithm>
#include <future>

#include "views/fact_table.h"

namespace rapport::engine {

Result<DeskTicket> desk_ticket(const views::ShopState& state, std::string_view id) {
  const views::ShopTables& tables = state.tables();
  const std::uint32_t number = tables.dictionary(views::DictionaryKind::tickets).find(id);
  const views::Ticket* ticket = number == 0 ? nullptr : state.ticket(number);
  if (ticket == nullptr || state.case_clocks().standing(number).opened == Instant::min())
    return Error{Errc::not_found, fmt::format("no ticket '{}'", id.substr(0, 80)), "id",
                 "a ticket_id that was opened"};
  DeskTicket found;
  found.number = number;
  found.id = id;
  found.agent = tables.words().text(ticket->agent_word);
  found.contact = tables.dictionary(views::DictionaryKind::contacts).text(ticket->contact);
  found.order = tables.dictionary(views::DictionaryKind::orders).text(ticket->order);
  found.node = ticket->node;
  if (ticket->node.value != 0) found.customer = state.customer_of(ticket->node);
  found.standing = state.case_clocks().standing(number);
  return found;
}

Result<model::Event> customer_event(ShopUnit& unit, NodeId node, const DeskEvent& event) {
  const auto text = unit.shop.texts().find(node);
  const auto kind = unit.shop.state().kind_of(node);
  if (!text || !kind) return Error{Errc::conflict, "the customer of this ticket was erased", "id"};
  codec::EventInput input;
  input.name = event.name;
  input.message_id = event.message_id;
  input.timestamp = unit.shop.now();
  input.identifiers = {{*kind, *text}};
  input.properties = event.properties;
  input.shop_currency = event.currency;
  return codec::build_event(input);
}

Result<EventSeq> publish_with(ShopUnit& unit, std::vector<model::Event> events,
                              std::vector<OutboxEntry> calls) {
  auto answered = std::make_shared<std::promise<Result<EventSeq>>>();
  auto answer = answered->get_future();
  IngestRequest request;
  request.events = std::move(events);
  auto kept = std::make_shared<std::vector<OutboxEntry>>(std::move(calls));
  unit.shop.ingest_with(std::move(request), Outbox::rows(*kept),
                        [&unit, answered, kept](const Result<model::IngestAnswer>& got) {
                          if (!got.ok()) return answered->set_value(got.error());
                          if (got->accepted == 0) {
                            return answered->set_value(
                                Error{Errc::conflict, "this was done before, or its customer is suppressed"});
                          }
                          unit.outbox.take(std::move(*kept));
                          answered->set_value(got->offset);
                        });
  RAPPORT_TRY(const EventSeq offset, answer.get());
  std::promise<void> folded;
  if (unit.shop.read(offset, [&folded] { folded.set_value(); })) folded.get_future().wait();
  return offset;
}

Status fold_what_is_durable(Inquiry& inquiry) {
  const auto folded = std::make_shared<std::promise<void>>();
  if (!inquiry.unit().shop.read(inquiry.known_at(), [folded] { folded->set_value(); }))
    return Error{Errc::overloaded, "too many reads wait for this shop", "", "again in a second"};
  folded->get_future().wait();
  return {};
}

bool is_desk_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == ':';
  });
}

}  // namespace rapport::engine
