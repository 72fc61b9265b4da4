#include "engine/detail/desk_book.h"

#include <algorithm>

#include "codec/properties.h"
#include "codec/record.h"
#include "decide/appointment.h"
#include "engine/detail/log_reading.h"
#include "engine/detail/sealed_part.h"
#include "views/fact_table.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;
namespace p = model::property;

constexpr std::int64_t kReadMostNs = 25'000'000'000;

struct Parts {
  std::string_view ticket, id, action, order, coupon, service, currency, agent, reason, answer;
  std::int64_t amount = 0, value = 0, before = 0, after = 0, for_time = 0;
  std::uint8_t state = 255, ticket_state = 255;
  std::optional<bool> satisfied;
};

Parts read_parts(std::string_view clear) {
  Parts parts;
  codec::Property property;
  for (codec::PropertyReader in(clear); in.next(property);) {
    const auto id = property.id;
    if (id == p::ticket_id) parts.ticket = property.bytes;
    if (id == p::action_id) parts.id = property.bytes;
    if (id == p::action) parts.action = property.bytes;
    if (id == p::order_id) parts.order = property.bytes;
    if (id == p::coupon_id) parts.coupon = property.bytes;
    if (id == p::service_id) parts.service = property.bytes;
    if (id == p::currency) parts.currency = property.bytes;
    if (id == p::agent) parts.agent = property.bytes;
    if (id == p::reason) parts.reason = property.bytes;
    if (id == p::answer_id) parts.answer = property.bytes;
    if (id == p::amount) parts.amount = property.number;
    if (id == p::coupon_value) parts.value = property.number;
    if (id == p::money_before) parts.before = property.number;
    if (id == p::money_after) parts.after = property.number;
    if (id == p::for_time) parts.for_time = property.number;
    if (id == p::action_state) parts.state = views::word_index(id, property.bytes);
    if (id == p::ticket_state) parts.ticket_state = views::word_index(id, property.bytes);
    if (id == p::satisfied) parts.satisfied = property.number != 0;
  }
  return parts;
}

}  // namespace

std::string_view DeskAction::state_name() const {
  constexpr std::string_view kNames[] = {"proposed", "approved", "refused", "done"};
  return kNames[static_cast<std::size_t>(state)];
}

Status DeskBook::refresh() {
  const std::lock_guard lock(mutex_);
  RAPPORT_TRY(const bool whole, read_folded(store_, shop_, read_upto_, monotonic_ns() + kReadMostNs,
                                            [this](const model::RecordView& record) { take(record); }));
  if (whole) return {};
  return Error{Errc::unavailable, "the shop's history is still being read", "", "again in a few seconds"};
}

DeskAction DeskBook::opened(const DeskAction& action) const {
  DeskAction out = action;
  const auto open = [&](const std::string& sealed, std::string& text) {
    if (text.empty()) text = SealedPart(shop_.keyring(), action.node, sealed).text("reason");
  };
  open(action.reason_sealed, out.reason);
  open(action.decided_reason_sealed, out.decided_reason);
  return out;
}

/// What waited for a second person when its customer was erased is not done any more: there is nobody to do
/// it for.
void DeskBook::take_erasure(const model::RecordView& record) {
  const auto body = codec::decode_erased(record.body);
  if (!body.ok()) return;
  for (auto& [id, action] : actions_) {
    if (std::find(body->nodes.begin(), body->nodes.end(), action.node) == body->nodes.end()) continue;
    if (action.state != DeskAction::State::proposed) continue;
    action.state = DeskAction::State::refused;
    action.decided_reason = "customer_erased";
    action.settled = std::max(action.settled, record.received);
  }
  // Nor does anybody come to what was booked.
  for (const NodeId node : body->nodes) {
    const auto of_node = booked_of_.find(node);
    if (of_node == booked_of_.end()) continue;
    for (const auto& [service, ms] : of_node->second) bookings_[service][ms].leave_out(node);
    booked_of_.erase(of_node);
  }
}

void DeskBook::take(const model::RecordView& record) {
  if (record.type == model::RecordType::erased) return take_erasure(record);
  if (record.type != model::RecordType::event || record.nodes.empty()) return;
  if (record.kind == k::ticket_action_updated) return take_action(record);
  if (record.kind == k::service_booked || record.kind == k::booking_cancelled) return take_booking(record);
  if (record.kind == k::ticket_updated) return take_call_back(record);
  if (record.kind == k::feedback_answered) return take_answer(record);
}

void DeskBook::take_action(const model::RecordView& record) {
  const Parts parts = read_parts(record.clear);
  if (parts.id.empty() || parts.state > 3) return;
  const auto [at, fresh] = actions_.try_emplace(std::string(parts.id));
  DeskAction& action = at->second;
  if (fresh) {
    action.id = parts.id;
    action.ticket = parts.ticket;
    action.node = record.nodes[0].node;
    by_ticket_[action.ticket].push_back(action.id);
  }
  const auto state = static_cast<DeskAction::State>(parts.state);
  action.state = std::max(action.state, state);
  if (!parts.action.empty()) {
    action.kind = decide::desk_action_from_name(parts.action).value_or(action.kind);
    action.order = parts.order;
    action.coupon = parts.coupon;
    action.service = parts.service;
    action.currency = parts.currency;
    action.amount = std::max(parts.amount, parts.value);
    action.for_time = Instant{parts.for_time};
  }
  const bool decides = state == DeskAction::State::approved || state == DeskAction::State::refused;
  if (decides) {
    action.decided_by = parts.agent;
    action.decided_reason = parts.reason;
    action.decided_reason_sealed = record.personal;
  } else if (action.asked_by.empty()) {
    action.asked_by = parts.agent;
    action.reason = parts.reason;
    action.reason_sealed = record.personal;
  }
  if (state == DeskAction::State::proposed || state == DeskAction::State::done) {
    action.before = parts.before;
    action.after = parts.after;
  }
  action.asked = std::min(action.asked, record.event_time);
  if (state != DeskAction::State::proposed) action.settled = std::max(action.settled, record.event_time);
}

void DeskBook::take_booking(const model::RecordView& record) {
  const Parts parts = read_parts(record.clear);
  if (parts.service.empty()) return;
  const std::string service(parts.service);
  views::BookingHistory& history = bookings_[service][parts.for_time];
  const NodeId subject = record.nodes[0].node;
  if (record.kind == k::service_booked) {
    history.made(record.event_time, subject);
    booked_of_[subject].emplace(service, parts.for_time);
    return;
  }
  std::vector<NodeId> named;
  for (const model::NodeRef& ref : record.nodes) named.push_back(ref.node);
  history.cancelled(record.event_time, named);
}

void DeskBook::take_call_back(const model::RecordView& record) {
  const Parts parts = read_parts(record.clear);
  if (!parts.satisfied || parts.ticket.empty()) return;
  CallBackOutcome& outcome = call_backs_[std::string(parts.ticket)];
  if (record.event_time < outcome.at) return;
  outcome = {*parts.satisfied, record.event_time, std::string(parts.agent)};
}

void DeskBook::take_answer(const model::RecordView& record) {
  const Parts parts = read_parts(record.clear);
  if (!parts.answer.empty()) answers_[std::string(parts.answer)].push_back(record.nodes[0].node);
}

std::optional<DeskAction> DeskBook::find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = actions_.find(id);
  return found == actions_.end() ? std::nullopt : std::optional(opened(found->second));
}

std::vector<DeskAction> DeskBook::of_ticket(std::string_view ticket) const {
  const std::lock_guard lock(mutex_);
  std::vector<DeskAction> all;
  if (const auto found = by_ticket_.find(ticket); found != by_ticket_.end()) {
    for (const std::string& id : found->second) all.push_back(opened(actions_.at(id)));
  }
  return all;
}

std::vector<DeskAction> DeskBook::waiting(std::size_t most) const {
  const std::lock_guard lock(mutex_);
  std::vector<DeskAction> all;
  for (const auto& [id, action] : actions_) {
    if (action.state == DeskAction::State::proposed) all.push_back(action);
  }
  std::sort(all.begin(), all.end(),
            [](const auto& x, const auto& y) { return std::tie(x.asked, x.id) < std::tie(y.asked, y.id); });
  if (all.size() > most) all.resize(most);
  for (DeskAction& action : all) action = opened(action);
  return all;
}

std::int64_t DeskBook::refunds_waiting(std::string_view order) const {
  const std::lock_guard lock(mutex_);
  std::int64_t sum = 0;
  for (const auto& [id, action] : actions_) {
    const bool waits = action.state == DeskAction::State::proposed;
    if (waits && action.kind == decide::DeskActionKind::refund && action.order == order) sum += action.amount;
  }
  return sum;
}

std::vector<std::pair<NodeId, std::int64_t>> DeskBook::coupons_since(Instant from) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<NodeId, std::int64_t>> all;
  for (const auto& [id, action] : actions_) {
    if (action.kind == decide::DeskActionKind::coupon && action.counts() && action.asked >= from)
      all.emplace_back(action.node, action.amount);
  }
  return all;
}

std::int64_t DeskBook::coupons_of_agent(std::string_view agent, Instant from) const {
  const std::lock_guard lock(mutex_);
  std::int64_t sum = 0;
  for (const auto& [id, action] : actions_) {
    const bool is_his =
        action.kind == decide::DeskActionKind::coupon && decide::is_same_person(action.asked_by, agent);
    if (is_his && action.counts() && action.asked >= from) sum += action.amount;
  }
  return sum;
}

std::int64_t DeskBook::booked(std::string_view service, Instant at) const {
  const std::lock_guard lock(mutex_);
  const auto found = bookings_.find(service);
  if (found == bookings_.end()) return 0;
  std::int64_t count = 0;
  const Instant minute = decide::minute_of(at);
  const auto end = found->second.lower_bound((minute + minutes(1)).ms);
  for (auto one = found->second.lower_bound(minute.ms); one != end; ++one) count += one->second.standing();
  return count;
}

std::vector<std::pair<Instant, std::int64_t>> DeskBook::booked_from(std::string_view service,
                                                                    Instant from) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<Instant, std::int64_t>> out;
  const auto found = bookings_.find(service);
  if (found == bookings_.end()) return out;
  for (auto at = found->second.lower_bound(decide::minute_of(from).ms); at != found->second.end(); ++at) {
    if (const std::int64_t count = at->second.standing(); count > 0)
      out.emplace_back(Instant{at->first}, count);
  }
  return out;
}

views::BookingHistory::Part DeskBook::booked_by(std::string_view service, Instant at, NodeId node) const {
  const std::lock_guard lock(mutex_);
  const auto found = bookings_.find(service);
  if (found == bookings_.end()) return {.node = node};
  const auto then = found->second.find(at.ms);
  return then == found->second.end() ? views::BookingHistory::Part{.node = node} : then->second.of(node);
}

std::int64_t DeskBook::held_from(NodeId node, Instant from) const {
  const std::lock_guard lock(mutex_);
  const auto of_node = booked_of_.find(node);
  if (of_node == booked_of_.end()) return 0;
  std::int64_t count = 0;
  for (const auto& [service, ms] : of_node->second) {
    if (ms >= from.ms) count += bookings_.at(service).at(ms).of(node).standing;
  }
  return count;
}

std::optional<CallBackOutcome> DeskBook::call_back(std::string_view ticket) const {
  const std::lock_guard lock(mutex_);
  const auto found = call_backs_.find(ticket);
  return found == call_backs_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<NodeId> DeskBook::told(std::string_view answer) const {
  const std::lock_guard lock(mutex_);
  const auto found = answers_.find(answer);
  return found == answers_.end() ? std::vector<NodeId>() : found->second;
}

std::vector<std::pair<std::string, std::size_t>> DeskBook::answers() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<std::string, std::size_t>> all;
  for (const auto& [id, nodes] : answers_) all.emplace_back(id, nodes.size());
  return all;
}

}  // namespace rapport::engine
