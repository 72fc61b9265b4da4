#include "engine/detail/desk_ticket.h"

#include <algorithm>
#include <future>

#include "engine/detail/wait_until_folded.h"
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
                              std::vector<OutboxEntry> calls, std::vector<PostedLetter> letters) {
  auto answered = std::make_shared<std::promise<Result<EventSeq>>>();
  auto answer = answered->get_future();
  IngestRequest request;
  request.events = std::move(events);
  auto kept = std::make_shared<std::vector<OutboxEntry>>(std::move(calls));
  auto posted = std::make_shared<std::vector<PostedLetter>>(std::move(letters));
  std::vector<TableChange> rows = Letters::rows(*posted, {});
  for (TableChange& call : Outbox::rows(*kept)) rows.push_back(std::move(call));
  unit.shop.ingest_with(std::move(request), std::move(rows),
                        [&unit, answered, kept, posted](const Result<model::IngestAnswer>& got) {
                          if (!got.ok()) return answered->set_value(got.error());
                          if (got->accepted == 0) {
                            return answered->set_value(
                                Error{Errc::conflict, "this was done before, or its customer is suppressed"});
                          }
                          unit.outbox.take(std::move(*kept));
                          if (!posted->empty()) unit.letters.take(std::move(*posted), {});
                          answered->set_value(got->offset);
                        });
  RAPPORT_TRY(const EventSeq offset, answer.get());
  std::promise<void> folded;
  if (unit.shop.read(offset, [&folded] { folded.set_value(); })) folded.get_future().wait();
  return offset;
}

Status decide_words_letter(ShopUnit& unit, const WordsByMail& wanted, std::vector<model::Event>& events,
                           std::vector<PostedLetter>& letters) {
  constexpr Duration kHolds = days(7);
  if (!unit.letters.can_send()) return {};
  auto sealed = seal_words(unit.shop.keyring(), wanted.node, wanted.words);
  if (!sealed) return {};
  DeskEvent decided{"Message Decided", "message-decided-" + wanted.decision_id, {}, {}};
  decided.properties = {{"decision_id", std::string_view(wanted.decision_id)},
                        {"channel", std::string_view("email")},
                        {"reason", std::string_view(wanted.reason)}};
  RAPPORT_TRY(model::Event event, customer_event(unit, wanted.node, decided));
  events.push_back(std::move(event));
  PostedLetter letter;
  letter.decision_id = wanted.decision_id;
  letter.node = wanted.node;
  letter.due = unit.shop.now();
  letter.until = letter.due + kHolds;
  letter.words = std::move(*sealed);
  letter.ticket = wanted.ticket;
  letters.push_back(std::move(letter));
  return {};
}

Status fold_what_is_durable(Inquiry& inquiry) {
  return wait_until_folded(inquiry.unit(), inquiry.known_at());
}

bool is_desk_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == ':';
  });
}

}  // namespace rapport::engine
