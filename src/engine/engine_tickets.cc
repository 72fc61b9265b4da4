#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/random.h"
#include "codec/event_builder.h"
#include "codec/json_writer.h"
#include "engine/detail/assistant_desk.h"
#include "engine/detail/desk_ticket.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/json_or_null.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/wait_until_folded.h"
#include "engine/engine_care.h"
#include "views/fact_table.h"

// Tickets as the desk sees them, and what a person does with one.
namespace rapport::engine {
namespace {

namespace p = model::property;
using views::CaseClock;
using views::CaseKind;

constexpr std::size_t kListMost = 500, kSlice = 200, kDoneLooked = 5'000, kHistoryMost = 500;
constexpr std::uint8_t kSolved = 3;  ///< place in the words of ticket_state
constexpr std::size_t kReasonMost = 200, kNameMost = 64, kPacketTextMost = 1'000;

struct TicketView {
  std::string id, department, agent, contact, order;
  views::TicketStanding standing;
  NodeId node;
  CustomerId customer;
  std::vector<CaseClock> clocks;
  Instant due = Instant::never();  ///< the earliest of the running clocks
  bool late = false;
};

/// On the shop thread.
TicketView view_of(const views::ShopState& state, std::uint32_t number, Instant now, bool trace) {
  const views::ShopTables& tables = state.tables();
  const views::Ticket& ticket = *state.ticket(number);
  const views::CaseRef ref{CaseKind::ticket, number};
  TicketView view;
  view.id = tables.dictionary(views::DictionaryKind::tickets).text(number);
  view.department = state.case_clocks().department(ref, now);
  view.agent = tables.words().text(ticket.agent_word);
  view.contact = tables.dictionary(views::DictionaryKind::contacts).text(ticket.contact);
  view.order = tables.dictionary(views::DictionaryKind::orders).text(ticket.order);
  view.standing = state.case_clocks().standing(number);
  view.node = ticket.node;
  if (ticket.node.value != 0) view.customer = state.customer_of(ticket.node);
  view.clocks = state.clocks_of(ref, now, trace);
  for (const CaseClock& clock : view.clocks) {
    if (clock.reading.run != views::Run::running || clock.reading.terms.target_ms == 0) continue;
    view.due = std::min(view.due, clock.reading.due_at);
    view.late = view.late || clock.reading.breached != Instant::min();
  }
  return view;
}

void write_clock(codec::JsonWriter& json, const CaseClock& clock, bool trace) {
  const views::ClockReading& reading = clock.reading;
  const bool late = reading.breached != Instant::min();
  json.begin_object();
  json.field("clock", views::clock_name(clock.kind));
  json.field("run", views::run_name(reading.run));
  json.field("target_ms", reading.terms.target_ms);
  json.field("used_ms", reading.used_ms);
  json.field("remaining_ms", reading.remaining_ms());
  write_moment(json, "started", reading.started);
  write_moment(json, "warn_at",
               late || reading.warned != Instant::min() ? Instant::never() : reading.warn_at);
  write_moment(json, "due_at", reading.due_at);
  write_moment(json, "warned_at", reading.warned);
  write_moment(json, "breached_at", reading.breached);
  write_moment(json, "first_stop", reading.first_stop);
  json.field("late", late);
  if (trace) {
    json.key("trace");
    json.begin_array();
    for (const views::TraceStep& step : clock.trace) {
      json.begin_object();
      json.field("at", step.at);
      json.field("what", views::trace_name(step.kind));
      json.field("used_ms", step.used_ms);
      json.field("target_ms", step.target_ms);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
}

void write_text(codec::JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  text.empty() ? json.null() : json.text(text);
}

/// The members of a ticket, without the object's ends.
void write_ticket(codec::JsonWriter& json, const TicketView& view, bool trace) {
  json.field("ticket_id", view.id);
  write_text(json, "class", views::word_at(p::feedback_class, view.standing.feedback_class));
  json.field("department", view.department);
  json.field("state", views::word_at(p::ticket_state, view.standing.state));
  write_text(json, "priority", views::word_at(p::priority, view.standing.priority));
  write_moment(json, "opened", view.standing.opened);
  write_moment(json, "since", view.standing.since);
  write_text(json, "agent", view.agent);
  write_text(json, "customer",
             view.customer.value == 0 ? std::string() : model::format_customer_id(view.customer));
  write_text(json, "contact_id", view.contact);
  write_text(json, "order_id", view.order);
  write_moment(json, "due_at", view.due);
  json.field("late", view.late);
  json.key("clocks");
  json.begin_array();
  for (const CaseClock& clock : view.clocks) write_clock(json, clock, trace);
  json.end_array();
}

/// Queues of tickets that are done.
bool of_done(std::string_view queue) {
  return queue == "done" || queue == "call_back";
}

struct Listed {
  std::vector<TicketView> tickets;
  std::map<std::string, std::pair<std::size_t, std::size_t>> departments;  ///< open, late
  std::size_t open = 0, late = 0, unassigned = 0, matching = 0;
};

bool matches(const TicketsQuery& query, const TicketView& view) {
  const auto is = [](const std::string& asked, std::string_view held) {
    return asked.empty() || asked == held;
  };
  const bool queue = query.queue == "late"         ? view.late
                     : query.queue == "unassigned" ? view.agent.empty()
                     : query.queue == "call_back"  ? view.standing.state == kSolved
                                                   : true;
  const bool agent = query.agent == "none" ? view.agent.empty() : is(query.agent, view.agent);
  return queue && agent && is(query.department, view.department) &&
         is(query.state, views::word_at(p::ticket_state, view.standing.state)) &&
         is(query.feedback_class, views::word_at(p::feedback_class, view.standing.feedback_class));
}

void add(const TicketsQuery& query, TicketView view, Listed& list) {
  if (!view.standing.done()) {
    ++list.open;
    auto& [open, late] = list.departments[view.department];
    ++open;
    if (view.late) ++list.late, ++late;
    if (view.agent.empty()) ++list.unassigned;
  }
  if (of_done(query.queue) != view.standing.done() || !matches(query, view)) return;
  ++list.matching;
  list.tickets.push_back(std::move(view));
}

/// Which tickets to look at: the open ones, or the newest when done ones are asked for.
std::vector<std::uint32_t> numbers_of(const views::ShopState& state, bool done) {
  std::vector<std::uint32_t> numbers;
  if (!done) {
    for (const auto& [number, agent] : state.case_clocks().open_tickets()) numbers.push_back(number);
    return numbers;
  }
  for (std::uint32_t n = state.tables().dictionary(views::DictionaryKind::tickets).size(); n > 0; --n) {
    if (numbers.size() == kDoneLooked) break;
    if (state.ticket(n) != nullptr && state.case_clocks().standing(n).opened != Instant::min())
      numbers.push_back(n);
  }
  return numbers;
}

void sort_list(const TicketsQuery& query, Listed& list) {
  const auto before = [&](const TicketView& x, const TicketView& y) {
    if (query.sort == "opened") return std::tie(y.standing.opened, x.id) < std::tie(x.standing.opened, y.id);
    return std::tie(x.due, x.standing.opened, x.id) < std::tie(y.due, y.standing.opened, y.id);
  };
  std::sort(list.tickets.begin(), list.tickets.end(), before);
  if (list.tickets.size() > query.most) list.tickets.resize(query.most);
}

std::string list_json(const Listed& list, Instant now, EventSeq known_at) {
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("now", now);
  json.key("tickets");
  json.begin_array();
  for (const TicketView& view : list.tickets) {
    json.begin_object();
    write_ticket(json, view, false);
    json.end_object();
  }
  json.end_array();
  json.field("matching", list.matching);
  json.key("counts");
  json.begin_object();
  json.field("open", list.open);
  json.field("late", list.late);
  json.field("unassigned", list.unassigned);
  json.end_object();
  json.key("departments");
  json.begin_array();
  for (const auto& [name, counts] : list.departments) {
    json.begin_object();
    json.field("department", name);
    json.field("open", counts.first);
    json.field("late", counts.second);
    json.end_object();
  }
  json.end_array();
  json.field("known_at", known_at);
  json.end_object();
  return text;
}

Status check(const TicketsQuery& query) {
  const auto one_of = [](std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
  };
  if (!one_of(query.queue, {"open", "late", "unassigned", "call_back", "done"}))
    return Error{Errc::bad_input, "an unknown queue", "queue", "open, late, unassigned, call_back or done"};
  if (!one_of(query.sort, {"deadline", "opened"}))
    return Error{Errc::bad_input, "an unknown order", "sort", "deadline or opened"};
  if (query.most == 0 || query.most > kListMost)
    return Error{Errc::bad_input, "no such length", "limit", fmt::format("1 to {}", kListMost)};
  return {};
}

Result<std::uint32_t> number_of(const views::ShopState& state, const std::string& id) {
  const std::uint32_t number = state.tables().dictionary(views::DictionaryKind::tickets).find(id);
  if (number == 0 || state.ticket(number) == nullptr ||
      state.case_clocks().standing(number).opened == Instant::min())
    return Error{Errc::not_found, fmt::format("no ticket '{}'", id.substr(0, 80)), "id",
                 "a ticket_id that was opened"};
  return number;
}

/// Whether a record of the customer's tells of this ticket, its conversation or its order.
bool concerns(const model::TimelineEntry& entry, const TicketView& view, const std::string& about) {
  codec::JsonIndex json;
  if (entry.properties_json.empty() || !json.parse(entry.properties_json).ok()) return false;
  const auto is = [&](std::string_view name, const std::string& id) {
    const codec::JsonValue value = json.root().find(name);
    return !id.empty() && value.present() && value.is(codec::JsonKind::string) && value.text() == id;
  };
  // A ticket without a conversation has one of its own name; one that a review opened tells of the review.
  return is("ticket_id", view.id) || is("about", view.id) || is("contact_id", view.contact) ||
         is("contact_id", view.id) || is("order_id", view.order) || is("review_id", about) ||
         is("about", about) || (!about.empty() && entry.message_id == about);
}

/// What the ticket was opened about: a review's id or a message's; "" when nothing told.
std::string about_of(const TicketView& view, const std::vector<model::TimelineEntry>& history) {
  for (const model::TimelineEntry& entry : history) {
    codec::JsonIndex json;
    if (entry.event != "Ticket Opened" || !json.parse(entry.properties_json).ok()) continue;
    const codec::JsonValue ticket = json.root().find("ticket_id"), about = json.root().find("about");
    const bool is_its = ticket.present() && ticket.is(codec::JsonKind::string) && ticket.text() == view.id;
    if (is_its && about.present() && about.is(codec::JsonKind::string)) return about.text();
  }
  return {};
}

/// Messages of the assistant that people marked as wrong (engine_assistant.h) and did not take back, by
/// their ids. The newest word about each holds.
std::set<std::string> marked_wrong(const std::vector<model::TimelineEntry>& newest_first) {
  std::set<std::string> out, told;
  for (const model::TimelineEntry& entry : newest_first) {
    codec::JsonIndex json;
    if (entry.event != "Feedback Corrected" || !json.parse(entry.properties_json).ok()) continue;
    const codec::JsonValue about = json.root().find("about"), reason = json.root().find("reason");
    if (!about.present() || !about.is(codec::JsonKind::string) || !told.insert(about.text()).second) continue;
    const bool back =
        reason.present() && reason.is(codec::JsonKind::string) && reason.text() == kMarkTakenBack;
    if (!back) out.insert(about.text());
  }
  return out;
}

void write_history(codec::JsonWriter& json, const TicketView& view,
                   const std::vector<model::TimelineEntry>& newest_first) {
  const std::string about = about_of(view, newest_first);
  const std::set<std::string> wrong = marked_wrong(newest_first);
  json.key("history");
  json.begin_array();
  for (auto entry = newest_first.rbegin(); entry != newest_first.rend(); ++entry) {
    if (!concerns(*entry, view, about)) continue;
    json.begin_object();
    json.field("seq", entry->seq);
    json.field("at", entry->event_time);
    json.field("event", entry->event);
    json.key("properties");
    json.raw(entry->properties_json);
    if (!entry->personal_json.empty()) {
      json.key("personal");
      json.raw(entry->personal_json);
    }
    if (wrong.contains(entry->message_id)) json.field("marked_wrong", true);
    json.end_object();
  }
  json.end_array();
}

std::string ticket_json(const TicketView& view, const std::vector<views::CaseClocks::Told>& told, Instant now,
                        const std::vector<model::TimelineEntry>& history) {
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("now", now);
  write_ticket(json, view, true);
  json.key("told");
  json.begin_array();
  for (const views::CaseClocks::Told& each : told) {
    json.begin_object();
    json.field("clock", views::clock_name(each.clock));
    json.field("step", std::int64_t{each.step});
    json.field("at", each.at);
    json.end_object();
  }
  json.end_array();
  write_history(json, view, history);
  json.end_object();
  return text;
}

std::string fresh_message_id() {
  std::array<std::uint8_t, 12> random{};
  secure_random(random);
  return "desk-" + to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
}

/// What a person does: an event of the ticket's customer. `properties` may look at the ticket.
using Properties = std::function<Result<std::vector<codec::PropertyInput>>(const TicketView&)>;
void act(Engine& engine, ShopNo shop, std::string id, std::string_view event, Properties properties,
         Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [id = std::move(id), event,
       properties = std::move(properties)](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        // Who has just opened it finds it.
        RAPPORT_CHECK(fold_what_is_durable(inquiry));
        RAPPORT_TRY(model::Event made, ask_shop<model::Event>(unit, [&]() -> Result<model::Event> {
                      const views::ShopState& state = unit.shop.state();
                      RAPPORT_TRY(const std::uint32_t number, number_of(state, id));
                      const TicketView view = view_of(state, number, unit.shop.now(), false);
                      codec::EventInput input;
                      RAPPORT_TRY(input.properties, properties(view));
                      const auto text = unit.shop.texts().find(view.node);
                      if (!text) return Error{Errc::conflict, "the customer of this ticket was erased", "id"};
                      const std::string message_id = fresh_message_id();
                      input.name = event;
                      input.message_id = message_id;
                      input.timestamp = unit.shop.now();
                      input.identifiers = {{*state.kind_of(view.node), *text}};
                      return codec::build_event(input);
                    }));
        std::vector<model::Event> events;
        events.push_back(std::move(made));
        RAPPORT_TRY(const EventSeq offset, inquiry.publish(std::move(events)));
        std::string answer;
        codec::JsonWriter json(answer);
        json.begin_object();
        json.field("ticket_id", id);
        json.field("offset", offset);
        json.end_object();
        return answer;
      },
      std::move(reply));
}

Result<std::string> text_of(const NounMembers& asked, std::string_view name, std::size_t most, bool needed) {
  if (!needed && asked.raw(name).empty()) return std::string();
  return asked.need_text(name, most);
}

}  // namespace

void tickets(Engine& engine, ShopNo shop, TicketsQuery query, Reply<std::string> reply) {
  if (const Status good = check(query); !good.ok()) return reply(good.error());
  engine.inquire_quickly(
      shop,
      [query = std::move(query)](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        const views::ShopState& state = unit.shop.state();
        RAPPORT_CHECK(wait_until_folded(unit, query.after_offset));
        using Numbers = std::vector<std::uint32_t>;
        RAPPORT_TRY(const Numbers numbers, ask_shop<Numbers>(unit, [&]() -> Result<Numbers> {
                      return numbers_of(state, of_done(query.queue));
                    }));
        RAPPORT_TRY(const Instant now, inquiry.now());
        Listed list;
        // In slices, so that folding goes on in between.
        for (std::size_t begin = 0; begin < numbers.size(); begin += kSlice) {
          const std::size_t end = std::min(numbers.size(), begin + kSlice);
          RAPPORT_CHECK(ask_shop<bool>(unit, [&]() -> Result<bool> {
            for (std::size_t i = begin; i < end; ++i)
              add(query, view_of(state, numbers[i], now, false), list);
            return true;
          }));
        }
        sort_list(query, list);
        return list_json(list, now, inquiry.known_at());
      },
      std::move(reply));
}

void ticket(Engine& engine, ShopNo shop, TicketQuery asked, Reply<std::string> reply) {
  struct Found {
    TicketView view;
    std::vector<views::CaseClocks::Told> told;
    Instant now;
  };
  const auto found = std::make_shared<Found>();
  engine.inquire_quickly(
      shop,
      [found, asked](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        RAPPORT_CHECK(wait_until_folded(unit, asked.after_offset));
        RAPPORT_CHECK(ask_shop<bool>(unit, [&]() -> Result<bool> {
          const views::ShopState& state = unit.shop.state();
          RAPPORT_TRY(const std::uint32_t number, number_of(state, asked.id));
          found->now = unit.shop.now();
          found->view = view_of(state, number, found->now, true);
          found->told = state.case_clocks().told({CaseKind::ticket, number});
          return true;
        }));
        return std::string();
      },
      [&engine, shop, found, asked, reply = std::move(reply)](const Result<std::string>& done) {
        if (!done.ok()) return reply(done.error());
        if (found->view.customer.value == 0)
          return reply(ticket_json(found->view, found->told, found->now, {}));
        CustomerQuery query;
        query.ref = model::format_customer_id(found->view.customer);
        query.reveal = asked.reveal;
        engine.timeline(shop, query, kHistoryMost,
                        [found, reply](Result<std::vector<model::TimelineEntry>> history) {
                          if (!history.ok()) return reply(history.error());
                          reply(ticket_json(found->view, found->told, found->now, *history));
                        });
      });
}

namespace {

/// What whoever takes over has to know, whole: the agent says what she wants and what was tried, the rest is
/// the ticket's own.
std::string hand_over_packet(const TicketView& view, const std::string& wanted,
                             const std::vector<std::string>& tried) {
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  write_text(json, "who",
             view.customer.value == 0 ? std::string() : model::format_customer_id(view.customer));
  json.field("wanted", wanted);
  json.key("tried");
  json.begin_array();
  for (const std::string& one : tried) json.text(one);
  json.end_array();
  json.key("promised");
  json.begin_array();
  for (const CaseClock& clock : view.clocks) {
    if (clock.reading.run != views::Run::running || clock.reading.terms.target_ms == 0) continue;
    json.begin_object();
    json.field("clock", views::clock_name(clock.kind));
    write_moment(json, "by", clock.reading.due_at);
    json.end_object();
  }
  json.end_array();
  const std::string_view priority = views::word_at(p::priority, view.standing.priority);
  json.field("urgency", priority.empty() ? std::string_view("normal") : priority);
  json.field("transcript", view.contact.empty() ? view.id : view.contact);
  json.end_object();
  return text;
}

struct HandOver {
  std::string wanted;
  std::vector<std::string> tried;
};

/// Of the member `packet`; none = nobody hands anything over. Errors: bad_input naming what is missing.
Result<std::optional<HandOver>> read_hand_over(const NounMembers& asked) {
  const codec::JsonValue packet = asked.find("packet");
  if (!packet.present() || packet.is_null()) return std::optional<HandOver>();
  const auto text = [](const codec::JsonValue& value) {
    return value.present() && value.is(codec::JsonKind::string) ? value.text() : std::string();
  };
  HandOver over;
  over.wanted = text(packet.find("wanted"));
  if (over.wanted.empty() || over.wanted.size() > kPacketTextMost)
    return Error{Errc::bad_input, "what does the customer want?", "packet.wanted",
                 fmt::format("1 to {} bytes", kPacketTextMost)};
  const codec::JsonValue tried = packet.find("tried");
  if (!tried.present() || !tried.is(codec::JsonKind::array))
    return Error{Errc::bad_input, "what was tried already?", "packet.tried",
                 "a list of texts, empty for nothing"};
  for (codec::JsonItems items(tried); items.next();) {
    over.tried.push_back(text(items.value()));
    if (over.tried.back().empty() || over.tried.back().size() > kPacketTextMost || over.tried.size() > 20)
      return Error{Errc::bad_input, "no text, one too long, or too many", "packet.tried",
                   fmt::format("at most 20 texts of 1 to {} bytes", kPacketTextMost)};
  }
  return std::optional(std::move(over));
}

}  // namespace

void assign_ticket(Engine& engine, ShopNo shop, std::string id, std::string body, Reply<std::string> reply) {
  const auto asked = NounMembers::parse(body);
  if (!asked.ok()) return reply(asked.error());
  auto agent = text_of(**asked, "agent", kNameMost, true);
  auto reason = text_of(**asked, "reason", kReasonMost, false);
  auto over = read_hand_over(**asked);
  if (!agent.ok() || !reason.ok()) return reply(agent.ok() ? reason.error() : agent.error());
  if (!over.ok()) return reply(over.error());
  const auto packet = std::make_shared<std::string>();
  act(
      engine, shop, id, "Ticket Assigned",
      [id, agent = *agent, over = *over, packet,
       reason = *reason](const TicketView& view) -> Result<std::vector<codec::PropertyInput>> {
        if (view.standing.done()) return Error{Errc::conflict, "the ticket is done", "id", "reopen it first"};
        std::vector<codec::PropertyInput> properties = {{"ticket_id", std::string_view(id)},
                                                        {"agent", std::string_view(agent)}};
        if (!reason.empty()) properties.push_back({"reason", std::string_view(reason)});
        if (over) {
          *packet = hand_over_packet(view, over->wanted, over->tried);
          properties.push_back({"packet", codec::RawJson{*packet}});
        }
        return properties;
      },
      std::move(reply));
}

void update_ticket(Engine& engine, ShopNo shop, std::string id, std::string body, Reply<std::string> reply) {
  const auto asked = NounMembers::parse(body);
  if (!asked.ok()) return reply(asked.error());
  std::map<std::string, std::string> told;
  for (const std::string_view name : {"state", "priority", "class", "reason"}) {
    auto text = text_of(**asked, name, kReasonMost, name == "state");
    if (!text.ok()) return reply(text.error());
    const auto list = name == "state"      ? p::ticket_state
                      : name == "priority" ? p::priority
                                           : p::feedback_class;
    if (name != "reason" && !text->empty() && views::word_index(list, *text) == 255) {
      return reply(Error{Errc::bad_input, fmt::format("'{}' is none of the words", text->substr(0, 40)),
                         std::string(name), std::string(model::find_property(list)->words)});
    }
    if (!text->empty()) told.emplace(name, *text);
  }
  act(
      engine, shop, id, "Ticket Updated",
      [id, told](const TicketView& view) -> Result<std::vector<codec::PropertyInput>> {
        const std::string& state = told.at("state");
        const bool undoes = state == "located" || state == "waiting" || state == "escalated";
        if (view.standing.done() && undoes)
          return Error{Errc::conflict, fmt::format("a ticket that is done cannot be {}", state), "state",
                       "reopened, called_back or closed"};
        std::vector<codec::PropertyInput> properties = {{"ticket_id", std::string_view(id)}};
        for (const auto& [name, text] : told) properties.push_back({name, std::string_view(text)});
        return properties;
      },
      std::move(reply));
}

}  // namespace rapport::engine
