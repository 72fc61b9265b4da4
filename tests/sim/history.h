#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "views/detail/sample_log.h"

/// Random histories of a small shop, on a grid of six hours so that an oracle can look at every moment.
namespace rapport::sim {

inline constexpr Duration kGrid = hours(6);
inline const Instant kBegin = instant_from_civil({2026, 1, 1, 0, 0, 0, 0});
inline const Instant kEnd = kBegin + days(60);

enum class Deed : std::uint8_t {
  page,
  registered,
  viewed,
  completed,
  cancelled,
  contacted,
  ticket,
  reviewed,
  answered,
  referred,
  identified,
  consented,
  points,
  service,
  custom,
  ticket_moved,
  engaged,
  alias,
  unlinked,
  valued,  ///< a value is published; concerns nobody in particular
};

/// The states of a ticket in the order in which the catalogue counts them.
inline constexpr std::array<std::string_view, 8> kTicketStates = {
    "open", "located", "waiting", "solved", "called_back", "reopened", "escalated", "closed"};

/// An event in words; the oracle reads these, the engine the record made of them.
struct Happening {
  Deed deed = Deed::page;
  Instant at;
  views::Who who;
  std::string object;  ///< product, order, item, region, service, custom name, ticket, area, name of a value
  /// Total, rating in thousandths, points, granted, state of a ticket, dwell in ms, the published value.
  std::int64_t value = 0;
};

/// Whether a key that stands in pages sent it: of what happened alone, so the same in every order of arrival.
bool from_page(const Happening& happening);

struct History {
  std::vector<Happening> happenings;
  bool has_unlinks = false;
};

History random_history(Random& random);
views::SampleEvent sample_of(const Happening& happening);
/// Who carries the parcel of a completed order, as its event says.
std::string carrier_of(const Happening& happening);

/// How a set of happenings came to the shop.
struct Arrival {
  enum class Way : std::uint8_t { live, imported_in_order, imported_shuffled };
  Way way = Way::live;
  int latest_days = 5;             ///< events come up to so late
  std::size_t rules_at_start = 0;  ///< the rest are published along the way
};
views::SampleLog arrive(const History& history, const Arrival& arrival, Random& random);

/// The rules of the simulated shop.
std::vector<views::RuleText> all_rules();

}  // namespace rapport::sim
