#include "engine/detail/parcel_desk.h"

#include <algorithm>

#include "base/hash.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "codec/json_writer.h"
#include "engine/detail/impl.h"

// What runs by itself; what an announcement is made of stands in parcel_announcement.cc.
namespace rapport::engine {
namespace {

namespace k = model::kind;

constexpr std::size_t kSlice = 1'000;
constexpr Duration kLearnEvery = hours(6), kLookEvery = hours(1);
constexpr std::chrono::seconds kWakeEvery(30);
constexpr std::chrono::milliseconds kRestLeast(20), kRestMost(5'000);
constexpr std::int64_t kRestTimes = 5;

}  // namespace

learn::WarningRule LearnedLanes::rule(const ParcelPolicy& policy) const {
  learn::WarningRule rule;
  rule.threshold = policy.threshold.value_or(learn::choose_threshold(trials, policy.false_warnings));
  return rule;
}

Currency ParcelDesk::currency() const {
  return Currency::parse(shop_.founding().currency).value_or(Currency{{'C', 'N', 'Y'}});
}

std::optional<ParcelPolicy> ParcelDesk::policy(const views::ShopState& state, Currency currency) {
  const std::string_view body = state.noun(k::parcel_policy_published, "main");
  if (body.empty()) return std::nullopt;
  auto parsed = ParcelPolicy::parse(body, currency);
  return parsed.ok() ? std::optional(std::move(*parsed)) : std::nullopt;
}

ParcelSight ParcelDesk::sight(const views::ShopState& state, std::uint32_t number) {
  ParcelSight out;
  out.order = number;
  const views::Order* order = state.order(number);
  const views::Parcel* parcel = order == nullptr ? nullptr : state.parcel(*order);
  if (parcel != nullptr) {
    out.trace.reached = parcel->reached;
    out.trace.promised = parcel->promised[learn::kSignedNode];
  }
  if (order != nullptr && out.trace.reached[0] == Instant::min()) out.trace.reached[0] = order->placed;
  if (const views::ParcelLane* lane = state.parcel_notes().lane(number)) {
    out.trace.carrier = lane->carrier_word;
    out.trace.region = lane->region_word;
    out.live = lane->live;
  }
  if (const views::ParcelNote* note = state.parcel_notes().find(number)) out.note = *note;
  return out;
}

void ParcelDesk::look() {
  if (shop_.state().noun(k::parcel_policy_published, "main").empty()) return;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    noticed_ = true;
    if (!thread_.joinable()) {
      thread_ = std::thread([this] {
        name_this_thread("parcels");
        run();
      });
    }
  }
  wake_.notify_one();
}

void ParcelDesk::stop() {
  std::thread ending;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ending = std::move(thread_);
  }
  wake_.notify_all();
  if (ending.joinable()) ending.join();
}

void ParcelDesk::run() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, kWakeEvery, [&] { return noticed_ || stopping_; });
      if (stopping_) return;
      noticed_ = false;
    }
    const std::int64_t began = monotonic_ns();
    if (const Status watched = watch(); !watched.ok() && !shop_.stopping()) {
      log(LogLevel::warn, "parcels were not looked at",
          {{"shop", shop_.info().name}, {"why", watched.error().message}});
    }
    // Whoever has many parcels looks less often, so that the shop's thread has its time.
    const std::chrono::milliseconds rest((monotonic_ns() - began) / 1'000'000 * kRestTimes);
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, std::clamp(rest, kRestLeast, kRestMost), [&] { return stopping_; });
    if (stopping_) return;
  }
}

Result<ParcelDesk::Moment> ParcelDesk::moment() {
  return ask_shop<Moment>(shop_, [this]() -> Result<Moment> {
    return Moment{shop_.state().now(), shop_.state().importing(), policy(shop_.state(), currency())};
  });
}

Status ParcelDesk::watch() {
  const Instant before = looked_;
  while (true) {
    RAPPORT_TRY(const Moment now, moment());
    if (now.importing || !now.policy || now.policy->since == Instant::never()) return {};
    const auto lanes = learned();
    if (!lanes) return {};
    learn::WarningRule rule = lanes->rule(*now.policy);
    // The last call lasts two looks, however fast the shop's clock runs.
    if (before != Instant::min())
      rule.last_call = std::clamp((now.now - before) * 2, rule.last_call, rule.lead);
    looked_ = now.now;
    std::vector<Candidate> found = candidates(now, *lanes, rule);
    if (found.empty()) return {};
    bool done_any = false;
    RAPPORT_CHECK(send(std::move(found), *now.policy, done_any));
    if (!done_any) return {};
    const std::lock_guard lock(mutex_);
    if (stopping_) return {};
  }
}

std::vector<ParcelSight> ParcelDesk::open_parcels() {
  std::vector<ParcelSight> all;
  for (std::uint32_t from = 0; true;) {
    const auto piece = ask_shop<std::uint32_t>(shop_, [&]() -> Result<std::uint32_t> {
      const views::ShopState& state = shop_.state();
      const std::set<std::uint32_t>& open = state.parcel_notes().open();
      auto each = open.upper_bound(from);
      for (std::size_t n = 0; n < kSlice && each != open.end(); ++n, ++each)
        all.push_back(sight(state, *each));
      return each == open.end() ? 0 : all.back().order;
    });
    if (!piece.ok() || *piece == 0) return all;
    from = *piece;
  }
}

std::shared_ptr<const LearnedLanes> ParcelDesk::learned() {
  const std::lock_guard one(learning_);
  const auto now = ask_shop<Instant>(shop_, [this]() -> Result<Instant> { return shop_.state().now(); });
  if (!now.ok()) return nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (learned_ && *now - learned_->at < kLearnEvery) return learned_;
  }
  learn_anew(*now);
  const std::lock_guard lock(mutex_);
  return learned_;
}

void ParcelDesk::learn_anew(Instant now) {
  std::vector<learn::ParcelTrace> traces;
  std::vector<ParcelSight> missed;
  std::uint32_t next = ~std::uint32_t{0};
  while (next > 0 && traces.size() < kTracesMost) {
    const auto piece = ask_shop<std::uint32_t>(shop_, [&]() -> Result<std::uint32_t> {
      const views::ShopState& state = shop_.state();
      next = std::min(next, state.tables().dictionary(views::DictionaryKind::orders).size());
      for (std::size_t n = 0; n < kSlice && next > 0; ++n, --next) {
        const views::Order* order = state.order(next);
        if (order == nullptr || order->parcel == 0 || order->placed == Instant::min()) continue;
        if (order->cancelled != Instant::min()) continue;
        const ParcelSight parcel = sight(state, next);
        traces.push_back(parcel.trace);
        const bool late = parcel.trace.is_signed() && parcel.trace.promised != Instant::min() &&
                          parcel.trace.reached[learn::kSignedNode] > parcel.trace.promised;
        if (late && parcel.live && now - parcel.trace.promised < days(60)) missed.push_back(parcel);
      }
      return next;
    });
    if (!piece.ok() || shop_.stopping()) return;
  }
  auto fresh = std::make_shared<LearnedLanes>();
  fresh->at = now;
  fresh->model = learn::LaneModel::learn(traces, now);
  fresh->trials = learn::try_thresholds(traces);
  const std::lock_guard lock(mutex_);
  learned_ = std::move(fresh);
  missed_ = std::move(missed);
}

std::vector<ParcelDesk::Candidate> ParcelDesk::candidates(const Moment& moment, const LearnedLanes& lanes,
                                                          const learn::WarningRule& rule) {
  const ParcelPolicy& policy = *moment.policy;
  std::vector<Candidate> found;
  std::vector<ParcelSight> parcels = open_parcels();
  {
    const std::lock_guard lock(mutex_);
    parcels.insert(parcels.end(), missed_.begin(), missed_.end());
    missed_.clear();
  }
  std::map<std::uint32_t, Seen> seen;
  for (const ParcelSight& parcel : parcels) {
    const Instant promised = parcel.trace.promised;
    if (!parcel.live || promised <= policy.since || refused_.contains(parcel.order)) continue;
    Candidate candidate{.order = parcel.order, .chance = 1, .estimate = {}, .estimated = false};
    const Instant until = parcel.trace.is_signed() ? parcel.trace.reached[learn::kSignedNode] : moment.now;
    if (until >= promised + policy.patience && parcel.note.late_told == Instant::min() &&
        parcel.note.coupon_at == Instant::min() && moment.now - (promised + policy.patience) < kStale) {
      candidate.step = Step::late;
    } else {
      if (parcel.trace.is_signed() || moment.now >= promised || parcel.note.told() != Instant::min())
        continue;
      // Between looks only news counts.
      const auto before = seen_.find(parcel.order);
      const bool same = before != seen_.end() && before->second.trace.reached == parcel.trace.reached &&
                        before->second.trace.promised == promised;
      if (same && before->second.again > moment.now) {
        seen.insert(*before);
        continue;
      }
      const auto chance = lanes.model.late_chance(parcel.trace, moment.now);
      if (!chance || !rule.warns(*chance, promised - moment.now)) {
        const Instant call = promised - rule.lead - rule.last_call;
        const Instant next = moment.now + kLookEvery;
        seen.emplace(parcel.order, Seen{parcel.trace, moment.now < call ? std::min(next, call) : next});
        continue;
      }
      candidate.chance = *chance;
    }
    if (const auto estimate = lanes.model.estimate(parcel.trace, moment.now)) {
      candidate.estimate = *estimate;
      candidate.estimated = true;
    }
    found.push_back(candidate);
    if (found.size() == kAtOnce) break;
  }
  seen_ = std::move(seen);
  return found;
}

Status ParcelDesk::send(std::vector<Candidate> some, const ParcelPolicy& policy, bool& done_any) {
  std::mutex mutex;
  std::condition_variable done;
  std::optional<Result<model::IngestAnswer>> answer;
  const auto all = std::make_shared<Doing>();
  shop_.post([&] {
    for (const Candidate& candidate : some) announce(candidate, policy, *all);
    std::vector<TableChange> rows = Letters::rows(all->letters, {});
    for (TableChange& call : Outbox::rows(all->calls)) rows.push_back(std::move(call));
    IngestRequest request;
    request.events = std::move(all->events);
    const auto finish = [&](Result<model::IngestAnswer> got) {
      const std::lock_guard lock(mutex);
      answer.emplace(std::move(got));
      done.notify_one();
    };
    if (request.events.empty()) return finish(model::IngestAnswer{});
    shop_.ingest_with(std::move(request), std::move(rows),
                      [this, all, finish](Result<model::IngestAnswer> got) {
                        if (!got.ok() || got->accepted == 0) return finish(std::move(got));
                        letters_.take(std::move(all->letters), {});
                        outbox_.take(std::move(all->calls));
                        // What was announced is looked at again when the state knows it.
                        const EventSeq offset = got->offset;
                        const auto shared = std::make_shared<Result<model::IngestAnswer>>(std::move(got));
                        if (!shop_.read(offset, [finish, shared] { finish(std::move(*shared)); }))
                          finish(std::move(*shared));
                      });
  });
  std::unique_lock lock(mutex);
  done.wait(lock, [&] { return answer.has_value(); });
  if (!answer->ok()) return answer->error();
  done_any = (*answer)->accepted > 0;
  if (!done_any) refused_.insert(all->orders.begin(), all->orders.end());
  return {};
}

}  // namespace rapport::engine
