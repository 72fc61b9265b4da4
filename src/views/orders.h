#pragma once

#include "base/bytes.h"
#include "model/record.h"
#include "views/detail/chunked.h"
#include "views/nouns.h"
#include "views/tables.h"

namespace rapport::views {

/// The shop's orders and their parcels, by order number.
class Orders {
 public:
  /// Folds an event of the order group; others are ignored. Returns the order's number, 0 when it named none;
  /// `before` is the order as it was.
  std::uint32_t fold(const model::RecordView& record, ShopTables& tables, Order& before);
  const Order* find(std::uint32_t number) const;
  const Parcel* parcel(const Order& order) const;
  /// Takes the person out of every order of the node.
  void forget(std::uint32_t order, NodeId node);
  std::size_t memory_bytes() const { return orders_.memory_bytes() + parcels_.memory_bytes(); }
  void save(ByteWriter& out) const;
  bool load(ByteReader& in, ShopTables& tables);

 private:
  Order& place(std::uint32_t number);
  Parcel& parcel_of(Order& order);
  Chunked<Order> orders_;    ///< by order number
  Chunked<Parcel> parcels_;  ///< by Order::parcel; 0 unused
};

}  // namespace rapport::views
