#pragma once

#include <cstddef>
#include <cstdint>

namespace rapport::learn::detail {

/// Arithmetic on vectors of floats whose length is a multiple of 8. Sums run in eight lanes that are added in
/// one fixed tree, products and sums are rounded one by one: the AVX2 and the plain version give the same
/// bits, and so does every compiler (no contraction, cmake/Flags.cmake).
struct VectorKernel {
  /// sum a[i] b[i]
  float (*dot)(const float* a, const float* b, std::size_t n);
  /// out[row] = matrix row . x, for `rows` rows of length n
  void (*rows_times)(const float* matrix, std::size_t rows, const float* x, std::size_t n, float* out);
  /// sum over `count` rows of y yT, added to `gram` (n x n, row-major)
  void (*add_outer)(const float* rows, std::size_t count, std::size_t n, float* gram);
  /// out = a p + sum over `items` of (y . p) y, where a is `gram`/symmetric n x n scaled by `gram_scale`,
  /// plus `ridge` p. The step of a conjugate gradient.
  void (*normal_times)(const float* gram, float gram_scale, float ridge, const float* factors,
                       const std::uint32_t* items, std::size_t count, const float* p, std::size_t n,
                       float* out);
  /// y += a x
  void (*add_scaled)(float a, const float* x, float* y, std::size_t n);
};

/// The fastest that this processor runs; chosen once.
const VectorKernel& vector_kernel();
/// The one without special instructions, for the test that holds them equal.
const VectorKernel& plain_vector_kernel();

}  // namespace rapport::learn::detail
