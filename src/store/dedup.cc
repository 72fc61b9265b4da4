#include "codec/record.h"
#include "store/detail/impl.h"
#include "store/store.h"

/// De-duplication ids. Those of the window are kept in one row a batch, because a row an event is ten times
/// dearer; import ids stay for good and are looked up one by one, so each has its row.
namespace rapport::store {

using detail::Family;
using detail::RowKey;

Status Store::load_dedup(ShopNo shop, Instant since,
                         const std::function<void(const DedupEntry&)>& visit) const {
  const RowKey end = detail::end_of_shop(shop);
  const rocksdb::Slice upper = end;
  const auto rows = impl_->walk(Family::dedup, RowKey().shop(shop), &upper);
  for (; rows->Valid(); rows->Next()) {
    detail::RowKeyReader key(detail::view(rows->key()).substr(2));
    const std::uint64_t first = key.number(8);
    ByteReader in(detail::view(rows->value()));
    if (Instant{in.i64()} < since && in.ok()) continue;
    while (in.ok() && !in.at_end()) {
      DedupEntry entry;
      entry.seq = EventSeq{first + in.varint()};
      entry.id.high = in.u64();
      entry.id.low = in.u64();
      if (in.ok()) visit(entry);
    }
    if (!key.ok() || !in.ok()) return detail::damaged_row("dedup", detail::view(rows->key()));
  }
  if (!rows->status().ok()) return detail::error_of(rows->status(), "dedup");
  return {};
}

Status Store::expire_dedup(ShopNo shop, Instant before) {
  const RowKey start = RowKey().shop(shop);
  const RowKey end = detail::end_of_shop(shop);
  const rocksdb::Slice upper = end;
  const auto rows = impl_->walk(Family::dedup, start, &upper);
  std::string first_kept = end.text();
  bool any = false;
  for (; rows->Valid(); rows->Next()) {
    if (Instant{ByteReader(detail::view(rows->value())).i64()} >= before) {
      first_kept = rows->key().ToString();
      break;
    }
    any = true;
  }
  if (!rows->status().ok()) return detail::error_of(rows->status(), "dedup");
  if (!any) return {};
  rocksdb::WriteBatch batch;
  batch.DeleteRange(impl_->family(Family::dedup), start, first_kept);
  return impl_->write(write_options(Sync::no), batch);
}

Result<std::optional<EventSeq>> Store::find_import_id(ShopNo shop, const Hash128& id) const {
  RAPPORT_TRY(const auto found, find_import_ids(shop, std::span(&id, 1)));
  return found.front();
}

Result<std::vector<std::optional<EventSeq>>> Store::find_import_ids(ShopNo shop,
                                                                    std::span<const Hash128> ids) const {
  std::vector<std::string> keys;
  std::vector<rocksdb::Slice> slices;
  keys.reserve(ids.size());
  for (const Hash128& id : ids) {
    keys.push_back(RowKey().shop(shop).hash(id).text());
    slices.emplace_back(keys.back());
  }
  std::vector<rocksdb::PinnableSlice> values(ids.size());
  std::vector<rocksdb::Status> statuses(ids.size());
  impl_->db->MultiGet(rocksdb::ReadOptions(), impl_->family(Family::imports), ids.size(), slices.data(),
                      values.data(), statuses.data());
  std::vector<std::optional<EventSeq>> found(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return detail::error_of(statuses[i], "imports");
    detail::RowKeyReader in(detail::view(values[i]));
    found[i] = EventSeq{in.number(8)};
    if (!in.ok()) return detail::damaged_row("imports", keys[i]);
  }
  return found;
}

}  // namespace rapport::store
