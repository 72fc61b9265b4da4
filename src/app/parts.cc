#include "app/parts.h"

#include <fstream>
#include <iterator>

namespace rapport::app {

std::string read_text_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) give_up({Errc::io, "the file cannot be read", path});
  return text;
}

}  // namespace rapport::app
