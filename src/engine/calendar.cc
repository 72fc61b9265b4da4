#include "engine/calendar.h"

#include <future>
#include <memory>

#include "base/log.h"
#include "engine/engine_hypotheses.h"
#include "engine/engine_needs.h"

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
  const auto judged = wait_for([&](auto reply) { judge_due_hypotheses(engine_, shop.no, reply); });
  if (!judged) return;
  const auto needed = wait_for([&](auto reply) { predict_due_needs(engine_, shop.no, reply); });
  if (!needed) return;
  if (judged->ok() && **judged > 0)
    log(LogLevel::info, "hypotheses were judged", {{"shop", shop.name}, {"n", **judged}});
  if (needed->ok() && **needed > 0)
    log(LogLevel::info, "needs were predicted", {{"shop", shop.name}, {"n", **needed}});
  if (judged->ok() && needed->ok()) return;
  not_before = monotonic_ns() + kAfterFailure_ns;
  const Error& why = judged->ok() ? needed->error() : judged->error();
  log(LogLevel::warn,
      judged->ok() ? "needs could not be predicted; tried again in ten minutes"
                   : "a hypothesis whose date has come could not be judged; tried again in ten minutes",
      {{"shop", shop.name}, {"why", why.message}});
}

std::optional<Result<std::size_t>> Calendar::wait_for(const std::function<void(Reply<std::size_t>)>& ask) {
  const auto promise = std::make_shared<std::promise<Result<std::size_t>>>();
  std::future<Result<std::size_t>> answer = promise->get_future();
  ask([promise](Result<std::size_t> result) { promise->set_value(std::move(result)); });
  // It may take minutes; whoever ends the server must not wait for it.
  while (answer.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return std::nullopt;
  }
  return answer.get();
}

}  // namespace rapport::engine
