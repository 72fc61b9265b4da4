#pragma once

#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/cancellation.h"
#include "engine/detail/followers.h"
#include "engine/detail/shop.h"
#include "lens/lens.h"
#include "store/store.h"

/// The lens of one shop, opened at the first question and from then on a follower of the log.
namespace rapport::engine {

class Mirror {
 public:
  struct Parts {
    store::Store& store;
    Shop& shop;
    std::string path;  ///< of the DuckDB file
    bool compression = true;
    std::size_t memory_mb = 1'024;
  };
  explicit Mirror(Parts parts);
  ~Mirror();
  void stop();
  /// Cuts short what is being asked of the lens: before the threads that ask are waited for.
  void end_queries();

  /// The lens, caught up with `upto`. Opens it when it is not open yet. Errors: the lens's; unavailable when
  /// it cannot catch up within `patience`; conflict with where = "cancelled" when nobody waits any more
  /// (`cancellation` may be null).
  Result<const lens::Lens*> caught_up(EventSeq upto, Duration patience, Cancellation* cancellation = nullptr);
  /// The lens as far as it has come. Opens it when it is not open yet. Errors: the lens's.
  Result<const lens::Lens*> opened();
  /// 0 while it is not open.
  EventSeq position() const { return EventSeq{position_.load()}; }

 private:
  Status open();
  void run();
  Result<bool> follow();
  Status check_digest();
  Status feed_identities(const std::vector<NodeId>& touched);
  Status feed_flips(EventSeq after, EventSeq upto);

  Parts parts_;
  std::mutex mutex_;
  std::condition_variable wake_, moved_;
  std::unique_ptr<lens::Lens> lens_;
  std::unique_ptr<store::LogReader> reader_;
  Status failed_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> position_{0};
  std::thread thread_;
};

}  // namespace rapport::engine
