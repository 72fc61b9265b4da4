#include "store/detail/files.h"

#include <algorithm>

#include "store/detail/rows.h"

namespace rapport::store::detail {
namespace {

constexpr std::size_t kCopyBytes = 1 << 20;
const rocksdb::IOOptions kIo;

Status copy_file(rocksdb::FileSystem& fs, const std::string& from, const std::string& to) {
  std::unique_ptr<rocksdb::FSSequentialFile> in;
  std::unique_ptr<rocksdb::FSWritableFile> out;
  rocksdb::IOStatus status = fs.NewSequentialFile(from, rocksdb::FileOptions(), &in, nullptr);
  if (status.ok()) status = fs.NewWritableFile(to, rocksdb::FileOptions(), &out, nullptr);
  std::string scratch(kCopyBytes, '\0');
  for (bool more = true; more && status.ok();) {
    rocksdb::Slice bytes;
    status = in->Read(scratch.size(), kIo, &bytes, scratch.data(), nullptr);
    more = status.ok() && !bytes.empty();
    if (more) status = out->Append(bytes, kIo, nullptr);
  }
  if (status.ok()) status = out->Sync(kIo, nullptr);
  if (status.ok()) status = out->Close(kIo, nullptr);
  if (!status.ok()) return error_of(status, from);
  return {};
}

}  // namespace

Status make_folders(rocksdb::FileSystem& fs, const std::string& path) {
  for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
    const std::string part = path.substr(0, at);
    const auto status = fs.CreateDirIfMissing(part, kIo, nullptr);
    if (!status.ok()) return error_of(status, part);
    if (at == std::string::npos) return {};
  }
}

Result<std::vector<std::string>> list_folder(rocksdb::FileSystem& fs, const std::string& path) {
  std::vector<std::string> names;
  const auto status = fs.GetChildren(path, kIo, &names, nullptr);
  if (status.IsNotFound() || status.IsPathNotFound()) return std::vector<std::string>();
  if (!status.ok()) return error_of(status, path);
  std::erase_if(names, [](const std::string& name) { return name == "." || name == ".."; });
  std::sort(names.begin(), names.end());
  return names;
}

bool is_folder(rocksdb::FileSystem& fs, const std::string& path) {
  bool folder = false;
  return fs.IsDirectory(path, kIo, &folder, nullptr).ok() && folder;
}

Status copy_tree(rocksdb::FileSystem& fs, const std::string& from, const std::string& to) {
  RAPPORT_CHECK(make_folders(fs, to));
  RAPPORT_TRY(const std::vector<std::string> names, list_folder(fs, from));
  for (const std::string& name : names) {
    const std::string source = from + "/" + name, target = to + "/" + name;
    RAPPORT_CHECK(is_folder(fs, source) ? copy_tree(fs, source, target) : copy_file(fs, source, target));
  }
  return sync_folder(fs, to);
}

Status remove_tree(rocksdb::FileSystem& fs, const std::string& path) {
  RAPPORT_TRY(const std::vector<std::string> names, list_folder(fs, path));
  for (const std::string& name : names) {
    const std::string child = path + "/" + name;
    if (is_folder(fs, child)) {
      RAPPORT_CHECK(remove_tree(fs, child));
    } else if (const auto status = fs.DeleteFile(child, kIo, nullptr); !status.ok()) {
      return error_of(status, child);
    }
  }
  if (const auto status = fs.DeleteDir(path, kIo, nullptr); !status.ok()) return error_of(status, path);
  return {};
}

Status sync_folder(rocksdb::FileSystem& fs, const std::string& path) {
  std::unique_ptr<rocksdb::FSDirectory> directory;
  auto status = fs.NewDirectory(path, kIo, &directory, nullptr);
  if (status.ok()) status = directory->Fsync(kIo, nullptr);
  if (!status.ok()) return error_of(status, path);
  return {};
}

Result<std::uint64_t> tree_bytes(rocksdb::FileSystem& fs, const std::string& path) {
  RAPPORT_TRY(const std::vector<std::string> names, list_folder(fs, path));
  std::uint64_t total = 0;
  for (const std::string& name : names) {
    const std::string child = path + "/" + name;
    if (is_folder(fs, child)) {
      RAPPORT_TRY(const std::uint64_t below, tree_bytes(fs, child));
      total += below;
      continue;
    }
    std::uint64_t size = 0;
    // A file may vanish between listing and looking: RocksDB deletes what it no longer needs.
    if (fs.GetFileSize(child, kIo, &size, nullptr).ok()) total += size;
  }
  return total;
}

}  // namespace rapport::store::detail
