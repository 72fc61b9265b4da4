// The body of one set of kernels; included once for each set of instructions, with KERNEL_NAMESPACE and
// KERNEL_TARGET defined. No include guard on purpose.

namespace rapport::learn::detail::KERNEL_NAMESPACE {

// Eight floats that the compiler keeps in one AVX register or two of SSE; the arithmetic is the same.
typedef float Eight __attribute__((vector_size(32), aligned(4), may_alias));

KERNEL_TARGET inline float sum_lanes(const Eight& v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

KERNEL_TARGET float dot(const float* a, const float* b, std::size_t n) {
  Eight first{}, second{};
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    first += *reinterpret_cast<const Eight*>(a + i) * *reinterpret_cast<const Eight*>(b + i);
    second += *reinterpret_cast<const Eight*>(a + i + 8) * *reinterpret_cast<const Eight*>(b + i + 8);
  }
  if (i < n) first += *reinterpret_cast<const Eight*>(a + i) * *reinterpret_cast<const Eight*>(b + i);
  const Eight both = first + second;
  return sum_lanes(both);
}

KERNEL_TARGET void rows_times(const float* matrix, std::size_t rows, const float* x, std::size_t n,
                              float* out) {
  for (std::size_t r = 0; r < rows; ++r) out[r] = dot(matrix + r * n, x, n);
}

KERNEL_TARGET void add_scaled(float a, const float* x, float* y, std::size_t n) {
  const Eight scale = {a, a, a, a, a, a, a, a};
  for (std::size_t i = 0; i < n; i += 8) {
    *reinterpret_cast<Eight*>(y + i) += scale * *reinterpret_cast<const Eight*>(x + i);
  }
}

KERNEL_TARGET void add_outer(const float* rows, std::size_t count, std::size_t n, float* gram) {
  for (std::size_t r = 0; r < count; ++r) {
    const float* y = rows + r * n;
    for (std::size_t i = 0; i < n; ++i) add_scaled(y[i], y, gram + i * n, n);
  }
}

KERNEL_TARGET void normal_times(const float* gram, float gram_scale, float ridge, const float* factors,
                                const std::uint32_t* items, std::size_t count, const float* p, std::size_t n,
                                float* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = 0;
  for (std::size_t i = 0; i < n; ++i) add_scaled(gram_scale * p[i], gram + i * n, out, n);
  add_scaled(ridge, p, out, n);
  for (std::size_t i = 0; i < count; ++i) {
    const float* y = factors + items[i] * n;
    add_scaled(dot(y, p, n), y, out, n);
  }
}

inline const VectorKernel kKernel{dot, rows_times, add_outer, normal_times, add_scaled};

}  // namespace rapport::learn::detail::KERNEL_NAMESPACE
