#include "engine/detail/scene_ledger.h"

#include "codec/properties.h"
#include "decide/recommend.h"
#include "engine/detail/log_reading.h"
#include "model/catalogue_ids.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;
namespace p = model::property;

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
  return read_folded(store_, shop_, read_upto_, monotonic_ns() + budget.ms * 1'000'000,
                     [this](const model::RecordView& record) { take(record); });
}

SceneLedger::Past SceneLedger::past_of(std::string_view scene) const {
  Past out;
  out.since = kept_since_;
  out.read_upto = read_upto_;
  const auto number = numbers_.find(scene);
  if (number == numbers_.end()) return out;
  for (const Closed& one : closed_) {
    if (one.scene == number->second) out.closed.push_back(one);
  }
  return out;
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
    if (known != open_.end()) close(known, record.event_time, taken);
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
  Open impression{token->scene, place.lane, token->user_class, token->held_out, record.event_time, {}, {}, 0};
  impression.logged.customer = record.nodes.empty() ? 0 : record.nodes.front().node.value;
  impression.logged.open = place.open;
  impression.logged.possible = token->possible(place);
  impression.logged.probability = static_cast<float>(token->lane_probability(place));
  impression.lanes = token->lanes;
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
      if (known != open_.end() && known->second.at <= record.event_time)
        close(known, record.event_time, true);
    }
  }
}

void SceneLedger::close_before(Instant moment) {
  for (; !by_age_.empty() && by_age_.front().first < moment; by_age_.pop_front()) {
    const auto known = open_.find(by_age_.front().second);
    if (known != open_.end()) close(known, known->second.at + kWindow, false);
  }
}

/// Whether it counts for the lanes as they are now; the first one shown under others begins their tallies.
bool SceneLedger::is_of_lanes(const Open& impression, Scene& scene) {
  if (impression.lanes == scene.lanes || impression.lanes == 0) return impression.lanes == scene.lanes;
  if (impression.at < scene.lanes_from) return false;  // shown under lanes that are no more
  if (scene.lanes != 0) {
    scene.by_class.clear();
    scene.all = {};
  }
  scene.lanes = impression.lanes;
  scene.lanes_from = impression.at;
  return true;
}

void SceneLedger::keep(const Open& impression, Instant at, bool taken) {
  const auto number =
      numbers_.emplace(impression.scene, static_cast<std::uint32_t>(numbers_.size())).first->second;
  Closed& closed =
      closed_.emplace_back(Closed{impression.logged, number, impression.lanes, impression.held_out});
  closed.impression.shown_ms = impression.at.ms;
  closed.impression.closed_ms = std::max(at, impression.at).ms;
  closed.impression.user_class = impression.user_class;
  closed.impression.lane = impression.lane;
  closed.impression.taken = taken;
  if (closed_.size() <= kClosedMost) return;
  kept_since_ = std::max(kept_since_, Instant{closed_.front().impression.shown_ms});
  closed_.pop_front();
}

void SceneLedger::close(Impressions::iterator closing, Instant at, bool taken) {
  const Open impression = std::move(closing->second);
  for (const std::string& place : impression.places) {
    const auto known = by_person_.find(place);
    if (known != by_person_.end() && known->second == closing->first) by_person_.erase(known);
  }
  open_.erase(closing);
  keep(impression, at, taken);
  Scene& scene = scenes_[impression.scene];
  Arm& arm = impression.held_out ? scene.held_out : scene.treated;
  ++arm.shown;
  arm.taken += taken;
  if (impression.held_out) return;
  Arm& month = scene.by_month[month_of(impression.at)];
  ++month.shown;
  month.taken += taken;
  if (impression.lane == decide::kNoLane || !is_of_lanes(impression, scene)) return;
  scene.by_class[impression.user_class].close(impression.lane, taken);
  scene.all.close(impression.lane, taken);
}

}  // namespace rapport::engine
