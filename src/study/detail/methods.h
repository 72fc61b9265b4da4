#pragma once

#include <vector>

#include "study/study.h"

/// The one table of methods. A new method is a function that returns its Method (a plain value, no static
/// initialiser), defined in the method's own *_study.cc file, declared here, and named in methods.cc.
namespace rapport::study::detail {

std::vector<Method> method_table();

Method ab_method();
Method ahp_method();
Method alpha_method();
Method causal_method();
Method cfa_method();
Method churn_method();
Method claims_method();
Method clv_method();
Method cohort_method();
Method delphi_method();
Method diagnose_method();
Method drivers_method();
Method efa_method();
Method fuzzy_method();
Method ipa_method();
Method kano_method();
Method nps_method();
Method pls_method();
Method power_method();
Method price_method();
Method regression_method();
Method roi_method();
Method sem_method();
Method servqual_method();
Method survival_method();
Method weights_method();

}  // namespace rapport::study::detail
