#pragma once

#include <functional>
#include <future>
#include <memory>

#include "base/result.h"
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

/// Walks over the state as it is once all is folded that was stamped by now: `walk->step(deadline_ns)` as
/// above. Waits for the walk's end, so on any thread but the shop's. Errors: overloaded.
template <class Walk>
Status walk_in_slices(Shop& shop, const std::shared_ptr<Walk>& walk) {
  const auto done = std::make_shared<std::promise<void>>();
  auto finished = done->get_future();
  const EventSeq stamped{shop.counters().stamped.load()};
  const bool waits = shop.read(stamped, [&shop, walk, done] {
    run_in_slices(shop, [walk, done](std::int64_t deadline_ns) {
      const bool more = walk->step(deadline_ns);
      if (!more) done->set_value();
      return more;
    });
  });
  if (!waits) return Error{Errc::overloaded, "too many reads wait for this shop", "", "again in a second"};
  finished.wait();
  return {};
}

}  // namespace rapport::engine
