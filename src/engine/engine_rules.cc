#include <algorithm>

#include "codec/json_writer.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/recommend_parts.h"
#include "engine/engine_models.h"
#include "learn/category_rules.h"
#include "learn/pair_rules.h"

// The rules that serve now, to be looked at: which products are bought together, and what bundles they make.
namespace rapport::engine {
namespace {

using Serving = RecommendDesk::Serving;

/// One rule with its left side, which the model keeps by list.
struct Pair {
  std::uint32_t left = 0;
  learn::PairRule rule;
  double rank = 0;  ///< greatest first
};

/// The measures that follow from the four counts; the formulas stand in docs/recommend.md.
struct Measures {
  double support = 0, confidence = 0, lift = 0, leverage = 0, conviction = 0, extra = 0;
  Measures(const learn::PairRule& rule, std::uint64_t baskets) {
    const auto n = static_cast<double>(baskets);
    const double x = rule.left, y = rule.right, xy = rule.both;
    support = xy / n;
    confidence = xy / x;
    lift = xy * n / (x * y);
    leverage = xy / n - x * y / (n * n);
    conviction = (1 - y / n) / (1 - confidence);  // infinite, and so null, at confidence 1
    extra = xy - x * y / n;
  }
};

using Order = double (*)(const learn::PairRule&, std::uint64_t baskets);
struct NamedOrder {
  std::string_view name;
  Order of;
};
constexpr NamedOrder kOrders[] = {
    {"extra", [](const learn::PairRule& rule, std::uint64_t n) { return Measures(rule, n).extra; }},
    {"lift", [](const learn::PairRule& rule, std::uint64_t n) { return Measures(rule, n).lift; }},
    {"confidence", [](const learn::PairRule& rule, std::uint64_t n) { return Measures(rule, n).confidence; }},
    {"n", [](const learn::PairRule& rule, std::uint64_t) { return static_cast<double>(rule.both); }},
    {"q", [](const learn::PairRule& rule, std::uint64_t) { return -static_cast<double>(rule.q); }},
};

Result<Order> order_of(const std::string& name) {
  if (name.empty()) return kOrders[0].of;
  for (const NamedOrder& order : kOrders) {
    if (order.name == name) return order.of;
  }
  return Error{Errc::bad_input, fmt::format("no order '{}'", name.substr(0, 40)), "sort",
               "one of extra, lift, confidence, n, q"};
}

/// What the query lets through, in its order; ties by number.
Result<std::vector<Pair>> pairs_of(const learn::PairRules& rules, const Serving& serving,
                                   const RulesQuery& query) {
  const decide::OfferBook& book = *serving.book;
  const std::size_t items = serving.models->set.items.size();
  const auto number = [&](const std::string& id,
                          std::string_view where) -> Result<std::optional<std::uint32_t>> {
    if (id.empty()) return std::optional<std::uint32_t>();
    const auto found = book.find(model::OfferKind::product, id);
    if (!found || *found >= items)
      return Error{Errc::not_found, fmt::format("no product '{}' in the models", id.substr(0, 60)),
                   std::string(where), "the id of a product that was there when they were trained"};
    return std::optional<std::uint32_t>(*found);
  };
  RAPPORT_TRY(const auto item, number(query.item, "item"));
  RAPPORT_TRY(const auto if_item, number(query.if_item, "if"));
  RAPPORT_TRY(const Order order, order_of(query.sort));
  const auto is_of = [&](std::uint32_t product) {
    return book.category_name(book.category(product)) == query.category;
  };
  std::vector<Pair> pairs;
  for (std::uint32_t left = 0; left < items; ++left) {
    if (if_item && *if_item != left) continue;
    for (const learn::PairRule& rule : rules.of(left)) {
      if (item && *item != left && *item != rule.item) continue;
      if (!query.category.empty() && !is_of(left) && !is_of(rule.item)) continue;
      pairs.push_back({left, rule, order(rule, rules.baskets())});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.rank > b.rank; });
  return pairs;
}

/// Where to write, and what products are called and cost.
struct Page {
  codec::JsonWriter& json;
  const decide::OfferBook& book;
  const learn::PairRules& rules;
  Currency currency;  ///< of the shop
  std::size_t most = 0;
};

void write_product(const Page& page, std::uint32_t product) {
  codec::JsonWriter& json = page.json;
  const model::Offer& offer = page.book.offer(product);
  json.begin_object();
  json.field("item", offer.id);
  json.field("title", offer.title.empty() ? offer.id : offer.title);
  json.field("title_en", !offer.title_en.empty() ? offer.title_en
                         : offer.title.empty()   ? offer.id
                                                 : offer.title);
  json.field("category", offer.category);
  json.key("price");
  if (offer.price_minor < 0) {
    json.null();
  } else {
    json.text(format_minor(offer.price_minor, offer.currency.value_or(page.currency)));
  }
  json.end_object();
}

void write_measures(codec::JsonWriter& json, const learn::PairRule& rule, std::uint64_t baskets) {
  const Measures measures(rule, baskets);
  json.field("n", rule.both);
  for (const auto& [name, value] : {std::pair<std::string_view, double>{"support", measures.support},
                                    {"lift", measures.lift},
                                    {"leverage", measures.leverage},
                                    {"extra", measures.extra},
                                    {"q", static_cast<double>(rule.q)}}) {
    json.key(name);
    json.real(value);
  }
}

void write_rules(const Page& page, const std::vector<Pair>& pairs) {
  codec::JsonWriter& json = page.json;
  json.key("rules");
  json.begin_array();
  for (std::size_t i = 0; i < std::min(page.most, pairs.size()); ++i) {
    const auto& [left, rule, rank] = pairs[i];
    const Measures measures(rule, page.rules.baskets());
    json.begin_object();
    json.key("if");
    write_product(page, left);
    json.key("then");
    write_product(page, rule.item);
    json.field("if_orders", rule.left);
    json.field("then_orders", rule.right);
    json.key("confidence");
    json.real(measures.confidence);
    json.key("conviction");
    json.real(measures.conviction);
    write_measures(json, rule, page.rules.baskets());
    json.end_object();
  }
  json.end_array();
}

/// The bundle that sells both already; "" when there is none.
std::string bundle_of(const decide::OfferBook& book, std::uint32_t a, std::uint32_t b) {
  const auto* with_a = book.bundles_of(a);
  const auto* with_b = book.bundles_of(b);
  if (with_a == nullptr || with_b == nullptr) return {};
  for (const decide::OfferNo bundle : *with_a) {
    if (std::find(with_b->begin(), with_b->end(), bundle) != with_b->end()) return book.offer(bundle).id;
  }
  return {};
}

/// Each pair once, whichever side its rule began at.
void write_bundles(const Page& page, const std::vector<Pair>& pairs) {
  codec::JsonWriter& json = page.json;
  json.key("bundles");
  json.begin_array();
  std::vector<std::pair<std::uint32_t, std::uint32_t>> told;
  for (const auto& [left, rule, rank] : pairs) {
    if (told.size() == page.most) break;
    const auto pair = std::minmax(left, rule.item);
    if (std::find(told.begin(), told.end(), std::pair<std::uint32_t, std::uint32_t>(pair)) != told.end())
      continue;
    told.emplace_back(pair);
    json.begin_object();
    json.key("items");
    json.begin_array();
    write_product(page, left);
    write_product(page, rule.item);
    json.end_array();
    write_measures(json, rule, page.rules.baskets());
    json.key("bundle_id");
    if (const std::string bundle = bundle_of(page.book, left, rule.item); bundle.empty()) {
      json.null();
    } else {
      json.text(bundle);
    }
    json.end_object();
  }
  json.end_array();
}

void write_category(codec::JsonWriter& json, const decide::OfferBook& book, std::uint32_t category) {
  json.begin_object();
  const std::string& name = book.category_name(category);
  json.field("category", name);
  const auto& best = book.in_category(category);
  const std::string english = best.empty() ? "" : book.offer(best.front().offer).category_en;
  json.field("category_en", english.empty() ? name : english);
  json.end_object();
}

/// Rules between categories that fit the query's category, in its order. A query of a product has none.
void write_category_rules(codec::JsonWriter& json, const Serving& serving, const RulesQuery& query,
                          Order order) {
  json.key("category_rules");
  json.begin_array();
  const auto* model =
      serving.models == nullptr ? nullptr : serving.models->set.find<learn::CategoryRules>("category-rules");
  const decide::OfferBook& book = *serving.book;
  std::vector<Pair> pairs;
  const auto number = [&](std::uint32_t category) { return book.category(model->an_item(category)); };
  for (std::uint32_t left = 0; model != nullptr && left < model->categories(); ++left) {
    if (!query.item.empty() || !query.if_item.empty() || model->an_item(left) >= book.products()) break;
    for (const learn::PairRule& rule : model->rules().of(left)) {
      if (model->an_item(rule.item) >= book.products()) continue;
      if (!query.category.empty() && book.category_name(number(left)) != query.category &&
          book.category_name(number(rule.item)) != query.category)
        continue;
      pairs.push_back({left, rule, order(rule, model->rules().baskets())});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.rank > b.rank; });
  for (std::size_t i = 0; i < std::min(pairs.size(), query.most); ++i) {
    const auto& [left, rule, rank] = pairs[i];
    const std::uint64_t orders = model->rules().baskets();
    json.begin_object();
    json.key("if");
    write_category(json, book, number(left));
    json.key("then");
    write_category(json, book, number(rule.item));
    json.field("if_orders", rule.left);
    json.field("then_orders", rule.right);
    json.field("orders", orders);
    json.key("confidence");
    json.real(Measures(rule, orders).confidence);
    write_measures(json, rule, orders);
    json.end_object();
  }
  json.end_array();
}

Result<std::string> rules_json(Inquiry& inquiry, const RulesQuery& query) {
  RAPPORT_TRY(const auto serving, inquiry.unit().recommend_desk.refresh());
  const learn::PairRules* rules =
      serving->models == nullptr ? nullptr : serving->models->set.find<learn::PairRules>("rules");
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("trained", rules != nullptr);
  std::vector<Pair> pairs;
  if (rules != nullptr) {
    RAPPORT_TRY(pairs, pairs_of(*rules, *serving, query));
    json.field("trained_at", Instant{serving->models->set.trained_ms});
    json.field("orders", rules->baskets());
    json.field("matching", pairs.size());
    const Page page{json, *serving->book, *rules, inquiry.currency(),
                    std::min(query.most, RulesQuery::kMost)};
    write_rules(page, pairs);
    write_bundles(page, pairs);
  } else {
    for (const char* none : {"rules", "bundles"}) {
      json.key(none);
      json.begin_array();
      json.end_array();
    }
  }
  RAPPORT_TRY(const Order order, order_of(query.sort));
  write_category_rules(json, *serving, query, order);
  json.end_object();
  return text;
}

}  // namespace

void model_rules(Engine& engine, ShopNo shop, RulesQuery query, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [query = std::move(query)](Inquiry& inquiry) { return rules_json(inquiry, query); },
      std::move(reply));
}

}  // namespace rapport::engine
