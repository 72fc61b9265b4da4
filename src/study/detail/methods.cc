#include "study/detail/methods.h"

#include <algorithm>

namespace rapport::study::detail {

std::vector<Method> method_table() {
  std::vector<Method> table{
      alpha_method(), cfa_method(), efa_method(), pls_method(), sem_method(),
  };
  std::sort(table.begin(), table.end(), [](const Method& a, const Method& b) { return a.name < b.name; });
  return table;
}

}  // namespace rapport::study::detail
