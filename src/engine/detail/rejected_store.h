#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "base/random.h"

/// Rows that the last imports could not take, as CSV. They may hold what is personal, so they live in memory
/// only and not long. Thread-safe.
namespace rapport::engine {

class RejectedStore {
 public:
  /// The number under which it is found.
  std::uint64_t put(std::string csv) {
    std::array<std::uint8_t, 6> random{};
    secure_random(random);
    std::uint64_t id = 1;
    for (const std::uint8_t byte : random) id = id << 8 | byte;
    const std::lock_guard lock(mutex_);
    kept_.emplace_back(id, std::move(csv));
    if (kept_.size() > kKept) kept_.pop_front();
    return id;
  }
  std::optional<std::string> find(std::uint64_t id) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [known, csv] : kept_) {
      if (known == id) return csv;
    }
    return std::nullopt;
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    kept_.clear();
  }

 private:
  static constexpr std::size_t kKept = 4;
  mutable std::mutex mutex_;
  std::deque<std::pair<std::uint64_t, std::string>> kept_;
};

}  // namespace rapport::engine
