#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "base/time.h"

namespace rapport::engine {

/// Several writers, one reader, a named limit. Weights let one item count as many (events of a request).
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t most) : most_(most) {}

  /// False when full or closed: the caller answers "overloaded" or "unavailable".
  bool push(T item, std::size_t weight = 1) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || (weight_ + weight > most_ && weight_ > 0)) return false;
      items_.push_back({std::move(item), weight});
      weight_ += weight;
    }
    wake_.notify_one();
    return true;
  }
  /// For what must not be refused (a commit's completion); no limit.
  void push_always(T item) {
    {
      const std::lock_guard lock(mutex_);
      items_.push_back({std::move(item), 0});
    }
    wake_.notify_one();
  }
  /// Everything that waits, in order; waits up to `timeout` when there is nothing.
  std::vector<T> take_all(std::optional<Duration> timeout) {
    std::unique_lock lock(mutex_);
    const auto something = [&] { return !items_.empty() || closed_; };
    if (timeout) {
      wake_.wait_for(lock, std::chrono::milliseconds(timeout->ms), something);
    } else {
      wake_.wait(lock, something);
    }
    std::vector<T> taken;
    taken.reserve(items_.size());
    for (auto& [item, weight] : items_) taken.push_back(std::move(item));
    items_.clear();
    weight_ = 0;
    return taken;
  }
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    wake_.notify_all();
  }
  bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }
  std::size_t weight() const {
    const std::lock_guard lock(mutex_);
    return weight_;
  }

 private:
  struct Held {
    T item;
    std::size_t weight;
  };
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Held> items_;
  std::size_t most_;
  std::size_t weight_ = 0;
  bool closed_ = false;
};

}  // namespace rapport::engine
