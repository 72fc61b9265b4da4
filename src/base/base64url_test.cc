#include "base/base64url.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/random.h"

namespace rapport {
namespace {

TEST(Base64Url, OpensWhatWasWrittenAndNoOtherSpelling) {
  const std::uint64_t seed = 5;
  SCOPED_TRACE(seed);
  Random random(seed);
  for (std::size_t length = 0; length < 70; ++length) {
    std::string bytes;
    for (std::size_t i = 0; i < length; ++i) bytes.push_back(static_cast<char>(random.below(256)));
    const std::string text = to_base64url(bytes);
    const auto opened = from_base64url(text);
    ASSERT_TRUE(opened.ok()) << text;
    EXPECT_EQ(*opened, bytes);
    EXPECT_FALSE(from_base64url(text + "=").ok()) << text;
    EXPECT_FALSE(from_base64url(text + " ").ok()) << text;
  }
  // The last character of "_w" holds four bits that say nothing; only one spelling of them is ours.
  EXPECT_TRUE(from_base64url("_w").ok());
  for (const char* other : {"_x", "/w", "_w==", "_", "_w\n"})
    EXPECT_FALSE(from_base64url(other).ok()) << other;
}

}  // namespace
}  // namespace rapport
