#pragma once

#include <functional>
#include <thread>
#include <vector>

#include "engine/detail/queue.h"

namespace rapport::engine {

/// A few threads for work that may take long: imports, erasures, looks into the past. Tasks run in order of
/// arrival.
class Workers {
 public:
  explicit Workers(std::size_t threads, std::size_t most);
  ~Workers();
  /// False when the queue is full or closed.
  bool run(std::function<void()> task);
  /// Finishes what is queued, then joins.
  void stop();

 private:
  void work();
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  std::size_t most_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace rapport::engine
