#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/assert.h"
#include "codec/event_builder.h"
#include "lens/lens.h"

/// For the room's tests: events become records as the engine makes them, with a toy seal (the text backwards
/// behind the node's number) instead of real keys.
namespace rapport::lens::detail {

class TestShop {
 public:
  explicit TestShop(Lens& lens) : lens_(lens) {
    lens_.set_reveal([this](SealedAs, NodeId node, std::string_view sealed) -> std::optional<std::string> {
      if (gone_.contains(node.value)) return std::nullopt;
      const std::string mark = std::to_string(node.value) + "|";
      if (!sealed.starts_with(mark)) return std::nullopt;
      return std::string(sealed.rbegin(), sealed.rend() - static_cast<std::ptrdiff_t>(mark.size()));
    });
  }

  static std::string seal(std::uint32_t node, const std::string& text) {
    return text.empty() ? "" : std::to_string(node) + "|" + std::string(text.rbegin(), text.rend());
  }

  Status begin() { return lens_.begin(); }

  /// The records of one feed must be followed by commit().
  Status add(const model::Event& event) {
    model::RecordView record;
    record.seq = EventSeq{++seq_};
    record.received = event.timestamp.value_or(Instant{}) + seconds(2);
    record.event_time = event.timestamp.value_or(Instant{});
    record.event_type = event.type;
    record.kind = event.kind;
    record.name = event.name;
    record.message_id = event.message_id;
    record.clear = event.clear;
    std::vector<std::string> sealed_values;
    sealed_values.reserve(event.identifiers.size());
    for (const model::Identifier& identifier : event.identifiers) {
      const auto [place, born] =
          nodes_.try_emplace(identifier, static_cast<std::uint32_t>(nodes_.size() + 1));
      sealed_values.push_back(seal(place->second, identifier.value));
      record.nodes.push_back({NodeId{place->second}, identifier.kind, born, sealed_values.back()});
    }
    const std::string personal =
        record.nodes.empty() ? "" : seal(record.nodes.front().node.value, event.personal);
    record.personal = personal;
    RAPPORT_CHECK(lens_.add(record));
    for (std::size_t i = 1; i < record.nodes.size(); ++i) link(record.nodes[0].node, record.nodes[i].node);
    return {};
  }

  /// Both nodes' customers become one.
  void link(NodeId a, NodeId b) {
    const std::uint32_t x = customer(a), y = customer(b);
    for (std::uint32_t node = 1; node <= nodes_.size(); ++node) {
      const std::uint32_t now = customer(NodeId{node});
      if (now != x && now != y) continue;
      customers_[node] = std::min(x, y);
      lens_.add(IdentityFeed{NodeId{node}, CustomerId{customers_[node]}});
    }
  }

  Status commit() {
    digest_[0] = static_cast<std::uint8_t>(digest_[0] + 1);
    return lens_.commit({EventSeq{seq_}, digest_});
  }

  NodeId node(model::IdentifierKind kind, const std::string& value) const {
    return NodeId{nodes_.at({kind, value})};
  }
  std::uint32_t customer(NodeId node) {
    const auto [place, is_new] = customers_.try_emplace(node.value, node.value);
    return place->second;
  }
  void destroy_key(NodeId node) { gone_.insert(node.value); }
  EventSeq next_seq() { return EventSeq{++seq_}; }

 private:
  Lens& lens_;
  std::map<model::Identifier, std::uint32_t> nodes_;
  std::map<std::uint32_t, std::uint32_t> customers_;
  std::set<std::uint32_t> gone_;
  std::uint64_t seq_ = 0;
  Digest digest_{};
};

inline model::Event track(const std::string& name, const std::string& user, std::string_view at,
                          std::vector<codec::PropertyInput> properties) {
  codec::EventInput input;
  input.name = name;
  input.identifiers = {{model::IdentifierKind::user_id, user}};
  input.timestamp = *parse_instant(at);
  input.properties = std::move(properties);
  auto event = codec::build_event(input);
  ASSERT(event.ok());
  return std::move(event).value();
}

}  // namespace rapport::lens::detail
