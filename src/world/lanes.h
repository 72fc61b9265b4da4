#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/time.h"

/// Parcels on lanes that change: for judging who says beforehand that a parcel will be late.
namespace rapport::world {

struct LaneParcel {
  std::uint32_t carrier = 0, region = 0;  ///< from 1
  Instant promised;                       ///< to be signed for by then, told when it was placed
  /// placed packing picked_up in_transit out_for_delivery signed exception; Instant::min() = never reported.
  std::array<Instant, 7> reached;
};

struct LaneWorldOptions {
  std::uint64_t seed = 1;
  Instant start;
  int days = 180;
  int parcels_a_day = 40;
};

/// The simulated shop's lanes (detail/parcels.cc: five carriers, three tiers, their times, delays and
/// promises) to sixteen regions, and they drift: each carrier's pace walks from week to week while its
/// promises stay, some weeks a region is blocked, twice a year trade overloads everybody for a fortnight. A
/// delay on the road is reported as an exception in 55 of 100 cases, and one scan in twenty-five is missing.
/// Parcels in the order in which they were placed; a function of the options, the same on every machine.
std::vector<LaneParcel> simulate_lanes(const LaneWorldOptions& options);

}  // namespace rapport::world
