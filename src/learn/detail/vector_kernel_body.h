// The body of one set of kernels; included once for each set of instructions, with KERNEL_NAMESPACE and
// KERNEL_TARGET defined. No include guard on purpose.

namespace rapport::learn::detail::KERNEL_NAMESPACE {

// Eight floats that the compiler keeps in one AVX register or two of SSE; the arithmetic is the same.
typedef float Eight __attribute__((vector_size(32), aligned(4), may_alias));
typedef float Four __attribute__((vector_size(16), aligned(4), may_alias));

#define EIGHT_AT(p) (*reinterpret_cast<Eight*>(p))
#define EIGHT_OF(p) (*reinterpret_cast<const Eight*>(p))

KERNEL_TARGET inline float sum_lanes(const Eight& v) {
  const Four halves = __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
  const Four quarters = halves + __builtin_shufflevector(halves, halves, 2, 3, 0, 1);
  return quarters[0] + quarters[1];
}

KERNEL_TARGET float dot(const float* a, const float* b, std::size_t n) {
  Eight first{}, second{};
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    first += EIGHT_OF(a + i) * EIGHT_OF(b + i);
    second += EIGHT_OF(a + i + 8) * EIGHT_OF(b + i + 8);
  }
  if (i < n) first += EIGHT_OF(a + i) * EIGHT_OF(b + i);
  const Eight both = first + second;
  return sum_lanes(both);
}

KERNEL_TARGET void rows_times(const float* matrix, std::size_t rows, const float* x, std::size_t n,
                              float* out) {
  for (std::size_t r = 0; r < rows; ++r) out[r] = dot(matrix + r * n, x, n);
}

KERNEL_TARGET void add_scaled(float a, const float* x, float* y, std::size_t n) {
  const Eight scale = {a, a, a, a, a, a, a, a};
  for (std::size_t i = 0; i < n; i += 8) EIGHT_AT(y + i) += scale * EIGHT_OF(x + i);
}

/// Four rows by 8 or 16 columns of `out` += sum over k of a[k stride + row] b[k n + column], in the order of
/// k.
KERNEL_TARGET inline void add_tile_16(const float* a, std::size_t stride, std::size_t across, const float* b,
                                      std::size_t count, std::size_t n, float* out) {
  Eight c00 = EIGHT_OF(out), c01 = EIGHT_OF(out + 8);
  Eight c10 = EIGHT_OF(out + n), c11 = EIGHT_OF(out + n + 8);
  Eight c20 = EIGHT_OF(out + 2 * n), c21 = EIGHT_OF(out + 2 * n + 8);
  Eight c30 = EIGHT_OF(out + 3 * n), c31 = EIGHT_OF(out + 3 * n + 8);
  for (std::size_t k = 0; k < count; ++k) {
    const Eight left = EIGHT_OF(b + k * n), right = EIGHT_OF(b + k * n + 8);
    const float* at = a + k * stride;
    c00 += at[0] * left, c01 += at[0] * right;
    c10 += at[across] * left, c11 += at[across] * right;
    c20 += at[2 * across] * left, c21 += at[2 * across] * right;
    c30 += at[3 * across] * left, c31 += at[3 * across] * right;
  }
  EIGHT_AT(out) = c00, EIGHT_AT(out + 8) = c01;
  EIGHT_AT(out + n) = c10, EIGHT_AT(out + n + 8) = c11;
  EIGHT_AT(out + 2 * n) = c20, EIGHT_AT(out + 2 * n + 8) = c21;
  EIGHT_AT(out + 3 * n) = c30, EIGHT_AT(out + 3 * n + 8) = c31;
}

KERNEL_TARGET inline void add_tile_8(const float* a, std::size_t stride, std::size_t across, const float* b,
                                     std::size_t count, std::size_t n, float* out) {
  Eight c0 = EIGHT_OF(out), c1 = EIGHT_OF(out + n), c2 = EIGHT_OF(out + 2 * n), c3 = EIGHT_OF(out + 3 * n);
  for (std::size_t k = 0; k < count; ++k) {
    const Eight left = EIGHT_OF(b + k * n);
    const float* at = a + k * stride;
    c0 += at[0] * left, c1 += at[across] * left, c2 += at[2 * across] * left, c3 += at[3 * across] * left;
  }
  EIGHT_AT(out) = c0, EIGHT_AT(out + n) = c1, EIGHT_AT(out + 2 * n) = c2, EIGHT_AT(out + 3 * n) = c3;
}

KERNEL_TARGET void add_outer(const float* rows, std::size_t count, std::size_t n, float* gram) {
  constexpr std::size_t kAtATime = 64;  // rows that stay in the first cache
  for (std::size_t first = 0; first < count; first += kAtATime) {
    const float* some = rows + first * n;
    const std::size_t few = count - first < kAtATime ? count - first : kAtATime;
    for (std::size_t i = 0; i < n; i += 4) {
      std::size_t j = i / 8 * 8;
      for (; j + 16 <= n; j += 16) add_tile_16(some + i, n, 1, some + j, few, n, gram + i * n + j);
      if (j < n) add_tile_8(some + i, n, 1, some + j, few, n, gram + i * n + j);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) gram[i * n + j] = gram[j * n + i];
  }
}

KERNEL_TARGET void gram_times(const float* gram, const float* p, std::size_t rows, std::size_t n,
                              float* out) {
  std::size_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    std::size_t j = 0;
    for (; j + 16 <= n; j += 16) add_tile_16(p + row * n, 1, n, gram + j, n, n, out + row * n + j);
    if (j < n) add_tile_8(p + row * n, 1, n, gram + j, n, n, out + row * n + j);
  }
  for (; row < rows; ++row) {
    for (std::size_t i = 0; i < n; ++i) add_scaled(p[row * n + i], gram + i * n, out + row * n, n);
  }
}

/// out += sum of eight rows y of (base + slope y.p) y.
KERNEL_TARGET inline void add_eight(const float* factors, const std::uint32_t* items, float base, float slope,
                                    const float* p, std::size_t n, float* out) {
  const float *y0 = factors + items[0] * n, *y1 = factors + items[1] * n, *y2 = factors + items[2] * n,
              *y3 = factors + items[3] * n, *y4 = factors + items[4] * n, *y5 = factors + items[5] * n,
              *y6 = factors + items[6] * n, *y7 = factors + items[7] * n;
  Eight d0{}, d1{}, d2{}, d3{}, d4{}, d5{}, d6{}, d7{};
  for (std::size_t i = 0; i < n; i += 8) {
    const Eight x = EIGHT_OF(p + i);
    d0 += EIGHT_OF(y0 + i) * x, d1 += EIGHT_OF(y1 + i) * x, d2 += EIGHT_OF(y2 + i) * x;
    d3 += EIGHT_OF(y3 + i) * x, d4 += EIGHT_OF(y4 + i) * x, d5 += EIGHT_OF(y5 + i) * x;
    d6 += EIGHT_OF(y6 + i) * x, d7 += EIGHT_OF(y7 + i) * x;
  }
  const float s0 = base + slope * sum_lanes(d0), s1 = base + slope * sum_lanes(d1);
  const float s2 = base + slope * sum_lanes(d2), s3 = base + slope * sum_lanes(d3);
  const float s4 = base + slope * sum_lanes(d4), s5 = base + slope * sum_lanes(d5);
  const float s6 = base + slope * sum_lanes(d6), s7 = base + slope * sum_lanes(d7);
  for (std::size_t i = 0; i < n; i += 8) {
    const Eight a = s0 * EIGHT_OF(y0 + i) + s1 * EIGHT_OF(y1 + i);
    const Eight b = s2 * EIGHT_OF(y2 + i) + s3 * EIGHT_OF(y3 + i);
    const Eight c = s4 * EIGHT_OF(y4 + i) + s5 * EIGHT_OF(y5 + i);
    const Eight d = s6 * EIGHT_OF(y6 + i) + s7 * EIGHT_OF(y7 + i);
    EIGHT_AT(out + i) += (a + b) + (c + d);
  }
}

KERNEL_TARGET void add_seen(const float* factors, const std::uint32_t* items, std::size_t count, float base,
                            float slope, const float* p, std::size_t n, float* out) {
  std::size_t k = 0;
  for (; k + 8 <= count; k += 8) {
    for (std::size_t ahead = k + 8; ahead < count && ahead < k + 16; ++ahead) {
      const char* next = reinterpret_cast<const char*>(factors + items[ahead] * n);
      for (std::size_t line = 0; line < n * sizeof(float); line += 256) __builtin_prefetch(next + line);
    }
    add_eight(factors, items + k, base, slope, p, n, out);
  }
  for (; k < count; ++k) {
    const float* y = factors + items[k] * n;
    add_scaled(base + slope * dot(y, p, n), y, out, n);
  }
}

KERNEL_TARGET bool any_above(const float* a, const float* b, float bound, std::size_t n) {
  typedef std::int32_t EightBits __attribute__((vector_size(32)));
  const Eight least = {bound, bound, bound, bound, bound, bound, bound, bound};
  EightBits any{};
  for (std::size_t i = 0; i < n; i += 8) any |= EIGHT_OF(a + i) * EIGHT_OF(b + i) > least;
  return (any[0] | any[1] | any[2] | any[3] | any[4] | any[5] | any[6] | any[7]) != 0;
}

#undef EIGHT_AT
#undef EIGHT_OF

inline const VectorKernel kKernel{dot, rows_times, add_outer, gram_times, add_seen, add_scaled, any_above};

}  // namespace rapport::learn::detail::KERNEL_NAMESPACE
