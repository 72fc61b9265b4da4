#include <atomic>
#include <condition_variable>
#include <deque>
#include <thread>

#include "engine/detail/impl.h"

// The whole log folded anew. The fold of one shop is one row of steps, so threads share out the shops; those
// left over read and check batches ahead of the folds. The state cannot tell.
namespace rapport::engine {
namespace {

constexpr std::size_t kBatchesAhead = 8;

/// Reads a shop's batches, checking the chain, on the caller's thread or ahead of it on one of its own.
class BatchSource {
 public:
  BatchSource(const store::Store& store, ShopNo shop, bool ahead)
      : reader_(store, shop, EventSeq{1}, store::ChainCheck::yes) {
    if (ahead) thread_ = std::thread([this] { read_ahead(); });
  }
  ~BatchSource() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  /// False at the durable end. `bytes` is valid until the next call.
  Result<bool> next(std::string_view& bytes) {
    if (!thread_.joinable()) {
      store::StoredBatch stored;
      RAPPORT_TRY(const bool more, reader_.next(stored));
      bytes = stored.bytes;
      return more;
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !ahead_.empty() || ended_; });
    if (ahead_.empty()) {
      RAPPORT_CHECK(status_);
      return false;
    }
    current_ = std::move(ahead_.front());
    ahead_.pop_front();
    changed_.notify_all();
    bytes = current_;
    return true;
  }

 private:
  void read_ahead() {
    while (true) {
      store::StoredBatch stored;
      const Result<bool> more = reader_.next(stored);
      std::unique_lock lock(mutex_);
      if (!more.ok() || !*more) {
        if (!more.ok()) status_ = more.error();
        ended_ = true;
        changed_.notify_all();
        return;
      }
      changed_.wait(lock, [&] { return ahead_.size() < kBatchesAhead || stopping_; });
      if (stopping_) return;
      ahead_.emplace_back(stored.bytes);
      changed_.notify_all();
    }
  }

  store::LogReader reader_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> ahead_;
  std::string current_;
  Status status_;
  bool ended_ = false, stopping_ = false;
  std::thread thread_;
};

struct FinalState {
  Digest hash{};
  EventSeq seq;
};

Result<FinalState> fold_anew(const store::Store& store, const Shop& shop, std::size_t batch, bool ahead) {
  views::ShopOptions options;
  RAPPORT_TRY(options.currency, Currency::parse(shop.founding().currency));
  views::ShopState state(options);
  views::FlipList flips;
  BatchSource source(store, shop.info().shop, ahead);
  std::string_view bytes;
  model::RecordView record;
  std::size_t in_slice = 0;
  while (true) {
    RAPPORT_TRY(const bool more, source.next(bytes));
    if (!more) break;
    RAPPORT_TRY(codec::BatchReader in, codec::BatchReader::open(bytes));
    while (in.next(record)) {
      state.fold(record, flips);
      flips.flips.clear();
      // Slices only decide when the sweep comes by; the hash may not notice.
      if (++in_slice >= batch) {
        in_slice = 0;
        state.sweep(64, flips);
      }
    }
    RAPPORT_CHECK(in.status());
  }
  while (state.sweep(10'000, flips) > 0) flips.flips.clear();
  return FinalState{state.state_hash(), state.position()};
}

}  // namespace

Result<model::VerifyAnswer> Engine::verify(std::size_t batch, std::size_t threads) const {
  const std::int64_t start = monotonic_ns();
  std::vector<const Shop*> shops;
  for (const store::ShopInfo& info : impl_->store->shops()) {
    if (const ShopUnit* unit = impl_->unit(info.shop)) shops.push_back(&unit->shop);
  }
  std::vector<std::optional<Result<FinalState>>> folded(shops.size());
  std::atomic<std::size_t> next{0};
  const bool ahead = threads > shops.size();
  const auto fold_some = [&] {
    for (std::size_t i = next++; i < shops.size(); i = next++) {
      folded[i].emplace(fold_anew(*impl_->store, *shops[i], batch, ahead));
    }
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min(threads, shops.size()); ++i) others.emplace_back(fold_some);
  fold_some();
  for (std::thread& thread : others) thread.join();

  model::VerifyAnswer answer;
  Sha256 all;
  for (std::size_t i = 0; i < shops.size(); ++i) {
    RAPPORT_TRY(const FinalState one, std::move(*folded[i]));
    answer.shops.push_back({shops[i]->info().name, digest_hex(one.hash), one.seq});
    all.update(shops[i]->info().name);
    all.update(as_view(one.hash));
    answer.seq += one.seq.value;
  }
  answer.state = digest_hex(all.finish());
  const double elapsed = static_cast<double>(monotonic_ns() - start) / 1e9;
  answer.events_per_second = elapsed > 0 ? static_cast<double>(answer.seq) / elapsed : 0;
  return answer;
}

}  // namespace rapport::engine
