#include <algorithm>
#include <charconv>

#include "base/assert.h"
#include "base/log.h"
#include "store/detail/files.h"
#include "store/detail/impl.h"
#include "store/detail/read_log.h"
#include "store/store.h"

/// A checkpoint is one file: written beside, synced, renamed. It stays outside RocksDB because hundreds of
/// megabytes that are written once and deleted whole would be copied by every compaction, and because a
/// deleted file is gone at once.
///
/// File: "RAPPORT CHECKPT 1", u16 shop, u64 seq, 32 B log digest, u32 view version, 32 B state hash, 32 B
/// SHA-256 of all that; then chunks: u32 length, 32 B SHA-256 of (u64 number of the chunk, bytes), bytes; at
/// the end u32 0xffffffff and u64 number of chunks.
namespace rapport::store {

using detail::Family;
using detail::RowKey;

namespace {

constexpr std::string_view kMagic = "RAPPORT CHECKPT 1";
constexpr std::uint32_t kEndMark = 0xffff'ffff;
constexpr std::size_t kHeadBytes = 17 + 2 + 8 + 32 + 4 + 32 + 32;
constexpr std::size_t kTrailerBytes = 4 + 8;
const rocksdb::IOOptions kIo;

std::string file_prefix(ShopNo shop) {
  return fmt::format("{}-", shop.value);
}
std::string file_name(ShopNo shop, EventSeq seq) {
  return fmt::format("{}{:020}.checkpoint", file_prefix(shop), seq.value);
}

std::string encode_head(ShopNo shop, const CheckpointHead& head) {
  std::string bytes;
  ByteWriter out(bytes);
  out.raw(kMagic);
  out.u16(shop.value);
  out.u64(head.seq.value);
  out.raw(as_view(head.log_digest));
  out.u32(head.view_version);
  out.raw(as_view(head.state_hash));
  out.raw(as_view(sha256(bytes)));
  return bytes;
}

void copy_digest(std::string_view from, Digest& to) {
  std::copy(from.begin(), from.end(), reinterpret_cast<char*>(to.data()));
}

std::optional<CheckpointHead> decode_head(ShopNo shop, std::string_view bytes) {
  ByteReader in(bytes);
  CheckpointHead head;
  in.raw(kMagic.size());
  in.u16();
  head.seq = EventSeq{in.u64()};
  const std::string_view log_digest = in.raw(32);
  head.view_version = in.u32();
  const std::string_view state_hash = in.raw(32);
  if (!in.ok()) return std::nullopt;
  copy_digest(log_digest, head.log_digest);
  copy_digest(state_hash, head.state_hash);
  if (encode_head(shop, head) != bytes) return std::nullopt;
  return head;
}

Digest chunk_digest(std::uint64_t number, std::string_view chunk) {
  Sha256 hash;
  hash.update(RowKey().u64(number).text());
  hash.update(chunk);
  return hash.finish();
}

/// Reads a checkpoint from front to back.
class CheckpointFile {
 public:
  static Result<CheckpointFile> open(rocksdb::FileSystem& fs, const std::string& path) {
    CheckpointFile file(path);
    auto status = fs.NewSequentialFile(path, rocksdb::FileOptions(), &file.file_, nullptr);
    if (status.ok()) status = fs.GetFileSize(path, kIo, &file.size_, nullptr);
    if (!status.ok()) return detail::error_of(status, path);
    return file;
  }
  std::uint64_t size() const { return size_; }
  Error damaged() const { return Error{Errc::corrupt, "checkpoint is not what was written", path_}; }

  /// Exactly n bytes. Errors: corrupt when the file ends before.
  Result<std::string> read(std::size_t n) {
    if (n > size_) return damaged();
    std::string bytes(n, '\0');
    std::size_t have = 0;
    while (have < n) {
      rocksdb::Slice part;
      const auto status = file_->Read(n - have, kIo, &part, bytes.data() + have, nullptr);
      if (!status.ok()) return detail::error_of(status, path_);
      if (part.empty()) return damaged();
      if (part.data() != bytes.data() + have) std::copy_n(part.data(), part.size(), bytes.data() + have);
      have += part.size();
    }
    return bytes;
  }
  Status skip(std::uint64_t n) {
    const auto status = file_->Skip(n);
    if (!status.ok()) return detail::error_of(status, path_);
    return {};
  }

 private:
  explicit CheckpointFile(std::string path) : path_(std::move(path)) {}
  std::string path_;
  std::unique_ptr<rocksdb::FSSequentialFile> file_;
  std::uint64_t size_ = 0;
};

/// The head, if head and trailer are whole; chunks are checked when they are read.
Result<std::optional<CheckpointHead>> read_head(rocksdb::FileSystem& fs, ShopNo shop,
                                                const std::string& path) {
  RAPPORT_TRY(CheckpointFile file, CheckpointFile::open(fs, path));
  if (file.size() < kHeadBytes + kTrailerBytes) return std::optional<CheckpointHead>();
  RAPPORT_TRY(const std::string head, file.read(kHeadBytes));
  RAPPORT_CHECK(file.skip(file.size() - kHeadBytes - kTrailerBytes));
  RAPPORT_TRY(const std::string trailer, file.read(kTrailerBytes));
  if (ByteReader(trailer).u32() != kEndMark) return std::optional<CheckpointHead>();
  std::optional<CheckpointHead> decoded = decode_head(shop, head);
  if (decoded) decoded->bytes = file.size();
  return decoded;
}

/// Paths of this shop's checkpoints, newest first, and what was left half-written.
Result<std::vector<std::string>> checkpoint_names(rocksdb::FileSystem& fs, const std::string& folder,
                                                  ShopNo shop) {
  RAPPORT_TRY(std::vector<std::string> names, detail::list_folder(fs, folder));
  std::erase_if(names, [&](const std::string& name) { return !name.starts_with(file_prefix(shop)); });
  std::reverse(names.begin(), names.end());
  return names;
}

rocksdb::IOStatus write_checkpoint(rocksdb::FSWritableFile& file, const std::string& head,
                                   const std::function<Result<bool>(std::string&)>& next_chunk,
                                   Status& chunk_status) {
  rocksdb::IOStatus status = file.Append(head, kIo, nullptr);
  std::string chunk;
  std::string frame;
  for (std::uint64_t number = 0; status.ok(); ++number) {
    chunk.clear();
    Result<bool> more = next_chunk(chunk);
    if (!more.ok()) {
      chunk_status = std::move(more).error();
      return status;
    }
    frame.clear();
    ByteWriter out(frame);
    if (!*more) {
      out.u32(kEndMark);
      out.u64(number);
      status = file.Append(frame, kIo, nullptr);
      break;
    }
    ASSERT(chunk.size() <= Store::kMostChunkBytes);
    out.u32(static_cast<std::uint32_t>(chunk.size()));
    out.raw(as_view(chunk_digest(number, chunk)));
    status = file.Append(frame, kIo, nullptr);
    if (status.ok()) status = file.Append(chunk, kIo, nullptr);
  }
  if (status.ok()) status = file.Sync(kIo, nullptr);
  if (status.ok()) status = file.Close(kIo, nullptr);
  return status;
}

}  // namespace

Status Store::save_checkpoint(ShopNo shop, const CheckpointHead& head,
                              const std::function<Result<bool>(std::string& chunk)>& next_chunk) {
  // What followers hold of the log up to here reaches the disk first: a checkpoint never runs ahead of the
  // flips that the fold gave on its way.
  rocksdb::FlushOptions flush;
  flush.allow_write_stall = true;
  const auto flushed =
      impl_->db->Flush(flush, {impl_->family(Family::positions), impl_->family(Family::flips)});
  if (!flushed.ok()) return impl_->poison(detail::error_of(flushed, "flush before a checkpoint"));
  const std::string folder = impl_->checkpoint_folder();
  const std::string path = folder + "/" + file_name(shop, head.seq);
  const std::string beside = path + ".new";
  std::unique_ptr<rocksdb::FSWritableFile> file;
  auto status = impl_->fs->NewWritableFile(beside, rocksdb::FileOptions(), &file, nullptr);
  Status chunk_status;
  if (status.ok()) status = write_checkpoint(*file, encode_head(shop, head), next_chunk, chunk_status);
  file.reset();
  if (status.ok() && chunk_status.ok()) status = impl_->fs->RenameFile(beside, path, kIo, nullptr);
  if (!status.ok() || !chunk_status.ok()) {
    // A checkpoint is a cache: a full disk costs the next start some time, and nothing else.
    impl_->fs->DeleteFile(beside, kIo, nullptr).PermitUncheckedError();
    if (!chunk_status.ok()) return chunk_status;
    return detail::error_of(status, path);
  }
  RAPPORT_CHECK(detail::sync_folder(*impl_->fs, folder));
  RAPPORT_TRY(const std::vector<std::string> names, checkpoint_names(*impl_->fs, folder, shop));
  for (const std::string& name : names) {
    if (name == file_name(shop, head.seq)) continue;
    status = impl_->fs->DeleteFile(folder + "/" + name, kIo, nullptr);
    if (!status.ok()) return detail::error_of(status, name);
  }
  return {};
}

Result<std::optional<CheckpointHead>> Store::latest_checkpoint(ShopNo shop) const {
  const std::string folder = impl_->checkpoint_folder();
  RAPPORT_TRY(const std::vector<std::string> names, checkpoint_names(*impl_->fs, folder, shop));
  for (const std::string& name : names) {
    RAPPORT_TRY(const std::optional<CheckpointHead> head, read_head(*impl_->fs, shop, folder + "/" + name));
    if (!head || name != file_name(shop, head->seq) || head->seq > impl_->head(shop).seq) continue;
    bool agrees = false;
    RAPPORT_CHECK(read(shop, head->seq, head->seq, [&](const StoredBatch& batch) {
      agrees = batch.header.last() == head->seq && sha256(batch.bytes) == head->log_digest;
      return Walk::stop;
    }));
    if (agrees) return head;
  }
  return std::optional<CheckpointHead>();
}

Status Store::read_checkpoint(ShopNo shop, EventSeq seq,
                              const std::function<Status(std::string_view chunk)>& visit) const {
  const std::string path = impl_->checkpoint_folder() + "/" + file_name(shop, seq);
  RAPPORT_TRY(CheckpointFile file, CheckpointFile::open(*impl_->fs, path));
  RAPPORT_TRY(const std::string head, file.read(kHeadBytes));
  if (!decode_head(shop, head)) return file.damaged();
  for (std::uint64_t number = 0;; ++number) {
    RAPPORT_TRY(const std::string length_bytes, file.read(4));
    const std::uint32_t length = ByteReader(length_bytes).u32();
    if (length == kEndMark) {
      RAPPORT_TRY(const std::string count, file.read(8));
      if (ByteReader(count).u64() != number) return file.damaged();
      return {};
    }
    if (length > kMostChunkBytes) return file.damaged();
    RAPPORT_TRY(const std::string digest, file.read(32));
    RAPPORT_TRY(const std::string chunk, file.read(length));
    if (digest != as_view(chunk_digest(number, chunk))) return file.damaged();
    RAPPORT_CHECK(visit(chunk));
  }
}

Status Store::drop_checkpoints(ShopNo shop) {
  const std::string folder = impl_->checkpoint_folder();
  RAPPORT_TRY(const std::vector<std::string> names, checkpoint_names(*impl_->fs, folder, shop));
  for (const std::string& name : names) {
    const auto status = impl_->fs->DeleteFile(folder + "/" + name, kIo, nullptr);
    if (!status.ok()) return detail::error_of(status, name);
  }
  return detail::sync_folder(*impl_->fs, folder);
}

}  // namespace rapport::store
