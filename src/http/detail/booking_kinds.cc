#include "http/detail/booking_kinds.h"

#include <memory>

#include "codec/properties.h"
#include "engine/engine_bookings.h"
#include "model/catalogue_ids.h"

namespace rapport::http::detail {
namespace {

/// What the batch says of appointments, each once.
std::vector<engine::BookingClaim> claims_of(const std::vector<model::Event>& events) {
  std::vector<engine::BookingClaim> claims;
  for (const model::Event& event : events) {
    const bool cancels = event.kind == model::kind::booking_cancelled;
    if (event.kind != model::kind::service_booked && !cancels) continue;
    engine::BookingClaim claim;
    Instant at;
    codec::Property property;
    for (codec::PropertyReader in(event.clear); in.next(property);) {
      if (property.id == model::property::service_id) claim.service_id = property.bytes;
      if (property.id == model::property::for_time) at = Instant{property.number};
    }
    if (cancels) claim.cancelled = at;
    for (const model::Identifier& one : event.identifiers) {
      if (one.kind == model::IdentifierKind::anonymous_id) claim.who = one;
    }
    claims.push_back(std::move(claim));
  }
  return claims;
}

}  // namespace

void ingest_within_calendars(const Ask& ask, engine::IngestRequest request,
                             engine::Reply<model::IngestAnswer> reply) {
  engine::Engine& engine = ask.engine();
  const ShopNo shop = ask.who.shop;
  const bool from_page =
      model::may(ask.who, model::Permission::ingest_cors) && !model::may(ask.who, model::Permission::publish);
  std::vector<engine::BookingClaim> claims =
      from_page ? claims_of(request.events) : std::vector<engine::BookingClaim>();
  if (claims.empty()) return engine.ingest(shop, std::move(request), std::move(reply));
  auto waiting = std::make_shared<engine::IngestRequest>(std::move(request));
  auto answer = std::make_shared<engine::Reply<model::IngestAnswer>>(std::move(reply));
  engine::claim_against_calendar(
      engine, shop, std::move(claims), [&engine, shop, waiting, answer](Result<std::string> kept) {
        if (!kept.ok()) return (*answer)(kept.error());
        if (!kept->empty())
          return (*answer)(Error{
              Errc::forbidden,
              fmt::format("a page books '{}' within its hours and its room, and cancels its own only", *kept),
              "event", "POST /v1/shop/bookings or /v1/shop/bookings/cancel, or a key of role ingest"});
        engine.ingest(shop, std::move(*waiting), std::move(*answer));
      });
}

}  // namespace rapport::http::detail
