#include "learn/pair_rules.h"

#include <algorithm>

#include "learn/detail/model_bytes.h"
#include "learn/detail/settings.h"
#include "learn/itemsets.h"
#include "learn/rules.h"

namespace rapport::learn {
namespace {

constexpr double kFalseDiscoveries = 0.05;
constexpr std::size_t kPairsMost = 20'000'000;
/// Stands where the number of baskets stood before rules carried their q: there was never none.
constexpr std::uint64_t kWithRates = 0;

/// Each customer's events of one time are a basket; items keep their numbers.
Result<Baskets> baskets_of(const Interactions& interactions) {
  Baskets baskets;
  for (std::uint32_t item = 0; item < interactions.items(); ++item) {
    RAPPORT_CHECK(baskets.item(interactions.item_name(item)));
  }
  std::vector<std::uint32_t> basket;
  for (std::size_t customer = 0; customer < interactions.customers(); ++customer) {
    const auto events = interactions.of(customer);
    for (std::size_t i = 0; i < events.size(); ++i) {
      basket.push_back(events[i].item);
      if (i + 1 < events.size() && events[i + 1].time_ms == events[i].time_ms) continue;
      RAPPORT_CHECK(baskets.add(basket));
      basket.clear();
    }
  }
  return baskets;
}

}  // namespace

void PairRules::score(const History& history, std::span<double> scores) const {
  std::fill(scores.begin(), scores.end(), 0);
  for (std::size_t i = history.events.size(); i-- > 0;) {
    if (history.events[i].time_ms != history.events.back().time_ms) break;
    for (const PairRule& rule : of(history.events[i].item))
      scores[rule.item] = std::max(scores[rule.item], added(rule));
  }
}

bool PairRules::save(ByteWriter& out) const {
  out.varint(kWithRates);
  out.varint(baskets_);
  for (std::uint32_t item = 0; item + 1 < begins_.size(); ++item) {
    out.varint(of(item).size());
    for (const PairRule& rule : of(item)) {
      for (const std::uint32_t number : {rule.item, rule.both, rule.left, rule.right}) out.varint(number);
      detail::put_float(out, rule.q);
    }
  }
  return true;
}

Result<std::unique_ptr<const Recommender>> PairRules::load(ByteReader& in, std::size_t items) {
  std::uint64_t baskets = in.varint();
  const bool with_rates = baskets == kWithRates;
  if (with_rates) baskets = in.varint();
  std::vector<std::size_t> begins{0};
  std::vector<PairRule> rules;
  for (std::size_t item = 0; item < items; ++item) {
    RAPPORT_TRY(const std::size_t count, detail::get_count(in, 4, "rules"));
    for (std::size_t i = 0; i < count; ++i) {
      PairRule rule;
      RAPPORT_TRY(rule.item, detail::get_item(in, items, "a rule"));
      const std::uint64_t both = in.varint(), left = in.varint(), right = in.varint();
      const bool fits = in.ok() && both >= 1 && both <= left && both <= right && left <= baskets &&
                        right <= baskets && baskets <= 0xffff'ffffU;
      if (!fits) return detail::damaged("the counts of a rule");
      rule.both = static_cast<std::uint32_t>(both);
      rule.left = static_cast<std::uint32_t>(left);
      rule.right = static_cast<std::uint32_t>(right);
      rule.q = static_cast<float>(kFalseDiscoveries);
      if (with_rates) {
        RAPPORT_TRY(rule.q, detail::get_float(in, 0, 1, "the q of a rule"));
      }
      rules.push_back(rule);
    }
    begins.push_back(rules.size());
  }
  if (!in.ok()) return detail::damaged("rules");
  return std::unique_ptr<const Recommender>(
      std::make_unique<PairRules>(baskets, std::move(begins), std::move(rules)));
}

Result<std::unique_ptr<const Recommender>> train_pair_rules(const ModelSpec& spec,
                                                            const Interactions& interactions,
                                                            const TrainContext& context) {
  RAPPORT_TRY(const double count, detail::setting(spec, "count", 3, 1, 1e9));
  RAPPORT_TRY(const double most, detail::setting(spec, "most", 50, 1, 10'000));
  RAPPORT_TRY(const Baskets baskets, baskets_of(interactions));
  MineOptions mine;
  mine.smallest_count = static_cast<std::uint32_t>(count);
  mine.longest = 2;
  mine.threads = context.threads;
  mine.itemsets_most = kPairsMost;
  RAPPORT_TRY(const Itemsets itemsets, mine_itemsets(baskets, mine));
  RuleOptions options;
  options.confidence = 0;
  options.smallest_count = mine.smallest_count;
  options.threads = context.threads;
  RAPPORT_TRY(const Rules rules, make_rules(itemsets, options));
  std::vector<std::vector<PairRule>> lists(interactions.items());
  for (const Rule& rule : rules.all()) {
    if (!(rule.lift > 1) || !(rule.fdr_q <= kFalseDiscoveries)) continue;
    lists[rules.antecedent(rule)[0]].push_back({rule.consequent, rule.both_count, rule.antecedent_count,
                                                rule.consequent_count, static_cast<float>(rule.fdr_q)});
  }
  const PairRules measures(baskets.size(), {0}, {});
  std::vector<std::size_t> begins{0};
  std::vector<PairRule> kept;
  for (std::vector<PairRule>& list : lists) {
    std::sort(list.begin(), list.end(), [&](const PairRule& a, const PairRule& b) {
      const double left = measures.added(a), right = measures.added(b);
      return left != right ? left > right : a.item < b.item;
    });
    list.resize(std::min(list.size(), static_cast<std::size_t>(most)));
    kept.insert(kept.end(), list.begin(), list.end());
    begins.push_back(kept.size());
  }
  if (kept.empty())
    return Error{Errc::refused, "no two things are bought together more often than by chance", spec.name,
                 "more baskets of two things and more"};
  return std::unique_ptr<const Recommender>(
      std::make_unique<PairRules>(baskets.size(), std::move(begins), std::move(kept)));
}

}  // namespace rapport::learn
