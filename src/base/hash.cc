#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium/crypto_shorthash.h>

#include "base/assert.h"
#include "base/bytes.h"

namespace rapport {
namespace {

// EVP_sha256() has the library look its implementation up at every use, which costs more than a short digest.
const EVP_MD* sha256_method() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  ASSERT(method != nullptr);
  return method;
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  ASSERT(EVP_DigestInit_ex(state_->context, sha256_method(), nullptr) == 1);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  ASSERT(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

Digest Sha256::finish() {
  Digest out{};
  unsigned length = 0;
  ASSERT(EVP_DigestFinal_ex(state_->context, out.data(), &length) == 1 && length == out.size());
  ASSERT(EVP_DigestInit_ex(state_->context, sha256_method(), nullptr) == 1);
  return out;
}

Digest sha256(std::string_view bytes) {
  thread_local Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  Digest out{};
  unsigned length = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  ASSERT(HMAC(sha256_method(), key.data(), static_cast<int>(key.size()), data, bytes.size(), out.data(),
              &length) != nullptr);
  return out;
}

std::string digest_hex(const Digest& digest) {
  return to_hex(as_view(digest));
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Hash128 keyed_hash(const HashKey& key, std::string_view bytes) {
  static_assert(crypto_shorthash_siphashx24_BYTES == 16 && crypto_shorthash_siphashx24_KEYBYTES == 16);
  unsigned char out[16];
  crypto_shorthash_siphashx24(out, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                              key.data());
  ByteReader reader(std::string_view(reinterpret_cast<const char*>(out), sizeof out));
  Hash128 hash;
  hash.high = reader.u64();
  hash.low = reader.u64();
  return hash;
}

}  // namespace rapport
