#pragma once

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "store/detail/families.h"
#include "store/detail/rows.h"
#include "store/detail/witness.h"
#include "store/store.h"

namespace rapport::store {

struct ShopState {
  ShopInfo info;
  LogHead head;
  std::uint64_t next_dead_letter = 1;
};

struct Store::Impl {
  StoreOptions options;
  std::shared_ptr<rocksdb::FileSystem> fs;
  std::unique_ptr<rocksdb::Env> env;
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  std::unique_ptr<detail::Witness> witness;

  /// Serialises appends and the making of shops.
  std::mutex append_mutex;
  /// Guards `shops`. Never held across a write.
  mutable std::mutex shops_mutex;
  std::vector<ShopState> shops;  ///< shop n at n - 1
  std::atomic<bool> poisoned{false}, wants_space{false};

  /// Held shared by whoever reads keys or node rows or makes a backup (a reader pins the files it reads), and
  /// alone by erasure, which has to see those files go.
  mutable std::shared_mutex erasure_mutex;

  std::mutex stop_mutex;
  std::condition_variable stop_signal;
  bool stopping = false;
  std::thread witness_thread;

  ~Impl();

  rocksdb::ColumnFamilyHandle* family(detail::Family family) const {
    return families[static_cast<std::size_t>(family)];
  }
  std::string database_path() const { return options.path + "/db"; }
  std::string checkpoint_folder() const { return options.path + "/checkpoints"; }
  std::string backup_database_path(const std::string& folder) const { return folder + "/db"; }

  LogHead head(ShopNo shop) const;

  /// Every write passes here. Errors: unavailable after a failed one; io for this one, which poisons the
  /// store.
  Status write(const rocksdb::WriteOptions& how, rocksdb::WriteBatch& batch);
  /// A failure of the disk outside RocksDB counts as a failed write, too.
  Error poison(Error error);
  /// none = no such row.
  Result<std::optional<std::string>> get(detail::Family family, const detail::RowKey& key) const;
  /// An iterator over keys in [from, to) for one pass: reads ahead and leaves the cache alone. `to` must
  /// outlive the iterator.
  std::unique_ptr<rocksdb::Iterator> walk(detail::Family family, const rocksdb::Slice& from,
                                          const rocksdb::Slice* to) const;

  // open.cc
  Status open_database();
  Status load_shops();
  Status load_head(ShopState& shop);
  /// The chain of the last batches, and the witness.
  Status check_tail(const ShopState& shop);
  Status check_witness(const ShopState& shop);
  void start_witness_thread();

  // erasure.cc; the caller holds erasure_mutex alone, or is opening the store.
  struct Range {
    detail::Family family;
    std::string from, to;  ///< both inclusive
  };
  /// Writes the deletions and makes the bytes of these ranges' deleted rows leave the folder.
  Status delete_for_good(rocksdb::WriteBatch& deletions, const std::vector<Range>& ranges);
  /// Completes what a crash interrupted; nothing when nothing is pending.
  Status finish_purge();
  Status purge(const std::vector<Range>& ranges);
};

namespace detail {
/// Adds one change of the small tables to a write.
void add_change(const Store::Impl& store, const Change& change, rocksdb::WriteBatch& batch);
}  // namespace detail

inline rocksdb::WriteOptions write_options(Sync sync) {
  rocksdb::WriteOptions how;
  how.sync = sync == Sync::yes;
  return how;
}

/// For followers: their rows can be made again from the log.
inline rocksdb::WriteOptions follower_write_options() {
  rocksdb::WriteOptions how;
  how.disableWAL = true;
  return how;
}

}  // namespace rapport::store
