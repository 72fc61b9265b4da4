#include "model/catalogue_ids.h"
#include "views/detail/affinity.h"
#include "views/tags/all.h"

namespace rapport::views::tags {

// Where messages reach her: a click says more than an opening, that more than where she registered.
void channel(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace) {
  namespace k = model::kind;
  detail::Affinity affinity(facts, days(90), trace);
  for (const Fact& fact : facts.facts()) {
    const std::uint32_t signal = fact.kind() == k::message_clicked   ? 50
                                 : fact.kind() == k::message_opened  ? 30
                                 : fact.kind() == k::user_registered ? 10
                                                                     : 0;
    if (signal > 0) affinity.add(facts.object_text(fact), fact, signal);
  }
  affinity.finish(TagLayer::behaviour, "channel",
                  "message clicked 5, message opened 3, registered there 1; half-life 90 days", 2, 300, out);
}

}  // namespace rapport::views::tags
