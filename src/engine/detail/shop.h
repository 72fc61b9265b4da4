#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "engine/detail/checkpointer.h"
#include "engine/detail/committer.h"
#include "engine/detail/front_desk.h"
#include "engine/detail/identifier_texts.h"
#include "engine/detail/keyring.h"
#include "engine/detail/queue.h"
#include "engine/engine.h"
#include "model/catalogue_ids.h"
#include "store/store.h"
#include "views/views.h"

/// One shop: its thread stamps batches, hands them to the committer, folds what is durable and answers reads
/// between slices of at most a millisecond.
namespace rapport::engine {

/// Nouns of the catalogue and of policy: what answers kept in memory are made of.
constexpr bool is_noun(model::EventKind kind) {
  return kind.value >= model::kind::product_published.value &&
         (kind.value <= model::kind::value_published.value || kind == model::kind::service_level_published ||
          kind == model::kind::roster_published || kind == model::kind::parcel_policy_published ||
          kind == model::kind::return_policy_published || kind == model::kind::desk_policy_published ||
          kind == model::kind::macro_published);
}

/// What the shop tells its followers after each folded batch.
struct Folded {
  EventSeq after, upto;  ///< records folded since the last telling
  std::vector<views::Flip> flips;
  /// Names of the segments by number, when rules were published since the last telling; empty otherwise.
  std::vector<std::string> new_segment_names;
};

/// Hears of every folded batch, on the shop thread; must not block.
class FoldListener {
 public:
  virtual ~FoldListener() = default;
  virtual void folded(Folded batch) = 0;
};

class Shop {
 public:
  struct Parts {
    store::Store& store;
    Committer& committer;
    Clock& clock;
    const Limits& limits;
  };
  struct Counters {
    std::atomic<std::uint64_t> accepted{0}, duplicate{0}, rejected{0}, suppressed{0}, flips{0}, folded{0},
        stamped{0}, durable{0}, customers{0}, timers{0}, queue{0}, state_bytes{0},
        published{0};  ///< nouns folded since the start
    std::atomic<std::int64_t> dedup_window_ms{0};
    /// Where a driven clock stands; 0 on the wall clock.
    std::atomic<std::int64_t> driven_now_ms{0};
  };

  Shop(const Parts& parts, store::ShopInfo info);
  ~Shop();

  /// Brings the state to the end of the log: the newest checkpoint, then what follows it. Flips made on the
  /// way go to the store. Errors: the store's, corrupt.
  Status recover();
  /// First record of a new shop.
  Status found(const ShopOptions& options);
  void start(FoldListener* listener);
  /// Before start(): runs on the shop thread once everything that waited is folded up to a batch's end.
  void on_folded(std::function<void()> task) { after_fold_ = std::move(task); }
  /// Finishes what is queued, writes a checkpoint when something was folded since the last, joins.
  void stop();

  // --- from any thread
  /// False when the queue is full.
  bool ingest(IngestRequest request, Reply<model::IngestAnswer> reply);
  /// The same, with rows of the small tables that commit with the events; without the limit.
  void ingest_with(IngestRequest request, std::vector<TableChange> changes, Reply<model::IngestAnswer> reply);
  /// The same without the limit, for a caller that keeps count itself.
  void ingest_waiting(IngestRequest request, Reply<model::IngestAnswer> reply);
  /// Runs `task` on the shop thread once position `after` is folded (at once when none). False when the queue
  /// is full.
  bool read(std::optional<EventSeq> after, std::function<void()> task);
  /// Runs `task` on the shop thread; never refused. For the engine's own needs.
  void post(std::function<void()> task);
  const Counters& counters() const { return counters_; }
  const store::ShopInfo& info() const { return info_; }
  const model::ShopCreatedBody& founding() const { return founding_; }
  /// The shop is asked to end: long work in slices is cut short.
  bool stopping() const { return stopping_; }
  bool driven() const { return founding_.clock == model::ClockKind::driven; }
  Keyring& keyring() { return keyring_; }
  /// The checkpoint that recover() began with, 0 = the log alone; and the newest written since.
  EventSeq recovered_from() const { return recovered_from_; }
  EventSeq checkpoint_saved() const { return checkpointer_.saved(); }
  /// Of the last one while the shop ran: how long it took in all, and for how long folding stood still.
  Duration checkpoint_took() const { return checkpointer_.took(); }
  Duration checkpoint_paused() const { return checkpointer_.paused(); }
  /// For erasure: no checkpoint of what was folded before is left, nor comes later.
  Status drop_checkpoints() { return checkpointer_.drop_all(); }

  // --- on the shop thread only
  const views::ShopState& state() const { return state_; }
  FrontDesk& desk() { return desk_; }
  IdentifierTexts& texts() { return texts_; }
  /// Stamps a control record in a batch of its own; `done` hears its seq on the commit thread when it is
  /// durable.
  void append_control(model::RecordType type, std::string body, std::function<void(Result<EventSeq>)> done);
  /// The same, and `folded` runs on the shop thread once the record is folded too.
  void append_control_folded(model::RecordType type, std::string body,
                             std::function<void(Result<EventSeq>)> folded);
  /// Several control records in one batch, and rows of the outbox's table that commit with them.
  struct Controls {
    std::vector<std::pair<model::RecordType, std::string>> records;
    std::vector<TableChange> changes;
  };
  void append_controls(Controls controls, std::function<void(const Status&)> done);
  /// A driven shop's clock.
  Result<void> drive_clock(Instant now);
  Instant now();

 private:
  struct IngestWork {
    IngestRequest request;
    Reply<model::IngestAnswer> reply;
    std::vector<TableChange> changes = {};
  };
  using Task = std::function<void()>;
  using Work = std::variant<IngestWork, Task>;
  struct Answer {
    Reply<model::IngestAnswer> reply;
    model::IngestAnswer answer;
  };
  struct Waiting {
    EventSeq after;
    Task task;
  };
  struct Folding {
    std::shared_ptr<StampedBatch> batch;
    std::optional<codec::BatchReader> reader;
    views::FlipList flips;
  };

  void run();
  void gather();
  void take_work(std::optional<Duration> timeout);
  Duration patience();
  bool stamp_some();
  void stamp_one(IngestWork& work, model::IngestAnswer& answer);
  void submit(std::vector<Answer> answers, std::function<void(const Status&)> also);
  void durable(std::shared_ptr<StampedBatch> batch);
  bool fold_slice();
  void finish_folding();
  void sweep_slice();
  void tell(std::vector<views::Flip> flips);
  std::vector<std::string> segment_names() const;
  void answer_reads();
  void tick_if_due();
  bool idle() const;
  void publish_counters();
  Result<Instant> stamp_time();
  Status fold_from_log(EventSeq from);
  std::optional<store::CheckpointHead> checkpoint_head() const;
  bool checkpoint_due() const;
  void checkpoint_if_due();
  void measure_state();
  static std::string dead_letter_body(const model::RejectedEvent& rejected);

  Parts parts_;
  store::ShopInfo info_;
  model::ShopCreatedBody founding_;
  Keyring keyring_;
  IdentifierTexts texts_;
  FrontDesk desk_;
  views::ShopState state_;
  views::ShopOptions view_options_;
  FoldListener* listener_ = nullptr;
  std::function<void()> after_fold_;

  BoundedQueue<Work> queue_;
  std::atomic<std::size_t> events_waiting_{0}, reads_waiting_{0};
  std::deque<IngestWork> to_stamp_;
  std::vector<Task> tasks_;
  std::deque<Waiting> waiting_;
  std::deque<Folding> folding_;
  std::size_t in_flight_ = 0;
  bool failed_ = false;
  std::size_t last_requests_ = 0;  ///< in the batch stamped last
  std::int64_t last_stamped_ns_ = 0;

  Instant driven_now_ = Instant::min();
  std::optional<std::pair<Instant, std::int64_t>> clock_anchor_;
  EventSeq checkpoint_at_, recovered_from_, told_upto_;
  store::LogHead folded_;  ///< end of the last batch folded whole
  std::int64_t checkpoint_ns_ = 0;
  std::size_t segments_told_ = 0;
  bool sweeping_ = true;
  views::FlipList swept_;
  model::RecordView record_;
  std::int64_t sampled_ns_ = 0;
  std::int64_t measured_ns_ = 0, measuring_cost_ns_ = 0;
  Counters counters_;
  Checkpointer checkpointer_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
};

}  // namespace rapport::engine
