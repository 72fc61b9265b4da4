#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "codec/properties.h"
#include "codec/record.h"
#include "engine/detail/history.h"
#include "engine/detail/impl.h"
#include "engine/detail/parcel_desk.h"
#include "engine/detail/sealed_part.h"
#include "engine/detail/shopfront.h"
#include "engine/detail/survey_desk.h"
#include "engine/detail/visitor_proof.h"
#include "engine/engine.h"
#include "engine/engine_returns.h"
#include "model/catalogue_ids.h"
#include "model/returns.h"
#include "views/published.h"

/// What one visitor did herself. Anybody with a public key may claim that two identifiers are one person, so
/// nothing of the customer that an anonymous id is linked to is shown: only what events told that carried
/// this anonymous id themselves, or an identifier for which the shop's server has vouched, or what is of an
/// order that she has opened by its number and contact.
namespace rapport::engine {
namespace {

namespace k = model::kind;
namespace p = model::property;

constexpr std::size_t kShownMost = 50;
constexpr std::size_t kRecordsMost = 5'000;  ///< of a browser's newest
/// Of whom the shop's server vouched for: pages can write in her name, so more is looked at.
constexpr std::size_t kVouchedRecordsMost = 200'000;
/// Orders and returns that are known to be hers whatever else anybody sent in her name.
constexpr std::size_t kKnownMost = 200;
constexpr std::string_view kParcelSteps[] = {"placed",           "packing", "picked_up", "in_transit",
                                             "out_for_delivery", "signed",  "exception"};

struct OwnOrder {
  model::Founding made;
  std::vector<NodeId> nodes;
  std::vector<model::VisitorOrder::Line> lines;
};

struct OwnReturn {
  model::Founding made;
  std::vector<NodeId> nodes;
};

/// What the visitor's own records tell, by the ids that they name.
struct Own {
  std::map<std::string, OwnOrder> orders;
  std::map<std::string, OwnReturn> returns;
  std::map<std::string, std::pair<Instant, std::string>>
      refusals;  ///< by return: what a person gave as the reason
  using BookingKey = std::tuple<std::string, Instant, NodeId>;  ///< service, when it is to be, who made it
  struct Stage {
    Instant since;
    std::string_view name;
    std::optional<BookingKey> booking;
  };
  std::map<std::string, std::vector<Stage>> services;
  std::vector<model::VisitorNews> news;
  /// A grant; `over` counts uses and expiries of the coupon.
  struct Coupon {
    Instant granted;
    std::optional<Instant> until;
    std::int64_t value_minor = 0;
    std::string currency;
  };
  struct Coupons {
    std::vector<Coupon> grants;
    std::size_t over = 0;
  };
  std::map<std::string, Coupons> coupons;
  std::set<BookingKey> appointments;  ///< that were made; which of them stand the state knows
};

std::string_view stage_of(model::EventKind kind) {
  static constexpr std::pair<model::EventKind, std::string_view> kStages[] = {
      {k::service_offered, "offered"},   {k::service_known, "known"},   {k::service_bought, "bought"},
      {k::service_entitled, "entitled"}, {k::service_booked, "booked"}, {k::service_delivered, "delivered"},
      {k::service_used, "used"},         {k::service_rated, "rated"},   {k::service_renewed, "renewed"},
      {k::service_lapsed, "lapsed"}};
  for (const auto& [stage, name] : kStages) {
    if (stage == kind) return name;
  }
  return {};
}

/// What the shop did about something that she said; sealed under her own key.
void take_news(const model::RecordView& record, Keyring& keyring, Own& own) {
  std::string text = SealedPart(keyring, record).text("text");
  if (text.empty()) return;
  model::VisitorNews news{"", std::move(text), record.event_time};
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::answer_id) news.answer_id = property.bytes;
  }
  own.news.push_back(std::move(news));
}

/// Coupons and appointments: what was given, and what became of it.
void take_granted(const model::RecordView& record, Own& own) {
  const bool is_coupon = record.kind == k::coupon_granted || record.kind == k::coupon_redeemed ||
                         record.kind == k::coupon_expired;
  const bool is_booking = record.kind == k::service_booked;
  if (!is_coupon && !is_booking) return;
  std::string coupon, service;
  Own::Coupon grant;
  Instant for_time;
  grant.granted = record.event_time;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::coupon_id) coupon = property.bytes;
    if (property.id == p::coupon_value) grant.value_minor = property.number;
    if (property.id == p::currency) grant.currency = property.bytes;
    if (property.id == p::until) grant.until = Instant{property.number};
    if (property.id == p::service_id) service = property.bytes;
    if (property.id == p::for_time) for_time = Instant{property.number};
  }
  if (is_coupon && !coupon.empty()) {
    Own::Coupons& all = own.coupons[coupon];
    if (record.kind == k::coupon_granted) {
      all.grants.push_back(std::move(grant));
    } else {
      ++all.over;
    }
  }
  if (is_booking && !service.empty() && !record.nodes.empty())
    own.appointments.emplace(service, for_time, record.nodes.front().node);
}

/// Why a person did not agree to a return. A rule's reason is for the desk.
void take_refusal(const model::RecordView& record, Keyring& keyring, Own& own) {
  if (record.kind != k::return_updated) return;
  std::string back, reason;
  bool by_person = false, rejected = false;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::return_id) back = property.bytes;
    if (property.id == p::reason) reason = property.bytes;
    if (property.id == p::agent) by_person = !property.bytes.empty();
    if (property.id == p::return_state)
      rejected = property.bytes == model::return_state_name(model::ReturnState::rejected);
  }
  if (!rejected || !by_person || back.empty()) return;
  if (reason.empty()) reason = SealedPart(keyring, record).text("reason");
  if (reason.empty()) return;
  auto& told = own.refusals[back];
  if (record.event_time >= told.first) told = {record.event_time, std::move(reason)};
}

/// `only_order`: what is not of this order is passed over; "" = everything.
void take(const model::RecordView& record, std::string_view only_order, Own& own) {
  if (record.type != model::RecordType::event) return;
  std::string order, back, service;
  Instant for_time;
  std::vector<codec::ProductLine> lines;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::order_id) order = property.bytes;
    if (property.id == p::return_id) back = property.bytes;
    if (property.id == p::service_id) service = property.bytes;
    if (property.id == p::for_time) for_time = Instant{property.number};
    if (property.id == p::products && record.kind == k::order_completed)
      codec::read_lines(property.bytes, lines);
  }
  if (!only_order.empty() && order != only_order) return;
  if (record.kind == k::order_completed && !order.empty()) {
    const model::Founding told = model::founding_of(record);
    OwnOrder& mine = own.orders.try_emplace(order, OwnOrder{told, {}, {}}).first->second;
    if (told > mine.made) return;  // The least one made the order.
    mine = {told, {}, {}};
    for (const model::NodeRef& ref : record.nodes) mine.nodes.push_back(ref.node);
    for (const codec::ProductLine& line : lines) {
      mine.lines.push_back({std::string(line.product_id), static_cast<std::uint32_t>(std::clamp<std::int64_t>(
                                                              line.quantity, 0, 1'000'000))});
    }
  }
  if (record.kind == k::return_requested && !back.empty()) {
    OwnReturn& mine = own.returns.try_emplace(back).first->second;
    if (mine.nodes.empty() || model::founding_of(record) < mine.made) {
      mine.made = model::founding_of(record);
      mine.nodes.clear();
      for (const model::NodeRef& ref : record.nodes) mine.nodes.push_back(ref.node);
    }
  }
  const std::string_view stage = stage_of(record.kind);
  if (stage.empty() || service.empty()) return;
  Own::Stage reached{record.event_time, stage, {}};
  if (record.kind == k::service_booked && !record.nodes.empty())
    reached.booking = {service, for_time, record.nodes.front().node};
  own.services[service].push_back(std::move(reached));
}

std::optional<Instant> happened(Instant at) {
  return at == Instant::min() ? std::nullopt : std::optional(at);
}

std::vector<model::VisitorOrder::Node> parcel_nodes(const views::Order& order, const views::Parcel* parcel) {
  std::vector<model::VisitorOrder::Node> nodes;
  for (std::size_t step = 0; step < views::kParcelSteps; ++step) {
    model::VisitorOrder::Node node{std::string(kParcelSteps[step]), {}, {}};
    if (parcel != nullptr) {
      node.reached = happened(parcel->reached[step]);
      node.promised = happened(parcel->promised[step]);
    }
    if (step == 0 && !node.reached) node.reached = order.placed;
    const bool exception = step == static_cast<std::size_t>(views::ParcelStep::exception);
    if (!exception || node.reached) nodes.push_back(std::move(node));
  }
  return nodes;
}

std::string order_state(const views::Order& order, const std::vector<model::VisitorOrder::Node>& nodes) {
  if (order.cancelled != Instant::min()) return "cancelled";
  if (order.refunded != Instant::min()) return "refunded";
  const model::VisitorOrder::Node* latest = &nodes.front();
  for (const auto& node : nodes) {
    if (node.reached && *node.reached >= *latest->reached) latest = &node;
  }
  return latest->node;
}

/// By the catalogue's word list of return_state.
std::string return_state(const views::Return& back) {
  const model::PropertySpec* spec = model::find_property(p::return_state);
  std::string_view words = spec == nullptr ? std::string_view() : spec->words;
  for (int skipped = 0; skipped < back.state; ++skipped) {
    const auto blank = words.find(' ');
    words = blank == std::string_view::npos ? std::string_view() : words.substr(blank + 1);
  }
  return std::string(words.substr(0, words.find(' ')));
}

std::string refusal(const Own& own, const std::string& return_id, const views::Return& back) {
  const auto told = own.refusals.find(return_id);
  const bool holds = told != own.refusals.end() &&
                     back.state == static_cast<std::uint8_t>(model::ReturnState::rejected) &&
                     told->second.first == back.state_since;
  return holds ? told->second.second : std::string();
}

/// On the shop thread: the state of what is hers. An order or return of the same number that somebody else's
/// event made is not.
class VisitorReader {
 public:
  explicit VisitorReader(const views::ShopState& state) : state_(state), tables_(state.tables()) {}

  /// What the shop itself told of first, so that nobody who writes from a page in her name pushes it out.
  void orders(const Own& own, model::VisitorAnswer& out) {
    std::vector<std::pair<bool, model::VisitorOrder>> found;
    for (const auto& [id, mine] : own.orders) {
      const views::Order* order = state_.order(tables_.dictionary(views::DictionaryKind::orders).find(id));
      if (order == nullptr || model::Founding{order->from_page, order->placed} != mine.made) continue;
      if (std::find(mine.nodes.begin(), mine.nodes.end(), order->node) == mine.nodes.end()) continue;
      model::VisitorOrder answer;
      answer.order_id = id;
      answer.placed = order->placed;
      answer.nodes = parcel_nodes(*order, state_.parcel(*order));
      answer.state = order_state(*order, answer.nodes);
      const Currency currency = tables_.currencies.currency(order->currency_slot);
      answer.total = format_minor(order->total_minor, currency);
      answer.currency = currency.text();
      answer.lines = mine.lines;
      found.emplace_back(order->from_page, std::move(answer));
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      return std::pair(a.first, b.second.placed) < std::pair(b.first, a.second.placed);
    });
    if (found.size() > kShownMost) found.resize(kShownMost);
    for (auto& [from_page, order] : found) out.orders.push_back(std::move(order));
  }

  void returns(const Own& own, model::VisitorAnswer& out) {
    std::vector<std::pair<bool, model::VisitorReturn>> found;
    for (const auto& [id, mine] : own.returns) {
      const std::uint32_t number = tables_.dictionary(views::DictionaryKind::returns).find(id);
      const views::Return* back = state_.return_of(number);
      if (back == nullptr || model::Founding{state_.return_from_page(number), back->requested} != mine.made)
        continue;
      if (std::find(mine.nodes.begin(), mine.nodes.end(), back->node) == mine.nodes.end()) continue;
      found.emplace_back(
          mine.made.from_page,
          model::VisitorReturn{id, text(views::DictionaryKind::orders, back->order),
                               text(views::DictionaryKind::products, back->product), return_state(*back),
                               back->requested, happened(back->state_since).value_or(back->requested),
                               refusal(own, id, *back)});
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      return std::pair(a.first, b.second.requested) < std::pair(b.first, a.second.requested);
    });
    if (found.size() > kShownMost) found.resize(kShownMost);
    for (auto& [from_page, back] : found) out.returns.push_back(std::move(back));
  }

  void services(const Own& own, model::VisitorAnswer& out) {
    for (const auto& [id, stages] : own.services) {
      if (out.services.size() == kShownMost) break;
      const Own::Stage* latest = nullptr;
      for (const Own::Stage& one : stages) {
        // An appointment that was cancelled has left her where she was before it.
        const bool is_off = one.booking && !stands(*one.booking);
        if (!is_off && (latest == nullptr || one.since >= latest->since)) latest = &one;
      }
      if (latest == nullptr) continue;
      out.services.push_back({id, std::string(latest->name), latest->since,
                              public_members(k::service_published, state_.noun(k::service_published, id))});
    }
  }

  /// Of one coupon what ends first is used first.
  void coupons(Own& own, Instant now, std::string_view shop_currency, model::VisitorAnswer& out) {
    const Currency shop = Currency::parse(shop_currency).value_or(Currency{{'C', 'N', 'Y'}});
    for (auto& [id, all] : own.coupons) {
      const auto ends = [](const Own::Coupon& one) { return one.until.value_or(Instant::never()); };
      std::stable_sort(all.grants.begin(), all.grants.end(),
                       [&](const auto& a, const auto& b) { return ends(a) < ends(b); });
      const std::string_view noun = state_.noun(k::coupon_published, id);
      for (std::size_t i = all.over; i < all.grants.size(); ++i) {
        const Own::Coupon& grant = all.grants[i];
        if (ends(grant) <= now) continue;
        model::VisitorCoupon coupon{
            id, "", grant.currency, grant.granted, grant.until, public_members(k::coupon_published, noun)};
        const Currency currency = Currency::parse(grant.currency).value_or(shop);
        coupon.currency = currency.text();
        if (grant.value_minor > 0) coupon.value = format_minor(grant.value_minor, currency);
        out.coupons.push_back(std::move(coupon));
      }
    }
    std::stable_sort(out.coupons.begin(), out.coupons.end(), [](const auto& a, const auto& b) {
      return a.until.value_or(Instant::never()) < b.until.value_or(Instant::never());
    });
    if (out.coupons.size() > kShownMost) out.coupons.resize(kShownMost);
  }

  void appointments(const Own& own, Instant now, model::VisitorAnswer& out) {
    for (const Own::BookingKey& key : own.appointments) {
      const auto& [service, at, node] = key;
      if (at <= now || !stands(key)) continue;
      out.appointments.push_back(
          {service, at, public_members(k::service_published, state_.noun(k::service_published, service)),
           node});
    }
    std::stable_sort(out.appointments.begin(), out.appointments.end(),
                     [](const auto& a, const auto& b) { return a.for_time < b.for_time; });
    if (out.appointments.size() > kShownMost) out.appointments.resize(kShownMost);
  }

  /// Open invitations of this very browser. An invitation that bears it was made for the shop.
  void messages(NodeId node, Instant now, model::VisitorAnswer& out) {
    for (const views::SurveyAsk& ask : state_.surveys().asks(node)) {
      const auto sheet = views::survey_key_text(ask.invitation);
      if (ask.reminder || ask.until <= now || !sheet || state_.surveys().answered(ask.invitation)) continue;
      const std::string_view survey = tables_.words().text(ask.survey_word);
      if (views::json_member(state_.noun(k::survey_published, survey), "closed") == "true") continue;
      out.messages.push_back({invitation_decision(*sheet), std::string(survey), *sheet, ask.until});
    }
    std::reverse(out.messages.begin(), out.messages.end());
  }

  /// Money of hers that came back within the last fortnight.
  void refunds(Instant now, model::VisitorAnswer& out) {
    for (const model::VisitorReturn& back : out.returns) {
      if (back.state != "refunded" || now - back.since > days(14)) continue;
      model::VisitorMessage message;
      message.decision_id = refund_message_id(back.return_id);
      message.order_id = back.order_id;
      message.return_id = back.return_id;
      message.until = back.since + days(14);
      out.messages.push_back(std::move(message));
    }
  }

  /// Delays that were announced of the orders that are shown, until the parcel has come.
  void delays(model::VisitorAnswer& out) {
    for (const model::VisitorOrder& order : out.orders) {
      const std::uint32_t number = tables_.dictionary(views::DictionaryKind::orders).find(order.order_id);
      const views::ParcelNote* note = state_.parcel_notes().find(number);
      if (note == nullptr || !state_.parcel_notes().open().contains(number)) continue;
      model::VisitorMessage message;
      message.decision_id =
          delay_message_id(order.order_id, note->likely_told == Instant::min() ? "late" : "likely") + "-app";
      message.order_id = order.order_id;
      message.promised = happened(note->promise_told);
      message.estimated = happened(note->estimate_told);
      if (note->coupon_at != Instant::min()) {
        const Currency currency = tables_.currencies.currency(note->currency_slot);
        message.coupon_id = tables_.words().text(note->coupon_word);
        message.coupon_value = format_minor(note->coupon_minor, currency);
        message.currency = currency.text();
      }
      out.messages.push_back(std::move(message));
    }
  }

 private:
  /// As the shop's own profile has it, and the book.
  bool stands(const Own::BookingKey& key) {
    const auto& [service, at, node] = key;
    const CustomerId customer = state_.customer_of(node);
    const auto [mine, is_new] = bookings_.try_emplace(customer);
    if (is_new && customer.value != 0) mine->second = state_.bookings(customer);
    const std::uint32_t number = tables_.dictionary(views::DictionaryKind::services).find(service);
    return std::any_of(mine->second.begin(), mine->second.end(), [&](const views::Booking& one) {
      return one.service == number && one.for_time == at && one.part.node == node && one.part.standing > 0;
    });
  }
  std::string text(views::DictionaryKind kind, std::uint32_t number) const {
    return number == 0 ? std::string() : std::string(tables_.dictionary(kind).text(number));
  }
  const views::ShopState& state_;
  const views::ShopTables& tables_;
  std::map<CustomerId, std::vector<views::Booking>> bookings_;
};

/// On the shop thread: whose events are looked at.
struct Subjects {
  std::vector<NodeId> own;     ///< the browser, and whom its proof names
  std::vector<EventSeq> made;  ///< which events made their orders
  std::vector<std::pair<std::string, OwnReturn>> returns;
  std::optional<NodeId> buyer;  ///< of the order that its proof opens
};

Subjects subjects_of(ShopUnit& unit, const model::Identifier& browser, const VisitorProof& proof) {
  const views::ShopState& state = unit.shop.state();
  const auto known = [&](NodeId node) { return state.customer_of(node).value != 0; };
  Subjects out;
  if (const auto node = unit.shop.desk().find(browser); node && known(*node)) out.own.push_back(*node);
  if (proof.node.value != 0 && known(proof.node)) out.own.push_back(proof.node);
  const std::uint32_t number = state.tables().dictionary(views::DictionaryKind::orders).find(proof.order);
  const views::Order* order = proof.order.empty() ? nullptr : state.order(number);
  if (order != nullptr && known(order->node) && order->made_by == proof.made) {
    out.buyer = order->node;
    out.made.push_back(order->made_by);
  }
  for (const NodeId node : out.own) {
    std::vector<std::uint32_t> orders = state.orders_made_by(node), returns = state.returns_made_by(node);
    if (orders.size() > kKnownMost) orders.resize(kKnownMost);
    if (returns.size() > kKnownMost) returns.resize(kKnownMost);
    for (const std::uint32_t each : orders) out.made.push_back(state.order(each)->made_by);
    const views::Dictionary& names = state.tables().dictionary(views::DictionaryKind::returns);
    for (const std::uint32_t each : returns)
      out.returns.push_back({std::string(names.text(each)),
                             {{state.return_from_page(each), state.return_of(each)->requested}, {node}}});
  }
  return out;
}

/// The newest `most` records of the nodes, and those of `made` however many came after.
Status read_own(ShopUnit& unit, store::Store& store, const std::vector<NodeId>& nodes, std::size_t most,
                const std::vector<EventSeq>& made, EventSeq position, std::string_view only_order, Own& own) {
  RAPPORT_TRY(std::vector<EventSeq> seqs, seqs_of(unit, store, nodes, position));
  if (seqs.size() > most) seqs.erase(seqs.begin(), seqs.end() - static_cast<std::ptrdiff_t>(most));
  for (const EventSeq seq : made) {
    if (seq.value != 0 && seq <= position) seqs.push_back(seq);
  }
  std::sort(seqs.begin(), seqs.end());
  seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
  return store.read_records(unit.shop.info().shop, seqs, [&](const model::RecordView& record) {
    take(record, only_order, own);
    if (only_order.empty()) take_granted(record, own), take_refusal(record, unit.shop.keyring(), own);
    if (only_order.empty() && record.kind == k::feedback_answered)
      take_news(record, unit.shop.keyring(), own);
  });
}

Result<model::VisitorAnswer> visitor(ShopUnit& unit, store::Store& store, const model::Identifier& browser,
                                     const VisitorProof& proof, EventSeq position) {
  model::VisitorAnswer out;
  out.known_at = position;
  RAPPORT_TRY(const Subjects subjects, ask_shop<Subjects>(unit, [&]() -> Result<Subjects> {
                return subjects_of(unit, browser, proof);
              }));
  if (subjects.own.empty() && !subjects.buyer) return out;
  out.known = true;
  Own own;
  if (!subjects.own.empty())
    RAPPORT_CHECK(read_own(unit, store, subjects.own,
                           proof.node.value != 0 ? kVouchedRecordsMost : kRecordsMost, subjects.made,
                           position, "", own));
  if (subjects.buyer)
    RAPPORT_CHECK(
        read_own(unit, store, {*subjects.buyer}, kRecordsMost, subjects.made, position, proof.order, own));
  for (const auto& [id, known] : subjects.returns) own.returns.insert_or_assign(id, known);
  out.news.assign(std::make_move_iterator(own.news.rbegin()), std::make_move_iterator(own.news.rend()));
  if (out.news.size() > kShownMost) out.news.resize(kShownMost);
  return ask_shop<model::VisitorAnswer>(unit, [&]() -> Result<model::VisitorAnswer> {
    VisitorReader reader(unit.shop.state());
    reader.orders(own, out);
    reader.returns(own, out);
    reader.services(own, out);
    for (const NodeId node : subjects.own) reader.messages(node, unit.shop.now(), out);
    reader.coupons(own, unit.shop.now(), unit.shop.founding().currency, out);
    reader.appointments(own, unit.shop.now(), out);
    reader.delays(out);
    reader.refunds(unit.shop.now(), out);
    return out;
  });
}

Error unknown_order() {
  return {Errc::not_found, "no order of this number with this contact", "order_id",
          "the number, and the telephone number or e-mail address, as they were given with the order"};
}

/// Whether the event that made the order named this telephone number or e-mail address. Links are not asked:
/// a public key may link what it likes. That event's place, or nothing.
Result<std::optional<EventSeq>> order_names(ShopUnit& unit, store::Store& store, const std::string& order_id,
                                            const std::string& contact, EventSeq position) {
  struct Made {
    NodeId node;
    model::Founding by;
    EventSeq seq;
  };
  RAPPORT_TRY(const Made made, ask_shop<Made>(unit, [&]() -> Result<Made> {
                const views::ShopState& state = unit.shop.state();
                const auto& orders = state.tables().dictionary(views::DictionaryKind::orders);
                const views::Order* order = state.order(orders.find(order_id));
                if (order == nullptr || state.customer_of(order->node).value == 0) return unknown_order();
                return Made{order->node, {order->from_page, order->placed}, order->made_by};
              }));
  Own own;
  RAPPORT_CHECK(read_own(unit, store, {made.node}, kRecordsMost, {made.seq}, position, order_id, own));
  const auto found = own.orders.find(order_id);
  if (found == own.orders.end() || found->second.made != made.by) return std::optional<EventSeq>();
  return ask_shop<std::optional<EventSeq>>(unit, [&]() -> Result<std::optional<EventSeq>> {
    for (const NodeId node : found->second.nodes) {
      const auto kind = unit.shop.state().kind_of(node);
      if (kind != model::IdentifierKind::phone && kind != model::IdentifierKind::email) continue;
      const auto named = model::Identifier::parse(*kind, contact);
      const auto value = unit.shop.texts().find(node);
      if (named.ok() && value && named->value == *value) return std::optional(made.seq);
    }
    return std::optional<EventSeq>();
  });
}

Result<model::Identifier> browser_of(const std::string& anonymous_id) {
  return model::Identifier::parse(model::IdentifierKind::anonymous_id, anonymous_id);
}

}  // namespace

void Engine::shop_visitor(ShopNo shop, VisitorWho who, std::optional<EventSeq> after,
                          Reply<model::VisitorAnswer> reply) {
  auto browser = browser_of(who.anonymous_id);
  if (!browser.ok()) return reply(browser.error());
  own_things(shop, std::move(*browser), std::move(who.proof), after, std::move(reply));
}

void Engine::own_things(ShopNo shop, model::Identifier identifier, std::string proof_token,
                        std::optional<EventSeq> after, Reply<model::VisitorAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  auto shared = std::make_shared<Reply<model::VisitorAnswer>>(std::move(reply));
  const Error full{Errc::overloaded, "too many visitors at once", "", "again in a second"};
  VisitorProof proof;
  if (!proof_token.empty()) {
    auto opened =
        open_visitor_proof(impl_->survey_key, proof_token, shop, identifier.value, impl_->clock->now());
    if (!opened.ok()) return (*shared)(opened.error());
    proof = *std::move(opened);
  }
  // The shop thread first, so that what the visitor just did is folded; then beside it, for the log is read.
  const bool taken =
      unit->shop.read(after, [this, unit, shared, full, wanted = std::move(identifier), proof] {
        const EventSeq position = unit->shop.state().position();
        const bool queued = impl_->shopfront_thread->run([this, unit, shared, wanted, proof, position] {
          (*shared)(visitor(*unit, *impl_->store, wanted, proof, position));
        });
        if (!queued) (*shared)(full);
      });
  if (!taken) (*shared)(full);
}

void Engine::vouch_for_visitor(ShopNo shop, VouchRequest request, Reply<VisitorProofAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  impl_->on_quick<VisitorProofAnswer>(
      std::move(reply), [this, unit, shop, request = std::move(request)]() -> Result<VisitorProofAnswer> {
        RAPPORT_TRY(const model::Identifier browser, browser_of(request.anonymous_id));
        RAPPORT_TRY(const model::CustomerRef ref, model::CustomerRef::parse(request.subject));
        const bool names = ref.identifier && ref.identifier->kind != model::IdentifierKind::anonymous_id;
        if (!names)
          return Error{Errc::bad_input, "whom is vouched for?", "subject", "a user id or kind:value"};
        RAPPORT_TRY(const NodeId node, ask_shop<NodeId>(*unit, [&]() -> Result<NodeId> {
                      const auto found = unit->shop.desk().find(*ref.identifier);
                      if (found && unit->shop.state().customer_of(*found).value != 0) return *found;
                      return Error{Errc::not_found, "nothing is known of this customer", "subject",
                                   "an event of hers first"};
                    }));
        const Instant until = impl_->clock->now() + request.lasts;
        const VisitorProof proof{shop, node, "", browser.value, until};
        return VisitorProofAnswer{seal_visitor_proof(impl_->survey_key, proof), until};
      });
}

void Engine::prove_order(ShopNo shop, OrderProofRequest request, Reply<VisitorProofAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  impl_->on_quick<VisitorProofAnswer>(
      std::move(reply), [this, unit, shop, request = std::move(request)]() -> Result<VisitorProofAnswer> {
        RAPPORT_TRY(const model::Identifier browser, browser_of(request.anonymous_id));
        if (request.order_id.empty() || request.contact.empty()) return unknown_order();
        RAPPORT_TRY(const EventSeq position, ask_shop<EventSeq>(*unit, [&]() -> Result<EventSeq> {
                      return unit->shop.state().position();
                    }));
        RAPPORT_TRY(const std::optional<EventSeq> named,
                    order_names(*unit, *impl_->store, request.order_id, request.contact, position));
        if (!named) return unknown_order();
        const Instant until = impl_->clock->now() + kOrderProofLasts;
        const VisitorProof proof{shop, {}, request.order_id, browser.value, until, *named};
        return VisitorProofAnswer{seal_visitor_proof(impl_->survey_key, proof), until};
      });
}

}  // namespace rapport::engine
