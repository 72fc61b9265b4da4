#include "world/detail/simulate.h"

#include <tuple>

namespace rapport::world {
namespace {

constexpr std::array<std::int64_t, kArchetypes> kVisits = {330, 370, 480, 1050,
                                                           500};  ///< per ten thousand and day

void apply(Shop& shop, const Effect& effect, std::int32_t day) {
  Customer& c = shop.customers[effect.customer];
  const Today t = today_of(shop, effect.customer, day);
  settle(c, day);
  switch (effect.kind) {
    case EffectKind::signed_for:
      return received(shop, c, t, effect);
    case EffectKind::ticket_solved:
      return ticket_solved(shop, c, t, effect);
    case EffectKind::installed:
    case EffectKind::trained:
      return service_done(shop, c, t, effect);
    case EffectKind::wakes:
      c.mission = static_cast<std::uint8_t>(effect.a);
      return;
    case EffectKind::returned:
      return feel(c, effect.b > 120 ? -110 : 60);
    case EffectKind::told:
      return;
  }
}

/// Two days before somebody comes by word, somebody who is content has told her.
void spread_the_word(Shop& shop, Customer& newcomer, std::int32_t day) {
  const Draw draw(shop.seed, newcomer.index, 0x7e11);
  for (std::uint64_t i = 0; i < 12; ++i) {
    Customer& teller = shop.customers[static_cast<std::size_t>(draw.below(Tag::refer, newcomer.index, i))];
    if (teller.stage != Stage::member || teller.orders == 0 || teller.mood < 250 || teller.drifted) continue;
    newcomer.referrer = teller.index;
    teller.refers = true;
    const std::int64_t ms = shop.start_ms(day) + (12 + draw.below(Tag::refer, 10, 40)) * kHourMs;
    shop.plan(teller, back_office(ms, Act::referral_made, static_cast<std::int32_t>(newcomer.index)));
    return;
  }
}

bool visits(const Customer& c, const Today& t) {
  if (c.arrival == t.day) return true;
  std::int64_t p = kVisits[static_cast<std::size_t>(c.archetype)] * t.facts.demand / 1000;
  if (t.day - c.arrival < 14) p = p * 22 / 10;
  if (c.mission != 0xff) p = p * 16 / 10;
  if (c.cart_size > 0) p = p * 13 / 10;
  p = p * (1000 + c.mood / 3) / 1000;
  if (c.drifted) p = p / 16;
  if (c.stage == Stage::guest && t.day - c.arrival > 60) p = p / 4;
  return t.draw.chance(Tag::visit, p);
}

void weekly(Shop& shop, Customer& c, const Today& t) {
  settle(c, t.day);
  if (c.stage != Stage::member) return;
  service_day(shop, c, t);
  tell_friends(shop, c, t);
  if (!c.drifted && t.draw.leans(Tag::drift, drift_logit(c, t.day))) c.drifted = true;
}

void live(Shop& shop, Customer& c, std::int32_t day) {
  const Today t = today_of(shop, c.index, day);
  if (c.arrival == day) c.stage = Stage::guest;
  if ((static_cast<std::uint32_t>(day) + c.index) % 7 == 0) weekly(shop, c, t);
  if (shop.pack == Pack::brokerage) broker_day(shop, c, t);
  if (!visits(c, t)) return;
  settle(c, day);
  if (shop.pack == Pack::brokerage)
    broker_visit(shop, c, t);
  else
    visit(shop, c, t);
  if (c.stage == Stage::member && c.orders > 0 && day - c.survey_day > 75 &&
      t.draw.chance(Tag::survey, 3000)) {
    ask(shop, c, t, 0, t.start_ms + 20 * kHourMs + t.draw.below(Tag::survey, 180, 1) * kMinuteMs,
        c.last_durable[0]);
  }
}

void apply_effects(Shop& shop, std::int32_t day) {
  auto& effects = shop.effects[static_cast<std::size_t>(day)];
  std::sort(effects.begin(), effects.end(), [](const Effect& x, const Effect& y) {
    return std::tie(x.customer, x.ms, x.kind, x.a, x.c) < std::tie(y.customer, y.ms, y.kind, y.a, y.c);
  });
  for (const Effect& effect : effects) apply(shop, effect, day);
  std::vector<Effect>().swap(effects);
}

/// Daily returns of the market: an ordinary bell, and a hundredth of crashes. None on days without trading.
std::vector<std::int32_t> market_of(const Shop& shop) {
  std::vector<std::int32_t> returns;
  for (std::int32_t day = 0; day < shop.days; ++day) {
    const Draw draw(shop.seed, 0xaa7e7, static_cast<std::uint64_t>(day));
    // Exchanges rest on weekends even when offices work.
    const bool weekend = (shop.first_local_day + day + 3) % 7 >= 5;
    const bool open = !weekend && shop.calendar[static_cast<std::size_t>(day)].kind == DayKind::workday;
    std::int64_t move = draw.bell(Tag::market, 1'000) + 25;
    if (draw.chance(Tag::market, 100, 1)) move -= draw.between(Tag::market, 3'000, 6'500, 2);
    returns.push_back(open ? static_cast<std::int32_t>(move) : 0);
  }
  return returns;
}

}  // namespace

Today today_of(const Shop& shop, std::uint32_t customer, std::int32_t day) {
  return {day, shop.calendar[static_cast<std::size_t>(day)], shop.start_ms(day),
          Draw(shop.seed, customer, static_cast<std::uint64_t>(day))};
}

Shop open_shop(const WorldOptions& options, const Regime& regime, bool record) {
  Shop shop{.seed = mix64(options.seed),
            .pack = options.pack,
            .days = options.days,
            .first_local_day = local_day(options.start),
            .regime = regime,
            .recommendation_trial = options.recommendation_trial,
            .service_trials = options.service_trials,
            .record = record,
            .assortment = Assortment(mix64(options.seed), options.products, options.pack),
            .desk = Desk(options.customers, options.days, local_day(options.start))};
  const auto days = static_cast<std::size_t>(options.days);
  shop.calendar.reserve(days);
  for (std::int32_t day = 0; day < options.days; ++day)
    shop.calendar.push_back(day_facts(shop.first_local_day + day));
  if (options.pack == Pack::brokerage) shop.market = market_of(shop);
  shop.acts.resize(days);
  shop.effects.resize(days);
  shop.customers.reserve(options.customers);
  for (std::uint32_t i = 0; i < options.customers; ++i)
    shop.customers.push_back(born(shop.seed, i, options.customers, options.days));
  return shop;
}

void simulate_day(Shop& shop, std::int32_t day) {
  apply_effects(shop, day);
  // Customers are in the order of arrival: the ones who have come are a prefix.
  std::size_t i = 0;
  for (; i < shop.customers.size() && shop.customers[i].arrival <= day; ++i) {
  }
  for (std::size_t soon = i; soon < shop.customers.size() && shop.customers[soon].arrival <= day + 2;
       ++soon) {
    Customer& newcomer = shop.customers[soon];
    if (newcomer.arrival == day + 2 && newcomer.joins_by_word) spread_the_word(shop, newcomer, day);
  }
  for (std::size_t k = 0; k < i; ++k) live(shop, shop.customers[k], day);
  answer_tickets(shop, day);
  auto& acts = shop.acts[static_cast<std::size_t>(day)];
  std::sort(acts.begin(), acts.end(), happens_before);
}

}  // namespace rapport::world
