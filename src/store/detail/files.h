#pragma once

#include <rocksdb/file_system.h>

#include <string>
#include <vector>

#include "base/result.h"

/// The few things that the store does with files of its own.
namespace rapport::store::detail {

/// mkdir -p.
Status make_folders(rocksdb::FileSystem& fs, const std::string& path);
/// Names without "." and "..", sorted; a folder that is absent has none.
Result<std::vector<std::string>> list_folder(rocksdb::FileSystem& fs, const std::string& path);
bool is_folder(rocksdb::FileSystem& fs, const std::string& path);
/// Files and folders below `from`, synced. `to` must not exist.
Status copy_tree(rocksdb::FileSystem& fs, const std::string& from, const std::string& to);
Status remove_tree(rocksdb::FileSystem& fs, const std::string& path);
Status sync_folder(rocksdb::FileSystem& fs, const std::string& path);
Result<std::uint64_t> tree_bytes(rocksdb::FileSystem& fs, const std::string& path);

}  // namespace rapport::store::detail
