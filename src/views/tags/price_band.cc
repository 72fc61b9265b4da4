#include <array>

#include "model/catalogue_ids.h"
#include "views/detail/affinity.h"
#include "views/detail/bands.h"
#include "views/tags/all.h"

namespace rapport::views::tags {

// The price of what she buys, puts into the cart and views; where the event told none, the published one.
void price_band(const FactsView& facts, std::vector<Tag>& out, TagTrace* trace) {
  constexpr std::array<std::int64_t, 8> kEdges = {0, 100, 200, 500, 800, 1500, 3000, 8000};
  const Currency own = facts.tables().currencies.currency(0);
  detail::Affinity affinity(facts, days(90), trace);
  std::array<std::string, kEdges.size()> own_bands;  // written when first needed: most facts share a few
  for (const Fact& fact : facts.facts()) {
    const std::uint32_t signal = detail::product_signal(fact.kind());
    if (signal == 0) continue;
    std::int64_t minor = fact.kind() == model::kind::product_liked ? 0 : facts.value(fact);
    Currency currency = facts.currency(fact);
    if (minor <= 0) {
      const ProductInfo& product = facts.product(fact.object());
      minor = product.price_minor;
      currency = facts.tables().currencies.currency(product.currency_slot);
    }
    if (minor <= 0) continue;
    const std::size_t band = detail::money_band_of(minor, currency, kEdges);
    if (currency == own) {
      if (own_bands[band].empty()) own_bands[band] = detail::money_band(band, currency, kEdges);
      affinity.add(own_bands[band], fact, signal);
      continue;
    }
    std::string text = detail::money_band(band, currency, kEdges) + " ";
    text += currency.text();
    affinity.add(text, fact, signal);
  }
  affinity.finish(
      TagLayer::behaviour, "price_band",
      "price of one piece: bought 5, in the cart 3, liked or wished 2, viewed 1; half-life 90 days", 2, 300,
      out);
}

}  // namespace rapport::views::tags
