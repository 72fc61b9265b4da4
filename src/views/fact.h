#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/id.h"
#include "base/money.h"
#include "base/time.h"
#include "model/catalogue.h"
#include "views/tables.h"

/// What rules and tags read: the facts of one customer up to a moment. An event becomes one or more facts by
/// the one table in fact_table.cc (documented there kind by kind: what `object`, `value` and `aux` mean).
namespace rapport::views {

/// Kinds of facts that are no events of their own. An unknown event is kind 0 with its name (a word) as
/// object.
namespace fact_kind {
inline constexpr model::EventKind unknown{0};
/// One line of an Order Completed: object = product, value = price of one piece in minor units of the order's
/// currency (aux_currency does not apply), aux = pieces (255 = 255 or more).
inline constexpr model::EventKind order_line{2049};
/// A term met in content or asked about: object = word.
inline constexpr model::EventKind term_met{2050};
/// The category, scene and function an event itself named (product views, searches): object = word.
inline constexpr model::EventKind category_met{2051};
inline constexpr model::EventKind scene_met{2052};
inline constexpr model::EventKind function_met{2053};
/// Until when a bought, entitled or renewed service holds: object = service, value = seconds after the fact.
inline constexpr model::EventKind service_until{2054};
/// Until when a predicted need holds: object = word, value = seconds after the fact.
inline constexpr model::EventKind need_until{2055};
/// The code of a failed payment: object = word.
inline constexpr model::EventKind payment_code{2056};
inline constexpr model::EventKind greatest{2056};
}  // namespace fact_kind

/// One thing that happened to a customer. 16 bytes; 1 M customers have 20 M of them.
class Fact {
 public:
  Fact() = default;
  /// `time` is cut to the years 1800 to 2350; `stored_value` comes from WideValues::store.
  Fact(Instant time, model::EventKind kind, std::uint8_t aux, std::uint32_t object,
       std::int32_t stored_value);

  Instant time() const { return Instant{static_cast<std::int64_t>(head_ >> 20) + kEpochMs}; }
  model::EventKind kind() const { return model::EventKind{static_cast<std::uint16_t>((head_ >> 8) & 0xfff)}; }
  /// Small code of the kind: a word's index in the catalogue's alphabet (shipment step, ticket state, item
  /// kind, ...), a currency slot for money (ShopTables::currencies), pieces for carts and lines.
  std::uint8_t aux() const { return static_cast<std::uint8_t>(head_); }
  /// Number in the dictionary that fact_object_dictionary(kind) names; 0 = none.
  std::uint32_t object() const { return object_; }
  /// As stored; FactsView::value gives the real one.
  std::int32_t stored_value() const { return stored_value_; }
  friend bool operator==(const Fact&, const Fact&) = default;

  void save(ByteWriter& out) const {
    out.u64(head_);
    out.u32(object_);
    out.u32(static_cast<std::uint32_t>(stored_value_));
  }
  static Fact load(ByteReader& in) {
    Fact fact;
    fact.head_ = in.u64();
    fact.object_ = in.u32();
    fact.stored_value_ = static_cast<std::int32_t>(in.u32());
    return fact;
  }

  static constexpr std::int64_t kEpochMs = -5'364'662'400'000;  ///< 1800-01-01T00:00:00Z
  /// A time as facts hold it.
  static Instant clamp(Instant time);

 private:
  std::uint64_t head_ = 0;  ///< time - kEpochMs: 44 bits, kind: 12, aux: 8
  std::uint32_t object_ = 0;
  std::int32_t stored_value_ = 0;
};
static_assert(sizeof(Fact) == 16);

/// The dictionary in which `object` of a fact of this kind is a number (words when it names nothing special).
DictionaryKind fact_object_dictionary(model::EventKind kind);
/// Whether `aux` of this kind is a currency slot.
bool fact_aux_is_currency(model::EventKind kind);

/// The total canonical order of facts: time, kind, object's text, value, aux (currencies by code). Does not
/// depend on the order in which things were first seen.
bool fact_before(const ShopTables& tables, const Fact& a, const Fact& b);

/// Facts older than a node's newest kFactsKept, added up by (day, kind, aux).
struct FactBucket {
  std::int32_t day = 0;  ///< day_number of the fact's time, UTC
  std::uint16_t kind = 0;
  std::uint8_t aux = 0;
  std::uint32_t count = 0;
  std::int64_t sum = 0;        ///< of real values
  std::int64_t latest_ms = 0;  ///< time of the latest fact in it
  friend bool operator==(const FactBucket&, const FactBucket&) = default;
};
inline constexpr std::size_t kFactsKept = 512;

/// One change of a clear trait (trait::* of the catalogue), or of the membership tier (property::tier).
struct TraitChange {
  Instant at;
  model::PropertyId property;
  std::uint32_t word = 0;  ///< in ShopTables::words; numbers and times as decimal text (times in ms)
};

/// One consent given or withdrawn on one node.
struct ConsentChange {
  Instant at;
  std::uint32_t purpose_word = 0, channel_word = 0;
  NodeId node;
  bool granted = false;
};

/// The facts of one customer with time <= at(), over all her nodes, as rules and tags see them. Borrows:
/// valid until the next change of the shop's state. Copying is cheap.
class FactsView {
 public:
  FactsView(const ShopTables& tables, Instant at, std::span<const Fact> facts,
            std::span<const FactBucket> buckets = {}, std::span<const TraitChange> traits = {},
            std::span<const ConsentChange> consents = {});

  /// The moment of evaluation. Facts later than this are not visible.
  Instant at() const { return at_; }
  /// Exact facts, oldest first, in canonical order. Walk it from the back for windows that end now.
  std::span<const Fact> facts() const { return facts_; }
  /// Older days, ascending by (day, kind, aux); several nodes may give several rows of one key. Empty for
  /// nearly everybody (only nodes with more than kFactsKept facts have any).
  std::span<const FactBucket> buckets() const { return buckets_; }
  /// All trait changes at or before at(), oldest first.
  std::span<const TraitChange> trait_changes() const { return traits_; }

  /// All consents at or before at(), oldest first.
  std::span<const ConsentChange> consent_changes() const { return consents_; }

  /// False means: surely no fact of this kind, neither exact nor bucketed. One bit test.
  bool may_have(model::EventKind kind) const {
    return (seen_[mask_bit(kind) >> 6] >> (mask_bit(kind) & 63)) & 1;
  }
  /// The latest exact fact of the kind; null when there is none. Errors: none.
  const Fact* latest(model::EventKind kind) const;

  /// The value in the unit of its kind: minor units, milliseconds, thousandths, pieces, points.
  std::int64_t value(const Fact& fact) const { return tables_->wide.value(fact.stored_value()); }
  /// Text of the object: the product's own number, the order's, the word.
  std::string_view object_text(const Fact& fact) const;
  /// The currency of a money fact; the shop's own when it was not told.
  Currency currency(const Fact& fact) const;
  /// Whether this Order Completed fact counts as a purchase as of at(): it is the first of its order number
  /// among her facts and no Order Cancelled of that number is among them. `fact` must lie in facts().
  bool is_net_order(const Fact& fact) const;
  /// The latest value of a trait as of at() (ties: the greater text); nullopt when it was never told.
  std::optional<std::string_view> trait(model::PropertyId property) const;
  /// Consent as of at(): each node's latest word counts (ties: denial), and a denial on any node wins over
  /// grants on others, so that a merge is never looser than its parts. nullopt when she was never asked. An
  /// empty channel means: some channel grants it.
  std::optional<bool> consent(std::string_view purpose, std::string_view channel) const;
  /// What the catalogue last said about a product. It is read as of the fold position, not as of at(): a
  /// change of the catalogue reaches a customer's segments with her next event or timer. All fields empty
  /// when it was never published.
  const ProductInfo& product(std::uint32_t product_number) const { return tables_->product(product_number); }

  const ShopTables& tables() const { return *tables_; }
  /// The same customer at an earlier moment. Precondition: t <= at().
  FactsView as_of(Instant t) const;
  /// Sets the kinds that may be present; for views made over node state, which keeps them.
  void set_seen(std::uint64_t low, std::uint64_t high) { seen_[0] = low, seen_[1] = high; }

  /// Which of 128 bits stands for a kind.
  static constexpr unsigned mask_bit(model::EventKind kind) {
    return kind.value < 112 ? kind.value : 112 + (kind.value & 15);
  }

 private:
  const ShopTables* tables_;
  Instant at_;
  std::span<const Fact> facts_;
  std::span<const FactBucket> buckets_;
  std::span<const TraitChange> traits_;
  std::span<const ConsentChange> consents_;
  std::uint64_t seen_[2] = {~std::uint64_t{0}, ~std::uint64_t{0}};
};

}  // namespace rapport::views
