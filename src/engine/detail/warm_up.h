#pragma once

#include <atomic>
#include <thread>

#include "engine/detail/shop.h"
#include "store/store.h"

/// After a start: brings the values of the identifiers into memory, so that no read has to look for them.
namespace rapport::engine {

/// Walks the shop's keys on a thread of its own, opens what they seal and hands it to the shop thread a
/// little at a time, never more than one handful ahead. Reads are right without it, only slower.
class WarmUp {
 public:
  WarmUp(const store::Store& store, Shop& shop) : store_(store), shop_(shop) {}
  ~WarmUp() { stop(); }
  void start();
  /// Gives up what is not done.
  void stop();
  /// Any thread. It was begun and goes on.
  bool under_way() const { return under_way_; }

 private:
  void run();
  const store::Store& store_;
  Shop& shop_;
  std::atomic<bool> stopping_{false}, under_way_{false};
  std::thread thread_;
};

}  // namespace rapport::engine
