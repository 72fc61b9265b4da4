#pragma once

#include "store/detail/dead_letter_rows.h"
#include "store/detail/rows.h"
#include "store/store.h"

/// Rows of the families `nodes` and `keys`.
namespace rapport::store::detail {

struct KeyRow {
  codec::NodeKey key{};
  Hash128 hash;  ///< leads back to the index entry
  model::IdentifierKind kind = model::IdentifierKind::user_id;
  std::string_view sealed_value;  ///< borrowed from the row; "" in rows of before 0.2
};

inline RowKey node_key_row(ShopNo shop, NodeId node) {
  return RowKey().shop(shop).u8(kNodeKeyTag).u32(node.value);
}

/// A row of the ledger of erasures, in the family `meta`.
inline RowKey erased_row(ShopNo shop, NodeId node) {
  return RowKey().raw("erased/").shop(shop).u32(node.value);
}

Result<NodeRow> parse_node_row(const Hash128& hash, std::string_view row);
Result<KeyRow> parse_key_row(std::string_view row);

}  // namespace rapport::store::detail
