#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/detail/test_engine.h"

/// For tests that kill a process of this very program while it works on a folder, again and again.
namespace rapport::engine {

/// The folder that the process to be killed works on.
inline constexpr const char* kKilledFolder = "RAPPORT_KILLED_FOLDER";

inline std::unique_ptr<Engine> open_folder(const std::string& folder) {
  EngineOptions options;
  options.data = folder;
  options.compression = false;
  auto opened = Engine::open(options);
  EXPECT_TRUE(opened.ok()) << opened.error().describe();
  return opened.ok() ? std::move(opened).value() : nullptr;
}

/// What is looked for after the last kill comes within this, on a busy machine too: two minutes.
inline constexpr int kRestTries = 4'000;
inline constexpr std::chrono::milliseconds kRestPause{30};

template <class T>
Result<T> wait_for(const std::function<void(Reply<T>)>& ask) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  auto future = promise->get_future();
  ask([promise](Result<T> answer) { promise->set_value(std::move(answer)); });
  return future.get();
}

inline EventSeq send_to(Engine& engine, ShopNo shop, const std::string& messages) {
  auto parsed = codec::parse_batch("{\"batch\":[" + messages + "]}", codec::EndpointKind::batch, {});
  EXPECT_TRUE(parsed.ok() && parsed->dead.empty()) << messages;
  IngestRequest request;
  request.events = std::move(parsed->accepted);
  const auto answer =
      wait_for<model::IngestAnswer>([&](auto reply) { engine.ingest(shop, std::move(request), reply); });
  EXPECT_TRUE(answer.ok());
  return answer.ok() ? answer->offset : EventSeq{};
}

inline std::vector<model::TimelineEntry> all_records(Engine& engine, ShopNo shop) {
  std::vector<model::TimelineEntry> all;
  TailQuery query;
  while (true) {
    auto tail = wait_for<TailAnswer>([&](auto reply) { engine.tail(shop, query, reply); });
    EXPECT_TRUE(tail.ok());
    if (!tail.ok() || tail->events.empty()) return all;
    for (model::TimelineEntry& entry : tail->events) all.push_back(std::move(entry));
    query.after = tail->next;
  }
}

/// Starts the disabled test `name` in a process of its own on the folder.
inline pid_t start_child(const std::string& name, const std::string& folder) {
  std::string program = "/proc/self/exe", filter = "--gtest_filter=" + name,
              disabled = "--gtest_also_run_disabled_tests";
  char* arguments[] = {program.data(), filter.data(), disabled.data(), nullptr};
  ::setenv(kKilledFolder, folder.c_str(), 1);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_RDWR, 0);
  pid_t child = 0;
  EXPECT_EQ(::posix_spawn(&child, program.c_str(), &files, nullptr, arguments, environ), 0);
  posix_spawn_file_actions_destroy(&files);
  ::unsetenv(kKilledFolder);
  return child;
}

/// Runs the disabled test `name` in a process of its own on the folder; whether it came to its end before it
/// was killed.
inline bool run_and_kill(const std::string& name, const std::string& folder, int after_ms) {
  const pid_t child = start_child(name, folder);
  int status = 0;
  for (int waited = 0; waited < after_ms; ++waited) {
    if (::waitpid(child, &status, WNOHANG) == child) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return false;
}

/// Up to eight rounds, each a little longer than the last, so that on a slow machine as on a fast one the
/// first is cut off early and a later one in the middle. How many were killed is told, not tested: one that
/// comes to its end in time proves no less.
inline int kill_until_it_ends(Random& random, const std::string& name, const std::string& folder) {
  int killed = 0;
  for (int round = 0; round < 8; ++round) {
    const int after_ms = static_cast<int>(random.between(40, 250)) * (round + 1);
    if (run_and_kill(name, folder, after_ms)) break;
    ++killed;
  }
  ::testing::Test::RecordProperty("killed", killed);
  return killed;
}

/// A new empty folder; the caller removes it.
inline std::string fresh_folder(const char* name) {
  std::string folder = (std::filesystem::temp_directory_path() / (std::string(name) + "_XXXXXX")).string();
  EXPECT_NE(::mkdtemp(folder.data()), nullptr);
  return folder;
}

}  // namespace rapport::engine
