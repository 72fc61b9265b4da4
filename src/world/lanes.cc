#include "world/lanes.h"

#include <algorithm>

#include "world/detail/draw.h"

namespace rapport::world {
namespace {

constexpr int kCarriers = 5, kRegions = 16;
constexpr std::int64_t kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;

struct CarrierKind {
  std::int64_t road_hours;      ///< between tier-1 cities
  std::int64_t held_permyriad;  ///< parcels held up on the road
  std::int64_t share;           ///< of a hundred parcels
};
constexpr std::array<CarrierKind, kCarriers> kKinds = {
    {{26, 350, 30}, {34, 800, 25}, {40, 1300, 20}, {44, 1900, 13}, {38, 1000, 12}}};

int tier_of(int region) {
  return region < 4 ? 0 : region < 10 ? 1 : 2;
}

/// What each lane is like in a week, in thousandths of its ordinary time on the road.
class Paces {
 public:
  Paces(std::uint64_t seed, int weeks) : weeks_(weeks) {
    const Draw draw(seed, 1, 0);
    const std::int64_t peak = draw.between(Tag::market, 4, 22);
    for (int carrier = 0; carrier < kCarriers; ++carrier) {
      std::int64_t pace = 1'000;
      for (int week = 0; week < weeks; ++week) {
        const auto n = static_cast<std::uint64_t>(carrier * 1'000 + week);
        // A walk that is drawn back to what it was, one part in eight a week.
        pace += draw.bell(Tag::drift, 60, n) - (pace - 1'000) / 8;
        pace = std::clamp<std::int64_t>(pace, 800, 1'600);
        const bool overloaded = week % 26 == peak || week % 26 == peak + 1;
        carriers_.push_back(pace + (overloaded ? 250 : 0));
      }
    }
    for (int region = 0; region < kRegions; ++region) {
      for (int week = 0; week < weeks; ++week)
        blocked_.push_back(draw.chance(Tag::prose, 200, static_cast<std::uint64_t>(region * 1'000 + week)));
    }
  }
  std::int64_t thousandths(int carrier, int region, int week) const {
    week = std::min(week, weeks_ - 1);
    return carriers_[static_cast<std::size_t>(carrier * weeks_ + week)] +
           (blocked_[static_cast<std::size_t>(region * weeks_ + week)] ? 400 : 0);
  }

 private:
  int weeks_;
  std::vector<std::int64_t> carriers_;
  std::vector<bool> blocked_;
};

std::int64_t road_hours(int carrier, int region) {
  return kKinds[static_cast<std::size_t>(carrier)].road_hours + 7 * tier_of(region);
}

/// Parcels are handed over between 9:00 and 20:59.
std::int64_t by_day(std::int64_t ms, std::int64_t start, std::int64_t spread) {
  const std::int64_t in_day = (ms - start) % kDay;
  if (in_day >= 9 * kHour && in_day < 21 * kHour) return ms;
  return ms - in_day + (in_day >= 21 * kHour ? kDay : 0) + 9 * kHour + spread % (10 * kHour);
}

LaneParcel ship(const Draw& draw, const Paces& paces, Instant start, std::int64_t placed) {
  LaneParcel parcel;
  parcel.reached.fill(Instant::min());
  std::int64_t lot = draw.below(Tag::carrier, 100);
  int carrier = 0;
  while (lot >= kKinds[static_cast<std::size_t>(carrier)].share)
    lot -= kKinds[static_cast<std::size_t>(carrier++)].share;
  // Towns of the first tier buy more.
  const auto region = static_cast<int>(draw.chance(Tag::city, 5'000) ? draw.below(Tag::city, 4, 1)
                                                                     : draw.below(Tag::city, kRegions, 2));
  const std::int64_t road = road_hours(carrier, region) * 60;  // minutes
  const int tier = tier_of(region);
  const std::int64_t pace =
      paces.thousandths(carrier, region, static_cast<int>((placed - start.ms) / (7 * kDay)));
  const auto minutes = [&](std::uint64_t n, std::int64_t low, std::int64_t high) {
    return draw.between(Tag::node, low, high, n) * kMinute;
  };
  std::array<std::int64_t, 7> at{};
  at[0] = placed;
  at[1] = at[0] + minutes(1, 60, 600) * pace / 1'000;
  at[2] = at[1] + minutes(2, 120, 540) * pace / 1'000;
  at[3] = at[2] + minutes(3, 60, 300);
  std::int64_t travel = minutes(4, road * 7 / 10, road * 12 / 10) * pace / 1'000;
  bool told = false;
  // Load makes delays likelier more than proportionally.
  const std::int64_t held =
      kKinds[static_cast<std::size_t>(carrier)].held_permyriad * pace / 1'000 * pace / 1'000;
  if (draw.chance(Tag::delay, held)) {
    travel += (draw.between(Tag::delay, 22, 60, 1) + 24 * draw.steps(Tag::delay, 4'500, 4, 2)) * kHour;
    told = draw.chance(Tag::exception, 5'500);
    at[6] = at[3] + travel / 3;
  }
  at[4] = by_day(at[3] + travel, start.ms, static_cast<std::int64_t>(draw.bits(Tag::node, 6) >> 40));
  at[5] = at[4] + minutes(7, 30, 300);
  for (std::size_t node = 0; node < 7; ++node) {
    const bool missing = node > 0 && node < 5 && draw.chance(Tag::step, 400, node);
    if (node == 6 ? told : !missing) parcel.reached[node] = Instant{at[node]};
  }
  parcel.carrier = static_cast<std::uint32_t>(carrier + 1);
  parcel.region = static_cast<std::uint32_t>(region + 1);
  parcel.promised =
      Instant{placed} + hours(24 + kKinds[static_cast<std::size_t>(carrier)].road_hours + 9 * (tier + 1));
  return parcel;
}

}  // namespace

std::vector<LaneParcel> simulate_lanes(const LaneWorldOptions& options) {
  const Paces paces(options.seed, options.days / 7 + 2);
  std::vector<LaneParcel> parcels;
  for (int day = 0; day < options.days; ++day) {
    const Draw today(options.seed, 2, static_cast<std::uint64_t>(day));
    const std::int64_t count = options.parcels_a_day * today.between(Tag::visit, 700, 1'300) / 1'000;
    for (std::int64_t i = 0; i < count; ++i) {
      const Draw draw(options.seed, 1'000 + static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(day));
      const std::int64_t placed = options.start.ms + day * kDay + draw.below(Tag::minute, 1'440) * kMinute;
      parcels.push_back(ship(draw, paces, options.start, placed));
    }
  }
  std::stable_sort(parcels.begin(), parcels.end(),
                   [](const LaneParcel& x, const LaneParcel& y) { return x.reached[0] < y.reached[0]; });
  return parcels;
}

}  // namespace rapport::world
