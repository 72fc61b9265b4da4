#include <algorithm>

#include "store/detail/impl.h"
#include "store/detail/node_rows.h"
#include "store/store.h"

/// Settings, outbox, ledger and files: opaque values under names.
namespace rapport::store {

using detail::Family;
using detail::RowKey;
using detail::slice;

namespace {

Family family_of(Table table) {
  constexpr Family kFamilyOf[] = {Family::settings, Family::outbox, Family::ledger};
  return kFamilyOf[static_cast<std::size_t>(table)];
}

RowKey file_row(ShopNo shop, NodeId node, const Digest& name) {
  return RowKey().shop(shop).u32(node.value).raw(as_view(name));
}

/// Under node 0, which is nobody, stands who holds a file of a name.
RowKey holder_row(ShopNo shop, const Digest& name) {
  return file_row(shop, NodeId{}, name);
}

}  // namespace

void detail::add_change(const Store::Impl& store, const Change& change, rocksdb::WriteBatch& batch) {
  auto* family = store.family(family_of(change.table));
  const RowKey row = RowKey().shop(change.shop).raw(change.key);
  if (change.value) {
    batch.Put(family, row, slice(*change.value));
  } else {
    batch.Delete(family, row);
  }
}

Status Store::write(std::span<const Change> changes, Sync sync) {
  rocksdb::WriteBatch batch;
  for (const Change& change : changes) detail::add_change(*impl_, change, batch);
  return impl_->write(write_options(sync), batch);
}

Status Store::put(Table table, ShopNo shop, std::string_view key, std::string_view value, Sync sync) {
  const Change change{table, shop, key, value};
  return write(std::span(&change, 1), sync);
}

Status Store::remove(Table table, ShopNo shop, std::string_view key, Sync sync) {
  const Change change{table, shop, key, std::nullopt};
  return write(std::span(&change, 1), sync);
}

Result<std::optional<std::string>> Store::get(Table table, ShopNo shop, std::string_view key) const {
  return impl_->get(family_of(table), RowKey().shop(shop).raw(key));
}

Status Store::scan(Table table, ShopNo shop, std::string_view prefix,
                   const std::function<Walk(std::string_view key, std::string_view value)>& visit) const {
  const RowKey from = RowKey().shop(shop).raw(prefix);
  const RowKey end = detail::end_of_shop(shop);
  const rocksdb::Slice upper = end;
  const auto rows = impl_->walk(family_of(table), from, &upper);
  for (; rows->Valid() && rows->key().starts_with(from); rows->Next()) {
    if (visit(detail::view(rows->key()).substr(2), detail::view(rows->value())) == Walk::stop) break;
  }
  if (!rows->status().ok()) return detail::error_of(rows->status(), detail::family_name(family_of(table)));
  return {};
}

Status Store::put_file(ShopNo shop, NodeId node, const Digest& name, std::string_view sealed) {
  if (sealed.size() > kMostFileBytes) {
    return Error{Errc::too_large, fmt::format("file of {} bytes", sealed.size()), "",
                 fmt::format("at most {}", kMostFileBytes)};
  }
  // An erasure under way holds this alone: whoever comes after it finds no key and leaves nothing.
  const std::shared_lock reading(impl_->erasure_mutex);
  RAPPORT_TRY(const auto key, impl_->get(Family::keys, detail::node_key_row(shop, node)));
  if (!key) return Error{Errc::not_found, "the node has no key"};
  rocksdb::WriteBatch batch;
  batch.Put(impl_->family(Family::files), file_row(shop, node, name), slice(sealed));
  batch.Put(impl_->family(Family::files), holder_row(shop, name).u32(node.value), "");
  return impl_->write(write_options(Sync::yes), batch);
}

Result<std::optional<std::string>> Store::get_file(ShopNo shop, NodeId node, const Digest& name) const {
  return impl_->get(Family::files, file_row(shop, node, name));
}

Result<std::vector<Store::StoredFile>> Store::files_of(ShopNo shop, NodeId node) const {
  const RowKey from = RowKey().shop(shop).u32(node.value);
  const RowKey end = RowKey().shop(shop).u32(node.value).raw(std::string(33, '\xff'));
  const rocksdb::Slice upper = end;
  std::vector<StoredFile> files;
  const auto rows = impl_->walk(Family::files, from, &upper);
  for (; rows->Valid(); rows->Next()) {
    const std::string_view name = detail::view(rows->key()).substr(from.text().size());
    StoredFile file;
    if (name.size() != file.name.size()) return detail::damaged_row("files", detail::view(rows->key()));
    std::copy(name.begin(), name.end(), reinterpret_cast<char*>(file.name.data()));
    file.bytes = rows->value().size();
    files.push_back(file);
  }
  if (!rows->status().ok()) return detail::error_of(rows->status(), "files");
  return files;
}

Result<std::vector<NodeId>> Store::file_holders(ShopNo shop, const Digest& name) const {
  const RowKey from = holder_row(shop, name);
  std::vector<NodeId> nodes;
  const auto rows = impl_->walk(Family::files, from, nullptr);
  for (; rows->Valid() && rows->key().starts_with(from); rows->Next()) {
    detail::RowKeyReader key(detail::view(rows->key()).substr(from.text().size()));
    nodes.emplace_back(static_cast<std::uint32_t>(key.number(4)));
    if (!key.ok()) return detail::damaged_row("files", detail::view(rows->key()));
  }
  if (!rows->status().ok()) return detail::error_of(rows->status(), "files");
  return nodes;
}

}  // namespace rapport::store
