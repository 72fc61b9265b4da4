#include "model/catalogue_ids.h"
#include "views/detail/affinity.h"
#include "views/tags/all.h"

namespace rapport::views::tags {
namespace {

namespace k = model::kind;

constexpr std::string_view kBands[] = {"00-03 UTC", "03-06 UTC", "06-09 UTC", "09-12 UTC",
                                       "12-15 UTC", "15-18 UTC", "18-21 UTC", "21-24 UTC"};

// What the customer does herself, at a time of her choosing.
bool is_own_doing(model::EventKind kind) {
  return kind == k::page || kind == k::screen || kind == k::product_viewed || kind == k::products_searched ||
         kind == k::product_added || kind == k::content_viewed || kind == k::checkout_started ||
         kind == k::order_completed || kind == k::contact_started || kind == k::message_opened;
}

}  // namespace

// Three-hour bands of UTC; a screen shows them in the shop's zone.
void active_hours(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace) {
  detail::Affinity affinity(facts, days(30), trace);
  for (const Fact& fact : facts.facts()) {
    if (!is_own_doing(fact.kind())) continue;
    affinity.add(kBands[civil_from_instant(fact.time()).hour / 3], fact, 10);
  }
  affinity.finish(TagLayer::behaviour, "active_hours",
                  "pages, views, searches, carts, orders and contacts by hour of the day; half-life 30 days",
                  2, 300, out);
}

}  // namespace rapport::views::tags
