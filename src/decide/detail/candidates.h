#pragma once

#include <vector>

#include "decide/recommend.h"
#include "learn/next_basket.h"

namespace rapport::decide::detail {

struct Candidate {
  OfferNo offer = 0;
  double strength = 0;   ///< the lane's best has 1
  double main_part = 1;  ///< share of the strength that `evidence` stands for; the rest are others of hers
  Evidence evidence;
  Rung rung = Rung::shop;
};

/// The model that knows when a thing is used up; null when none was trained.
const learn::DueModel* due_model(const learn::ModelSet* models);

/// What may be shown to this customer at all.
class Filter {
 public:
  Filter(const OfferBook& book, const learn::ModelSet* models, const Visit& visit,
         const RecommendRequest& request);
  bool allows(OfferNo offer) const;

 private:
  bool in_price_band(const model::Offer& offer) const;
  const OfferBook& book_;
  const Visit& visit_;
  const RecommendRequest& request_;
  std::vector<OfferNo> had_;  ///< bought, and not to be bought again yet; ascending
};

/// The best kCandidatesMost of what a lane may show, by falling strength, ties by number.
inline constexpr std::size_t kCandidatesMost = 60;
std::vector<Candidate> candidates_of(const model::SceneLane& lane, const OfferBook& book,
                                     const learn::ModelSet* models, const Visit& visit,
                                     const RecommendRequest& request, const Filter& filter);

}  // namespace rapport::decide::detail
