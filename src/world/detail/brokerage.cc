#include "world/detail/session.h"

// The brokerage: opening an account by a long form, depositing, trading, margin, its warnings, and leaving.
// Money in and out and the state of the margin are reports of the trading account (Device Reported), trades
// are orders.
namespace rapport::world {
namespace {

enum Measure { filter, battery, margin_ratio, deposit, forced_liquidation, withdrawal };

constexpr std::array<std::int64_t, kArchetypes> kTradeLogit = {-2300, -1900, -900, 100, -900};
constexpr int kFormPages = 4;
constexpr std::int64_t kWarnPercent = 150, kLiquidatePercent = 130;

void report(Shop& shop, Customer& c, std::int64_t ms, Measure measure, std::int64_t thousandths) {
  shop.plan(c, back_office(ms, Act::device, -1, measure, thousandths));
}

/// Takes risks: known to nobody but herself.
bool daring(const Customer& c) {
  return c.thrift < 300;
}

class BrokerVisit : Session {
 public:
  using Session::Session;

  void go() {
    open();
    sign_up_or_in();
    look();
    if (c_.stage == Stage::member && !c_.account.closed) {
      if (!known_) log_in();
      if (c_.account.form_page < kFormPages)
        fill_form();
      else if (c_.account.deposited < 0)
        first_deposit();
      else if (!c_.drifted)
        trade();
    }
    c_.last_visit = t_.day;
  }

 private:
  int choose_category(std::uint64_t n) const {
    const auto [begin, end] = categories_of(Pack::brokerage);
    // The daring like shares and convertible bonds, the careful funds.
    const std::int64_t roll = d_.below(Tag::category, 100, n);
    if (daring(c_) && roll < 60) return begin + (roll < 42 ? 2 : 3);
    return begin + static_cast<int>(d_.below(Tag::category, end - begin, n + 50));
  }

  std::int32_t pick(int category, std::uint64_t n) const {
    const auto of = shop_.assortment.of(category);
    const auto count = static_cast<std::int64_t>(of.size());
    return of[static_cast<std::size_t>(count * d_.below(Tag::product, 1000, n) / 1000 *
                                       d_.below(Tag::product, 1000, n + 90) / 1000)];
  }

  void look() {
    const int category = choose_category(0);
    wait(2'000, 12'000);
    if (d_.chance(Tag::search, 4200))
      act(Act::search, category,
          pack2(d_.chance(Tag::typo, 1200) ? 1 : 0,
                static_cast<std::int64_t>(shop_.assortment.of(category).size())));
    else
      act(Act::list, category);
    const int count = 1 + d_.steps(Tag::views, 5200, 4);
    for (int i = 0; i < count; ++i) {
      wait(2'000, 9'000);
      viewed_ = pick(category, static_cast<std::uint64_t>(i));
      const std::int64_t dwell = d_.between(Tag::dwell, 5'000, 60'000, step_++);
      act(Act::view, viewed_, static_cast<std::int32_t>(dwell), i + 1);
      now_ += dwell;
    }
    if (c_.stage == Stage::member && d_.chance(Tag::contact, c_.tech_skill < -200 ? 500 : 160, 60))
      make_contact(shop_, c_, t_, {now_ + kMinuteMs, Topic::term, viewed_, 0});
  }

  /// Four pages; at each some give up for today, the unskilled most.
  void fill_form() {
    Account& account = c_.account;
    while (account.form_page < kFormPages) {
      wait(20'000, 120'000);
      act(Act::form_page, account.form_page + 1, 1);
      if (d_.chance(Tag::form, 1900 - c_.tech_skill / 2 - c_.patience / 3, account.form_page)) {
        feel(c_, -20);
        return;
      }
      ++account.form_page;
    }
    act(Act::verified, 1);
    const int service = static_cast<int>(Service::account);
    shop_.plan(c_, back_office(now_ + 2 * kHourMs, Act::service_entitled, service, 0,
                               shop_.start_ms(t_.day + 3'650)));
  }

  void first_deposit() {
    if (!d_.chance(Tag::deposit, 5200 + 2 * c_.mood)) return;
    wait(10'000, 60'000);
    const std::int64_t yuan = (3'000 + d_.below(Tag::deposit, 40'000, 1)) * (1 + c_.income * c_.income);
    c_.account.equity_fen = yuan * 100;
    c_.account.deposited = t_.day;
    report(shop_, c_, now_, deposit, yuan * 1000);
  }

  void trade() {
    const std::int32_t yesterday = t_.day > 0 ? shop_.market[static_cast<std::size_t>(t_.day - 1)] : 0;
    const std::int64_t pull =
        kTradeLogit[static_cast<std::size_t>(c_.archetype)] + c_.mood * 9 / 10 + yesterday / 4;
    if (t_.facts.kind != DayKind::workday || c_.account.equity_fen < 100'000 || !d_.leans(Tag::trade, pull))
      return;
    wait(5'000, 40'000);
    std::uint64_t products = static_cast<std::uint64_t>(viewed_ + 1);
    if (d_.chance(Tag::add, 2500))
      products |= static_cast<std::uint64_t>(pick(choose_category(5), 30) + 1) << 16;
    const auto order = static_cast<std::int32_t>(++c_.orders);
    const int lots = d_.chance(Tag::quantity, 3000) ? 1 : 0;
    const std::int64_t total = order_total(shop_.assortment, products, lots, 0, 0);
    if (d_.chance(Tag::payment, 350)) {
      act(Act::payment_failed, order, pack2(4, 0), total);
      feel(c_, -25);
      wait(20'000, 90'000);
    }
    act(Act::order, order, lots | 4 << 12, static_cast<std::int64_t>(products));
    c_.spent_fen += total;
    c_.last_order = t_.day;
    if (c_.first_order < 0) c_.first_order = t_.day;
    after_order(shop_, c_, t_, now_, products);
    // Some borrow once they feel at home.
    if (daring(c_) && c_.account.borrowed_fen == 0 && d_.chance(Tag::margin, 5500))
      c_.account.borrowed_fen = c_.account.equity_fen * d_.between(Tag::margin, 110, 180, 1) / 100;
    if (d_.chance(Tag::survey, 1500)) ask(shop_, c_, t_, 1, now_ + kHourMs, viewed_);
    if (d_.chance(Tag::contact, 220, 61))
      make_contact(shop_, c_, t_, {now_ + 3 * kHourMs, Topic::usage, viewed_, order});
  }

  std::int32_t viewed_ = 0;
};

/// Sells what it takes to lower the debt, or brings money.
void top_up(Shop& shop, Customer& c, const Today& t, std::int64_t ms) {
  Account& a = c.account;
  const std::int64_t fen = a.borrowed_fen * t.draw.between(Tag::deposit, 30, 55, 5) / 100;
  a.borrowed_fen -= fen;
  report(shop, c, ms, deposit, fen * 10);
}

void liquidate(Shop& shop, Customer& c, const Today& t, std::int64_t ms) {
  Account& a = c.account;
  const std::int64_t lost = a.equity_fen * 45 / 100;
  a.equity_fen = std::max<std::int64_t>(0, a.equity_fen - lost);
  a.borrowed_fen = 0;
  if (a.blowup_day < 0) a.blowup_day = t.day;
  feel(c, -650);
  report(shop, c, ms, forced_liquidation, lost * 10);
  const std::int32_t product = shop.assortment.of(categories_of(Pack::brokerage).first + 2)[0];
  if (t.draw.chance(Tag::contact, 5500, 70))
    make_contact(shop, c, t,
                 {ms + 2 * kHourMs, Topic::service, product, static_cast<std::int32_t>(c.orders)});
}

/// The margin is thin. Half of the customers, by lot at the first time (trial E-margin), have the watch.
void thin_margin(Shop& shop, Customer& c, const Today& t, std::int64_t ms, std::int64_t percent) {
  Account& a = c.account;
  const Mode mode = shop.regime.of(Service::watch);
  Held& held = c.held(Service::watch);
  const int service = static_cast<int>(Service::watch);
  if (a.thin_day < 0) {
    a.thin_day = t.day;
    a.arm = Draw(shop.seed, c.index, 0xe3).chance(Tag::arm, 5000);
    shop.plan(c, back_office(ms - kHourMs, Act::assigned, 2, a.arm ? 1 : 0));
  }
  const bool watched = mode == Mode::always || (mode == Mode::natural && a.arm);
  if (watched && !held.taken) {
    held = {.until = shop.days + 1, .taken_day = t.day, .offered = true, .taken = true};
    shop.plan(c, back_office(ms - kHourMs + 1'000, Act::service_entitled, service, 0, shop.end_ms()));
  }
  if (t.day - a.told_day < 10) return;
  a.told_day = t.day;
  report(shop, c, ms, margin_ratio, percent * 1000);
  std::int64_t acts_permyriad = 1800 + c.tech_skill / 2;
  if (watched) {
    const auto decision = static_cast<std::int32_t>(++c.decisions);
    shop.plan(c, back_office(ms + 1'000, Act::reach_decided, decision, pack2(1, 1)));
    shop.plan(c, back_office(ms + 2'000, Act::reach_sent, decision, pack2(1, 1)));
    shop.plan(c, back_office(ms + 9'000, Act::reach_delivered, decision, pack2(1, 1)));
    shop.plan(c, back_office(ms + 10'000, Act::service_delivered, service, pack2(1, 0)));
    shop.plan(c, back_office(ms + 30 * kMinuteMs, Act::service_used, service));
    if (held.used < 250) ++held.used;
    feel(c, c.patience > 0 ? 90 : 55);
    // A warning helps those most who would not have looked.
    acts_permyriad = 6300 - c.tech_skill + (c.age >= AgeBand::to45 ? 900 : 0);
  }
  if (t.draw.chance(Tag::margin, acts_permyriad, 3)) top_up(shop, c, t, ms + 2 * kHourMs);
}

void close_account(Shop& shop, Customer& c, const Today& t, std::int64_t ms) {
  c.account.closed = true;
  report(shop, c, ms, withdrawal, c.account.equity_fen * 10);
  c.account.equity_fen = c.account.borrowed_fen = 0;
  shop.plan(c, back_office(ms + kHourMs, Act::service_lapsed, static_cast<int>(Service::account)));
  (void)t;
}

}  // namespace

void broker_visit(Shop& shop, Customer& customer, const Today& today) {
  BrokerVisit(shop, customer, today).go();
}

void broker_day(Shop& shop, Customer& c, const Today& t) {
  Account& a = c.account;
  if (a.deposited < 0 || a.closed) return;
  const std::int32_t market = shop.market[static_cast<std::size_t>(t.day)];
  if (t.facts.kind == DayKind::workday && a.equity_fen > 0) {
    // Her own shares move more than the market, and not only with it.
    const std::int64_t own =
        market * 12 / 10 + (daring(c) ? t.draw.bell(Tag::market, 2'000) : t.draw.bell(Tag::market, 400));
    const std::int64_t before = a.equity_fen;
    a.equity_fen += (a.equity_fen + a.borrowed_fen) * own / 100'000;
    a.equity_fen = std::max<std::int64_t>(a.equity_fen, 0);
    if (before > 0 && a.equity_fen * 100 < before * 95) feel(c, -25);
  }
  if (c.drifted && t.day - c.last_visit > 20 && t.draw.chance(Tag::cancel, 150))
    return close_account(shop, c, t, t.start_ms + 11 * kHourMs);
  if (a.borrowed_fen <= 0) return;
  const std::int64_t percent = (a.equity_fen + a.borrowed_fen) * 100 / a.borrowed_fen;
  const std::int64_t closing = t.start_ms + 15 * kHourMs + 10 * kMinuteMs;
  if (percent < kLiquidatePercent) return liquidate(shop, c, t, closing);
  if (percent < kWarnPercent) thin_margin(shop, c, t, closing, percent);
}

}  // namespace rapport::world
