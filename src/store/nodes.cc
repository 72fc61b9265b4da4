#include "codec/record.h"
#include "store/detail/dead_letter_rows.h"
#include "store/detail/impl.h"
#include "store/detail/node_rows.h"
#include "store/store.h"

/// The index of nodes and the keyring.
namespace rapport::store {

using detail::Family;
using detail::RowKey;

namespace detail {

Result<NodeRow> parse_node_row(const Hash128& hash, std::string_view row) {
  ByteReader in(row);
  NodeRow node{NodeId{in.u32()}, model::IdentifierKind{in.u8()}, hash};
  if (!in.ok() || !in.at_end() || node.node.value == 0) {
    return damaged_row("nodes", RowKey().hash(hash).text());
  }
  return node;
}

Result<KeyRow> parse_key_row(std::string_view row) {
  ByteReader in(row);
  KeyRow key;
  const std::string_view bytes = in.raw(key.key.size());
  key.hash.high = in.u64();
  key.hash.low = in.u64();
  key.kind = model::IdentifierKind{in.u8()};
  key.sealed_value = in.rest();
  if (!in.ok()) return Error{Errc::corrupt, "row of keys is not what was written"};
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(key.key.data()));
  return key;
}

}  // namespace detail

Result<std::optional<NodeRow>> Store::find_node(ShopNo shop, const Hash128& hash) const {
  const std::shared_lock reading(impl_->erasure_mutex);
  RAPPORT_TRY(const std::optional<std::string> row,
              impl_->get(Family::nodes, RowKey().shop(shop).hash(hash)));
  if (!row) return std::optional<NodeRow>();
  RAPPORT_TRY(const NodeRow node, detail::parse_node_row(hash, *row));
  return std::optional<NodeRow>(node);
}

Status Store::load_nodes(ShopNo shop, const std::function<void(const NodeRow&)>& visit) const {
  const std::shared_lock reading(impl_->erasure_mutex);
  const RowKey end = detail::end_of_shop(shop);
  const rocksdb::Slice upper = end;
  const auto rows = impl_->walk(Family::nodes, RowKey().shop(shop), &upper);
  for (; rows->Valid(); rows->Next()) {
    detail::RowKeyReader key(detail::view(rows->key()).substr(2));
    const Hash128 hash = key.hash();
    if (!key.ok()) return detail::damaged_row("nodes", detail::view(rows->key()));
    RAPPORT_TRY(const NodeRow node, detail::parse_node_row(hash, detail::view(rows->value())));
    visit(node);
  }
  if (!rows->status().ok()) return detail::error_of(rows->status(), "nodes");
  return {};
}

Result<NodeId> Store::last_node(ShopNo shop) const {
  RAPPORT_TRY(const std::optional<std::string> row,
              impl_->get(Family::meta, RowKey().raw("last_node/").shop(shop)));
  if (!row) return NodeId{};
  detail::RowKeyReader in(*row);
  const NodeId node{static_cast<std::uint32_t>(in.number(4))};
  if (!in.ok()) return detail::damaged_row("meta", "last_node");
  return node;
}

Status Store::reserve_nodes(ShopNo shop, NodeId highest) {
  const std::lock_guard appending(impl_->append_mutex);
  RAPPORT_TRY(const NodeId last, last_node(shop));
  if (highest <= last) return {};
  rocksdb::WriteBatch batch;
  batch.Put(impl_->family(Family::meta), RowKey().raw("last_node/").shop(shop),
            RowKey().u32(highest.value).text());
  return impl_->write(write_options(Sync::yes), batch);
}

Result<std::optional<codec::NodeKey>> Store::key(ShopNo shop, NodeId node) const {
  RAPPORT_TRY(const auto found, keys(shop, std::span(&node, 1)));
  return found.front();
}

Result<std::optional<StoredKey>> Store::key_and_value(ShopNo shop, NodeId node) const {
  const std::shared_lock reading(impl_->erasure_mutex);
  rocksdb::PinnableSlice row;
  const rocksdb::Status found = impl_->db->Get(rocksdb::ReadOptions(), impl_->family(Family::keys),
                                               detail::node_key_row(shop, node), &row);
  if (found.IsNotFound()) return std::optional<StoredKey>();
  if (!found.ok()) return detail::error_of(found, "keys");
  RAPPORT_TRY(const detail::KeyRow key, detail::parse_key_row(detail::view(row)));
  return std::optional<StoredKey>({key.key, std::string(key.sealed_value)});
}

Result<NodeId> Store::walk_keys(ShopNo shop, NodeId after, std::size_t most,
                                const std::function<void(NodeId, const StoredKey&)>& visit) const {
  const std::shared_lock reading(impl_->erasure_mutex);
  const RowKey end = RowKey().shop(shop).u8(detail::kNodeKeyTag + 1);
  const rocksdb::Slice upper = end;
  const auto rows = impl_->walk(Family::keys, detail::node_key_row(shop, NodeId{after.value + 1}), &upper);
  NodeId last = after;
  StoredKey stored;
  for (std::size_t n = 0; n < most && rows->Valid(); ++n, rows->Next()) {
    detail::RowKeyReader key(detail::view(rows->key()).substr(3));
    last = NodeId{static_cast<std::uint32_t>(key.number(4))};
    if (!key.ok()) return detail::damaged_row("keys", detail::view(rows->key()));
    RAPPORT_TRY(const detail::KeyRow row, detail::parse_key_row(detail::view(rows->value())));
    stored.key = row.key;
    stored.sealed_value = row.sealed_value;
    visit(last, stored);
  }
  if (!rows->status().ok()) return detail::error_of(rows->status(), "keys");
  return last;
}

Result<std::vector<std::optional<codec::NodeKey>>> Store::keys(ShopNo shop,
                                                               std::span<const NodeId> nodes) const {
  const std::shared_lock reading(impl_->erasure_mutex);
  std::vector<std::string> rows;
  std::vector<rocksdb::Slice> slices;
  rows.reserve(nodes.size());
  for (const NodeId node : nodes) {
    rows.push_back(detail::node_key_row(shop, node).text());
    slices.emplace_back(rows.back());
  }
  std::vector<rocksdb::PinnableSlice> values(nodes.size());
  std::vector<rocksdb::Status> statuses(nodes.size());
  impl_->db->MultiGet(rocksdb::ReadOptions(), impl_->family(Family::keys), nodes.size(), slices.data(),
                      values.data(), statuses.data());
  std::vector<std::optional<codec::NodeKey>> found(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return detail::error_of(statuses[i], "keys");
    RAPPORT_TRY(const detail::KeyRow key, detail::parse_key_row(detail::view(values[i])));
    found[i] = key.key;
  }
  return found;
}

}  // namespace rapport::store
