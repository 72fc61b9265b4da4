#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "lens/file_reader.h"

/// The parts of a zip container, streamed.
namespace rapport::lens::detail {

class ZipParts {
 public:
  /// Errors: corrupt when the file is no zip.
  static Result<std::unique_ptr<ZipParts>> open(const std::string& path, const ReadLimits& limits);
  ~ZipParts();
  ZipParts(const ZipParts&) = delete;
  ZipParts& operator=(const ZipParts&) = delete;

  bool has(const std::string& part) const;
  /// A small part whole (at most `most` bytes). Errors: corrupt when it is missing or damaged; too_large.
  Result<std::string> whole(const std::string& part, std::size_t most = 64u << 20);
  /// Makes `part` the one that read() streams. Errors: corrupt.
  Status begin(const std::string& part);
  /// Appends up to 64 KB of the part; false at its end. Errors: corrupt (bad checksum), too_large.
  Result<bool> read(std::string& out);
  /// 0..1 of the part being read, by unpacked bytes.
  double progress() const;

 private:
  struct State;
  explicit ZipParts(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Elements of one name out of a streamed XML part, each as its whole text, without building the tree of the
/// part. A name may carry a namespace prefix ("x:row"). Such an element is not looked for inside itself.
class XmlPieces {
 public:
  XmlPieces(ZipParts& zip, std::string element, std::size_t most_bytes)
      : zip_(zip), element_(std::move(element)), most_bytes_(most_bytes) {}
  /// The next element's text in `piece`; false at the end of the part. Errors: those of the zip; too_large
  /// for an element over the limit.
  Result<bool> next(std::string_view& piece);
  /// Text before the first piece (the part's head), complete once next() was called.
  const std::string& head() const { return head_; }

 private:
  bool find_start();
  std::size_t find_end() const;
  ZipParts& zip_;
  std::string element_, prefixed_;
  std::size_t most_bytes_;
  std::string buffer_, head_;
  std::size_t at_ = 0;
  bool ended_ = false, in_piece_ = false, seen_ = false;
};

}  // namespace rapport::lens::detail
