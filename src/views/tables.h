#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/money.h"
#include "base/time.h"
#include "views/dictionary.h"

/// What facts of a shop refer to by number: dictionaries, currencies, wide values, products as published.
namespace rapport::views {

/// Stored; never renumber.
enum class DictionaryKind : std::uint8_t {
  words,  ///< everything without a dictionary of its own: pages, channels, categories, items, needs, ...
  products,
  orders,
  services,
  contents,
  contacts,
  tickets,
  returns,
  coupons,
  reviews,  ///< those that were rated badly or answered
};
inline constexpr std::size_t kDictionaries = 10;

/// The currencies of a shop as one byte; slot 0 is the shop's own.
class CurrencySlots {
 public:
  explicit CurrencySlots(Currency own) : slots_{own} {}
  /// The slot of a currency, given now if it is new. A 256th currency gets the last slot (named limit).
  std::uint8_t slot(Currency currency);
  Currency currency(std::uint8_t slot) const { return slot < slots_.size() ? slots_[slot] : slots_[0]; }
  std::size_t size() const { return slots_.size(); }
  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  std::vector<Currency> slots_;
};

/// 64-bit values in 32 bits of a fact: all but the lowest 2^20 codes are the value itself, those index a
/// table of distinct wide values. Over kMost distinct ones the value saturates (named limit).
class WideValues {
 public:
  static constexpr std::int64_t kMost = std::int64_t{1} << 20;
  std::int32_t store(std::int64_t value);
  std::int64_t value(std::int32_t stored) const {
    if (stored >= kLeastInline) return stored;
    const auto index = static_cast<std::size_t>(std::int64_t{stored} - kLeastCode);
    return index < wide_.size() ? wide_[index] : 0;
  }
  std::size_t size() const { return wide_.size(); }
  void save(ByteWriter& out) const;
  bool load(ByteReader& in);

 private:
  static constexpr std::int64_t kLeastCode = std::int64_t{-2147483647} - 1;
  static constexpr std::int32_t kLeastInline = static_cast<std::int32_t>(kLeastCode + kMost);
  std::vector<std::int64_t> wide_;                        ///< by stored code - kLeastCode
  std::unordered_map<std::int64_t, std::int32_t> index_;  ///< looked up, never iterated
};

/// A product as last published: numbers of words; 0 = not told.
struct ProductInfo {
  std::uint32_t category = 0, brand = 0, scene = 0, function = 0;
  std::int64_t price_minor = -1;  ///< -1 = not told
  std::uint8_t currency_slot = 0;
  Instant published = Instant::min();
};

/// A shop's reference tables. A plain value: tests fill one by hand.
struct ShopTables {
  explicit ShopTables(Currency own) : currencies(own) {}
  std::array<Dictionary, kDictionaries> dictionaries;
  CurrencySlots currencies;
  WideValues wide;
  std::vector<ProductInfo> products;  ///< by product number; may be shorter than the dictionary
  /// By order number: whether it was completed more than once. Spares is_net_order a search.
  std::vector<bool> order_repeated;

  /// Whether any customer of the shop ever had a fact of the kind (FactsView::mask_bit): what "cannot be
  /// determined: no registration facts" asks. It is read as of the fold position and enters no segment.
  std::array<std::uint64_t, 2> seen{};

  Dictionary& dictionary(DictionaryKind kind) { return dictionaries[static_cast<std::size_t>(kind)]; }
  const Dictionary& dictionary(DictionaryKind kind) const {
    return dictionaries[static_cast<std::size_t>(kind)];
  }
  const Dictionary& words() const { return dictionary(DictionaryKind::words); }
  const ProductInfo& product(std::uint32_t number) const {
    static constexpr ProductInfo kUnknown;
    return number < products.size() ? products[number] : kUnknown;
  }
};

}  // namespace rapport::views
