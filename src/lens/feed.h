#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/id.h"
#include "base/time.h"
#include "model/record.h"

/// What the engine hands to the mirror: durable records in order, and what was derived from them.
namespace rapport::lens {

/// A customer entered or left a segment.
struct FlipFeed {
  Hash128 id;
  CustomerId customer;  ///< her id when it happened; the views follow later merges
  std::string_view segment;
  bool entered = false;
  Instant valid_time;
  EventSeq cause;
  std::string_view origin;  ///< "event", "time", "imported", "correction", "backfill"
};

/// To whom a node belongs. Telling what is known already costs nothing, so the engine may tell every node of
/// each customer that a batch touched.
struct IdentityFeed {
  NodeId node;
  CustomerId customer;  ///< 0 = erased
};

/// How far the mirror has come: the last record, and the digest of the log's batch that holds it.
struct LensPosition {
  EventSeq seq;
  Digest digest{};
  friend bool operator==(const LensPosition&, const LensPosition&) = default;
};

}  // namespace rapport::lens
