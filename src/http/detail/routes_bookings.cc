#include "engine/engine_bookings.h"
#include "http/detail/ask.h"
#include "http/detail/json_text.h"
#include "http/detail/topics.h"
#include "http/detail/visitors.h"

/// The topic "bookings": appointments that visitors of the shop make themselves. The engine answers with JSON
/// texts.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
using detail::as_json;
using detail::Body;

constexpr std::size_t kBodyMost = 4 * 1024, kServiceMost = 200;
constexpr std::string_view kTag = "shopfront";

Result<std::string> service_of(std::string id) {
  if (!id.empty() && id.size() <= kServiceMost) return id;
  return Error{Errc::bad_input, "no service, or too long a name", "service_id",
               fmt::format("1 to {} bytes", kServiceMost)};
}

Result<engine::BookingAsk> booking_of(const Body& body) {
  RAPPORT_CHECK(body.only({"anonymous_id", "service_id", "for"}));
  RAPPORT_TRY(std::string named, body.text("anonymous_id"));
  RAPPORT_TRY(const std::string browser, detail::visitor_id(std::move(named)));
  engine::BookingAsk booking;
  RAPPORT_TRY(booking.who, model::Identifier::parse(model::IdentifierKind::anonymous_id, browser));
  RAPPORT_TRY(std::string service, body.text("service_id"));
  RAPPORT_TRY(booking.service_id, service_of(std::move(service)));
  RAPPORT_TRY(const std::string at, body.text("for"));
  RAPPORT_TRY(booking.for_time, engine::appointment_time(at));
  return booking;
}

void book(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(engine::BookingAsk booking, booking_of(*body));
  engine::book_appointment(ask.engine(), ask.who.shop, std::move(booking), as_json(ask.call));
}

void cancel(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  engine::CancellationAsk cancellation;
  HTTP_TRY(cancellation.booking, booking_of(*body));
  cancellation.proof = ask.request().proof;
  engine::cancel_appointment(ask.engine(), ask.who.shop, std::move(cancellation), as_json(ask.call));
}

void free_times(Ask ask) {
  engine::FreeTimesAsk wanted;
  HTTP_TRY(wanted.service_id, service_of(ask.values[0]));
  HTTP_TRY(wanted.from, detail::time_parameter(ask.request(), "from"));
  HTTP_TRY(const auto days, detail::number_parameter(ask.request(), "days", 7, engine::kFreeDaysMost));
  HTTP_TRY(const auto most, detail::number_parameter(ask.request(), "limit", 60, engine::kFreeTimesMost));
  wanted.days = static_cast<std::int32_t>(std::max<std::uint64_t>(days, 1));
  wanted.most = std::max<std::size_t>(most, 1);
  engine::free_appointment_times(ask.engine(), ask.who.shop, std::move(wanted), as_json(ask.call));
}

constexpr Parameter kTimes[] = {{"from", "string", "Times from then on; now when left out."},
                                {"days", "integer", "So many days of them, up to 60; 7 when left out."},
                                {"limit", "integer", "At most so many, up to 500; 60 when left out."}};

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/shop/services/{id}/times",
     .needs = browse,
     .tag = kTag,
     .summary = "Free times of a service, within its published hours and its room, soonest first.",
     .answer = "FreeTimes",
     .parameters = kTimes,
     .handle = free_times,
     .cors = true},
    {.method = post,
     .pattern = "/v1/shop/bookings",
     .needs = browse,
     .tag = kTag,
     .summary =
         "A visitor books an appointment (Service Booked); when there is no room, what is free nearest to "
         "it. The same again is the same appointment.",
     .body = "Booking",
     .answer = "BookingAnswer",
     .handle = book,
     .body_most = kBodyMost,
     .cors = true},
    {.method = post,
     .pattern = "/v1/shop/bookings/cancel",
     .needs = browse,
     .tag = kTag,
     .summary =
         "A visitor cancels an appointment of her own (Booking Cancelled); what is cancelled stays so. "
         "With a proof also one that an agent booked for her.",
     .body = "Booking",
     .answer = "BookingCancelledAnswer",
     .handle = cancel,
     .body_most = kBodyMost,
     .cors = true},
};

constexpr detail::Schema kSchemas[] = {
    {"Booking",
     R"({"type":"object","additionalProperties":false,"required":["anonymous_id","service_id","for"],"properties":)"
     R"({"anonymous_id":{"type":"string"},"service_id":{"type":"string"},"for":{"type":"string","format":"date-time"}}})"},
    {"BookingAnswer",
     R"({"type":"object","required":["booked","service_id","for"],"properties":{"booked":{"type":"boolean"},)"
     R"("service_id":{"type":"string"},"for":{"type":"string","format":"date-time"},"offset":{"type":"integer"},)"
     R"("why":{"enum":["past","far","closed","full","not_offered"],"description":"Why it is not booked; not_offered: )"
     R"(appointments begin on the full hour, as the free times do."},"reason":{"type":"string","description":"Beside closed: the service states )"
     R"(hours or a room that cannot be kept to, so nothing can be had there at any time."},"times":{"type":"array",)"
     R"("description":"Free ones, nearest to what was asked; ascending.","items":{"type":"string","format":)"
     R"("date-time"}}}})"},
    {"BookingCancelledAnswer",
     R"({"type":"object","required":["cancelled","service_id","for","offset"],"properties":{"cancelled":{"type":)"
     R"("boolean"},"service_id":{"type":"string"},"for":{"type":"string","format":"date-time"},"offset":{"type":)"
     R"("integer"}}})"},
    {"FreeTimes",
     R"({"type":"object","required":["service_id","zone","times"],"properties":{"service_id":{"type":"string"},)"
     R"("zone":{"type":"string","description":"The shop's, as IANA names it."},"times":{"type":"array","items":)"
     R"({"type":"object","required":["at","left"],"properties":{"at":{"type":"string","format":"date-time"},"left":)"
     R"({"type":["integer","null"],"description":"Appointments that there is room for; null = as many as come."}}}}}})"},
};

}  // namespace

std::span<const Route> detail::booking_routes() {
  return kRoutes;
}
std::span<const detail::Schema> detail::booking_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
