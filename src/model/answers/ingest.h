#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"

namespace rapport::model {

/// What became of a batch once it was durable. accepted + duplicate + suppressed + rejected = events sent.
struct IngestAnswer {
  std::uint64_t accepted = 0;
  std::uint64_t duplicate = 0;   ///< message ids seen before
  std::uint64_t suppressed = 0;  ///< of erased persons: answered, and nothing is kept
  std::uint64_t rejected = 0;    ///< dead letters
  EventSeq offset;               ///< position of the shop's log at which all of it is readable (X-Log-Offset)
};

/// An event that could not be taken, as received.
struct RejectedEvent {
  std::uint32_t index = 0;  ///< place in the batch
  Error reason;
  std::string raw;  ///< the JSON as sent
};

/// A stored dead letter.
struct DeadLetterAnswer {
  std::uint64_t id = 0;
  std::int64_t received_ms = 0;
  std::string code, message, where, expected;
  std::string raw;  ///< "" for readers who may not see personal parts
};

}  // namespace rapport::model
