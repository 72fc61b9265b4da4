#include "lens/detail/byte_source.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace rapport::lens::detail {
namespace {

constexpr std::size_t kChunk = 64 * 1024;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

class PlainFile final : public ByteSource {
 public:
  PlainFile(std::FILE* file, std::string path, std::uint64_t size)
      : file_(file), path_(std::move(path)), size_(size) {}

  Result<bool> read(std::string& out) override {
    const std::size_t before = out.size();
    out.resize(before + kChunk);
    const std::size_t got = std::fread(out.data() + before, 1, kChunk, file_.get());
    out.resize(before + got);
    done_ += got;
    if (got == 0 && std::ferror(file_.get()) != 0) {
      return Error{Errc::io, fmt::format("cannot read: {}", std::strerror(errno)), path_};
    }
    return got > 0;
  }
  double progress() const override {
    return size_ == 0 ? 1.0 : static_cast<double>(done_) / static_cast<double>(size_);
  }

 private:
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::string path_;
  std::uint64_t size_, done_ = 0;
};

// RFC 1952: one or more members one after the other; each ends with its checksum, so a torn file is noticed.
class GzipFile final : public ByteSource {
 public:
  GzipFile(std::unique_ptr<ByteSource> packed, std::string head, std::string path, std::uint64_t most)
      : packed_(std::move(packed)), input_(std::move(head)), path_(std::move(path)), most_(most) {
    ready_ = inflateInit2(&stream_, 15 + 16) == Z_OK;
  }
  ~GzipFile() override { inflateEnd(&stream_); }

  Result<bool> read(std::string& out) override {
    if (!ready_) return Error{Errc::internal, "zlib did not start", path_};
    const std::size_t before = out.size();
    while (out.size() == before) {
      if (at_ == input_.size() && !source_ended_) {
        input_.clear();
        at_ = 0;
        RAPPORT_TRY(const bool more, packed_->read(input_));
        source_ended_ = !more;
      }
      if (at_ == input_.size() && source_ended_) {
        if (!member_open_) return false;
        return Error{Errc::corrupt, "the gzip file ends in the middle", path_, "a whole file"};
      }
      RAPPORT_CHECK(inflate_some(out));
    }
    return true;
  }
  double progress() const override { return packed_->progress(); }

 private:
  Status inflate_some(std::string& out) {
    const std::size_t before = out.size();
    out.resize(before + kChunk);
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data() + at_);
    stream_.avail_in = static_cast<uInt>(input_.size() - at_);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream_.avail_out = kChunk;
    member_open_ = true;
    const int state = ::inflate(&stream_, Z_NO_FLUSH);
    const std::size_t got = kChunk - stream_.avail_out;
    out.resize(before + got);
    at_ = input_.size() - stream_.avail_in;
    unpacked_ += got;
    if (unpacked_ > most_) {
      return Error{Errc::too_large, fmt::format("unpacks to more than {} bytes", most_), path_};
    }
    if (state == Z_STREAM_END) {
      member_open_ = false;
      inflateReset(&stream_);
      return {};
    }
    if (state == Z_OK || state == Z_BUF_ERROR) return {};
    return Error{Errc::corrupt, fmt::format("damaged gzip: {}", stream_.msg ? stream_.msg : "bad data"),
                 path_};
  }

  std::unique_ptr<ByteSource> packed_;
  std::string input_;
  std::string path_;
  std::uint64_t most_, unpacked_ = 0;
  std::size_t at_ = 0;
  z_stream stream_{};
  bool ready_ = false, source_ended_ = false, member_open_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path, const ReadLimits& limits) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    return Error{Errc::not_found, fmt::format("cannot open: {}", std::strerror(errno)), path, "a file"};
  }
  if (!S_ISREG(info.st_mode)) return Error{Errc::bad_input, "not a file", path, "a file"};
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return Error{Errc::io, fmt::format("cannot open: {}", std::strerror(errno)), path};
  std::unique_ptr<ByteSource> plain =
      std::make_unique<PlainFile>(file, path, static_cast<std::uint64_t>(info.st_size));
  char magic[2] = {};
  const bool gzipped = std::fread(magic, 1, 2, file) == 2 && magic[0] == '\x1f' && magic[1] == '\x8b';
  std::rewind(file);
  if (!gzipped) return plain;
  return std::unique_ptr<ByteSource>(
      std::make_unique<GzipFile>(std::move(plain), std::string(), path, limits.unpacked_bytes));
}

Result<bool> TextSource::read(std::string& out) {
  while (!ended_) {
    std::string bytes = std::move(head_);
    head_.clear();
    if (bytes.empty()) {
      RAPPORT_TRY(const bool more, bytes_->read(bytes));
      ended_ = !more;
    }
    const std::size_t before = out.size();
    decoder_.decode(bytes, ended_, out);
    if (out.size() > before) return true;
  }
  return false;
}

Result<std::unique_ptr<UnpackedFile>> UnpackedFile::unpack(ByteSource& bytes, const std::string& head,
                                                           const ReadLimits& limits) {
  const int descriptor = ::memfd_create("rapport-unpacked", MFD_CLOEXEC);
  if (descriptor < 0) return Error{Errc::io, fmt::format("memfd_create: {}", std::strerror(errno))};
  std::unique_ptr<UnpackedFile> file(new UnpackedFile(descriptor));
  std::string chunk = head;
  std::uint64_t total = 0;
  for (bool more = true; more;) {
    total += chunk.size();
    if (total > limits.unpacked_binary_bytes) {
      return Error{Errc::too_large,
                   fmt::format("unpacks to more than {} bytes", limits.unpacked_binary_bytes), "",
                   "the file itself, not gzipped"};
    }
    for (std::size_t done = 0; done < chunk.size();) {
      const ssize_t wrote = ::write(descriptor, chunk.data() + done, chunk.size() - done);
      if (wrote <= 0) return Error{Errc::io, fmt::format("cannot unpack: {}", std::strerror(errno))};
      done += static_cast<std::size_t>(wrote);
    }
    chunk.clear();
    RAPPORT_TRY(more, bytes.read(chunk));
  }
  return file;
}

UnpackedFile::~UnpackedFile() {
  ::close(descriptor_);
}

std::string UnpackedFile::path() const {
  return fmt::format("/proc/self/fd/{}", descriptor_);
}

}  // namespace rapport::lens::detail
