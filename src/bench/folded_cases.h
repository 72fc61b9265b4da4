#pragma once

#include <string>
#include <string_view>

#include "views/views.h"

/// A shop's cases folded as the shop thread folds them, with no log beneath: what benches of clocks stand on.
namespace rapport::bench {

class FoldedCases {
 public:
  /// One record about node `node` (0 = about nobody). `received` must not fall. One thread.
  void fold(model::EventKind kind, std::uint32_t node, Instant at, Instant received, std::string_view clear);
  /// Service levels that hold from `at`.
  void levels(std::string_view body, Instant at, Instant received);
  void open(std::uint32_t node, std::string_view ticket, std::string_view feedback_class, Instant at,
            Instant received);
  /// `state` as the event `Ticket Updated` names it.
  void move(std::uint32_t node, std::string_view ticket, std::string_view state, Instant at,
            Instant received);
  views::ShopState state;

 private:
  views::FlipList flips_;
  std::uint64_t seq_ = 0;
};

}  // namespace rapport::bench
