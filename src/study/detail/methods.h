#pragma once

#include <vector>

#include "study/study.h"

/// The one table of methods, in alphabetical order. A new method adds a declaration here, a line in
/// methods.cc, and defines its Method (a plain value, no static initialiser) in its own file.
namespace rapport::study::detail {

std::vector<Method> method_table();

}  // namespace rapport::study::detail
