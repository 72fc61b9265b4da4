#include "engine/engine_parcels.h"

#include <algorithm>
#include <cmath>

#include "codec/json_writer.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/json_or_null.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/parcel_desk.h"
#include "engine/detail/wait_until_folded.h"
#include "model/answers/customer.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;

constexpr std::size_t kListMost = 500, kDeliveredLooked = 5'000, kSlice = 500;
constexpr std::string_view kNodes[] = {"placed",           "packing", "picked_up", "in_transit",
                                       "out_for_delivery", "signed",  "exception"};
constexpr std::string_view kMembers[] = {"threshold",    "false_warnings", "patience",
                                         "compensation", "caps",           "channels"};

/// A parcel with what only the shop's thread knows in words.
struct ParcelView {
  ParcelSight sight;
  std::string order_id, carrier, region, customer, coupon, coupon_value;
  std::optional<double> chance;
  std::optional<learn::ParcelEstimate> estimate;
};

/// On the shop thread.
void put_words(const views::ShopState& state, ParcelView& view) {
  const views::ShopTables& tables = state.tables();
  view.order_id = tables.dictionary(views::DictionaryKind::orders).text(view.sight.order);
  view.carrier = tables.words().text(view.sight.trace.carrier);
  view.region = tables.words().text(view.sight.trace.region);
  const views::Order* order = state.order(view.sight.order);
  if (order != nullptr && order->node.value != 0)
    view.customer = model::format_customer_id(state.customer_of(order->node));
  const views::ParcelNote& note = view.sight.note;
  if (note.coupon_at == Instant::min()) return;
  const Currency currency = tables.currencies.currency(note.currency_slot);
  view.coupon = tables.words().text(note.coupon_word);
  view.coupon_value = fmt::format("{} {}", format_minor(note.coupon_minor, currency), currency.text());
}

std::string_view newest_node(const learn::ParcelTrace& trace) {
  std::size_t newest = 0;
  for (std::size_t node = 1; node < std::size(kNodes); ++node) {
    if (trace.reached[node] != Instant::min() && trace.reached[node] >= trace.reached[newest]) newest = node;
  }
  return trace.is_signed() ? "signed" : kNodes[newest];
}

void write_estimate(codec::JsonWriter& json, const ParcelView& view) {
  json.key("late_chance");
  view.chance ? json.thousandths(std::llround(*view.chance * 1000)) : json.null();
  json.key("estimate");
  if (!view.estimate) return json.null();
  json.begin_object();
  json.field("at", view.estimate->middle);
  json.field("from", view.estimate->low);
  json.field("to", view.estimate->high);
  json.field("like_it", view.estimate->like_it);
  json.field("rung", view.estimate->rung);
  json.field("few", view.estimate->few);
  json.end_object();
}

void write_announced(codec::JsonWriter& json, const ParcelView& view) {
  const views::ParcelNote& note = view.sight.note;
  json.key("announced");
  if (note.told() == Instant::min()) return json.null();
  json.begin_object();
  write_moment(json, "likely_at", note.likely_told);
  write_moment(json, "late_at", note.late_told);
  write_moment(json, "promised", note.promise_told);
  write_moment(json, "estimated", note.estimate_told);
  write_words(json, "coupon", view.coupon);
  write_words(json, "coupon_value", view.coupon_value);
  write_moment(json, "coupon_at", note.coupon_at);
  json.end_object();
}

void write_parcel(codec::JsonWriter& json, const ParcelView& view, Instant now) {
  const learn::ParcelTrace& trace = view.sight.trace;
  const Instant until = trace.is_signed() ? trace.reached[learn::kSignedNode] : now;
  json.field("order_id", view.order_id);
  write_words(json, "customer", view.customer);
  json.field("node", newest_node(trace));
  write_words(json, "carrier", view.carrier);
  write_words(json, "region", view.region);
  write_moment(json, "placed", trace.reached[0]);
  write_moment(json, "promised", trace.promised);
  write_moment(json, "signed", trace.reached[learn::kSignedNode]);
  json.field("late", trace.promised != Instant::min() && until > trace.promised);
  write_estimate(json, view);
  write_announced(json, view);
  // A doubt is told at the last call, or not at all.
  const bool waits =
      !trace.is_signed() && trace.promised != Instant::min() && view.sight.note.told() == Instant::min();
  write_moment(json, "decided_at", waits ? trace.promised - learn::WarningRule().lead : Instant::min());
}

void estimate(const LearnedLanes& lanes, Instant now, ParcelView& view, bool interval) {
  view.chance = lanes.model.late_chance(view.sight.trace, now);
  if (interval) view.estimate = lanes.model.estimate(view.sight.trace, now);
}

/// The newest orders that were signed for.
Result<std::vector<ParcelSight>> delivered(ShopUnit& unit, std::size_t most) {
  std::vector<ParcelSight> found;
  std::uint32_t next = ~std::uint32_t{0};
  for (std::size_t looked = 0; next > 0 && found.size() < most && looked < kDeliveredLooked;
       looked += kSlice) {
    RAPPORT_TRY(next, ask_shop<std::uint32_t>(unit, [&]() -> Result<std::uint32_t> {
                  const views::ShopState& state = unit.shop.state();
                  next = std::min(next, state.tables().dictionary(views::DictionaryKind::orders).size());
                  for (std::size_t n = 0; n < kSlice && next > 0; ++n, --next) {
                    ParcelSight one = ParcelDesk::sight(state, next);
                    if (one.trace.is_signed() && found.size() < most) found.push_back(std::move(one));
                  }
                  return next;
                }));
  }
  return found;
}

void sort_parcels(const ParcelsQuery& query, std::vector<ParcelView>& views) {
  if (query.queue == "delivered") return;
  std::sort(views.begin(), views.end(), [&](const ParcelView& x, const ParcelView& y) {
    if (query.queue == "likely_late" && x.chance != y.chance) return x.chance > y.chance;
    return std::tie(x.sight.trace.promised, x.sight.order) < std::tie(y.sight.trace.promised, y.sight.order);
  });
}

Result<std::string> list_json(Inquiry& inquiry, const ParcelsQuery& query) {
  ShopUnit& unit = inquiry.unit();
  RAPPORT_CHECK(wait_until_folded(unit, query.after_offset));
  const auto lanes = unit.parcels.learned();
  if (!lanes) return Error{Errc::unavailable, "the shop is stopping", "", "again when it runs"};
  struct Now {
    Instant now;
    EventSeq known_at;
    std::optional<ParcelPolicy> policy;
  };
  RAPPORT_TRY(const Now at, ask_shop<Now>(unit, [&]() -> Result<Now> {
                return Now{unit.shop.state().now(), unit.shop.state().position(),
                           ParcelDesk::policy(unit.shop.state(), unit.parcels.currency())};
              }));
  std::vector<ParcelSight> sights;
  if (query.queue == "delivered") {
    RAPPORT_TRY(sights, delivered(unit, query.most));
  } else {
    sights = unit.parcels.open_parcels();
  }
  const learn::WarningRule rule = lanes->rule(at.policy.value_or(ParcelPolicy{}));
  std::size_t likely = 0, late = 0;
  std::vector<ParcelView> found;
  for (ParcelSight& sight : sights) {
    ParcelView view;
    view.sight = std::move(sight);
    const Instant promised = view.sight.trace.promised;
    estimate(*lanes, at.now, view, false);
    const bool is_late = at.now >= promised;
    const bool is_likely = !is_late && view.chance && rule.likely(*view.chance);
    late += is_late ? 1 : 0;
    likely += is_likely ? 1 : 0;
    if (query.queue == "late" ? is_late : query.queue == "likely_late" ? is_likely : true)
      found.push_back(std::move(view));
  }
  const std::size_t matching = found.size();
  sort_parcels(query, found);
  if (found.size() > query.most) found.resize(query.most);
  for (ParcelView& view : found) view.estimate = lanes->model.estimate(view.sight.trace, at.now);
  using Done = bool;
  RAPPORT_CHECK(ask_shop<Done>(unit, [&]() -> Result<Done> {
    for (ParcelView& view : found) put_words(unit.shop.state(), view);
    return true;
  }));
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("now", at.now);
  json.key("parcels");
  json.begin_array();
  for (const ParcelView& view : found) {
    json.begin_object();
    write_parcel(json, view, at.now);
    json.end_object();
  }
  json.end_array();
  json.field("matching", matching);
  if (query.queue != "delivered") {
    json.key("counts");
    json.begin_object();
    json.field("open", sights.size());
    json.field("likely_late", likely);
    json.field("late", late);
    json.end_object();
  }
  json.field("learned_from", lanes->model.parcels());
  json.field("known_at", at.known_at);
  json.end_object();
  return text;
}

/// Places of nodes as their events named them, newest first of each.
std::map<std::string, std::string> places_of(const std::vector<model::TimelineEntry>& newest_first,
                                             const std::string& order) {
  std::map<std::string, std::string> places;
  for (const model::TimelineEntry& entry : newest_first) {
    if (entry.event != "Shipment Updated") continue;
    const auto members = NounMembers::parse(entry.properties_json);
    if (!members.ok() || (*members)->text("order_id") != order) continue;
    if (const std::string place = (*members)->text("place"); !place.empty())
      places[(*members)->text("node")] = place;
  }
  return places;
}

std::string parcel_json(const ParcelView& view, Instant now,
                        const std::map<std::string, std::string>& places) {
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("now", now);
  write_parcel(json, view, now);
  json.key("nodes");
  json.begin_array();
  for (std::size_t node = 0; node < std::size(kNodes); ++node) {
    const bool exception = node + 1 == std::size(kNodes);
    if (exception && view.sight.trace.reached[node] == Instant::min()) continue;
    json.begin_object();
    json.field("node", kNodes[node]);
    write_moment(json, "reached", view.sight.trace.reached[node]);
    write_moment(json, "promised", node == learn::kSignedNode ? view.sight.trace.promised : Instant::min());
    const auto place = places.find(std::string(kNodes[node]));
    write_words(json, "place", place == places.end() ? std::string_view() : place->second);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return text;
}

Result<ParcelView> view_of(ShopUnit& unit, const std::string& order_id, Instant& now) {
  return ask_shop<ParcelView>(unit, [&]() -> Result<ParcelView> {
    const views::ShopState& state = unit.shop.state();
    const std::uint32_t number = state.tables().dictionary(views::DictionaryKind::orders).find(order_id);
    const views::Order* order = state.order(number);
    if (number == 0 || order == nullptr || (order->parcel == 0 && order->placed == Instant::min()))
      return Error{Errc::not_found, fmt::format("no order '{}'", order_id.substr(0, 80)), "id",
                   "an order_id that was completed or shipped"};
    ParcelView view;
    view.sight = ParcelDesk::sight(state, number);
    now = state.now();
    put_words(state, view);
    return view;
  });
}

}  // namespace

void parcels(Engine& engine, ShopNo shop, ParcelsQuery query, Reply<std::string> reply) {
  constexpr std::string_view kQueues[] = {"open", "likely_late", "late", "delivered"};
  if (std::find(std::begin(kQueues), std::end(kQueues), query.queue) == std::end(kQueues))
    return reply(Error{Errc::bad_input, "an unknown queue", "queue", "open, likely_late, late or delivered"});
  if (query.most == 0 || query.most > kListMost)
    return reply(Error{Errc::bad_input, "no such length", "limit", fmt::format("1 to {}", kListMost)});
  engine.inquire_quickly(
      shop, [query = std::move(query)](Inquiry& inquiry) { return list_json(inquiry, query); },
      std::move(reply));
}

void parcel(Engine& engine, ShopNo shop, std::string order_id, std::optional<EventSeq> after,
            Reply<std::string> reply) {
  auto shared = std::make_shared<Reply<std::string>>(std::move(reply));
  struct Found {
    ParcelView view;
    Instant now;
  };
  const auto found = std::make_shared<Found>();
  engine.inquire_quickly(
      shop,
      [order_id, after, found](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        RAPPORT_CHECK(wait_until_folded(unit, after));
        const auto lanes = unit.parcels.learned();
        RAPPORT_TRY(found->view, view_of(unit, order_id, found->now));
        if (lanes) estimate(*lanes, found->now, found->view, true);
        return found->view.customer;
      },
      [&engine, shop, order_id, found, shared](const Result<std::string>& customer) {
        if (!customer.ok()) return (*shared)(customer.error());
        if (customer->empty()) return (*shared)(parcel_json(found->view, found->now, {}));
        CustomerQuery query;
        query.ref = *customer;
        engine.timeline(shop, query, kListMost,
                        [found, shared, order_id](const Result<std::vector<model::TimelineEntry>>& history) {
                          using Places = std::map<std::string, std::string>;
                          (*shared)(parcel_json(found->view, found->now,
                                                history.ok() ? places_of(*history, order_id) : Places()));
                        });
      });
}

void parcel_policy(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const std::string noun, inquiry.noun(k::parcel_policy_published, "main"));
        const auto policy = ParcelPolicy::parse(noun, inquiry.unit().parcels.currency());
        const auto lanes = inquiry.unit().parcels.learned();
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.field("published", !noun.empty());
        json.key("policy");
        noun.empty() ? json.null() : json.raw(noun);
        json.key("threshold_now");
        lanes&& policy.ok() ? json.thousandths(std::llround(lanes->rule(*policy).threshold * 1000))
                            : json.null();
        json.key("trials");
        json.begin_array();
        for (const learn::WarningTrial& trial : lanes ? lanes->trials : std::vector<learn::WarningTrial>()) {
          json.begin_object();
          json.key("threshold");
          json.thousandths(std::llround(trial.threshold * 1000));
          json.field("late", trial.late);
          json.field("punctual", trial.punctual);
          json.field("warned_right", trial.right);
          json.field("warned_wrong", trial.wrong);
          json.field("warned_12h_ahead", trial.ahead);
          json.end_object();
        }
        json.end_array();
        json.end_object();
        return text;
      },
      std::move(reply));
}

void publish_parcel_policy(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(ParcelPolicy::parse(body, inquiry.unit().parcels.currency()));
        RAPPORT_TRY(const auto asked, NounMembers::parse(body));
        RAPPORT_TRY(const std::string before, inquiry.noun(k::parcel_policy_published, "main"));
        RAPPORT_TRY(Instant since, inquiry.now());
        // The first one's moment parts history from what is acted on.
        if (const auto old = NounMembers::parse(before); old.ok())
          since = (*old)->time("since").value_or(since);
        std::string noun;
        codec::JsonWriter json(noun);
        json.begin_object();
        for (const std::string_view name : kMembers) {
          if (asked->raw(name).empty()) continue;
          json.key(name);
          json.raw(asked->raw(name));
        }
        json.field("since", since);
        json.end_object();
        RAPPORT_TRY(const EventSeq offset,
                    inquiry.publish({"Parcel Policy Published", "policy_id", "main", noun}));
        return fmt::format("{{\"offset\":{}}}", offset.value);
      },
      std::move(reply));
}

}  // namespace rapport::engine
