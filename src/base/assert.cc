#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace rapport {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "rapport: assertion failed: %s at %s:%d\n", condition, file, line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace rapport
