#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/time.h"

namespace rapport::engine {

/// What one node made and cancelled of a service at one time. A cancellation takes back one that was made at
/// its own moment or before it, so that a surplus one takes back nothing that is made later. The order in
/// which add() is called does not matter.
class BookingHistory {
 public:
  void add(Instant at, bool is_made) {
    const std::pair<Instant, int> step{at, is_made ? 0 : 1};
    steps_.insert(std::upper_bound(steps_.begin(), steps_.end(), step), step);
    made_ += is_made ? 1 : 0;
  }
  /// Made, and not cancelled since.
  std::int64_t standing() const {
    std::int64_t count = 0;
    for (const auto& [at, cancels] : steps_) count += cancels == 0 ? 1 : count > 0 ? -1 : 0;
    return count;
  }
  std::int64_t made() const { return made_; }

 private:
  std::vector<std::pair<Instant, int>> steps_;  ///< what is made at a moment stands before what is cancelled
  std::int64_t made_ = 0;
};

}  // namespace rapport::engine
