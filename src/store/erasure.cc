#include <algorithm>

#include "base/log.h"
#include "store/detail/impl.h"
#include "store/detail/node_rows.h"
#include "store/store.h"

/// A deleted row of RocksDB stays in its file until a compaction passes, and in the write-ahead log until
/// that is dropped; erasure waits for neither.
namespace rapport::store {

using detail::Family;
using detail::RowKey;

Status Store::Impl::purge(const std::vector<Range>& ranges) {
  // 1. Out of the memtables: with every family flushed, no write-ahead log is needed any more and all of them
  //    are deleted.
  rocksdb::FlushOptions flush;
  flush.wait = true;
  flush.allow_write_stall = true;
  auto status = db->Flush(flush, families);
  if (!status.ok()) return poison(detail::error_of(status, "flush for erasure"));
  // 2. Out of the files: the touched ranges are rewritten down to the bottom level.
  rocksdb::CompactRangeOptions compact;
  compact.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  compact.allow_write_stall = true;
  for (const Range& range : ranges) {
    const rocksdb::Slice from(range.from), to(range.to);
    status = db->CompactRange(compact, family(range.family), &from, &to);
    if (!status.ok()) return poison(detail::error_of(status, "compaction for erasure"));
  }
  // 3. Off the disk: files that nothing uses are deleted now and not when RocksDB next thinks of it.
  status = db->DisableFileDeletions();
  if (status.ok()) status = db->EnableFileDeletions(/*force=*/true);
  if (!status.ok()) return poison(detail::error_of(status, "deletion for erasure"));
  return {};
}

namespace {

/// What still has to be purged is a row of its own, written with the deletions: a crash between the two must
/// not leave the bytes behind, so opening the folder looks for it.
constexpr std::string_view kPendingKey = "purge_pending";

std::string encode_ranges(const std::vector<Store::Impl::Range>& ranges) {
  std::string bytes;
  ByteWriter out(bytes);
  for (const auto& range : ranges) {
    out.u8(static_cast<std::uint8_t>(range.family));
    out.text(range.from);
    out.text(range.to);
  }
  return bytes;
}

Result<std::vector<Store::Impl::Range>> decode_ranges(std::string_view bytes) {
  std::vector<Store::Impl::Range> ranges;
  ByteReader in(bytes);
  while (in.ok() && !in.at_end()) {
    const std::uint8_t family = in.u8();
    ranges.push_back({Family{family}, std::string(in.text()), std::string(in.text())});
    if (family >= detail::kFamilies) return detail::damaged_row("meta", kPendingKey);
  }
  if (!in.ok()) return detail::damaged_row("meta", kPendingKey);
  return ranges;
}

}  // namespace

Status Store::Impl::delete_for_good(rocksdb::WriteBatch& deletions, const std::vector<Range>& ranges) {
  deletions.Put(family(Family::meta), detail::slice(kPendingKey), encode_ranges(ranges));
  RAPPORT_CHECK(write(write_options(Sync::yes), deletions));
  return finish_purge();
}

Status Store::Impl::finish_purge() {
  RAPPORT_TRY(const std::optional<std::string> pending, get(Family::meta, RowKey().raw(kPendingKey)));
  if (!pending) return {};
  RAPPORT_TRY(const std::vector<Range> ranges, decode_ranges(*pending));
  RAPPORT_CHECK(purge(ranges));
  rocksdb::WriteBatch done;
  done.Delete(family(Family::meta), detail::slice(kPendingKey));
  return write(write_options(Sync::no), done);
}

Status Store::destroy_keys(ShopNo shop, std::span<const NodeId> nodes) {
  const std::unique_lock erasing(impl_->erasure_mutex);
  rocksdb::WriteBatch batch;
  std::vector<Impl::Range> ranges;
  for (const NodeId node : nodes) {
    const RowKey key_row = detail::node_key_row(shop, node);
    RAPPORT_TRY(const std::optional<std::string> row, impl_->get(Family::keys, key_row));
    batch.Put(impl_->family(Family::meta), detail::erased_row(shop, node), "");
    RAPPORT_TRY(const std::vector<StoredFile> files, files_of(shop, node));
    for (const StoredFile& file : files) {
      const RowKey held = RowKey().shop(shop).u32(node.value).raw(as_view(file.name));
      const RowKey holder = RowKey().shop(shop).u32(0).raw(as_view(file.name)).u32(node.value);
      batch.Delete(impl_->family(Family::files), held);
      batch.Delete(impl_->family(Family::files), holder);
      ranges.push_back({Family::files, held.text(), held.text()});
      ranges.push_back({Family::files, holder.text(), holder.text()});
    }
    if (!row) continue;
    RAPPORT_TRY(const detail::KeyRow key, detail::parse_key_row(*row));
    const RowKey index_row = RowKey().shop(shop).hash(key.hash);
    batch.Delete(impl_->family(Family::keys), key_row);
    batch.Delete(impl_->family(Family::nodes), index_row);
    ranges.push_back({Family::keys, key_row.text(), key_row.text()});
    ranges.push_back({Family::nodes, index_row.text(), index_row.text()});
  }
  if (ranges.empty()) return impl_->write(write_options(Sync::yes), batch);
  // Many scattered rows touch most files anyway: then one pass over the whole shop is the shorter way.
  constexpr std::size_t kMostSingleRanges = 32;
  if (ranges.size() > kMostSingleRanges) {
    const std::string from = RowKey().shop(shop).text();
    const std::string to = detail::end_of_shop(shop).text();
    const bool any_file = std::any_of(ranges.begin(), ranges.end(),
                                      [](const Impl::Range& range) { return range.family == Family::files; });
    ranges = {{Family::keys, from, to}, {Family::nodes, from, to}};
    if (any_file) ranges.push_back({Family::files, from, to});
  }
  return impl_->delete_for_good(batch, ranges);
}

Result<std::vector<NodeId>> Store::erased_nodes(ShopNo shop) const {
  const std::string prefix = RowKey().raw("erased/").shop(shop).text();
  const RowKey end = RowKey().raw(prefix).u64(~0ULL);
  const rocksdb::Slice upper = end;
  const auto rows = impl_->walk(Family::meta, prefix, &upper);
  std::vector<NodeId> nodes;
  for (; rows->Valid(); rows->Next()) {
    detail::RowKeyReader key(detail::view(rows->key()).substr(prefix.size()));
    nodes.emplace_back(static_cast<std::uint32_t>(key.number(4)));
    if (!key.ok()) return detail::damaged_row("meta", detail::view(rows->key()));
  }
  if (!rows->status().ok()) return detail::error_of(rows->status(), "erased");
  return nodes;
}

}  // namespace rapport::store
