#include "views/shipped_classes.h"

namespace rapport::views {

std::vector<RuleText> shipped_rules() {
  return {
      {"new",
       "first User Registered within 7d and never Purchase "
       "undetermined if no facts of User Registered in the shop (\"no registration facts\")"},
      {"potential",
       "first User Registered within 7d..30d and count(Product Viewed) >= 3 in 30d and never Purchase "
       "undetermined if no facts of User Registered in the shop (\"no registration facts\") "
       "undetermined if no facts of Product Viewed in the shop (\"no view facts\")"},
      {"high_value",
       "count(Purchase) >= 2 in 30d and mean(Purchase.total) >= 1000 CNY | 150 USD | 140 EUR | 600 BRL in "
       "30d"},
      {"churn_risk",
       "ever Purchase and no Purchase for 30d and last(Review Posted.rating) <= 3 "
       "undetermined if no facts of Review Posted in the shop (\"no rating facts\")"},
      {"problem",
       "Contact Started | Ticket Opened within 30d "
       "undetermined if no facts of Contact Started | Ticket Opened in the shop (\"no contact facts\")"},
      {"seed",
       "last(Survey Answered.value where item = \"nps\") >= 9 and ever Referral Made "
       "undetermined if no facts of Survey Answered in the shop (\"no survey facts\") "
       "undetermined if no facts of Referral Made in the shop (\"no referral facts\")"},
  };
}

}  // namespace rapport::views
