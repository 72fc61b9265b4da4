#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace rapport::views {

/// What was made and cancelled of a service for one time. A cancellation takes back one that was made at its
/// own moment or before it, so that a surplus one takes back nothing that is made later; of the nodes that
/// its event names, the subject's first, and of nobody else. Equal events count once, and the order in which
/// they are added does not matter.
class BookingHistory {
 public:
  void made(Instant at, NodeId by);
  /// `named`: the subject first.
  void cancelled(Instant at, std::span<const NodeId> named);
  /// As if this node had never made any: it is erased.
  void leave_out(NodeId node);

  /// What one node has of it.
  struct Part {
    NodeId node;
    std::int64_t made = 0, standing = 0;
    Instant since = Instant::min();  ///< when it was last made
    Instant last = Instant::min();   ///< of the last event that names the node
  };
  std::vector<Part> parts() const;
  Part of(NodeId node) const;
  std::int64_t standing() const;

 private:
  struct Step {
    Instant at;
    bool cancels = false;
    std::vector<NodeId> named;
  };
  void add(Step step);
  std::vector<Step> steps_;  ///< ascending (at, cancels, subject), each once
};

}  // namespace rapport::views
