#include <algorithm>

#include "store/detail/dead_letter_rows.h"
#include "store/detail/impl.h"
#include "store/store.h"

/// Keys of the folder's own: rows of the family `keys` under shop 0, which no shop's number is.
namespace rapport::store {

using detail::Family;
using detail::RowKey;

namespace {

RowKey named_key_row(std::string_view name) {
  return RowKey().shop(ShopNo{0}).u8(detail::kNamedKeyTag).raw(name);
}

}  // namespace

Status Store::put_named_key(std::string_view name, const codec::NodeKey& key) {
  rocksdb::WriteBatch batch;
  batch.Put(impl_->family(Family::keys), named_key_row(name),
            detail::slice({reinterpret_cast<const char*>(key.data()), key.size()}));
  return impl_->write(write_options(Sync::yes), batch);
}

Result<std::optional<codec::NodeKey>> Store::named_key(std::string_view name) const {
  const std::shared_lock reading(impl_->erasure_mutex);
  const RowKey row = named_key_row(name);
  RAPPORT_TRY(const std::optional<std::string> stored, impl_->get(Family::keys, row));
  if (!stored) return std::optional<codec::NodeKey>();
  codec::NodeKey key{};
  if (stored->size() != key.size()) return detail::damaged_row("keys", row.text());
  std::copy(stored->begin(), stored->end(), reinterpret_cast<char*>(key.data()));
  return std::optional<codec::NodeKey>(key);
}

Status Store::destroy_named_key(std::string_view name) {
  const std::unique_lock erasing(impl_->erasure_mutex);
  const RowKey row = named_key_row(name);
  RAPPORT_TRY(const std::optional<std::string> stored, impl_->get(Family::keys, row));
  if (!stored) return {};
  rocksdb::WriteBatch batch;
  batch.Delete(impl_->family(Family::keys), row);
  return impl_->delete_for_good(batch, {{Family::keys, row.text(), row.text()}});
}

}  // namespace rapport::store
