#include "engine/detail/name_index.h"

#include "codec/json_index.h"
#include "codec/record.h"
#include "model/catalogue_ids.h"
#include "text/normalise.h"

namespace rapport::engine {

bool NameIndex::catch_up(std::int64_t deadline_ns) {
  const std::lock_guard lock(reading_);
  if (!reader_)
    reader_ = std::make_unique<store::LogReader>(store_, shop_, EventSeq{1}, store::ChainCheck::no);
  store::StoredBatch stored;
  model::RecordView record;
  while (true) {
    const Result<bool> more = reader_->next(stored);
    if (!more.ok() || !*more) return true;
    auto batch = codec::BatchReader::open(stored.bytes);
    if (!batch.ok()) return true;
    while (batch->next(record)) {
      if (record.type == model::RecordType::event && record.kind == model::kind::identify) take(record);
    }
    if (monotonic_ns() > deadline_ns) return false;
  }
}

void NameIndex::take(const model::RecordView& record) {
  if (record.personal.empty() || record.nodes.empty()) return;
  const NodeId node = record.nodes[0].node;
  const auto personal = keyring_.open(SealedAs::personal, node, record.personal);
  if (!personal) return;
  codec::JsonIndex index;
  if (!index.parse(*personal).ok()) return;
  const codec::JsonValue name = index.root().find("traits").find("name");
  if (!name.present() || !name.is(codec::JsonKind::string)) return;
  put(node, record.event_time, name.text());
}

void NameIndex::put(NodeId node, Instant at, std::string name) {
  std::string form = text::comparison_form(name);
  if (form.empty()) return;
  const std::lock_guard lock(mutex_);
  // An erasure that ran while the name was being read has the last word.
  if (!keyring_.find(node)) return;
  const auto [place, is_new] = places_.try_emplace(node.value, entries_.size());
  if (is_new) {
    entries_.push_back({node, at, std::move(name), std::move(form)});
    return;
  }
  Entry& entry = entries_[place->second];
  if (at < entry.at) return;
  entry = {node, at, std::move(name), std::move(form)};
}

std::vector<NodeId> NameIndex::find(std::string_view part, std::size_t most) const {
  const std::string form = text::comparison_form(part);
  std::vector<NodeId> found;
  if (form.empty()) return found;
  const std::lock_guard lock(mutex_);
  for (const Entry& entry : entries_) {
    if (found.size() == most) break;
    if (entry.form.find(form) != std::string::npos) found.push_back(entry.node);
  }
  return found;
}

std::string NameIndex::name_of(NodeId node) const {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(node.value);
  return place == places_.end() ? std::string() : entries_[place->second].name;
}

void NameIndex::forget(const std::vector<NodeId>& nodes) {
  const std::lock_guard lock(mutex_);
  for (const NodeId node : nodes) {
    const auto place = places_.find(node.value);
    if (place == places_.end()) continue;
    Entry& entry = entries_[place->second];
    entry.name.assign(entry.name.size(), '\0');
    entry.form.assign(entry.form.size(), '\0');
    entry.name.clear();
    entry.form.clear();
    places_.erase(place);
  }
}

}  // namespace rapport::engine
