#pragma once

#include <vector>

#include "views/rule_book.h"

namespace rapport::views {

/// The six user classes that every shop starts with, as rules: new, potential, high_value, churn_risk,
/// problem, seed. Memberships may overlap; ShopOptions::precedence names the primary one. A month is 30 days.
std::vector<RuleText> shipped_rules();

}  // namespace rapport::views
