#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

/// Sealing of personal data: AES-256-GCM (NIST SP 800-38D) under the key of one node, of one day, or of one
/// user. Whoever destroys the key destroys everything sealed under it.
///
/// Sealed bytes: version 1 (1 byte), nonce (12), ciphertext (as long as the plaintext), tag (16). A nonce is
/// 64 random bits drawn by each thread of each process, then a 32-bit counter (drawn anew when it is spent),
/// so no two seals under one key share a nonce but with a chance below 2^-64 a pair of threads.
namespace rapport::codec {

using NodeKey = std::array<std::uint8_t, 32>;
inline constexpr std::size_t kSealOverheadBytes = 1 + 12 + 16;

/// A fresh key from the operating system's generator.
NodeKey make_node_key();

/// Appends the sealed form of `plaintext` to `out`. `aad` is authenticated and not stored: open() needs the
/// same bytes. Any thread.
void seal(const NodeKey& key, std::string_view plaintext, std::string_view aad, std::string& out);

/// Errors: corrupt when the bytes, the key or `aad` are not those of seal(). Any thread.
Result<std::string> open(const NodeKey& key, std::string_view sealed, std::string_view aad);

}  // namespace rapport::codec
