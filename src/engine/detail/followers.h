#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/detail/ledger.h"
#include "engine/detail/shop.h"
#include "store/store.h"

/// What trails the log of one shop on a thread of its own: flips as rows, the positions of every node, the
/// tiles of the ledger.
/// Each follower keeps its own position beside its rows, so a crash costs it nothing but the way back to it.
namespace rapport::engine {

/// Under this node number stand the positions of records that name nobody: nouns, rules, imports, unlinks.
/// Nodes are numbered from 1 upwards and never get here.
inline constexpr NodeId kEverybody{0xffff'ffffU};
/// Whether the record bears on everybody: it names nobody and moves the state. Ticks and what the outbox logs
/// do not.
inline bool concerns_everybody(const model::RecordView& record) {
  return record.nodes.empty() && record.type != model::RecordType::tick &&
         record.type != model::RecordType::outbox_intent && record.type != model::RecordType::outbox_receipt;
}

class Follower final : public FoldListener {
 public:
  Follower(store::Store& store, Shop& shop, Clock& clock, Ledger& ledger);
  ~Follower() override;
  void start();
  /// Follows to the durable end, then joins.
  void stop();

  /// On the shop thread.
  void folded(Folded batch) override;
  /// Called on the follower's thread with flips that are stored, in order.
  void on_flips(std::function<void(const std::vector<model::FlipAnswer>&)> hear) {
    hear_flips_ = std::move(hear);
  }
  /// Called on the shop's thread after each folded batch; must not block.
  void on_fold(std::function<void()> hear) { hear_fold_ = std::move(hear); }
  /// Waits until the positions of every record up to `seq` can be read. False after `patience`.
  bool wait_for_positions(EventSeq seq, Duration patience);
  EventSeq positions_upto() const { return EventSeq{positions_upto_.load()}; }

 private:
  void run();
  bool follow_positions();
  void store_told(std::vector<Folded> told);
  void follow_ledger();
  void care();

  store::Store& store_;
  Shop& shop_;
  Clock& clock_;
  Ledger& ledger_;
  std::vector<std::string> segment_names_;
  std::function<void(const std::vector<model::FlipAnswer>&)> hear_flips_;
  std::function<void()> hear_fold_;

  std::mutex mutex_;
  std::condition_variable wake_, moved_;
  std::vector<Folded> told_;
  bool stopping_ = false, asked_for_positions_ = false;
  Instant last_care_ = Instant::min();
  std::atomic<std::uint64_t> positions_upto_{0};
  std::unique_ptr<store::LogReader> reader_;
  std::thread thread_;
};

}  // namespace rapport::engine
