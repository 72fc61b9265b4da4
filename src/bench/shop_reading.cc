#include "bench/shop_reading.h"

#include <algorithm>

namespace rapport::bench {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

template <class T>
const T* property(const world::WorldEvent& event, std::string_view name) {
  for (const world::NamedValue& each : event.properties) {
    if (each.name == name) return std::get_if<T>(&each.value);
  }
  return nullptr;
}
std::string_view text(const world::WorldEvent& event, std::string_view name) {
  const auto* value = property<std::string_view>(event, name);
  return value == nullptr ? std::string_view() : *value;
}
double amount(const world::WorldEvent& event, std::string_view name) {
  const auto* value = property<world::Amount>(event, name);
  return value == nullptr ? 0 : static_cast<double>(value->fen) / 100;
}

/// The events that studies here look at, folded one after another.
class Reader {
 public:
  explicit Reader(const world::WorldOptions& options) : start_ms_(options.start.ms) {
    out_.days = options.days;
  }
  void take(const world::WorldEvent& event) {
    if (event.name == "Service Published")
      out_.unit_costs[std::string(text(event, "service_id"))] = amount(event, "cost");
    for (const world::NamedIdentifier& each : event.identifiers) {
      if (each.kind == model::IdentifierKind::user_id) of_customer(event, each.value);
    }
  }
  ShopReading finish() {
    double total = 0, orders = 0;
    for (auto& [name, customer] : out_.customers) {
      for (const double one : customer.order_totals) total += one;
      orders += static_cast<double>(customer.order_totals.size());
    }
    out_.mean_order = orders > 0 ? total / orders : 0;
    return std::move(out_);
  }

 private:
  std::int32_t day_of(const world::WorldEvent& event) const {
    return static_cast<std::int32_t>((event.timestamp.ms - start_ms_) / kDayMs);
  }

  void of_customer(const world::WorldEvent& event, std::string_view who) {
    const std::string_view name = event.name;
    if (event.type == model::EventType::identify) return traits(event, out_.customers[std::string(who)]);
    const bool order = name == "Order Completed", lot = name == "Experiment Assigned";
    const bool service = name == "Service Offered" || name == "Service Bought" || name == "Service Entitled";
    const bool parcel = name == "Shipment Promised" || name == "Shipment Updated";
    const bool ticket = name == "Ticket Opened" || name == "Ticket Updated";
    if (!order && !lot && !service && !parcel && !ticket) return;
    ReadCustomer& customer = out_.customers[std::string(who)];
    if (lot) {
      customer.lots[std::string(text(event, "experiment_id"))] = {day_of(event),
                                                                  text(event, "arm") != "control"};
    }
    if (order) {
      customer.order_days.push_back(day_of(event));
      customer.order_totals.push_back(amount(event, "total"));
      customer.parcels[std::string(text(event, "order_id"))].order_day = day_of(event);
    }
    if (service) of_service(event, customer);
    if (parcel) of_parcel(event, customer);
    if (ticket) of_ticket(event, customer);
  }

  static void traits(const world::WorldEvent& event, ReadCustomer& customer) {
    for (const std::string_view name :
         {"age_band", "city_tier", "income_band", "household", "children", "gender"}) {
      if (const std::string_view value = text(event, name); !value.empty())
        customer.traits[std::string(name)] = value;
    }
  }

  void of_service(const world::WorldEvent& event, ReadCustomer& customer) const {
    const std::string id(text(event, "service_id"));
    const std::int32_t day = day_of(event);
    if (event.name == "Service Offered") {
      customer.offers.try_emplace(id, ReadCustomer::Offer{day, false});
      return;
    }
    const auto offer = customer.offers.find(id);
    if (offer != customer.offers.end() && offer->second.day == day) offer->second.taken = true;
  }

  void of_parcel(const world::WorldEvent& event, ReadCustomer& customer) const {
    const auto found = customer.parcels.find(text(event, "order_id"));
    if (found == customer.parcels.end()) return;
    if (event.name == "Shipment Promised") {
      if (const auto* by = property<Instant>(event, "by")) found->second.promised_ms = by->ms;
    } else if (text(event, "node") == "signed") {
      found->second.signed_ms = event.timestamp.ms;
      found->second.signed_day = day_of(event);
    }
  }

  void of_ticket(const world::WorldEvent& event, ReadCustomer& customer) const {
    ReadCustomer::Ticket& ticket = customer.tickets[std::string(text(event, "ticket_id"))];
    if (event.name == "Ticket Opened") {
      ticket.opened_ms = event.timestamp.ms;
      ticket.topic = text(event, "topic");
      if (ticket.topic.empty()) ticket.topic = text(event, "class");
    } else if (text(event, "state") == "solved" && ticket.solved_day < 0) {
      ticket.solved_ms = event.timestamp.ms;
      ticket.solved_day = day_of(event);
    }
  }

  std::int64_t start_ms_;
  ShopReading out_;
};

}  // namespace

ShopReading read_shop(const world::WorldOptions& options) {
  world::World world(options);
  world::WorldEvent event;
  Reader reader(options);
  while (world.next(event)) reader.take(event);
  return reader.finish();
}

bool ordered_within(const ReadCustomer& customer, std::int32_t first, std::int32_t last) {
  const auto from = std::lower_bound(customer.order_days.begin(), customer.order_days.end(), first);
  return from != customer.order_days.end() && *from <= last;
}

}  // namespace rapport::bench
