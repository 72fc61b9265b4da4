#include "study/detail/methods.h"

namespace rapport::study::detail {

std::vector<Method> method_table() {
  return {};
}

}  // namespace rapport::study::detail
