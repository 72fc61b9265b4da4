#include "views/published.h"

#include <algorithm>

#include "codec/json_index.h"
#include "codec/properties.h"
#include "model/catalogue_ids.h"

namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;

/// Which property names the noun of a kind.
model::PropertyId id_property(model::EventKind kind) {
  switch (kind.value) {
    case k::product_published.value:
      return p::product_id;
    case k::service_published.value:
      return p::service_id;
    case k::content_published.value:
      return p::content_id;
    case k::coupon_published.value:
      return p::coupon_id;
    case k::competitor_published.value:
      return p::competitor_id;
    case k::bundle_published.value:
      return p::bundle_id;
    case k::rule_published.value:
      return p::rule_id;
    case k::value_published.value:
      return p::value_id;
    case k::scene_published.value:
      return p::scene_id;
    case k::calendar_published.value:
      return p::calendar_id;
    case k::goal_published.value:
      return p::goal_id;
    case k::hypothesis_published.value:
      return p::hypothesis_id;
    case k::survey_published.value:
      return p::survey_id;
    case k::study_published.value:
    case k::verdict_reached.value:
      return p::study_id;
    case k::action_taken.value:
      return p::action_id;
    case k::service_level_published.value:
      return p::service_level_id;
    case k::roster_published.value:
      return p::roster_id;
    case k::parcel_policy_published.value:
    case k::return_policy_published.value:
    case k::desk_policy_published.value:
      return p::policy_id;
    case k::macro_published.value:
      return p::macro_id;
    default:
      return model::PropertyId{0};
  }
}

struct NounParts {
  std::string_view id, body, category, brand, scene, function, currency;
  std::optional<std::int64_t> price;
};

NounParts read_noun(const model::RecordView& record) {
  NounParts parts;
  const model::PropertyId id = id_property(record.kind);
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == id) parts.id = property.bytes;
    // An action without a number of its own is known by what was done.
    if (record.kind == k::action_taken && property.id == p::action && parts.id.empty())
      parts.id = property.bytes;
    if (property.id == p::noun_body) parts.body = property.bytes;
    if (property.id == p::category) parts.category = property.bytes;
    if (property.id == p::brand) parts.brand = property.bytes;
    if (property.id == p::scene) parts.scene = property.bytes;
    if (property.id == p::function) parts.function = property.bytes;
    if (property.id == p::currency) parts.currency = property.bytes;
    if (property.id == p::price && property.is_number) parts.price = property.number;
  }
  return parts;
}

/// Reads what the clear part does not declare out of the noun's own JSON.
void read_product(const NounParts& parts, Instant at, ShopTables& tables) {
  const std::uint32_t number = tables.dictionary(DictionaryKind::products).intern(parts.id);
  if (tables.products.size() <= number) tables.products.resize(std::size_t{number} + 1);
  ProductInfo& product = tables.products[number];
  product = ProductInfo();
  product.published = at;
  codec::JsonIndex json;
  const bool whole = json.parse(parts.body).ok();
  Dictionary& words = tables.dictionary(DictionaryKind::words);
  const auto word = [&](std::string_view declared, std::string_view name) {
    if (!declared.empty()) return words.intern(declared);
    const codec::JsonValue member = whole ? json.root().find(name) : codec::JsonValue();
    return member.present() && member.is(codec::JsonKind::string) ? words.intern(member.text()) : 0U;
  };
  product.category = word(parts.category, "category");
  product.brand = word(parts.brand, "brand");
  product.scene = word(parts.scene, "scene");
  product.function = word(parts.function, "function");
  std::string currency_text(parts.currency);
  if (currency_text.empty()) currency_text = words.text(word({}, "currency"));
  const Result<Currency> currency = Currency::parse(currency_text);
  if (currency.ok()) product.currency_slot = tables.currencies.slot(*currency);
  if (parts.price) {
    product.price_minor = *parts.price;
  } else if (whole && json.root().find("price").present()) {
    const int decimals = tables.currencies.currency(product.currency_slot).decimals();
    product.price_minor = json.root().find("price").scaled(decimals).value_or(-1);
  }
}

}  // namespace

std::string_view noun_body_of(const model::RecordView& record) {
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::noun_body) return property.bytes;
  }
  return {};
}

std::string json_member(std::string_view object, std::string_view name) {
  codec::JsonIndex json;
  if (!json.parse(object).ok()) return {};
  const codec::JsonValue member = json.root().find(name);
  if (!member.present()) return {};
  return member.is(codec::JsonKind::string) ? member.text() : std::string(member.raw());
}

std::optional<std::int64_t> published_value(std::string_view body) {
  codec::JsonIndex json;
  if (!json.parse(body).ok()) return std::nullopt;
  const codec::JsonValue value = json.root().find("value");
  if (!value.present() || !value.is(codec::JsonKind::number)) return std::nullopt;
  if (const std::string currency = json_member(body, "currency"); !currency.empty()) {
    const Result<Currency> known = Currency::parse(currency);
    return known.ok() ? value.scaled(known->decimals()) : std::nullopt;
  }
  return json_member(body, "scale") == "thousandths" ? value.scaled(3) : value.integer();
}

Published::Change Published::fold(const model::RecordView& record, ShopTables& tables) {
  const NounParts parts = read_noun(record);
  if (parts.id.empty()) return {};
  Noun& noun = nouns_[Key(record.kind.value, parts.id)];
  Change change{parts.id, noun.text, false};
  const std::pair held(noun.at, std::string_view(noun.text)), told(record.event_time, parts.body);
  // A hypothesis stands as it was first registered: nobody moves the goal once the ball is in play.
  const bool is_first_held = record.kind == k::hypothesis_published && noun.at != Instant::min();
  if (is_first_held ? held <= told : held > told) return change;
  change.took_effect = noun.text != parts.body || noun.at == Instant::min();
  noun.at = record.event_time;
  noun.text = parts.body;
  change.text = noun.text;
  if (record.kind == k::product_published) read_product(parts, record.event_time, tables);
  return change;
}

std::string_view Published::find(model::EventKind kind, std::string_view id) const {
  const auto found = nouns_.find(std::pair(kind.value, id));
  return found == nouns_.end() ? std::string_view() : std::string_view(found->second.text);
}

std::vector<std::string_view> Published::ids(model::EventKind kind) const {
  std::vector<std::string_view> ids;
  for (auto at = nouns_.lower_bound(std::pair(kind.value, std::string_view()));
       at != nouns_.end() && at->first.first == kind.value; ++at) {
    ids.push_back(at->first.second);
  }
  return ids;
}

std::size_t Published::memory_bytes() const {
  std::size_t bytes = 0;
  for (const auto& [key, noun] : nouns_) bytes += 120 + key.second.capacity() + noun.text.capacity();
  return bytes;
}

void Published::save(ByteWriter& out) const {
  out.varint(nouns_.size());
  for (const auto& [key, noun] : nouns_) {
    out.u16(key.first);
    out.text(key.second);
    out.i64(noun.at.ms);
    out.text(noun.text);
  }
}

bool Published::load(ByteReader& in) {
  nouns_.clear();
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::uint16_t kind = in.u16();
    std::string id(in.text());
    const Instant at{in.i64()};
    nouns_.emplace_hint(nouns_.end(), Key(kind, std::move(id)), Noun{at, std::string(in.text())});
  }
  return in.ok();
}

}  // namespace rapport::views
