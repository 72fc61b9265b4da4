#include "views/detail/affinity.h"
#include "views/tags/all.h"

namespace rapport::views::tags {

void scene(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace) {
  detail::Affinity affinity(facts, days(90), trace);
  detail::add_product_words(facts, &ProductInfo::scene, fact_kind::scene_met, affinity);
  affinity.finish(TagLayer::behaviour, "scene",
                  "bought 5, in the cart 3, liked or wished 2, viewed 1; the event's own word counts 1.5; "
                  "half-life 90 days",
                  3, 200, out);
}

}  // namespace rapport::views::tags
