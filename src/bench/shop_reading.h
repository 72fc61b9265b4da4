#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "world/world.h"

/// What the log of a simulated shop says, by customer, for studies to be judged by: nothing that is not an
/// event.
namespace rapport::bench {

struct ReadCustomer {
  struct Lot {
    std::int32_t day = 0;
    bool treated = false;
  };
  struct Parcel {
    std::int32_t order_day = 0, signed_day = -1;
    std::int64_t promised_ms = 0, signed_ms = 0;
  };
  struct Ticket {
    std::int64_t opened_ms = 0, solved_ms = 0;
    std::int32_t solved_day = -1;
    std::string topic;
  };
  struct Offer {
    std::int32_t day = 0;  ///< first offered
    bool taken = false;    ///< bought or entitled on that very day
  };
  std::map<std::string, Lot, std::less<>> lots;        ///< by experiment
  std::map<std::string, Offer, std::less<>> offers;    ///< by service
  std::map<std::string, Parcel, std::less<>> parcels;  ///< by order
  std::map<std::string, Ticket, std::less<>> tickets;
  std::vector<std::int32_t> order_days;  ///< in the order of time
  std::vector<double> order_totals;
  std::map<std::string, std::string, std::less<>> traits;
};

struct ShopReading {
  std::map<std::string, ReadCustomer, std::less<>> customers;  ///< by user id
  std::map<std::string, double, std::less<>> unit_costs;       ///< by service, CNY
  double mean_order = 0;                                       ///< CNY
  std::int32_t days = 0;
};

ShopReading read_shop(const world::WorldOptions& options);

/// Whether an order falls on one of the days `first` to `last`.
bool ordered_within(const ReadCustomer& customer, std::int32_t first, std::int32_t last);

}  // namespace rapport::bench
