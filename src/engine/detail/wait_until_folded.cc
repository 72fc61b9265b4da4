#include "engine/detail/wait_until_folded.h"

#include <future>

namespace rapport::engine {

Status wait_until_folded(ShopUnit& unit, std::optional<EventSeq> after) {
  if (!after) return {};
  RAPPORT_CHECK(position_is_there(unit, after));
  const auto folded = std::make_shared<std::promise<void>>();
  const auto told = folded->get_future();
  if (!unit.shop.read(after, [folded] { folded->set_value(); }))
    return Error{Errc::overloaded, "too many reads wait for this shop", "", "again in a second"};
  told.wait();
  return {};
}

}  // namespace rapport::engine
