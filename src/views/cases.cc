#include "views/cases.h"

#include <algorithm>

#include "base/hash.h"
#include "codec/properties.h"
#include "model/catalogue_ids.h"
#include "views/fact_table.h"

namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;

struct CaseParts {
  std::string_view return_id, contact_id, ticket_id, order, product, reason, channel, agent;
  std::uint8_t state = 0, from = 0, feedback_class = 0;
};

CaseParts read_case(std::string_view clear) {
  CaseParts parts;
  codec::Property property;
  for (codec::PropertyReader in(clear); in.next(property);) {
    const std::string_view text = property.bytes;
    switch (property.id.value) {
      case p::return_id.value:
        parts.return_id = text;
        break;
      case p::contact_id.value:
        parts.contact_id = text;
        break;
      case p::ticket_id.value:
        parts.ticket_id = text;
        break;
      case p::order_id.value:
        parts.order = text;
        break;
      case p::product_id.value:
        parts.product = text;
        break;
      case p::reason.value:
        parts.reason = text;
        break;
      case p::channel.value:
        parts.channel = text;
        break;
      case p::agent.value:
        parts.agent = text;
        break;
      case p::return_state.value:
      case p::ticket_state.value:
        parts.state = word_index(property.id, text);
        break;
      case p::from.value:
        parts.from = word_index(property.id, text);
        break;
      case p::feedback_class.value:
        parts.feedback_class = word_index(property.id, text);
        break;
      default:
        break;
    }
  }
  return parts;
}

template <class T>
T& place(Chunked<T>& items, std::uint32_t number) {
  if (number >= items.size()) items.resize(std::size_t{number} + 1);
  return items[number];
}

template <class T>
const T* find(const Chunked<T>& items, std::uint32_t number) {
  return number == 0 || number >= items.size() ? nullptr : &items[number];
}

void save_founder(ByteWriter& out, const CaseFounder& founder) {
  out.u64(founder.order);
  out.u8(founder.from_page ? 1 : 0);
}

CaseFounder load_founder(ByteReader& in) {
  const std::uint64_t order = in.u64();
  return {order, in.u8() != 0};
}

void add_number(Flat<std::uint32_t>& numbers, std::uint32_t number) {
  const std::uint32_t* at = std::lower_bound(numbers.begin(), numbers.end(), number);
  if (at == numbers.end() || *at != number)
    numbers.insert(static_cast<std::size_t>(at - numbers.begin()), number);
}

/// Places in the word list of ticket_state.
constexpr std::uint8_t kOpen = 0, kSolved = 3, kCalledBack = 4, kReopened = 5, kClosed = 7;
bool tells_done(std::uint8_t state) {
  return state == kSolved || state == kCalledBack || state == kClosed;
}

/// Moves a state on when the event is later; at equal times the greater state holds.
void advance_state(std::uint8_t& state, Instant& since, std::uint8_t told, Instant at) {
  if (std::pair(since, state) >= std::pair(at, told)) return;
  state = told;
  since = at;
}

bool is_earlier(Instant at, Instant known) {
  return known == Instant::min() || at < known;
}

/// 64 bits of the message's id: the order of events that one moment holds.
std::uint64_t order_within_moment(const model::RecordView& record) {
  constexpr HashKey kKey = {'c', 'a', 's', 'e', 's'};
  return keyed_hash(kKey, record.message_id).low;
}

/// The first event of a case names whose it is and when it began: the shop's word before a page's, then first
/// in time, then by message id, never by arrival.
bool takes_founding(const model::RecordView& record, Instant known, CaseFounder& founder) {
  const std::uint64_t order = order_within_moment(record);
  const auto told = std::pair(model::founding_of(record), order);
  if (known != Instant::min() && told >= std::pair(model::Founding{founder.from_page, known}, founder.order))
    return false;
  founder = {order, record.from_page};
  return true;
}

void fold_return(const model::RecordView& record, const CaseParts& parts, ShopTables& tables, Return& item,
                 CaseFounder& founder) {
  if (record.kind == k::return_requested && takes_founding(record, item.requested, founder)) {
    item.node = record.nodes[0].node;
    item.requested = record.event_time;
    item.order = tables.dictionary(DictionaryKind::orders).intern(parts.order);
    item.product = tables.dictionary(DictionaryKind::products).intern(parts.product);
    item.reason_word = tables.dictionary(DictionaryKind::words).intern(parts.reason);
  }
  if (record.kind == k::return_updated) {
    advance_state(item.state, item.state_since, parts.state, record.event_time);
    const auto reach = [&](Instant& first) {
      if (is_earlier(record.event_time, first)) first = record.event_time;
    };
    // under_review approved rejected pickup_booked picked_up inspected refunding refunded closed
    if (parts.state >= 1) reach(item.decided);
    if (parts.state == 1) reach(item.approved);
    if (parts.state >= 2) reach(item.arranged);
  }
}

void fold_contact(const model::RecordView& record, const CaseParts& parts, ShopTables& tables, Contact& item,
                  CaseFounder& founder) {
  const Instant at = record.event_time;
  if (record.kind == k::contact_started && takes_founding(record, item.started, founder)) {
    item.node = record.nodes[0].node;
    item.started = at;
    item.channel_word = tables.dictionary(DictionaryKind::words).intern(parts.channel);
  }
  if (record.kind == k::contact_ended) item.ended = std::max(item.ended, at);
  if (record.kind != k::message_posted) return;
  ++(parts.from == 0 ? item.customer_messages : item.staff_messages);
  if (parts.from != 0 && is_earlier(at, item.first_answer)) item.first_answer = at;
  if (parts.from == 1 && is_earlier(at, item.first_human)) item.first_human = at;
  if (std::pair(item.last_message, item.last_from) < std::pair(at, parts.from)) {
    item.last_message = at;
    item.last_from = parts.from;
  }
}

void fold_ticket(const model::RecordView& record, const CaseParts& parts, ShopTables& tables, Ticket& item,
                 CaseFounder& founder) {
  const Instant at = record.event_time;
  if (record.kind == k::ticket_opened && takes_founding(record, item.opened, founder)) {
    item.node = record.nodes[0].node;
    item.opened = at;
    item.feedback_class = parts.feedback_class;
    item.contact = tables.dictionary(DictionaryKind::contacts).intern(parts.contact_id);
    item.order = tables.dictionary(DictionaryKind::orders).intern(parts.order);
  }
  if (record.kind == k::ticket_updated) {
    advance_state(item.state, item.state_since, parts.state, at);
    if (parts.state == kOpen || parts.state == kReopened) item.reopened = std::max(item.reopened, at);
    if (tells_done(parts.state)) {
      if (is_earlier(at, item.solved)) item.solved = at;
      item.done = std::max(item.done, at);
    }
  }
  if (record.kind != k::ticket_assigned) return;
  const Dictionary& words = tables.words();
  const std::uint32_t agent = tables.dictionary(DictionaryKind::words).intern(parts.agent);
  if (std::pair(item.assigned, words.text(item.agent_word)) < std::pair(at, words.text(agent))) {
    item.assigned = at;
    item.agent_word = agent;
  }
}

}  // namespace

std::uint32_t Cases::fold(const model::RecordView& record, ShopTables& tables, NodeState& subject,
                          Indicators& indicators) {
  const model::EventKind kind = record.kind;
  if (kind < k::return_requested || kind > k::ticket_assigned) return 0;
  const CaseParts parts = read_case(record.clear);
  if (kind <= k::return_updated) {
    const std::uint32_t number = tables.dictionary(DictionaryKind::returns).intern(parts.return_id);
    Return& item = place(returns_, number);
    const Return before = item;
    fold_return(record, parts, tables, item, place(return_founders_, number));
    if (number == 0) return 0;
    add_number(subject.more().returns, number);
    indicators.moved(before, item);
    return number;
  }
  if (kind <= k::contact_ended) {
    const std::uint32_t number = tables.dictionary(DictionaryKind::contacts).intern(parts.contact_id);
    Contact& item = place(contacts_, number);
    const Contact before = item;
    fold_contact(record, parts, tables, item, place(contact_founders_, number));
    if (number == 0) return 0;
    add_number(subject.more().contacts, number);
    indicators.moved(before, item);
    return number;
  }
  const std::uint32_t number = tables.dictionary(DictionaryKind::tickets).intern(parts.ticket_id);
  Ticket& item = place(tickets_, number);
  const Ticket before = item;
  fold_ticket(record, parts, tables, item, place(ticket_founders_, number));
  if (number == 0) return 0;
  add_number(subject.more().tickets, number);
  indicators.moved(before, item);
  return number;
}

const Return* Cases::find_return(std::uint32_t number) const {
  return find(returns_, number);
}
bool Cases::return_from_page(std::uint32_t number) const {
  return number < return_founders_.size() && return_founders_[number].from_page;
}
const Contact* Cases::find_contact(std::uint32_t number) const {
  return find(contacts_, number);
}
const Ticket* Cases::find_ticket(std::uint32_t number) const {
  return find(tickets_, number);
}

void Cases::forget(const NodeExtra& lists, NodeId node) {
  for (const std::uint32_t number : lists.returns) {
    if (returns_[number].node == node) returns_[number].node = NodeId{};
  }
  for (const std::uint32_t number : lists.contacts) {
    if (contacts_[number].node == node) contacts_[number].node = NodeId{};
  }
  for (const std::uint32_t number : lists.tickets) {
    if (tickets_[number].node == node) tickets_[number].node = NodeId{};
  }
}

void Cases::save(ByteWriter& out) const {
  out.varint(returns_.size());
  for (std::size_t i = 1; i < returns_.size(); ++i) {
    const Return& item = returns_[i];
    out.varint(item.node.value);
    save_founder(out, return_founders_[i]);
    out.varint(item.order);
    out.varint(item.product);
    out.varint(item.reason_word);
    out.i64(item.requested.ms);
    out.u8(item.state);
    for (const Instant time : {item.state_since, item.decided, item.approved, item.arranged})
      out.i64(time.ms);
  }
  out.varint(contacts_.size());
  for (std::size_t i = 1; i < contacts_.size(); ++i) {
    const Contact& item = contacts_[i];
    out.varint(item.node.value);
    save_founder(out, contact_founders_[i]);
    out.varint(item.channel_word);
    for (const Instant time :
         {item.started, item.ended, item.last_message, item.first_answer, item.first_human})
      out.i64(time.ms);
    out.u8(item.last_from);
    out.varint(item.customer_messages);
    out.varint(item.staff_messages);
  }
  out.varint(tickets_.size());
  for (std::size_t i = 1; i < tickets_.size(); ++i) {
    const Ticket& item = tickets_[i];
    out.varint(item.node.value);
    save_founder(out, ticket_founders_[i]);
    out.u8(item.feedback_class);
    out.u8(item.state);
    for (const Instant time :
         {item.opened, item.state_since, item.assigned, item.solved, item.done, item.reopened})
      out.i64(time.ms);
    out.varint(item.agent_word);
    out.varint(item.contact);
    out.varint(item.order);
  }
}

bool Cases::load(ByteReader& in) {
  const auto number = [&in] { return static_cast<std::uint32_t>(in.varint()); };
  const auto sized = [&in](auto& items) {
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > in.left() + 1) return false;
    items.resize(count);
    return true;
  };
  if (!sized(returns_)) return false;
  for (std::size_t i = 1; i < returns_.size() && in.ok(); ++i) {
    Return& item = returns_[i];
    item.node = NodeId{number()};
    place(return_founders_, static_cast<std::uint32_t>(i)) = load_founder(in);
    item.order = number();
    item.product = number();
    item.reason_word = number();
    item.requested = Instant{in.i64()};
    item.state = in.u8();
    for (Instant* time : {&item.state_since, &item.decided, &item.approved, &item.arranged})
      time->ms = in.i64();
  }
  if (!sized(contacts_)) return false;
  for (std::size_t i = 1; i < contacts_.size() && in.ok(); ++i) {
    Contact& item = contacts_[i];
    item.node = NodeId{number()};
    place(contact_founders_, static_cast<std::uint32_t>(i)) = load_founder(in);
    item.channel_word = number();
    for (Instant* time :
         {&item.started, &item.ended, &item.last_message, &item.first_answer, &item.first_human})
      time->ms = in.i64();
    item.last_from = in.u8();
    item.customer_messages = number();
    item.staff_messages = number();
  }
  if (!sized(tickets_)) return false;
  for (std::size_t i = 1; i < tickets_.size() && in.ok(); ++i) {
    Ticket& item = tickets_[i];
    item.node = NodeId{number()};
    place(ticket_founders_, static_cast<std::uint32_t>(i)) = load_founder(in);
    item.feedback_class = in.u8();
    item.state = in.u8();
    for (Instant* time :
         {&item.opened, &item.state_since, &item.assigned, &item.solved, &item.done, &item.reopened})
      time->ms = in.i64();
    item.agent_word = number();
    item.contact = number();
    item.order = number();
  }
  return in.ok();
}

}  // namespace rapport::views
