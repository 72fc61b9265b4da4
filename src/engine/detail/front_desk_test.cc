#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <set>

#include "base/random.h"
#include "engine/detail/message_ids.h"
#include "engine/detail/node_index.h"

namespace rapport::engine {
namespace {

Hash128 id_of(std::uint64_t n) {
  return {mix64(n), mix64(n + 0x5bd1e995)};
}

TEST(MessageIds, RemembersWhatASetRemembers) {
  const std::uint64_t seed = 20261122;
  Random random(seed);
  MessageIds ids(std::size_t{1} << 20, hours(24));
  std::set<Hash128> oracle;
  for (int step = 0; step < 200'000; ++step) {
    const Hash128 id = id_of(random.below(120'000));
    ASSERT_EQ(ids.contains(id), oracle.contains(id)) << "seed " << seed << " step " << step;
    ASSERT_EQ(ids.insert(id, {step}), oracle.insert(id).second);
  }
  EXPECT_EQ(ids.size(), oracle.size());
  EXPECT_LT(ids.memory_bytes() / ids.size(), 64U);
}

TEST(MessageIds, DropsTheOldestForRoomAndSaysSo) {
  MessageIds ids(256 * 100, hours(24));
  for (std::uint64_t n = 0; n < 100'000; ++n)
    ASSERT_TRUE(ids.insert(id_of(n), {static_cast<std::int64_t>(n) * 1000}));
  EXPECT_LE(ids.size(), 25'600U);
  int late = 0, early = 0;
  for (std::uint64_t n = 0; n < 1'000; ++n) early += ids.contains(id_of(n));
  for (std::uint64_t n = 99'000; n < 100'000; ++n) late += ids.contains(id_of(n));
  EXPECT_EQ(early, 0);
  EXPECT_EQ(late, 1'000);
  EXPECT_LT(ids.effective_window({100'000'000}).ms, hours(24).ms);
}

TEST(MessageIds, ForgetsAfterTheWindow) {
  MessageIds ids(1'000'000, hours(1));
  for (std::uint64_t n = 0; n < 50'000; ++n) ids.insert(id_of(n), {static_cast<std::int64_t>(n) * 200});
  ids.expire({50'000 * 200 + hours(2).ms});
  EXPECT_LT(ids.size(), 50'000U);
  // Marks stand every ten minutes, so at most that much more than the window is remembered.
  EXPECT_FALSE(ids.contains(id_of(0)));
  EXPECT_TRUE(ids.insert(id_of(0), {hours(5).ms}));
}

TEST(NodeIndex, NumbersInOrderAndNeverReuses) {
  NodeIndex index;
  for (std::uint64_t n = 1; n <= 50'000; ++n) ASSERT_EQ(index.add(id_of(n)).value, n);
  for (std::uint64_t n = 1; n <= 50'000; ++n) ASSERT_EQ(index.find(id_of(n))->value, n);
  EXPECT_FALSE(index.find(id_of(60'000)).has_value());
  index.forget(NodeId{17});
  EXPECT_FALSE(index.find(id_of(17)).has_value());
  EXPECT_EQ(index.add(id_of(17)).value, 50'001U);
  EXPECT_LT(index.memory_bytes() / 50'000, 48U);

  NodeIndex again;
  for (std::uint64_t n = 50'000; n >= 1; --n) again.restore(id_of(n), NodeId{static_cast<std::uint32_t>(n)});
  again.reserve_through(NodeId{50'100});
  EXPECT_EQ(again.find(id_of(1))->value, 1U);
  EXPECT_EQ(again.add(id_of(99'999)).value, 50'101U);
}

}  // namespace
}  // namespace rapport::engine
