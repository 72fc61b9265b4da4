#include "engine/engine_assistant.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/random.h"
#include "codec/event_builder.h"
#include "codec/json_writer.h"
#include "decide/own_precision.h"
#include "engine/detail/appointment_book.h"
#include "engine/detail/feedback_listener.h"
#include "engine/detail/history.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/own_things.h"
#include "learn/intents.h"
#include "model/catalogue_ids.h"
#include "text/normalise.h"
#include "text/zone.h"
#include "views/fact_table.h"

namespace rapport::engine {
namespace {

constexpr std::size_t kRecordsMost = 5'000;  ///< of the asker's newest, in which a conversation is looked for
constexpr Duration kLearnBudget = milliseconds(100);

std::string short_digest(std::string_view text) {
  return digest_hex(sha256(text)).substr(0, 20);
}
std::string owner_of(const model::Identifier& who) {
  return fmt::format("{}:{}", static_cast<int>(who.kind), who.value);
}
std::string fresh_id() {
  std::array<std::uint8_t, 12> random{};
  secure_random(random);
  return to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
}
std::string ticket_of(const std::string& contact) {
  FeedbackSource source;
  source.contact_id = contact;
  return feedback_ticket_id(source);
}

/// Her messages in the conversation, oldest first.
Result<std::vector<TalkMessage>> messages_of(Inquiry& inquiry, const model::Identifier& who,
                                             const std::string& contact) {
  ShopUnit& unit = inquiry.unit();
  using Found = std::optional<NodeId>;
  EventSeq position;
  RAPPORT_TRY(const Found node, ask_shop<Found>(unit, [&]() -> Result<Found> {
                position = unit.shop.state().position();
                return unit.shop.desk().find(who);
              }));
  std::vector<TalkMessage> out;
  if (!node) return out;
  RAPPORT_TRY(std::vector<EventSeq> seqs, seqs_of(unit, inquiry.store(), {*node}, position));
  if (seqs.size() > kRecordsMost) seqs.erase(seqs.begin(), seqs.end() - kRecordsMost);
  RAPPORT_CHECK(
      inquiry.store().read_records(unit.shop.info().shop, seqs, [&](const model::RecordView& record) {
        auto message = talk_message(unit.shop.keyring(), record, contact);
        if (message) out.push_back(std::move(*message));
      }));
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return out;
}

/// As the log has it.
Result<AssistantDesk::Talk> recall(Inquiry& inquiry, const AssistantAsk& ask) {
  RAPPORT_TRY(const auto messages, messages_of(inquiry, ask.who, ask.contact_id));
  AssistantDesk::Talk talk;
  bool found = false;
  for (const TalkMessage& message : messages) {
    if (message.from != "bot" || message.note.empty()) continue;
    const auto note = NounMembers::parse(message.note);
    if (!note.ok()) continue;
    found = true;
    talk.state = state_of_json((*note)->raw("state"));
    talk.last_message = (*note)->text("message_id");
    talk.last_reply = (*note)->raw("reply");
  }
  if (!found)
    return Error{Errc::not_found, "no such conversation of this visitor", "contact_id",
                 "leave it out to begin one"};
  talk.owner = owner_of(ask.who);
  return talk;
}

Result<AssistantDesk::Talk> talk_for(Inquiry& inquiry, const AssistantAsk& ask, bool fresh) {
  AssistantDesk& desk = inquiry.unit().assistant;
  const std::string owner = owner_of(ask.who);
  if (fresh) {
    AssistantDesk::Talk talk;
    talk.owner = owner;
    talk.state.tongue = decide::tongue_of(ask.language);
    desk.give(ask.contact_id, talk);
    return desk.take(ask.contact_id, owner);
  }
  auto held = desk.take(ask.contact_id, owner);
  if (held.ok() || held.error().code != Errc::not_found) return held;
  RAPPORT_TRY(AssistantDesk::Talk talk, recall(inquiry, ask));
  desk.give(ask.contact_id, std::move(talk));
  return desk.take(ask.contact_id, owner);
}

std::string reply_json(const AssistantAsk& ask, const decide::AssistantTurn& turn,
                       const std::string& ticket) {
  const decide::AssistantReply& reply = turn.reply;
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object();
  json.field("contact_id", ask.contact_id);
  json.field("turn", turn.state.turn);
  json.field("act", reply.act);
  json.field("text", reply.text);
  json.field("language", decide::kTongues[static_cast<std::size_t>(turn.state.tongue)]);
  json.key("choices");
  json.begin_array();
  for (const decide::AssistantChoice& choice : reply.choices) json.text(choice.label);
  json.end_array();
  json.key("media");
  json.begin_array();
  for (const std::string& media : reply.media) json.text(media);
  json.end_array();
  json.field("intent", reply.intent);
  json.key("confidence");
  json.thousandths(std::llround(reply.confidence * 1000));
  json.field("abstained", reply.abstained);
  json.field("answer_id", reply.answer_id);
  json.field("handed_over", turn.state.handed_over);
  json.field("ticket_id", ticket);
  json.field("dry_run", ask.dry_run);
  json.end_object();
  return out;
}

/// What the person who takes over needs; every member is there, empty where nothing is known.
std::string packet_json(const AssistantAsk& ask, const decide::AssistantTurn& turn) {
  const decide::AssistantState& state = turn.state;
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object();
  json.field("version", 1);
  json.key("who");
  json.begin_object();
  json.field("kind", model::identifier_kind_name(ask.who.kind));
  json.field("value", ask.who.value);
  json.field("phone", state.phone);
  json.field("language", decide::kTongues[static_cast<std::size_t>(state.tongue)]);
  json.end_object();
  json.field("wanted", turn.reply.action.reason);
  json.key("slots");
  json.begin_object();
  json.field("order_id", turn.reply.action.order_id);
  json.field("product_id", turn.reply.action.product_id);
  json.field("reason", state.reason);
  json.field("address", state.address);
  json.end_object();
  json.key("tried");
  json.begin_array();
  for (const std::string& act : state.tried) json.text(act);
  json.end_array();
  json.key("transcript");
  json.begin_object();
  json.field("contact_id", ask.contact_id);
  json.field("turns", state.turn);
  json.end_object();
  json.field("urgency", turn.reply.action.priority);
  json.end_object();
  return out;
}

/// The events of one turn, in order; nothing that was done before under the same ids is done again.
class TurnEvents {
 public:
  TurnEvents(const AssistantAsk& ask, Instant now, Currency currency)
      : ask_(ask),
        now_(now),
        currency_(currency),
        id_("as-" + short_digest(ask.contact_id + "/" + ask.message_id)) {}

  /// Of whom the event is; the asker where nobody is named.
  using Whose = const model::Identifier*;
  Status add(std::string_view name, std::string_view suffix, std::vector<codec::PropertyInput> properties,
             Whose whose = nullptr) {
    const model::Identifier& who = whose == nullptr ? ask_.who : *whose;
    const std::string message_id = id_ + std::string(suffix);
    codec::EventInput input;
    input.type = model::EventType::track;
    input.name = name;
    input.message_id = message_id;
    // A moment apart, so that their order is that of their times.
    input.timestamp = now_ + milliseconds(static_cast<std::int64_t>(events_.size()));
    input.identifiers = {{who.kind, who.value}};
    input.properties = std::move(properties);
    input.shop_currency = currency_;
    RAPPORT_TRY(model::Event event, codec::build_event(input));
    events_.push_back(std::move(event));
    return {};
  }
  std::vector<model::Event> take() { return std::move(events_); }

 private:
  const AssistantAsk& ask_;
  Instant now_;
  Currency currency_;
  std::string id_;
  std::vector<model::Event> events_;
};

/// What a hand-over finds of the conversation's ticket.
enum class TicketNow : std::uint8_t { none, under_way, done };

Result<TicketNow> ticket_now(ShopUnit& unit, const std::string& id) {
  return ask_shop<TicketNow>(unit, [&]() -> Result<TicketNow> {
    const views::ShopState& state = unit.shop.state();
    const std::uint32_t number = state.tables().dictionary(views::DictionaryKind::tickets).find(id);
    const views::Ticket* ticket = number == 0 ? nullptr : state.ticket(number);
    if (ticket == nullptr) return TicketNow::none;
    return views::is_done(*ticket) ? TicketNow::done : TicketNow::under_way;
  });
}

/// An appointment made, moved or cancelled: one write with what was said, so that it is done once or not at
/// all.
Status add_appointment(TurnEvents& events, const decide::AssistantAction& action,
                       const model::Identifier* whose) {
  using Kind = decide::AssistantAction::Kind;
  const auto about = [&](const Instant& at) {
    return std::vector<codec::PropertyInput>{{"service_id", std::string_view(action.service_id)},
                                             {"for", at},
                                             {"reason", std::string_view(action.reason)}};
  };
  if (action.kind != Kind::book)
    RAPPORT_CHECK(events.add("Booking Cancelled", "-u", about(action.held_time), whose));
  if (action.kind == Kind::cancel_booking) return {};
  return events.add("Service Booked", "-k", about(action.for_time), whose);
}

/// Whom her message was to, as the listener to feedback has to know.
struct Heard {
  bool by_assistant = false;  ///< no person has the conversation
  bool as_an_answer = false;
};

Status add_action(TurnEvents& events, const AssistantAsk& ask, const decide::AssistantTurn& turn,
                  const std::string& ticket, TicketNow now, const model::Identifier* whose) {
  using Kind = decide::AssistantAction::Kind;
  const decide::AssistantAction& action = turn.reply.action;
  if (action.kind == Kind::book || action.kind == Kind::move_booking || action.kind == Kind::cancel_booking)
    return add_appointment(events, action, whose);
  std::vector<codec::PropertyInput> properties;
  const auto put = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) properties.push_back({name, value});
  };
  if (action.kind == Kind::request_return) {
    put("return_id", action.return_id);
    put("order_id", action.order_id);
    put("reason", action.reason);
    put("product_id", action.product_id);
    return events.add("Return Requested", "-r", std::move(properties));
  }
  if (action.kind == Kind::cancel_order) {
    put("order_id", action.order_id);
    return events.add("Order Cancelled", "-x", std::move(properties));
  }
  if (action.kind != Kind::hand_over || ticket.empty()) return {};
  if (now == TicketNow::done) {
    put("ticket_id", ticket);
    put("state", "reopened");
    put("reason", action.reason);
    return events.add("Ticket Updated", "-t", std::move(properties));
  }
  // A person is waited for from now on: only now does a conversation begin for the clock.
  put("contact_id", ask.contact_id);
  put("channel", "chat");
  put("reason", action.reason);
  put("order_id", action.order_id);
  put("product_id", action.product_id);
  RAPPORT_CHECK(events.add("Contact Started", "-s", std::move(properties)));
  properties.clear();
  const std::string packet = packet_json(ask, turn);
  put("ticket_id", ticket);
  put("class", action.feedback_class);
  put("priority", action.priority);
  put("contact_id", ask.contact_id);
  put("order_id", action.order_id);
  put("product_id", action.product_id);
  properties.push_back({"packet", codec::RawJson{packet}});
  return events.add("Ticket Opened", "-t", std::move(properties));
}

Result<std::vector<model::Event>> events_of(const AssistantAsk& ask, const decide::AssistantTurn& turn,
                                            const std::string& reply, const std::string& ticket,
                                            TicketNow before, const Heard& heard,
                                            const model::Identifier* whose, Instant now, Currency currency) {
  TurnEvents events(ask, now, currency);
  const std::string said_to = note_to_assistant(heard.as_an_answer);
  std::vector<codec::PropertyInput> said{{"contact_id", std::string_view(ask.contact_id)},
                                         {"from", std::string_view("customer")},
                                         {"text", std::string_view(ask.text)},
                                         {"channel", std::string_view("chat")}};
  if (heard.by_assistant) said.push_back({"assistant", codec::RawJson{said_to}});
  RAPPORT_CHECK(events.add("Message Posted", "-c", std::move(said)));
  RAPPORT_CHECK(add_action(events, ask, turn, ticket, before, whose));
  const std::string state = state_json(turn.state);
  std::string note;
  codec::JsonWriter json(note);
  json.begin_object();
  json.field("act", turn.reply.act);
  json.field("turn", turn.state.turn);
  json.field("intent", turn.reply.intent);
  json.key("confidence");
  json.thousandths(std::llround(turn.reply.confidence * 1000));
  json.field("abstained", turn.reply.abstained);
  json.field("answer_id", turn.reply.answer_id);
  if (!turn.reply.basis.empty()) {
    json.field("basis", turn.reply.basis);
    json.key("sure");
    json.thousandths(std::llround(turn.reply.basis_confidence * 1000));
  }
  json.field("message_id", ask.message_id);
  json.key("state");
  json.raw(state);
  json.key("reply");
  json.raw(reply);
  json.end_object();
  RAPPORT_CHECK(events.add("Message Posted", "-b",
                           {{"contact_id", std::string_view(ask.contact_id)},
                            {"from", std::string_view("bot")},
                            {"text", std::string_view(turn.reply.text)},
                            {"channel", std::string_view("chat")},
                            {"assistant", codec::RawJson{note}}}));
  return events.take();
}

/// What may be booked, where this turn may be about it.
Status open_book(Inquiry& inquiry, const decide::AssistantState& state, const AssistantAsk& ask,
                 decide::AssistantFacts& facts, std::unique_lock<std::mutex>& acting) {
  if (!decide::may_concern_appointments(state, ask.text)) return {};
  RAPPORT_TRY(const bool any, books_appointments(inquiry));
  if (!any) return {};
  acting = std::unique_lock(inquiry.unit().desk_book.acting());
  RAPPORT_TRY(AppointmentBook book, appointment_book(inquiry));
  facts.bookable = std::move(book.services);
  facts.book_days = book.book_days;
  return {};
}

Result<std::string> turn_of(Engine& engine, ShopNo shop, Inquiry& inquiry, AssistantAsk ask) {
  RAPPORT_TRY(const auto known, inquiry.unit().knowledge.current());
  if (!known->policy.on && !ask.dry_run)
    return Error{Errc::refused, "this shop's assistant is off", "assistant", "a message to a person"};
  const bool fresh = ask.contact_id.empty();
  if (fresh) ask.contact_id = (ask.dry_run ? "dry-" : "A-") + fresh_id();
  if (ask.message_id.empty()) ask.message_id = fresh_id();
  AssistantDesk& desk = inquiry.unit().assistant;
  RAPPORT_TRY(AssistantDesk::Talk talk, talk_for(inquiry, ask, fresh));
  const auto answered = [&]() -> Result<std::string> {
    if (talk.last_message == ask.message_id && !talk.last_reply.empty()) return talk.last_reply;
    if (talk.state.turn >= kAssistantTurnsMost)
      return Error{Errc::too_large, "this conversation is too long", "contact_id", "begin another one"};
    decide::AssistantFacts facts;
    // Whoever books holds the book from looking until what he wrote is folded: of two at once one gets the
    // time.
    std::unique_lock<std::mutex> acting;
    RAPPORT_CHECK(open_book(inquiry, talk.state, ask, facts, acting));
    RAPPORT_TRY(const model::VisitorAnswer mine, things_of(engine, shop, ask.who, ask.proof));
    const learn::IntentModel& intents = learn::IntentModel::starter();
    const auto zone = text::Zone::find(inquiry.unit().shop.founding().zone);
    facts.book = known->book.get();
    facts.intents = &intents;
    facts.mine = &mine;
    facts.zone = zone.ok() ? &*zone : nullptr;
    RAPPORT_TRY(facts.now, inquiry.now());
    // By what became of its answers in this shop, where enough of that is known.
    RAPPORT_TRY(const auto learned, desk.learned(facts.now, kLearnBudget));
    const double wanted = known->policy.precision;
    facts.intent_least = intents.threshold(wanted);
    for (const auto& [intent, its] : decide::own_by_intent(facts.intent_least, wanted, learned->intents)) {
      if (its.raised) facts.raised.emplace(intent, its.least);
    }
    facts.match_least =
        decide::own_precision(known->match_least, wanted, learned->matches, decide::kMatchMost).least;
    facts.product_in_view = ask.product_id;
    const bool was_handed_over = talk.state.handed_over;
    const bool was_asked = !talk.state.task.empty() || talk.state.confirming;
    const decide::AssistantTurn turn = decide::answer(talk.state, ask.text, facts);
    const bool hands_over = turn.reply.action.kind == decide::AssistantAction::Kind::hand_over;
    RAPPORT_TRY(const TicketNow before, ticket_now(inquiry.unit(), ticket_of(ask.contact_id)));
    // A person has it already, unless it was done with.
    const bool again = was_handed_over && before != TicketNow::done;
    const std::string ticket = hands_over && !again ? ticket_of(ask.contact_id) : std::string();
    const std::string reply =
        reply_json(ask, turn, turn.state.handed_over ? ticket_of(ask.contact_id) : std::string());
    if (!ask.dry_run) {
      std::optional<model::Identifier> whose;
      // A cancellation comes after what it takes back, also while the shop's clock stands still.
      Instant stamp = facts.now;
      if (const decide::AssistantAction& action = turn.reply.action; action.held_node.value != 0) {
        RAPPORT_TRY(whose, identifier_of(inquiry.unit(), action.held_node));
        stamp = std::max(
            stamp,
            inquiry.unit().desk_book.booked_by(action.service_id, action.held_time, action.held_node).last);
      }
      const Heard heard{!again, was_asked && !turn.reply.abstained};
      RAPPORT_TRY(std::vector<model::Event> events,
                  events_of(ask, turn, reply, ticket, before, heard, whose ? &*whose : nullptr, stamp,
                            inquiry.currency()));
      const auto published = inquiry.publish(std::move(events));
      if (!published.ok() && published.error().code != Errc::conflict) return published.error();
    }
    talk.state = turn.state;
    talk.last_message = ask.message_id;
    talk.last_reply = reply;
    return reply;
  }();
  if (answered.ok()) {
    desk.give(ask.contact_id, std::move(talk));
  } else {
    desk.let_go(ask.contact_id);
  }
  return answered;
}

}  // namespace

void assistant_turn(Engine& engine, ShopNo shop, AssistantAsk ask, Reply<std::string> reply) {
  if (text::trim(ask.text).empty())
    return reply(Error{Errc::bad_input, "nothing is said", "text", "a question"});
  if (ask.text.size() > kAssistantTextMost)
    return reply(Error{Errc::too_large, fmt::format("{} bytes", ask.text.size()), "text",
                       fmt::format("at most {} bytes", kAssistantTextMost)});
  if (ask.message_id.size() > 128 || ask.contact_id.size() > 128)
    return reply(Error{Errc::bad_input, "too long a name", "message_id", "at most 128 bytes"});
  engine.inquire_quickly(
      shop,
      [&engine, shop, ask = std::move(ask)](Inquiry& inquiry) { return turn_of(engine, shop, inquiry, ask); },
      std::move(reply));
}

void assistant_transcript(Engine& engine, ShopNo shop, model::Identifier who, std::string contact_id,
                          Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [who = std::move(who), contact_id = std::move(contact_id)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto messages, messages_of(inquiry, who, contact_id));
        if (contact_id.empty() || messages.empty())
          return Error{Errc::not_found, "no such conversation of this visitor", "contact_id"};
        std::string out;
        codec::JsonWriter json(out);
        json.begin_object();
        json.field("contact_id", contact_id);
        json.key("messages");
        json.begin_array();
        for (const TalkMessage& message : messages) {
          json.begin_object();
          json.field("seq", message.seq);
          json.field("at", message.at);
          json.field("from", message.from);
          json.field("text", message.text);
          json.end_object();
        }
        json.end_array();
        json.end_object();
        return out;
      },
      std::move(reply));
}

void publish_assistant(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto members, NounMembers::parse(body));
        RAPPORT_TRY(const auto known, inquiry.unit().knowledge.current());
        KnowledgeShelf::Policy policy = known->policy;
        if (const codec::JsonValue on = members->find("on"); on.present()) {
          if (!on.is(codec::JsonKind::boolean))
            return Error{Errc::bad_input, "'on' is not of its form", "on", "true or false"};
          policy.on = on.is_true();
        }
        if (members->find("precision").present()) {
          policy.precision = members->number("precision").value_or(0);
          if (!(policy.precision >= 0.5 && policy.precision <= 0.999))
            return Error{Errc::bad_input, "'precision' is not of its form", "precision", "0.5 to 0.999"};
        }
        std::string noun;
        codec::JsonWriter json(noun);
        json.begin_object();
        json.field("hidden", true);
        json.field("on", policy.on);
        json.key("precision");
        json.thousandths(std::llround(policy.precision * 1000));
        json.end_object();
        RAPPORT_TRY(const EventSeq offset,
                    inquiry.publish({"Content Published", "content_id", kAssistantPolicy, noun}));
        return fmt::format(R"({{"offset":{}}})", offset.value);
      },
      std::move(reply));
}

}  // namespace rapport::engine
