#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace rapport::model {

/// One step of a reason: a part of the rule, what it came to, and the events behind it.
struct ExplainStep {
  std::string rule;   ///< the part in the rule language, or the tag's formula in words
  std::string value;  ///< "true", "false", "undetermined: no registration facts", "3", "2026-..."
  std::int32_t depth = 0;
  std::vector<EventSeq> events;
};

struct ExplainAnswer {
  std::string about;   ///< "segment problem" or "tag category"
  std::string answer;  ///< "yes", "no", "undetermined", or the tag's value
  Instant valid_at;
  EventSeq known_at;
  std::optional<Instant> until;  ///< when it changes if nothing happens
  std::vector<ExplainStep> steps;
};

}  // namespace rapport::model
