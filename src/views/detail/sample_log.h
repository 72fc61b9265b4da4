#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "codec/properties.h"
#include "codec/record.h"
#include "model/catalogue_ids.h"
#include "views/views.h"

/// Logs made in memory, for tests and benchmarks: what the front desk and the shop thread do, in a few lines.
namespace rapport::views {

using Who = std::vector<std::pair<model::IdentifierKind, std::string>>;

/// One record before it has a place in a log.
struct SampleEvent {
  model::RecordType type = model::RecordType::event;
  Instant at;  ///< event time; for unlinked and import records the moment itself
  model::EventKind kind;
  std::string name;
  Who who;  ///< subject first; for unlinked: the node, then the others
  bool alias = false;
  std::string clear;
  bool from_page = false;
};

/// Writes clear properties in one expression.
class Properties {
 public:
  Properties& text(model::PropertyId id, std::string_view value) {
    codec::PropertyWriter(bytes_).text(id, value);
    return *this;
  }
  Properties& number(model::PropertyId id, std::int64_t value) {
    codec::PropertyWriter(bytes_).number(id, value);
    return *this;
  }
  Properties& lines(const std::vector<codec::ProductLine>& lines) {
    codec::PropertyWriter(bytes_).lines(model::property::products, lines);
    return *this;
  }
  Properties& answer(std::string_view item, std::int64_t thousandths) {
    codec::PropertyWriter(bytes_).answers(model::property::answers, {{item, thousandths}});
    return *this;
  }
  operator std::string() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Numbers nodes in order of first sight and stamps records.
class SampleLog {
 public:
  struct Stored {
    SampleEvent event;
    Instant received;
    bool from_import = false;
    std::vector<model::NodeRef> nodes;
    std::string body;
    std::string message_id;
  };

  /// `received` must not fall.
  EventSeq add(const SampleEvent& event, Instant received, bool from_import = false) {
    Stored stored{event, received, from_import, {}, {}, message_id_of(event)};
    for (const auto& [kind, value] : event.who) stored.nodes.push_back({node(kind, value), kind, false, {}});
    if (event.type == model::RecordType::unlinked) {
      model::UnlinkedBody body;
      body.node = stored.nodes[0].node;
      for (std::size_t i = 1; i < stored.nodes.size(); ++i) body.from.push_back(stored.nodes[i].node);
      stored.body = codec::encode_unlinked(body);
    } else if (event.type == model::RecordType::erased) {
      model::ErasedBody body;
      for (const model::NodeRef& ref : stored.nodes) body.nodes.push_back(ref.node);
      stored.body = codec::encode_erased(body);
    }
    if (event.type != model::RecordType::event) stored.nodes.clear();
    records_.push_back(std::move(stored));
    return EventSeq{records_.size()};
  }

  std::size_t size() const { return records_.size(); }
  const Stored& stored(std::size_t i) const { return records_[i]; }
  /// Record i (from 0) as the log's reader would give it; borrows from this.
  void view(std::size_t i, model::RecordView& out) const {
    const Stored& stored = records_[i];
    out.seq = EventSeq{i + 1};
    out.received = stored.received;
    out.type = stored.event.type;
    out.event_time = std::min(stored.event.at, stored.received + minutes(5));
    out.event_type = model::EventType::track;
    out.kind = stored.event.kind;
    out.name = stored.event.name;
    out.nodes = stored.nodes;
    out.is_alias = stored.event.alias;
    out.from_import = stored.from_import;
    out.from_page = stored.event.from_page;
    out.message_id = stored.message_id;
    out.clear = stored.event.clear;
    out.body = stored.body;
  }
  void fold_into(ShopState& state, FlipSink& flips) const {
    model::RecordView record;
    for (std::size_t i = static_cast<std::size_t>(state.position().value); i < records_.size(); ++i) {
      view(i, record);
      state.fold(record, flips);
    }
  }
  NodeId node(model::IdentifierKind kind, const std::string& value) {
    const auto [at, is_new] =
        numbers_.try_emplace({kind, value}, static_cast<std::uint32_t>(names_.size() + 1));
    if (is_new) names_.push_back(std::string(model::identifier_kind_name(kind)) + ':' + value);
    return NodeId{at->second};
  }
  std::string name(NodeId node) const { return names_[node.value - 1]; }
  std::function<std::string(NodeId)> names() const {
    return [this](NodeId node) { return name(node); };
  }

  /// Of what the event says, so the same in any order of arrival.
  static std::string message_id_of(const SampleEvent& event) {
    std::string said = fmt::format("{} {} {} {}", event.kind.value, event.name, event.at.ms, event.clear);
    for (const auto& [kind, value] : event.who)
      said += fmt::format(" {}:{}", model::identifier_kind_name(kind), value);
    return digest_hex(sha256(said)).substr(0, 32);
  }

 private:
  std::vector<Stored> records_;
  std::map<std::pair<model::IdentifierKind, std::string>, std::uint32_t> numbers_;
  std::vector<std::string> names_;
};

}  // namespace rapport::views
