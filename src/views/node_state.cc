#include "views/node_state.h"

#include <algorithm>

#include "base/wrapping.h"

namespace rapport::views {
namespace {

void add_to_bucket(Flat<FactBucket>& buckets, const ShopTables& tables, const Fact& fact) {
  const auto day = static_cast<std::int32_t>(day_number(fact.time()));
  const std::uint16_t kind = fact.kind().value;
  const std::uint8_t aux = fact.aux();
  const auto key = std::tuple(day, kind, aux);
  FactBucket* at = std::partition_point(buckets.begin(), buckets.end(), [&](const FactBucket& bucket) {
    return std::tuple(bucket.day, bucket.kind, bucket.aux) < key;
  });
  if (at == buckets.end() || std::tuple(at->day, at->kind, at->aux) != key) {
    const auto index = static_cast<std::size_t>(at - buckets.begin());
    buckets.insert(index, FactBucket{day, kind, aux, 0, 0, fact.time().ms});
    at = buckets.begin() + index;
  }
  ++at->count;
  at->sum = wrapping_sum(at->sum, tables.wide.value(fact.stored_value()));
  at->latest_ms = std::max(at->latest_ms, fact.time().ms);
}

/// Removes the oldest of the elements that `same` picks when there are more than kHistoryKept.
template <class T, class Same>
void keep_newest(Flat<T>& history, Same same) {
  if (history.size() <= NodeExtra::kHistoryKept) return;
  if (static_cast<std::size_t>(std::count_if(history.begin(), history.end(), same)) <=
      NodeExtra::kHistoryKept) {
    return;
  }
  history.erase(
      static_cast<std::size_t>(std::find_if(history.begin(), history.end(), same) - history.begin()));
}

}  // namespace

std::size_t NodeExtra::memory_bytes() const {
  return sizeof(NodeExtra) + buckets.memory_bytes() + traits.memory_bytes() + consents.memory_bytes() +
         services.memory_bytes() + appointments.memory_bytes() + coupons.memory_bytes() +
         needs.memory_bytes() + orders.memory_bytes() + returns.memory_bytes() + contacts.memory_bytes() +
         tickets.memory_bytes();
}

void NodeState::add_fact(const ShopTables& tables, const Fact& fact) {
  const unsigned bit = FactsView::mask_bit(fact.kind());
  seen[bit >> 6] |= std::uint64_t{1} << (bit & 63);
  std::size_t at = facts.size();
  while (at > 0 && fact_before(tables, fact, facts[at - 1])) --at;
  facts.insert(at, fact);
  if (facts.size() <= kFactsKept) return;
  add_to_bucket(more().buckets, tables, facts[0]);
  facts.erase(0);
}

void NodeState::add_trait(const ShopTables& tables, const TraitChange& change) {
  Flat<TraitChange>& traits = more().traits;
  const auto key = [&](const TraitChange& c) {
    return std::tuple(c.at, c.property, tables.words().text(c.word));
  };
  std::size_t at = traits.size();
  while (at > 0 && key(change) < key(traits[at - 1])) --at;
  if (at > 0 && key(traits[at - 1]) == key(change)) return;
  traits.insert(at, change);
  keep_newest(traits, [&](const TraitChange& other) { return other.property == change.property; });
}

void NodeState::add_consent(const ConsentChange& change) {
  Flat<ConsentChange>& consents = more().consents;
  const auto is_same = [&](const ConsentChange& other) {
    return other.purpose_word == change.purpose_word && other.channel_word == change.channel_word;
  };
  std::size_t at = consents.size();
  while (at > 0 && change.at < consents[at - 1].at) --at;
  for (std::size_t i = at; i > 0 && consents[i - 1].at == change.at; --i) {
    if (!is_same(consents[i - 1])) continue;
    consents[i - 1].granted = consents[i - 1].granted && change.granted;  // a denial at the same moment wins
    return;
  }
  consents.insert(at, change);
  keep_newest(consents, is_same);
}

}  // namespace rapport::views
