#include "engine/detail/fair_workers.h"

namespace rapport::engine {

FairWorkers::FairWorkers(Limits limits) : limits_(limits) {
  for (std::size_t i = 0; i < limits_.threads; ++i) threads_.emplace_back([this] { work(); });
}

FairWorkers::~FairWorkers() {
  stop();
}

FairWorkers::Taken FairWorkers::run(std::uint64_t caller, std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_ >= limits_.waiting) return Taken::too_many;
    const auto known = callers_.find(caller);
    if (known != callers_.end() && known->second.busy && known->second.tasks.size() >= limits_.waiting_of_one)
      return Taken::too_many_of_caller;
    Caller& asking = callers_[caller];
    // Before its first task begins a caller may have one more waiting: the one that is about to begin.
    if (!asking.busy && asking.tasks.size() > limits_.waiting_of_one) return Taken::too_many_of_caller;
    asking.tasks.push_back(std::move(task));
    ++waiting_;
    if (asking.busy || asking.tasks.size() > 1) return Taken::yes;
    ready_.push_back(caller);
  }
  wake_.notify_one();
  return Taken::yes;
}

void FairWorkers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void FairWorkers::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    // A caller whose task runs elsewhere lines up again when it is over, so stopping waits for all of it.
    wake_.wait(lock, [&] { return !ready_.empty() || (stopping_ && waiting_ == 0); });
    if (ready_.empty()) return;
    const std::uint64_t caller = ready_.front();
    ready_.pop_front();
    {
      Caller& asking = callers_[caller];
      asking.busy = true;
      std::function<void()> task = std::move(asking.tasks.front());
      asking.tasks.pop_front();
      --waiting_;
      lock.unlock();
      task();
      task = nullptr;
      lock.lock();
    }
    line_up(caller);
  }
}

// Behind the other callers, when there is more to do.
void FairWorkers::line_up(std::uint64_t caller) {
  Caller& asking = callers_[caller];
  asking.busy = false;
  if (asking.tasks.empty()) {
    callers_.erase(caller);
  } else {
    ready_.push_back(caller);
  }
  wake_.notify_all();
}

}  // namespace rapport::engine
