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
  /// sum over `count` rows of y yT, added to the symmetric `gram` (n x n, row-major)
  void (*add_outer)(const float* rows, std::size_t count, std::size_t n, float* gram);
  /// out[row] += gram p[row] for `rows` rows of length n, for a symmetric gram. A row's bits do not depend on
  /// the rows beside it.
  void (*gram_times)(const float* gram, const float* p, std::size_t rows, std::size_t n, float* out);
  /// out += sum over `items` of (base + slope y . p) y, where y is the item's row of `factors`.
  void (*add_seen)(const float* factors, const std::uint32_t* items, std::size_t count, float base,
                   float slope, const float* p, std::size_t n, float* out);
  /// y += a x
  void (*add_scaled)(float a, const float* x, float* y, std::size_t n);
  /// Whether a[i] b[i] > bound for any i.
  bool (*any_above)(const float* a, const float* b, float bound, std::size_t n);
};

/// The fastest that this processor runs; chosen once.
const VectorKernel& vector_kernel();
/// The one without special instructions, for the test that holds them equal.
const VectorKernel& plain_vector_kernel();

}  // namespace rapport::learn::detail
