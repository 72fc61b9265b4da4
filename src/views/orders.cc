#include "views/orders.h"

#include <algorithm>
#include <optional>

#include "base/wrapping.h"
#include "codec/properties.h"
#include "model/catalogue_ids.h"
#include "views/fact_table.h"

namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;

struct OrderParts {
  std::string_view order, currency, node;
  std::int64_t total = 0, by = 0;
  std::optional<std::int64_t> amount;
};

OrderParts read_order(std::string_view clear) {
  OrderParts parts;
  codec::Property property;
  for (codec::PropertyReader in(clear); in.next(property);) {
    switch (property.id.value) {
      case p::order_id.value:
        parts.order = property.bytes;
        break;
      case p::currency.value:
        parts.currency = property.bytes;
        break;
      case p::node.value:
        parts.node = property.bytes;
        break;
      case p::total.value:
        parts.total = property.number;
        break;
      case p::amount.value:
        parts.amount = property.number;
        break;
      case p::by.value:
        parts.by = property.number;
        break;
      default:
        break;
    }
  }
  return parts;
}

bool is_order_event(model::EventKind kind) {
  return kind >= k::order_completed && kind <= k::shipment_promised;
}

/// The first of two moments, of which min() means "not yet".
Instant first_of(Instant a, Instant b) {
  return a == Instant::min() ? b : std::min(a, b);
}

}  // namespace

Order& Orders::place(std::uint32_t number) {
  if (number >= orders_.size()) orders_.resize(std::size_t{number} + 1);
  return orders_[number];
}

Parcel& Orders::parcel_of(Order& order) {
  if (order.parcel == 0) {
    const std::size_t number = std::max<std::size_t>(parcels_.size(), 1);
    parcels_.resize(number + 1);
    Parcel& fresh = parcels_[number];
    fresh.reached.fill(Instant::min());
    fresh.promised.fill(Instant::min());
    fresh.told.fill(Instant::min());
    order.parcel = static_cast<std::uint32_t>(number);
  }
  return parcels_[order.parcel];
}

const Order* Orders::find(std::uint32_t number) const {
  return number == 0 || number >= orders_.size() ? nullptr : &orders_[number];
}

const Parcel* Orders::parcel(const Order& order) const {
  return order.parcel == 0 ? nullptr : &parcels_[order.parcel];
}

std::uint32_t Orders::fold(const model::RecordView& record, ShopTables& tables, Order& before) {
  if (!is_order_event(record.kind)) return 0;
  const OrderParts parts = read_order(record.clear);
  const std::uint32_t number = tables.dictionary(DictionaryKind::orders).intern(parts.order);
  if (number == 0) return 0;
  Order& order = place(number);
  before = order;
  const Instant at = record.event_time;
  if (record.kind == k::order_completed) {
    if (order.placed != Instant::min()) {
      order.repeated = true;
      if (tables.order_repeated.size() <= number) tables.order_repeated.resize(std::size_t{number} + 1);
      tables.order_repeated[number] = true;
    }
    const model::Founding told = model::founding_of(record), known{order.from_page, order.placed};
    const bool is_first =
        order.placed == Instant::min() || told < known || (told == known && parts.total < order.total_minor);
    if (is_first) {
      order.node = record.nodes[0].node;
      order.from_page = record.from_page;
      order.made_by = record.seq;
      order.placed = at;
      order.total_minor = parts.total;
      const Result<Currency> currency = Currency::parse(parts.currency);
      order.currency_slot = currency.ok() ? tables.currencies.slot(*currency) : std::uint8_t{0};
    }
  } else if (record.kind == k::order_cancelled) {
    order.cancelled = first_of(order.cancelled, at);
  } else if (record.kind == k::order_refunded) {
    order.refunded = std::max(order.refunded, at);
    order.refunded_minor =
        wrapping_sum(order.refunded_minor, std::max<std::int64_t>(parts.amount.value_or(0), 0));
    order.refunded_whole = order.refunded_whole || !parts.amount;
    if (const Result<Currency> named = Currency::parse(parts.currency); named.ok() && parts.amount) {
      const std::uint16_t slot = tables.currencies.slot(*named);
      const bool first = order.refund_slot == Order::kNoRefund || order.refund_slot == slot;
      order.refund_slot = first ? slot : Order::kSeveral;
    }
  } else {
    const std::uint8_t step = word_index(p::node, parts.node);
    if (step >= kParcelSteps) return number;
    Parcel& parcel = parcel_of(order);
    if (record.kind == k::shipment_updated) {
      parcel.reached[step] = first_of(parcel.reached[step], at);
    } else if (std::pair(parcel.told[step], parcel.promised[step]) < std::pair(at, Instant{parts.by})) {
      parcel.told[step] = at;
      parcel.promised[step] = Instant{parts.by};
    }
  }
  return number;
}

void Orders::forget(std::uint32_t number, NodeId node) {
  if (number != 0 && number < orders_.size() && orders_[number].node == node) orders_[number].node = NodeId{};
}

void Orders::save(ByteWriter& out) const {
  out.varint(orders_.size());
  for (std::size_t i = 1; i < orders_.size(); ++i) {
    const Order& order = orders_[i];
    out.varint(order.node.value);
    out.i64(order.placed.ms);
    out.varint(order.made_by.value);
    out.svarint(order.total_minor);
    out.u8(order.currency_slot);
    out.i64(order.cancelled.ms);
    out.i64(order.refunded.ms);
    out.svarint(order.refunded_minor);
    out.varint(order.parcel);
    out.u8(static_cast<std::uint8_t>((order.repeated ? 1 : 0) | (order.from_page ? 2 : 0) |
                                     (order.refunded_whole ? 4 : 0)));
    out.u16(order.refund_slot);
  }
  out.varint(parcels_.size());
  for (std::size_t i = 1; i < parcels_.size(); ++i) {
    for (const auto* times : {&parcels_[i].reached, &parcels_[i].promised, &parcels_[i].told}) {
      for (const Instant time : *times) out.i64(time.ms);
    }
  }
}

bool Orders::load(ByteReader& in, ShopTables& tables) {
  const std::uint64_t orders = in.varint();
  if (orders > in.left()) return false;
  orders_.resize(orders);
  tables.order_repeated.assign(orders, false);
  for (std::size_t i = 1; i < orders && in.ok(); ++i) {
    Order& order = orders_[i];
    order.node = NodeId{static_cast<std::uint32_t>(in.varint())};
    order.placed = Instant{in.i64()};
    order.made_by = EventSeq{in.varint()};
    order.total_minor = in.svarint();
    order.currency_slot = in.u8();
    order.cancelled = Instant{in.i64()};
    order.refunded = Instant{in.i64()};
    order.refunded_minor = in.svarint();
    order.parcel = static_cast<std::uint32_t>(in.varint());
    const std::uint8_t flags = in.u8();
    if (flags > 7) return false;
    order.repeated = (flags & 1) != 0;
    order.from_page = (flags & 2) != 0;
    order.refunded_whole = (flags & 4) != 0;
    order.refund_slot = in.u16();
    if (order.refund_slot > Order::kSeveral) return false;
    tables.order_repeated[i] = order.repeated;
  }
  const std::uint64_t parcels = in.varint();
  if (parcels > in.left() + 1) return false;
  parcels_.resize(parcels);
  for (std::size_t i = 1; i < parcels && in.ok(); ++i) {
    for (auto* times : {&parcels_[i].reached, &parcels_[i].promised, &parcels_[i].told}) {
      for (Instant& time : *times) time = Instant{in.i64()};
    }
  }
  for (std::size_t i = 1; i < orders; ++i) {
    if (orders_[i].parcel != 0 && orders_[i].parcel >= parcels) return false;
  }
  return in.ok();
}

}  // namespace rapport::views
