#include "views/timer_wheel.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/random.h"

namespace rapport::views {
namespace {

using Due = TimerWheel::Due;
constexpr Instant kStart{1'700'000'000'000};

std::vector<Due> drain(TimerWheel& wheel, Instant to) {
  std::vector<Due> fired;
  wheel.advance(to, [&](CustomerId customer, Instant due) { fired.push_back({customer, due}); });
  return fired;
}

TEST(TimerWheel, FiresExactlyAtTheMillisecondAndOnce) {
  TimerWheel wheel(kStart);
  wheel.arm(CustomerId{7}, kStart + days(30));
  EXPECT_TRUE(drain(wheel, kStart + days(30) - milliseconds(1)).empty());
  EXPECT_EQ(wheel.next_due(), kStart + days(30));
  EXPECT_EQ(drain(wheel, kStart + days(30)), (std::vector<Due>{{CustomerId{7}, kStart + days(30)}}));
  EXPECT_EQ(wheel.armed(), 0u);
  EXPECT_EQ(wheel.next_due(), std::nullopt);
  EXPECT_TRUE(drain(wheel, Instant::max()).empty());
}

TEST(TimerWheel, SpansCenturies) {
  TimerWheel wheel(Instant::min());
  const Instant far{Instant::max().ms - 1};
  wheel.arm(CustomerId{1}, far);
  wheel.arm(CustomerId{2}, kStart);
  wheel.arm(CustomerId{3}, Instant::never());
  EXPECT_EQ(wheel.armed(), 2u);
  EXPECT_EQ(drain(wheel, Instant::max()), (std::vector<Due>{{CustomerId{2}, kStart}, {CustomerId{1}, far}}));
}

TEST(TimerWheel, EqualMomentsFireByCustomer) {
  TimerWheel wheel(kStart);
  for (std::uint32_t customer : {9u, 3u, 70'000u, 5u, 1u})
    wheel.arm(CustomerId{customer}, kStart + seconds(1));
  wheel.arm(CustomerId{3}, kStart + milliseconds(999));
  wheel.disarm(CustomerId{9});
  std::vector<std::uint32_t> order;
  wheel.advance(kStart + hours(1), [&](CustomerId customer, Instant) { order.push_back(customer.value); });
  EXPECT_EQ(order, (std::vector<std::uint32_t>{3, 1, 5, 70'000}));
}

TEST(TimerWheel, WhatIsArmedWhileFiringFiresInItsPlace) {
  TimerWheel wheel(kStart);
  wheel.arm(CustomerId{1}, kStart + seconds(1));
  wheel.arm(CustomerId{2}, kStart + seconds(1));
  wheel.arm(CustomerId{3}, kStart + seconds(3));
  std::vector<std::uint32_t> order;
  wheel.advance(kStart + seconds(10), [&](CustomerId customer, Instant due) {
    order.push_back(customer.value);
    if (customer.value == 1 && order.size() == 1) {
      wheel.disarm(CustomerId{2});                 // a merge takes a timer away from under the drain
      wheel.arm(CustomerId{4}, due);               // the same millisecond, later in order
      wheel.arm(CustomerId{1}, due + seconds(1));  // again, before customer 3
    }
  });
  EXPECT_EQ(order, (std::vector<std::uint32_t>{1, 4, 1, 3}));
}

TEST(TimerWheel, ALaggingCustomerSettlesInOrder) {
  TimerWheel wheel(kStart);
  wheel.arm(CustomerId{5}, kStart - days(10));
  wheel.arm(CustomerId{4}, kStart - days(300));
  wheel.arm(CustomerId{6}, kStart - days(10));
  wheel.arm(CustomerId{5}, kStart - days(20));
  const std::vector<Due> expected{{CustomerId{4}, kStart - days(300)},
                                  {CustomerId{5}, kStart - days(20)},
                                  {CustomerId{6}, kStart - days(10)}};
  EXPECT_EQ(wheel.next_due(), kStart - days(300));
  EXPECT_EQ(drain(wheel, kStart), expected);
}

// The obvious wheel: a set of (due, customer).
struct Oracle {
  std::map<std::uint32_t, Instant> timers;
  std::set<std::pair<Instant, std::uint32_t>> order;
  void disarm(std::uint32_t customer) {
    if (const auto it = timers.find(customer); it != timers.end()) {
      order.erase({it->second, customer});
      timers.erase(it);
    }
  }
  void arm(std::uint32_t customer, Instant due) {
    disarm(customer);
    timers[customer] = due;
    order.insert({due, customer});
  }
};

Instant random_due(Random& random, Instant now) {
  const std::int64_t span = std::int64_t{1} << random.below(44);
  const std::int64_t ahead = random.between(0, span);
  return now + Duration{random.chance(0.1) ? -ahead / 1000 : ahead};
}

TEST(TimerWheel, AgreesWithASet) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    TimerWheel wheel(kStart);
    Oracle oracle;
    for (int step = 0; step < 4000; ++step) {
      const auto customer = static_cast<std::uint32_t>(random.below(200) * (random.chance(0.2) ? 1000 : 1));
      const std::uint64_t what = random.below(100);
      if (what < 55) {
        const Instant due = random_due(random, wheel.now());
        wheel.arm(CustomerId{customer}, due);
        oracle.arm(customer, due);
      } else if (what < 75) {
        wheel.disarm(CustomerId{customer});
        oracle.disarm(customer);
      } else if (what < 99 || random.chance(0.9)) {
        const Instant to = random.chance(0.5) ? random_due(random, wheel.now()) : wheel.now() + seconds(1);
        const auto slice = random.below(20);
        for (std::uint64_t i = 0; i < slice; ++i) {
          const std::optional<Due> fired = wheel.pop(to);
          const bool any = !oracle.order.empty() && oracle.order.begin()->first <= to;
          ASSERT_EQ(fired.has_value(), any);
          if (!any) break;
          ASSERT_EQ(*fired, (Due{CustomerId{oracle.order.begin()->second}, oracle.order.begin()->first}));
          oracle.disarm(fired->customer.value);
        }
      } else {
        std::string bytes, again;
        wheel.encode(bytes);
        Result<TimerWheel> copy = TimerWheel::decode(bytes, 200'000);
        ASSERT_TRUE(copy.ok());
        wheel = std::move(copy).value();
        wheel.encode(again);
        ASSERT_EQ(bytes, again);
      }
      ASSERT_EQ(wheel.armed(), oracle.timers.size());
      if (random.chance(0.2)) {
        ASSERT_EQ(wheel.next_due().has_value(), !oracle.order.empty());
        if (!oracle.order.empty()) {
          ASSERT_EQ(*wheel.next_due(), oracle.order.begin()->first);
        }
      }
    }
  }
}

TEST(TimerWheel, RefusesDamage) {
  TimerWheel wheel(kStart);
  for (std::uint32_t i = 0; i < 50; ++i) wheel.arm(CustomerId{i * 3}, kStart + seconds(i));
  std::string bytes;
  wheel.encode(bytes);
  EXPECT_TRUE(TimerWheel::decode(bytes, 148).ok());
  EXPECT_FALSE(TimerWheel::decode(bytes, 147).ok());
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_FALSE(TimerWheel::decode(std::string_view(bytes).substr(0, cut), 148).ok());
  }
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string other = bytes;
    other[random.below(other.size())] = static_cast<char>(random.below(256));
    (void)TimerWheel::decode(other, 1000);  // an error or a wheel, never a crash
  }
}

}  // namespace
}  // namespace rapport::views
