#include "base/random.h"

#include <openssl/rand.h>

#include "base/assert.h"

namespace rapport {

std::uint64_t Random::below(std::uint64_t n) {
  ASSERT(n > 0);
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(next()) * n;
  auto low = static_cast<std::uint64_t>(product);
  if (low < n) {
    const std::uint64_t threshold = (0 - n) % n;
    while (low < threshold) {
      product = static_cast<Wide>(next()) * n;
      low = static_cast<std::uint64_t>(product);
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

void secure_random(std::span<std::uint8_t> out) {
  ASSERT(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

}  // namespace rapport
