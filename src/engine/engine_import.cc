#include <algorithm>
#include <condition_variable>

#include "base/hash.h"
#include "base/log.h"
#include "codec/record.h"
#include "engine/detail/impl.h"
#include "lens/import.h"
#include "lens/preview.h"
#include "lens/rejected.h"

// Files into a shop: read by the lens, bracketed in the log, answered when the last row is durable and
// settled.
namespace rapport::engine {
namespace {

constexpr std::size_t kEventsAtOnce = 2'000;
constexpr std::size_t kBatchesAhead = 4;
constexpr std::size_t kProblemsShown = 100;

/// Batches on their way: at most kBatchesAhead, so that a file larger than memory streams through.
class Window {
 public:
  void enter() {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return under_way_ < kBatchesAhead; });
    ++under_way_;
  }
  void leave(const Result<model::IngestAnswer>& answer) {
    const std::lock_guard lock(mutex_);
    --under_way_;
    if (answer.ok()) {
      accepted += answer->accepted;
      duplicate += answer->duplicate + answer->suppressed;
    } else if (failed.ok()) {
      failed = answer.error();
    }
    moved_.notify_all();
  }
  void wait_for_all() {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return under_way_ == 0; });
  }

  std::uint64_t accepted = 0, duplicate = 0;
  Status failed;

 private:
  std::mutex mutex_;
  std::condition_variable moved_;
  std::size_t under_way_ = 0;
};

/// A natural key may be made of what names a person, and a message id is clear for good: what is kept of it
/// is its hash under the shop's pepper.
void hide_keys(const store::ShopInfo& shop, const std::string& recipe, std::vector<model::Event>& events) {
  for (model::Event& event : events) {
    const Hash128 key = keyed_hash(shop.pepper, event.message_id);
    event.message_id = fmt::format("{}:{:016x}{:016x}", recipe, key.high, key.low);
  }
}

Result<EventSeq> control_and_fold(ShopUnit& unit, model::RecordType type, const std::string& body) {
  std::mutex mutex;
  std::condition_variable done;
  std::optional<Result<EventSeq>> answer;
  unit.shop.post([&] {
    unit.shop.append_control_folded(type, body, [&](Result<EventSeq> seq) {
      const std::lock_guard lock(mutex);
      answer.emplace(std::move(seq));
      done.notify_one();
    });
  });
  std::unique_lock lock(mutex);
  done.wait(lock, [&] { return answer.has_value(); });
  return std::move(*answer);
}

Result<ImportAnswer> run_import(ShopUnit& unit, const ImportRequest& request, Currency currency,
                                Instant now) {
  RAPPORT_TRY(codec::Recipe recipe, lens::load_recipe(request.recipe));
  lens::ImportOptions options;
  options.currency = currency;
  // Reading and sorting is half of the way, folding the other.
  options.progress = [&](double part) {
    if (request.progress) request.progress(part / 2);
  };
  RAPPORT_TRY(const auto source, lens::ImportSource::open(recipe, request.paths, options));
  // Before the files are read the notes only say which file is which.
  const std::size_t notes_before = source->notes().size();
  RAPPORT_CHECK(source->prepare());
  model::ImportBody body{recipe.name(), recipe.title(), 0};
  if (request.shift_to_now && source->newest() != Instant::min()) {
    body.shift_ms = (now - source->newest()).ms;
    source->shift(Duration{body.shift_ms});
  }
  RAPPORT_TRY([[maybe_unused]] const EventSeq opened,
              control_and_fold(unit, model::RecordType::import_started, codec::encode_import(body)));

  Window window;
  Status reading;
  std::uint64_t sent = 0;
  const std::uint64_t total = std::max<std::uint64_t>(1, source->counts().events);
  while (window.failed.ok()) {
    IngestRequest batch;
    const Result<bool> more = source->next(batch.events, kEventsAtOnce);
    if (!more.ok()) {
      reading = more.error();
      break;
    }
    if (batch.events.empty()) break;
    hide_keys(unit.shop.info(), recipe.name(), batch.events);
    sent += batch.events.size();
    window.enter();
    unit.shop.ingest_waiting(std::move(batch),
                             [&window](Result<model::IngestAnswer> answer) { window.leave(answer); });
    if (request.progress)
      request.progress(0.5 + 0.5 * static_cast<double>(sent) / static_cast<double>(total));
  }
  window.wait_for_all();
  // The bracket is closed whatever happened inside it, or the shop's clocks would stand still.
  RAPPORT_TRY([[maybe_unused]] const EventSeq closed,
              control_and_fold(unit, model::RecordType::import_ended, codec::encode_import(body)));
  RAPPORT_CHECK(window.failed);
  RAPPORT_CHECK(reading);

  ImportAnswer answer;
  answer.accepted = window.accepted;
  answer.duplicate = window.duplicate;
  answer.rejected = source->counts().rejected;
  answer.read = source->counts().events + source->counts().rejected;
  answer.notes.assign(source->notes().begin() + static_cast<std::ptrdiff_t>(notes_before),
                      source->notes().end());
  const auto& problems = source->problems();
  answer.problems = recipe.warnings();
  answer.problems.insert(
      answer.problems.end(), problems.begin(),
      problems.begin() + static_cast<std::ptrdiff_t>(std::min(problems.size(), kProblemsShown)));
  if (!problems.empty()) answer.rejected_rows = unit.rejected.put(lens::rejected_csv(problems));
  log(LogLevel::info, "import ended",
      {{"shop", unit.shop.info().name},
       {"recipe", recipe.name()},
       {"accepted", answer.accepted},
       {"duplicate", answer.duplicate},
       {"rejected", answer.rejected}});
  return answer;
}

}  // namespace

void Engine::import(ShopNo shop, ImportRequest request, Reply<ImportAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  if (unit->importing.exchange(true)) {
    return reply(
        Error{Errc::conflict, "another import of this shop is under way", "", "again when it has ended"});
  }
  auto shared = std::make_shared<Reply<ImportAnswer>>(std::move(reply));
  const bool taken = impl_->workers->run([this, unit, shop, request = std::move(request), shared] {
    Result<ImportAnswer> answer = run_import(*unit, request, currency_of(shop), impl_->clock->now());
    unit->importing = false;
    (*shared)(std::move(answer));
  });
  if (taken) return;
  unit->importing = false;
  (*shared)(Error{Errc::overloaded, "too much long work is under way", "", "again in a few seconds"});
}

void Engine::preview_import(ShopNo shop, std::string path, std::string name, bool is_cut_off,
                            Reply<model::ImportPreview> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  lens::PreviewOptions options;
  options.name = std::move(name);
  options.currency = currency_of(shop);
  options.zone = unit->shop.founding().zone;
  options.is_cut_off = is_cut_off;
  impl_->on_worker<model::ImportPreview>(
      std::move(reply), [path = std::move(path), options] { return lens::preview_file(path, options); });
}

Result<std::string> Engine::rejected_rows(ShopNo shop, std::uint64_t id) const {
  const ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return Error{Errc::not_found, "no such shop"};
  auto csv = unit->rejected.find(id);
  if (!csv)
    return Error{Errc::not_found, "rows of that import are not kept any more", "id",
                 "rejected_rows of an import"};
  return std::move(*csv);
}

}  // namespace rapport::engine
