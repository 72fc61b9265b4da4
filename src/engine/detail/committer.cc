#include "engine/detail/committer.h"

#include <algorithm>

#include "base/log.h"
#include "base/thread_name.h"

namespace rapport::engine {

Committer::Committer(store::Store& store) : store_(store), queue_(std::size_t{1} << 40) {}
Committer::~Committer() {
  stop();
}

void Committer::start() {
  thread_ = std::thread([this] {
    name_this_thread("commit");
    run();
  });
}

void Committer::stop() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void Committer::submit(Commit commit) {
  queue_.push_always(std::move(commit));
}

void Committer::run() {
  while (true) {
    std::vector<Commit> waiting = queue_.take_all(std::nullopt);
    if (waiting.empty() && queue_.closed()) return;
    if (waiting.empty()) continue;
    std::vector<store::Append> appends;
    appends.reserve(waiting.size());
    for (const Commit& commit : waiting) {
      // A batch of repeats only has nothing to write, but its answer waits for the batches before it.
      if (!commit.batch->nothing()) appends.push_back(commit.batch->append(commit.shop));
    }
    const std::int64_t start = monotonic_ns();
    const Status written = appends.empty() ? Status{} : store_.append(appends);
    if (!written.ok())
      log(LogLevel::error, "commit failed; the log refuses writes until restart",
          {{"why", written.error().message}});
    {
      const std::lock_guard lock(mutex_);
      recent_us_[commits_++ % recent_us_.size()] = (monotonic_ns() - start) / 1000;
    }
    for (Commit& commit : waiting) commit.done(written);
  }
}

Committer::Latency Committer::latency() const {
  const std::lock_guard lock(mutex_);
  Latency out;
  out.commits = commits_;
  std::vector<std::int64_t> sorted(
      recent_us_.begin(),
      recent_us_.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(commits_, recent_us_.size())));
  if (sorted.empty()) return out;
  std::sort(sorted.begin(), sorted.end());
  out.p50_us = sorted[sorted.size() / 2];
  out.p99_us = sorted[sorted.size() * 99 / 100];
  return out;
}

}  // namespace rapport::engine
