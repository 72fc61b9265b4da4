#pragma once

#include <compare>
#include <cstdint>
#include <functional>

/// Ids are types: a function that wants a NodeId does not compile with an EventSeq.
namespace rapport {

template <class Tag, class Rep>
struct Id {
  using rep = Rep;
  Rep value{};
  constexpr Id() = default;
  constexpr explicit Id(Rep raw) : value(raw) {}
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
  constexpr Id next() const { return Id(static_cast<Rep>(value + 1)); }
};

/// A shop's number inside one data folder; its name is a string (model/shop.h).
using ShopNo = Id<struct ShopNoTag, std::uint16_t>;
/// Position in a shop's log, from 1, without gaps. 0 means "before the first".
using EventSeq = Id<struct EventSeqTag, std::uint64_t>;
/// One identifier value of one shop, numbered in the order of first sight from 1. 0 means none.
using NodeId = Id<struct NodeIdTag, std::uint32_t>;
/// A customer = a set of linked nodes; named by its lowest node number, printed c_<n>.
using CustomerId = Id<struct CustomerIdTag, std::uint32_t>;

}  // namespace rapport

template <class Tag, class Rep>
struct std::hash<rapport::Id<Tag, Rep>> {
  std::size_t operator()(rapport::Id<Tag, Rep> id) const noexcept { return std::hash<Rep>{}(id.value); }
};
