#include "math/interrupt.h"

#include "base/assert.h"

namespace rapport::math {
namespace {

thread_local const std::atomic<bool>* lent = nullptr;

}  // namespace

InterruptScope::InterruptScope(const std::atomic<bool>& wanted_no_more) {
  ASSERT(lent == nullptr);
  lent = &wanted_no_more;
}

InterruptScope::~InterruptScope() {
  lent = nullptr;
}

const std::atomic<bool>* interrupt_flag() {
  return lent;
}

}  // namespace rapport::math
