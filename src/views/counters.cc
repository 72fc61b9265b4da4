#include "views/counters.h"

#include <algorithm>

#include "base/hash.h"
#include "codec/properties.h"
#include "model/catalogue_ids.h"

namespace rapport::views {

std::size_t Counters::HashKey::operator()(const Key& key) const {
  return mix64((std::uint64_t{key.product} << 32 | key.region) ^
               mix64(static_cast<std::uint64_t>(std::int64_t{key.period})));
}

void Counters::fold(const model::RecordView& record, const std::vector<Fact>& facts, ShopTables& tables) {
  const auto day = static_cast<std::int32_t>(day_number(record.event_time));
  if (last_day_.second == nullptr || last_day_.first != day) last_day_ = {day, &days_[day]};
  ++(*last_day_.second)[record.kind.value < kKinds ? record.kind.value : 0];
  const bool is_order = record.kind == model::kind::order_completed;
  if (!is_order && record.kind != model::kind::product_viewed) return;
  std::uint32_t region = 0;
  codec::Property property;
  std::vector<codec::ProductLine> lines;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == model::property::region_code) {
      region = tables.dictionary(DictionaryKind::words).intern(property.bytes);
    }
    if (is_order && property.id == model::property::products) codec::read_lines(property.bytes, lines);
  }
  const std::int32_t period = day / 28;
  if (!is_order) {
    for (const Fact& fact : facts) {
      if (fact.kind() == record.kind) ++products_[Key{fact.object(), region, period}].views;
    }
    return;
  }
  for (const codec::ProductLine& line : lines) {
    const std::uint32_t product = tables.dictionary(DictionaryKind::products).find(line.product_id);
    Sums& sums = products_[Key{product, region, period}];
    ++sums.orders;
    sums.pieces += static_cast<std::uint64_t>(std::max<std::int64_t>(line.quantity, 0));
  }
}

std::vector<DayCount> Counters::days() const {
  std::vector<DayCount> counts;
  for (const auto& [day, kinds] : days_) {
    for (std::uint16_t kind = 0; kind < kKinds; ++kind) {
      if (kinds[kind] != 0) counts.push_back({day, model::EventKind{kind}, kinds[kind]});
    }
  }
  return counts;
}

std::vector<ProductCount> Counters::products() const {
  std::vector<ProductCount> counts;
  counts.reserve(products_.size());
  for (const auto& [key, sums] : products_) {
    counts.push_back({key.product, key.region, key.period, sums.views, sums.orders, sums.pieces});
  }
  std::sort(counts.begin(), counts.end(), [](const ProductCount& a, const ProductCount& b) {
    return std::tuple(a.period, a.product, a.region_word) < std::tuple(b.period, b.product, b.region_word);
  });
  return counts;
}

std::size_t Counters::memory_bytes() const {
  return days_.size() * (sizeof(Day) + 48) + products_.size() * (sizeof(Key) + sizeof(Sums) + 16);
}

void Counters::save(ByteWriter& out) const {
  const std::vector<DayCount> day_counts = days();
  out.varint(day_counts.size());
  for (const DayCount& count : day_counts) {
    out.svarint(count.day);
    out.varint(count.kind.value);
    out.varint(count.count);
  }
  const std::vector<ProductCount> product_counts = products();
  out.varint(product_counts.size());
  for (const ProductCount& count : product_counts) {
    out.varint(count.product);
    out.varint(count.region_word);
    out.svarint(count.period);
    out.varint(count.views);
    out.varint(count.orders);
    out.varint(count.pieces);
  }
}

bool Counters::load(ByteReader& in) {
  *this = Counters();
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const auto day = static_cast<std::int32_t>(in.svarint());
    const std::uint64_t kind = in.varint();
    if (kind >= kKinds) return false;
    days_[day][kind] = in.varint();
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    Key key{};
    key.product = static_cast<std::uint32_t>(in.varint());
    key.region = static_cast<std::uint32_t>(in.varint());
    key.period = static_cast<std::int32_t>(in.svarint());
    Sums& sums = products_[key];
    sums.views = in.varint();
    sums.orders = in.varint();
    sums.pieces = in.varint();
  }
  return in.ok();
}

}  // namespace rapport::views
