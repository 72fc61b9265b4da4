#include "base/assert.h"
#include "codec/seal.h"

/// Any bytes as sealed ones do not open; the same bytes sealed open to themselves, and not after one change.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rapport::codec;
  static const NodeKey key = make_node_key();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ASSERT(!open(key, bytes, "").ok());
  std::string sealed;
  seal(key, bytes, "place", sealed);
  const auto opened = open(key, sealed, "place");
  ASSERT(opened.ok() && *opened == bytes);
  const std::size_t where = size == 0 ? 0 : (data[0] + std::size_t{data[size / 2]} * 256) % sealed.size();
  sealed[where] ^= static_cast<char>(1 + (size == 0 ? 0 : data[size - 1] % 255));
  ASSERT(!open(key, sealed, "place").ok());
  return 0;
}
