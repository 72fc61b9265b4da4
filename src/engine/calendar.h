#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "engine/engine.h"

/// What has a date and nobody asks for: on its date every registered hypothesis of every shop is judged, and
/// once a day what its customers need next is predicted, by the shop's own clock (a driven clock reaches
/// dates sooner); it is listened to what customers say; who was invited to a survey by us and has not
/// answered is reminded; and business calendars are computed on before their known days run out. A verdict
/// that cannot be made (the lens is away, the disk is full) is tried again later; who looks at the card
/// before gets it made at once.
namespace rapport::engine {

class Calendar {
 public:
  /// Looks every `every` of real time. `engine` outlives it.
  explicit Calendar(Engine& engine, Duration every = seconds(5));
  /// Does not wait for a verdict under way: the engine ends that when it stops.
  ~Calendar();
  Calendar(const Calendar&) = delete;
  Calendar& operator=(const Calendar&) = delete;

 private:
  void run();
  void look(const model::ShopSummary& shop);
  /// Asks and waits; nothing when the calendar ends meanwhile.
  std::optional<Result<std::size_t>> wait_for(const std::function<void(Reply<std::size_t>)>& ask);

  Engine& engine_;
  Duration every_;
  /// After a failure, by shop and duty; monotonic.
  std::map<std::pair<ShopNo, std::size_t>, std::int64_t> not_before_ns_;
  /// Whose last try failed; it is told when it fails again.
  std::set<std::pair<ShopNo, std::size_t>> failed_once_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace rapport::engine
