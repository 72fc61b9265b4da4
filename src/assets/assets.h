#pragma once

#include <span>
#include <string_view>

/// The console as it was built, inside the program. Constant data; any thread.
namespace rapport::assets {

struct File {
  std::string_view path;   ///< "/index.html"
  std::string_view media;  ///< "text/html; charset=utf-8"
  std::string_view etag;   ///< of the plain bytes, without quotes
  std::string_view plain;
  std::string_view gzip;    ///< "" = not made
  std::string_view brotli;  ///< "" = not made
};

class Bundle {
 public:
  Bundle() = default;
  /// `files` ascending by path; borrowed.
  explicit Bundle(std::span<const File> files) : files_(files) {}
  /// Null when there is no such file.
  const File* find(std::string_view path) const;
  bool empty() const { return files_.empty(); }
  std::span<const File> files() const { return files_; }

 private:
  std::span<const File> files_;
};

/// What was embedded; empty when the program was built without the console.
const Bundle& console();

/// A whole HTML page, in 简体中文, 繁體中文 and English: this build has no console, and how to make one that
/// has.
std::string_view plain_page();

}  // namespace rapport::assets
