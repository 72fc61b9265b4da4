#pragma once

#include <cstdint>

/// What happened, in forty bytes: the simulation plans acts, the renderer makes events of them when their
/// moment has come. What a, b and c mean is said beside each act; "p(x, y)" is packed by pack2().
namespace rapport::world {

enum class Act : std::uint8_t {
  identify,         ///< a = 1 when made at registration
  registered,       ///< a = method
  verified,         ///< a = method
  consent,          ///< a = purpose, b = channel, c = granted
  referral_made,    ///< a = the customer told, -1 = somebody who never comes, b = draw
  referral_joined,  ///< a = the customer who told
  alias,            ///< a = the older account's suffix
  page,             ///< a = PageKind, b = product or category
  area,             ///< a = product, b = p(area, dwell in tenths of a second)
  list,             ///< a = category
  view,             ///< a = product, b = dwell ms, c = position
  search,           ///< a = category, b = p(wording, results)
  compare,          ///< a, b, c = products, c = -1: two only
  add,              ///< a = product, b = quantity
  remove,           ///< a = product, b = quantity
  like,             ///< a = product
  share,            ///< a = product, b = channel
  wish,             ///< a = product
  content,          ///< a = content, b = dwell ms, c = product
  checkout,         ///< b = quantities, c = products of the cart
  form_page,        ///< a = page, b = form: 0 checkout, 1 opening an account
  payment_failed,   ///< a = order, b = p(method, code), c = total fen
  order,      ///< a = order, b = quantities | coupon << 8 | method << 12 | paid by bundle << 16, c = products
  cancelled,  ///< a = order, b = reason
  refunded,   ///< a = order, b = from a return, c = fen
  promised,   ///< a = order, b = carrier, c = moment
  shipment,   ///< a = order, b = p(node, carrier | late << 8)
  return_requested,    ///< a = order, b = p(reason, 0), c = product
  return_updated,      ///< a = order, b = state, c = fen
  contact_started,     ///< a = contact, b = p(channel, topic), c = product | order << 32
  message,             ///< a = contact, b = p(who, topic), c = product | step << 32 | agent << 40
  contact_ended,       ///< a = contact, b = agent
  ticket_opened,       ///< a = ticket, b = p(topic, priority), c = contact | order << 32
  ticket_assigned,     ///< a = ticket, b = agent
  ticket_updated,      ///< a = ticket, b = p(state, agent)
  review,              ///< a = order, b = p(rating, media | mood << 1), c = product
  review_followed_up,  ///< a = order, b = p(rating, 0), c = product
  review_replied,      ///< a = order, b = p(rating, 0), c = product
  survey_shown,        ///< a = survey
  survey_answered,     ///< a = survey, b = five answers of 4 bits, c = product, -1 = no comment
  service_offered,     ///< a = service, b = order, c = product
  service_known,       ///< a = service
  service_bought,      ///< a = service, b = order, c = until
  service_entitled,    ///< a = service, c = until
  service_booked,      ///< a = service, c = moment
  service_delivered,   ///< a = service, b = p(on time, error)
  service_used,        ///< a = service
  service_rated,       ///< a = service, b = rating
  service_renewed,     ///< a = service, c = until
  service_lapsed,      ///< a = service
  points,              ///< a = delta, b = p(reason, order), c = balance
  coupon_granted,      ///< a = coupon, c = until
  coupon_redeemed,     ///< a = coupon, b = order
  coupon_expired,      ///< a = coupon
  tier,                ///< a = tier
  recommended,         ///< a = product, b = p(position, scene), c = decision
  recommended_click,   ///< as recommended
  recommended_buy,     ///< as recommended, b's position | order << 8
  recommended_ignore,  ///< as recommended
  asks,  ///< a = product in view or -1, b = category she came for or 0xff; told as no event (answering.cc)
  list_shown,     ///< a = product or -1, b = p(position, 0), c = number of the list in Shop::lists
  list_clicked,   ///< as list_shown
  list_bought,    ///< as list_shown, b = p(position, order)
  list_ignored,   ///< as list_shown
  reach_decided,  ///< a = decision, b = p(channel, reason); so the three below
  reach_sent,
  reach_delivered,
  reach_opened,
  reach_clicked,
  reach_failed,
  assigned,  ///< a = experiment, b = arm
  device,    ///< a = product, b = measure, c = value in thousandths
  noun,      ///< a = NounKind, b = index
};

/// Two small non-negative numbers in one 32-bit integer: y below 2^22, x below 2^9.
constexpr std::int32_t pack2(std::int64_t x, std::int64_t y) {
  return static_cast<std::int32_t>(x | (y << 9));
}
constexpr std::int32_t first_of(std::int32_t packed) {
  return packed & 0x1ff;
}
constexpr std::int32_t second_of(std::int32_t packed) {
  return packed >> 9;
}

/// Experiments from here on are the pilots of the services, in the order of `Service`.
inline constexpr std::int32_t kServiceTrials = 4;

/// Devices of a customer are 0-2; the shop's own systems write as kBackOffice.
inline constexpr std::uint8_t kBackOffice = 255;
inline constexpr std::uint32_t kNobody = 0xffffffff;

struct Pending {
  std::int64_t ms = 0;  ///< since 1970, UTC
  std::uint32_t customer = kNobody;
  std::uint32_t seq = 0;  ///< of this customer, in the order of planning
  Act act = Act::page;
  std::uint8_t device = kBackOffice;
  bool known = false;  ///< the device is logged in: the user id is on the event
  std::int32_t a = 0, b = 0;
  std::int64_t c = 0;
};
static_assert(sizeof(Pending) <= 40);

enum class PageKind : std::uint8_t { home, list, product, cart, checkout, orders, services, help };

enum class Topic : std::uint8_t { term, usage, defect, late, size, price, payment, refund, service, praise };
inline constexpr int kTopics = 10;

}  // namespace rapport::world
