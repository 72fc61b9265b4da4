#include <algorithm>
#include <charconv>

#include "base/bytes.h"
#include "base/random.h"
#include "codec/json_writer.h"
#include "engine/detail/desk_ticket.h"
#include "engine/detail/macro_text.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/roster.h"
#include "engine/engine_desk.h"
#include "model/catalogue_ids.h"
#include "text/zone.h"
#include "views/fact_table.h"

// Written answers, replies by them, and what comes of the call-back.
namespace rapport::engine {
namespace {

namespace k = model::kind;
namespace p = model::property;
using Filling = std::map<std::string, std::string, std::less<>>;

constexpr std::size_t kTextMost = 8'000, kNameMost = 64, kNoteMost = 1'000;
constexpr std::int64_t kNamesNs = 2'000'000'000;
constexpr std::string_view kParcelSteps[] = {"placed",           "packing", "picked_up", "in_transit",
                                             "out_for_delivery", "signed",  "exception"};

std::string fresh_message_id() {
  std::array<std::uint8_t, 12> random{};
  secure_random(random);
  return "desk-" + to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
}

void write_macro(codec::JsonWriter& json, std::string_view id, const Macro& macro) {
  json.begin_object();
  json.field("macro_id", id);
  json.field("title", macro.title);
  json.key("texts");
  json.begin_object();
  for (const auto& [language, text] : macro.texts) json.field(language, text);
  json.end_object();
  if (!macro.state.empty()) json.field("state", macro.state);
  if (!macro.klass.empty()) json.field("class", macro.klass);
  if (!macro.action.empty()) {
    json.key("action");
    json.raw(macro.action);
  }
  json.field("closed", macro.closed);
  json.end_object();
}

Result<Macro> macro_of(Inquiry& inquiry, const std::string& id) {
  RAPPORT_TRY(const std::string noun, inquiry.noun(k::macro_published, id));
  if (noun.empty())
    return Error{Errc::not_found, fmt::format("no macro '{}'", id.substr(0, 64)), "macro",
                 "one of GET /v1/macros"};
  return Macro::parse(noun);
}

/// What fills placeholders on one ticket. On the shop thread.
class Filler {
 public:
  /// `signs`: who writes, as the roster calls them; "" where it calls them nothing.
  Filler(ShopUnit& unit, const DeskTicket& ticket, std::string_view signs)
      : unit_(unit), ticket_(ticket), signs_(signs) {}

  /// The language that she told, as texts name it; "" when she told none.
  std::string language() const {
    if (ticket_.customer.value == 0) return {};
    views::FactsBuffer buffer;
    const views::FactsView facts = unit_.shop.state().facts(ticket_.customer, Instant::never(), buffer);
    std::string_view told;
    for (const views::TraitChange& change : facts.trait_changes()) {
      if (change.property == model::trait::language)
        told = unit_.shop.state().tables().words().text(change.word);
    }
    if (told.starts_with("en")) return "en";
    if (told == "zh-TW" || told == "zh-HK" || told == "zh-MO" || told.starts_with("zh-Hant"))
      return "zh-Hant";
    return told.starts_with("zh") ? "zh-Hans" : "";
  }

  Filling facts(std::string_view language) const {
    Filling facts;
    facts["ticket_id"] = ticket_.id;
    facts["agent"] = signs_.empty() ? agent_unnamed(language) : std::string(signs_);
    facts["order_id"] = ticket_.order;
    if (ticket_.customer.value != 0) {
      for (const NodeId node : unit_.shop.state().nodes_of(ticket_.customer)) {
        if (facts["name"].empty()) facts["name"] = unit_.insight.names().name_of(node);
      }
    }
    order(language, facts);
    for (const DeskAction& action : unit_.desk_book.of_ticket(ticket_.id)) {
      if (action.kind != decide::DeskActionKind::coupon || action.state != DeskAction::State::done) continue;
      facts["coupon"] = action.coupon;
      facts["coupon_value"] = amount(action.amount, Currency::parse(action.currency).value_or(Currency{}));
    }
    return facts;
  }

 private:
  static std::string amount(std::int64_t minor, Currency currency) {
    return fmt::format("{} {}", format_minor(minor, currency), currency.text());
  }

  void order(std::string_view language, Filling& facts) const {
    const views::ShopState& state = unit_.shop.state();
    const std::uint32_t number = state.tables().dictionary(views::DictionaryKind::orders).find(ticket_.order);
    const views::Order* order = number == 0 ? nullptr : state.order(number);
    if (order == nullptr || order->placed == Instant::min()) return;
    const Currency currency = state.tables().currencies.currency(order->currency_slot);
    facts["order_total"] = amount(order->total_minor, currency);
    if (order->paid_back() > 0) facts["refund"] = amount(order->paid_back(), currency);
    const views::Parcel* parcel = state.parcel(*order);
    if (parcel == nullptr) return;
    std::size_t latest = views::kParcelSteps;
    for (std::size_t step = 0; step < views::kParcelSteps; ++step) {
      if (parcel->reached[step] == Instant::min()) continue;
      if (latest == views::kParcelSteps || parcel->reached[step] >= parcel->reached[latest]) latest = step;
    }
    if (latest < views::kParcelSteps) facts["parcel.node"] = parcel_node_text(kParcelSteps[latest], language);
    const Instant promised = parcel->promised[static_cast<std::size_t>(views::ParcelStep::signed_for)];
    const auto zone = text::Zone::find(unit_.shop.founding().zone);
    if (promised == Instant::min() || !zone.ok()) return;
    const CivilTime local = zone->to_local(promised);
    facts["parcel.promised"] = fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", local.year, local.month,
                                           local.day, local.hour, local.minute);
  }

  ShopUnit& unit_;
  const DeskTicket& ticket_;
  std::string_view signs_;
};

/// What customers are told an agent is called: the roster's name of him, by the id that events hold or by the
/// name that he signs in with. Neither of these two is for customers. On the shop thread.
class Signatures {
 public:
  Signatures(ShopUnit& unit, const Engine& engine) : engine_(engine) {
    roster_ = Roster::parse(unit.shop.state().noun(k::roster_published, "main")).value_or({});
  }
  /// "" for whom the roster does not name.
  std::string of(std::string_view id) const {
    std::string name = named(id);
    constexpr std::string_view kUser = "user:";
    std::uint64_t number = 0;
    if (!name.empty() || !id.starts_with(kUser)) return name;
    const auto [end, wrong] = std::from_chars(id.data() + kUser.size(), id.data() + id.size(), number);
    if (wrong != std::errc() || end != id.data() + id.size()) return {};
    const auto user = engine_.user(number);
    return user ? named(user->name) : std::string();
  }

 private:
  std::string named(std::string_view agent) const {
    const auto found = std::find_if(roster_.agents.begin(), roster_.agents.end(),
                                    [&](const RosterAgent& one) { return one.agent == agent; });
    return found == roster_.agents.end() ? std::string() : found->title;
  }

  const Engine& engine_;
  Roster roster_;
};

/// Who writes: whom the request names, else the person who asks; for a server's key whose ticket it is.
std::string signs(ShopUnit& unit, const Engine& engine, const DeskTicket& ticket, std::string_view named,
                  std::string_view asks) {
  const Signatures signatures(unit, engine);
  if (!named.empty()) return signatures.of(named);
  return signatures.of(asks.starts_with("user:") ? asks : ticket.agent);
}

struct Written {
  std::string language;
  FilledText filled;
};

/// On the shop thread; names and the book were read before.
Written write_for(ShopUnit& unit, const DeskTicket& ticket, const Macro& macro, std::string_view asked,
                  std::string_view signs) {
  const Filler filler(unit, ticket, signs);
  const std::string told = asked.empty() ? filler.language() : std::string(asked);
  Written written;
  written.language = macro.language(told);
  written.filled = fill_text(macro.texts.find(written.language)->second, filler.facts(written.language));
  return written;
}

Status read_what_fills(Inquiry& inquiry) {
  ShopUnit& unit = inquiry.unit();
  RAPPORT_CHECK(fold_what_is_durable(inquiry));
  RAPPORT_CHECK(unit.desk_book.refresh());
  unit.insight.names().catch_up(monotonic_ns() + kNamesNs);
  return {};
}

Error no_fact(const std::vector<std::string>& missing) {
  return {Errc::refused, fmt::format("no fact fills {{{}}}", fmt::join(missing, "}, {")), "text",
          "write it yourself, or leave it out"};
}

/// What an agent wants to write.
struct Writing {
  std::string text, macro, language, agent;
};

Result<Writing> read_reply(const std::string& body) {
  RAPPORT_TRY(const auto asked, NounMembers::parse(body));
  Writing reply;
  reply.macro = asked->text("macro");
  reply.language = asked->text("language");
  if (reply.macro.empty() || !asked->raw("text").empty()) {
    RAPPORT_TRY(reply.text, asked->need_text("text", kTextMost));
  }
  if (!asked->raw("agent").empty()) {
    RAPPORT_TRY(reply.agent, asked->need_text("agent", kNameMost));
  }
  return reply;
}

std::string acted(const std::string& ticket, EventSeq offset) {
  std::string answer;
  codec::JsonWriter json(answer);
  json.begin_object();
  json.field("ticket_id", ticket);
  json.field("offset", offset);
  json.end_object();
  return answer;
}

/// Whoever wrote by letter is answered by letter, at the address that wrote. The decision's id carries the
/// conversation, so that her next letter finds it again (engine_mail_in.cc).
Status answer_letter(ShopUnit& unit, const DeskTicket& ticket, const std::string& message_id,
                     const std::string& text, std::vector<model::Event>& events,
                     std::vector<PostedLetter>& letters) {
  const views::ShopState& state = unit.shop.state();
  const auto& dictionary = state.tables().dictionary(views::DictionaryKind::contacts);
  const std::uint32_t number = ticket.contact.empty() ? 0 : dictionary.find(ticket.contact);
  const views::Contact* contact = number == 0 ? nullptr : state.contact(number);
  if (contact == nullptr || contact->node.value == 0 ||
      state.tables().words().text(contact->channel_word) != "email")
    return {};
  const std::string decision = fmt::format("reply-{}-{}", ticket.contact, message_id);
  return decide_words_letter(unit, {contact->node, decision, "ticket:" + ticket.id, text, ticket.id}, events,
                             letters);
}

Result<std::string> reply_to(const Engine& engine, Inquiry& inquiry, const DeskReply& asked) {
  ShopUnit& unit = inquiry.unit();
  RAPPORT_TRY(const Writing reply, read_reply(asked.body));
  RAPPORT_CHECK(fold_what_is_durable(inquiry));
  std::optional<Macro> macro;
  if (!reply.macro.empty()) {
    RAPPORT_TRY(macro, macro_of(inquiry, reply.macro));
    RAPPORT_CHECK(read_what_fills(inquiry));
  }
  using Events = std::vector<model::Event>;
  std::vector<PostedLetter> letters;
  RAPPORT_TRY(Events events, ask_shop<Events>(unit, [&]() -> Result<Events> {
                RAPPORT_TRY(const DeskTicket ticket, desk_ticket(unit.shop.state(), asked.ticket));
                std::string text = reply.text;
                if (macro) {
                  const std::string name = signs(unit, engine, ticket, reply.agent, asked.who.name);
                  const Filler filler(unit, ticket, name);
                  const std::string told = reply.language.empty() ? filler.language() : reply.language;
                  const std::string language(macro->language(told));
                  // An edited text is held to the same: what was left standing between braces is not sent.
                  const FilledText filled = fill_text(
                      text.empty() ? macro->texts.find(language)->second : text, filler.facts(language));
                  if (!filled.missing.empty()) return no_fact(filled.missing);
                  text = filled.text;
                }
                // A ticket without a conversation has one of its own name.
                const std::string contact = ticket.contact.empty() ? ticket.id : ticket.contact;
                const std::string who = reply.agent.empty() ? ticket.agent : reply.agent;
                DeskEvent message{"Message Posted", fresh_message_id(), {}, inquiry.currency()};
                message.properties = {{"contact_id", std::string_view(contact)},
                                      {"from", std::string_view("agent")},
                                      {"text", std::string_view(text)}};
                if (!who.empty()) message.properties.push_back({"agent", std::string_view(who)});
                if (macro) message.properties.push_back({"macro_id", std::string_view(reply.macro)});
                Events made;
                RAPPORT_TRY(model::Event posted, customer_event(unit, ticket.node, message));
                made.push_back(std::move(posted));
                RAPPORT_CHECK(answer_letter(unit, ticket, message.message_id, text, made, letters));
                const bool moves = macro && (!macro->state.empty() || !macro->klass.empty());
                if (!moves) return made;
                const std::string_view now = views::word_at(p::ticket_state, ticket.standing.state);
                const bool undoes =
                    macro->state == "located" || macro->state == "waiting" || macro->state == "escalated";
                // What is done stays done: only `reopened` opens it.
                const std::string state(
                    macro->state.empty() || (ticket.standing.done() && undoes) ? now : macro->state);
                DeskEvent update{"Ticket Updated", message.message_id + "-macro", {}, inquiry.currency()};
                const std::string reason = "macro " + reply.macro;
                update.properties = {{"ticket_id", std::string_view(ticket.id)},
                                     {"state", std::string_view(state)},
                                     {"reason", std::string_view(reason)}};
                if (!macro->klass.empty())
                  update.properties.push_back({"class", std::string_view(macro->klass)});
                if (!who.empty()) update.properties.push_back({"agent", std::string_view(who)});
                RAPPORT_TRY(model::Event moved, customer_event(unit, ticket.node, update));
                made.push_back(std::move(moved));
                return made;
              }));
  RAPPORT_TRY(const EventSeq offset, publish_with(unit, std::move(events), {}, std::move(letters)));
  return acted(asked.ticket, offset);
}

/// What she said when she was called back, and what it makes of the ticket, in one write. Of events at one
/// moment the states follow one another as the catalogue counts them: called back, then reopened and
/// escalated, or closed.
Result<std::string> called_back(Inquiry& inquiry, const DeskReply& asked) {
  ShopUnit& unit = inquiry.unit();
  RAPPORT_TRY(const auto body, NounMembers::parse(asked.body));
  const std::string_view word = body->raw("satisfied");
  if (word != "true" && word != "false")
    return Error{Errc::bad_input, "was she satisfied?", "satisfied", "true or false"};
  const bool satisfied = word == "true";
  std::string note, agent;
  if (!body->raw("note").empty()) {
    RAPPORT_TRY(note, body->need_text("note", kNoteMost));
  }
  if (!body->raw("agent").empty()) {
    RAPPORT_TRY(agent, body->need_text("agent", kNameMost));
  }
  // From looking until it is folded: of two at once the second sees the first.
  const std::lock_guard acting(unit.desk_book.acting());
  RAPPORT_CHECK(fold_what_is_durable(inquiry));
  using Events = std::vector<model::Event>;
  RAPPORT_TRY(Events events, ask_shop<Events>(unit, [&]() -> Result<Events> {
                RAPPORT_TRY(const DeskTicket ticket, desk_ticket(unit.shop.state(), asked.ticket));
                constexpr std::uint8_t kSolved = 3, kCalledBack = 4;
                if (ticket.standing.state != kSolved && ticket.standing.state != kCalledBack)
                  return Error{Errc::conflict,
                               fmt::format("a ticket that is {} is not called back",
                                           views::word_at(p::ticket_state, ticket.standing.state)),
                               "id", "solved first"};
                const std::string who =
                    agent.empty() ? (ticket.agent.empty() ? asked.who.name : ticket.agent) : agent;
                // One outcome of one solution: sent twice, it counts once.
                const std::string id = fmt::format("call-back-{}-{}", ticket.id, ticket.standing.since.ms);
                Events made;
                const auto step = [&](std::string_view state, std::string_view reason) -> Status {
                  DeskEvent event{"Ticket Updated", fmt::format("{}-{}", id, state), {}, inquiry.currency()};
                  event.properties = {{"ticket_id", std::string_view(ticket.id)},
                                      {"state", state},
                                      {"agent", std::string_view(who)},
                                      {"reason", reason}};
                  if (state == "called_back") {
                    event.properties.push_back({"satisfied", satisfied});
                    if (!note.empty()) event.properties.push_back({"note", std::string_view(note)});
                  }
                  RAPPORT_TRY(model::Event one, customer_event(unit, ticket.node, event));
                  made.push_back(std::move(one));
                  return {};
                };
                const std::string_view reason =
                    satisfied ? "call-back: satisfied" : "call-back: not satisfied";
                RAPPORT_CHECK(step("called_back", reason));
                if (satisfied) {
                  RAPPORT_CHECK(step("closed", reason));
                } else {
                  RAPPORT_CHECK(step("reopened", reason));
                  RAPPORT_CHECK(step("escalated", reason));
                }
                return made;
              }));
  RAPPORT_TRY(const EventSeq offset, publish_with(unit, std::move(events), {}));
  return acted(asked.ticket, offset);
}

}  // namespace

void macros(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto nouns, inquiry.nouns(k::macro_published));
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.key("macros");
        json.begin_array();
        for (const auto& [id, noun] : nouns) {
          if (const auto macro = Macro::parse(noun); macro.ok()) write_macro(json, id, *macro);
        }
        json.end_array();
        json.key("placeholders");
        json.begin_array();
        for (const std::string_view name : macro_placeholders()) json.text(name);
        json.end_array();
        json.end_object();
        return text;
      },
      std::move(reply));
}

void macro(Engine& engine, ShopNo shop, std::string id, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [id = std::move(id)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const Macro found, macro_of(inquiry, id));
        std::string text;
        codec::JsonWriter json(text);
        write_macro(json, id, found);
        return text;
      },
      std::move(reply));
}

void publish_macro(Engine& engine, ShopNo shop, std::string id, std::string body, Reply<std::string> reply) {
  if (!is_desk_id(id))
    return reply(Error{Errc::bad_input, "no name for a macro", "id", "1 to 64 letters, digits, -_.:"});
  engine.inquire_quickly(
      shop,
      [id = std::move(id), body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(Macro::parse(body));
        RAPPORT_TRY(const EventSeq offset, inquiry.publish({"Macro Published", "macro_id", id, body}));
        return fmt::format("{{\"offset\":{}}}", offset.value);
      },
      std::move(reply));
}

void fill_macro(Engine& engine, ShopNo shop, MacroAsk ask, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [&engine, ask = std::move(ask)](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        RAPPORT_TRY(const Macro macro, macro_of(inquiry, ask.macro));
        RAPPORT_CHECK(read_what_fills(inquiry));
        RAPPORT_TRY(const Written written, ask_shop<Written>(unit, [&]() -> Result<Written> {
                      RAPPORT_TRY(const DeskTicket ticket, desk_ticket(unit.shop.state(), ask.ticket));
                      return write_for(unit, ticket, macro, ask.language,
                                       signs(unit, engine, ticket, "", ask.who.name));
                    }));
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.field("macro_id", ask.macro);
        json.field("language", written.language);
        json.field("text", written.filled.text);
        json.key("missing");
        json.begin_array();
        for (const std::string& name : written.filled.missing) json.text(name);
        json.end_array();
        if (!macro.state.empty()) json.field("state", macro.state);
        if (!macro.klass.empty()) json.field("class", macro.klass);
        if (!macro.action.empty()) {
          json.key("action");
          json.raw(macro.action);
        }
        json.end_object();
        return text;
      },
      std::move(reply));
}

void reply_on_ticket(Engine& engine, ShopNo shop, DeskReply asked, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [&engine, asked = std::move(asked)](Inquiry& inquiry) { return reply_to(engine, inquiry, asked); },
      std::move(reply));
}

void call_back_ticket(Engine& engine, ShopNo shop, DeskReply asked, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [asked = std::move(asked)](Inquiry& inquiry) { return called_back(inquiry, asked); },
      std::move(reply));
}

}  // namespace rapport::engine
