#include "http/detail/guess_guard.h"

#include <gtest/gtest.h>

namespace rapport::http::detail {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

TEST(GuessGuard, ANameIsShutOutAtAnAddressAfterSomeFailuresAndForTwiceAsLongEachTime) {
  GuessGuard guard;
  std::int64_t now = 100 * kSecond;
  for (int i = 0; i < GuessGuard::kFreeByPair; ++i) EXPECT_EQ(guard.admit("ada", "192.0.2.1", now), 0) << i;
  std::int64_t expected = 30;
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(guard.admit("ada", "192.0.2.1", now), expected);
    EXPECT_EQ(guard.admit("bob", "198.51.100.10", now), 0) << "others are not shut out";
    guard.succeeded("bob", "198.51.100.10");
    now += expected * kSecond;
    EXPECT_EQ(guard.admit("ada", "192.0.2.1", now), 0) << "one more try";
    expected = std::min<std::int64_t>(expected * 2, GuessGuard::kLongestWait.ms / 1000);
  }
}

// Five wrong passwords of anybody once shut the owner out, from everywhere.
TEST(GuessGuard, NobodyShutsOutSomebodyElse) {
  GuessGuard guard;
  ASSERT_EQ(guard.admit("ada", "192.0.2.1", kSecond), 0);
  guard.succeeded("ada", "192.0.2.1");
  for (int i = 0; i < 6; ++i) guard.admit("ada", "198.51.100.9", kSecond);
  EXPECT_GT(guard.admit("ada", "198.51.100.9", kSecond), 0) << "who guesses waits";
  EXPECT_EQ(guard.admit("ada", "192.0.2.1", kSecond), 0) << "where she came in before";
  EXPECT_EQ(guard.admit("ada", "192.0.2.2", kSecond), 0) << "and where she did not";
  guard.succeeded("ada", "192.0.2.2");
  // Many addresses together shut the name out where it never came in, and only there.
  for (int i = 0; i < 2 * GuessGuard::kFreeByName; ++i)
    guard.admit("ada", fmt::format("203.0.{}.{}", i / 4, i % 4), kSecond);
  EXPECT_GT(guard.admit("ada", "192.0.2.3", kSecond), 0);
  EXPECT_EQ(guard.admit("ada", "192.0.2.1", kSecond), 0);
  EXPECT_EQ(guard.admit("ada", "192.0.2.2", kSecond), 0);
}

TEST(GuessGuard, AnAddressThatTriesManyNamesIsShutOut) {
  GuessGuard guard;
  for (int i = 0; i < GuessGuard::kFreeByAddress; ++i)
    EXPECT_EQ(guard.admit(fmt::format("name{}", i), "192.0.2.1", kSecond), 0) << i;
  EXPECT_GT(guard.admit("another", "192.0.2.1", kSecond), 0);
  EXPECT_EQ(guard.admit("another", "192.0.2.2", kSecond), 0);
  EXPECT_GT(guard.admit("", "192.0.2.1", kSecond), 0) << "links are guarded by address as well";
}

TEST(GuessGuard, SuccessForgives) {
  GuessGuard guard;
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(guard.admit("ada", "192.0.2.1", i), 0) << i;
    guard.succeeded("ada", "192.0.2.1");
  }
}

TEST(GuessGuard, ManyAttemptsAtOnceDoNotPassTogether) {
  GuessGuard guard;
  int passed = 0;
  for (int i = 0; i < 100; ++i) passed += guard.admit("ada", "", 7) == 0 ? 1 : 0;
  EXPECT_EQ(passed, GuessGuard::kFreeByPair);
}

TEST(GuessGuard, AnHourOfQuietForgets) {
  GuessGuard guard;
  for (int i = 0; i < 4; ++i) EXPECT_EQ(guard.admit("ada", "", kSecond), 0);
  const std::int64_t later = kSecond + 3'601 * kSecond;
  for (int i = 0; i < GuessGuard::kFreeByPair; ++i) EXPECT_EQ(guard.admit("ada", "", later), 0);
  EXPECT_GT(guard.admit("ada", "", later), 0);
}

TEST(GuessGuard, IsBounded) {
  GuessGuard guard;
  for (std::size_t i = 0; i < GuessGuard::kMost + 5'000; ++i)
    guard.admit(fmt::format("n{}", i), "", static_cast<std::int64_t>(i));
  EXPECT_EQ(guard.size(), GuessGuard::kMost);
}

}  // namespace
}  // namespace rapport::http::detail
