#pragma once

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/detail/impl.h"

namespace rapport::engine {

/// Answers with `make(unit, census)`, on the shop thread; it must take less than a slice.
template <class T, class Make>
void with_census(ShopUnit* unit, std::int32_t days, std::optional<EventSeq> after, Reply<T> reply,
                 Make make) {
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  auto shared = std::make_shared<Reply<T>>(std::move(reply));
  const std::int32_t window = std::clamp(days, 1, Insight::kDaysMost);
  const bool asked = unit->insight.census(
      window, after, [unit, shared, make = std::move(make)](const std::shared_ptr<const Census>& census) {
        (*shared)(make(*unit, *census));
      });
  if (!asked)
    (*shared)(Error{Errc::overloaded, "too many reads wait for this shop", "", "again in a second"});
}

}  // namespace rapport::engine
