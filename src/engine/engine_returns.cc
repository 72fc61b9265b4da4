#include "engine/engine_returns.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/hash.h"
#include "codec/event_builder.h"
#include "codec/json_writer.h"
#include "engine/detail/desk_policy.h"
#include "engine/detail/desk_ticket.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/json_or_null.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/return_policy.h"
#include "engine/detail/return_writing.h"
#include "engine/detail/wait_until_folded.h"
#include "model/answers/customer.h"
#include "model/catalogue_ids.h"
#include "model/returns.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;
using model::ReturnAnswer;
using model::ReturnState;

constexpr std::size_t kListMost = 500, kHistoryMost = 2'000, kReasonMost = 500;
/// Of a queue the newest so many are looked at, and so many of them closely.
constexpr std::uint32_t kLookedMost = 500'000, kSortedMost = 5'000;

/// A return as the fold holds it, in words.
struct Back {
  std::string id, order, product, reason, customer;
  std::uint32_t number = 0;
  ReturnState state = ReturnState::under_review;
  Instant requested = Instant::min(), since = Instant::min(), due = Instant::never();
  bool late = false;
  ReturnTrust trust = ReturnTrust::shops;
  bool of_another = false;  ///< by a page, of an order that is somebody else's
  std::int64_t total_minor = 0, refunded_minor = 0;
  Currency currency;
  std::optional<model::Identifier> who;
};

/// On the shop thread.
Back back_of(ShopUnit& unit, std::uint32_t number) {
  const views::ShopState& state = unit.shop.state();
  const views::ShopTables& tables = state.tables();
  const views::Return& item = *state.return_of(number);
  Back back;
  back.number = number;
  back.trust = return_trust(state, number);
  back.of_another = state.return_from_page(number) && is_of_another(state, item);
  back.id = tables.dictionary(views::DictionaryKind::returns).text(number);
  back.order = tables.dictionary(views::DictionaryKind::orders).text(item.order);
  back.product = tables.dictionary(views::DictionaryKind::products).text(item.product);
  back.reason = tables.words().text(item.reason_word);
  back.state = static_cast<ReturnState>(std::min<std::size_t>(item.state, model::kReturnStates - 1));
  back.requested = item.requested;
  back.since = item.state_since == Instant::min() ? item.requested : item.state_since;
  if (item.node.value != 0) {
    back.customer = model::format_customer_id(state.customer_of(item.node));
    const auto text = unit.shop.texts().find(item.node);
    const auto kind = state.kind_of(item.node);
    if (text && kind) back.who = model::Identifier{*kind, std::string(*text)};
  }
  if (const views::Order* order = state.order(item.order)) {
    back.total_minor = order->total_minor;
    back.refunded_minor = order->paid_back();
    back.currency = tables.currencies.currency(order->currency_slot);
  }
  for (const views::CaseClock& clock : state.clocks_of({views::CaseKind::returned, number}, state.now())) {
    if (clock.reading.run != views::Run::running || clock.reading.terms.target_ms == 0) continue;
    back.due = std::min(back.due, clock.reading.due_at);
    back.late = back.late || clock.reading.breached != Instant::min();
  }
  return back;
}

/// The numbers of a queue, the newest of each trust first. On the shop thread.
std::vector<std::uint32_t> queue_of(const views::ShopState& state, std::string_view queue) {
  std::array<std::vector<std::uint32_t>, 3> by_trust;
  const auto count =
      static_cast<std::uint32_t>(state.tables().dictionary(views::DictionaryKind::returns).size());
  for (std::uint32_t n = count, looked = 0; n > 0 && looked < kLookedMost; --n, ++looked) {
    const views::Return* item = state.return_of(n);
    if (item == nullptr || item->requested == Instant::min()) continue;
    const auto at = static_cast<ReturnState>(item->state);
    const bool wanted = queue == "waiting" ? at == ReturnState::under_review
                        : queue == "done"  ? is_done_return(at)
                                           : !is_done_return(at);
    if (wanted) by_trust[static_cast<std::size_t>(return_trust(state, n))].push_back(n);
  }
  std::vector<std::uint32_t> all = std::move(by_trust[0]);
  for (const auto& more : {by_trust[1], by_trust[2]}) all.insert(all.end(), more.begin(), more.end());
  return all;
}

Result<std::uint32_t> number_of(const views::ShopState& state, const std::string& id) {
  const std::uint32_t number = state.tables().dictionary(views::DictionaryKind::returns).find(id);
  const views::Return* item = number == 0 ? nullptr : state.return_of(number);
  if (item != nullptr && item->requested != Instant::min()) return number;
  return Error{Errc::not_found, fmt::format("no return '{}'", id.substr(0, 80)), "id",
               "a return_id that was asked for"};
}

void write_back(codec::JsonWriter& json, const Back& back) {
  json.field("return_id", back.id);
  json.field("order_id", back.order);
  write_words(json, "product_id", back.product);
  write_words(json, "customer", back.customer);
  json.field("reason", back.reason);
  json.field("state", model::return_state_name(back.state));
  write_moment(json, "requested", back.requested);
  write_moment(json, "since", back.since);
  write_moment(json, "due_at", back.due);
  json.field("late", back.late);
}

/// One update as it was told, and what it meant then.
struct Told {
  Instant at;
  ReturnState state;
  ReturnAnswer answer;
  std::string reason, agent, amount;
};

/// Of the part of an entry that was revealed; "" when it was not.
std::string sealed_text(const model::TimelineEntry& entry, std::string_view name) {
  const auto members = entry.personal_json.empty() ? nullptr : opened_members(entry.personal_json);
  return members == nullptr ? std::string() : members->text(name);
}

/// What she wrote and showed when she asked.
struct Said {
  std::string reason, text;
  std::vector<std::string> photos;
};

Said said_of(const std::vector<model::TimelineEntry>& history, const std::string& id) {
  Said said;
  for (const model::TimelineEntry& entry : history) {
    if (entry.event != "Return Requested") continue;
    const auto clear = NounMembers::parse(entry.properties_json);
    if (!clear.ok() || (*clear)->text("return_id") != id) continue;
    const auto sealed = opened_members(entry.personal_json);
    if (sealed == nullptr) continue;
    said.reason = sealed->text("reason");
    said.text = sealed->text("text");
    said.photos.clear();
    const codec::JsonValue photos = sealed->find("photos");
    for (codec::JsonItems items(photos); photos.present() && items.next();) {
      if (items.value().is(codec::JsonKind::string)) said.photos.push_back(items.value().text());
    }
  }
  return said;
}

/// The updates of one return out of its customer's records, in the order of event time (at one moment the
/// earlier step first), each with its answer by the table; and the state that they come to.
ReturnState walk(const std::vector<model::TimelineEntry>& newest_first, const std::string& id,
                 std::vector<Told>& out) {
  for (const model::TimelineEntry& entry : newest_first) {
    if (entry.event != "Return Updated") continue;
    const auto members = NounMembers::parse(entry.properties_json);
    if (!members.ok() || (*members)->text("return_id") != id) continue;
    const auto state = model::find_return_state((*members)->text("state"));
    if (!state) continue;
    std::string reason = (*members)->text("reason");
    if (reason.empty()) reason = sealed_text(entry, "reason");
    out.push_back({entry.event_time, *state, ReturnAnswer::repeats, std::move(reason),
                   (*members)->text("agent"), std::string((*members)->raw("amount"))});
  }
  std::sort(out.begin(), out.end(),
            [](const Told& x, const Told& y) { return std::tie(x.at, x.state) < std::tie(y.at, y.state); });
  ReturnState now = ReturnState::under_review;
  for (Told& told : out) {
    told.answer = model::answer_return(now, told.state);
    if (changes(told.answer)) now = told.state;
  }
  return now;
}

std::string one_json(const Back& back, const std::vector<Told>& told, const Said& said) {
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  write_back(json, back);
  write_words(json, "text", said.text);
  json.key("photos");
  json.begin_array();
  for (const std::string& photo : said.photos) json.text(photo);
  json.end_array();
  json.field("order_total", format_minor(back.total_minor, back.currency));
  json.field("refunded_so_far", format_minor(back.refunded_minor, back.currency));
  json.field("currency", back.currency.text());
  json.key("next");
  json.begin_array();
  for (const model::ReturnMove& move : model::return_moves()) {
    if (move.from != back.state) continue;
    json.begin_object();
    json.field("state", model::return_state_name(move.to));
    json.field("by", move.by);
    json.field("told", move.told);
    json.field("what", move.what);
    json.end_object();
  }
  json.end_array();
  json.key("updates");
  json.begin_array();
  for (const Told& one : told) {
    json.begin_object();
    json.field("at", one.at);
    json.field("state", model::return_state_name(one.state));
    json.field("answer", model::return_answer_name(one.answer));
    if (!one.reason.empty()) json.field("reason", one.reason);
    if (!one.agent.empty()) json.field("agent", one.agent);
    if (!one.amount.empty()) {
      json.key("amount");
      json.raw(one.amount);
    }
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return text;
}

/// Finds a return with its updates, then goes on with `then` on whatever thread the history came on.
void with_return(Engine& engine, ShopNo shop, ReturnQuery asked,
                 std::function<void(const Error*, Back, std::vector<Told>, Said)> then) {
  const auto found = std::make_shared<Back>();
  auto shared = std::make_shared<decltype(then)>(std::move(then));
  engine.inquire_quickly(
      shop,
      [asked, found](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        RAPPORT_CHECK(wait_until_folded(unit, asked.after_offset));
        // Who has just asked for it finds it.
        if (!asked.after_offset) RAPPORT_CHECK(fold_what_is_durable(inquiry));
        RAPPORT_TRY(*found, ask_shop<Back>(unit, [&]() -> Result<Back> {
          RAPPORT_TRY(const std::uint32_t number, number_of(unit.shop.state(), asked.id));
          return back_of(unit, number);
        }));
        return found->customer;
      },
      [&engine, shop, found, shared, reveal = asked.reveal](const Result<std::string>& customer) {
        if (!customer.ok()) return (*shared)(&customer.error(), {}, {}, {});
        if (customer->empty()) return (*shared)(nullptr, std::move(*found), {}, {});
        CustomerQuery query;
        query.ref = *customer;
        query.reveal = reveal;
        engine.timeline(shop, query, kHistoryMost,
                        [found, shared](const Result<std::vector<model::TimelineEntry>>& history) {
                          std::vector<Told> told;
                          Said said;
                          if (history.ok()) {
                            const ReturnState state = walk(*history, found->id, told);
                            if (!told.empty()) found->state = state;
                            said = said_of(*history, found->id);
                            if (found->reason.empty()) found->reason = said.reason;
                          }
                          (*shared)(nullptr, std::move(*found), std::move(told), std::move(said));
                        });
      });
}

struct Update {
  ReturnState state = ReturnState::under_review;
  std::optional<std::int64_t> amount_minor;
  std::string reason, agent;
};

Result<Update> read_update(const NounMembers& body, const Back& back, std::string agent) {
  Update update;
  const std::string name = body.text("state");
  const auto state = model::find_return_state(name);
  if (!state)
    return Error{Errc::bad_input, fmt::format("'{}' is no state of a return", name.substr(0, 40)), "state",
                 std::string(model::find_property(model::property::return_state)->words)};
  update.state = *state;
  update.reason = body.text("reason");
  if (update.reason.size() > kReasonMost)
    return Error{Errc::too_large, "this is too long", "reason", fmt::format("at most {} bytes", kReasonMost)};
  update.agent = std::move(agent);
  if (body.find("amount").present()) {
    const std::string currency = body.text("currency");
    if (!currency.empty() && currency != back.currency.text())
      return Error{Errc::bad_input, "not the order's currency", "currency",
                   std::string(back.currency.text())};
    update.amount_minor = body.minor("amount", back.currency);
    if (!update.amount_minor || *update.amount_minor <= 0)
      return Error{Errc::bad_input, "no amount", "amount", "more than nothing, such as \"99.00\""};
  }
  return update;
}

/// Errors: conflict for what the table or the order's total does not allow.
Status check_update(const Update& update, const Back& back) {
  const ReturnAnswer answer = model::answer_return(back.state, update.state);
  if (!changes(answer)) {
    std::string may;
    for (const model::ReturnMove& move : model::return_moves()) {
      if (move.from == back.state)
        may += (may.empty() ? "" : ", ") + std::string(model::return_state_name(move.to));
    }
    const std::string_view now = model::return_state_name(back.state),
                           told = model::return_state_name(update.state);
    const std::string what = answer == ReturnAnswer::repeats ? fmt::format("the return is {} already", now)
                             : answer == ReturnAnswer::earlier
                                 ? fmt::format("the return is {}, past {}", now, told)
                                 : fmt::format("a return that is {} cannot become {}", now, told);
    return Error{Errc::conflict, what, "state", may.empty() ? "nothing more: it is closed" : may};
  }
  const std::int64_t left = back.total_minor - back.refunded_minor;
  if (update.amount_minor && *update.amount_minor > left)
    return Error{Errc::conflict, "the refund is above what is left of the order", "amount",
                 fmt::format("at most {} {}", format_minor(left, back.currency), back.currency.text())};
  if (update.state == ReturnState::refunded && !update.amount_minor)
    return Error{
        Errc::bad_input, "no amount was told", "amount",
        fmt::format("what was paid, at most {} {}", format_minor(left, back.currency), back.currency.text())};
  if (!back.who) return Error{Errc::conflict, "the customer of this return was erased", "id"};
  return {};
}

Result<std::string> write_update(Inquiry& inquiry, const Back& back, const Update& update) {
  RAPPORT_TRY(const Instant now, inquiry.now());
  ReturnWriting writing(*back.who, now, returns_currency(inquiry.unit()));
  // The step and the one before name it: two people who press at once make one.
  const std::string base =
      fmt::format("return-{}-{}-{}-{}", return_digest(back.id), model::return_state_name(back.state),
                  model::return_state_name(update.state), back.since.ms);
  const std::string amount = update.amount_minor ? format_minor(*update.amount_minor, back.currency) : "";
  const std::string currency(back.currency.text());
  std::vector<codec::PropertyInput> told = {{"return_id", std::string_view(back.id)},
                                            {"order_id", std::string_view(back.order)},
                                            {"state", model::return_state_name(update.state)}};
  if (!update.reason.empty()) told.push_back({"reason", std::string_view(update.reason)});
  if (!update.agent.empty()) told.push_back({"agent", std::string_view(update.agent)});
  if (update.amount_minor) {
    told.push_back({"amount", std::string_view(amount)});
    told.push_back({"currency", std::string_view(currency)});
  }
  RAPPORT_CHECK(writing.add("Return Updated", base, std::move(told)));
  if (update.state == ReturnState::refunded) {
    RAPPORT_CHECK(writing.add("Order Refunded", "refund-" + return_digest(back.id),
                              {{"order_id", std::string_view(back.order)},
                               {"amount", std::string_view(amount)},
                               {"currency", std::string_view(currency)},
                               {"return_id", std::string_view(back.id)}}));
  }
  const bool tells =
      std::any_of(model::return_moves().begin(), model::return_moves().end(),
                  [&](const model::ReturnMove& move) { return move.to == update.state && move.told; });
  if (tells) RAPPORT_CHECK(writing.tell(back.id, update.state));
  RAPPORT_TRY(const EventSeq offset, inquiry.publish(std::move(writing.events)));
  return fmt::format(R"({{"return_id":"{}","state":"{}","offset":{}}})", back.id,
                     model::return_state_name(update.state), offset.value);
}

/// Between looking and writing somebody else may have paid back, here or at the desk: one at a time, and
/// looked at anew.
Result<std::string> write_looking_anew(Inquiry& inquiry, Back back, const Update& update,
                                       const DeskWho& who) {
  ShopUnit& unit = inquiry.unit();
  const std::lock_guard acting(unit.desk_book.acting());
  RAPPORT_CHECK(fold_what_is_durable(inquiry));
  RAPPORT_CHECK(unit.desk_book.refresh());
  RAPPORT_TRY(const Back now, ask_shop<Back>(unit, [&]() -> Result<Back> {
                const std::uint32_t number =
                    unit.shop.state().tables().dictionary(views::DictionaryKind::returns).find(back.id);
                if (number == 0) return Error{Errc::not_found, "no such return", "id"};
                return back_of(unit, number);
              }));
  back.state = now.state;
  back.since = now.since;
  // What a second person has yet to approve is spoken for.
  back.refunded_minor = now.refunded_minor + unit.desk_book.refunds_waiting(back.order);
  back.total_minor = now.total_minor;
  const bool agrees = update.state != ReturnState::rejected && update.state != ReturnState::closed;
  if (now.of_another && agrees)
    return Error{Errc::conflict, "the order is not of who asked for this return", "id", "rejected, closed"};
  RAPPORT_CHECK(check_update(update, back));
  if (update.state == ReturnState::refunded) {
    RAPPORT_TRY(const decide::DeskPolicy policy, desk_policy_of(inquiry));
    RAPPORT_CHECK(decide::may_pay_return(policy, {who.name, who.role}, *update.amount_minor,
                                         now.refunded_minor, back.currency));
  }
  return write_update(inquiry, back, update);
}

}  // namespace

std::string refund_message_id(std::string_view return_id) {
  return "refund-" + return_digest(fmt::format("refund {}", return_id));
}

void returns(Engine& engine, ShopNo shop, ReturnsQuery query, Reply<std::string> reply) {
  if (query.queue != "waiting" && query.queue != "open" && query.queue != "done")
    return reply(Error{Errc::bad_input, "an unknown queue", "queue", "waiting, open or done"});
  if (query.most == 0 || query.most > kListMost)
    return reply(Error{Errc::bad_input, "no such length", "limit", fmt::format("1 to {}", kListMost)});
  engine.inquire_quickly(
      shop,
      [query = std::move(query)](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        RAPPORT_CHECK(wait_until_folded(unit, query.after_offset));
        using Backs = std::vector<Back>;
        std::size_t matching = 0;
        RAPPORT_TRY(Backs backs, ask_shop<Backs>(unit, [&]() -> Result<Backs> {
                      const std::vector<std::uint32_t> numbers = queue_of(unit.shop.state(), query.queue);
                      matching = numbers.size();
                      Backs found;
                      for (const std::uint32_t number : numbers) {
                        if (found.size() < kSortedMost) found.push_back(back_of(unit, number));
                      }
                      return found;
                    }));
        if (query.queue != "done") {
          std::sort(backs.begin(), backs.end(), [](const Back& x, const Back& y) {
            return std::tie(x.trust, x.due, x.requested, x.id) < std::tie(y.trust, y.due, y.requested, y.id);
          });
        }
        if (backs.size() > query.most) backs.resize(query.most);
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.key("returns");
        json.begin_array();
        for (const Back& back : backs) {
          json.begin_object();
          write_back(json, back);
          json.end_object();
        }
        json.end_array();
        json.field("matching", matching);
        json.end_object();
        return text;
      },
      std::move(reply));
}

void return_one(Engine& engine, ShopNo shop, ReturnQuery query, Reply<std::string> reply) {
  auto shared = std::make_shared<Reply<std::string>>(std::move(reply));
  with_return(
      engine, shop, std::move(query),
      [shared](const Error* wrong, const Back& back, const std::vector<Told>& told, const Said& said) {
        wrong != nullptr ? (*shared)(*wrong) : (*shared)(one_json(back, told, said));
      });
}

void update_return(Engine& engine, ShopNo shop, std::string id, std::string body, DeskWho who,
                   Reply<std::string> reply) {
  auto parsed = NounMembers::parse(body);
  if (!parsed.ok()) return reply(parsed.error());
  auto shared = std::make_shared<Reply<std::string>>(std::move(reply));
  const std::shared_ptr<NounMembers> members = std::move(*parsed);
  with_return(engine, shop, ReturnQuery{std::move(id)},
              [&engine, shop, shared, members, who](const Error* wrong, const Back& back,
                                                    const std::vector<Told>&, const Said&) {
                if (wrong != nullptr) return (*shared)(*wrong);
                auto update = read_update(*members, back, who.name);
                if (!update.ok()) return (*shared)(update.error());
                if (const Status good = check_update(*update, back); !good.ok())
                  return (*shared)(good.error());
                engine.inquire_quickly(
                    shop,
                    [back, update = *update, who](Inquiry& inquiry) {
                      return write_looking_anew(inquiry, back, update, who);
                    },
                    [shared](Result<std::string> answer) { (*shared)(std::move(answer)); });
              });
}

void return_policy(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const std::string noun, inquiry.noun(k::return_policy_published, "main"));
        return fmt::format("{{\"published\":{},\"policy\":{}}}", !noun.empty(), noun.empty() ? "null" : noun);
      },
      std::move(reply));
}

void publish_return_policy(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(ReturnPolicy::parse(body, returns_currency(inquiry.unit())));
        RAPPORT_TRY(const EventSeq offset,
                    inquiry.publish({"Return Policy Published", "policy_id", "main", body}));
        return fmt::format("{{\"offset\":{}}}", offset.value);
      },
      std::move(reply));
}

}  // namespace rapport::engine
