#include "world/detail/shop.h"

// Parcels over six nodes, by carriers that are not equally punctual, and what happens once they are there.
namespace rapport::world {
namespace {

struct Carrier {
  std::int32_t transit_hours;   ///< ordinary, between tier-1 cities
  std::int32_t late_permyriad;  ///< on a day of ordinary load
};
constexpr std::array<Carrier, 5> kCarriers = {{{26, 350}, {34, 800}, {40, 1300}, {44, 1900}, {38, 1000}}};
constexpr int kNodes = 6;  // placed packing picked_up in_transit out_for_delivery signed
constexpr int kException = 6;

/// Moments of the six nodes.
struct Trip {
  std::array<std::int64_t, kNodes> at{};
  std::int64_t promised = 0, exception = 0;
  int carrier = 0;
  std::int64_t late_hours() const { return std::max<std::int64_t>(0, (at[5] - promised) / kHourMs); }
};

/// Parcels arrive between 9:00 and 20:59 of local time.
std::int64_t deliverable(const Shop& shop, std::int64_t ms, std::int64_t spread) {
  const std::int64_t midnight = shop.start_ms(shop.day_of(ms));
  const std::int64_t hour = (ms - midnight) / kHourMs;
  if (hour >= 9 && hour < 21) return ms;
  return midnight + (hour >= 21 ? kDayMs : 0) + 9 * kHourMs + spread % (11 * kHourMs);
}

Trip plan_trip(const Shop& shop, const Customer& c, const Today& t, std::int64_t ordered) {
  const Draw& d = t.draw;
  Trip trip;
  trip.carrier = static_cast<int>(d.below(Tag::carrier, 100));
  trip.carrier = trip.carrier < 30   ? 0
                 : trip.carrier < 55 ? 1
                 : trip.carrier < 75 ? 2
                 : trip.carrier < 88 ? 3
                                     : 4;
  const Carrier& carrier = kCarriers[static_cast<std::size_t>(trip.carrier)];
  const int tier = cities()[c.city].tier;
  const std::int64_t load = t.facts.parcel_load;
  const std::int64_t transit = (carrier.transit_hours + 7 * (tier - 1)) * 60;  // minutes
  const auto minutes_of = [&](int n, std::int64_t low, std::int64_t high) {
    return d.between(Tag::node, low, high, static_cast<std::uint64_t>(n)) * kMinuteMs;
  };
  trip.at[0] = ordered + minutes_of(0, 1, 6);
  trip.at[1] = trip.at[0] + minutes_of(1, 60, 600) * load / 1000;
  trip.at[2] = trip.at[1] + minutes_of(2, 120, 540) * load / 1000;
  trip.at[3] = trip.at[2] + minutes_of(3, 60, 300);
  std::int64_t road = minutes_of(4, transit * 7 / 10, transit * 12 / 10) * load / 1000;
  if (t.facts.parcels_rest) road += minutes_of(7, 1'440, 4'320);
  trip.promised = trip.at[0] + (24 + carrier.transit_hours + 9 * tier) * kHourMs +
                  (t.facts.parcels_rest ? 4 * kDayMs : 0);
  // Load makes delays likelier more than proportionally.
  const std::int64_t likely = carrier.late_permyriad * load / 1000 * load / 1000;
  if (shop.regime.late_parcels && d.chance(Tag::delay, likely)) {
    road += d.between(Tag::delay, 22, 60, 1) * kHourMs + d.steps(Tag::delay, 4500, 4) * kDayMs;
    if (d.chance(Tag::exception, 5500)) trip.exception = trip.at[3] + road / 3;
  }
  trip.at[4] = deliverable(shop, trip.at[3] + road, static_cast<std::int64_t>(d.bits(Tag::node, 8) >> 40));
  trip.at[5] = trip.at[4] + minutes_of(9, 30, 300);
  if (!shop.regime.late_parcels)
    trip.at[5] = std::min(trip.at[5], std::max(trip.promised, trip.at[4] + kMinuteMs));
  return trip;
}

int worst_product(const Shop& shop, std::uint64_t products) {
  int worst = line_product(products, 0);
  for (int i = 1; i < 4; ++i) {
    const std::int32_t p = line_product(products, i);
    if (p >= 0 && shop.assortment.product(static_cast<std::size_t>(p)).quality <
                      shop.assortment.product(static_cast<std::size_t>(worst)).quality)
      worst = p;
  }
  return worst;
}

/// The parcel's mark on satisfaction. Nothing within six hours of the promise; then a steep first day, which
/// patience softens; later days add ever less. Told beforehand with a coupon: a third of it.
std::int32_t delay_feeling(const Customer& c, std::int64_t late_hours, bool noticed) {
  if (late_hours <= 6) return 45;
  const std::int64_t hours = std::min<std::int64_t>(late_hours, 168);
  const std::int64_t pain = 420 * hours / (hours + 20) * (1300 - c.patience / 2) / 1300;
  return static_cast<std::int32_t>(noticed ? -pain / 3 : -pain);
}

void plan_return(Shop& shop, Customer& c, const Today& t, std::int32_t order, std::int32_t product,
                 std::int64_t ms) {
  const Draw& d = t.draw;
  const auto n = static_cast<std::uint64_t>(order);
  const std::int64_t fen = shop.assortment.price_fen(static_cast<std::size_t>(product), 0) * 9 / 10;
  std::int64_t at = ms;
  shop.plan(
      c, back_office(at, Act::return_requested, order, pack2(d.below(Tag::return_reason, 5, n), 0), product));
  const auto step = [&](int state, std::int64_t low, std::int64_t high, std::uint64_t k) {
    at += d.between(Tag::returning, low, high, n * 16 + k) * kMinuteMs;
    shop.plan(c, back_office(at, Act::return_updated, order, state, fen));
  };
  step(0, 1, 20, 2);                                                    // under_review
  step(d.chance(Tag::returning, 700, n * 16 + 3) ? 2 : 1, 60, 900, 4);  // rejected or approved
  if (d.chance(Tag::returning, 700, n * 16 + 3)) {
    feel(c, -240);
    return make_contact(shop, c, t, {at + kHourMs, Topic::refund, product, order});
  }
  step(3, 20, 240, 5);
  step(4, 600, 2'600, 6);
  step(5, 900, 2'800, 7);
  step(6, 30, 600, 8);
  step(7, 120, 2'900, 9);
  shop.plan(c, back_office(at, Act::refunded, order, 1, fen));
  step(8, 1, 60, 10);
  shop.later({.ms = at,
              .customer = c.index,
              .kind = EffectKind::returned,
              .a = order,
              .b = static_cast<std::int32_t>((at - ms) / kHourMs)});
}

void maybe_trouble(Shop& shop, Customer& c, const Today& t, const Effect& e, std::int32_t product) {
  const Draw& d = t.draw;
  const auto n = static_cast<std::uint64_t>(e.a);
  const Product& p = shop.assortment.product(static_cast<std::size_t>(product));
  const CategorySpec& spec = categories()[p.category];
  const std::int64_t defects = spec.defect_permyriad * (1000 - p.quality) / 700;
  if (d.chance(Tag::defect, defects, n)) {
    // The same fault hurts or binds, by whether somebody stands behind the product.
    const bool covered = c.holds(Service::warranty, t.day);
    feel(c, covered ? (c.has_baby ? 120 : 40) : -330);
    if (covered) {
      ++c.held(Service::warranty).used;
      shop.plan(c, back_office(e.ms + 5 * kDayMs, Act::service_used, static_cast<int>(Service::warranty)));
      shop.plan(c, back_office(e.ms + 6 * kDayMs, Act::service_delivered, static_cast<int>(Service::warranty),
                               pack2(1, 0)));
    } else {
      make_contact(shop, c, t,
                   {e.ms + d.between(Tag::contact, 2, 96, n) * kHourMs, Topic::defect, product, e.a});
      if (d.chance(Tag::returning, 3200, n * 16 + 1)) plan_return(shop, c, t, e.a, product, e.ms + kDayMs);
    }
    return;
  }
  const bool simple = spec.repurchase_days > 0;
  const bool helped = c.held(Service::installation).used > 0 || c.held(Service::training).used > 0;
  const std::int64_t puzzled = simple ? 150 : helped ? 300 : 1100 - c.tech_skill / 2;
  if (d.chance(Tag::contact, puzzled, n + 1'000)) {
    if (!helped) feel(c, -50);
    make_contact(shop, c, t,
                 {e.ms + d.between(Tag::contact, 1, 120, n) * kHourMs, Topic::usage, product, e.a});
  }
  const bool sized = spec.department == Department::outdoor;
  if (d.chance(Tag::returning, sized ? 700 : 300, n * 16)) {
    plan_return(shop, c, t, e.a, product, e.ms + d.between(Tag::returning, 3, 140, n * 16 + 15) * kHourMs);
  }
}

/// Who is told of long delays beforehand is decided by lot at the first one: the trial E-notice.
bool in_notice_arm(Shop& shop, Customer& c, const Trip& trip) {
  if (!c.notice_arm_set) {
    c.notice_arm_set = true;
    const Mode mode = shop.regime.notice_arm;
    c.notice_arm =
        mode == Mode::natural ? Draw(shop.seed, c.index, 0xe2).chance(Tag::arm, 5000) : mode == Mode::always;
    shop.plan(c, back_office(trip.promised - 3 * kHourMs, Act::assigned, 1, c.notice_arm ? 1 : 0));
  }
  return c.notice_arm;
}

}  // namespace

void ship(Shop& shop, Customer& c, const Today& t, std::int64_t ordered, std::uint64_t products) {
  const auto order = static_cast<std::int32_t>(c.orders);
  const Trip trip = plan_trip(shop, c, t, ordered);
  const bool late = trip.late_hours() > 0;
  shop.plan(c, back_office(trip.at[0], Act::shipment, order, pack2(0, trip.carrier)));
  shop.plan(c, back_office(trip.at[0] + 20, Act::promised, order, trip.carrier, trip.promised));
  for (int node = 1; node < kNodes; ++node) {
    const int mark = node == 5 && late ? 256 : 0;
    shop.plan(c, back_office(trip.at[static_cast<std::size_t>(node)], Act::shipment, order,
                             pack2(node, trip.carrier | mark)));
  }
  if (trip.exception > 0)
    shop.plan(c, back_office(trip.exception, Act::shipment, order, pack2(kException, trip.carrier)));
  const bool noticed = trip.late_hours() > 24 && in_notice_arm(shop, c, trip);
  if (noticed) {
    const std::int64_t until = trip.promised + 30 * kDayMs;
    shop.plan(c, back_office(trip.promised - 2 * kHourMs, Act::coupon_granted,
                             static_cast<int>(Coupon::late_parcel), 0, until));
  }
  if (!noticed && trip.late_hours() > 20 && t.draw.chance(Tag::contact, 2200 - c.patience, 7)) {
    make_contact(shop, c, t, {trip.promised + 12 * kHourMs, Topic::late, line_product(products, 0), order});
  }
  const std::uint64_t flag = noticed ? std::uint64_t{1} << 63 : 0;
  shop.later({.ms = trip.at[5],
              .customer = c.index,
              .kind = EffectKind::signed_for,
              .a = order,
              .b = static_cast<std::int32_t>(trip.late_hours()),
              .c = static_cast<std::int64_t>(products | flag)});
}

void received(Shop& shop, Customer& c, const Today& t, const Effect& e) {
  const bool noticed = e.c < 0;
  // The mark of the notice lies in the highest bit, which only a fourth product above 32767 would also use.
  const std::uint64_t products = static_cast<std::uint64_t>(e.c) & ~(std::uint64_t{1} << 63);
  const std::int32_t product = worst_product(shop, products);
  feel(c, delay_feeling(c, e.b, noticed));
  if (e.b > 6 && c.late_day < 0) c.late_day = t.day;
  if (e.b > 24 && c.long_late_day < 0) c.long_late_day = t.day;
  if (noticed) {
    if (c.coupon == 0) {
      c.coupon = static_cast<std::uint8_t>(Coupon::late_parcel);
      c.coupon_until = t.day + 28;
    }
  }
  feel(c, shop.assortment.product(static_cast<std::size_t>(product)).quality / 5);
  maybe_trouble(shop, c, t, e, product);
  review(shop, c, t, e.a, product, e.b);
  const auto n = static_cast<std::uint64_t>(e.a);
  if (t.draw.chance(Tag::survey, 3000, n))
    ask(shop, c, t, 1, e.ms + t.draw.between(Tag::survey, 2, 30, n + 500) * kHourMs, product);
}

}  // namespace rapport::world
