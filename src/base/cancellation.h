#pragma once

#include <functional>
#include <mutex>
#include <utility>

namespace rapport {

/// Tells work under way that nobody waits for its answer any more. Shared by who asks and who works; any
/// thread.
class Cancellation {
 public:
  void cancel() {
    const std::lock_guard lock(mutex_);
    if (std::exchange(cancelled_, true)) return;
    if (interrupt_) interrupt_();
  }
  bool cancelled() const {
    const std::lock_guard lock(mutex_);
    return cancelled_;
  }

  /// While one of these lives, cancel() also calls `interrupt`, on the thread that cancels; at once when it
  /// was cancelled before. One at a time.
  class Interrupt {
   public:
    /// `cancellation` may be null: then nobody ever cancels.
    Interrupt(Cancellation* cancellation, std::function<void()> interrupt) : cancellation_(cancellation) {
      if (cancellation_ == nullptr) return;
      const std::lock_guard lock(cancellation_->mutex_);
      if (cancellation_->cancelled_) interrupt();
      cancellation_->interrupt_ = std::move(interrupt);
    }
    ~Interrupt() {
      if (cancellation_ == nullptr) return;
      const std::lock_guard lock(cancellation_->mutex_);
      cancellation_->interrupt_ = nullptr;
    }
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

   private:
    Cancellation* cancellation_;
  };

 private:
  mutable std::mutex mutex_;
  bool cancelled_ = false;
  std::function<void()> interrupt_;
};

}  // namespace rapport
