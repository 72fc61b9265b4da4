#pragma once

#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

/// For the room's tests: a folder of its own that goes away, and files in it.
namespace rapport::lens::detail {

class TestFolder {
 public:
  TestFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rapport-lens-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string path(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path(name), std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path(name);
  }
  std::string write_gz(const std::string& name, std::string_view bytes) const {
    gzFile file = gzopen(path(name).c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    return path(name);
  }
  std::string read(const std::string& name) const {
    std::ifstream in(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  std::string path_;
};

/// Folder of the real data, "" when it is not there (then a test is skipped, unless CI=true).
inline std::string shared_folder() {
  const char* named = std::getenv("RAPPORT_SHARED");
  const std::string path = named != nullptr ? named : RAPPORT_SOURCE_DIR "/../shared";
  return std::filesystem::is_directory(path) ? path : "";
}

}  // namespace rapport::lens::detail

#define RAPPORT_NEEDS_SHARED(folder)                                                                \
  const std::string folder = ::rapport::lens::detail::shared_folder();                              \
  if (folder.empty()) {                                                                             \
    const char* ci = std::getenv("CI");                                                             \
    ASSERT_FALSE(ci != nullptr && std::string(ci) == "true") << "the shared data folder is absent"; \
    GTEST_SKIP() << "needs the shared data folder (RAPPORT_SHARED)";                                \
  }
