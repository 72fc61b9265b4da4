#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace rapport::engine {

/// A few threads for questions that may take half a minute each, shared fairly: one caller has one of them
/// answered at a time and may let a few more wait, and callers take turns. So whoever asks a lot waits for
/// himself, and everybody else for one question of each at most.
class FairWorkers {
 public:
  struct Limits {
    std::size_t threads = 2;
    std::size_t waiting_of_one = 3;  ///< beside the one that is answered
    std::size_t waiting = 64;        ///< of all callers
  };
  enum class Taken : std::uint8_t { yes, too_many_of_caller, too_many };

  explicit FairWorkers(Limits limits);
  ~FairWorkers();
  /// Any thread. Tasks of one caller run in order of arrival, never two at once.
  Taken run(std::uint64_t caller, std::function<void()> task);
  /// Finishes what is queued, then joins.
  void stop();

 private:
  struct Caller {
    bool busy = false;
    std::deque<std::function<void()>> tasks;
  };
  void work();
  void line_up(std::uint64_t caller);

  Limits limits_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::unordered_map<std::uint64_t, Caller> callers_;  ///< those of whom something runs or waits
  std::deque<std::uint64_t> ready_;                    ///< callers with a task that may begin, in turn
  std::size_t waiting_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace rapport::engine
