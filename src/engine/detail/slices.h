#pragma once

#include <functional>
#include <memory>

#include "base/time.h"
#include "engine/detail/shop.h"

namespace rapport::engine {

/// Long work of the shop thread in slices: `step(deadline_ns)` runs until about the deadline (monotonic) and
/// returns whether more is left; between two slices the thread stamps and folds. Runs `step` again as a task
/// of its own, so it ends before the thread does. From any thread.
inline void run_in_slices(Shop& shop, std::function<bool(std::int64_t)> step) {
  constexpr std::int64_t kSliceNs = 1'000'000;
  shop.post([&shop, step = std::move(step)]() mutable {
    if (step(monotonic_ns() + kSliceNs)) run_in_slices(shop, std::move(step));
  });
}

}  // namespace rapport::engine
