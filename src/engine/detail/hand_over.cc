#include "engine/detail/hand_over.h"

#include <utility>

namespace rapport::engine {

ChunkHandOver::ChunkHandOver(std::function<void(const Sink&)> write, std::size_t most) : most_(most) {
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
  changed_.wait(lock, [&] { return held_.empty() || held_bytes_ + bytes.size() <= most_ || abandoned_; });
  if (abandoned_) return;
  held_bytes_ += bytes.size();
  held_.push_back(std::move(bytes));
  changed_.notify_all();
}

Result<bool> ChunkHandOver::next(std::string& chunk) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !held_.empty() || ended_; });
  if (held_.empty()) return false;
  chunk = std::move(held_.front());
  held_.pop_front();
  held_bytes_ -= chunk.size();
  changed_.notify_all();
  return true;
}

}  // namespace rapport::engine
