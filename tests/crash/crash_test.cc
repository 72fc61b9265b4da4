#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "workload.h"

/// The real store on a simulated disk: the power goes, the disk fails or fills, bits flip, along a scripted
/// life. An ordinary run takes a sample of the steps; RAPPORT_CRASH_SEEDS=n takes every step of n scripts.
namespace rapport::crash {
namespace {

constexpr int kSteps = 25;

std::uint64_t wanted_seeds() {
  const char* wanted = std::getenv("RAPPORT_CRASH_SEEDS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 0;
}

/// Calls `scene(seed, step, all)` for the steps of each script until something fails.
void at_steps(std::uint64_t (*count)(std::uint64_t), std::uint64_t sample,
              const std::function<void(std::uint64_t, std::uint64_t, const std::string&)>& scene) {
  const std::uint64_t seeds = std::max<std::uint64_t>(wanted_seeds(), 1);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const std::uint64_t all = count(seed);
    const std::uint64_t stride = wanted_seeds() > 0 ? 1 : std::max<std::uint64_t>(all / sample, 1);
    for (std::uint64_t at = 1; at <= all; at += stride) {
      scene(seed, at, fmt::format("seed {}, step {} of {}", seed, at, all));
      if (::testing::Test::HasFailure()) return;
    }
  }
}

std::uint64_t steps_without_fault(std::uint64_t seed) {
  SimulatedDisk disk(seed);
  Workload workload(disk, seed);
  const auto error = workload.run(kSteps);
  EXPECT_FALSE(error) << error->describe();
  workload.close();
  const auto broken = workload.broken_promises();
  EXPECT_TRUE(broken.empty()) << broken.front();
  workload.close();
  return disk.steps();
}

class Crash : public ::testing::Test {
 protected:
  // What the store says when its disk fails is expected here.
  void SetUp() override { ::testing::internal::CaptureStderr(); }
  void TearDown() override { ::testing::internal::GetCapturedStderr(); }

  static void expect_kept(Workload& workload, const std::string& when) {
    const auto broken = workload.broken_promises();
    for (const std::string& promise : broken) ADD_FAILURE() << when << ": " << promise;
  }
  /// The folder must not only be whole but go on working.
  static void expect_usable(Workload& workload, const std::string& when) {
    for (int i = 0; i < 4; ++i) {
      const Status done = workload.step();
      ASSERT_TRUE(done.ok()) << when << ": " << done.error().describe();
    }
    expect_kept(workload, when + ", later");
  }
};

TEST_F(Crash, APowerCutLosesNothingAcknowledged) {
  at_steps(steps_without_fault, 30, [](std::uint64_t seed, std::uint64_t at, const std::string& when) {
    SimulatedDisk disk(seed * 1'000'003 + at);
    Workload workload(disk, seed);
    disk.cut_power_at(at);
    workload.run(kSteps);
    disk.cut_power_now();
    workload.close();
    disk.power_on();
    expect_kept(workload, when);
    if (!HasFailure()) expect_usable(workload, when);
  });
}

TEST_F(Crash, AKilledProcessLosesNothingAcknowledged) {
  at_steps(steps_without_fault, 15, [](std::uint64_t seed, std::uint64_t at, const std::string& when) {
    SimulatedDisk disk(seed * 1'000'003 + at);
    Workload workload(disk, seed);
    disk.cut_power_at(at);
    workload.run(kSteps);
    disk.cut_power_now();
    workload.close();
    disk.process_restart();
    expect_kept(workload, when);
    if (!HasFailure()) expect_usable(workload, when);
  });
}

// Pages of one write that arrive out of order leave a hole in front of bytes that are there. RocksDB may
// refuse such a folder, which is an answer; it may not open it with less than was promised.
TEST_F(Crash, AHoleInTheTornTailIsMendedOrReported) {
  int refused = 0, opened = 0;
  at_steps(steps_without_fault, 20, [&](std::uint64_t seed, std::uint64_t at, const std::string& when) {
    SimulatedDisk disk(seed * 1'000'003 + at);
    Workload workload(disk, seed);
    disk.cut_power_at(at);
    workload.run(kSteps);
    disk.cut_power_now();
    workload.close();
    disk.power_on(SimulatedDisk::Tail::holes);
    const Status status = workload.open();
    if (!status.ok()) {
      ++refused;
      EXPECT_EQ(status.error().code, Errc::corrupt) << when << ": " << status.error().describe();
      return;
    }
    ++opened;
    for (const std::string& promise : workload.check()) ADD_FAILURE() << when << ": " << promise;
  });
  EXPECT_GT(opened, refused);
}

TEST_F(Crash, AfterAFailedWriteTheStoreRefusesUntilItIsOpenedAnew) {
  at_steps(steps_without_fault, 20, [](std::uint64_t seed, std::uint64_t at, const std::string& when) {
    SimulatedDisk disk(seed * 1'000'003 + at);
    Workload workload(disk, seed);
    disk.fail_at(at);
    const auto error = workload.run(kSteps);
    if (workload.is_open() && !workload.store().accepts_writes()) {
      const Status refused = workload.store().put(store::Table::settings, ShopNo{}, "late", "x");
      ASSERT_FALSE(refused.ok()) << when;
      EXPECT_EQ(refused.error().code, Errc::unavailable) << when;
    }
    disk.cut_power_now();
    workload.close();
    disk.power_on();
    expect_kept(workload, when);
    if (!HasFailure()) expect_usable(workload, when);
  });
}

TEST_F(Crash, AFullDiskLosesNothingAcknowledged) {
  for (std::uint64_t capacity = 2'000; capacity < 200'000;
       capacity += capacity / (wanted_seeds() > 0 ? 20 : 2)) {
    const std::string when = fmt::format("a disk of {} bytes", capacity);
    SimulatedDisk disk(capacity);
    Workload workload(disk, 7);
    disk.set_capacity(capacity);
    workload.run(60);
    disk.cut_power_now();
    workload.close();
    disk.power_on();
    disk.set_capacity(0);
    expect_kept(workload, when);
    if (!HasFailure()) expect_usable(workload, when);
    if (HasFailure()) return;
  }
}

// What the server does by itself: it notices that the disk was full, waits for space, and opens the folder
// anew in the same process. Several times over, so that what one recovery leaves is what the next one finds.
TEST_F(Crash, AFolderOnAFullDiskGoesOnOnceThereIsSpace) {
  const std::uint64_t seeds = std::max<std::uint64_t>(wanted_seeds(), 6);
  int filled = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SimulatedDisk disk(seed);
    Workload workload(disk, seed);
    Random random(seed);
    std::uint64_t capacity = 20'000 + random.below(60'000);
    for (int round = 0; round < 4; ++round, capacity += 10'000 + random.below(60'000)) {
      const std::string when = fmt::format("seed {}, round {}, {} bytes", seed, round, capacity);
      disk.set_capacity(capacity);
      const auto error = workload.run(40);
      if (error && workload.is_open() && !workload.store().accepts_writes()) {
        ++filled;
        EXPECT_TRUE(workload.store().wants_space()) << when << ": " << error->describe();
        // Reads go on meanwhile, and writes are refused by name.
        EXPECT_EQ(workload.store().put(store::Table::settings, ShopNo{}, "late", "x").error().code,
                  Errc::unavailable)
            << when;
      }
      workload.close();
      disk.process_restart();
      disk.set_capacity(0);
      expect_kept(workload, when);
      if (!HasFailure()) expect_usable(workload, when);
      workload.close();
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(filled, 0);
}

/// One flipped bit of a folder at rest: it opens with everything in place, or says that it is damaged, at
/// opening or when the damaged thing is read. `killed`: the records still lie in the write-ahead log.
void flip_bits(bool killed, int rounds) {
  const std::uint64_t seed = killed ? 3 : 4;
  Random random(seed);
  SimulatedDisk disk(seed);
  Workload workload(disk, seed);
  const auto error = workload.run(kSteps);
  ASSERT_FALSE(error) << error->describe();
  if (killed) disk.cut_power_now();
  workload.close();
  disk.process_restart();
  int noticed = 0;
  const std::vector<std::string> files = disk.files();
  for (int round = 0; round < rounds; ++round) {
    const std::string& file = files[random.below(files.size())];
    if (disk.read(file).empty()) continue;
    const std::uint64_t bit = random.below(disk.read(file).size() * 8);
    const auto flipped = disk.clone(seed);
    flipped->flip(file, bit);
    const std::string when = fmt::format("seed {}, bit {} of {}", seed, bit, file);
    Workload on_copy = workload.on(*flipped);
    if (const Status opened = on_copy.open(); !opened.ok()) {
      EXPECT_NE(opened.error().code, Errc::internal) << when;
      ++noticed;
      continue;
    }
    for (const std::string& promise : on_copy.silently_broken()) {
      ADD_FAILURE() << when << ": " << promise;
    }
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_GT(noticed, 0);
}

TEST_F(Crash, AFlippedBitOfAKilledFolderIsNoticed) {
  flip_bits(true, wanted_seeds() > 0 ? 1000 : 40);
}

TEST_F(Crash, AFlippedBitOfAClosedFolderIsNoticed) {
  flip_bits(false, wanted_seeds() > 0 ? 1000 : 40);
}

}  // namespace
}  // namespace rapport::crash
