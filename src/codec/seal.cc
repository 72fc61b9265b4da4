#include "codec/seal.h"

#include <openssl/evp.h>

#include <cstring>

#include "base/assert.h"
#include "base/random.h"

namespace rapport::codec {
namespace {

constexpr char kSealVersion = 1;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// What a thread keeps: looking up the cipher costs more than sealing a record, so the contexts hold it.
class ThreadCipher {
 public:
  ThreadCipher() : sealing_(EVP_CIPHER_CTX_new()), opening_(EVP_CIPHER_CTX_new()) {
    ASSERT(sealing_ != nullptr && opening_ != nullptr);
    ASSERT(EVP_EncryptInit_ex(sealing_, EVP_aes_256_gcm(), nullptr, nullptr, nullptr) == 1);
    ASSERT(EVP_DecryptInit_ex(opening_, EVP_aes_256_gcm(), nullptr, nullptr, nullptr) == 1);
    draw_prefix();
  }
  ~ThreadCipher() {
    EVP_CIPHER_CTX_free(sealing_);
    EVP_CIPHER_CTX_free(opening_);
  }
  ThreadCipher(const ThreadCipher&) = delete;
  ThreadCipher& operator=(const ThreadCipher&) = delete;

  EVP_CIPHER_CTX* sealing() { return sealing_; }
  EVP_CIPHER_CTX* opening() { return opening_; }

  std::array<std::uint8_t, kNonceBytes> next_nonce() {
    if (counter_ == 0xffff'ffff) draw_prefix();
    ++counter_;
    std::memcpy(nonce_.data() + 8, &counter_, 4);
    return nonce_;
  }

 private:
  void draw_prefix() {
    secure_random(std::span(nonce_.data(), 8));
    counter_ = 0;
  }
  EVP_CIPHER_CTX* sealing_;
  EVP_CIPHER_CTX* opening_;
  std::array<std::uint8_t, kNonceBytes> nonce_{};
  std::uint32_t counter_ = 0;
};

ThreadCipher& cipher() {
  thread_local ThreadCipher cipher;
  return cipher;
}

Error damaged() {
  return Error{Errc::corrupt,
               "sealed bytes do not open: they, the key or their place are not those of sealing"};
}

}  // namespace

NodeKey make_node_key() {
  NodeKey key;
  secure_random(key);
  return key;
}

void seal(const NodeKey& key, std::string_view plaintext, std::string_view aad, std::string& out) {
  ASSERT(plaintext.size() < (std::size_t{1} << 30));
  ThreadCipher& mine = cipher();
  EVP_CIPHER_CTX* context = mine.sealing();
  const auto nonce = mine.next_nonce();
  const std::size_t start = out.size();
  out.resize(start + kSealOverheadBytes + plaintext.size());
  auto* at = reinterpret_cast<unsigned char*>(out.data() + start);
  *at++ = kSealVersion;
  std::memcpy(at, nonce.data(), nonce.size());
  at += nonce.size();
  int length = 0;
  ASSERT(EVP_EncryptInit_ex(context, nullptr, nullptr, key.data(), nonce.data()) == 1);
  if (!aad.empty()) {
    ASSERT(EVP_EncryptUpdate(context, nullptr, &length, bytes_of(aad), static_cast<int>(aad.size())) == 1);
  }
  if (!plaintext.empty()) {
    ASSERT(EVP_EncryptUpdate(context, at, &length, bytes_of(plaintext), static_cast<int>(plaintext.size())) ==
           1);
  }
  at += plaintext.size();
  ASSERT(EVP_EncryptFinal_ex(context, at, &length) == 1);
  ASSERT(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, kTagBytes, at) == 1);
}

Result<std::string> open(const NodeKey& key, std::string_view sealed, std::string_view aad) {
  if (sealed.size() < kSealOverheadBytes || sealed.size() >= (std::size_t{1} << 30) ||
      sealed[0] != kSealVersion) {
    return damaged();
  }
  const std::string_view nonce = sealed.substr(1, kNonceBytes);
  const std::string_view text = sealed.substr(1 + kNonceBytes, sealed.size() - kSealOverheadBytes);
  std::array<unsigned char, kTagBytes> tag;
  std::memcpy(tag.data(), sealed.data() + sealed.size() - kTagBytes, kTagBytes);
  EVP_CIPHER_CTX* context = cipher().opening();
  std::string plain(text.size(), '\0');
  auto* at = reinterpret_cast<unsigned char*>(plain.data());
  int length = 0;
  ASSERT(EVP_DecryptInit_ex(context, nullptr, nullptr, key.data(), bytes_of(nonce)) == 1);
  if (!aad.empty()) {
    ASSERT(EVP_DecryptUpdate(context, nullptr, &length, bytes_of(aad), static_cast<int>(aad.size())) == 1);
  }
  if (!text.empty()) {
    ASSERT(EVP_DecryptUpdate(context, at, &length, bytes_of(text), static_cast<int>(text.size())) == 1);
  }
  ASSERT(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(context, at + plain.size(), &length) != 1) return damaged();
  return plain;
}

}  // namespace rapport::codec
