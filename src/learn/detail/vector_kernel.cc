#include "learn/detail/vector_kernel.h"

#define KERNEL_NAMESPACE plain
#define KERNEL_TARGET
#include "learn/detail/vector_kernel_body.h"
#undef KERNEL_NAMESPACE
#undef KERNEL_TARGET

#if defined(__x86_64__)
// AVX2 without FMA: a fused step would round differently from the plain one.
#define KERNEL_NAMESPACE avx2
#define KERNEL_TARGET __attribute__((target("avx2")))
#include "learn/detail/vector_kernel_body.h"
#undef KERNEL_NAMESPACE
#undef KERNEL_TARGET
#endif

namespace rapport::learn::detail {

const VectorKernel& plain_vector_kernel() {
  return plain::kKernel;
}

const VectorKernel& vector_kernel() {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
  if (has_avx2) return avx2::kKernel;
#endif
  return plain::kKernel;
}

}  // namespace rapport::learn::detail
