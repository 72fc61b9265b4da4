#include "decide/review_order.h"

#include <algorithm>

namespace rapport::decide {
namespace {

/// A text of so many characters says as much as counts.
constexpr std::size_t kLongEnough = 120;
/// Who comes back after this has used it; before, it counts less.
constexpr Duration kUsed = days(30);
constexpr std::int64_t kEarlyFollowUpPoints = 10;

std::int64_t recency(Duration age) {
  constexpr std::pair<std::int64_t, std::int64_t> kUpto[] = {
      {30, kRecencyPoints}, {90, 15}, {180, 10}, {365, 5}};
  for (const auto& [days_most, points] : kUpto) {
    if (age <= days(days_most)) return points;
  }
  return 0;
}

}  // namespace

std::vector<ReviewReason> review_reasons(const ReviewFacts& facts, Instant now) {
  const bool followed = facts.followed_up != Instant::min();
  const ReviewReason all[] = {
      {"media", facts.has_media ? kMediaPoints : 0},
      {"verified", facts.verified ? kVerifiedPoints : 0},
      {"follow_up", !followed                                   ? 0
                    : facts.followed_up - facts.posted >= kUsed ? kFollowUpPoints
                                                                : kEarlyFollowUpPoints},
      {"aspects",
       kAspectPoints * std::min<std::int64_t>(static_cast<std::int64_t>(facts.aspects), kAspectsMost)},
      {"length", kLengthPoints * static_cast<std::int64_t>(std::min(facts.characters, kLongEnough)) /
                     static_cast<std::int64_t>(kLongEnough)},
      {"recency", recency(now - facts.posted)}};
  std::vector<ReviewReason> given;
  for (const ReviewReason& reason : all) {
    if (reason.points > 0) given.push_back(reason);
  }
  return given;
}

}  // namespace rapport::decide
