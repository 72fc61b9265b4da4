#include <algorithm>

#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "engine/detail/case_links.h"
#include "engine/detail/desk_ticket.h"
#include "engine/detail/receipt_token.h"
#include "engine/engine_desk.h"
#include "views/fact_table.h"

// The record of a service case, for the customer whose it is: what was said and done when, what was promised
// and whether it was kept. Of the staff it names the department; notes, reasons and what the model thought of
// her words are not hers to read here and stay inside.
namespace rapport::engine {
namespace {

namespace p = model::property;

constexpr std::size_t kRecordsMost = 2'000, kStepsMost = 500;

struct Case {
  DeskTicket ticket;
  std::vector<NodeId> speakers;  ///< whose the ticket and its conversation are
  std::string department, klass;
  std::vector<views::CaseClock> clocks;
  Instant now;
};

/// One line of the record.
struct Step {
  EventSeq seq;
  Instant at;
  std::string kind, from, text, amount, currency, state, service;
  std::optional<Instant> appointment;
  std::optional<bool> satisfied;
};

/// Members of a record's properties, clear and opened.
class Said {
 public:
  explicit Said(const model::TimelineEntry& entry) {
    clear_ok_ = !entry.properties_json.empty() && clear_.parse(entry.properties_json).ok();
    own_ok_ = !entry.personal_json.empty() && own_.parse(entry.personal_json).ok();
  }
  std::string text(std::string_view name) const { return clear_ok_ ? text_in(clear_.root(), name) : ""; }
  std::string own(std::string_view name) const {
    if (!own_ok_) return {};
    const codec::JsonValue within = own_.root().find("properties");
    return text_in(within.present() ? within : own_.root(), name);
  }
  codec::JsonValue find(std::string_view name) const {
    return clear_ok_ ? clear_.root().find(name) : codec::JsonValue{};
  }

 private:
  static std::string text_in(const codec::JsonValue& object, std::string_view name) {
    const codec::JsonValue value = object.find(name);
    if (!value.present()) return {};
    return value.is(codec::JsonKind::string) ? value.text() : std::string(value.raw());
  }
  codec::JsonIndex clear_, own_;
  bool clear_ok_ = false, own_ok_ = false;
};

class Record {
 public:
  Record(const Case& found, const std::vector<model::TimelineEntry>& newest_first) : case_(found) {
    for (const model::TimelineEntry& entry : newest_first) {
      const Said said(entry);
      if (entry.event == "Ticket Opened" && said.text("ticket_id") == case_.ticket.id)
        about_ = said.text("about");
    }
    for (auto entry = newest_first.rbegin(); entry != newest_first.rend(); ++entry) take(*entry);
    if (steps.size() > kStepsMost) steps.erase(steps.begin(), steps.end() - kStepsMost);
  }
  std::vector<Step> steps;  ///< oldest first
  std::optional<bool> satisfied;

 private:
  void take(const model::TimelineEntry& entry) {
    const Said said(entry);
    Step step{entry.seq, entry.event_time, {}, {}, {}, {}, {}, {}, {}, {}, {}};
    const bool its = said.text("ticket_id") == case_.ticket.id;
    if (entry.event == "Message Posted") {
      const std::string contact = said.text("contact_id");
      if (contact != case_.ticket.id && (case_.ticket.contact.empty() || contact != case_.ticket.contact))
        return;
      step.kind = "message";
      const std::string from = said.text("from");
      step.from = from != "customer" ? from == "agent" ? "shop" : "assistant"
                  : is_hers(entry)   ? "you"
                                     : "page";
      step.text = said.own("text");
    } else if (entry.event == "Ticket Opened" && its) {
      step.kind = "opened";
    } else if (entry.event == "Ticket Updated" && its) {
      step.kind = "state";
      step.state = said.text("state");
      const std::string word = said.text("satisfied");
      if (!word.empty()) satisfied = step.satisfied = word == "true";
    } else if (entry.event == "Order Refunded" && its) {
      step.kind = "refund";
      step.amount = said.text("amount");
      step.currency = said.text("currency");
    } else if (entry.event == "Coupon Granted" && its) {
      step.kind = "coupon";
      step.amount = said.text("coupon_value");
      step.currency = said.text("currency");
      step.text = said.text("coupon_id");
    } else if (entry.event == "Service Booked" && its) {
      step.kind = "appointment";
      step.service = said.text("service_id");
      if (const auto at = parse_instant(said.text("for")); at.ok()) step.appointment = *at;
    } else if (!about_.empty() && (said.text("review_id") == about_ || entry.message_id == about_)) {
      step.kind = entry.event == "Review Replied" ? "reply" : "review";
      step.from = entry.event == "Review Replied" ? "shop" : "you";
      step.text = said.own("text");
      if (step.text.empty()) return;
    } else {
      return;
    }
    steps.push_back(std::move(step));
  }

  /// A browser that a page links to her may not speak for her.
  bool is_hers(const model::TimelineEntry& entry) const {
    const auto& hers = case_.speakers;
    return !entry.from_page || std::find(hers.begin(), hers.end(), entry.node) != hers.end();
  }

  const Case& case_;
  std::string about_;
};

void write_promise(codec::JsonWriter& json, const views::CaseClock& clock) {
  const views::ClockReading& reading = clock.reading;
  const bool stopped = reading.run == views::Run::stopped;
  const bool late = reading.breached != Instant::min();
  json.begin_object();
  json.field("promise", views::clock_name(clock.kind));
  json.field("target_ms", reading.terms.target_ms);
  json.key("by");
  reading.due_at == Instant::never() || reading.due_at == Instant::min() ? json.null()
                                                                         : json.time(reading.due_at);
  json.key("done");
  reading.first_stop == Instant::min() ? json.null() : json.time(reading.first_stop);
  // Still running and in time: nobody knows yet.
  json.key("kept");
  late ? json.boolean(false) : stopped ? json.boolean(true) : json.null();
  json.end_object();
}

void write_step(codec::JsonWriter& json, const Step& step) {
  json.begin_object();
  json.field("at", step.at);
  json.field("kind", step.kind);
  const auto text = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) json.field(name, value);
  };
  text("from", step.from);
  text("state", step.state);
  text("text", step.text);
  text("amount", step.amount);
  text("currency", step.currency);
  text("service_id", step.service);
  if (step.appointment) json.field("for", *step.appointment);
  if (step.satisfied) json.field("satisfied", *step.satisfied);
  json.end_object();
}

Result<std::string> record_json(Inquiry& inquiry, const Case& found,
                                const std::vector<model::TimelineEntry>& history) {
  const Record record(found, history);
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("case", found.ticket.id);
  json.field("now", found.now);
  json.field("class", found.klass);
  json.field("department", found.department);
  json.field("state", views::word_at(p::ticket_state, found.ticket.standing.state));
  json.field("opened", found.ticket.standing.opened);
  json.key("satisfied");
  record.satisfied ? json.boolean(*record.satisfied) : json.null();
  json.key("promises");
  json.begin_array();
  for (const views::CaseClock& clock : found.clocks) {
    if (clock.reading.terms.target_ms > 0) write_promise(json, clock);
  }
  json.end_array();
  json.key("steps");
  json.begin_array();
  for (const Step& step : record.steps) write_step(json, step);
  json.end_array();
  json.key("receipts");
  json.begin_array();
  for (const Step& step : record.steps) {
    if (step.kind != "opened" && step.kind != "state") continue;
    const auto token = receipt_token(inquiry, step.seq);
    if (!token.ok()) continue;  // The ledger holds it as soon as it has followed the log so far.
    json.begin_object();
    json.field("at", step.at);
    json.field("state", step.kind == "opened" ? std::string("open") : step.state);
    json.field("token", *token);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return text;
}

}  // namespace

void case_link(Engine& engine, ShopNo shop, std::string ticket, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [ticket = std::move(ticket)](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        RAPPORT_CHECK(fold_what_is_durable(inquiry));
        RAPPORT_TRY(const DeskTicket found, ask_shop<DeskTicket>(unit, [&]() -> Result<DeskTicket> {
                      return desk_ticket(unit.shop.state(), ticket);
                    }));
        if (found.customer.value == 0)
          return Error{Errc::conflict, "the customer of this ticket was erased", "id"};
        const std::string token = seal_case_link(unit.link_key, unit.shop.info().shop, ticket);
        const auto& mail = inquiry.options().mail;
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.field("token", token);
        json.field("path", "/case/" + token);
        json.key("link");
        mail ? json.text(mail->base_url + "/case/" + token) : json.null();
        json.end_object();
        return text;
      },
      std::move(reply));
}

void case_record(Engine& engine, std::string token, Reply<std::string> reply) {
  const auto shop = shop_of_case_link(token);
  if (!shop.ok()) return reply(shop.error());
  const auto found = std::make_shared<Case>();
  engine.inquire_quickly(
      *shop,
      [found, token](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        const Error none{Errc::not_found, "no such case", "token", "the link as it was handed out, whole"};
        RAPPORT_TRY(const std::string ticket, open_case_link(unit.link_key, unit.shop.info().shop, token));
        RAPPORT_CHECK(fold_what_is_durable(inquiry));
        RAPPORT_CHECK(ask_shop<bool>(unit, [&]() -> Result<bool> {
          const views::ShopState& state = unit.shop.state();
          auto hers = desk_ticket(state, ticket);
          if (!hers.ok() || hers->customer.value == 0) return none;
          found->now = unit.shop.now();
          found->ticket = std::move(hers).value();
          const views::CaseRef ref{views::CaseKind::ticket, found->ticket.number};
          if (const views::Ticket* item = state.ticket(ref.number)) {
            found->speakers = {item->node};
            if (const views::Contact* contact = state.contact(item->contact))
              found->speakers.push_back(contact->node);
          }
          found->clocks = state.clocks_of(ref, found->now);
          found->department = state.case_clocks().department(ref, found->now);
          found->klass = views::word_at(p::feedback_class, found->ticket.standing.feedback_class);
          return true;
        }));
        return std::string();
      },
      [&engine, shop = *shop, found, reply = std::move(reply)](const Result<std::string>& done) {
        if (!done.ok()) return reply(done.error());
        CustomerQuery query;
        query.ref = model::format_customer_id(found->ticket.customer);
        query.reveal = true;
        engine.timeline(
            shop, query, kRecordsMost,
            [&engine, shop, found, reply](Result<std::vector<model::TimelineEntry>> history) {
              if (!history.ok()) return reply(history.error());
              const auto kept = std::make_shared<std::vector<model::TimelineEntry>>(std::move(*history));
              engine.inquire_quickly(
                  shop, [found, kept](Inquiry& inquiry) { return record_json(inquiry, *found, *kept); },
                  reply);
            });
      });
}

}  // namespace rapport::engine
