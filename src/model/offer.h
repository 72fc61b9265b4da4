#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/time.h"

namespace rapport::model {

/// What can be recommended. The words are those of the catalogue's property `item_kind`.
enum class OfferKind : std::uint8_t { product, bundle, content, service, coupon, adviser, early_access };
inline constexpr std::array kOfferKinds = {OfferKind::product,     OfferKind::bundle, OfferKind::content,
                                           OfferKind::service,     OfferKind::coupon, OfferKind::adviser,
                                           OfferKind::early_access};
constexpr std::string_view offer_kind_name(OfferKind kind) {
  constexpr std::string_view kNames[] = {"product", "bundle",  "content",     "service",
                                         "coupon",  "adviser", "early_access"};
  return kNames[static_cast<std::size_t>(kind)];
}

/// One thing that may be recommended, out of the noun that publishes it (Product, Service, Content, Coupon or
/// Bundle Published).
struct Offer {
  OfferKind kind = OfferKind::product;
  std::string id;
  std::string title, title_en;
  std::string category, category_en, department;
  std::int64_t price_minor = -1;  ///< -1: not told
  std::optional<Currency> currency;
  std::optional<std::int64_t> stock;  ///< 0: sold out
  bool hidden = false;                ///< published and not to be shown
  Instant from = Instant::min(), until = Instant::never();
  /// After how many days it is used up; 0: it lasts. Nothing: not told.
  std::optional<std::int64_t> repurchase_days;
  std::string goes_with;              ///< a category
  std::vector<std::string> products;  ///< of a bundle
  std::string word;                   ///< what a coupon is for, what term a content explains
};

}  // namespace rapport::model
