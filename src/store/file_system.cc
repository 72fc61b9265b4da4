#include "store/file_system.h"

#include <rocksdb/file_system.h>

namespace rapport::store {
namespace {

class RealFileSystem final : public FileSystem {
 public:
  std::shared_ptr<rocksdb::FileSystem> rocks() const override { return rocksdb::FileSystem::Default(); }
};

}  // namespace

FileSystem& FileSystem::real() {
  static RealFileSystem real;
  return real;
}

}  // namespace rapport::store
