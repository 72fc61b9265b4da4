#include "views/detail/sequence_match.h"

#include <algorithm>

namespace rapport::views::detail {
namespace {

bool same_product(const SequencePlan& plan, const Fact& a, const Fact& b) {
  return !plan.rule->same_product || a.object() == b.object();
}

void find_links(const SequencePlan& plan, const FactsView& facts, std::vector<Link>& links) {
  links.clear();
  for (const Pick& step : plan.steps) {
    const bool possible = std::any_of(step.kinds.begin(), step.kinds.end(),
                                      [&](const KindPick& one) { return facts.may_have(one.kind); });
    const bool absent = &step == &plan.steps.back() && plan.rule->steps.back().absent;
    if (!possible && !absent) return;
  }
  for (const Fact& fact : facts.facts()) {
    Link link{&fact};
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      for (const KindPick& one : plan.steps[i].kinds) {
        if (one.kind != fact.kind() || !matches(one, facts, fact)) continue;
        link.can |= 1U << i;
        break;
      }
    }
    if (link.can != 0) links.push_back(link);
  }
}

// reached[i] of a fact: it matches step i, and another fact of the same product reached step i - 1 at most
// `within` before it (the same millisecond included, `within` itself not).
void find_chains(const SequencePlan& plan, std::size_t steps, std::vector<Link>& links) {
  for (Link& link : links) link.reached = link.can & 1U;
  for (std::size_t i = 1; i < steps; ++i) {
    const std::int64_t within_ms = plan.rule->steps[i].within.ms;
    for (std::size_t f = 0; f < links.size(); ++f) {
      if ((links[f].can >> i & 1U) == 0) continue;
      const std::int64_t time_ms = links[f].fact->time().ms;
      std::size_t g = f + 1;
      while (g < links.size() && links[g].fact->time().ms == time_ms) ++g;
      while (g-- > 0) {
        if (time_ms - links[g].fact->time().ms >= within_ms) break;
        if (g == f || (links[g].reached >> (i - 1) & 1U) == 0) continue;
        if (!same_product(plan, *links[g].fact, *links[f].fact)) continue;
        links[f].reached |= 1U << i;
        break;
      }
    }
  }
}

// Whether the step that must not follow has come at or after the end of the chain.
bool followed(const SequencePlan& plan, std::size_t absent, const std::vector<Link>& links, std::size_t end) {
  const std::int64_t time_ms = links[end].fact->time().ms;
  for (std::size_t n = links.size(); n-- > 0 && links[n].fact->time().ms >= time_ms;) {
    if (n != end && (links[n].can >> absent & 1U) != 0 &&
        same_product(plan, *links[n].fact, *links[end].fact)) {
      return true;
    }
  }
  return false;
}

}  // namespace

SequencePlan make_sequence(const Sequence& rule) {
  SequencePlan plan{&rule, {}};
  for (const Sequence::Step& step : rule.steps) plan.steps.push_back(make_pick(step.events));
  return plan;
}

Answer eval_sequence(const SequencePlan& plan, const FactsView& facts, SequenceScratch& scratch) {
  const bool absent = plan.rule->steps.back().absent;
  const std::size_t steps = plan.steps.size() - (absent ? 1 : 0);
  find_links(plan, facts, scratch.links);
  find_chains(plan, steps, scratch.links);
  scratch.ends.clear();
  for (std::size_t f = scratch.links.size(); f-- > 0;) {
    if ((scratch.links[f].reached >> (steps - 1) & 1U) == 0) continue;
    if (absent && followed(plan, steps, scratch.links, f)) continue;
    scratch.ends.push_back(scratch.links[f].fact);
  }
  Ages ages = plan.rule->ages;
  if (absent) ages.from = std::max(ages.from, plan.rule->steps.back().within);
  if (ages.from >= ages.to) return {};
  return any_within(
      ages, scratch.ends.size(), [&](std::size_t i) { return scratch.ends[i]->time().ms; }, facts.at().ms);
}

}  // namespace rapport::views::detail
