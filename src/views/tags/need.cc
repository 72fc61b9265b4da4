#include <algorithm>

#include "model/catalogue_ids.h"
#include "views/tags/all.h"

namespace rapport::views::tags {

// The latest prediction of each need that has not run out; filled by Need Predicted.
void need(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace) {
  if (!facts.may_have(model::kind::need_predicted)) return;
  const std::span<const Fact> all = facts.facts();
  const std::size_t first = out.size();
  std::vector<std::uint32_t> seen;
  std::vector<std::pair<std::string, std::uint32_t>> places;
  for (std::size_t i = all.size(); i-- > 0;) {
    const Fact& fact = all[i];
    if (fact.kind() != model::kind::need_predicted) continue;
    if (std::find(seen.begin(), seen.end(), fact.object()) != seen.end()) continue;
    seen.push_back(fact.object());
    Tag tag{TagLayer::need,
            "need",
            std::string(facts.object_text(fact)),
            static_cast<std::int32_t>(std::clamp<std::int64_t>(facts.value(fact), 0, 1000)),
            fact.time(),
            std::nullopt,
            "Need Predicted"};
    // Its end stands in a fact of the same millisecond and a greater kind.
    for (std::size_t j = i + 1; j < all.size() && all[j].time() == fact.time(); ++j) {
      if (all[j].kind() != fact_kind::need_until || all[j].object() != fact.object()) continue;
      tag.until = fact.time() + seconds(facts.value(all[j]));
    }
    if (tag.until && *tag.until <= facts.at()) continue;
    places.emplace_back(tag.value, static_cast<std::uint32_t>(i));
    out.push_back(std::move(tag));
  }
  std::sort(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(), [](const Tag& a, const Tag& b) {
    return a.strength != b.strength ? a.strength > b.strength : a.value < b.value;
  });
  if (trace == nullptr) return;
  for (const auto& [value, place] : places) {
    trace->push_back({"the latest prediction of a need, until it runs out", "\"" + value + "\"", {place}});
  }
}

}  // namespace rapport::views::tags
