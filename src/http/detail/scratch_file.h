#pragma once

#include <filesystem>
#include <string>

#include "base/bytes.h"
#include "base/random.h"

namespace rapport::http::detail {

/// A file of our own in the scratch folder, gone with the last holder.
class ScratchFile {
 public:
  ScratchFile(const std::string& folder, std::string_view name) {
    std::array<std::uint8_t, 12> random;
    secure_random(random);
    folder_ =
        std::filesystem::path(folder) / to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
    std::error_code ignored;
    std::filesystem::create_directories(folder_, ignored);
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, ignored);
    path_ = folder_ / name;
  }
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path folder_, path_;
};

}  // namespace rapport::http::detail
