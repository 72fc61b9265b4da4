#include <arpa/inet.h>

#include <array>
#include <cstring>

#include "courier/webhook.h"

namespace rapport::courier {
namespace {

struct Range {
  std::array<std::uint8_t, 16> bytes;
  int bits;
};

// IANA's special-purpose registries: whatever does not name one host of the public internet.
constexpr Range kSpecialV4[] = {
    {{0}, 8},              // this network
    {{10}, 8},             // private
    {{100, 64}, 10},       // shared (carrier NAT)
    {{127}, 8},            // loopback
    {{169, 254}, 16},      // link-local, cloud metadata
    {{172, 16}, 12},       // private
    {{192, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2}, 24},     // documentation
    {{192, 88, 99}, 24},   // 6to4 relays
    {{192, 168}, 16},      // private
    {{198, 18}, 15},       // benchmarking
    {{198, 51, 100}, 24},  // documentation
    {{203, 0, 113}, 24},   // documentation
    {{224}, 3},            // multicast, reserved, broadcast
};
// Of IPv6 only 2000::/3 is global; these parts of it are not.
constexpr Range kGlobalV6 = {{0x20}, 3};
constexpr Range kSpecialV6[] = {
    {{0x20, 0x01, 0x00}, 23},        // protocol assignments, Teredo
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4
    {{0x3f, 0xff, 0x00}, 20},        // documentation
};
constexpr Range kMappedV4 = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
constexpr Range kTranslatedV4 = {{0x00, 0x64, 0xff, 0x9b}, 96};

bool lies_in(const std::uint8_t* address, const Range& range) {
  const int whole = range.bits / 8, rest = range.bits % 8;
  if (std::memcmp(address, range.bytes.data(), static_cast<std::size_t>(whole)) != 0) return false;
  if (rest == 0) return true;
  const int mask = 0xff00 >> rest & 0xff;
  return (address[whole] & mask) == (range.bytes[static_cast<std::size_t>(whole)] & mask);
}

bool is_public_v4(const std::uint8_t* address) {
  for (const Range& range : kSpecialV4) {
    if (lies_in(address, range)) return false;
  }
  return true;
}

bool is_public_v6(const std::uint8_t* address) {
  if (lies_in(address, kMappedV4) || lies_in(address, kTranslatedV4)) return is_public_v4(address + 12);
  if (!lies_in(address, kGlobalV6)) return false;
  for (const Range& range : kSpecialV6) {
    if (lies_in(address, range)) return false;
  }
  return true;
}

}  // namespace

bool is_public_address(std::string_view address) {
  const std::string text(address);
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return is_public_v4(bytes.data());
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return is_public_v6(bytes.data());
  return false;
}

}  // namespace rapport::courier
