#pragma once

/// ASSERT(seq == last + 1); a bug in the program, not bad input. Stays on in release: a wrong answer is worse
/// than a stopped process. Prints the condition, file and line, then aborts.
#define ASSERT(condition) \
  (static_cast<bool>(condition) ? void(0) : ::rapport::assertion_failed(#condition, __FILE__, __LINE__))

namespace rapport {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}
