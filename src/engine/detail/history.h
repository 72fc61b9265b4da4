#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/detail/impl.h"
#include "views/views.h"

/// Looking into a customer's records: for the timeline, for "as believed at", for why.
namespace rapport::engine {

/// Records that name any of the nodes, ascending; those after the follower's position are found by reading
/// the tail of the log. Not on the shop thread. kEverybody stands for what concerns everybody.
Result<std::vector<EventSeq>> seqs_of(ShopUnit& unit, store::Store& store, const std::vector<NodeId>& nodes,
                                      EventSeq upto);

/// A state folded only from the records that can bear on some nodes: their own, those of every node ever
/// named beside them, and what concerns everybody. The same code as the shop's, so what was believed then is
/// exact.
struct Past {
  views::ShopState state;
  std::vector<NodeId> nodes;      ///< whom the records name
  std::vector<EventSeq> records;  ///< what was folded, ascending
};
/// Errors: too_large when more than kMostPastRecords records bear on them.
inline constexpr std::size_t kMostPastRecords = 200'000;
Result<Past> rebuild(ShopUnit& unit, store::Store& store, const std::vector<NodeId>& nodes,
                     EventSeq known_at);

/// One record as an entry of a timeline; personal parts opened with `reveal`.
model::TimelineEntry timeline_entry(const model::RecordView& record, Keyring& keyring, bool reveal);

}  // namespace rapport::engine
