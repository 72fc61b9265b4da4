#include "engine/detail/scene_ledger.h"

#include "codec/properties.h"
#include "codec/record.h"
#include "decide/recommend.h"
#include "model/catalogue_ids.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;
namespace p = model::property;
constexpr std::uint64_t kRecordsAtOnce = 20'000;

struct Told {
  std::string decision;
  std::int64_t position = -1;
};

Told told_by(const model::RecordView& record) {
  Told told;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::decision_id) told.decision = property.bytes;
    if (property.id == p::position) told.position = property.number;
  }
  return told;
}

std::string month_of(Instant at) {
  return format_instant(at).substr(0, 7);
}

}  // namespace

Result<bool> SceneLedger::read_on(Duration budget) {
  const std::int64_t until_ns = monotonic_ns() + budget.ms * 1'000'000;
  const EventSeq last{shop_.counters().folded.load()};
  model::RecordView record;
  while (read_upto_ < last) {
    if (monotonic_ns() >= until_ns) return false;
    const EventSeq stride{std::min(last.value, read_upto_.value + kRecordsAtOnce)};
    Status damaged;
    RAPPORT_CHECK(
        store_.read(shop_.info().shop, read_upto_.next(), stride, [&](const store::StoredBatch& batch) {
          auto in = codec::BatchReader::open(batch.bytes);
          if (!in.ok()) {
            damaged = in.error();
            return store::Walk::stop;
          }
          while (in->next(record)) {
            if (record.seq > read_upto_) take(record);
          }
          read_upto_ = std::max(read_upto_, batch.header.last());
          return store::Walk::on;
        }));
    RAPPORT_CHECK(damaged);
  }
  return true;
}

void SceneLedger::take(const model::RecordView& record) {
  if (record.type != model::RecordType::event) return;
  const model::EventKind kind = record.kind;
  const bool shown = kind == k::recommendation_shown;
  const bool taken = kind == k::recommendation_clicked || kind == k::recommendation_bought;
  if (!shown && !taken && kind != k::recommendation_ignored) return;
  close_before(record.event_time - kWindow);
  const Told told = told_by(record);
  const std::string key = fmt::format("{}/{}", told.decision, told.position);
  const auto known = open_.find(key);
  if (!shown) {
    if (known == open_.end()) return;
    close(known->second, taken);
    open_.erase(known);
    return;
  }
  if (known != open_.end()) return;  // Shown twice is one impression.
  const auto token = decide::read_token(told.decision, key_);
  // Positions are told from 1.
  if (!token.ok() || told.position < 1 || told.position > static_cast<std::int64_t>(token->places.size()))
    return;
  const auto& place = token->places[static_cast<std::size_t>(told.position - 1)];
  open_.emplace(key, Open{token->scene, place.lane, token->user_class, token->held_out, record.event_time});
  by_age_.emplace_back(record.event_time, key);
  if (open_.size() > kOpenMost) close_before(by_age_.front().first + Duration{1});
}

void SceneLedger::close_before(Instant moment) {
  for (; !by_age_.empty() && by_age_.front().first < moment; by_age_.pop_front()) {
    const auto known = open_.find(by_age_.front().second);
    if (known == open_.end()) continue;
    close(known->second, false);
    open_.erase(known);
  }
}

void SceneLedger::close(const Open& impression, bool taken) {
  Scene& scene = scenes_[impression.scene];
  Arm& arm = impression.held_out ? scene.held_out : scene.treated;
  ++arm.shown;
  arm.taken += taken;
  if (impression.held_out) return;
  Arm& month = scene.by_month[month_of(impression.at)];
  ++month.shown;
  month.taken += taken;
  if (impression.lane == decide::kNoLane) return;
  scene.by_class[impression.user_class].close(impression.lane, taken);
  scene.all.close(impression.lane, taken);
}

}  // namespace rapport::engine
