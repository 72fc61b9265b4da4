#include <charconv>

#include "world/detail/simulate.h"

// What a visitor does with a list of the shop's own: sees it from the top, is drawn to what fits her latent
// taste, what she came for and what she pays for, and clicks, buys or passes by. Nothing here knows how the
// list was made; a new kind of list changes nothing here.
namespace rapport::world {
namespace {

/// In thousandths of a logit, what draws to a thing in the first place of a list before anything is known of
/// it: about one look in twenty-five is followed by a click.
constexpr std::int64_t kPlain = -3150;
constexpr std::int64_t kPlaceMilli = 170;  ///< less for every place further down

/// Of the category she came for, or 0xff.
struct Mind {
  int came_for = 0xff;
  std::int32_t in_view = -1;
};

std::int32_t product_of(const Shop& shop, const ShownItem& item) {
  int number = 0;
  const char* end = item.id.data() + item.id.size();
  if (item.kind != "product" || item.id.size() < 2 ||
      std::from_chars(item.id.data() + 1, end, number).ptr != end || number < 1 ||
      static_cast<std::size_t>(number) > shop.assortment.size())
    return -1;
  return shop.assortment.product(static_cast<std::size_t>(number - 1)).id == item.id ? number - 1 : -1;
}

std::int64_t pull_of_department(const Customer& c, Department department) {
  if (department == c.taste) return 750;
  return department == c.second_taste ? 300 : -700;
}

std::int64_t pull_of_category(const Shop& shop, const Customer& c, const Mind& mind, int category) {
  const CategorySpec& spec = categories()[static_cast<std::size_t>(category)];
  std::int64_t pull = pull_of_department(c, spec.department);
  if (category == mind.came_for) pull += 1200;
  if (mind.in_view >= 0) {
    const int viewed = shop.assortment.product(static_cast<std::size_t>(mind.in_view)).category;
    pull += category == viewed                                                      ? 450
            : categories()[static_cast<std::size_t>(viewed)].complement == category ? 750
                                                                                    : -150;
  }
  for (const std::int32_t owned : c.last_durable) {
    if (owned < 0) continue;
    const int its = shop.assortment.product(static_cast<std::size_t>(owned)).category;
    if (its == category) pull -= 900;  // one of them is enough
    if (categories()[static_cast<std::size_t>(its)].complement == category) pull += 600;
  }
  return pull;
}

std::int64_t pull_of_product(const Shop& shop, const Customer& c, const Mind& mind, std::int32_t product) {
  const Product& p = shop.assortment.product(static_cast<std::size_t>(product));
  const int wanted = c.archetype == Archetype::affluent ? 2 : c.thrift > 250 ? 0 : 1;
  const int off = p.grade > wanted ? p.grade - wanted : wanted - p.grade;
  // The thrifty turn from what is dear even within their grade.
  const std::int64_t dear = std::min<std::int64_t>(p.list_fen / 1'000, 400) * c.thrift / 1'000;
  return pull_of_category(shop, c, mind, p.category) + (off == 0 ? 250 : -200 * off) - dear + p.quality / 3;
}

std::int64_t pull_of_bundle(const Shop& shop, const Customer& c, const Mind& mind, std::string_view id) {
  for (const BundleSpec& bundle : bundles()) {
    if (bundle.id != id) continue;
    return std::max(pull_of_category(shop, c, mind, bundle.category_a),
                    pull_of_category(shop, c, mind, bundle.category_b)) +
           c.thrift / 3 - 150;
  }
  return -300;
}

/// Of what is no product: learning draws the unskilled, money off the thrifty, being looked after the needy.
std::int64_t pull_of_other(const Shop& shop, const Customer& c, const Mind& mind, const ShownItem& item) {
  if (item.kind == "bundle") return pull_of_bundle(shop, c, mind, item.id);
  if (item.kind == "coupon") return c.thrift * 9 / 10 + (c.coupon != 0 ? -300 : 200);
  if (item.kind == "content") {
    for (const ContentSpec& content : contents()) {
      if (content.id == item.id)
        return pull_of_department(c, content.department) - c.tech_skill * 8 / 10 - 200;
    }
    return -c.tech_skill * 8 / 10 - 400;
  }
  return c.neediness * 8 / 10 + (c.archetype == Archetype::affluent ? 300 : 0) - 500;
}

/// Going down a list, a click at most draws her away from the rest for a while, never for good.
class Reader {
 public:
  Reader(Shop& shop, const Pending& asked, const ShownList& list, std::int64_t number)
      : shop_(shop),
        c_(shop.customers[asked.customer]),
        t_(today_of(shop, asked.customer, shop.day_of(asked.ms))),
        asked_(asked),
        list_(list),
        number_(number),
        // A draw of her own for every moment: the lists of one day are looked at with different luck.
        d_(shop.seed, asked.customer, static_cast<std::uint64_t>(asked.ms)),
        now_(asked.ms + 700),
        mind_{asked.b, asked.a} {}

  void read() {
    for (std::size_t i = 0; i < list_.items.size(); ++i) {
      if (i >= 2 && !d_.chance(Tag::recommend, 8'800, i)) break;  // she does not scroll that far
      look_at(i);
    }
    if (wanted_.list != 0) {
      wanted_.ms = now_ + 20'000;
      buy_listed(shop_, c_, t_, wanted_);
    }
  }

 private:
  void act(Act what, std::int32_t product, std::size_t place) {
    shop_.plan(c_, {.ms = now_,
                    .act = what,
                    .device = asked_.device,
                    .known = asked_.known,
                    .a = product,
                    .b = pack2(static_cast<std::int64_t>(place) + 1, 0),
                    .c = number_});
  }

  void look_at(std::size_t place) {
    const ShownItem& item = list_.items[place];
    const std::int32_t product = product_of(shop_, item);
    now_ += d_.between(Tag::dwell, 300, 1'600, place);
    act(Act::list_shown, product, place);
    const std::int64_t fits =
        product >= 0 ? pull_of_product(shop_, c_, mind_, product) : pull_of_other(shop_, c_, mind_, item);
    const std::int64_t pull = kPlain + fits + c_.mood / 4 - kPlaceMilli * static_cast<std::int64_t>(place);
    if (d_.leans(Tag::click, pull, place)) {
      click(place, product, fits);
    } else if (d_.chance(Tag::click, 250, place + 64)) {
      now_ += 400;
      act(Act::list_ignored, product, place);
    }
  }

  void click(std::size_t place, std::int32_t product, std::int64_t fits) {
    now_ += d_.between(Tag::dwell, 600, 3'000, place + 64);
    act(Act::list_clicked, product, place);
    // As with the world's own lists: joy to who lacks the skill to find things alone, little to the rest.
    if (fits > 0) feel(c_, c_.tech_skill < 0 ? 26 : 9);
    if (product < 0) return;
    const std::int64_t dwell = d_.between(Tag::dwell, 4'000, 40'000, place + 128);
    shop_.plan(c_, {.ms = now_ + 300,
                    .act = Act::view,
                    .device = asked_.device,
                    .known = asked_.known,
                    .a = product,
                    .b = static_cast<std::int32_t>(dwell),
                    .c = static_cast<std::int64_t>(place) + 1});
    now_ += dwell;
    const bool may_buy = c_.stage == Stage::member && !c_.drifted && c_.last_order != t_.day;
    if (!may_buy || (wanted_.list != 0 && fits <= fits_best_)) return;
    fits_best_ = fits;
    wanted_ = {.device = asked_.device,
               .known = asked_.known,
               .product = product,
               .position = static_cast<std::int32_t>(place) + 1,
               .list = number_,
               .pull = 350 + fits / 3};
  }

  Shop& shop_;
  Customer& c_;
  const Today t_;
  const Pending& asked_;
  const ShownList& list_;
  std::int64_t number_;
  Draw d_;
  std::int64_t now_;
  Mind mind_;
  ListedBuy wanted_;
  std::int64_t fits_best_ = 0;
};

}  // namespace

void take_list(Shop& shop, const Pending& asked, ShownList list) {
  const std::int64_t number = ++shop.lists_shown;
  const ShownList& kept = shop.lists.emplace(number, std::move(list)).first->second;
  Reader(shop, asked, kept, number).read();
}

}  // namespace rapport::world
