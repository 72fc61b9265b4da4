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
  std::string decision, item;
  std::int64_t position = -1;
};

Told told_by(const model::RecordView& record) {
  Told told;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::decision_id) told.decision = property.bytes;
    if (property.id == p::item) told.item = property.bytes;
    if (property.id == p::position) told.position = property.number;
  }
  return told;
}

std::string place_of(NodeId node, std::string_view item) {
  return fmt::format("{}/{}", node.value, item);
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
  if (kind == k::order_completed && !open_.empty()) return take_order(record);
  const bool shown = kind == k::recommendation_shown;
  const bool taken = kind == k::recommendation_clicked || kind == k::recommendation_bought;
  if (!shown && !taken && kind != k::recommendation_ignored) return;
  close_before(record.event_time - kWindow);
  const Told told = told_by(record);
  const std::string key = fmt::format("{}/{}", told.decision, told.position);
  const auto known = open_.find(key);
  if (!shown) {
    if (known != open_.end()) close(known, taken);
  } else if (known == open_.end()) {  // Shown twice is one impression.
    open(record, key, told.decision, told.position, told.item);
  }
}

void SceneLedger::open(const model::RecordView& record, const std::string& key, std::string_view decision,
                       std::int64_t position, std::string_view item) {
  const auto token = decide::read_token(decision, key_);
  // Positions are told from 1.
  if (!token.ok() || position < 1 || position > static_cast<std::int64_t>(token->places.size())) return;
  const auto& place = token->places[static_cast<std::size_t>(position - 1)];
  Open impression{token->scene, place.lane, token->user_class, token->held_out, record.event_time, {}};
  for (const model::NodeRef& ref : record.nodes) {
    impression.places.push_back(place_of(ref.node, item));
    by_person_[impression.places.back()] = key;
  }
  open_.emplace(key, std::move(impression));
  by_age_.emplace_back(record.event_time, key);
  if (open_.size() > kOpenMost) close_before(by_age_.front().first + Duration{1});
}

/// Whoever buys what she was shown took it, whether or not she clicked.
void SceneLedger::take_order(const model::RecordView& record) {
  close_before(record.event_time - kWindow);
  codec::Property property;
  std::vector<codec::ProductLine> lines;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::products) codec::read_lines(property.bytes, lines);
  }
  for (const codec::ProductLine& line : lines) {
    for (const model::NodeRef& ref : record.nodes) {
      const auto place = by_person_.find(place_of(ref.node, line.product_id));
      if (place == by_person_.end()) continue;
      const auto known = open_.find(place->second);
      if (known != open_.end() && known->second.at <= record.event_time) close(known, true);
    }
  }
}

void SceneLedger::close_before(Instant moment) {
  for (; !by_age_.empty() && by_age_.front().first < moment; by_age_.pop_front()) {
    const auto known = open_.find(by_age_.front().second);
    if (known != open_.end()) close(known, false);
  }
}

void SceneLedger::close(Impressions::iterator closing, bool taken) {
  const Open impression = std::move(closing->second);
  for (const std::string& place : impression.places) {
    const auto known = by_person_.find(place);
    if (known != by_person_.end() && known->second == closing->first) by_person_.erase(known);
  }
  open_.erase(closing);
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
