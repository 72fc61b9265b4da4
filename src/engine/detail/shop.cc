#include "engine/detail/shop.h"

#include <algorithm>

#include "base/assert.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "engine/detail/flip_rows.h"

namespace rapport::engine {
namespace {

constexpr std::int64_t kSliceNs = 1'000'000;
constexpr std::size_t kFoldingMost = 8;         // durable batches not folded yet, beyond which stamping waits
constexpr std::size_t kFoldingMostSaving = 64;  // the same while a checkpoint holds the state
constexpr std::int64_t kClockJumpMs = 3'600'000;
constexpr std::size_t kSweepSlice = 64;
constexpr std::size_t kMostImportLookups = 200'000;
/// While single events come from several senders at once, batches are stamped no closer together than this: a
/// sync carries thirty events as easily as three, and every thread wakes a tenth as often.
constexpr std::int64_t kGatherNs = 500'000;
constexpr std::size_t kGatherFrom = 4;      // requests in the batch before: fewer are no crowd
constexpr std::size_t kGatherUpto = 1'000;  // events that wait: more need no company

}  // namespace

Shop::Shop(const Parts& parts, store::ShopInfo info)
    : parts_(parts),
      info_(std::move(info)),
      keyring_(parts.store, info_.shop),
      texts_(parts.store, info_.shop, keyring_),
      desk_(parts.store, info_, keyring_, texts_),
      queue_(std::size_t{1} << 40),
      checkpointer_(parts.store, info_, [this] { post([] {}); }) {}

Shop::~Shop() {
  stop();
}

void Shop::start(FoldListener* listener) {
  listener_ = listener;
  thread_ = std::thread([this] {
    name_this_thread("shop " + info_.name);
    run();
  });
}

void Shop::stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  post([] {});
  thread_.join();
  queue_.close();
  checkpointer_.wait();
  if (const auto head = checkpoint_head()) {
    checkpointer_.start(state_, *head);
    checkpointer_.wait();
  }
}

// --- from any thread
// ----------------------------------------------------------------------------------------------

bool Shop::ingest(IngestRequest request, Reply<model::IngestAnswer> reply) {
  const std::size_t weight = std::max<std::size_t>(1, request.events.size() + request.rejected.size());
  const std::size_t before = events_waiting_.fetch_add(weight);
  if (before > 0 && before + weight > parts_.limits.ingest_queue_events) {
    events_waiting_.fetch_sub(weight);
    return false;
  }
  queue_.push_always(IngestWork{std::move(request), std::move(reply)});
  return true;
}

void Shop::ingest_waiting(IngestRequest request, Reply<model::IngestAnswer> reply) {
  ingest_with(std::move(request), {}, std::move(reply));
}

void Shop::ingest_with(IngestRequest request, std::vector<TableChange> changes,
                       Reply<model::IngestAnswer> reply) {
  events_waiting_.fetch_add(std::max<std::size_t>(1, request.events.size() + request.rejected.size()));
  queue_.push_always(IngestWork{std::move(request), std::move(reply), std::move(changes)});
}

bool Shop::read(std::optional<EventSeq> after, std::function<void()> task) {
  if (reads_waiting_.fetch_add(1) >= parts_.limits.read_queue) {
    reads_waiting_.fetch_sub(1);
    return false;
  }
  queue_.push_always(Task([this, after, task = std::move(task)]() mutable {
    if (after && state_.position() < *after && desk_.last() >= *after) {
      waiting_.push_back({*after, std::move(task)});
      return;
    }
    reads_waiting_.fetch_sub(1);
    task();
  }));
  return true;
}

void Shop::post(std::function<void()> task) {
  queue_.push_always(Task(std::move(task)));
}

// --- the thread
// ---------------------------------------------------------------------------------------------------

Instant Shop::now() {
  return driven() ? driven_now_ : parts_.clock.now();
}

bool Shop::idle() const {
  return to_stamp_.empty() && in_flight_ == 0 && folding_.empty() && tasks_.empty();
}

Duration Shop::patience() {
  if (checkpointer_.reading() && !folding_.empty()) return milliseconds(1);
  if (!folding_.empty() || sweeping_) return {0};
  if (!to_stamp_.empty() && in_flight_ < parts_.limits.batches_in_flight) return {0};
  if (driven()) return seconds(1);
  const Duration until_due = state_.next_due() - now();
  return std::clamp(until_due, milliseconds(0), milliseconds(500));
}

void Shop::run() {
  if (state_.importing()) {
    // The process ended inside an import. Its bracket is closed; importing the files again adds only what is
    // missing.
    append_control(model::RecordType::import_ended, codec::encode_import({"", "closed after a restart", 0}),
                   [](const Result<EventSeq>&) {});
  }
  // What came due while nobody ran fires by tick_if_due(); where nothing did, opening a folder leaves its log
  // as it is.
  while (true) {
    gather();
    take_work(patience());
    for (Task& task : std::exchange(tasks_, {})) task();
    stamp_some();
    fold_slice();
    answer_reads();
    tick_if_due();
    sweep_slice();
    checkpoint_if_due();
    publish_counters();
    if (stopping_ && idle() && queue_.size() == 0) break;
  }
}

// Lets a crowd of small requests come together before the next batch is stamped.
void Shop::gather() {
  if (last_requests_ < kGatherFrom || !folding_.empty() || !to_stamp_.empty() || stopping_) return;
  const std::int64_t left = last_stamped_ns_ + kGatherNs - monotonic_ns();
  if (left <= 0 || events_waiting_ > kGatherUpto) return;
  std::this_thread::sleep_for(std::chrono::nanoseconds(left));
}

void Shop::take_work(std::optional<Duration> timeout) {
  for (Work& work : queue_.take_all(timeout)) {
    if (auto* ingest = std::get_if<IngestWork>(&work)) {
      to_stamp_.push_back(std::move(*ingest));
    } else {
      tasks_.push_back(std::move(std::get<Task>(work)));
    }
  }
}

Result<Instant> Shop::stamp_time() {
  if (driven()) return std::max(driven_now_, desk_.last_received());
  const Instant wall = parts_.clock.now();
  const std::int64_t steady = monotonic_ns() / 1'000'000;
  if (clock_anchor_) {
    const std::int64_t jump = (wall - clock_anchor_->first).ms - (steady - clock_anchor_->second);
    if (jump > kClockJumpMs || jump < -kClockJumpMs) {
      log(LogLevel::error,
          "the wall clock jumped; stamping stops until it is back or the server is restarted",
          {{"shop", info_.name}, {"jump_ms", jump}});
      return fail(Errc::unavailable, "the wall clock jumped by {}; nothing is stamped until it is back",
                  format_duration({jump}));
    }
  }
  clock_anchor_ = {wall, steady};
  return wall;
}

std::string Shop::dead_letter_body(const model::RejectedEvent& rejected) {
  std::string body;
  ByteWriter out(body);
  out.u8(1);
  out.text(errc_name(rejected.reason.code));
  out.text(rejected.reason.message);
  out.text(rejected.reason.where);
  out.text(rejected.reason.expected);
  out.text(rejected.raw);
  return body;
}

void Shop::stamp_one(IngestWork& work, model::IngestAnswer& answer) {
  for (const model::Event& event : work.request.events) {
    switch (desk_.add(event)) {
      case FrontDesk::Outcome::accepted:
        ++answer.accepted;
        break;
      case FrontDesk::Outcome::duplicate:
        ++answer.duplicate;
        break;
      case FrontDesk::Outcome::suppressed:
        ++answer.suppressed;
        break;
    }
  }
  for (const model::RejectedEvent& rejected : work.request.rejected)
    desk_.add_dead_letter(dead_letter_body(rejected));
  desk_.close_letters(work.request.closes);
  for (TableChange& change : work.changes) desk_.add_change(std::move(change));
  answer.rejected = work.request.rejected.size();
  events_waiting_.fetch_sub(
      std::max<std::size_t>(1, work.request.events.size() + work.request.rejected.size()));
}

bool Shop::stamp_some() {
  bool stamped = false;
  while (!to_stamp_.empty() && in_flight_ < parts_.limits.batches_in_flight &&
         folding_.size() < (checkpointer_.reading() ? kFoldingMostSaving : kFoldingMost)) {
    const auto refuse_all = [&](const Error& error) {
      for (IngestWork& work : std::exchange(to_stamp_, {})) {
        events_waiting_.fetch_sub(
            std::max<std::size_t>(1, work.request.events.size() + work.request.rejected.size()));
        work.reply(error);
      }
    };
    if (failed_) {
      refuse_all({Errc::unavailable, "the log refuses writes after a failed write; restart the server"});
      return stamped;
    }
    const Result<Instant> time = stamp_time();
    if (!time.ok()) {
      refuse_all(time.error());
      return stamped;
    }
    if (in_flight_ == 0 && desk_.import_lookups() > kMostImportLookups) desk_.forget_import_lookups();
    desk_.begin(*time);
    std::vector<Answer> answers;
    while (!to_stamp_.empty() && desk_.size() < parts_.limits.batch_events) {
      IngestWork work = std::move(to_stamp_.front());
      to_stamp_.pop_front();
      const bool imported = !work.request.events.empty() && work.request.events.front().from_import;
      if (imported) {
        const Status prepared = desk_.prepare_import_ids(work.request.events);
        if (!prepared.ok()) {
          work.reply(prepared.error());
          continue;
        }
      }
      answers.push_back({std::move(work.reply), {}});
      stamp_one(work, answers.back().answer);
    }
    last_requests_ = answers.size();
    last_stamped_ns_ = monotonic_ns();
    submit(std::move(answers), {});
    stamped = true;
  }
  return stamped;
}

void Shop::submit(std::vector<Answer> answers, std::function<void(const Status&)> also) {
  auto batch = std::make_shared<StampedBatch>(desk_.finish());
  for (Answer& answer : answers) answer.answer.offset = batch->last;
  counters_.stamped = desk_.last().value;
  ++in_flight_;
  parts_.committer.submit(
      {info_.shop, batch,
       [this, batch, answers = std::move(answers), also = std::move(also)](const Status& written) {
         // Before anybody hears of it: who asks for all that is durable after his answer gets what he sent.
         if (written.ok() && !batch->batch.bytes.empty()) counters_.durable = batch->last.value;
         for (const Answer& answer : answers) {
           if (written.ok()) {
             counters_.accepted += answer.answer.accepted;
             counters_.duplicate += answer.answer.duplicate;
             counters_.suppressed += answer.answer.suppressed;
             counters_.rejected += answer.answer.rejected;
             answer.reply(answer.answer);
           } else {
             answer.reply(
                 Error{Errc::unavailable, "the log could not be written; nothing of this was accepted"});
           }
         }
         if (also) also(written);
         post([this, batch, good = written.ok()] {
           --in_flight_;
           if (good) {
             durable(batch);
           } else {
             failed_ = true;
           }
         });
       }});
}

void Shop::durable(std::shared_ptr<StampedBatch> batch) {
  if (batch->batch.bytes.empty()) return;
  folding_.push_back({std::move(batch), std::nullopt, {}});
}

bool Shop::fold_slice() {
  if (checkpointer_.reading()) return false;
  const std::int64_t deadline = monotonic_ns() + kSliceNs;
  while (!folding_.empty()) {
    Folding& folding = folding_.front();
    if (!folding.reader) {
      auto reader = codec::BatchReader::open(folding.batch->batch.bytes);
      ASSERT(reader.ok());
      folding.reader = std::move(reader).value();
    }
    int folded = 0;
    while (folding.reader->next(record_)) {
      state_.fold(record_, folding.flips);
      if (record_.type == model::RecordType::event && is_noun(record_.kind)) ++counters_.published;
      if (++folded % 16 == 0 && monotonic_ns() > deadline) return true;
    }
    ASSERT(folding.reader->status().ok());
    finish_folding();
    // Between two batches is where a checkpoint may begin.
    if (checkpoint_due()) return !folding_.empty();
  }
  return false;
}

void Shop::finish_folding() {
  Folding folding = std::move(folding_.front());
  folding_.pop_front();
  folded_ = {folding.batch->last, folding.batch->batch.digest, folding.batch->received};
  counters_.folded = state_.position().value;
  if (state_.sweep_pending()) sweeping_ = true;
  auto& flips = folding.flips.flips;
  flips.insert(flips.begin(), std::make_move_iterator(swept_.flips.begin()),
               std::make_move_iterator(swept_.flips.end()));
  swept_.flips.clear();
  tell(std::move(flips));
  if (after_fold_) after_fold_();
}

void Shop::tell(std::vector<views::Flip> flips) {
  counters_.flips += flips.size();
  Folded folded{told_upto_, state_.position(), std::move(flips), {}};
  if (state_.rules().size() != segments_told_) {
    folded.new_segment_names = segment_names();
    segments_told_ = folded.new_segment_names.size();
  }
  told_upto_ = state_.position();
  if (listener_ != nullptr) listener_->folded(std::move(folded));
}

std::vector<std::string> Shop::segment_names() const {
  std::vector<std::string> names;
  for (const views::RuleInfo& rule : state_.rules()) {
    if (rule.segment.value >= names.size()) names.resize(std::size_t{rule.segment.value} + 1);
    names[rule.segment.value] = rule.name;
  }
  return names;
}

// Brings a few customers at a time up to rules published since they were last touched. Flip rows stand under
// a later record, so the end of a sweep that flipped somebody while nothing else happens adds a Tick to stand
// under.
void Shop::sweep_slice() {
  if (!sweeping_ || !folding_.empty() || checkpointer_.reading()) return;
  const std::size_t left = state_.sweep(kSweepSlice, swept_);
  if (left > 0) return;
  sweeping_ = false;
  if (state_.case_clocks().ripe_cases() > 0 && after_fold_) after_fold_();
  if (!swept_.flips.empty() && idle() && !failed_)
    append_control(model::RecordType::tick, "", [](const Result<EventSeq>&) {});
}

void Shop::answer_reads() {
  for (std::size_t i = 0; i < waiting_.size();) {
    if (waiting_[i].after > state_.position() && !failed_) {
      ++i;
      continue;
    }
    Task task = std::move(waiting_[i].task);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    reads_waiting_.fetch_sub(1);
    task();
  }
}

void Shop::tick_if_due() {
  if (driven() || failed_ || !idle()) return;
  if (state_.next_due() > now()) return;
  append_control(model::RecordType::tick, "", [](const Result<EventSeq>&) {});
}

void Shop::append_control(model::RecordType type, std::string body,
                          std::function<void(Result<EventSeq>)> done) {
  const Result<Instant> time =
      failed_ ? Result<Instant>(Error{Errc::unavailable, "the log refuses writes after a failed write"})
              : stamp_time();
  if (!time.ok()) {
    done(time.error());
    return;
  }
  desk_.begin(*time);
  const EventSeq seq = desk_.add_control(type, body);
  submit({}, [seq, done = std::move(done)](const Status& written) {
    if (written.ok()) {
      done(seq);
    } else {
      done(Error{Errc::unavailable, "the log could not be written"});
    }
  });
}

void Shop::append_controls(Controls controls, std::function<void(const Status&)> done) {
  const Result<Instant> time =
      failed_ ? Result<Instant>(Error{Errc::unavailable, "the log refuses writes after a failed write"})
              : stamp_time();
  if (!time.ok()) return done(time.error());
  desk_.begin(*time);
  for (const auto& [type, body] : controls.records) desk_.add_control(type, body);
  for (TableChange& change : controls.changes) desk_.add_change(std::move(change));
  submit({}, std::move(done));
}

void Shop::append_control_folded(model::RecordType type, std::string body,
                                 std::function<void(Result<EventSeq>)> folded) {
  append_control(type, std::move(body), [this, folded = std::move(folded)](Result<EventSeq> seq) mutable {
    post([this, seq = std::move(seq), folded = std::move(folded)]() mutable {
      if (!seq.ok() || state_.position() >= *seq) {
        folded(std::move(seq));
        return;
      }
      reads_waiting_.fetch_add(1);
      const EventSeq after = *seq;
      waiting_.push_back({after, [seq = std::move(seq), folded = std::move(folded)] { folded(seq); }});
    });
  });
}

Result<void> Shop::drive_clock(Instant now) {
  if (!driven())
    return Error{Errc::conflict, "this shop's clock is the wall clock", "",
                 "a shop made with --clock driven"};
  if (now < driven_now_) {
    return fail(Errc::bad_input, "the clock stands at {}, it cannot go back to {}",
                format_instant(driven_now_), format_instant(now));
  }
  driven_now_ = now;
  counters_.driven_now_ms = now.ms;
  return {};
}

/// What the state holds in memory is told by a walk over everybody, so the shop's thread walks while that is
/// quick; of a greater shop the figure is as old as its start or its last checkpoint.
void Shop::measure_state() {
  constexpr std::int64_t kQuickNs = 2'000'000, kEveryNs = 10'000'000'000;
  const std::int64_t start = monotonic_ns();
  if (measured_ns_ != 0 && start - measured_ns_ < kEveryNs) return;
  if (measuring_cost_ns_ <= kQuickNs) {
    counters_.state_bytes = state_.memory_bytes();
    measuring_cost_ns_ = monotonic_ns() - start;
  } else if (checkpointer_.state_bytes() > 0) {
    counters_.state_bytes = checkpointer_.state_bytes();
  }
  measured_ns_ = start;
}

void Shop::publish_counters() {
  const std::int64_t clock_ns = monotonic_ns();
  if (clock_ns - sampled_ns_ < 100'000'000) return;
  sampled_ns_ = clock_ns;
  measure_state();
  counters_.customers = state_.customers();
  counters_.timers = state_.timers();
  counters_.queue = events_waiting_.load();
  counters_.folded = state_.position().value;
  counters_.stamped = desk_.last().value;
  if (in_flight_ == 0) counters_.durable = desk_.last().value;
  desk_.message_ids().expire(now());
  counters_.dedup_window_ms = desk_.message_ids().effective_window(now()).ms;
}

}  // namespace rapport::engine
