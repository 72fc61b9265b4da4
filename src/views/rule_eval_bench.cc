#include <benchmark/benchmark.h>

#include <algorithm>

#include "base/random.h"
#include "model/catalogue_ids.h"
#include "views/shipped_rules.h"
#include "views/tags/tags.h"

// What a rule costs on a customer with 20 facts: the six shipped classes together, and all tags.
namespace rapport::views {
namespace {

namespace k = model::kind;

struct Customers {
  ShopTables tables{Currency{{'C', 'N', 'Y'}}};
  std::vector<std::vector<Fact>> facts;
  static constexpr std::int64_t kEndMs = 1'767'225'600'000;

  explicit Customers(std::size_t customers, std::size_t facts_each) {
    Random random(7);
    for (int i = 0; i < 50; ++i) tables.dictionary(DictionaryKind::products).intern("P" + std::to_string(i));
    tables.dictionary(DictionaryKind::words).intern("nps");
    tables.products.resize(51);
    for (ProductInfo& product : tables.products)
      product.category = 1 + static_cast<std::uint32_t>(random.below(8));
    for (int i = 0; i < 10; ++i)
      tables.dictionary(DictionaryKind::words).intern("category " + std::to_string(i));
    tables.seen = {~std::uint64_t{0}, ~std::uint64_t{0}};
    facts.resize(customers);
    for (auto& mine : facts) {
      for (std::size_t i = 0; i < facts_each; ++i) mine.push_back(make(random, i));
      std::sort(mine.begin(), mine.end(),
                [&](const Fact& a, const Fact& b) { return fact_before(tables, a, b); });
    }
  }

  Fact make(Random& random, std::size_t i) {
    const Instant at{kEndMs - random.between(0, days(90).ms)};
    if (i == 0) return {at, k::user_registered, 0, 0, 0};
    constexpr model::EventKind kKinds[] = {k::product_viewed, k::product_viewed, k::product_viewed,
                                           k::page,           k::product_added,  k::order_completed,
                                           k::review_posted,  k::contact_started};
    const model::EventKind kind = kKinds[random.below(std::size(kKinds))];
    const auto object = static_cast<std::uint32_t>(1 + random.below(50));
    return {at, kind, 0, object, tables.wide.store(random.between(1'000, 200'000))};
  }

  FactsView view(std::size_t i) const {
    FactsView view(tables, Instant{kEndMs}, facts[i]);
    std::uint64_t seen[2] = {0, 0};
    for (const Fact& fact : facts[i]) {
      const unsigned bit = FactsView::mask_bit(fact.kind());
      seen[bit >> 6] |= std::uint64_t{1} << (bit & 63);
    }
    view.set_seen(seen[0], seen[1]);
    return view;
  }
};

void shipped_rules_20_facts(benchmark::State& state) {
  const Customers customers(1000, 20);
  std::vector<FactsView> views;
  for (std::size_t i = 0; i < 1000; ++i) views.push_back(customers.view(i));
  const RuleSet rules = *RuleSet::make(shipped_rules());
  std::vector<Outcome> out(rules.size());
  std::size_t i = 0;
  for (auto _ : state) {
    rules.eval(rules.all(), views[i++ % 1000], {}, out);
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["ns_a_rule"] =
      benchmark::Counter(static_cast<double>(rules.size()) / 1e9,
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(shipped_rules_20_facts);

void one_rule_20_facts(benchmark::State& state) {
  const Customers customers(1000, 20);
  std::vector<FactsView> views;
  for (std::size_t i = 0; i < 1000; ++i) views.push_back(customers.view(i));
  const RuleSet rules = *RuleSet::make(shipped_rules());
  const auto which = static_cast<std::uint16_t>(state.range(0));
  state.SetLabel(rules.rule(which).name);
  std::vector<Outcome> out(rules.size());
  std::size_t i = 0;
  for (auto _ : state) {
    rules.eval({&which, 1}, views[i++ % 1000], {}, out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(one_rule_20_facts)->DenseRange(0, 5);

void tags_20_facts(benchmark::State& state) {
  const Customers customers(1000, 20);
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(tags_of(customers.view(i++ % 1000)));
}
BENCHMARK(tags_20_facts);

}  // namespace
}  // namespace rapport::views
