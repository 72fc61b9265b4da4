#include <algorithm>

#include "base/hash.h"
#include "codec/json_writer.h"
#include "decide/appointment.h"
#include "engine/detail/desk_policy.h"
#include "engine/detail/desk_ticket.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/roster.h"
#include "engine/detail/service_room.h"
#include "engine/engine_bookings.h"
#include "engine/engine_desk.h"
#include "model/answers/customer.h"
#include "model/plain_word.h"
#include "views/published.h"

// Refunds, coupons and appointments on tickets. Whoever acts holds the book from looking until what he wrote
// is folded; message ids come of the ticket and the client's key, so that a double click, a retry after a
// crash and two agents at once do it once.
namespace rapport::engine {
namespace {

namespace k = model::kind;
using decide::DeskActionKind;
using decide::DeskPolicy;

constexpr std::size_t kReasonMost = 200, kListMost = 200;
constexpr Duration kMonth = days(30);

struct Asked {
  DeskActionKind kind = DeskActionKind::refund;
  std::string key, reason, order, coupon, service;
  std::optional<std::int64_t> amount;
  Instant for_time;
};

Result<std::string> id_member(const NounMembers& body, std::string_view name, bool needed) {
  const std::string text = body.text(name);
  if (text.empty() && !needed) return text;
  if (text.empty() || text.size() > 128)
    return Error{Errc::bad_input, "missing, or too long", std::string(name), "1 to 128 bytes"};
  return text;
}

Status read_amount(const NounMembers& body, std::string_view name, Currency currency, bool needed,
                   Asked& asked) {
  if (body.raw(name).empty() || body.raw(name) == "null") {
    if (!needed) return {};
    return Error{Errc::bad_input, "how much?", std::string(name), "a decimal such as \"10.00\""};
  }
  asked.amount = body.minor(name, currency);
  if (asked.amount && *asked.amount > 0) return {};
  return Error{Errc::bad_input, "no amount", std::string(name), "a decimal above 0, such as \"10.00\""};
}

Result<Asked> read_asked(const std::string& text, Currency currency) {
  RAPPORT_TRY(const auto body, NounMembers::parse(text));
  Asked asked;
  const auto kind = decide::desk_action_from_name(body->text("action"));
  if (!kind) return Error{Errc::bad_input, "no such action", "action", "refund, coupon or appointment"};
  asked.kind = *kind;
  asked.key = body->text("key");
  if (!is_desk_id(asked.key))
    return Error{Errc::bad_input, "no key of this action", "key",
                 "1 to 64 letters, digits, -_.: that the same click always sends"};
  RAPPORT_TRY(asked.reason, body->need_text("reason", kReasonMost));
  switch (asked.kind) {
    case DeskActionKind::refund: {
      RAPPORT_TRY(asked.order, id_member(*body, "order_id", false));
      RAPPORT_CHECK(read_amount(*body, "amount", currency, false, asked));
      break;
    }
    case DeskActionKind::coupon: {
      RAPPORT_TRY(asked.coupon, id_member(*body, "coupon_id", false));
      RAPPORT_CHECK(read_amount(*body, "value", currency, true, asked));
      break;
    }
    case DeskActionKind::appointment: {
      RAPPORT_TRY(asked.service, id_member(*body, "service_id", true));
      RAPPORT_TRY(asked.for_time, appointment_time(body->text("for")));
      if (asked.for_time != decide::minute_of(asked.for_time))
        return Error{Errc::bad_input, "an appointment is for a whole minute", "for", "no seconds"};
      break;
    }
  }
  return asked;
}

std::string action_id_of(const std::string& ticket, const std::string& key) {
  return "da-" + digest_hex(sha256(fmt::format("{}\n{}", ticket, key))).substr(0, 20);
}

/// What is known of an action's order, month or service. On the shop thread.
class Facts {
 public:
  Facts(ShopUnit& unit, const DeskTicket& ticket) : unit_(unit), ticket_(ticket) {
    facts_.now = unit.shop.now();
  }
  decide::DeskFacts of(const DeskAction& action) {
    switch (action.kind) {
      case DeskActionKind::refund:
        order(action);
        break;
      case DeskActionKind::coupon:
        month(action);
        break;
      case DeskActionKind::appointment:
        service(action);
        break;
    }
    return facts_;
  }

 private:
  const views::ShopState& state() const { return unit_.shop.state(); }

  void order(const DeskAction& action) {
    const std::uint32_t number =
        state().tables().dictionary(views::DictionaryKind::orders).find(action.order);
    const views::Order* order = number == 0 ? nullptr : state().order(number);
    // Another customer's order is none of this ticket's.
    if (order == nullptr || order->placed == Instant::min() || order->node.value == 0 ||
        state().customer_of(order->node) != ticket_.customer)
      return;
    facts_.placed = order->placed;
    facts_.order_currency = state().tables().currencies.currency(order->currency_slot);
    facts_.total = order->total_minor;
    facts_.refunded = order->paid_back();
    facts_.waiting = unit_.desk_book.refunds_waiting(action.order);
    // That of which is asked does not stand in its own way.
    const auto known = unit_.desk_book.find(action.id);
    if (known && known->state == DeskAction::State::proposed) facts_.waiting -= known->amount;
  }

  void month(const DeskAction& action) {
    const Instant from = facts_.now - kMonth;
    for (const auto& [node, value] : unit_.desk_book.coupons_since(from)) {
      if (node.value != 0 && state().customer_of(node) == ticket_.customer) facts_.customer_month += value;
    }
    facts_.agent_month = unit_.desk_book.coupons_of_agent(action.asked_by, from);
    if (unit_.desk_book.find(action.id)) {
      facts_.customer_month -= action.amount;
      facts_.agent_month -= action.amount;
    }
  }

  void service(const DeskAction& action) {
    const std::string noun(state().noun(k::service_published, action.service));
    facts_.service_known = !noun.empty();
    if (noun.empty()) return;
    const auto members = NounMembers::parse(noun);
    if (!members.ok()) return;
    const ServiceRoom room = room_of(**members);
    RosterAgent hours;
    hours.calendar = room.calendar;
    facts_.open_then =
        works_from(hours, state().case_clocks().calendars(), action.for_time) == action.for_time;
    facts_.capacity = room.capacity;
    facts_.booked_then = unit_.desk_book.booked(action.service, action.for_time);
  }

  ShopUnit& unit_;
  const DeskTicket& ticket_;
  decide::DeskFacts facts_;
};

std::string money(std::int64_t minor, std::string_view currency) {
  return format_minor(minor, Currency::parse(currency).value_or(Currency{{'C', 'N', 'Y'}}));
}

/// `reveal`: with reasons that are prose.
void write_action(codec::JsonWriter& json, const DeskAction& action, bool reveal = true) {
  const auto reason = [&](std::string_view name, const std::string& value) {
    if (!value.empty() && (reveal || model::stays_clear(k::ticket_action_updated, value)))
      json.field(name, value);
  };
  const auto text = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) json.field(name, value);
  };
  json.begin_object();
  json.field("action_id", action.id);
  json.field("ticket_id", action.ticket);
  json.field("action", decide::desk_action_name(action.kind));
  json.field("state", action.state_name());
  text("order_id", action.order);
  text("coupon_id", action.coupon);
  text("service_id", action.service);
  if (action.kind == DeskActionKind::appointment) {
    json.field("for", action.for_time);
  } else {
    json.field("amount", money(action.amount, action.currency));
    json.field("currency", action.currency);
    json.field("before", money(action.before, action.currency));
    json.field("after", money(action.after, action.currency));
  }
  json.field("asked_by", action.asked_by);
  reason("reason", action.reason);
  json.field("asked", action.asked);
  text("decided_by", action.decided_by);
  reason("decided_reason", action.decided_reason);
  if (action.settled != Instant::min()) json.field("settled", action.settled);
  json.end_object();
}

std::string action_answer(const DeskAction& action, bool repeated, EventSeq offset) {
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.key("action");
  write_action(json, action);
  json.field("repeated", repeated);
  json.field("offset", offset);
  json.end_object();
  return text;
}

/// What becomes of an action, as events of the ticket's customer and calls that tell of it.
class Writing {
 public:
  Writing(ShopUnit& unit, const DeskTicket& ticket, const DeskAction& action, Currency shop_currency)
      : unit_(unit), ticket_(ticket), action_(action), currency_(shop_currency) {}

  /// `who`, `reason`: of this step.
  Status step(std::string_view state, std::string_view who, std::string_view reason) {
    DeskEvent event{"Ticket Action Updated", fmt::format("desk-{}-{}", action_.id, state), {}, currency_};
    auto& of = event.properties;
    of = {{"ticket_id", std::string_view(action_.ticket)},
          {"action_id", std::string_view(action_.id)},
          {"state", state},
          {"action", decide::desk_action_name(action_.kind)},
          {"agent", who}};
    if (!reason.empty()) of.push_back({"reason", reason});
    const std::string amount = money(action_.amount, action_.currency),
                      before = money(action_.before, action_.currency),
                      after = money(action_.after, action_.currency);
    if (action_.kind != DeskActionKind::appointment) {
      of.push_back({"currency", std::string_view(action_.currency)});
      of.push_back({"before", std::string_view(before)});
      of.push_back({"after", std::string_view(after)});
    }
    if (action_.kind == DeskActionKind::refund) {
      of.push_back({"order_id", std::string_view(action_.order)});
      of.push_back({"amount", std::string_view(amount)});
    } else if (action_.kind == DeskActionKind::coupon) {
      of.push_back({"coupon_id", std::string_view(action_.coupon)});
      of.push_back({"coupon_value", std::string_view(amount)});
    } else {
      of.push_back({"service_id", std::string_view(action_.service)});
      of.push_back({"for", action_.for_time});
    }
    return add(event);
  }

  /// The thing itself, `coupon_until` for a coupon.
  Status effect(Instant coupon_until) {
    DeskEvent event{"Order Refunded", fmt::format("desk-{}-effect", action_.id), {}, currency_};
    const std::string amount = money(action_.amount, action_.currency);
    event.properties = {{"ticket_id", std::string_view(action_.ticket)},
                        {"agent", std::string_view(action_.asked_by)},
                        {"action_id", std::string_view(action_.id)},
                        {"reason", std::string_view(action_.reason)}};
    auto& of = event.properties;
    if (action_.kind == DeskActionKind::refund) {
      of.push_back({"order_id", std::string_view(action_.order)});
      of.push_back({"amount", std::string_view(amount)});
      of.push_back({"currency", std::string_view(action_.currency)});
    } else if (action_.kind == DeskActionKind::coupon) {
      event.name = "Coupon Granted";
      of.push_back({"coupon_id", std::string_view(action_.coupon)});
      of.push_back({"coupon_value", std::string_view(amount)});
      of.push_back({"currency", std::string_view(action_.currency)});
      of.push_back({"until", coupon_until});
    } else {
      event.name = "Service Booked";
      of.push_back({"service_id", std::string_view(action_.service)});
      of.push_back({"for", action_.for_time});
    }
    RAPPORT_CHECK(add(event));
    call();
    return {};
  }

  std::vector<model::Event> events;
  std::vector<OutboxEntry> calls;

 private:
  Status add(const DeskEvent& event) {
    RAPPORT_TRY(model::Event made, customer_event(unit_, ticket_.node, event));
    events.push_back(std::move(made));
    return {};
  }

  /// The money itself is moved by whoever listens.
  void call() {
    if (unit_.shop.driven()) return;
    const auto hooks = unit_.outbox.listeners("action.taken", decide::desk_action_name(action_.kind));
    if (hooks.empty()) return;
    std::string body;
    codec::JsonWriter json(body);
    json.begin_object();
    json.field("type", "action.taken");
    json.field("timestamp", unit_.shop.now());
    json.key("data");
    json.begin_object();
    json.field("id", action_.id);
    json.field("customer", model::format_customer_id(ticket_.customer));
    json.key("action");
    // Calls may wait longer than she is a customer: nothing that is written of her goes along.
    write_action(json, action_, false);
    json.end_object();
    json.end_object();
    for (const std::uint64_t hook : hooks) {
      OutboxEntry entry;
      entry.webhook = hook;
      entry.message_id = action_.id;
      entry.body = body;
      entry.due = unit_.shop.now();
      calls.push_back(std::move(entry));
    }
  }

  ShopUnit& unit_;
  const DeskTicket& ticket_;
  const DeskAction& action_;
  Currency currency_;
};

bool is_same(const DeskAction& known, const DeskAction& asked, bool amount_asked) {
  return known.kind == asked.kind && known.coupon == asked.coupon && known.service == asked.service &&
         known.order == asked.order && known.for_time == asked.for_time &&
         (!amount_asked || known.amount == asked.amount);
}

DeskAction action_of(const Asked& asked, const DeskTicket& ticket, const DeskWho& who, Currency currency) {
  DeskAction action;
  action.id = action_id_of(ticket.id, asked.key);
  action.ticket = ticket.id;
  action.kind = asked.kind;
  action.asked_by = who.name;
  action.reason = asked.reason;
  action.amount = asked.amount.value_or(0);
  action.for_time = asked.for_time;
  action.service = asked.service;
  action.node = ticket.node;
  if (asked.kind == DeskActionKind::refund) action.order = asked.order.empty() ? ticket.order : asked.order;
  if (asked.kind == DeskActionKind::coupon)
    action.coupon = asked.coupon.empty() ? "desk-" + action.id.substr(3, 10) : asked.coupon;
  if (asked.kind != DeskActionKind::appointment) action.currency = currency.text();
  return action;
}

Result<std::string> take_action(Inquiry& inquiry, const DeskActionAsk& ask) {
  ShopUnit& unit = inquiry.unit();
  const Currency currency = inquiry.currency();
  RAPPORT_TRY(const Asked asked, read_asked(ask.body, currency));
  const std::lock_guard acting(unit.desk_book.acting());
  RAPPORT_CHECK(fold_what_is_durable(inquiry));
  RAPPORT_CHECK(unit.desk_book.refresh());
  RAPPORT_TRY(const DeskPolicy policy, desk_policy_of(inquiry));
  DeskAction action;
  bool repeated = false;
  struct Made {
    std::vector<model::Event> events;
    std::vector<OutboxEntry> calls;
  };
  RAPPORT_TRY(
      Made made, ask_shop<Made>(unit, [&]() -> Result<Made> {
        RAPPORT_TRY(const DeskTicket ticket, desk_ticket(unit.shop.state(), ask.ticket));
        if (ticket.node.value == 0)
          return Error{Errc::conflict, "the customer of this ticket was erased", "id"};
        action = action_of(asked, ticket, ask.who, currency);
        if (action.kind == DeskActionKind::refund && action.order.empty())
          return Error{Errc::bad_input, "the ticket is about no order", "order_id", "the order to refund"};
        if (const auto known = unit.desk_book.find(action.id)) {
          if (!is_same(*known, action, asked.amount.has_value()))
            return Error{Errc::conflict, "this key was used for something else", "key", "a key of its own"};
          if (!decide::is_same_person(known->asked_by, action.asked_by))
            return Error{Errc::conflict, "this key was used by somebody else", "key", "a key of its own"};
          action = *known;
          repeated = true;
          return Made{};
        }
        const decide::DeskFacts facts = Facts(unit, ticket).of(action);
        RAPPORT_TRY(const decide::DeskVerdict verdict,
                    decide::judge(policy, {ask.who.name, ask.who.role},
                                  {action.kind, asked.amount, action.for_time}, facts));
        action.amount = verdict.amount;
        action.before = verdict.before;
        action.after = verdict.after;
        action.asked = action.settled = unit.shop.now();
        action.state = verdict.second_person ? DeskAction::State::proposed : DeskAction::State::done;
        Writing writing(unit, ticket, action, currency);
        RAPPORT_CHECK(writing.step(action.state_name(), ask.who.name, action.reason));
        if (!verdict.second_person) RAPPORT_CHECK(writing.effect(unit.shop.now() + days(policy.coupon_days)));
        return Made{std::move(writing.events), std::move(writing.calls)};
      }));
  if (repeated) return action_answer(action, true, inquiry.known_at());
  RAPPORT_TRY(const EventSeq offset, publish_with(unit, std::move(made.events), std::move(made.calls)));
  return action_answer(action, false, offset);
}

Result<std::string> decide_action(Inquiry& inquiry, const DeskDecision& decision) {
  ShopUnit& unit = inquiry.unit();
  RAPPORT_TRY(const auto body, NounMembers::parse(decision.body));
  const std::string_view word = body->raw("approve");
  if (word != "true" && word != "false")
    return Error{Errc::bad_input, "approved or not?", "approve", "true or false"};
  const std::string reason = body->text("reason").substr(0, kReasonMost);
  const bool approve = word == "true";
  if (!approve && reason.empty())
    return Error{Errc::bad_input, "a refusal without a reason", "reason", "why it is not let through"};
  const std::lock_guard acting(unit.desk_book.acting());
  RAPPORT_CHECK(fold_what_is_durable(inquiry));
  RAPPORT_CHECK(unit.desk_book.refresh());
  RAPPORT_TRY(const DeskPolicy policy, desk_policy_of(inquiry));
  const auto known = unit.desk_book.find(decision.action);
  if (!known || known->ticket != decision.ticket)
    return Error{Errc::not_found, "no such action on this ticket", "action"};
  if (known->state != DeskAction::State::proposed)
    return Error{Errc::conflict, fmt::format("it does not wait: it is {}", known->state_name()), "action"};
  RAPPORT_CHECK(decide::may_approve(policy, {decision.who.name, decision.who.role}, known->asked_by,
                                    known->kind, known->amount));
  DeskAction action = *known;
  action.decided_by = decision.who.name;
  action.decided_reason = reason;
  struct Made {
    std::vector<model::Event> events;
    std::vector<OutboxEntry> calls;
  };
  RAPPORT_TRY(Made made, ask_shop<Made>(unit, [&]() -> Result<Made> {
                RAPPORT_TRY(const DeskTicket ticket, desk_ticket(unit.shop.state(), decision.ticket));
                action.settled = unit.shop.now();
                action.state = approve ? DeskAction::State::done : DeskAction::State::refused;
                Writing writing(unit, ticket, action, inquiry.currency());
                if (!approve) {
                  RAPPORT_CHECK(writing.step("refused", decision.who.name, reason));
                  return Made{std::move(writing.events), {}};
                }
                // Looked at anew: the order or the month may not hold it any more.
                RAPPORT_TRY(const decide::DeskVerdict verdict,
                            decide::judge(policy, {decision.who.name, decision.who.role},
                                          {action.kind, action.amount, action.for_time},
                                          Facts(unit, ticket).of(*known)));
                action.before = verdict.before;
                action.after = verdict.after;
                RAPPORT_CHECK(writing.step("approved", decision.who.name, reason));
                RAPPORT_CHECK(writing.step("done", action.asked_by, action.reason));
                RAPPORT_CHECK(writing.effect(unit.shop.now() + days(policy.coupon_days)));
                return Made{std::move(writing.events), std::move(writing.calls)};
              }));
  RAPPORT_TRY(const EventSeq offset, publish_with(unit, std::move(made.events), std::move(made.calls)));
  return action_answer(action, false, offset);
}

/// What this person may do here, in numbers, so that a form need not guess.
void write_may(codec::JsonWriter& json, const DeskPolicy& policy, const DeskWho& who,
               const decide::DeskFacts& refund, const decide::DeskFacts& coupon) {
  json.key("may");
  json.begin_object();
  for (const DeskActionKind kind :
       {DeskActionKind::refund, DeskActionKind::coupon, DeskActionKind::appointment}) {
    const decide::DeskLimit* limit = policy.limit(who.role, kind);
    json.key(decide::desk_action_name(kind));
    if (limit == nullptr) {
      json.null();
      continue;
    }
    json.begin_object();
    if (kind != DeskActionKind::appointment) {
      json.field("alone", format_minor(limit->alone, policy.currency));
      json.field("most", format_minor(limit->most, policy.currency));
    }
    if (kind == DeskActionKind::refund && refund.placed != Instant::min())
      json.field("left",
                 format_minor(std::max<std::int64_t>(refund.total - refund.refunded - refund.waiting, 0),
                              refund.order_currency));
    if (kind == DeskActionKind::coupon)
      json.field("left", format_minor(std::max<std::int64_t>(
                                          std::min(policy.coupons_customer_month - coupon.customer_month,
                                                   policy.coupons_agent_month - coupon.agent_month),
                                          0),
                                      policy.currency));
    json.end_object();
  }
  json.field("approve", policy.approves(who.role));
  json.field("currency", policy.currency.text());
  json.end_object();
}

}  // namespace

void desk_policy(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const std::string noun, inquiry.noun(k::desk_policy_published, "main"));
        RAPPORT_TRY(const DeskPolicy policy, desk_policy_of(inquiry));
        return fmt::format("{{\"published\":{},\"policy\":{}}}", !noun.empty(), desk_policy_json(policy));
      },
      std::move(reply));
}

void publish_desk_policy(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(parse_desk_policy(body, inquiry.currency()));
        RAPPORT_TRY(const EventSeq offset,
                    inquiry.publish({"Desk Policy Published", "policy_id", "main", body}));
        return fmt::format("{{\"offset\":{}}}", offset.value);
      },
      std::move(reply));
}

void act_on_ticket(Engine& engine, ShopNo shop, DeskActionAsk ask, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [ask = std::move(ask)](Inquiry& inquiry) { return take_action(inquiry, ask); }, std::move(reply));
}

void decide_desk_action(Engine& engine, ShopNo shop, DeskDecision decision, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [decision = std::move(decision)](Inquiry& inquiry) { return decide_action(inquiry, decision); },
      std::move(reply));
}

void ticket_actions(Engine& engine, ShopNo shop, std::string ticket, DeskWho who, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [ticket = std::move(ticket), who = std::move(who)](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        RAPPORT_CHECK(fold_what_is_durable(inquiry));
        RAPPORT_CHECK(unit.desk_book.refresh());
        RAPPORT_TRY(const DeskPolicy policy, desk_policy_of(inquiry));
        using Both = std::pair<decide::DeskFacts, decide::DeskFacts>;
        RAPPORT_TRY(const Both both, ask_shop<Both>(unit, [&]() -> Result<Both> {
                      RAPPORT_TRY(const DeskTicket found, desk_ticket(unit.shop.state(), ticket));
                      DeskAction refund, coupon;
                      refund.order = found.order;
                      coupon.kind = DeskActionKind::coupon;
                      coupon.asked_by = who.name;
                      return Both{Facts(unit, found).of(refund), Facts(unit, found).of(coupon)};
                    }));
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.key("actions");
        json.begin_array();
        for (const DeskAction& action : unit.desk_book.of_ticket(ticket))
          write_action(json, action, who.reveal);
        json.end_array();
        write_may(json, policy, who, both.first, both.second);
        json.end_object();
        return text;
      },
      std::move(reply));
}

void waiting_desk_actions(Engine& engine, ShopNo shop, bool reveal, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [reveal](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(inquiry.unit().desk_book.refresh());
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.key("actions");
        json.begin_array();
        for (const DeskAction& action : inquiry.unit().desk_book.waiting(kListMost))
          write_action(json, action, reveal);
        json.end_array();
        json.end_object();
        return text;
      },
      std::move(reply));
}

}  // namespace rapport::engine
