#pragma once

#include <vector>

#include "study/study.h"

/// The one table of methods. A new method is a function that returns its Method (a plain value, no static
/// initialiser), defined in the method's own *_study.cc file, declared here, and named in methods.cc.
namespace rapport::study::detail {

std::vector<Method> method_table();

Method alpha_method();
Method cfa_method();
Method efa_method();
Method pls_method();
Method sem_method();

}  // namespace rapport::study::detail
