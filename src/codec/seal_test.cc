#include "codec/seal.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "base/bytes.h"
#include "base/random.h"

namespace rapport::codec {
namespace {

TEST(Seal, OpensToWhatWasSealed) {
  const std::uint64_t seed = 4;
  SCOPED_TRACE(seed);
  Random random(seed);
  const NodeKey key = make_node_key();
  for (int round = 0; round < 300; ++round) {
    std::string plain(random.below(2000), '\0');
    for (char& c : plain) c = static_cast<char>(random.below(256));
    std::string sealed = "kept";
    seal(key, plain, "shop 1", sealed);
    EXPECT_EQ(sealed.substr(0, 4), "kept");
    sealed.erase(0, 4);
    EXPECT_EQ(sealed.size(), plain.size() + kSealOverheadBytes);
    EXPECT_EQ(*open(key, sealed, "shop 1"), plain);
  }
}

TEST(Seal, AnyChangedBitIsNoticed) {
  const NodeKey key = make_node_key();
  std::string sealed;
  seal(key, "ada@example.com", "aad", sealed);
  for (std::size_t i = 0; i < sealed.size() * 8; ++i) {
    std::string changed = sealed;
    changed[i / 8] ^= static_cast<char>(1U << (i % 8));
    const auto opened = open(key, changed, "aad");
    ASSERT_FALSE(opened.ok()) << "bit " << i;
    EXPECT_EQ(opened.error().code, Errc::corrupt);
  }
  for (std::size_t n = 0; n < sealed.size(); ++n) EXPECT_FALSE(open(key, sealed.substr(0, n), "aad").ok());
  EXPECT_FALSE(open(key, sealed, "other place").ok());
  EXPECT_FALSE(open(make_node_key(), sealed, "aad").ok());
}

// NIST's GCM test vectors (gcmEncryptExtIV256.rsp, [Keylen = 256] [PTlen = 128] [AADlen = 0], Count = 0):
// what is stored must be AES-256-GCM of the standard and not merely something that this program can open.
TEST(Seal, OpensAVectorOfTheStandard) {
  NodeKey key;
  const std::string key_bytes = *from_hex("31bdadd96698c204aa9ce1448ea94ae1fb4a9a0b3c9d773b51bb1822666b8f22");
  std::copy(key_bytes.begin(), key_bytes.end(), reinterpret_cast<char*>(key.data()));
  const std::string sealed = std::string("\x01") + *from_hex("0d18e06c7c725ac9e362e1ce") +
                             *from_hex("fa4362189661d163fcd6a56d8bf0405a") +
                             *from_hex("d636ac1bbedd5cc3ee727dc2ab4a9489");
  const auto opened = open(key, sealed, "");
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(to_hex(*opened), "2db5168e932556f8089a0622981d017d");
}

TEST(Seal, NoncesDifferAcrossThreadsAndCalls) {
  const NodeKey key = make_node_key();
  std::vector<std::set<std::string>> nonces(4);
  std::vector<std::thread> threads;
  for (auto& mine : nonces) {
    threads.emplace_back([&key, &mine] {
      for (int i = 0; i < 2000; ++i) {
        std::string sealed;
        seal(key, "same", "", sealed);
        mine.insert(sealed.substr(1, 12));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& mine : nonces) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 8000U);
}

}  // namespace
}  // namespace rapport::codec
