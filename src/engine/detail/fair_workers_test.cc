#include "engine/detail/fair_workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>

namespace rapport::engine {
namespace {

using Taken = FairWorkers::Taken;

TEST(FairWorkers, OneCallerNeverHoldsAllThreads) {
  FairWorkers workers({.threads = 2, .waiting_of_one = 3, .waiting = 64});
  std::promise<void> gate;
  const std::shared_future<void> open = gate.get_future().share();
  std::atomic<int> at_once{0}, most{0};
  const auto slow = [&] {
    most = std::max(most.load(), ++at_once);
    open.wait();
    --at_once;
  };
  for (int i = 0; i < 4; ++i) ASSERT_EQ(workers.run(7, slow), Taken::yes) << i;
  // Whether the first has begun or not, a fifth or at the latest a sixth is one too many.
  const Taken fifth = workers.run(7, slow);
  if (fifth == Taken::yes) FAIL() << "one runs and three wait";
  EXPECT_EQ(fifth, Taken::too_many_of_caller);
  // Somebody else is answered while all of that waits.
  std::promise<void> answered;
  ASSERT_EQ(workers.run(8, [&] { answered.set_value(); }), Taken::yes);
  answered.get_future().wait();
  gate.set_value();
  workers.stop();
  EXPECT_EQ(most, 1);
}

TEST(FairWorkers, CallersTakeTurns) {
  FairWorkers workers({.threads = 1, .waiting_of_one = 3, .waiting = 64});
  std::promise<void> gate, begun;
  std::string order;
  ASSERT_EQ(workers.run(9,
                        [&] {
                          begun.set_value();
                          gate.get_future().wait();
                        }),
            Taken::yes);
  begun.get_future().wait();
  for (const std::uint64_t caller : {1, 1, 1, 2, 3, 2}) {
    ASSERT_EQ(workers.run(caller, [&order, caller] { order += std::to_string(caller); }), Taken::yes);
  }
  gate.set_value();
  workers.stop();
  EXPECT_EQ(order, "123121");
}

TEST(FairWorkers, WhatIsQueuedIsFinishedAndNothingMoreIsTaken) {
  FairWorkers workers({.threads = 2, .waiting_of_one = 10, .waiting = 8});
  std::atomic<int> done{0};
  int taken = 0;
  for (int i = 0; i < 8; ++i)
    taken += workers.run(static_cast<std::uint64_t>(i % 3), [&] { ++done; }) == Taken::yes ? 1 : 0;
  workers.stop();
  EXPECT_EQ(done, taken);
  EXPECT_EQ(taken, 8);
  EXPECT_EQ(workers.run(1, [] {}), Taken::too_many);
}

}  // namespace
}  // namespace rapport::engine
