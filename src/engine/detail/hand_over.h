#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.h"

namespace rapport::engine {

/// Turns a writer that pushes chunks into a reader that pulls them, holding no more than `most` bytes between
/// two threads (and one chunk at least), so that a checkpoint never needs the whole state twice in memory.
class ChunkHandOver {
 public:
  using Sink = std::function<void(std::string_view)>;
  ChunkHandOver(std::function<void(const Sink&)> write, std::size_t most);
  /// Joins; a reader that stopped early lets the writer run to its end without keeping anything.
  ~ChunkHandOver();
  /// False at the end.
  Result<bool> next(std::string& chunk);

 private:
  static constexpr std::size_t kChunkBytes = std::size_t{4} << 20;
  void give(std::string bytes);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> held_;
  std::size_t held_bytes_ = 0;
  const std::size_t most_;
  std::string gathering_;
  bool ended_ = false, abandoned_ = false;
  std::thread thread_;
};

}  // namespace rapport::engine
