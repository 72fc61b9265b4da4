#include "engine/detail/checkpointer.h"

#include <chrono>

#include "base/log.h"
#include "base/thread_name.h"
#include "engine/detail/hand_over.h"

namespace rapport::engine {
namespace {

/// Bytes held between the fold and the disk; a greater state waits for the disk beyond it.
constexpr std::size_t kAheadBytes = std::size_t{256} << 20;
/// A checkpoint ahead of the flips on the disk would be passed over after a crash, so it waits for them.
constexpr std::int64_t kFlipsPatienceNs = 5'000'000'000;

std::int64_t ms_since(std::int64_t start_ns) {
  return (monotonic_ns() - start_ns) / 1'000'000;
}

}  // namespace

Checkpointer::Checkpointer(store::Store& store, store::ShopInfo shop, std::function<void()> resume)
    : store_(store), shop_(std::move(shop)), resume_(std::move(resume)) {}

Checkpointer::~Checkpointer() {
  wait();
}

void Checkpointer::wait() {
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::start(const views::ShopState& state, const store::CheckpointHead& head) {
  wait();
  busy_ = reading_ = true;
  thread_ = std::thread([this, &state, head, generation = generation_.load()] {
    name_this_thread("checkpoint");
    save(state, head, generation);
    busy_ = false;
  });
}

void Checkpointer::save(const views::ShopState& state, store::CheckpointHead head, std::uint64_t generation) {
  const std::int64_t start = monotonic_ns();
  ChunkHandOver chunks(
      [&](const ChunkHandOver::Sink& sink) {
        state.save(sink);
        state_bytes_ = state.memory_bytes();
        paused_ms_ = ms_since(start);
        reading_ = false;
        resume_();
      },
      kAheadBytes);
  const Status written = write(head, generation, [&](std::string& chunk) { return chunks.next(chunk); });
  took_ms_ = ms_since(start);
  if (!written.ok()) {
    log(LogLevel::warn, "checkpoint not written", {{"shop", shop_.name}, {"why", written.error().message}});
  }
}

Status Checkpointer::write(const store::CheckpointHead& head, std::uint64_t generation,
                           const std::function<Result<bool>(std::string&)>& next) {
  const std::int64_t start = monotonic_ns();
  while (true) {
    RAPPORT_TRY(const EventSeq flips, store_.flips_upto(shop_.shop));
    if (flips >= head.seq) break;
    if (monotonic_ns() - start > kFlipsPatienceNs)
      return Error{Errc::unavailable, "the flips before it are not stored yet"};
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const std::lock_guard lock(saving_);
  // Somebody was erased meanwhile, who is in this state.
  if (generation_ != generation) return {};
  RAPPORT_CHECK(store_.save_checkpoint(shop_.shop, head, next));
  saved_ = head.seq.value;
  return {};
}

Status Checkpointer::drop_all() {
  ++generation_;
  const std::lock_guard lock(saving_);
  return store_.drop_checkpoints(shop_.shop);
}

}  // namespace rapport::engine
