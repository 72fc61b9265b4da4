#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

/// Digests. SHA-256 and HMAC come from OpenSSL, SipHash-2-4 with 128 bits from libsodium.
namespace rapport {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);
Digest hmac_sha256(std::string_view key, std::string_view bytes);
std::string digest_hex(const Digest& digest);
inline std::string_view as_view(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
/// Compares in time that depends on the length only.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// SHA-256 fed piece by piece. One thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::string_view bytes);
  /// The digest of all that was fed; starts anew afterwards.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct Hash128 {
  std::uint64_t high = 0, low = 0;
  friend constexpr auto operator<=>(const Hash128&, const Hash128&) = default;
};

/// A 16-byte key: a shop's pepper, or a fixed one for tables that no outsider fills.
using HashKey = std::array<std::uint8_t, 16>;

/// SipHash-2-4-128: short, keyed, safe against chosen collisions while the key is unknown.
Hash128 keyed_hash(const HashKey& key, std::string_view bytes);

/// 64 well-mixed bits of an integer (splitmix64's finaliser); not keyed.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace rapport

template <>
struct std::hash<rapport::Hash128> {
  std::size_t operator()(const rapport::Hash128& h) const noexcept { return static_cast<std::size_t>(h.low); }
};
