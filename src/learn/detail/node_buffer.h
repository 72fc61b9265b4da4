#pragma once

#include <cstdlib>
#include <memory>
#include <new>

#include "learn/itemsets.h"

namespace rapport::learn::detail {

/// A growing array of nodes whose tail is written before it is claimed. Memory is not cleared first: a
/// million sets are 16 MB, and touching them twice would cost as much as finding them.
class NodeBuffer {
 public:
  explicit NodeBuffer(std::size_t most) : most_(most) {}

  /// Room for `n` nodes after the last one. The pointer holds until the next call.
  ItemsetNode* room(std::size_t n) {
    if (size_ + n > capacity_) grow(size_ + n);
    return nodes_.get() + size_;
  }
  /// Claims the first `n` nodes of the room; gives the index of the first.
  std::uint32_t claim(std::size_t n) {
    const auto first = static_cast<std::uint32_t>(size_);
    size_ += n;
    return first;
  }
  ItemsetNode& operator[](std::size_t i) { return nodes_.get()[i]; }
  const ItemsetNode* data() const { return nodes_.get(); }
  std::size_t size() const { return size_; }
  /// More sets than allowed: whoever sees it stops, what was found is not an answer.
  bool over() const { return size_ > most_; }
  std::shared_ptr<const ItemsetNode[]> release() { return {nodes_.release(), &std::free}; }

 private:
  struct Free {
    void operator()(ItemsetNode* memory) const { std::free(memory); }
  };
  void grow(std::size_t wanted) {
    std::size_t capacity = capacity_ == 0 ? 1 << 16 : capacity_ * 2;
    while (capacity < wanted) capacity *= 2;
    auto* memory = static_cast<ItemsetNode*>(std::realloc(nodes_.release(), capacity * sizeof(ItemsetNode)));
    if (memory == nullptr) throw std::bad_alloc();
    nodes_.reset(memory);
    capacity_ = capacity;
  }

  std::unique_ptr<ItemsetNode[], Free> nodes_;
  std::size_t size_ = 0, capacity_ = 0, most_;
};

/// What the parts of the miner share. `longest` is never 0 here.
struct Limits {
  std::uint32_t smallest_count = 1;
  std::uint32_t longest = ~0u;
};

/// A run of sibling nodes.
struct Block {
  std::uint32_t first = 0, size = 0;
};

}  // namespace rapport::learn::detail
