#include "store/detail/witness.h"

#include <array>

#include "base/bytes.h"
#include "base/log.h"
#include "store/detail/rows.h"

namespace rapport::store::detail {
namespace {

constexpr std::size_t kSlotBytes = 64;
constexpr std::size_t kCheckBytes = 8;
constexpr std::string_view kHead = "RAPPORT WITNESS 1";
const rocksdb::IOOptions kIo;

std::uint64_t slot_offset(ShopNo shop, std::uint64_t parity) {
  return kSlotBytes + (std::uint64_t{shop.value} - 1) * 2 * kSlotBytes + parity * kSlotBytes;
}

std::string slot_bytes(ShopNo shop, const Witness::Mark& mark) {
  std::string rest;
  ByteWriter out(rest);
  out.u64(mark.seq.value);
  out.raw(as_view(mark.digest));
  out.u16(shop.value);
  rest.resize(kSlotBytes - kCheckBytes, '\0');
  return std::string(as_view(sha256(rest)).substr(0, kCheckBytes)) + rest;
}

enum class Slot : std::uint8_t { empty, whole, broken };

Slot read_slot(std::string_view bytes, ShopNo shop, Witness::Mark& mark) {
  if (bytes.find_first_not_of('\0') == std::string_view::npos) return Slot::empty;
  if (bytes.size() != kSlotBytes) return Slot::broken;
  ByteReader in(bytes.substr(kCheckBytes));
  mark.seq = EventSeq{in.u64()};
  const std::string_view digest = in.raw(mark.digest.size());
  std::copy(digest.begin(), digest.end(), reinterpret_cast<char*>(mark.digest.data()));
  return bytes == slot_bytes(shop, mark) ? Slot::whole : Slot::broken;
}

}  // namespace

Status Witness::create(rocksdb::FileSystem& fs, const std::string& folder) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  rocksdb::IOStatus status = fs.NewWritableFile(path_in(folder), rocksdb::FileOptions(), &file, nullptr);
  std::string head(kHead);
  head.resize(kSlotBytes, '\0');
  if (status.ok()) status = file->Append(head, kIo, nullptr);
  if (status.ok()) status = file->Sync(kIo, nullptr);
  if (status.ok()) status = file->Close(kIo, nullptr);
  std::unique_ptr<rocksdb::FSDirectory> directory;
  if (status.ok()) status = fs.NewDirectory(folder, kIo, &directory, nullptr);
  if (status.ok()) status = directory->Fsync(kIo, nullptr);
  if (!status.ok()) return error_of(status, path_in(folder));
  return {};
}

Result<std::unique_ptr<Witness>> Witness::open(rocksdb::FileSystem& fs, const std::string& folder) {
  const std::string path = path_in(folder);
  if (!fs.FileExists(path, kIo, nullptr).ok()) {
    return Error{Errc::corrupt, "the witness of the logs is missing", path,
                 "the file that was made with the folder"};
  }
  std::unique_ptr<rocksdb::FSRandomRWFile> file;
  rocksdb::IOStatus status = fs.NewRandomRWFile(path, rocksdb::FileOptions(), &file, nullptr);
  if (!status.ok()) return error_of(status, path);
  std::array<char, kSlotBytes> scratch{};
  rocksdb::Slice head;
  status = file->Read(0, kSlotBytes, kIo, &head, scratch.data(), nullptr);
  if (!status.ok()) return error_of(status, path);
  if (view(head).substr(0, kHead.size()) != kHead) {
    return Error{Errc::corrupt, "not a witness file", path, std::string(kHead)};
  }
  return std::unique_ptr<Witness>(new Witness(std::move(file)));
}

Result<std::optional<Witness::Mark>> Witness::mark(ShopNo shop) {
  const std::lock_guard lock(mutex_);
  if (parity_.size() <= shop.value) parity_.resize(shop.value + std::size_t{1});
  std::optional<Mark> best;
  bool broken = false;
  for (const std::uint8_t parity : {std::uint8_t{0}, std::uint8_t{1}}) {
    std::array<char, kSlotBytes> scratch{};
    rocksdb::Slice bytes;
    const auto status =
        file_->Read(slot_offset(shop, parity), kSlotBytes, kIo, &bytes, scratch.data(), nullptr);
    if (!status.ok()) return error_of(status, "witness");
    Mark mark;
    const Slot slot = read_slot(view(bytes), shop, mark);
    broken = broken || slot == Slot::broken;
    if (slot != Slot::whole || (best && best->seq >= mark.seq)) continue;
    best = mark;
    parity_[shop.value] = parity;
  }
  // A power cut may tear the slots that were written since the last sync: then nothing was witnessed.
  if (!best && broken) log(LogLevel::warn, "the witness of a log is torn", {{"shop", shop.value}});
  return best;
}

Status Witness::record(ShopNo shop, const Mark& mark) {
  const std::lock_guard lock(mutex_);
  if (parity_.size() <= shop.value) parity_.resize(shop.value + std::size_t{1});
  parity_[shop.value] ^= 1;
  const auto status =
      file_->Write(slot_offset(shop, parity_[shop.value]), slot_bytes(shop, mark), kIo, nullptr);
  if (!status.ok()) return error_of(status, "witness");
  dirty_ = true;
  return {};
}

Status Witness::sync() {
  const std::lock_guard lock(mutex_);
  if (!dirty_) return {};
  const auto status = file_->Sync(kIo, nullptr);
  if (!status.ok()) return error_of(status, "witness");
  dirty_ = false;
  return {};
}

}  // namespace rapport::store::detail
