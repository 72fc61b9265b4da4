#include "study/detail/methods.h"

#include <algorithm>

namespace rapport::study::detail {

std::vector<Method> method_table() {
  std::vector<Method> table{
      churn_method(),      claims_method(),  diagnose_method(), ab_method(),       ahp_method(),
      alpha_method(),      causal_method(),  cfa_method(),      clv_method(),      cohort_method(),
      delphi_method(),     drivers_method(), efa_method(),      fuzzy_method(),    ipa_method(),
      kano_method(),       nps_method(),     pls_method(),      power_method(),    price_method(),
      regression_method(), roi_method(),     sem_method(),      servqual_method(), survival_method(),
      weights_method(),
  };
  std::sort(table.begin(), table.end(), [](const Method& a, const Method& b) { return a.name < b.name; });
  return table;
}

}  // namespace rapport::study::detail
