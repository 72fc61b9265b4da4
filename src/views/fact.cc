#include "views/fact.h"

#include <algorithm>

#include "base/assert.h"
#include "model/catalogue_ids.h"

namespace rapport::views {

Instant Fact::clamp(Instant time) {
  constexpr std::int64_t most = (std::int64_t{1} << 44) - 1;
  return Instant{std::clamp(time.ms, kEpochMs, kEpochMs + most)};
}

Fact::Fact(Instant time, model::EventKind kind, std::uint8_t aux, std::uint32_t object,
           std::int32_t stored_value)
    : head_((static_cast<std::uint64_t>(clamp(time).ms - kEpochMs) << 20) |
            (std::uint64_t{kind.value & 0xfffU} << 8) | aux),
      object_(object),
      stored_value_(stored_value) {}

bool fact_before(const ShopTables& tables, const Fact& a, const Fact& b) {
  if (a.time() != b.time()) return a.time() < b.time();
  if (a.kind() != b.kind()) return a.kind() < b.kind();
  if (a.object() != b.object()) {
    const Dictionary& objects = tables.dictionary(fact_object_dictionary(a.kind()));
    return objects.text(a.object()) < objects.text(b.object());
  }
  if (a.stored_value() != b.stored_value()) {
    return tables.wide.value(a.stored_value()) < tables.wide.value(b.stored_value());
  }
  if (a.aux() == b.aux()) return false;
  if (!fact_aux_is_currency(a.kind())) return a.aux() < b.aux();
  return tables.currencies.currency(a.aux()) < tables.currencies.currency(b.aux());
}

FactsView::FactsView(const ShopTables& tables, Instant at, std::span<const Fact> facts,
                     std::span<const FactBucket> buckets, std::span<const TraitChange> traits,
                     std::span<const ConsentChange> consents)
    : tables_(&tables), at_(at), facts_(facts), buckets_(buckets), traits_(traits), consents_(consents) {
  *this = as_of(at);
}

FactsView FactsView::as_of(Instant t) const {
  FactsView view = *this;
  view.at_ = t;
  const auto later =
      std::partition_point(facts_.begin(), facts_.end(), [t](const Fact& fact) { return fact.time() <= t; });
  view.facts_ = facts_.first(static_cast<std::size_t>(later - facts_.begin()));
  const auto changed = std::partition_point(traits_.begin(), traits_.end(),
                                            [t](const TraitChange& change) { return change.at <= t; });
  view.traits_ = traits_.first(static_cast<std::size_t>(changed - traits_.begin()));
  const auto asked = std::partition_point(consents_.begin(), consents_.end(),
                                          [t](const ConsentChange& change) { return change.at <= t; });
  view.consents_ = consents_.first(static_cast<std::size_t>(asked - consents_.begin()));
  return view;
}

const Fact* FactsView::latest(model::EventKind kind) const {
  if (!may_have(kind)) return nullptr;
  for (std::size_t i = facts_.size(); i-- > 0;) {
    if (facts_[i].kind() == kind) return &facts_[i];
  }
  return nullptr;
}

std::string_view FactsView::object_text(const Fact& fact) const {
  return tables_->dictionary(fact_object_dictionary(fact.kind())).text(fact.object());
}

Currency FactsView::currency(const Fact& fact) const {
  return tables_->currencies.currency(fact_aux_is_currency(fact.kind()) ? fact.aux() : std::uint8_t{0});
}

bool FactsView::is_net_order(const Fact& fact) const {
  const std::size_t index = static_cast<std::size_t>(&fact - facts_.data());
  ASSERT(index < facts_.size() && fact.kind() == model::kind::order_completed);
  const std::uint32_t order = fact.object();
  if (may_have(model::kind::order_cancelled)) {
    // A cancellation may be told before the order it cancels; either way there is no purchase.
    for (const Fact& other : facts_) {
      if (other.kind() == model::kind::order_cancelled && other.object() == order) return false;
    }
  }
  if (order >= tables_->order_repeated.size() || !tables_->order_repeated[order]) return true;
  for (std::size_t i = 0; i < index; ++i) {
    if (facts_[i].kind() == model::kind::order_completed && facts_[i].object() == order) return false;
  }
  return true;
}

std::optional<std::string_view> FactsView::trait(model::PropertyId property) const {
  std::optional<std::string_view> found;
  Instant when = Instant::min();
  for (std::size_t i = traits_.size(); i-- > 0;) {
    const TraitChange& change = traits_[i];
    if (change.property != property) continue;
    if (found && change.at < when) break;
    const std::string_view text = tables_->words().text(change.word);
    if (!found || text > *found) found = text;
    when = change.at;
  }
  return found;
}

std::optional<bool> FactsView::consent(std::string_view purpose, std::string_view channel) const {
  const std::uint32_t purpose_word = tables_->words().find(purpose);
  const std::uint32_t channel_word = tables_->words().find(channel);
  if (purpose_word == 0 || (channel_word == 0 && !channel.empty())) return std::nullopt;
  // For each channel asked about: the latest word of each node, then the strictest of them.
  std::optional<bool> answer;
  for (const ConsentChange& asked : consents_) {
    if (asked.purpose_word != purpose_word || (channel_word != 0 && asked.channel_word != channel_word))
      continue;
    bool granted = true;
    for (const ConsentChange& node : consents_) {
      if (node.purpose_word != purpose_word || node.channel_word != asked.channel_word) continue;
      const bool is_latest =
          std::none_of(consents_.begin(), consents_.end(), [&](const ConsentChange& later) {
            return later.node == node.node && later.purpose_word == node.purpose_word &&
                   later.channel_word == node.channel_word &&
                   (later.at > node.at || (later.at == node.at && !later.granted && node.granted));
          });
      if (is_latest && !node.granted) granted = false;
    }
    answer = answer.value_or(false) || granted;
  }
  return answer;
}

}  // namespace rapport::views
