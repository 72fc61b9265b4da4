#pragma once

#include "world/detail/shop.h"
#include "world/world.h"

/// The days of a world, one after the other.
namespace rapport::world {

Shop open_shop(const WorldOptions& options, const Regime& regime, bool record);
Today today_of(const Shop& shop, std::uint32_t customer, std::int32_t day);
/// Simulates `day` for everybody; afterwards shop.acts[day] is complete and in order. Days go up by one.
void simulate_day(Shop& shop, std::int32_t day);

}  // namespace rapport::world
