#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "lens/file_reader.h"
#include "text/encoding.h"

/// Bytes of a file, unpacked when it is gzipped.
namespace rapport::lens::detail {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Appends up to about 64 KB to `out`; false at the end. Errors: io, corrupt, too_large.
  virtual Result<bool> read(std::string& out) = 0;
  virtual double progress() const = 0;
};

/// Follows gzip magic. Errors: not_found, io.
Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path, const ReadLimits& limits);

/// Characters of a text file as UTF-8.
class TextSource {
 public:
  /// `head` was read from `bytes` already.
  TextSource(std::unique_ptr<ByteSource> bytes, std::string head)
      : bytes_(std::move(bytes)), head_(std::move(head)) {}
  /// Appends more text; false at the end.
  Result<bool> read(std::string& out);
  double progress() const { return bytes_->progress(); }

 private:
  std::unique_ptr<ByteSource> bytes_;
  std::string head_;
  text::Decoder decoder_;
  bool ended_ = false;
};

/// A gzipped binary file unpacked into memory, reachable under a path as long as this lives.
class UnpackedFile {
 public:
  static Result<std::unique_ptr<UnpackedFile>> unpack(ByteSource& bytes, const std::string& head,
                                                      const ReadLimits& limits);
  ~UnpackedFile();
  UnpackedFile(const UnpackedFile&) = delete;
  UnpackedFile& operator=(const UnpackedFile&) = delete;
  std::string path() const;

 private:
  explicit UnpackedFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace rapport::lens::detail
