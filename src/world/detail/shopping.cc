#include "world/detail/session.h"

// A visit: arriving on a device, logging in, looking for something, and perhaps buying it.
namespace rapport::world {
namespace {

/// In thousandths of a logit: the pull towards buying on an ordinary visit.
constexpr std::array<std::int64_t, kArchetypes> kBuyLogit = {-3100, -2400, -1400, -50, -1400};

class Visit : Session {
 public:
  using Session::Session;

  void go() {
    open();
    sign_up_or_in();
    see_recommendations();
    const int category = choose_category();
    find(category);
    look(category);
    decide();
    c_.last_visit = t_.day;
    c_.busy_until_ms = now_;
  }

  void buy(const ListedBuy& what) {
    now_ = std::max(what.ms, c_.busy_until_ms);
    device_ = what.device;
    known_ = what.known;
    if (c_.cart_size == c_.cart.size() || !d_.leans(Tag::checkout, buy_logit() + what.pull, 1)) return;
    wait(10'000, 90'000);
    if (!known_) log_in();
    listed_ = what;
    put_in_cart(what.product, 1);
    check_out();
    c_.busy_until_ms = now_;
  }

 private:
  /// Three items from the customer's taste. Those who like what they see stay; that is a planted effect.
  void see_recommendations() {
    if (!shop_.regime.recommendations || c_.unadvised || !d_.chance(Tag::recommend, 3800)) return;
    if (shop_.asks) return act(Act::asks, -1, c_.mission);
    if (c_.recommended_day < 0) c_.recommended_day = t_.day;
    const std::int32_t decision = static_cast<std::int32_t>(++c_.decisions);
    const int scene = c_.first_order < 0 ? 0 : c_.mission != 0xff ? 1 : c_.tier >= 2 ? 2 : c_.drifted ? 3 : 4;
    const bool apt = d_.chance(Tag::recommend, 7000, 1);  // 30 % of recommendations miss the taste
    for (int i = 0; i < 3; ++i) {
      const int category =
          category_of(apt ? c_.taste : static_cast<Department>(d_.below(Tag::recommend_item, 4, 9)), 20 + i);
      const std::int32_t product = pick_product(category, 40 + i);
      wait(1'500, 6'000);
      act(Act::recommended, product, pack2(i + 1, scene), decision);
      if (d_.chance(Tag::click, apt ? 1700 : 500, static_cast<std::uint64_t>(i))) {
        now_ += 900;
        act(Act::recommended_click, product, pack2(i + 1, scene), decision);
        recommended_ = product;
        recommended_at_ = i + 1;
        recommended_scene_ = scene;
        recommended_decision_ = decision;
        view(product, i + 1);
        // More to those who lack the skill to find things themselves; little to the rest.
        feel(c_, c_.tech_skill < 0 ? 26 : 9);
      } else if (d_.chance(Tag::click, 2000, static_cast<std::uint64_t>(i) + 8)) {
        act(Act::recommended_ignore, product, pack2(i + 1, scene), decision);
      }
    }
    if (!apt) feel(c_, -10);
  }

  /// The shop's list beside a product, by whoever reads that far down.
  void see_what_goes_with(std::int32_t product) {
    if (!shop_.asks || !shop_.regime.recommendations || c_.unadvised) return;
    if (d_.chance(Tag::recommend, 2600, 2)) act(Act::asks, product, c_.mission);
  }

  int category_of(Department department, int n) const {
    // Weighted by demand; the affluent look twice and take the dearer.
    const auto once = [&](int m) {
      std::int64_t total = 0;
      for (const CategorySpec& spec : categories()) total += spec.department == department ? spec.weight : 0;
      std::int64_t at = d_.below(Tag::category, total, static_cast<std::uint64_t>(m));
      for (std::size_t i = 0; i < categories().size(); ++i) {
        if (categories()[i].department != department) continue;
        if ((at -= categories()[i].weight) < 0) return static_cast<int>(i);
      }
      return 0;
    };
    const int first = once(n);
    if (c_.archetype != Archetype::affluent) return first;
    const int other = once(n + 100);
    const auto height = [](int i) { return categories()[static_cast<std::size_t>(i)].price_high; };
    return height(other) > height(first) ? other : first;
  }

  int choose_category() {
    if (c_.mission != 0xff) {
      on_mission_ = true;
      const int category = c_.mission;
      if (d_.chance(Tag::intent, 4000, 3)) c_.mission = 0xff;
      return category;
    }
    const std::int64_t roll = d_.below(Tag::intent, 100);
    const Department department = roll < 62 ? c_.taste
                                  : roll < 84
                                      ? c_.second_taste
                                      : static_cast<Department>(d_.below(Tag::intent, kDepartments, 1));
    return category_of(department, 0);
  }

  std::int32_t pick_product(int category, int n) const {
    const auto of = shop_.assortment.of(category);
    const int wanted = c_.archetype == Archetype::affluent ? 2 : c_.thrift > 250 ? 0 : 1;
    std::int32_t product = 0;
    for (std::uint64_t attempt = 0; attempt < 3; ++attempt) {
      const std::uint64_t m = static_cast<std::uint64_t>(n) * 4 + attempt;
      const auto count = static_cast<std::int64_t>(of.size());
      const std::int64_t rank =
          count * d_.below(Tag::product, 1000, m * 2) / 1000 * d_.below(Tag::product, 1000, m * 2 + 1) / 1000;
      product = of[static_cast<std::size_t>(rank)];
      if (shop_.assortment.product(static_cast<std::size_t>(product)).grade == wanted) break;
    }
    return product;
  }

  void find(int category) {
    wait(2'000, 15'000);
    if (d_.chance(Tag::search, 5200)) {
      const std::int64_t wording = d_.chance(Tag::typo, c_.tech_skill < -300 ? 2200 : 1000)
                                       ? 1 + d_.below(Tag::typo, 2, 1)
                                   : d_.chance(Tag::typo, 4500, 2) ? 0
                                                                   : 3 + d_.below(Tag::typo, 3, 3);
      const std::int64_t found = wording == 1 || wording == 2
                                     ? d_.below(Tag::search, 3, 1)
                                     : static_cast<std::int64_t>(shop_.assortment.of(category).size());
      act(Act::search, category, pack2(wording, found));
      if (found == 0) {
        // The shop does not understand; the customer types again, or thinks less of it.
        feel(c_, -12);
        wait(4'000, 20'000);
        act(Act::search, category, pack2(0, static_cast<std::int64_t>(shop_.assortment.of(category).size())));
      }
    } else {
      act(Act::list, category);
    }
  }

  void view(std::int32_t product, int position) {
    const std::int64_t dwell = d_.between(Tag::dwell, 4'000, 40'000, step_) * (2000 + c_.neediness) / 2000;
    ++step_;
    act(Act::view, product, static_cast<std::int32_t>(dwell), position);
    if (d_.chance(Tag::area, 4500, step_)) {
      const std::int64_t area = d_.below(Tag::area, 6, step_ + 100);
      now_ += dwell / 2;
      act(Act::area, product, pack2(area, dwell / 250));
    }
    now_ += dwell;
    last_viewed_ = product;
  }

  void look(int category) {
    const int most = c_.archetype == Archetype::browser ? 7 : 5;
    const int count = 1 + d_.steps(Tag::views, 5200, most);
    std::int32_t first = -1, second = -1, third = -1;
    for (int i = 0; i < count; ++i) {
      wait(1'500, 12'000);
      const std::int32_t product = pick_product(category, i);
      view(product, i + 1);
      if (i == 0) see_what_goes_with(product);
      third = second;
      second = first;
      first = product;
      small_signs(product, static_cast<std::uint64_t>(i));
    }
    if (second >= 0 && second != first && d_.chance(Tag::compare, 1800)) {
      wait(3'000, 9'000);
      act(Act::compare, first, second, third != second && third != first ? third : -1);
    }
    learn_a_term(category);
  }

  void small_signs(std::int32_t product, std::uint64_t n) {
    if (d_.chance(Tag::like, 450, n)) act(Act::like, product);
    if (d_.chance(Tag::wish, 380, n)) act(Act::wish, product);
    if (d_.chance(Tag::share, c_.refers ? 400 : 110, n))
      act(Act::share, product, static_cast<int>(d_.below(Tag::share, 3, n + 50)));
  }

  /// Somebody meets CADR or mAh: reads about it, or asks, or gives up.
  void learn_a_term(int category) {
    const CategorySpec& spec = categories()[static_cast<std::size_t>(category)];
    const bool hard = !spec.parameters[0].term.empty();
    if (!hard || !d_.chance(Tag::content, c_.tech_skill < 0 ? 1900 : 800)) return;
    for (std::size_t i = 0; i < contents().size(); ++i) {
      if (contents()[i].term != spec.parameters[0].term) continue;
      wait(1'000, 5'000);
      act(Act::content, static_cast<int>(i),
          static_cast<int>(d_.between(Tag::dwell, 8'000, 120'000, step_++)), last_viewed_);
      break;
    }
    if (d_.chance(Tag::content, c_.tech_skill < -200 ? 3000 : 1100, 1)) {
      make_contact(shop_, c_, t_, {now_ + 2 * kMinuteMs, Topic::term, last_viewed_, 0});
    }
  }

  std::int64_t buy_logit() const {
    std::int64_t x = kBuyLogit[static_cast<std::size_t>(c_.archetype)] + c_.mood * 9 / 10;
    x += t_.facts.discount * (c_.thrift + 1200) / 400;
    x += c_.coupon != 0 && c_.coupon_until >= t_.day ? 250 + c_.thrift / 4 : 0;
    x += on_mission_ ? 900 : 0;
    x += recommended_ >= 0 ? 350 : 0;
    x += c_.cart_size > 0 ? 300 : 0;
    x -= c_.first_order < 0 && c_.archetype != Archetype::affluent ? 500 : 0;
    x += c_.holds(Service::membership, t_.day) ? (c_.thrift > 0 ? 450 : 180) : 0;
    x += c_.held(Service::trade_in).taken && c_.thrift > 0 ? 260 : 0;
    x += c_.holds(Service::adviser, t_.day) && c_.archetype == Archetype::affluent ? 280 : 0;
    return x;
  }

  void decide() {
    if (c_.drifted || c_.stage != Stage::member) {
      if (!c_.drifted && d_.chance(Tag::add, 1500)) put_in_cart(last_viewed_, 1);
      return;
    }
    if (d_.leans(Tag::checkout, buy_logit())) {
      if (!known_) log_in();
      put_in_cart(recommended_ >= 0 && d_.chance(Tag::add, 5000, 4) ? recommended_ : last_viewed_,
                  1 + static_cast<int>(d_.chance(Tag::quantity, 1200)));
      const int more = d_.steps(Tag::add, c_.archetype == Archetype::affluent ? 3200 : 2200, 2);
      for (int i = 0; i < more; ++i) put_in_cart(pick_product(category_of(c_.taste, 60 + i), 60 + i), 1);
      check_out();
    } else if (d_.chance(Tag::add, 2000)) {
      put_in_cart(last_viewed_, 1);
      if (d_.chance(Tag::add, 1500, 1))
        take_out();
      else if (d_.chance(Tag::form, 2200, 5))
        abandon_checkout();
    }
  }

  void put_in_cart(std::int32_t product, int quantity) {
    if (product < 0 || c_.cart_size == c_.cart.size()) return;
    wait(2'000, 10'000);
    act(Act::add, product, quantity);
    c_.cart_quantities = static_cast<std::uint8_t>(c_.cart_quantities | (quantity - 1) << (2 * c_.cart_size));
    c_.cart[c_.cart_size++] = static_cast<std::uint16_t>(product);
  }

  void take_out() {
    wait(5'000, 60'000);
    const int last = --c_.cart_size;
    act(Act::remove, c_.cart[static_cast<std::size_t>(last)], (c_.cart_quantities >> (2 * last) & 3) + 1);
    c_.cart_quantities = static_cast<std::uint8_t>(c_.cart_quantities & ((1 << (2 * last)) - 1));
  }

  std::uint64_t cart_products() const {
    std::uint64_t products = 0;
    for (std::size_t i = 0; i < c_.cart_size; ++i)
      products |= static_cast<std::uint64_t>(c_.cart[i] + 1) << (16 * i);
    return products;
  }

  void form_pages(int pages) {
    for (int page = 1; page <= pages; ++page) {
      wait(5'000, 30'000);
      act(Act::form_page, page);
    }
  }

  void abandon_checkout() {
    if (!known_) return;
    act(Act::checkout, 0, c_.cart_quantities, static_cast<std::int64_t>(cart_products()));
    form_pages(3);
    feel(c_, -14);
  }

  void check_out() {
    wait(3'000, 20'000);
    const std::uint64_t products = cart_products();
    const bool coupon = c_.coupon != 0 && c_.coupon_until >= t_.day;
    const int used = coupon && order_total(shop_.assortment, products, c_.cart_quantities, 0,
                                           t_.facts.discount) >= coupons()[c_.coupon].minimum_fen
                         ? c_.coupon
                         : 0;
    const std::int64_t total =
        order_total(shop_.assortment, products, c_.cart_quantities, used, t_.facts.discount);
    act(Act::checkout, 0, c_.cart_quantities, static_cast<std::int64_t>(products));
    form_pages(1 + static_cast<int>(d_.below(Tag::form, 3)));
    const auto order = static_cast<std::int32_t>(c_.orders + 1);
    const auto method = d_.below(Tag::method, 6, 1);
    wait(4'000, 40'000);
    if (d_.chance(Tag::payment, total > 300'000 ? 1100 : 500)) {
      act(Act::payment_failed, order, pack2(method, d_.below(Tag::payment, 4, 1)), total);
      feel(c_, -22);
      wait(8'000, 60'000);
      if (!d_.chance(Tag::retry, 7200 + c_.patience)) return;  // the cart stays
    }
    place_order(products, order, static_cast<int>((method + (d_.chance(Tag::method, 500, 2) ? 1 : 0)) % 6),
                used, total);
  }

  void place_order(std::uint64_t products, std::int32_t order, int method, int used, std::int64_t total) {
    c_.orders = static_cast<std::uint32_t>(order);
    act(Act::order, order, c_.cart_quantities | used << 8 | method << 12,
        static_cast<std::int64_t>(products));
    if (used != 0) {
      act(Act::coupon_redeemed, used, order);
      c_.coupon = 0;
    }
    if (recommended_ >= 0 && has_product(products, recommended_)) {
      act(Act::recommended_buy, recommended_, pack2(recommended_at_ | recommended_scene_ << 4, order),
          recommended_decision_);
    }
    if (listed_.list != 0 && has_product(products, listed_.product))
      act(Act::list_bought, listed_.product, pack2(listed_.position, order), listed_.list);
    c_.cart_size = c_.cart_quantities = 0;
    c_.spent_fen += total;
    c_.last_order = t_.day;
    if (c_.first_order < 0) c_.first_order = t_.day;
    plan_next_needs(products);
    now_ += 200;
    if (d_.chance(Tag::cancel, 180)) {
      shop_.plan(c_, back_office(now_ + d_.between(Tag::cancel, 10, 300, 1) * kMinuteMs, Act::cancelled,
                                 order, static_cast<int>(d_.below(Tag::cancel, 3, 2))));
      c_.spent_fen -= total;
      return;
    }
    ship(shop_, c_, t_, now_, products);
    after_order(shop_, c_, t_, now_, products);
  }

  static bool has_product(std::uint64_t products, std::int32_t product) {
    for (int i = 0; i < 4; ++i)
      if (line_product(products, i) == product) return true;
    return false;
  }

  /// Coffee machines want beans, purifiers filters, consumables come to an end.
  void plan_next_needs(std::uint64_t products) {
    for (int i = 0; i < 4; ++i) {
      const std::int32_t product = line_product(products, i);
      if (product < 0) continue;
      const Product& p = shop_.assortment.product(static_cast<std::size_t>(product));
      const CategorySpec& spec = categories()[p.category];
      const auto n = static_cast<std::uint64_t>(i);
      if (spec.complement >= 0 && d_.chance(Tag::intent, 6500, 10 + n)) {
        wake(spec.complement, d_.between(Tag::intent, 3, 25, 20 + n));
      } else if (spec.repurchase_days > 0 && d_.chance(Tag::intent, 7500, 30 + n)) {
        wake(p.category, spec.repurchase_days * d_.between(Tag::intent, 80, 130, 40 + n) / 100);
      }
      if (spec.repurchase_days == 0) {
        c_.last_durable = {product, c_.last_durable[0], c_.last_durable[1]};
      }
    }
  }

  void wake(int category, std::int64_t in_days) {
    shop_.later({.ms = t_.start_ms + in_days * kDayMs,
                 .customer = c_.index,
                 .kind = EffectKind::wakes,
                 .a = category});
  }

  bool on_mission_ = false;
  std::int32_t last_viewed_ = -1, recommended_ = -1, recommended_decision_ = 0;
  int recommended_at_ = 0, recommended_scene_ = 0;
  ListedBuy listed_;
};

}  // namespace

void visit(Shop& shop, Customer& customer, const Today& today) {
  Visit(shop, customer, today).go();
}

void buy_listed(Shop& shop, Customer& customer, const Today& today, const ListedBuy& buy) {
  Visit(shop, customer, today).buy(buy);
}

std::int64_t order_total(const Assortment& assortment, std::uint64_t products, int quantities, int coupon,
                         std::int32_t discount) {
  std::int64_t total = 0;
  for (int i = 0; i < 4; ++i) {
    const std::int32_t product = line_product(products, i);
    if (product < 0) continue;
    total +=
        assortment.price_fen(static_cast<std::size_t>(product), discount) * ((quantities >> (2 * i) & 3) + 1);
  }
  return std::max<std::int64_t>(0, total - coupons()[static_cast<std::size_t>(coupon)].value_fen);
}

}  // namespace rapport::world
