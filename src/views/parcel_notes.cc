#include "views/parcel_notes.h"

#include "codec/properties.h"
#include "model/catalogue_ids.h"
#include "views/fact_table.h"

namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;

/// Of two words the one told later; of one moment the greater text, never the one that came last.
void take_word(std::uint32_t& word, Instant& since, std::string_view text, Instant at, ShopTables& tables) {
  if (text.empty() || at < since) return;
  if (at == since && tables.words().text(word) >= text) return;
  word = tables.dictionary(DictionaryKind::words).intern(text);
  since = at;
}

bool is_of_order(model::EventKind kind) {
  return kind >= k::order_completed && kind <= k::shipment_promised;
}

}  // namespace

const ParcelLane* ParcelNotes::lane(std::uint32_t order) const {
  return order == 0 || order >= lanes_.size() ? nullptr : &lanes_[order];
}

const ParcelNote* ParcelNotes::find(std::uint32_t order) const {
  const auto found = notes_.find(order);
  return found == notes_.end() ? nullptr : &found->second;
}

void ParcelNotes::fold(const model::RecordView& record, std::uint32_t number, ShopTables& tables,
                       const Orders& orders) {
  if (record.kind == k::delay_announced) return announce(record, tables);
  if (number == 0 || !is_of_order(record.kind)) return;
  if (number >= lanes_.size()) lanes_.resize(std::size_t{number} + 1);
  ParcelLane& lane = lanes_[number];
  lane.live = lane.live || !record.from_import;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::carrier)
      take_word(lane.carrier_word, lane.carrier_at, property.bytes, record.event_time, tables);
    if (property.id == p::region_code)
      take_word(lane.region_word, lane.region_at, property.bytes, record.event_time, tables);
  }
  set_open(number, orders);
}

void ParcelNotes::announce(const model::RecordView& record, ShopTables& tables) {
  std::string_view order, coupon, currency;
  std::int64_t step = 0, value = 0, by = Instant::min().ms, estimate = Instant::min().ms;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::order_id) order = property.bytes;
    if (property.id == p::coupon_id) coupon = property.bytes;
    if (property.id == p::currency) currency = property.bytes;
    if (property.id == p::step) step = property.number;
    if (property.id == p::coupon_value) value = property.number;
    if (property.id == p::by) by = property.number;
    if (property.id == p::estimated_delivery) estimate = property.number;
  }
  const std::uint32_t number = tables.dictionary(DictionaryKind::orders).intern(order);
  if (number == 0) return;
  ParcelNote& note = notes_[number];
  const Instant at = record.event_time;
  const auto is_first = [at](Instant known) { return known == Instant::min() || at < known; };
  if (is_first(note.told())) {
    note.promise_told = Instant{by};
    note.estimate_told = Instant{estimate};
  }
  Instant& told = step == 0 ? note.likely_told : note.late_told;
  if (is_first(told)) told = at;
  if (coupon.empty() || !is_first(note.coupon_at)) return;
  count(note, -1);
  note.coupon_at = at;
  note.coupon_minor = value;
  note.coupon_word = tables.dictionary(DictionaryKind::words).intern(coupon);
  const Result<Currency> parsed = Currency::parse(currency);
  note.currency_slot = parsed.ok() ? tables.currencies.slot(*parsed) : std::uint8_t{0};
  count(note, 1);
}

void ParcelNotes::count(const ParcelNote& note, std::int64_t sign) {
  if (note.coupon_at == Instant::min()) return;
  const std::int64_t day = day_number(note.coupon_at);
  Granted& granted = granted_[day];
  granted.coupons += static_cast<std::uint32_t>(sign);
  granted.minor += sign * note.coupon_minor;
  if (granted.coupons == 0) granted_.erase(day);
}

void ParcelNotes::set_open(std::uint32_t number, const Orders& orders) {
  constexpr auto kSigned = static_cast<std::size_t>(ParcelStep::signed_for);
  const Order* order = orders.find(number);
  const Parcel* parcel = order == nullptr ? nullptr : orders.parcel(*order);
  const bool open = parcel != nullptr && order->placed != Instant::min() &&
                    parcel->promised[kSigned] != Instant::min() &&
                    parcel->reached[kSigned] == Instant::min() && order->cancelled == Instant::min() &&
                    order->refunded == Instant::min();
  open ? void(open_.insert(number)) : void(open_.erase(number));
}

void ParcelNotes::save(ByteWriter& out) const {
  out.varint(lanes_.size());
  for (std::size_t i = 1; i < lanes_.size(); ++i) {
    const ParcelLane& lane = lanes_[i];
    out.varint(lane.carrier_word);
    out.varint(lane.region_word);
    out.i64(lane.carrier_at.ms);
    out.i64(lane.region_at.ms);
    out.u8(lane.live ? 1 : 0);
  }
  out.varint(notes_.size());
  for (const auto& [number, note] : notes_) {
    out.varint(number);
    for (const Instant at :
         {note.likely_told, note.late_told, note.coupon_at, note.promise_told, note.estimate_told})
      out.i64(at.ms);
    out.svarint(note.coupon_minor);
    out.u8(note.currency_slot);
    out.varint(note.coupon_word);
  }
}

bool ParcelNotes::load(ByteReader& in, const Orders& orders) {
  const std::uint64_t lanes = in.varint();
  if (!in.ok() || lanes > in.left() + 1) return false;
  lanes_.resize(lanes);
  for (std::size_t i = 1; i < lanes && in.ok(); ++i) {
    ParcelLane& lane = lanes_[i];
    lane.carrier_word = static_cast<std::uint32_t>(in.varint());
    lane.region_word = static_cast<std::uint32_t>(in.varint());
    lane.carrier_at.ms = in.i64();
    lane.region_at.ms = in.i64();
    lane.live = in.u8() != 0;
    set_open(static_cast<std::uint32_t>(i), orders);
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    ParcelNote& note = notes_[static_cast<std::uint32_t>(in.varint())];
    for (Instant* at :
         {&note.likely_told, &note.late_told, &note.coupon_at, &note.promise_told, &note.estimate_told})
      at->ms = in.i64();
    note.coupon_minor = in.svarint();
    note.currency_slot = in.u8();
    note.coupon_word = static_cast<std::uint32_t>(in.varint());
    count(note, 1);
  }
  return in.ok();
}

}  // namespace rapport::views
