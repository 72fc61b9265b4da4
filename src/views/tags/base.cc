#include "model/catalogue_ids.h"
#include "views/tags/all.h"

namespace rapport::views::tags {

// The latest value told; since = the first time of the run of equal values that leads to it.
void base(model::PropertyId trait, std::string_view name, const FactsView& facts, std::vector<Tag>& out,
          TagTrace* trace) {
  const std::optional<std::string_view> value = facts.trait(trait);
  if (!value || value->empty()) return;
  Instant since = facts.at();
  const std::span<const TraitChange> changes = facts.trait_changes();
  for (std::size_t i = changes.size(); i-- > 0;) {
    if (changes[i].property != trait) continue;
    if (facts.tables().words().text(changes[i].word) == *value) {
      since = changes[i].at;
    } else if (changes[i].at < since) {
      break;
    }
  }
  out.push_back({TagLayer::base, name, std::string(*value), 1000, since, std::nullopt, "trait"});
  if (trace == nullptr) return;
  TagStep step{"the value last told by identify", "\"" + std::string(*value) + "\"", {}};
  for (std::size_t i = 0; i < facts.facts().size(); ++i) {
    if (facts.facts()[i].time() == since && facts.facts()[i].kind() == model::kind::identify) {
      step.facts.push_back(static_cast<std::uint32_t>(i));
    }
  }
  trace->push_back(std::move(step));
}

}  // namespace rapport::views::tags
