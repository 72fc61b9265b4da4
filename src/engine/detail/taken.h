#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/detail/shop.h"
#include "learn/interactions.h"
#include "views/views.h"

/// What customers took, out of the folded facts: the one extraction from which models are trained, judged and
/// asked, so that a customer is folded in as the others were learned from.
namespace rapport::engine {

enum class TakenAs : std::uint8_t {
  bought,  ///< a line of an order that counts (not repeated, not cancelled)
  viewed,  ///< looked at, liked, shared, put in the cart or on the wish list
};

struct Taken {
  std::uint32_t product = 0;  ///< number in the shop's dictionary of products
  TakenAs as = TakenAs::viewed;
  std::int64_t time_ms = 0;
};

/// Appends what the facts tell, by time. On the shop thread.
void append_taken(const views::FactsView& facts, std::vector<Taken>& out);

/// Everything that was taken in a shop, copied out of its state.
struct TakenByAll {
  static constexpr std::size_t kMost = 100'000'000;
  std::vector<std::uint32_t> customers;  ///< ids, ascending
  std::vector<std::size_t> ends;         ///< by customer: one past her last in `taken`
  std::vector<Taken> taken;
  std::vector<std::string> products;  ///< ids by number; [0] is ""
  /// Words of category, brand, scene and function by product number: what `content` models look at.
  std::vector<std::vector<std::uint32_t>> attributes;
  EventSeq position;
  Instant now;
  std::uint64_t purchases = 0, views = 0;
};
/// Walks all customers in slices of a millisecond once everything that was stamped before is folded; not on
/// the shop thread. Errors: too_large over kMost; overloaded when too many reads wait for the shop.
Result<TakenByAll> copy_taken(Shop& shop);

/// As models learn from it: every known product is an item, also one that nobody took yet.
struct ShopInteractions {
  learn::Interactions purchases, all;  ///< over the same items and customers
  std::vector<std::vector<std::uint32_t>> attributes;
  std::uint64_t baskets = 0;
  std::uint64_t buyers = 0;
};
/// Errors: refused below kBasketsLeast baskets or kBuyersLeast customers, with what there is.
Result<ShopInteractions> interactions_of(const TakenByAll& taken);

inline constexpr std::uint64_t kBasketsLeast = 30;  ///< below it nothing learned would mean anything
inline constexpr std::uint64_t kBuyersLeast = 10;

}  // namespace rapport::engine
