#include "engine/detail/taken.h"

#include <algorithm>

#include "engine/detail/slices.h"
#include "model/catalogue_ids.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;

constexpr std::size_t kProductsAtOnce = 5'000;

/// Moments of orders that do not count; and of those that do, which may share a moment with one that does
/// not.
struct OrderMoments {
  std::vector<std::int64_t> void_ms, net_ms;
  explicit OrderMoments(const views::FactsView& facts) {
    if (!facts.may_have(k::order_completed)) return;
    for (const views::Fact& fact : facts.facts()) {
      if (fact.kind() != k::order_completed) continue;
      (facts.is_net_order(fact) ? net_ms : void_ms).push_back(fact.time().ms);
    }
  }
  bool counts(std::int64_t time_ms) const {
    const auto holds = [time_ms](const std::vector<std::int64_t>& moments) {
      return std::binary_search(moments.begin(), moments.end(), time_ms);
    };
    return !holds(void_ms) || holds(net_ms);
  }
};

bool is_view(model::EventKind kind) {
  return kind == k::product_viewed || kind == k::product_liked || kind == k::product_shared ||
         kind == k::product_added || kind == k::product_added_to_wishlist;
}

/// One walk over everybody, a slice at a time on the shop thread.
class Walk {
 public:
  Walk(const views::ShopState& state, TakenByAll& out) : state_(state), out_(out) {}
  bool step(std::int64_t deadline_ns) { return walk_customers(deadline_ns) || walk_products(deadline_ns); }

 private:
  bool walk_customers(std::int64_t deadline_ns) {
    if (customers_done_) return false;
    bool more = false;
    int visited = 0;
    state_.for_each_customer(at_, [&](CustomerId customer) {
      at_ = customer;
      const std::size_t before = out_.taken.size();
      append_taken(state_.facts(customer, Instant::never(), buffer_), out_.taken);
      if (out_.taken.size() > before) {
        out_.customers.push_back(customer.value);
        out_.ends.push_back(out_.taken.size());
      }
      more = (++visited % 16 == 0 && monotonic_ns() > deadline_ns) || out_.taken.size() > TakenByAll::kMost;
      return !more;
    });
    if (out_.taken.size() > TakenByAll::kMost) return false;
    customers_done_ = !more;
    return more;
  }
  bool walk_products(std::int64_t deadline_ns) {
    const auto& tables = state_.tables();
    const auto& ids = tables.dictionary(views::DictionaryKind::products);
    while (out_.products.size() <= ids.size()) {
      const auto number = static_cast<std::uint32_t>(out_.products.size());
      out_.products.emplace_back(ids.text(number));
      const views::ProductInfo& info = tables.product(number);
      std::vector<std::uint32_t>& words = out_.attributes.emplace_back();
      for (const std::uint32_t word : {info.category, info.brand, info.scene, info.function}) {
        if (word != 0) words.push_back(word);
      }
      if (number % kProductsAtOnce == 0 && monotonic_ns() > deadline_ns) return true;
    }
    out_.position = state_.position();
    out_.now = state_.now();
    return false;
  }

  const views::ShopState& state_;
  TakenByAll& out_;
  CustomerId at_;
  bool customers_done_ = false;
  views::FactsBuffer buffer_;
};

}  // namespace

void append_taken(const views::FactsView& facts, std::vector<Taken>& out) {
  const OrderMoments orders(facts);
  for (const views::Fact& fact : facts.facts()) {
    if (fact.object() == 0) continue;
    const std::int64_t time_ms = fact.time().ms;
    if (fact.kind() == views::fact_kind::order_line) {
      if (orders.counts(time_ms)) out.push_back({fact.object(), TakenAs::bought, time_ms});
    } else if (is_view(fact.kind())) {
      out.push_back({fact.object(), TakenAs::viewed, time_ms});
    }
  }
}

Result<TakenByAll> copy_taken(Shop& shop) {
  const auto out = std::make_shared<TakenByAll>();
  RAPPORT_CHECK(walk_in_slices(shop, std::make_shared<Walk>(shop.state(), *out)));
  if (out->taken.size() > TakenByAll::kMost)
    return fail(Errc::too_large, "more than {} views and purchases to learn from", TakenByAll::kMost);
  for (const Taken& taken : out->taken) ++(taken.as == TakenAs::bought ? out->purchases : out->views);
  return std::move(*out);
}

Result<ShopInteractions> interactions_of(const TakenByAll& taken) {
  constexpr double kViewWeight = 0.5;  // told apart by it below; models here weigh how often, not this
  ShopInteractions out;
  learn::InteractionsBuilder builder;
  for (std::size_t number = 1; number < taken.products.size(); ++number) {
    RAPPORT_CHECK(builder.add_item(taken.products[number]));
    out.attributes.push_back(taken.attributes[number]);
  }
  std::size_t at = 0;
  for (std::size_t c = 0; c < taken.customers.size(); ++c) {
    const std::string name = fmt::format("c_{}", taken.customers[c]);
    bool bought = false;
    std::int64_t basket_ms = 0;
    for (; at < taken.ends[c]; ++at) {
      const Taken& one = taken.taken[at];
      const bool is_purchase = one.as == TakenAs::bought;
      RAPPORT_CHECK(
          builder.add(name, taken.products[one.product], one.time_ms, is_purchase ? 1.0 : kViewWeight));
      if (!is_purchase) continue;
      out.baskets += !bought || one.time_ms != basket_ms;
      basket_ms = one.time_ms;
      bought = true;
    }
    out.buyers += bought;
  }
  if (out.baskets < kBasketsLeast || out.buyers < kBuyersLeast)
    return Error{Errc::refused,
                 fmt::format("{} orders of {} customers are too few to learn from", out.baskets, out.buyers),
                 "orders", fmt::format("at least {} orders of {} customers", kBasketsLeast, kBuyersLeast)};
  RAPPORT_TRY(out.all, std::move(builder).build());
  out.purchases =
      out.all.where([&](std::size_t customer, std::size_t i) { return out.all.of(customer)[i].weight >= 1; });
  return out;
}

}  // namespace rapport::engine
