#include "views/booking_history.h"

#include <algorithm>
#include <tuple>

namespace rapport::views {

void BookingHistory::add(Step step) {
  const auto key = [](const Step& one) { return std::tuple(one.at, one.cancels, one.named.front()); };
  const auto at = std::partition_point(steps_.begin(), steps_.end(),
                                       [&](const Step& one) { return key(one) < key(step); });
  if (at == steps_.end() || key(*at) != key(step)) {
    steps_.insert(at, std::move(step));
    return;
  }
  // The same again; of two that name different nodes beside their subject both are meant.
  std::vector<NodeId>& named = at->named;
  named.insert(named.end(), step.named.begin() + 1, step.named.end());
  std::sort(named.begin() + 1, named.end());
  named.erase(std::unique(named.begin() + 1, named.end()), named.end());
}

void BookingHistory::made(Instant at, NodeId by) {
  add({at, false, {by}});
}

void BookingHistory::cancelled(Instant at, std::span<const NodeId> named) {
  if (named.empty()) return;
  Step step{at, true, {named.begin(), named.end()}};
  std::sort(step.named.begin() + 1, step.named.end());
  add(std::move(step));
}

void BookingHistory::leave_out(NodeId node) {
  std::erase_if(steps_, [&](const Step& step) { return !step.cancels && step.named.front() == node; });
}

std::vector<BookingHistory::Part> BookingHistory::parts() const {
  std::vector<Part> parts;
  const auto part = [&](NodeId node) -> Part& {
    const auto found =
        std::find_if(parts.begin(), parts.end(), [&](const Part& one) { return one.node == node; });
    if (found != parts.end()) return *found;
    parts.push_back({.node = node});
    return parts.back();
  };
  for (const Step& step : steps_) {
    for (const NodeId node : step.named) part(node).last = step.at;
    if (!step.cancels) {
      Part& mine = part(step.named.front());
      ++mine.made;
      ++mine.standing;
      mine.since = step.at;
      continue;
    }
    for (const NodeId node : step.named) {
      Part& theirs = part(node);
      if (theirs.standing == 0) continue;
      --theirs.standing;
      break;
    }
  }
  return parts;
}

BookingHistory::Part BookingHistory::of(NodeId node) const {
  for (const Part& one : parts()) {
    if (one.node == node) return one;
  }
  return {.node = node};
}

std::int64_t BookingHistory::standing() const {
  std::int64_t all = 0;
  for (const Part& one : parts()) all += one.standing;
  return all;
}

}  // namespace rapport::views
