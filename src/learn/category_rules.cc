#include "learn/category_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "learn/detail/model_bytes.h"

namespace rapport::learn {
namespace {

constexpr std::uint32_t kNone = CategoryRules::kNone;

/// Categories numbered in the order of their first items.
std::vector<std::uint32_t> numbered(const std::vector<std::vector<std::uint32_t>>& attributes,
                                    std::size_t items, std::size_t& categories) {
  std::unordered_map<std::uint32_t, std::uint32_t> numbers;
  std::vector<std::uint32_t> out(items, kNone);
  for (std::size_t item = 0; item < std::min(items, attributes.size()); ++item) {
    if (attributes[item].empty()) continue;
    out[item] =
        numbers.emplace(attributes[item].front(), static_cast<std::uint32_t>(numbers.size())).first->second;
  }
  categories = numbers.size();
  return out;
}

}  // namespace

CategoryRules::CategoryRules(std::vector<std::uint32_t> category_of, std::unique_ptr<const PairRules> rules,
                             std::size_t categories)
    : category_of_(std::move(category_of)), rules_(std::move(rules)), items_(categories, 0) {
  for (std::size_t item = category_of_.size(); item-- > 0;) {
    if (category_of_[item] != kNone) items_[category_of_[item]] = static_cast<std::uint32_t>(item);
  }
}

void CategoryRules::score(const History& history, std::span<double> scores) const {
  std::vector<double> best(categories(), 0);
  for (std::size_t i = history.events.size(); i-- > 0;) {
    if (history.events[i].time_ms != history.events.back().time_ms) break;
    const std::uint32_t from = category_of(history.events[i].item);
    if (from == kNone) continue;
    for (const PairRule& rule : rules_->of(from))
      best[rule.item] = std::max(best[rule.item], rules_->added(rule));
  }
  for (std::size_t item = 0; item < scores.size(); ++item) {
    const std::uint32_t category = category_of(static_cast<std::uint32_t>(item));
    scores[item] = category == kNone ? 0 : best[category];
  }
}

bool CategoryRules::save(ByteWriter& out) const {
  out.varint(categories());
  for (const std::uint32_t category : category_of_) out.varint(category == kNone ? 0 : category + 1ULL);
  return rules_->save(out);
}

Result<std::unique_ptr<const Recommender>> CategoryRules::load(ByteReader& in, std::size_t items) {
  const std::uint64_t categories = in.varint();
  if (!in.ok() || categories > items || items > in.left()) return detail::damaged("categories");
  std::vector<std::uint32_t> category_of(items, kNone);
  std::vector<bool> met(categories);
  for (std::uint32_t& category : category_of) {
    RAPPORT_TRY(const std::uint32_t number, detail::get_item(in, categories + 1, "a category"));
    if (number == 0) continue;
    category = number - 1;
    met[category] = true;
  }
  if (std::find(met.begin(), met.end(), false) != met.end()) return detail::damaged("a category of nothing");
  RAPPORT_TRY(auto rules, PairRules::load(in, categories));
  const auto* pairs = dynamic_cast<const PairRules*>(rules.release());
  return std::unique_ptr<const Recommender>(std::make_unique<CategoryRules>(
      std::move(category_of), std::unique_ptr<const PairRules>(pairs), categories));
}

Result<std::unique_ptr<const Recommender>> train_category_rules(const ModelSpec& spec,
                                                                const Interactions& interactions,
                                                                const TrainContext& context) {
  std::size_t categories = 0;
  std::vector<std::uint32_t> category_of;
  if (context.attributes != nullptr)
    category_of = numbered(*context.attributes, interactions.items(), categories);
  if (categories == 0)
    return Error{Errc::refused, "nothing has a category", spec.name, "categories of the items"};
  InteractionsBuilder builder;
  for (std::size_t category = 0; category < categories; ++category)
    RAPPORT_CHECK(builder.add_item(fmt::format("{}", category)));
  std::size_t told = 0;
  for (std::uint32_t customer = 0; customer < interactions.customers(); ++customer) {
    for (const Interaction& event : interactions.of(customer)) {
      const std::uint32_t category = category_of[event.item];
      if (category == kNone) continue;
      RAPPORT_CHECK(
          builder.add(interactions.customer_name(customer), fmt::format("{}", category), event.time_ms));
      ++told;
    }
  }
  if (told == 0) return Error{Errc::refused, "nothing that was taken has a category", spec.name};
  RAPPORT_TRY(const Interactions by_category, std::move(builder).build());
  ModelSpec pairs = spec;
  pairs.settings.emplace("count", 5);
  pairs.settings.emplace("most", 20);
  RAPPORT_TRY(auto rules, train_pair_rules(pairs, by_category, context));
  const auto* kept = dynamic_cast<const PairRules*>(rules.release());
  return std::unique_ptr<const Recommender>(std::make_unique<CategoryRules>(
      std::move(category_of), std::unique_ptr<const PairRules>(kept), categories));
}

}  // namespace rapport::learn
