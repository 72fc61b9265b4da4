#include "world/detail/shop.h"

// The value-added services through their whole life, membership, and what both do to staying and leaving. The
// effects planted here differ by segment; who takes a service depends on traits that are never logged.
namespace rapport::world {
namespace {

constexpr std::array<std::int64_t, 4> kTierFen = {0, 300'000, 1'000'000, 3'000'000};
constexpr std::int32_t kYear = 365;

struct Offer {
  Service service;
  std::int32_t product = 0;
  bool eligible = false;
  std::int64_t offered_permyriad = 0;  ///< how often the eligible are offered it
  std::int64_t logit = 0;              ///< pull to take it once offered, thousandths
};

bool durable(const Shop& shop, std::int32_t product) {
  return product >= 0 &&
         categories()[shop.assortment.product(static_cast<std::size_t>(product)).category].repurchase_days ==
             0;
}

std::array<Offer, 7> offers_for(const Shop& shop, const Customer& c, const Today& t, std::int32_t product) {
  const Product& p = shop.assortment.product(static_cast<std::size_t>(product));
  const CategorySpec& spec = categories()[p.category];
  const bool lasting = spec.repurchase_days == 0;
  const bool large = p.list_fen >= 49'900;
  const std::int64_t wealth = 250 * c.income;
  const bool gold = c.tier >= 2 || c.archetype == Archetype::affluent;
  return {{
      {Service::warranty, product, lasting && large, 6000,
       -1500 + c.neediness * 6 / 5 + (c.has_baby ? 450 : 0) - c.thrift * 4 / 5},
      {Service::installation, product, spec.installs, 9500, 200 - c.tech_skill * 6 / 5 + c.neediness / 2},
      {Service::trade_in, product, lasting && large && c.orders >= 2, 5000, -900 + c.thrift * 6 / 5},
      {Service::training, product,
       (lasting || shop.pack == Pack::brokerage) && !spec.parameters[0].term.empty(), 4500,
       -1900 - c.tech_skill * 3 / 2 + c.neediness},
      {Service::express, product, true, c.arm ? 7000 : 600, -2500 - c.mood - c.patience},
      {Service::membership, product, c.orders >= 2, 3500, -2300 + c.neediness * 3 / 2 + wealth},
      {Service::adviser, product, gold && c.orders >= 2, 5000,
       -600 + c.neediness + (t.facts.kind == DayKind::workday ? 0 : 100)},
  }};
}

void take(Shop& shop, Customer& c, const Today& t, std::int64_t ms, const Offer& offer) {
  const int service = static_cast<int>(offer.service);
  const ServiceSpec& spec = services()[static_cast<std::size_t>(service)];
  Held& held = c.held(offer.service);
  const auto order = static_cast<std::int32_t>(c.orders);
  const bool once = offer.service == Service::installation || offer.service == Service::training ||
                    offer.service == Service::trade_in;
  held.taken = true;
  if (held.taken_day < 0) held.taken_day = t.day;
  held.until = t.day + (once ? 30 : kYear);
  const std::int64_t until = shop.start_ms(held.until);
  if (spec.price_fen > 0)
    shop.plan(c, back_office(ms, Act::service_bought, service, order, until));
  else
    shop.plan(c, back_office(ms, Act::service_entitled, service, 0, until));
  if (offer.service == Service::warranty) feel(c, c.has_baby ? 60 : 25);
  if (offer.service == Service::trade_in) {
    feel(c, 50);
    shop.plan(c, back_office(ms + 5 * kDayMs, Act::service_used, service));
    shop.plan(c, back_office(ms + 5 * kDayMs + kHourMs, Act::service_delivered, service, pack2(1, 0)));
  }
  if (offer.service != Service::installation && offer.service != Service::training) return;
  // Booked for a day after delivery; the visit may come late or go wrong.
  const Draw& d = t.draw;
  const auto n = static_cast<std::uint64_t>(service);
  const std::int64_t slot =
      shop.start_ms(shop.day_of(ms) + 5 + static_cast<std::int32_t>(d.below(Tag::on_time, 3, n))) +
      (9 + d.below(Tag::on_time, 9, n + 10)) * kHourMs;
  held.booked = true;
  shop.plan(c, back_office(ms + kHourMs, Act::service_booked, service, 0, slot));
  const bool on_time = d.chance(Tag::on_time, t.facts.parcel_load > 1200 ? 7400 : 8900, n + 20);
  const bool error = d.chance(Tag::error, 450, n);
  const std::int64_t done =
      slot + (on_time ? 50 * kMinuteMs : d.between(Tag::on_time, 5, 50, n + 30) * kHourMs);
  const std::int32_t marks = pack2(on_time ? 1 : 0, error ? 1 : 0);
  shop.plan(c, back_office(done, Act::service_delivered, service, marks));
  shop.later({.ms = done,
              .customer = c.index,
              .kind = offer.service == Service::installation ? EffectKind::installed : EffectKind::trained,
              .b = marks});
}

/// Where services are piloted by lot: draws it at the first eligible order and tells the log.
Mode lot_of(Shop& shop, Customer& c, std::int64_t ms, Service service) {
  const auto number = static_cast<unsigned>(service);
  const Mode set = shop.regime.of(service);
  const bool drawn = Draw(shop.seed, c.index, 0xe5).chance(Tag::arm, 5000, number);
  const bool treated = set == Mode::natural ? drawn : set == Mode::always;
  if ((c.piloted >> number & 1) == 0) {
    c.piloted = static_cast<std::uint16_t>(c.piloted | 1u << number);
    shop.plan(c, back_office(ms - 1'000, Act::assigned, kServiceTrials + static_cast<std::int32_t>(number),
                             treated ? 1 : 0));
  }
  return treated ? Mode::always : Mode::off;
}

void consider(Shop& shop, Customer& c, const Today& t, std::int64_t ms, const Offer& offer) {
  if (!offer.eligible || !offered_by(offer.service, shop.pack)) return;
  const Mode mode = shop.service_trials ? lot_of(shop, c, ms, offer.service) : shop.regime.of(offer.service);
  Held& held = c.held(offer.service);
  if (mode == Mode::off || c.holds(offer.service, t.day)) return;
  const auto n = static_cast<std::uint64_t>(offer.service);
  const bool offered = mode == Mode::always || t.draw.chance(Tag::offer, offer.offered_permyriad, n);
  if (!offered) return;
  const int service = static_cast<int>(offer.service);
  shop.plan(
      c, back_office(ms, Act::service_offered, service, static_cast<std::int32_t>(c.orders), offer.product));
  if (!held.offered && t.draw.chance(Tag::offer, 6000, n + 20)) {
    shop.plan(c, back_office(ms + 40'000, Act::service_known, service));
  }
  held.offered = true;
  if (mode == Mode::always || t.draw.leans(Tag::uptake, offer.logit, n)) take(shop, c, t, ms + 90'000, offer);
}

void grant_points(Shop& shop, Customer& c, const Today& t, std::int64_t ms, std::uint64_t products) {
  const std::int64_t total = order_total(shop.assortment, products, 0, 0, t.facts.discount);
  const auto order = static_cast<std::int32_t>(c.orders);
  const bool doubled = c.holds(Service::membership, t.day);
  const auto delta = static_cast<std::int32_t>(total / 1'000 * (doubled ? 2 : 1));
  c.points += delta;
  shop.plan(c, back_office(ms, Act::points, delta, pack2(0, order), c.points));
  if (c.points > 3'000 && t.draw.chance(Tag::points, 2500)) {
    const std::int32_t spent = c.points / 2 / 100 * 100;
    c.points -= spent;
    shop.plan(c, back_office(ms + 60'000, Act::points, -spent, pack2(1, order), c.points));
  }
  while (c.tier < 3 && c.spent_fen >= kTierFen[c.tier + 1u]) {
    ++c.tier;
    shop.plan(c, back_office(ms + 90'000, Act::tier, c.tier));
    // Where membership is piloted, only the lot gives it.
    if (c.tier == 2 && !shop.service_trials && shop.regime.of(Service::membership) != Mode::off &&
        !c.holds(Service::membership, t.day)) {
      Held& held = c.held(Service::membership);
      held.taken = true;
      held.until = t.day + kYear;
      if (held.taken_day < 0) held.taken_day = t.day;
      shop.plan(c, back_office(ms + 91'000, Act::service_entitled, static_cast<int>(Service::membership), 0,
                               shop.start_ms(t.day + kYear)));
    }
  }
}

void renew_or_lapse(Shop& shop, Customer& c, const Today& t, Service service) {
  Held& held = c.held(service);
  const int number = static_cast<int>(service);
  const bool once =
      service == Service::installation || service == Service::training || service == Service::trade_in;
  if (!held.taken || once || held.until < t.day - 7 || held.until >= t.day) return;
  const std::int64_t ms = t.start_ms + 10 * kHourMs + number * kMinuteMs;
  const std::int64_t logit = c.mood * 2 + 400 * held.used - (c.drifted ? 3000 : 0) - 300;
  if (t.draw.leans(Tag::renew, logit, static_cast<std::uint64_t>(number))) {
    held.until = t.day + kYear;
    shop.plan(c, back_office(ms, Act::service_renewed, number, 0, shop.start_ms(held.until)));
  } else {
    held.until = -1;
    shop.plan(c, back_office(ms, Act::service_lapsed, number));
  }
}

/// The adviser calls. The established like it; the youngest find it a nuisance, and it shows.
void adviser_calls(Shop& shop, Customer& c, const Today& t) {
  if (!c.holds(Service::adviser, t.day) || c.drifted) return;
  Held& held = c.held(Service::adviser);
  if (t.draw.chance(Tag::message, 3500, 40)) {
    shop.plan(c,
              back_office(t.start_ms + 15 * kHourMs, Act::service_used, static_cast<int>(Service::adviser)));
    if (held.used < 250) ++held.used;
    feel(c, c.age == AgeBand::to24 ? -55 : c.age >= AgeBand::to45 ? 80 : 35);
  }
}

void rate_services(Shop& shop, Customer& c, const Today& t) {
  if (!t.draw.chance(Tag::rate_service, 350)) return;
  const auto at = static_cast<std::size_t>(t.draw.below(Tag::rate_service, kServices, 1));
  if (!c.services[at].taken || c.services[at].until < t.day) return;
  const std::int64_t felt = c.mood + t.draw.bell(Tag::mood, 200, 900 + at);
  const int rating = felt < -450 ? 1 : felt < -150 ? 2 : felt < 150 ? 3 : felt < 420 ? 4 : 5;
  shop.plan(c, back_office(t.start_ms + 19 * kHourMs, Act::service_rated, static_cast<int>(at), rating));
}

/// A message to somebody who has stayed away, with a coupon; the rare one comes back.
void win_back(Shop& shop, Customer& c, const Today& t) {
  const bool worth = c.spent_fen >= 50'000 && t.day - c.last_visit >= 30;
  if (!worth || !t.draw.chance(Tag::message, 500)) return;
  const auto decision = static_cast<std::int32_t>(++c.decisions);
  const std::int32_t how = pack2(t.draw.below(Tag::message, 3, 1), 0);
  std::int64_t ms = t.start_ms + 12 * kHourMs + t.draw.below(Tag::message, 40 * 60, 2) * 1000;
  c.coupon = static_cast<std::uint8_t>(Coupon::win_back);
  c.coupon_until = t.day + 15;
  shop.plan(c, back_office(ms - 5'000, Act::coupon_granted, c.coupon, 0, shop.start_ms(c.coupon_until)));
  const auto step = [&](Act what, std::int64_t wait) {
    shop.plan(c, back_office(ms += wait, what, decision, how));
  };
  step(Act::reach_decided, 0);
  step(Act::reach_sent, 900);
  if (t.draw.chance(Tag::message, 300, 3)) return step(Act::reach_failed, 4'000);
  step(Act::reach_delivered, 4'000);
  if (!t.draw.chance(Tag::open, 2600)) return;
  step(Act::reach_opened, 40 * kMinuteMs);
  if (!t.draw.chance(Tag::open, 3000, 1)) return;
  step(Act::reach_clicked, 9'000);
  if (t.draw.chance(Tag::comeback, 4500)) {
    c.drifted = false;
    feel(c, 80);
  }
}

void device_reports(Shop& shop, Customer& c, const Today& t) {
  const std::int32_t product = c.last_durable[0];
  if (product < 0 || !t.draw.chance(Tag::device_report, 900)) return;
  const int category = shop.assortment.product(static_cast<std::size_t>(product)).category;
  if (category != 0 && category != 5 && category != 15) return;
  const std::int64_t value = t.draw.between(Tag::device_report, 2, 100, 1) * 1000;
  shop.plan(c, back_office(t.start_ms + 3 * kHourMs, Act::device, product, category == 0 ? 0 : 1, value));
}

}  // namespace

void after_order(Shop& shop, Customer& c, const Today& t, std::int64_t ms, std::uint64_t products) {
  if (!c.arm_set) {
    // A lot decides who is offered the express lane: the shop's own trial, for studies to judge.
    c.arm_set = true;
    c.arm = shop.regime.express_arm == Mode::natural ? Draw(shop.seed, c.index, 0xe1).chance(Tag::arm, 5000)
                                                     : shop.regime.express_arm == Mode::always;
    shop.plan(c, back_office(ms + 1'000, Act::assigned, 0, c.arm ? 1 : 0));
    if (shop.recommendation_trial) {
      const Mode mode = shop.regime.recommend_arm;
      c.unadvised =
          mode == Mode::natural ? Draw(shop.seed, c.index, 0xe4).chance(Tag::arm, 5000) : mode == Mode::off;
      shop.plan(c, back_office(ms + 2'000, Act::assigned, 3, c.unadvised ? 0 : 1));
    }
  }
  if (shop.pack == Pack::retail) grant_points(shop, c, t, ms + 5 * kMinuteMs, products);
  std::int32_t product = line_product(products, 0);
  for (int i = 1; i < 4; ++i)
    if (durable(shop, line_product(products, i)) && !durable(shop, product))
      product = line_product(products, i);
  std::int64_t at = ms + 20'000;
  for (const Offer& offer : offers_for(shop, c, t, product)) {
    consider(shop, c, t, at, offer);
    at += 2'000;
  }
}

void service_done(Shop& shop, Customer& c, const Today& t, const Effect& e) {
  const bool on_time = first_of(e.b) != 0, error = second_of(e.b) != 0;
  const bool installed = e.kind == EffectKind::installed;
  Held& held = c.held(installed ? Service::installation : Service::training);
  if (held.used < 250) ++held.used;
  if (error)
    feel(c, -230);
  else if (!on_time)
    feel(c, -110 + c.patience / 12);
  else if (installed)
    feel(c, c.age >= AgeBand::to60 ? 230 : 105);
  else
    feel(c, c.age >= AgeBand::to60 ? 260 : c.age == AgeBand::to24 ? -30 : 90);
  const int service = static_cast<int>(installed ? Service::installation : Service::training);
  shop.plan(c, back_office(e.ms + 60'000, Act::service_used, service));
  if (!t.draw.chance(Tag::rate_service, 4200, 30)) return;
  const int rating = error ? 2 : !on_time ? 3 : 4 + (c.mood > 250 ? 1 : 0);
  shop.plan(c, back_office(e.ms + 2 * kHourMs, Act::service_rated, service, rating));
}

void service_day(Shop& shop, Customer& c, const Today& t) {
  for (int i = 0; i < kServices; ++i) renew_or_lapse(shop, c, t, static_cast<Service>(i));
  adviser_calls(shop, c, t);
  rate_services(shop, c, t);
  if (shop.pack == Pack::retail) device_reports(shop, c, t);
  if (c.coupon != 0 && c.coupon_until < t.day) {
    shop.plan(c, back_office(t.start_ms + kHourMs, Act::coupon_expired, c.coupon));
    c.coupon = 0;
  }
  if (shop.pack == Pack::retail) win_back(shop, c, t);
}

std::int64_t drift_logit(const Customer& c, std::int32_t day) {
  // A week's hazard of leaving. Discontent weighs twice below a threshold: leaving is not linear in mood.
  std::int64_t x = -3700 - c.mood * 9 / 5 + (c.mood < -150 ? -(c.mood + 150) * 2 : 0);
  x -= c.neediness * 7 / 10 + c.patience / 3;
  if (c.orders == 0) x += day - c.registered > 45 ? 1500 : 300;
  if (c.archetype == Archetype::affluent) x -= 300;
  const int tier = cities()[c.city].tier;
  if (c.holds(Service::membership, day)) x -= tier == 1 ? 800 : 250;
  if (c.holds(Service::adviser, day))
    x += c.age == AgeBand::to24 ? 350 : c.age >= AgeBand::to45 ? -900 : -300;
  if (c.account.blowup_day >= 0) x += 600;
  if (c.holds(Service::warranty, day)) x -= c.has_baby ? 550 : 120;
  return x;
}

}  // namespace rapport::world
