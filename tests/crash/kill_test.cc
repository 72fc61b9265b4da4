#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <map>

#include "base/random.h"
#include "store/store.h"

extern char** environ;

namespace rapport::crash {
namespace {

struct Child {
  pid_t pid = 0;
  int acks = -1;
};

Child start(const std::string& folder) {
  int pipe_ends[2];
  EXPECT_EQ(pipe2(pipe_ends, O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  std::string program = RAPPORT_CRASH_WRITER, path = folder;
  char* arguments[] = {program.data(), path.data(), nullptr};
  Child child;
  child.acks = pipe_ends[0];
  EXPECT_EQ(posix_spawn(&child.pid, program.c_str(), &actions, nullptr, arguments, environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  return child;
}

/// One acknowledgement, or false at the end.
bool read_ack(int fd, std::uint64_t& seq, Digest& digest) {
  char ack[40];
  std::size_t have = 0;
  while (have < sizeof ack) {
    const ssize_t n = read(fd, ack + have, sizeof ack - have);
    if (n <= 0) return false;
    have += static_cast<std::size_t>(n);
  }
  std::memcpy(digest.data(), ack, digest.size());
  std::memcpy(&seq, ack + 32, 8);
  return true;
}

TEST(Kill, WhatARealProcessAcknowledgedSurvivesItsDeath) {
  const std::uint64_t seed = 9;
  SCOPED_TRACE(seed);
  Random random(seed);
  std::string folder = (std::filesystem::temp_directory_path() / "rapport_kill_XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  std::map<std::uint64_t, Digest> acknowledged;
  for (int round = 0; round < 6; ++round) {
    const Child child = start(folder);
    std::uint64_t seq = 0;
    Digest digest;
    for (std::uint64_t n = 1 + random.below(60); n > 0; --n) {
      ASSERT_TRUE(read_ack(child.acks, seq, digest)) << "the writer ended by itself in round " << round;
      acknowledged[seq] = digest;
    }
    kill(child.pid, SIGKILL);
    while (read_ack(child.acks, seq, digest)) acknowledged[seq] = digest;
    close(child.acks);
    waitpid(child.pid, nullptr, 0);

    auto opened = store::Store::open({.path = folder});
    ASSERT_TRUE(opened.ok()) << opened.error().describe();
    const ShopNo shop = (*opened)->find_shop("tea")->shop;
    EXPECT_GE((*opened)->last(shop).seq.value, acknowledged.rbegin()->first);
    std::size_t found = 0;
    const Status whole = (*opened)->verify_log(shop, [&](const store::StoredBatch& batch) {
      const auto promised = acknowledged.find(batch.header.last().value);
      if (promised == acknowledged.end()) return;
      ++found;
      EXPECT_EQ(sha256(batch.bytes), promised->second);
    });
    EXPECT_TRUE(whole.ok()) << whole.error().describe();
    EXPECT_EQ(found, acknowledged.size()) << "round " << round;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace rapport::crash
