#include "store/detail/impl.h"
#include "store/store.h"

/// Settings, outbox and files: opaque values under names.
namespace rapport::store {

using detail::Family;
using detail::RowKey;
using detail::slice;

namespace {

Family family_of(Table table) {
  return table == Table::settings ? Family::settings : Family::outbox;
}

RowKey file_row(ShopNo shop, NodeId node, const Digest& name) {
  return RowKey().shop(shop).u32(node.value).raw(as_view(name));
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
  rocksdb::WriteBatch batch;
  batch.Put(impl_->family(Family::files), file_row(shop, node, name), slice(sealed));
  return impl_->write(write_options(Sync::yes), batch);
}

Result<std::optional<std::string>> Store::get_file(ShopNo shop, NodeId node, const Digest& name) const {
  return impl_->get(Family::files, file_row(shop, node, name));
}

}  // namespace rapport::store
