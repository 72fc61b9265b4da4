#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

#include "base/assert.h"

namespace rapport::views {

/// A vector of plain values in 16 bytes, for the millions of short lists of a shop. Grows by a half, in whole
/// steps of four. At most 2^32 - 1 elements.
template <class T>
class Flat {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Flat() = default;
  Flat(const Flat& other) { assign(other.span()); }
  Flat& operator=(const Flat& other) {
    if (this != &other) assign(other.span());
    return *this;
  }
  Flat(Flat&& other) noexcept { swap(other); }
  Flat& operator=(Flat&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Flat() { std::free(data_); }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  T& back() { return data_[size_ - 1]; }
  const T& back() const { return data_[size_ - 1]; }
  std::span<const T> span() const { return {data_, size_}; }
  std::size_t memory_bytes() const { return capacity_ * sizeof(T); }

  void push_back(const T& value) { insert(size_, value); }
  void insert(std::size_t at, const T& value) {
    const T copy = value;
    if (size_ == capacity_) reserve(size_ + 1);
    std::memmove(static_cast<void*>(data_ + at + 1), data_ + at, (size_ - at) * sizeof(T));
    std::memcpy(static_cast<void*>(data_ + at), &copy, sizeof(T));
    ++size_;
  }
  void erase(std::size_t at) {
    std::memmove(static_cast<void*>(data_ + at), data_ + at + 1, (size_ - at - 1) * sizeof(T));
    --size_;
  }
  void resize(std::size_t size) {
    if (size > capacity_) reserve(size);
    for (std::size_t i = size_; i < size; ++i) data_[i] = T{};
    size_ = static_cast<std::uint32_t>(size);
  }
  void clear() {
    std::free(data_);
    data_ = nullptr;
    size_ = capacity_ = 0;
  }
  void assign(std::span<const T> values) {
    size_ = 0;
    if (values.empty()) return clear();
    if (values.size() > capacity_) reallocate(values.size());
    std::memcpy(static_cast<void*>(data_), values.data(), values.size() * sizeof(T));
    size_ = static_cast<std::uint32_t>(values.size());
  }
  void swap(Flat& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  void reserve(std::size_t least) {
    const std::size_t grown = capacity_ == 0 ? 0 : (std::size_t{capacity_} + capacity_ / 2 + 3) / 4 * 4;
    reallocate(std::max(least, grown));
  }
  void reallocate(std::size_t capacity) {
    void* grown = std::realloc(static_cast<void*>(data_), capacity * sizeof(T));
    ASSERT(grown != nullptr);
    data_ = static_cast<T*>(grown);
    capacity_ = static_cast<std::uint32_t>(capacity);
  }
  T* data_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
};

}  // namespace rapport::views
