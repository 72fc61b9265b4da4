#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace rocksdb {
class FileSystem;
}

/// The seam between the store and the disk. Every byte of a data folder is written and read through one of
/// these: the real file system when Rapport serves, a simulated one (tests/crash/simulated_disk.h) that
/// fails, tears and forgets when it is tested.
namespace rapport::store {

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// What RocksDB is given; also what the store's own files go through.
  virtual std::shared_ptr<rocksdb::FileSystem> rocks() const = 0;

  /// The operating system's. Lives as long as the program; any thread.
  static FileSystem& real();
};

}  // namespace rapport::store
