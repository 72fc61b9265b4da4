#include "engine/calendar.h"

#include <future>
#include <memory>

#include "base/log.h"
#include "engine/engine_hypotheses.h"

namespace rapport::engine {

Calendar::Calendar(Engine& engine, Duration every) : engine_(engine), every_(every) {
  thread_ = std::thread([this] { run(); });
}

Calendar::~Calendar() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Calendar::run() {
  while (true) {
    for (const model::ShopSummary& shop : engine_.shops()) look(shop);
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, std::chrono::milliseconds(every_.ms), [&] { return stopping_; })) return;
  }
}

void Calendar::look(const model::ShopSummary& shop) {
  constexpr std::int64_t kAfterFailure_ns = 600'000'000'000;
  std::int64_t& not_before = not_before_ns_[shop.no];
  if (monotonic_ns() < not_before) return;
  const auto promise = std::make_shared<std::promise<Result<std::size_t>>>();
  std::future<Result<std::size_t>> answer = promise->get_future();
  judge_due_hypotheses(engine_, shop.no,
                       [promise](Result<std::size_t> judged) { promise->set_value(std::move(judged)); });
  // A verdict may wait for the lens for minutes; whoever ends the server must not.
  while (answer.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
  }
  const Result<std::size_t> judged = answer.get();
  if (judged.ok()) {
    if (*judged > 0) log(LogLevel::info, "hypotheses were judged", {{"shop", shop.name}, {"n", *judged}});
    return;
  }
  not_before = monotonic_ns() + kAfterFailure_ns;
  log(LogLevel::warn, "a hypothesis whose date has come could not be judged; tried again in ten minutes",
      {{"shop", shop.name}, {"why", judged.error().message}});
}

}  // namespace rapport::engine
