#include "views/detail/affinity.h"
#include "views/tags/all.h"

namespace rapport::views::tags {

void brand(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace) {
  detail::Affinity affinity(facts, days(180), trace);
  detail::add_product_words(facts, &ProductInfo::brand, model::EventKind{0xfff}, affinity);
  affinity.finish(TagLayer::behaviour, "brand",
                  "bought 5, in the cart 3, liked or wished 2, viewed 1; half-life 180 days", 3, 200, out);
}

}  // namespace rapport::views::tags
