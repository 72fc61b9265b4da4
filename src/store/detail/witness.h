#pragma once

#include <rocksdb/file_system.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/id.h"
#include "base/result.h"

/// The witness remembers, outside RocksDB, how far each shop's log was acknowledged. RocksDB must take a
/// write-ahead log that ends in an unfinished record for the trace of a power cut; when damage makes it end
/// so, acknowledged records would be gone without a word. The witness knows better: the log must reach at
/// least the seq it names, with the digest it names.
///
/// It is written after each append and brought to the disk once a second and at close, so it may lag behind
/// the log by that much after a power cut, and never runs ahead of it.
///
/// File: 64 bytes head ("RAPPORT WITNESS 1", zeros), then for shop n, from 1, two slots of 64 bytes at
/// 64 + (n - 1) * 128, written in turn so that a torn slot leaves the other: check (first 8 bytes of SHA-256
/// of the rest), seq (8, little-endian), digest of the batch that ends at seq (32), shop (2), zeros. A slot
/// of zeros is empty.
namespace rapport::store::detail {

class Witness {
 public:
  struct Mark {
    EventSeq seq;
    Digest digest{};
  };

  /// Makes the file, synced with its folder. It must not exist.
  static Status create(rocksdb::FileSystem& fs, const std::string& folder);
  /// Errors: corrupt when the file is missing or not a witness.
  static Result<std::unique_ptr<Witness>> open(rocksdb::FileSystem& fs, const std::string& folder);
  static std::string path_in(const std::string& folder) { return folder + "/witness"; }

  /// none: nothing was witnessed, or what was is torn.
  Result<std::optional<Mark>> mark(ShopNo shop);
  /// Unsynced. Any thread.
  Status record(ShopNo shop, const Mark& mark);
  /// Syncs if anything was recorded since. Any thread.
  Status sync();

 private:
  explicit Witness(std::unique_ptr<rocksdb::FSRandomRWFile> file) : file_(std::move(file)) {}
  std::mutex mutex_;
  std::unique_ptr<rocksdb::FSRandomRWFile> file_;
  std::vector<std::uint8_t> parity_;  ///< by shop: the slot written last
  bool dirty_ = false;
};

}  // namespace rapport::store::detail
