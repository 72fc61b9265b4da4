#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "views/fact.h"

/// Value and urgency of a customer, 0 to 100 each: the two axes of the matrix of user classes. Whole numbers,
/// worked out at facts.at() truncated to the hour; the formula is docs/formats/scores.md. Points add up to
/// the score.
namespace rapport::views {

struct ScorePart {
  std::string_view name;  ///< "spent", "orders", ..., "limit" (what is over 100)
  std::int32_t points = 0;
  std::string detail;                ///< "1798.00 CNY in 365 days"
  std::vector<std::uint32_t> facts;  ///< places in FactsView::facts(), ascending
};

struct Score {
  std::int32_t points = 0;
  std::vector<ScorePart> parts;  ///< those with points
};

struct Scores {
  Score value, urgency;
};

enum class ScoreParts : std::uint8_t { none, told };
/// With ScoreParts::none only the points: no text is made.
Scores scores_of(const FactsView& facts, ScoreParts parts = ScoreParts::told);

}  // namespace rapport::views
