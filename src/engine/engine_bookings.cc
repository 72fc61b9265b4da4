#include "engine/engine_bookings.h"

#include <algorithm>
#include <mutex>

#include "base/hash.h"
#include "codec/event_builder.h"
#include "codec/json_writer.h"
#include "engine/detail/appointment_book.h"
#include "engine/detail/desk_ticket.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/own_things.h"
#include "text/zone.h"

// A visitor's appointments. Whoever books holds the book from looking until what he wrote is folded; the
// message id comes of the visitor, the service, the time and how often she had made it before, so that a
// second click, and a retry after a crash, is the same appointment. One that is cancelled likewise.
namespace rapport::engine {
namespace {

constexpr std::size_t kNearest = 6;

std::string message_id_of(const BookingAsk& ask, std::int64_t made_before) {
  const std::string what = fmt::format("{}\n{}\n{}\n{}\n{}", static_cast<int>(ask.who.kind), ask.who.value,
                                       ask.service_id, ask.for_time.ms, made_before);
  return "bk-" + digest_hex(sha256(what)).substr(0, 24);
}

/// `standing` falls with each cancellation of those that were made.
std::string cancel_id_of(const BookingAsk& ask, const model::Identifier& whose,
                         const views::BookingHistory::Part& history) {
  const std::string what = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", static_cast<int>(whose.kind), whose.value,
                                       ask.service_id, ask.for_time.ms, history.made, history.standing);
  return "bx-" + digest_hex(sha256(what)).substr(0, 24);
}

/// `what`: booked or cancelled.
std::string done_json(const BookingAsk& ask, std::string_view what, EventSeq offset) {
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object();
  json.field(what, true);
  json.field("service_id", ask.service_id);
  json.field("for", ask.for_time);
  json.field("offset", offset);
  json.end_object();
  return out;
}

/// `reason`: why the service is closed altogether; "" when it is not.
std::string refused_json(const BookingAsk& ask, std::string_view why, std::string_view reason,
                         const std::vector<Instant>& nearest) {
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object();
  json.field("booked", false);
  json.field("service_id", ask.service_id);
  json.field("for", ask.for_time);
  json.field("why", why);
  if (!reason.empty()) json.field("reason", reason);
  json.key("times");
  json.begin_array();
  for (const Instant at : nearest) json.text(format_instant(at));
  json.end_array();
  json.end_object();
  return out;
}

/// What this browser has of it already.
struct Held {
  views::BookingHistory::Part here;
  std::int64_t ahead = 0;
  Instant now;
};
Result<Held> held_by(ShopUnit& unit, const BookingAsk& ask) {
  return ask_shop<Held>(unit, [&]() -> Result<Held> {
    Held held;
    held.now = unit.shop.now();
    const auto node = unit.shop.desk().find(ask.who);
    if (!node) return held;
    held.here = unit.desk_book.booked_by(ask.service_id, ask.for_time, *node);
    held.ahead = unit.desk_book.held_from(*node, held.now);
    return held;
  });
}

/// What is written of one appointment.
struct Written {
  std::string_view event;
  std::string message_id;
  model::Identifier whose;
  Instant at;
};
Result<EventSeq> write(Inquiry& inquiry, const BookingAsk& ask, const Written& what) {
  codec::EventInput input;
  input.type = model::EventType::track;
  input.name = what.event;
  input.message_id = what.message_id;
  input.timestamp = what.at;
  input.identifiers = {{what.whose.kind, what.whose.value}};
  input.properties = {{"service_id", std::string_view(ask.service_id)}, {"for", ask.for_time}};
  input.shop_currency = inquiry.currency();
  RAPPORT_TRY(model::Event event, codec::build_event(input));
  std::vector<model::Event> events;
  events.push_back(std::move(event));
  return inquiry.publish(std::move(events));
}

/// Made anew within the millisecond of a cancellation it would be what was cancelled.
Instant after_all_of(const Held& held) {
  const Instant next = held.here.last + milliseconds(1);
  return next > held.now && next < held.now + minutes(1) ? next : held.now;
}

Result<std::string> book(Inquiry& inquiry, const BookingAsk& ask) {
  ShopUnit& unit = inquiry.unit();
  const std::lock_guard acting(unit.desk_book.acting());
  RAPPORT_TRY(const AppointmentBook book, appointment_book_of(inquiry, ask.service_id));
  RAPPORT_TRY(const Held held, held_by(unit, ask));
  if (held.here.standing > 0) return done_json(ask, "booked", inquiry.known_at());
  const decide::BookableService& service = book.services.front();
  const auto found = text::Zone::find(unit.shop.founding().zone);
  const text::Zone* zone = found.ok() ? &*found : nullptr;
  const Status room = decide::room_at(service, ask.for_time, held.now, book.book_days);
  const bool closed = !service.closed_altogether.empty();
  const bool is_offered = closed || decide::begins_an_hour(ask.for_time, zone);
  if (!room.ok() || !is_offered) {
    const std::string why = is_offered ? room.error().message : "not_offered";
    return refused_json(
        ask, why, service.closed_altogether,
        decide::nearest_times(service, ask.for_time, kNearest, held.now, book.book_days, zone));
  }
  if (held.ahead >= kBookingsMost)
    return Error{Errc::refused, fmt::format("{} appointments lie ahead of this visitor", held.ahead),
                 "anonymous_id", "cancel one first"};
  const Written booked{"Service Booked", message_id_of(ask, held.here.made), ask.who, after_all_of(held)};
  RAPPORT_TRY(const EventSeq offset, write(inquiry, ask, booked));
  return done_json(ask, "booked", offset);
}

/// One appointment and whose event made it.
struct Made {
  model::Identifier whose;
  views::BookingHistory::Part history;
};

/// This browser's own; with a proof also one of the customer for whom the shop's server vouched, such as an
/// agent books.
Result<Made> made_by(Engine& engine, ShopUnit& unit, const CancellationAsk& ask, const Held& held) {
  const BookingAsk& of = ask.booking;
  Made own{of.who, held.here};
  if (ask.proof.empty() || held.here.standing > 0) return own;
  RAPPORT_TRY(const model::VisitorAnswer hers, things_of(engine, unit.shop.info().shop, of.who, ask.proof));
  for (const model::VisitorAppointment& one : hers.appointments) {
    if (one.service_id != of.service_id || one.for_time != of.for_time) continue;
    RAPPORT_TRY(model::Identifier whose, identifier_of(unit, one.node));
    return Made{std::move(whose), unit.desk_book.booked_by(of.service_id, of.for_time, one.node)};
  }
  return own;
}

Result<std::string> cancel(Engine& engine, Inquiry& inquiry, const CancellationAsk& asked) {
  ShopUnit& unit = inquiry.unit();
  const BookingAsk& ask = asked.booking;
  const std::lock_guard acting(unit.desk_book.acting());
  RAPPORT_CHECK(fold_what_is_durable(inquiry));
  RAPPORT_CHECK(unit.desk_book.refresh());
  RAPPORT_TRY(const Held held, held_by(unit, ask));
  RAPPORT_TRY(const Made made, made_by(engine, unit, asked, held));
  if (made.history.made == 0)
    return Error{Errc::not_found, "this visitor has no appointment of that service then", "for",
                 "one of `appointments` of GET /v1/shop/me"};
  if (made.history.standing == 0) return done_json(ask, "cancelled", inquiry.known_at());
  if (ask.for_time <= held.now)
    return Error{Errc::refused, "the time of this appointment is over", "for", "one that lies ahead"};
  const Written cancelled{"Booking Cancelled", cancel_id_of(ask, made.whose, made.history), made.whose,
                          std::max(held.now, made.history.since)};
  RAPPORT_TRY(const EventSeq offset, write(inquiry, ask, cancelled));
  return done_json(ask, "cancelled", offset);
}

Result<std::string> free_of(Inquiry& inquiry, const FreeTimesAsk& ask) {
  RAPPORT_TRY(const AppointmentBook book, appointment_book_of(inquiry, ask.service_id));
  RAPPORT_TRY(const Instant now, inquiry.now());
  const auto zone = text::Zone::find(inquiry.unit().shop.founding().zone);
  const decide::BookableService& service = book.services.front();
  decide::FreeTimes wanted;
  wanted.from = std::max(ask.from.value_or(now), now);
  wanted.until = wanted.from + days(ask.days);
  wanted.most = ask.most;
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object();
  json.field("service_id", ask.service_id);
  json.field("zone", inquiry.unit().shop.founding().zone);
  json.key("times");
  json.begin_array();
  for (const Instant at :
       decide::free_times(service, wanted, now, book.book_days, zone.ok() ? &*zone : nullptr)) {
    json.begin_object();
    json.field("at", at);
    json.key("left");
    if (service.capacity) {
      json.integer(*service.capacity - decide::booked_at(service, at));
    } else {
      json.null();
    }
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return out;
}

}  // namespace

Result<Instant> appointment_time(std::string_view text) {
  const auto at = parse_instant(text);
  const std::size_t clock = text.find_first_of("Tt ");
  const bool has_clock = clock != std::string_view::npos && clock + 1 < text.size();
  const bool has_zone = has_clock && text.find_first_of("Zz+-", clock) != std::string_view::npos;
  if (at.ok() && has_zone) return *at;
  return Error{Errc::bad_input, at.ok() ? "a time of day and its zone are missing" : "no time", "for",
               "a time with its zone, such as 2026-11-30T09:00:00Z"};
}

void book_appointment(Engine& engine, ShopNo shop, BookingAsk ask, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [ask = std::move(ask)](Inquiry& inquiry) { return book(inquiry, ask); }, std::move(reply));
}

void free_appointment_times(Engine& engine, ShopNo shop, FreeTimesAsk ask, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [ask = std::move(ask)](Inquiry& inquiry) { return free_of(inquiry, ask); }, std::move(reply));
}

void cancel_appointment(Engine& engine, ShopNo shop, CancellationAsk ask, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [&engine, ask = std::move(ask)](Inquiry& inquiry) { return cancel(engine, inquiry, ask); },
      std::move(reply));
}

void claim_against_calendar(Engine& engine, ShopNo shop, std::vector<BookingClaim> claims,
                            Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [claims = std::move(claims)](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        const bool cancels = std::any_of(claims.begin(), claims.end(),
                                         [](const BookingClaim& one) { return one.cancelled.has_value(); });
        if (cancels) RAPPORT_CHECK(unit.desk_book.refresh());
        return ask_shop<std::string>(unit, [&]() -> Result<std::string> {
          for (const BookingClaim& one : claims) {
            if (!keeps_a_calendar(unit.shop.state(), one.service_id)) continue;
            if (!one.cancelled || !one.who) return one.service_id;
            const auto node = unit.shop.desk().find(*one.who);
            if (!node || unit.desk_book.booked_by(one.service_id, *one.cancelled, *node).made == 0)
              return one.service_id;
          }
          return std::string();
        });
      },
      std::move(reply));
}

}  // namespace rapport::engine
