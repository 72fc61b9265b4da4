#pragma once

#include <atomic>

/// Long work that nobody waits for any more. Whoever runs it on behalf of somebody lends it a flag for as
/// long as it runs; resampling (bootstrap()) then stops between its draws with an error.
namespace rapport::math {

/// Lends a flag to the work that this thread does until the scope ends. One at a time a thread.
class InterruptScope {
 public:
  explicit InterruptScope(const std::atomic<bool>& wanted_no_more);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;
};

/// The flag of this thread's work; null when nobody lent one. To be handed to helping threads.
const std::atomic<bool>* interrupt_flag();
inline bool interrupted(const std::atomic<bool>* flag) {
  return flag != nullptr && flag->load(std::memory_order_relaxed);
}

}  // namespace rapport::math
