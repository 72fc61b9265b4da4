#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/time.h"

/// In which order a product's reviews are shown. What was given, and what it says of, never whether it
/// praises: neither the rating nor a sentiment is known here. Pure; any thread.
namespace rapport::decide {

struct ReviewFacts {
  bool has_media = false, verified = false;
  Instant posted;
  Instant followed_up = Instant::min();  ///< min() = its author did not come back to it
  std::size_t aspects = 0;               ///< different things that it speaks of
  std::size_t characters = 0;
};

struct ReviewReason {
  std::string_view kind;  ///< media, verified, follow_up, aspects, length, recency; static
  std::int64_t points = 0;
};

/// What each thing is worth at most, in the order in which reasons are listed; docs/desk.md says the same.
inline constexpr std::int64_t kMediaPoints = 30, kVerifiedPoints = 25, kFollowUpPoints = 25,
                              kAspectPoints = 5, kAspectsMost = 3, kLengthPoints = 10, kRecencyPoints = 20;

/// The reasons that give points; a review's score is their sum.
std::vector<ReviewReason> review_reasons(const ReviewFacts& facts, Instant now);

}  // namespace rapport::decide
