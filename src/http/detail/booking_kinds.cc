#include "http/detail/booking_kinds.h"

#include <algorithm>
#include <memory>

#include "codec/properties.h"
#include "engine/engine_bookings.h"
#include "model/catalogue_ids.h"

namespace rapport::http::detail {
namespace {

/// Those that the batch books, each once.
std::vector<std::string> services_booked(const std::vector<model::Event>& events) {
  std::vector<std::string> services;
  for (const model::Event& event : events) {
    if (event.kind != model::kind::service_booked) continue;
    codec::Property property;
    for (codec::PropertyReader in(event.clear); in.next(property);) {
      if (property.id == model::property::service_id) services.emplace_back(property.bytes);
    }
  }
  std::sort(services.begin(), services.end());
  services.erase(std::unique(services.begin(), services.end()), services.end());
  return services;
}

}  // namespace

void ingest_within_calendars(const Ask& ask, engine::IngestRequest request,
                             engine::Reply<model::IngestAnswer> reply) {
  engine::Engine& engine = ask.engine();
  const ShopNo shop = ask.who.shop;
  const bool from_page =
      model::may(ask.who, model::Permission::ingest_cors) && !model::may(ask.who, model::Permission::publish);
  std::vector<std::string> services =
      from_page ? services_booked(request.events) : std::vector<std::string>();
  if (services.empty()) return engine.ingest(shop, std::move(request), std::move(reply));
  auto waiting = std::make_shared<engine::IngestRequest>(std::move(request));
  auto answer = std::make_shared<engine::Reply<model::IngestAnswer>>(std::move(reply));
  engine::service_with_calendar(
      engine, shop, std::move(services), [&engine, shop, waiting, answer](Result<std::string> kept) {
        if (!kept.ok()) return (*answer)(kept.error());
        if (!kept->empty())
          return (*answer)(Error{Errc::forbidden,
                                 fmt::format("a page books '{}' within its hours and its room only", *kept),
                                 "event", "POST /v1/shop/bookings, or a key of role ingest"});
        engine.ingest(shop, std::move(*waiting), std::move(*answer));
      });
}

}  // namespace rapport::http::detail
