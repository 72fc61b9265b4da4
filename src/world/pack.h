#pragma once

#include <cstdint>

/// Industries that the world can simulate.
namespace rapport::world {

enum class Pack : std::uint8_t { retail, brokerage };

}  // namespace rapport::world
