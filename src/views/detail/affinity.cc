#include "views/detail/affinity.h"

#include <algorithm>

#include "model/catalogue_ids.h"
#include "views/detail/decay.h"
#include "views/detail/rule_fields.h"

namespace rapport::views::detail {

namespace k = model::kind;

Affinity::Affinity(const FactsView& facts, Duration half_life, TagTrace* trace)
    : facts_(facts), half_life_(half_life), moment_(decay_moment(facts.at())), trace_(trace) {}

void Affinity::add(std::string_view value, const Fact& fact, std::uint32_t signal) {
  if (value.empty() || signal == 0) return;
  auto at = std::lower_bound(values_.begin(), values_.end(), value,
                             [](const Value& one, std::string_view text) { return one.text < text; });
  if (at == values_.end() || at->text != value) {
    at = values_.insert(at, Value{std::string(value), 0, fact.time(), {}});
  }
  at->weight += decay(moment_ - fact.time(), half_life_) * signal;
  at->since = std::min(at->since, fact.time());
  if (trace_ != nullptr) at->facts.push_back(static_cast<std::uint32_t>(&fact - facts_.facts().data()));
}

namespace {

// Tenths in 32.32 to thousandths of a full signal.
std::string weight_text(std::uint64_t weight) {
  return format_thousandths(static_cast<std::int64_t>((weight * 100) >> 32));
}

}  // namespace

void Affinity::finish(TagLayer layer, std::string_view name, std::string_view formula, std::size_t most,
                      std::int32_t least_share, std::vector<Tag>& out) {
  constexpr std::size_t kMostSteps = 5;
  std::uint64_t total = 0;
  for (const Value& value : values_) total += value.weight;
  if (total == 0) return;
  std::sort(values_.begin(), values_.end(), [](const Value& a, const Value& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.text < b.text;
  });
  // A kept customer has at most 512 facts a node: weights stay below 2^48, times 1000 below 2^58.
  for (std::size_t i = 0; i < values_.size() && i < most; ++i) {
    const Value& value = values_[i];
    const auto share = static_cast<std::int32_t>(value.weight * 1000 / total);
    if (i > 0 && share < least_share) break;
    out.push_back({layer, name, value.text, share, value.since, std::nullopt, "facts"});
  }
  if (trace_ == nullptr) return;
  trace_->push_back({std::string(formula), fmt::format("weight {} in all", weight_text(total)), {}});
  for (std::size_t i = 0; i < values_.size() && i < kMostSteps; ++i) {
    trace_->push_back({fmt::format("\"{}\"", values_[i].text), "weight " + weight_text(values_[i].weight),
                       values_[i].facts});
  }
}

std::uint32_t product_signal(model::EventKind kind) {
  if (kind == fact_kind::order_line) return Signals::kBought;
  if (kind == k::product_added) return Signals::kCart;
  if (kind == k::product_added_to_wishlist || kind == k::product_liked) return Signals::kWished;
  if (kind == k::product_viewed) return Signals::kViewed;
  return 0;
}

void add_product_words(const FactsView& facts, std::uint32_t ProductInfo::*word, model::EventKind met,
                       Affinity& affinity) {
  const std::span<const Fact> all = facts.facts();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Fact& fact = all[i];
    if (fact.kind() == met) {
      affinity.add(facts.object_text(fact), fact, Signals::kSearched);
      continue;
    }
    const std::uint32_t signal = product_signal(fact.kind());
    if (signal == 0) continue;
    // The words an event named stand in facts of the same millisecond; kinds are ascending there.
    bool named = false;
    for (std::size_t j = i + 1; j < all.size() && all[j].time() == fact.time(); ++j)
      named |= all[j].kind() == met;
    if (named && fact.kind() == k::product_viewed) continue;
    affinity.add(facts.tables().words().text(facts.product(fact.object()).*word), fact, signal);
  }
}

}  // namespace rapport::views::detail
