#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace rapport::model {

struct SegmentSummary {
  std::string name;
  std::string rule;      ///< in the rule language
  bool shipped = false;  ///< one of the six classes
  std::uint64_t members = 0;
  std::string undetermined;  ///< why nobody can be in it, "" otherwise
  EventSeq since;            ///< position from which this version holds
};

struct SegmentPage {
  std::string name;
  std::vector<std::pair<CustomerId, Instant>> members;  ///< customer, since
  std::string next_cursor;                              ///< "" at the end
  std::uint64_t total = 0;
  EventSeq known_at;
};

/// A derived record: a customer entered or left a segment.
struct FlipAnswer {
  std::string id;
  CustomerId customer;
  std::string segment;
  bool entered = true;
  bool corrected = false;  ///< a late event changed what was believed
  bool may_send =
      true;            ///< false for flips of imports, corrections and rule edits: they cause nothing outside
  std::string origin;  ///< "event", "time", "imported", "correction", "backfill"
  Instant valid_time;
  EventSeq cause;
};

}  // namespace rapport::model
