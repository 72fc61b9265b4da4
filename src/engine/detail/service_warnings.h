#pragma once

#include <string>
#include <utility>
#include <vector>

/// The automatic warnings of a service's review: fixed rules over its own facts. Pure.
namespace rapport::engine {

/// How often each thing happened, over all customers.
struct ServiceFacts {
  std::string type;         ///< of the noun: what kind of service it is
  bool has_choice = false;  ///< tiers or options stand in the noun
  double price = 0, cost = 0;
  double offered = 0, known = 0, held = 0;  ///< customers; held = bought or entitled
  double bought = 0, entitled = 0, booked = 0, delivered = 0, used = 0, renewed = 0;  ///< times
  double late = 0, errors = 0;
  double ratings = 0, mean_rating = 0;
  double customers = 0;      ///< of the whole shop
  double alike = 0;          ///< other services of the same type
  bool has_benefit = false;  ///< a published study tells it
  double benefit_high = 0;   ///< upper end of its 95 % interval
};

struct ServiceWarning {
  std::string kind, en, hans;
  std::vector<std::pair<std::string, double>> figures;
};

std::vector<ServiceWarning> service_warnings(const ServiceFacts& facts);

}  // namespace rapport::engine
