#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "store/store.h"
#include "views/views.h"

/// Saves the state of one shop while the shop goes on. The fold pauses only while the state is turned into
/// bytes in memory; the bytes reach the disk behind its back. Events are stamped, made durable and answered
/// all the while, and reads are served.
namespace rapport::engine {

class Checkpointer {
 public:
  /// `resume` is called, on the saving thread, when the state may change again.
  Checkpointer(store::Store& store, store::ShopInfo shop, std::function<void()> resume);
  ~Checkpointer();

  /// Owner thread. Begins to save `state`, which nobody may change until reading() is false. Not while
  /// busy().
  void start(const views::ShopState& state, const store::CheckpointHead& head);
  /// The state is being read.
  bool reading() const { return reading_; }
  bool busy() const { return busy_; }
  /// Until the one under way is on the disk, or was given up.
  void wait();
  /// The newest that is on the disk.
  EventSeq saved() const { return EventSeq{saved_.load()}; }
  /// How long the last one took in all, and for how long it kept the state.
  Duration took() const { return {took_ms_.load()}; }
  Duration paused() const { return {paused_ms_.load()}; }
  /// What the state of the last one held in memory.
  std::uint64_t state_bytes() const { return state_bytes_; }

  /// Any thread. No checkpoint of what was folded before this call is left when it returns, nor comes later.
  Status drop_all();

 private:
  void save(const views::ShopState& state, store::CheckpointHead head, std::uint64_t generation);
  Status write(const store::CheckpointHead& head, std::uint64_t generation,
               const std::function<Result<bool>(std::string&)>& next);

  store::Store& store_;
  store::ShopInfo shop_;
  std::function<void()> resume_;
  std::mutex saving_;  ///< held while files of checkpoints come and go
  std::atomic<std::uint64_t> generation_{0};
  std::atomic<bool> reading_{false}, busy_{false};
  std::atomic<std::uint64_t> saved_{0}, state_bytes_{0};
  std::atomic<std::int64_t> took_ms_{0}, paused_ms_{0};
  std::thread thread_;
};

}  // namespace rapport::engine
