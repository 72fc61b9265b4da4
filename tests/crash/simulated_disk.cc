#include "simulated_disk.h"

#include <rocksdb/file_system.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "base/assert.h"
#include "base/random.h"

namespace rapport::crash {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

struct Inode {
  std::string data;
  std::size_t synced = 0;  ///< bytes of `data` that a power cut leaves
  struct Overwrite {
    std::size_t offset;
    std::string before;
  };
  std::vector<Overwrite> overwrites;  ///< unsynced, of bytes below `synced`
  bool sync_failed = false;           ///< later syncs say yes and bring nothing, as on Linux
};

using Names = std::map<std::string, std::shared_ptr<Inode>>;

/// One change of names that has not reached the disk: none of it, or all.
struct NameChange {
  std::string folder;
  std::vector<std::string> removed;
  std::vector<std::pair<std::string, std::shared_ptr<Inode>>> added;
};

std::string clean(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c != '/' || out.empty() || out.back() != '/') out.push_back(c);
  }
  while (out.size() > 1 && out.back() == '/') out.pop_back();
  return out;
}

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

}  // namespace

struct SimulatedDisk::State {
  explicit State(std::uint64_t seed) : random(seed) {}

  std::mutex mutex;
  Random random;
  Names live, durable;
  std::set<std::string> folders{"/"};
  std::vector<NameChange> unsynced;
  std::set<std::string> locks;
  std::uint64_t steps = 0, cut_at = 0, fail_at = 0, capacity = 0;
  bool powered = true;

  /// Counts a step and says whether it may happen. The caller holds the mutex.
  IOStatus step() {
    ++steps;
    if (powered && cut_at != 0 && steps >= cut_at) powered = false;
    if (!powered) return IOStatus::IOError("power cut");
    if (fail_at != 0 && steps == fail_at) return IOStatus::IOError("the disk said no");
    return IOStatus::OK();
  }
  IOStatus readable() const { return powered ? IOStatus::OK() : IOStatus::IOError("power cut"); }

  std::uint64_t bytes() const {
    std::uint64_t total = 0;
    for (const auto& [path, inode] : live) total += inode->data.size();
    return total;
  }

  IOStatus append(Inode& inode, std::string_view bytes) {
    const bool was_powered = powered;
    IOStatus status = step();
    if (!status.ok()) {
      // The step at which the power goes may have written a part.
      if (was_powered) inode.data.append(bytes.substr(0, random.below(bytes.size() + 1)));
      return status;
    }
    if (capacity != 0 && this->bytes() + bytes.size() > capacity) {
      // As much of it as there is space for, as from write(2).
      const std::uint64_t held = std::min(this->bytes(), capacity);
      inode.data.append(bytes.substr(0, std::min<std::uint64_t>(bytes.size(), capacity - held)));
      return IOStatus::NoSpace("full");
    }
    inode.data.append(bytes);
    return status;
  }

  void apply(Names& names, const NameChange& change) {
    for (const auto& path : change.removed) names.erase(path);
    for (const auto& [path, inode] : change.added) names[path] = inode;
  }
  void change_names(NameChange change) {
    apply(live, change);
    unsynced.push_back(std::move(change));
  }

  /// What a power cut leaves of a file: the synced bytes and any prefix of the rest; with holes, zeros after
  /// that, and perhaps the end of it.
  void tear(Inode& inode, Tail how) {
    const std::size_t tail = inode.data.size() - std::min(inode.synced, inode.data.size());
    const std::size_t kept = random.below(tail + 1);
    if (how == Tail::prefix || tail == kept || random.chance(0.5)) {
      inode.data.resize(inode.synced + kept);
    } else {
      const std::size_t hole = 1 + random.below(tail - kept);
      inode.data.replace(inode.synced + kept, hole, hole, '\0');
      if (random.chance(0.5)) inode.data.resize(inode.synced + kept + hole);
    }
    for (auto undo = inode.overwrites.rbegin(); undo != inode.overwrites.rend(); ++undo) {
      const std::size_t lost = random.below(undo->before.size() + 1);
      if (undo->offset + lost <= inode.data.size())
        inode.data.replace(undo->offset, lost, undo->before, 0, lost);
    }
    inode.overwrites.clear();
    inode.synced = inode.data.size();
  }
};

namespace {

using State = SimulatedDisk::State;

class WritableFile final : public rocksdb::FSWritableFile {
 public:
  WritableFile(std::shared_ptr<State> disk, std::shared_ptr<Inode> inode)
      : disk_(std::move(disk)), inode_(std::move(inode)) {}
  using rocksdb::FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    return disk_->append(*inode_, {data.data(), data.size()});
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    inode_->data.resize(size);
    inode_->synced = std::min<std::size_t>(inode_->synced, size);
    return IOStatus::OK();
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    IOStatus status = disk_->step();
    if (!status.ok()) inode_->sync_failed = true;
    if (!inode_->sync_failed) inode_->synced = inode_->data.size();
    return status;
  }
  bool IsSyncThreadSafe() const override { return true; }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    return inode_->data.size();
  }

 private:
  std::shared_ptr<State> disk_;
  std::shared_ptr<Inode> inode_;
};

IOStatus read_at(State& disk, const Inode& inode, std::uint64_t offset, std::size_t n, Slice* result,
                 char* scratch) {
  const std::lock_guard lock(disk.mutex);
  if (IOStatus status = disk.readable(); !status.ok()) return status;
  const std::size_t from = std::min<std::size_t>(offset, inode.data.size());
  const std::size_t length = std::min(n, inode.data.size() - from);
  std::copy_n(inode.data.data() + from, length, scratch);
  *result = Slice(scratch, length);
  return IOStatus::OK();
}

class SequentialFile final : public rocksdb::FSSequentialFile {
 public:
  SequentialFile(std::shared_ptr<State> disk, std::shared_ptr<Inode> inode)
      : disk_(std::move(disk)), inode_(std::move(inode)) {}
  IOStatus Read(std::size_t n, const IOOptions&, Slice* result, char* scratch, IODebugContext*) override {
    IOStatus status = read_at(*disk_, *inode_, at_, n, result, scratch);
    if (status.ok()) at_ += result->size();
    return status;
  }
  IOStatus Skip(std::uint64_t n) override {
    at_ += n;
    return IOStatus::OK();
  }

 private:
  std::shared_ptr<State> disk_;
  std::shared_ptr<Inode> inode_;
  std::uint64_t at_ = 0;
};

class RandomAccessFile final : public rocksdb::FSRandomAccessFile {
 public:
  RandomAccessFile(std::shared_ptr<State> disk, std::shared_ptr<Inode> inode)
      : disk_(std::move(disk)), inode_(std::move(inode)) {}
  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    return read_at(*disk_, *inode_, offset, n, result, scratch);
  }

 private:
  std::shared_ptr<State> disk_;
  std::shared_ptr<Inode> inode_;
};

class RandomRwFile final : public rocksdb::FSRandomRWFile {
 public:
  RandomRwFile(std::shared_ptr<State> disk, std::shared_ptr<Inode> inode)
      : disk_(std::move(disk)), inode_(std::move(inode)) {}
  IOStatus Write(std::uint64_t offset, const Slice& data, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    if (IOStatus status = disk_->step(); !status.ok()) return status;
    std::string& bytes = inode_->data;
    if (bytes.size() < offset + data.size()) bytes.resize(offset + data.size(), '\0');
    // Bytes past what is synced need no undoing: the whole tail is up to chance.
    if (offset < inode_->synced) {
      const std::size_t length = std::min<std::size_t>(data.size(), inode_->synced - offset);
      inode_->overwrites.push_back({static_cast<std::size_t>(offset), bytes.substr(offset, length)});
    }
    bytes.replace(offset, data.size(), data.data(), data.size());
    return IOStatus::OK();
  }
  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    return read_at(*disk_, *inode_, offset, n, result, scratch);
  }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    IOStatus status = disk_->step();
    if (!status.ok()) inode_->sync_failed = true;
    if (!inode_->sync_failed) {
      inode_->synced = inode_->data.size();
      inode_->overwrites.clear();
    }
    return status;
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  std::shared_ptr<State> disk_;
  std::shared_ptr<Inode> inode_;
};

class Directory final : public rocksdb::FSDirectory {
 public:
  Directory(std::shared_ptr<State> disk, std::string folder)
      : disk_(std::move(disk)), folder_(std::move(folder)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    IOStatus status = disk_->step();
    if (!status.ok()) return status;
    std::vector<NameChange> later;
    for (NameChange& change : disk_->unsynced) {
      if (change.folder == folder_) {
        disk_->apply(disk_->durable, change);
      } else {
        later.push_back(std::move(change));
      }
    }
    disk_->unsynced = std::move(later);
    return status;
  }

 private:
  std::shared_ptr<State> disk_;
  std::string folder_;
};

class Lock final : public rocksdb::FileLock {
 public:
  explicit Lock(std::string held) : path(std::move(held)) {}
  std::string path;
};

class Files final : public rocksdb::FileSystem {
 public:
  explicit Files(std::shared_ptr<State> disk) : disk_(std::move(disk)) {}
  const char* Name() const override { return "SimulatedDisk"; }

  IOStatus NewSequentialFile(const std::string& path, const FileOptions&,
                             std::unique_ptr<rocksdb::FSSequentialFile>* file, IODebugContext*) override {
    return open<SequentialFile>(path, file);
  }
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions&,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file, IODebugContext*) override {
    return open<RandomAccessFile>(path, file);
  }
  IOStatus NewRandomRWFile(const std::string& path, const FileOptions&,
                           std::unique_ptr<rocksdb::FSRandomRWFile>* file, IODebugContext*) override {
    return open<RandomRwFile>(path, file);
  }
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions&,
                              std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext*) override {
    return open<WritableFile>(path, file);
  }
  IOStatus NewWritableFile(const std::string& path, const FileOptions&,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    if (IOStatus status = disk_->step(); !status.ok()) return status;
    auto inode = std::make_shared<Inode>();
    const std::string name = clean(path);
    disk_->change_names({folder_of(name), {}, {{name, inode}}});
    *file = std::make_unique<WritableFile>(disk_, inode);
    return IOStatus::OK();
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions&,
                        std::unique_ptr<rocksdb::FSDirectory>* directory, IODebugContext*) override {
    *directory = std::make_unique<Directory>(disk_, clean(path));
    return IOStatus::OK();
  }
  IOStatus FileExists(const std::string& path, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    if (IOStatus status = disk_->readable(); !status.ok()) return status;
    const std::string name = clean(path);
    return disk_->live.count(name) != 0 || disk_->folders.count(name) != 0 ? IOStatus::OK()
                                                                           : IOStatus::NotFound(name);
  }
  IOStatus GetChildren(const std::string& path, const IOOptions&, std::vector<std::string>* names,
                       IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    if (IOStatus status = disk_->readable(); !status.ok()) return status;
    const std::string folder = clean(path);
    if (disk_->folders.count(folder) == 0) return IOStatus::NotFound(folder);
    names->clear();
    const auto take = [&](const std::string& name) {
      if (name != "/" && folder_of(name) == (folder == "/" ? "" : folder)) {
        names->push_back(name.substr(name.rfind('/') + 1));
      }
    };
    for (const auto& [name, inode] : disk_->live) take(name);
    for (const auto& name : disk_->folders) take(name);
    return IOStatus::OK();
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    if (IOStatus status = disk_->step(); !status.ok()) return status;
    const std::string name = clean(path);
    if (disk_->live.count(name) == 0) return IOStatus::NotFound(name);
    disk_->change_names({folder_of(name), {name}, {}});
    return IOStatus::OK();
  }
  IOStatus CreateDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    if (IOStatus status = disk_->readable(); !status.ok()) return status;
    return disk_->folders.insert(clean(path)).second ? IOStatus::OK() : IOStatus::IOError("exists");
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    if (IOStatus status = disk_->readable(); !status.ok()) return status;
    disk_->folders.insert(clean(path));
    return IOStatus::OK();
  }
  IOStatus DeleteDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    return disk_->folders.erase(clean(path)) != 0 ? IOStatus::OK() : IOStatus::NotFound(path);
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions&, std::uint64_t* size,
                       IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    if (IOStatus status = disk_->readable(); !status.ok()) return status;
    const auto found = disk_->live.find(clean(path));
    if (found == disk_->live.end()) return IOStatus::NotFound(path);
    *size = found->second->data.size();
    return IOStatus::OK();
  }
  IOStatus GetFileModificationTime(const std::string&, const IOOptions&, std::uint64_t* time,
                                   IODebugContext*) override {
    *time = 1;
    return IOStatus::OK();
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions&,
                      IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    if (IOStatus status = disk_->step(); !status.ok()) return status;
    const std::string source = clean(from), target = clean(to);
    if (disk_->folders.count(source) != 0) return rename_folder(source, target);
    const auto found = disk_->live.find(source);
    if (found == disk_->live.end()) return IOStatus::NotFound(source);
    disk_->change_names({folder_of(target), {source}, {{target, found->second}}});
    return IOStatus::OK();
  }
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions&,
                    IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    if (IOStatus status = disk_->step(); !status.ok()) return status;
    const auto found = disk_->live.find(clean(from));
    if (found == disk_->live.end()) return IOStatus::NotFound(from);
    const std::string target = clean(to);
    disk_->change_names({folder_of(target), {}, {{target, found->second}}});
    return IOStatus::OK();
  }
  IOStatus LockFile(const std::string& path, const IOOptions&, rocksdb::FileLock** lock,
                    IODebugContext*) override {
    const std::lock_guard guard(disk_->mutex);
    if (IOStatus status = disk_->readable(); !status.ok()) return status;
    if (!disk_->locks.insert(clean(path)).second) return IOStatus::IOError("lock " + path + ": held");
    *lock = new Lock(clean(path));
    return IOStatus::OK();
  }
  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) override {
    const std::lock_guard guard(disk_->mutex);
    disk_->locks.erase(static_cast<Lock*>(lock)->path);
    delete lock;
    return IOStatus::OK();
  }
  IOStatus GetTestDirectory(const IOOptions&, std::string* path, IODebugContext*) override {
    *path = "/test";
    return IOStatus::OK();
  }
  IOStatus GetAbsolutePath(const std::string& path, const IOOptions&, std::string* out,
                           IODebugContext*) override {
    *out = clean(path);
    return IOStatus::OK();
  }
  IOStatus IsDirectory(const std::string& path, const IOOptions&, bool* is_folder, IODebugContext*) override {
    const std::lock_guard lock(disk_->mutex);
    *is_folder = disk_->folders.count(clean(path)) != 0;
    return *is_folder || disk_->live.count(clean(path)) != 0 ? IOStatus::OK() : IOStatus::NotFound(path);
  }
  IOStatus GetFreeSpace(const std::string&, const IOOptions&, std::uint64_t* free, IODebugContext*) override {
    *free = 1ULL << 40;
    return IOStatus::OK();
  }

 private:
  template <class File, class Base>
  IOStatus open(const std::string& path, std::unique_ptr<Base>* file) {
    const std::lock_guard lock(disk_->mutex);
    if (IOStatus status = disk_->readable(); !status.ok()) return status;
    const auto found = disk_->live.find(clean(path));
    if (found == disk_->live.end()) return IOStatus::PathNotFound(path);
    *file = std::make_unique<File>(disk_, found->second);
    return IOStatus::OK();
  }

  /// Only backups rename folders; they do so at once and for good.
  IOStatus rename_folder(const std::string& source, const std::string& target) {
    Names moved;
    for (const auto& [path, inode] : disk_->live) {
      if (path.starts_with(source + "/")) moved[target + path.substr(source.size())] = inode;
    }
    std::erase_if(disk_->unsynced, [&](const NameChange& change) { return change.folder == source; });
    for (Names* names : {&disk_->live, &disk_->durable}) {
      std::erase_if(*names, [&](const auto& entry) { return entry.first.starts_with(source + "/"); });
      names->insert(moved.begin(), moved.end());
    }
    disk_->folders.erase(source);
    disk_->folders.insert(target);
    return IOStatus::OK();
  }

  std::shared_ptr<State> disk_;
};

}  // namespace

SimulatedDisk::SimulatedDisk(std::uint64_t seed)
    : state_(std::make_shared<State>(seed)), rocks_(std::make_shared<Files>(state_)) {}
SimulatedDisk::~SimulatedDisk() = default;

std::shared_ptr<rocksdb::FileSystem> SimulatedDisk::rocks() const {
  return rocks_;
}

std::uint64_t SimulatedDisk::steps() const {
  const std::lock_guard lock(state_->mutex);
  return state_->steps;
}

void SimulatedDisk::cut_power_at(std::uint64_t step) {
  const std::lock_guard lock(state_->mutex);
  state_->cut_at = step;
}

void SimulatedDisk::cut_power_now() {
  const std::lock_guard lock(state_->mutex);
  state_->powered = false;
}

void SimulatedDisk::fail_at(std::uint64_t step) {
  const std::lock_guard lock(state_->mutex);
  state_->fail_at = step;
}

void SimulatedDisk::set_capacity(std::uint64_t bytes) {
  const std::lock_guard lock(state_->mutex);
  state_->capacity = bytes;
}

void SimulatedDisk::power_on(Tail tail) {
  const std::lock_guard lock(state_->mutex);
  // Changes of names reach the disk in order, as far as they came.
  const std::uint64_t arrived = state_->random.below(state_->unsynced.size() + 1);
  for (std::uint64_t i = 0; i < arrived; ++i) state_->apply(state_->durable, state_->unsynced[i]);
  state_->unsynced.clear();
  // New inodes, so that a handle left over from before can touch nothing.
  state_->live.clear();
  for (auto& [path, inode] : state_->durable) {
    inode = std::make_shared<Inode>(*inode);
    state_->tear(*inode, tail);
    inode->sync_failed = false;
    state_->live[path] = inode;
  }
  state_->locks.clear();
  state_->cut_at = state_->fail_at = 0;
  state_->powered = true;
}

void SimulatedDisk::process_restart() {
  const std::lock_guard lock(state_->mutex);
  for (auto& [path, inode] : state_->live) inode = std::make_shared<Inode>(*inode);
  state_->durable.clear();
  for (auto& [path, inode] : state_->live) {
    inode->synced = inode->data.size();
    inode->overwrites.clear();
    state_->durable[path] = inode;
  }
  state_->unsynced.clear();
  state_->locks.clear();
  state_->cut_at = state_->fail_at = 0;
  state_->powered = true;
}

std::vector<std::string> SimulatedDisk::files() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<std::string> paths;
  for (const auto& [path, inode] : state_->live) paths.push_back(path);
  return paths;
}

std::string SimulatedDisk::read(const std::string& path) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->live.find(clean(path));
  ASSERT(found != state_->live.end());
  return found->second->data;
}

void SimulatedDisk::flip(const std::string& path, std::uint64_t bit) {
  const std::lock_guard lock(state_->mutex);
  state_->live.at(clean(path))->data.at(bit / 8) ^= static_cast<char>(1U << (bit % 8));
}

std::vector<std::string> SimulatedDisk::files_with(std::string_view needle) const {
  const std::lock_guard lock(state_->mutex);
  std::vector<std::string> paths;
  for (const auto& [path, inode] : state_->live) {
    if (inode->data.find(needle) != std::string::npos) paths.push_back(path);
  }
  return paths;
}

std::unique_ptr<SimulatedDisk> SimulatedDisk::clone(std::uint64_t seed) const {
  auto copy = std::make_unique<SimulatedDisk>(seed);
  const std::lock_guard lock(state_->mutex);
  copy->state_->folders = state_->folders;
  for (const auto& [path, inode] : state_->live) {
    auto own = std::make_shared<Inode>(*inode);
    own->synced = own->data.size();
    own->overwrites.clear();
    copy->state_->live[path] = copy->state_->durable[path] = own;
  }
  return copy;
}

}  // namespace rapport::crash
