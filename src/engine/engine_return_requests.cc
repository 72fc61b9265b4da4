#include <algorithm>

#include "base/hash.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "engine/detail/desk_ticket.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/return_policy.h"
#include "engine/detail/return_writing.h"
#include "engine/engine_returns.h"
#include "engine/engine_visitor.h"
#include "model/answers/customer.h"
#include "model/catalogue_ids.h"

// Asking for a return, by a door or by an event, and its decision by rule.
namespace rapport::engine {
namespace {

namespace k = model::kind;
using model::ReturnState;

constexpr std::size_t kHistoryMost = 2'000, kIdMost = 64, kTextMost = 4'000, kPhotosMost = 10;
/// Of returns told by events: how far back one is decided, how many of the newest are looked at, how many at
/// once.
constexpr Duration kToldWithin = hours(48);
constexpr std::size_t kToldLooked = 100'000, kToldAtOnce = 50;

struct Asked {
  std::string order, product, reason, text;
  std::int64_t quantity = 0;
  std::vector<std::string> photos;
  bool by_visitor = false;
};

Result<Asked> read_request(std::string_view text) {
  RAPPORT_TRY(const auto body, NounMembers::parse(text));
  Asked asked;
  RAPPORT_TRY(asked.order, body->need_text("order_id", kIdMost));
  RAPPORT_TRY(asked.reason, body->need_text("reason", kIdMost));
  asked.product = body->text("product_id");
  asked.text = body->text("text");
  if (asked.text.size() > kTextMost)
    return Error{Errc::too_large, "this is too long", "text", fmt::format("at most {} bytes", kTextMost)};
  if (body->find("quantity").present()) {
    const auto quantity = body->number("quantity");
    if (!quantity || *quantity < 1 || *quantity > 10'000)
      return Error{Errc::bad_input, "no quantity", "quantity", "1 to 10000"};
    asked.quantity = static_cast<std::int64_t>(*quantity);
  }
  const codec::JsonValue photos = body->find("photos");
  if (photos.present() && !photos.is(codec::JsonKind::array))
    return Error{Errc::bad_input, "no list", "photos", "hashes that POST /v1/files gave"};
  for (codec::JsonItems items(photos); photos.present() && items.next();) {
    const std::string hash = items.value().is(codec::JsonKind::string) ? items.value().text() : "";
    if (hash.size() != 64 || hash.find_first_not_of("0123456789abcdef") != std::string::npos)
      return Error{Errc::bad_input, "no file's hash", "photos", "hashes that POST /v1/files gave"};
    // The same picture twice is one picture.
    if (std::find(asked.photos.begin(), asked.photos.end(), hash) == asked.photos.end())
      asked.photos.push_back(hash);
    if (asked.photos.size() > kPhotosMost)
      return Error{Errc::too_large, "too many photos", "photos", fmt::format("at most {}", kPhotosMost)};
  }
  return asked;
}

/// What the shop's thread knows of an order that somebody wants to send back.
struct OrderFacts {
  model::Identifier who;
  std::string customer, return_id;
  ReturnFacts facts;
  std::optional<ReturnPolicy> policy;
  Instant now;
  bool from_page = false;  ///< pages alone told of the order
};

std::optional<Duration> since_signed(const views::ShopState& state, const views::Order& order, Instant now) {
  const views::Parcel* parcel = state.parcel(order);
  if (parcel == nullptr) return std::nullopt;
  const Instant at = parcel->reached[static_cast<std::size_t>(views::ParcelStep::signed_for)];
  return at == Instant::min() ? std::nullopt : std::optional(now - at);
}

std::optional<ReturnPolicy> policy_of(ShopUnit& unit) {
  const std::string_view noun = unit.shop.state().noun(k::return_policy_published, "main");
  if (noun.empty()) return std::nullopt;
  auto policy = ReturnPolicy::parse(noun, returns_currency(unit));
  return policy.ok() ? std::optional(std::move(*policy)) : std::nullopt;
}

Result<OrderFacts> order_facts(ShopUnit& unit, const Asked& asked) {
  const views::ShopState& state = unit.shop.state();
  const views::ShopTables& tables = state.tables();
  const std::uint32_t number = tables.dictionary(views::DictionaryKind::orders).find(asked.order);
  const views::Order* order = number == 0 ? nullptr : state.order(number);
  if (order == nullptr || order->placed == Instant::min() || order->node.value == 0)
    return Error{Errc::not_found, fmt::format("no order '{}'", asked.order.substr(0, 80)), "order_id",
                 "an order of hers"};
  if (order->cancelled != Instant::min())
    return Error{Errc::conflict, "the order was cancelled", "order_id", "an order that was delivered"};
  const auto text = unit.shop.texts().find(order->node);
  if (!text) return Error{Errc::conflict, "the customer of this order was erased", "order_id"};
  OrderFacts out;
  out.who = {*state.kind_of(order->node), std::string(*text)};
  const CustomerId customer = state.customer_of(order->node);
  out.customer = model::format_customer_id(customer);
  out.now = state.now();
  std::size_t of_order = 0;
  for (const std::uint32_t each : state.returns_of(customer)) {
    const views::Return* item = state.return_of(each);
    if (item == nullptr || item->order != number) continue;
    ++of_order;
    if (return_trust(state, each) == ReturnTrust::nobodys) continue;  // stands in nobody's way
    const std::string product(tables.dictionary(views::DictionaryKind::products).text(item->product));
    const bool same = product == asked.product || product.empty() || asked.product.empty();
    if (same && !is_done_return(static_cast<ReturnState>(item->state)))
      return Error{Errc::conflict,
                   fmt::format("return {} of these is open already",
                               tables.dictionary(views::DictionaryKind::returns).text(each)),
                   "order_id", "that one, or another product"};
  }
  out.from_page = order->from_page;
  // Who turns out to be its customer has returns of her own.
  out.return_id = "R-" + return_digest(fmt::format("return {} {} {} {}", asked.order, asked.product, of_order,
                                                   order->made_by.value));
  out.facts.reason = asked.reason;
  out.facts.value_minor = order->total_minor;
  out.facts.own_currency = order->currency_slot == 0;
  out.facts.photos = static_cast<std::int64_t>(asked.photos.size());
  out.facts.since_signed = since_signed(state, *order, out.now);
  out.policy = policy_of(unit);
  return out;
}

std::string return_id_of(const model::TimelineEntry& entry) {
  const auto members = NounMembers::parse(entry.properties_json);
  return members.ok() ? (*members)->text("return_id") : std::string();
}

/// Whether one of the photos came with another return of hers.
bool seen_before(const std::vector<model::TimelineEntry>& history, const std::vector<std::string>& photos,
                 const std::string& but = "") {
  for (const model::TimelineEntry& entry : history) {
    if (entry.event != "Return Requested" || (!but.empty() && return_id_of(entry) == but)) continue;
    for (const std::string& photo : photos) {
      if (entry.personal_json.find(photo) != std::string::npos) return true;
    }
  }
  return false;
}

/// Whether the order held what is to come back, as far as it says what it held. Errors: bad_input.
Status check_products(const std::vector<model::TimelineEntry>& history, const Asked& asked) {
  std::int64_t all = 0, of_product = 0;
  for (const model::TimelineEntry& entry : history) {
    if (entry.event != "Order Completed") continue;
    const auto order = NounMembers::parse(entry.properties_json);
    if (!order.ok() || (*order)->text("order_id") != asked.order) continue;
    const codec::JsonValue lines = (*order)->find("products");
    for (codec::JsonItems items(lines); lines.present() && items.next();) {
      const codec::JsonValue id = items.value().find("product_id"), count = items.value().find("quantity");
      const std::int64_t quantity = count.present() ? count.integer().value_or(1) : 1;
      all += quantity;
      if (id.present() && id.text() == asked.product) of_product += quantity;
    }
    break;
  }
  if (all <= 0) return {};
  if (!asked.product.empty() && of_product <= 0)
    return Error{Errc::bad_input, fmt::format("the order held no '{}'", asked.product.substr(0, 80)),
                 "product_id", "a product of the order"};
  const std::int64_t most = asked.product.empty() ? all : of_product;
  if (asked.quantity > most)
    return Error{Errc::bad_input, fmt::format("the order held {} of these", most), "quantity",
                 fmt::format("1 to {}", most)};
  return {};
}

/// That it is under review and why, or what the rule decided, told to her. What it has become.
Result<ReturnState> write_decision(ReturnWriting& writing, const std::string& return_id,
                                   const std::string& order, const ReturnDecision& decision) {
  const auto update = [&](ReturnState state, std::string_view reason) {
    return writing.add("Return Updated",
                       fmt::format("return-{}-{}", return_digest(return_id), model::return_state_name(state)),
                       {{"return_id", std::string_view(return_id)},
                        {"order_id", std::string_view(order)},
                        {"state", model::return_state_name(state)},
                        {"reason", reason}});
  };
  ReturnState state = ReturnState::under_review;
  RAPPORT_CHECK(
      update(state, decision.approve ? std::string_view("decided by rule") : std::string_view(decision.why)));
  if (!decision.approve) return state;
  state = *decision.approve ? ReturnState::approved : ReturnState::rejected;
  RAPPORT_CHECK(update(state, decision.why));
  RAPPORT_CHECK(writing.tell(return_id, state));
  return state;
}

Result<std::string> write_request(Inquiry& inquiry, const Asked& asked, const OrderFacts& order) {
  const ReturnDecision decision = order.policy ? decide_return(*order.policy, order.facts)
                                               : ReturnDecision{std::nullopt, "nobody published a rule"};
  ReturnWriting writing(order.who, order.now, returns_currency(inquiry.unit()));
  const std::string base = "return-" + return_digest(order.return_id);
  std::vector<std::string_view> photos(asked.photos.begin(), asked.photos.end());
  std::vector<codec::PropertyInput> told = {{"return_id", std::string_view(order.return_id)},
                                            {"order_id", std::string_view(asked.order)},
                                            {"reason", std::string_view(asked.reason)}};
  if (!asked.product.empty()) told.push_back({"product_id", std::string_view(asked.product)});
  if (asked.quantity > 0) told.push_back({"quantity", asked.quantity});
  if (!asked.text.empty()) told.push_back({"text", std::string_view(asked.text)});
  if (!photos.empty()) told.push_back({"photos", std::move(photos)});
  RAPPORT_CHECK(writing.add("Return Requested", base, std::move(told)));
  // By this door a visitor's word is as good as her order's.
  writing.events.back().from_page = asked.by_visitor && order.from_page;
  RAPPORT_TRY(const ReturnState state, write_decision(writing, order.return_id, asked.order, decision));
  RAPPORT_TRY(const EventSeq offset, inquiry.publish(std::move(writing.events)));
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("return_id", order.return_id);
  json.field("state", model::return_state_name(state));
  json.field("decided_by", decision.approve ? "rule" : "person");
  json.field("why", decision.why);
  json.field("offset", offset);
  json.end_object();
  return text;
}

void request_known(Engine& engine, ShopNo shop, Asked asked, Reply<std::string> reply) {
  const auto order = std::make_shared<OrderFacts>();
  auto shared = std::make_shared<Reply<std::string>>(std::move(reply));
  const auto wanted = std::make_shared<Asked>(std::move(asked));
  engine.inquire_quickly(
      shop,
      [order, wanted](Inquiry& inquiry) -> Result<std::string> {
        // Who has just ordered may send it back.
        RAPPORT_CHECK(fold_what_is_durable(inquiry));
        RAPPORT_TRY(*order, ask_shop<OrderFacts>(inquiry.unit(),
                                                 [&]() { return order_facts(inquiry.unit(), *wanted); }));
        return order->customer;
      },
      [&engine, shop, order, wanted, shared](const Result<std::string>& customer) {
        if (!customer.ok()) return (*shared)(customer.error());
        CustomerQuery query;
        query.ref = *customer;
        query.reveal = true;  // To compare photographs; nothing of it is answered.
        engine.timeline(
            shop, query, kHistoryMost,
            [&engine, shop, order, wanted, shared](const Result<std::vector<model::TimelineEntry>>& history) {
              if (!history.ok()) return (*shared)(history.error());
              if (const Status good = check_products(*history, *wanted); !good.ok())
                return (*shared)(good.error());
              order->facts.photo_seen = seen_before(*history, wanted->photos);
              engine.inquire_quickly(
                  shop, [order, wanted](Inquiry& inquiry) { return write_request(inquiry, *wanted, *order); },
                  [shared](Result<std::string> answer) { (*shared)(std::move(answer)); });
            });
      });
}

// ---- returns that come as events ----

/// One that nobody has looked at: what is known of it.
struct ToldReturn {
  std::uint32_t number = 0;
  std::string id, order, customer;
  model::Identifier who;
  ReturnFacts facts;
};

/// On the shop thread: whether nothing but its request was ever told, and that not long ago. What an import
/// brought is history, and a simulated shop decides its own.
bool is_untouched(const views::ShopState& state, std::uint32_t number) {
  const views::Return* item = state.return_of(number);
  return item != nullptr && item->requested != Instant::min() && item->node.value != 0 &&
         item->state_since == Instant::min() && item->requested > state.now() - kToldWithin &&
         state.case_clocks().live({views::CaseKind::returned, number});
}

/// Nothing while the order, or whose it is, is not known.
std::optional<ToldReturn> told_return(ShopUnit& unit, std::uint32_t number) {
  const views::ShopState& state = unit.shop.state();
  const views::ShopTables& tables = state.tables();
  if (!is_untouched(state, number)) return std::nullopt;
  const views::Return& item = *state.return_of(number);
  const views::Order* order = state.order(item.order);
  const auto text = unit.shop.texts().find(item.node);
  const auto kind = state.kind_of(item.node);
  if (order == nullptr || order->placed == Instant::min() || !text || !kind) return std::nullopt;
  ToldReturn told;
  told.number = number;
  told.id = tables.dictionary(views::DictionaryKind::returns).text(number);
  told.order = tables.dictionary(views::DictionaryKind::orders).text(item.order);
  told.customer = model::format_customer_id(state.customer_of(item.node));
  told.who = {*kind, std::string(*text)};
  told.facts.reason = tables.words().text(item.reason_word);
  told.facts.value_minor = order->total_minor;
  // Somebody else's order, one that was cancelled, and what a page alone says of anybody's is no matter of a
  // rule.
  const bool plain = order->cancelled == Instant::min() && order->node.value != 0 &&
                     state.customer_of(order->node) == state.customer_of(item.node) &&
                     return_trust(state, number) != ReturnTrust::nobodys;
  told.facts.own_currency = order->currency_slot == 0 && plain;
  if (plain) told.facts.since_signed = since_signed(state, *order, state.now());
  return told;
}

/// The photographs that came with it, and whether one came with another return of hers.
void add_photos(const std::vector<model::TimelineEntry>& history, ToldReturn& told) {
  std::vector<std::string> photos;
  for (const model::TimelineEntry& entry : history) {
    if (entry.event != "Return Requested" || return_id_of(entry) != told.id) continue;
    codec::JsonIndex json;
    if (entry.personal_json.empty() || !json.parse(entry.personal_json).ok()) continue;
    codec::JsonValue own = json.root().find("properties");
    if (!own.present()) own = json.root();
    const codec::JsonValue list = own.find("photos");
    for (codec::JsonItems items(list); list.present() && items.next();) {
      const std::string hash = items.value().is(codec::JsonKind::string) ? items.value().text() : "";
      if (!hash.empty() && std::find(photos.begin(), photos.end(), hash) == photos.end())
        photos.push_back(hash);
    }
  }
  told.facts.photos = static_cast<std::int64_t>(photos.size());
  told.facts.photo_seen = seen_before(history, photos, told.id);
}

/// Looked at anew: whom a person has seen to meanwhile is left alone. The message ids are of the return
/// alone, so that whatever is killed in between it is decided once.
Result<std::string> write_told(Inquiry& inquiry, const ToldReturn& told) {
  ShopUnit& unit = inquiry.unit();
  using Decided = std::optional<std::pair<ReturnDecision, Instant>>;
  RAPPORT_TRY(const Decided decided, ask_shop<Decided>(unit, [&]() -> Result<Decided> {
                const auto policy = policy_of(unit);
                if (!policy || !is_untouched(unit.shop.state(), told.number)) return Decided();
                return Decided(std::pair(decide_return(*policy, told.facts), unit.shop.state().now()));
              }));
  if (!decided) return std::string();
  ReturnWriting writing(told.who, decided->second, returns_currency(unit));
  RAPPORT_CHECK(write_decision(writing, told.id, told.order, decided->first));
  const auto written = inquiry.publish(std::move(writing.events));
  if (!written.ok() && written.error().code == Errc::conflict) return std::string();
  if (!written.ok()) return written.error();
  return told.id;
}

struct ToldReturns {
  std::vector<ToldReturn> waiting;
  std::size_t decided = 0;
  Reply<std::size_t> reply;
};

/// One after the other.
void decide_next(Engine& engine, ShopNo shop, const std::shared_ptr<ToldReturns>& all) {
  if (all->waiting.empty()) return all->reply(all->decided);
  const auto told = std::make_shared<ToldReturn>(std::move(all->waiting.back()));
  all->waiting.pop_back();
  CustomerQuery query;
  query.ref = told->customer;
  query.reveal = true;  // To count and compare photographs; nothing of it is answered.
  engine.timeline(shop, query, kHistoryMost,
                  [&engine, shop, all, told](const Result<std::vector<model::TimelineEntry>>& history) {
                    if (!history.ok()) return all->reply(history.error());
                    add_photos(*history, *told);
                    engine.inquire_quickly(
                        shop, [told](Inquiry& inquiry) { return write_told(inquiry, *told); },
                        [&engine, shop, all](const Result<std::string>& done) {
                          if (!done.ok()) return all->reply(done.error());
                          all->decided += done->empty() ? 0 : 1;
                          decide_next(engine, shop, all);
                        });
                  });
}

}  // namespace

void decide_told_returns(Engine& engine, ShopNo shop, Reply<std::size_t> reply) {
  const auto all = std::make_shared<ToldReturns>();
  all->reply = std::move(reply);
  engine.inquire_quickly(
      shop,
      [all](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        RAPPORT_CHECK(ask_shop<bool>(unit, [&]() -> Result<bool> {
          const views::ShopState& state = unit.shop.state();
          if (state.importing() || !policy_of(unit) || is_simulated(unit)) return true;
          std::uint32_t number = state.tables().dictionary(views::DictionaryKind::returns).size();
          for (std::size_t looked = 0; number > 0 && looked < kToldLooked; --number, ++looked) {
            if (all->waiting.size() == kToldAtOnce) break;
            if (auto told = told_return(unit, number)) all->waiting.push_back(std::move(*told));
          }
          return true;
        }));
        return std::string();
      },
      [&engine, shop, all](const Result<std::string>& found) {
        if (!found.ok()) return all->reply(found.error());
        decide_next(engine, shop, all);
      });
}

void request_return(Engine& engine, ShopNo shop, ReturnRequest request, Reply<std::string> reply) {
  auto asked = read_request(request.body);
  if (!asked.ok()) return reply(asked.error());
  if (!request.anonymous_id) return request_known(engine, shop, std::move(*asked), std::move(reply));
  asked->by_visitor = true;
  // A visitor's own orders are those that the one reading of a visitor shows her.
  auto shared = std::make_shared<Reply<std::string>>(std::move(reply));
  engine.shop_visitor(
      shop, {*request.anonymous_id, request.proof}, std::nullopt,
      [&engine, shop, shared, wanted = std::move(*asked)](const Result<model::VisitorAnswer>& visitor) {
        if (!visitor.ok()) return (*shared)(visitor.error());
        const bool hers = std::any_of(visitor->orders.begin(), visitor->orders.end(),
                                      [&](const auto& order) { return order.order_id == wanted.order; });
        if (!hers)
          return (*shared)(
              Error{Errc::not_found, "no such order of this visitor", "order_id", "one of GET /v1/shop/me"});
        request_known(engine, shop, wanted,
                      [shared](Result<std::string> answer) { (*shared)(std::move(answer)); });
      });
}

}  // namespace rapport::engine
