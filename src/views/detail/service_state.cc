#include "views/detail/service_state.h"

#include <algorithm>
#include <vector>

#include "model/catalogue_ids.h"

namespace rapport::views::detail {
namespace {

namespace k = model::kind;

bool grants(model::EventKind kind) {
  return kind == k::service_bought || kind == k::service_entitled || kind == k::service_renewed;
}

// Newest first: grants and their ends until the last lapse of this service.
Answer holds_one(std::uint32_t service, const FactsView& facts) {
  const std::span<const Fact> all = facts.facts();
  std::int64_t until_ms = INT64_MIN;
  for (std::size_t i = all.size(); i-- > 0;) {
    const Fact& fact = all[i];
    if (fact.object() != service) continue;
    if (fact.kind() == k::service_lapsed) break;
    if (!grants(fact.kind())) continue;
    // A lapse in the same millisecond wins, wherever the canonical order has put it.
    const std::int64_t time_ms = fact.time().ms;
    bool lapsed = false, told = false;
    const auto same_moment = [&](std::size_t j) { return j < all.size() && all[j].time().ms == time_ms; };
    std::size_t first = i;
    while (first > 0 && same_moment(first - 1)) --first;
    for (std::size_t j = first; same_moment(j); ++j) {
      if (all[j].object() != service) continue;
      lapsed = lapsed || all[j].kind() == k::service_lapsed;
      if (all[j].kind() != fact_kind::service_until) continue;
      told = true;
      until_ms = std::max(until_ms, later(time_ms, facts.value(all[j]) * 1000));
    }
    if (lapsed) break;
    if (!told) return {Truth::yes};
  }
  if (until_ms > facts.at().ms) return {Truth::yes, until_ms};
  return {Truth::no};
}

}  // namespace

Answer holds_service(std::string_view service, const FactsView& facts) {
  const bool possible = facts.may_have(k::service_bought) || facts.may_have(k::service_entitled) ||
                        facts.may_have(k::service_renewed);
  if (!possible) return {};
  if (!service.empty()) {
    const std::uint32_t number = facts.tables().dictionary(DictionaryKind::services).find(service);
    return number == 0 ? Answer{} : holds_one(number, facts);
  }
  std::vector<std::uint32_t> services;
  for (const Fact& fact : facts.facts()) {
    if (grants(fact.kind())) services.push_back(fact.object());
  }
  std::sort(services.begin(), services.end());
  services.erase(std::unique(services.begin(), services.end()), services.end());
  Answer answer;
  answer.until_ms = INT64_MIN;
  for (const std::uint32_t one : services) {
    const Answer held = holds_one(one, facts);
    if (held.value != Truth::yes) continue;
    answer.value = Truth::yes;
    answer.until_ms = std::max(answer.until_ms, held.until_ms);
  }
  if (answer.value == Truth::no) answer.until_ms = Instant::never().ms;
  return answer;
}

}  // namespace rapport::views::detail
