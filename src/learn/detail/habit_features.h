#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "learn/habits.h"

namespace rapport::learn::detail {

/// Describes the candidates of one customer. Keeps its room between customers; one thread.
class HabitFeatures {
 public:
  explicit HabitFeatures(const Habits::Facts& facts) : facts_(facts) {}

  /// One item of her history.
  struct Own {
    Habits::Features row;
    std::int64_t last_ms = 0;  ///< she had it last
    double interval_days = 0;  ///< and has it so often
  };

  /// Calls `take(item, features)` for each item of her history by number, then for the trending ones she
  /// never had. Nothing for an empty history.
  template <class Take>
  void describe(const History& history, Take take) {
    if (history.events.empty()) return;
    known_.clear();
    describe_own(history, [&](std::uint32_t item, const Own& own) {
      known_.push_back(item);
      take(item, own.row);
    });
    for (const std::uint32_t item : facts_.trending) {
      if (!std::binary_search(known_.begin(), known_.end(), item)) take(item, describe_new(item));
    }
  }

  /// Calls `take(item, own)` for each item of her history by number alone.
  template <class Take>
  void describe_own(const History& history, Take take) {
    if (history.events.empty()) return;
    sort_events(history);
    for (std::size_t begin = 0; begin < sorted_.size();) {
      std::size_t end = begin;
      const std::uint64_t item = sorted_[begin] >> 32;
      while (end < sorted_.size() && sorted_[end] >> 32 == item) ++end;
      take(static_cast<std::uint32_t>(item), describe_known(history, begin, end));
      begin = end;
    }
  }

 private:
  /// Her events by item and time, and what all her baskets weigh.
  void sort_events(const History& history);
  /// The item whose events are sorted_[begin, end).
  Own describe_known(const History& history, std::size_t begin, std::size_t end) const;
  Habits::Features describe_new(std::uint32_t item) const;

  const Habits::Facts& facts_;
  std::vector<std::uint32_t> ago_;  ///< by event: how many baskets before the last one
  double log_baskets_ = 0, horizon_days_ = 7;
  double sum_short_ = 0, sum_long_ = 0, sum_days_ = 0;  ///< of the weights of her baskets
  std::vector<std::uint64_t> sorted_;                   ///< item and place of each event
  std::vector<std::uint32_t> known_;
};

/// The natural logarithm of x > 0, from additions, products and one division: the same bits on every
/// processor, which libm's is not. Relative error below 1e-10.
double log_of(double x);

}  // namespace rapport::learn::detail
