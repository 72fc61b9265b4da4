#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "views/tags/tags.h"

/// Weighing values against each other: what she buys, puts into the cart and looks at, the recent more than
/// the old.
namespace rapport::views::detail {

/// How much one fact says, in tenths.
struct Signals {
  static constexpr std::uint32_t kBought = 50;
  static constexpr std::uint32_t kCart = 30;
  static constexpr std::uint32_t kWished = 20;
  static constexpr std::uint32_t kViewed = 10;
  static constexpr std::uint32_t kSearched = 15;
};

class Affinity {
 public:
  /// With a trace it also keeps which facts spoke, for finish() to tell.
  Affinity(const FactsView& facts, Duration half_life, TagTrace* trace);
  /// `fact` speaks for `value` with `signal` tenths, decayed by its age. An empty value says nothing.
  void add(std::string_view value, const Fact& fact, std::uint32_t signal);
  /// Up to `most` values with at least `least_share` thousandths of all weight, the heaviest first (ties by
  /// value); strength = share. With a trace also how the heaviest five came about.
  void finish(TagLayer layer, std::string_view name, std::string_view formula, std::size_t most,
              std::int32_t least_share, std::vector<Tag>& out);

 private:
  struct Value {
    std::string text;
    std::uint64_t weight = 0;  ///< 32.32 times tenths
    Instant since;
    std::vector<std::uint32_t> facts;
  };
  const FactsView& facts_;
  Duration half_life_;
  Instant moment_;
  TagTrace* trace_;
  std::vector<Value> values_;  ///< by text until finish()
};

/// Adds each product fact under the product's word (category, brand, scene or function), and facts of `met`
/// under their own word; a view whose event named the word itself counts once.
void add_product_words(const FactsView& facts, std::uint32_t ProductInfo::*word, model::EventKind met,
                       Affinity& affinity);

/// How much a fact of this kind says about its product; 0 when it says nothing.
std::uint32_t product_signal(model::EventKind kind);

}  // namespace rapport::views::detail
