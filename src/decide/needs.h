#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "decide/recommend.h"

/// What a customer is likely to want next, in words, out of the shop's models: the third layer of tags.
namespace rapport::decide {

/// On what a prediction rests.
enum class NeedSource : std::uint8_t {
  rule,   ///< she bought A and not yet B, and orders with A hold B more often than others
  due,    ///< she buys it again and again, and it is about used up
  taste,  ///< those who took what she took take much of a category in which she has nothing
};
std::string_view need_source_name(NeedSource source);

struct Need {
  static constexpr std::size_t kMost = 5;  ///< of one customer
  std::string need;                        ///< a category; the product's title when it has none
  double strength = 0;  ///< (0, 1]: rule's confidence, probability due, half the share of taste
  Instant until;
  NeedSource source = NeedSource::rule;
  std::string evidence;           ///< in English, with its numbers; at most 300 bytes
  std::vector<OfferNo> products;  ///< the best that would meet it, at most three
};

/// The strongest kMost, one a need, by falling strength. `until` is 30 days for a rule, 14 for taste, twice
/// the interval since the last purchase for what is due (a week at least). What may not be shown to her
/// (had and lasts, sold out, hidden) is not needed. Needs under kNeedLeast are not told. The same input gives
/// the same needs.
std::vector<Need> predict_needs(const OfferBook& book, const learn::ModelSet& models, const Visit& visit);
inline constexpr double kNeedLeast = 0.15;

/// Whether an offer meets a need: its category, the category it goes with or its words say so, or a product
/// in it is of that category. `form` is text::comparison_form of the need.
bool meets_need(const OfferBook& book, OfferNo offer, std::string_view need, std::string_view form);

}  // namespace rapport::decide
