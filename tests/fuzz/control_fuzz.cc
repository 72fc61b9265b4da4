#include "base/assert.h"
#include "codec/record.h"

namespace {

/// What decodes is written anew to bytes that decode to bytes as long.
template <class Decode, class Encode>
void check(std::string_view bytes, Decode decode, Encode encode) {
  const auto body = decode(bytes);
  if (!body.ok()) return;
  const std::string again = encode(*body);
  ASSERT(again.size() <= bytes.size());
  const auto second = decode(again);
  ASSERT(second.ok() && encode(*second) == again);
}

}  // namespace

/// Any bytes as the body of each control record.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rapport::codec;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check(bytes, decode_unlinked, encode_unlinked);
  check(bytes, decode_erased, encode_erased);
  check(bytes, decode_shop_created, encode_shop_created);
  check(bytes, decode_import, encode_import);
  check(bytes, decode_zone_data, [](const std::string& version) { return encode_zone_data(version); });
  return 0;
}
