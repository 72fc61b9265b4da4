#include "engine/calendar.h"

#include <future>
#include <memory>

#include "base/log.h"
#include "engine/engine_care.h"
#include "engine/engine_feedback.h"
#include "engine/engine_hypotheses.h"
#include "engine/engine_mail.h"
#include "engine/engine_needs.h"
#include "engine/engine_returns.h"

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
  constexpr std::int64_t kAfterFailure_ns = 600'000'000'000, kSoon_ns = 60'000'000'000;
  struct Duty {
    std::string_view done, failed;
    void (*task)(Engine&, ShopNo, Reply<std::size_t>);
  };
  constexpr Duty kDuties[] = {
      {"what customers say is listened to", "nobody listens to what customers say", listen_to_feedback},
      {"hypotheses were judged",
       "a hypothesis whose date has come could not be judged; tried again in ten minutes",
       judge_due_hypotheses},
      {"needs were predicted", "needs could not be predicted; tried again in ten minutes", predict_due_needs},
      {"reminders were sent", "reminders that are due could not be sent; tried again in ten minutes",
       send_due_reminders},
      {"returns that events asked for were looked at",
       "returns that events asked for could not be decided; tried again in ten minutes", decide_told_returns},
      {"calendars were renewed", "calendars could not be renewed; tried again in ten minutes",
       renew_calendars},
  };
  for (std::size_t i = 0; i < std::size(kDuties); ++i) {
    std::int64_t& not_before = not_before_ns_[{shop.no, i}];
    if (monotonic_ns() < not_before) continue;
    const auto n = wait_for([&](auto reply) { kDuties[i].task(engine_, shop.no, reply); });
    if (!n) return;
    if (n->ok()) {
      failed_once_.erase({shop.no, i});
      if (**n > 0) log(LogLevel::info, kDuties[i].done, {{"shop", shop.name}, {"n", **n}});
      continue;
    }
    // A shop that is just being filled or opened has what is needed a minute later; only what fails again is
    // news.
    if (failed_once_.insert({shop.no, i}).second) {
      not_before = monotonic_ns() + kSoon_ns;
      continue;
    }
    not_before = monotonic_ns() + kAfterFailure_ns;
    log(LogLevel::warn, kDuties[i].failed, {{"shop", shop.name}, {"why", n->error().message}});
  }
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
