#include "engine/detail/hand_over.h"

#include <utility>

namespace rapport::engine {

ChunkHandOver::ChunkHandOver(std::function<void(const Sink&)> write) {
  thread_ = std::thread([this, write = std::move(write)] {
    write([this](std::string_view bytes) {
      gathering_ += bytes;
      if (gathering_.size() >= kChunkBytes) give(std::exchange(gathering_, {}));
    });
    if (!gathering_.empty()) give(std::exchange(gathering_, {}));
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  });
}

ChunkHandOver::~ChunkHandOver() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void ChunkHandOver::give(std::string bytes) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !full_ || abandoned_; });
  if (abandoned_) return;
  held_ = std::move(bytes);
  full_ = true;
  changed_.notify_all();
}

Result<bool> ChunkHandOver::next(std::string& chunk) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return full_ || ended_; });
  if (!full_) return false;
  chunk = std::move(held_);
  full_ = false;
  changed_.notify_all();
  return true;
}

}  // namespace rapport::engine
