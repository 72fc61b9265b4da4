#include <algorithm>
#include <optional>

#include "base/wrapping.h"
#include "codec/properties.h"
#include "model/catalogue_ids.h"
#include "views/node_state.h"

// The parts of a node's state that events of services, coupons, needs, points and traits feed.
namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;

struct LifeParts {
  std::string_view service, coupon, need, currency, evidence, tier;
  std::int64_t price = 0, rating = 0, on_time = 0, error = 0, delta = 0, coupon_value = 0, strength = 0;
  std::optional<std::int64_t> until;
};

LifeParts read_life(std::string_view clear) {
  LifeParts parts;
  codec::Property property;
  for (codec::PropertyReader in(clear); in.next(property);) {
    switch (property.id.value) {
      case p::service_id.value:
        parts.service = property.bytes;
        break;
      case p::coupon_id.value:
        parts.coupon = property.bytes;
        break;
      case p::need.value:
        parts.need = property.bytes;
        break;
      case p::currency.value:
        parts.currency = property.bytes;
        break;
      case p::evidence.value:
        parts.evidence = property.bytes;
        break;
      case p::price.value:
        parts.price = property.number;
        break;
      case p::rating.value:
        parts.rating = property.number;
        break;
      case p::on_time.value:
        parts.on_time = property.number;
        break;
      case p::error.value:
        parts.error = property.number;
        break;
      case p::delta.value:
        parts.delta = property.number;
        break;
      case p::coupon_value.value:
        parts.coupon_value = property.number;
        break;
      case p::strength.value:
        parts.strength = property.number;
        break;
      case p::until.value:
        parts.until = property.number;
        break;
      default:
        break;
    }
  }
  return parts;
}

/// The element with this key in a list sorted by it, made when missing.
template <class T, class Key>
T& place(Flat<T>& list, Key key, const T& fresh) {
  T* at =
      std::partition_point(list.begin(), list.end(), [&](const T& item) { return key(item) < key(fresh); });
  if (at != list.end() && key(*at) == key(fresh)) return *at;
  const auto index = static_cast<std::size_t>(at - list.begin());
  list.insert(index, fresh);
  return list[index];
}

void add_service(const model::RecordView& record, const LifeParts& parts, ShopTables& tables,
                 NodeExtra& extra) {
  const auto stage = record.kind == k::booking_cancelled
                         ? ServiceStage::booking_cancelled
                         : static_cast<ServiceStage>(record.kind.value - k::service_offered.value);
  ServiceStep step{tables.dictionary(DictionaryKind::services).intern(parts.service),
                   stage,
                   1,
                   record.event_time,
                   record.event_time,
                   0,
                   0,
                   0};
  if (stage == ServiceStage::bought || stage == ServiceStage::renewed) step.sum = parts.price;
  if (stage == ServiceStage::rated) step.sum = parts.rating;
  if (stage == ServiceStage::delivered) {
    step.on_time = parts.on_time != 0 ? 1 : 0;
    step.errors = parts.error != 0 ? 1 : 0;
  }
  ServiceStep fresh = step;
  fresh.count = 0;
  fresh.sum = 0;
  fresh.on_time = fresh.errors = 0;
  merge_step(place(
                 extra.services, [](const ServiceStep& s) { return std::tuple(s.service, s.stage); }, fresh),
             step);
}

void add_coupon(const model::RecordView& record, const LifeParts& parts, ShopTables& tables,
                NodeExtra& extra) {
  CouponState seen;
  seen.coupon = tables.dictionary(DictionaryKind::coupons).intern(parts.coupon);
  const CouponState fresh = seen;
  if (record.kind == k::coupon_granted) {
    seen.granted = 1;
    seen.last_granted = record.event_time;
    seen.until = Instant{parts.until.value_or(Instant::min().ms)};
    seen.value_minor = parts.coupon_value;
    const Result<Currency> currency = Currency::parse(parts.currency);
    if (currency.ok()) seen.currency_slot = tables.currencies.slot(*currency);
  }
  if (record.kind == k::coupon_redeemed) seen.redeemed = 1;
  if (record.kind == k::coupon_expired) seen.expired = 1;
  merge_coupon(place(
                   extra.coupons, [](const CouponState& c) { return c.coupon; }, fresh),
               seen);
}

void add_need(const model::RecordView& record, const LifeParts& parts, ShopTables& tables, NodeExtra& extra) {
  Dictionary& words = tables.dictionary(DictionaryKind::words);
  const NeedState told{words.intern(parts.need), parts.strength, record.event_time,
                       Instant{parts.until.value_or(Instant::never().ms)}, words.intern(parts.evidence)};
  NeedState fresh;
  fresh.need_word = told.need_word;
  fresh.at = Instant::min();
  NeedState& need = place(
      extra.needs, [](const NeedState& n) { return n.need_word; }, fresh);
  const auto rank = [&](const NeedState& n) {
    return std::tuple(n.at, n.strength_thousandths, n.until, words.text(n.evidence_word));
  };
  if (rank(need) < rank(told)) need = told;
}

}  // namespace

std::string_view stage_name(ServiceStage stage) {
  constexpr std::string_view kNames[] = {"offered",          "known", "bought", "entitled", "booked",
                                         "delivered",        "used",  "rated",  "renewed",  "lapsed",
                                         "booking_cancelled"};
  return kNames[static_cast<std::size_t>(stage)];
}

void merge_step(ServiceStep& into, const ServiceStep& from) {
  into.first = std::min(into.first, from.first);
  into.last = std::max(into.last, from.last);
  into.count += from.count;
  into.sum = wrapping_sum(into.sum, from.sum);
  into.on_time += from.on_time;
  into.errors += from.errors;
}

void merge_coupon(CouponState& into, const CouponState& from) {
  into.granted += from.granted;
  into.redeemed += from.redeemed;
  into.expired += from.expired;
  const auto rank = [](const CouponState& c) { return std::tuple(c.last_granted, c.value_minor, c.until); };
  if (rank(into) < rank(from)) {
    into.last_granted = from.last_granted;
    into.until = from.until;
    into.value_minor = from.value_minor;
    into.currency_slot = from.currency_slot;
  }
}

void add_to_life(const model::RecordView& record, ShopTables& tables, NodeExtra& extra) {
  const LifeParts parts = read_life(record.clear);
  if ((record.kind >= k::service_offered && record.kind <= k::service_lapsed) ||
      record.kind == k::booking_cancelled) {
    add_service(record, parts, tables, extra);
  } else if (record.kind >= k::coupon_granted && record.kind <= k::coupon_expired) {
    add_coupon(record, parts, tables, extra);
  } else if (record.kind == k::need_predicted) {
    add_need(record, parts, tables, extra);
  } else if (record.kind == k::points_changed) {
    extra.points.balance = wrapping_sum(extra.points.balance, parts.delta);
    ++extra.points.changes;
  }
}

void add_appointment(const model::RecordView& record, ShopTables& tables, NodeExtra& extra) {
  std::string_view service;
  Appointment told;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::service_id) service = property.bytes;
    if (property.id == p::for_time) told.for_time = Instant{property.number};
  }
  if (service.empty()) return;
  Dictionary& services = tables.dictionary(DictionaryKind::services);
  told.service = services.intern(service);
  told.at = record.event_time;
  if (record.kind == k::booking_cancelled) told.cancelled_by = record.nodes[0].node;
  const auto key = [&](const Appointment& one) {
    return std::tuple(one.for_time, services.text(one.service), one.at, one.cancelled_by);
  };
  Flat<Appointment>& all = extra.appointments;
  Appointment* at = std::partition_point(all.begin(), all.end(),
                                         [&](const Appointment& one) { return key(one) < key(told); });
  if (at != all.end() && key(*at) == key(told)) return;
  all.insert(static_cast<std::size_t>(at - all.begin()), told);
  if (all.size() > NodeExtra::kAppointmentsKept) all.erase(0);
}

ConsentChange consent_of_event(const model::RecordView& record, ShopTables& tables) {
  Dictionary& words = tables.dictionary(DictionaryKind::words);
  ConsentChange change;
  change.at = Fact::clamp(record.event_time);
  change.node = record.nodes[0].node;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::purpose) change.purpose_word = words.intern(property.bytes);
    if (property.id == p::channel) change.channel_word = words.intern(property.bytes);
    if (property.id == p::granted) change.granted = property.number != 0;
  }
  return change;
}

void add_traits(const model::RecordView& record, ShopTables& tables, NodeState& node) {
  Dictionary& words = tables.dictionary(DictionaryKind::words);
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (!model::is_trait(property.id) && property.id != p::tier) continue;
    const std::uint32_t word =
        property.is_number ? words.intern(std::to_string(property.number)) : words.intern(property.bytes);
    node.add_trait(tables, TraitChange{Fact::clamp(record.event_time), property.id, word});
  }
}

}  // namespace rapport::views
