#include "engine/detail/checkpoint_source.h"

#include <algorithm>

namespace rapport::engine {
namespace {

constexpr std::size_t kPiecesAhead = 8;

}  // namespace

CheckpointSource::CheckpointSource(const store::Store& store, ShopNo shop, const store::CheckpointHead& head)
    : store_(store), to_come_(head.bytes) {
  thread_ = std::thread([this, shop, seq = head.seq] {
    Status read = store_.read_checkpoint(shop, seq, [this](std::string_view piece) { return offer(piece); });
    const std::lock_guard lock(mutex_);
    status_ = std::move(read);
    ended_ = true;
    changed_.notify_all();
  });
}

CheckpointSource::~CheckpointSource() {
  {
    const std::lock_guard lock(mutex_);
    given_up_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Status CheckpointSource::offer(std::string_view piece) {
  std::string copy(piece);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return given_up_ || ahead_.size() < kPiecesAhead; });
  if (given_up_) return Error{Errc::unavailable, "nobody reads on", "checkpoint"};
  ahead_.push_back(std::move(copy));
  changed_.notify_all();
  return {};
}

std::string_view CheckpointSource::more(std::string_view rest, std::size_t least) {
  std::string begun(rest);
  while (begun.size() < least || begun.empty()) {
    std::string next;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ended_ || !ahead_.empty(); });
      if (ahead_.empty()) {
        to_come_ = 0;
        break;
      }
      next = std::move(ahead_.front());
      ahead_.pop_front();
      changed_.notify_all();
    }
    to_come_ -= std::min<std::uint64_t>(to_come_, next.size());
    begun.empty() ? begun = std::move(next) : begun += next;
  }
  piece_ = std::move(begun);
  return piece_;
}

std::size_t CheckpointSource::left() const {
  return static_cast<std::size_t>(to_come_);
}

Status CheckpointSource::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

}  // namespace rapport::engine
