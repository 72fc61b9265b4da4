#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/detail/impl.h"
#include "engine/detail/rule_trial.h"

/// One page of the list of customers on its way: filtered in slices on the shop thread, in an order that was
/// worked out beside it.
namespace rapport::engine {

class CustomerWalk {
 public:
  CustomerWalk(ShopUnit& unit, CustomersQuery query) : unit_(unit), query_(std::move(query)) {}

  /// On the shop thread: reads the filters. Errors: bad_input for the condition, tag or cursor; not_found for
  /// a segment or class.
  Status prepare();
  /// On any thread but the shop's: sorts, and reads names as far as time allows.
  void sort(std::shared_ptr<const Census> census);
  bool names_complete() const { return list_.names_complete; }
  /// On the shop thread: whom the query names, and where the page begins.
  void begin();
  /// On the shop thread: looks at customers until about the deadline. False when the page is full, everybody
  /// was looked at or time ran out.
  bool step(std::int64_t deadline_ns);
  model::CustomerList finish();

 private:
  Status read_cursor();
  std::int64_t rank_of(const CensusRow& row) const;
  /// The few whom the query can mean, in no order; none = everybody must be looked at.
  std::optional<std::vector<CustomerId>> who_is_asked() const;
  bool fits(const CensusRow& row);
  void add(const CensusRow& row);
  std::optional<std::uint64_t> total() const;

  ShopUnit& unit_;
  CustomersQuery query_;
  std::shared_ptr<const TriedRule> condition_;
  std::optional<views::SegmentNo> segment_;
  std::shared_ptr<const Census> census_;
  std::optional<std::uint16_t> class_;                           ///< place in Census::classes
  std::optional<std::pair<std::int64_t, std::uint32_t>> after_;  ///< rank and customer of the last shown
  CustomerId exact_;
  std::vector<NodeId> named_;
  std::vector<std::uint32_t> places_;  ///< of the few who are asked; the census's own order otherwise
  const std::vector<std::uint32_t>* order_ = nullptr;
  std::size_t next_ = 0;
  std::int64_t give_up_ns_ = 0;
  bool gave_up_ = false;
  views::FactsBuffer buffer_;
  model::CustomerList list_;
};

}  // namespace rapport::engine
