#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "engine/detail/front_desk.h"
#include "engine/detail/queue.h"
#include "store/store.h"

namespace rapport::engine {

/// The one thread that writes the log: whatever batches wait, of all shops, go down in one atomic, synced
/// write.
class Committer {
 public:
  struct Commit {
    ShopNo shop;
    std::shared_ptr<StampedBatch> batch;
    /// Called on the commit thread, in order, once the batch is durable or refused.
    std::function<void(const Status&)> done;
  };

  explicit Committer(store::Store& store);
  ~Committer();
  void start();
  /// Writes what waits, then joins.
  void stop();
  void submit(Commit commit);

  struct Latency {
    std::uint64_t commits = 0;
    std::int64_t p50_us = 0, p99_us = 0;  ///< of the last 1,024 writes
  };
  Latency latency() const;

 private:
  void run();

  store::Store& store_;
  BoundedQueue<Commit> queue_;
  std::thread thread_;
  mutable std::mutex mutex_;
  std::array<std::int64_t, 1'024> recent_us_{};
  std::uint64_t commits_ = 0;
};

}  // namespace rapport::engine
