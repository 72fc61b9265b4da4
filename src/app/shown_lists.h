#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "app/session.h"
#include "base/result.h"
#include "world/moment.h"

/// What visitors of a simulated shop are shown: lists that the shop's own recommender makes when it is asked
/// as a storefront would ask it. Each is kept beside the log, so that a world that is begun again after a
/// stop goes through the very same days.
namespace rapport::app {

class ShownLists {
 public:
  ShownLists(Session& session, std::string path) : session_(session), path_(std::move(path)) {}
  /// What was kept, of a shop that was told before. A line that was cut off at the end is as if it was never
  /// written. Errors: io.
  Status load();
  /// The list that was kept for this moment, else the shop's answer now. Empty when no scene serves there,
  /// and after an error.
  world::ShownList show(const world::Moment& moment);
  /// Reads wait for this position: the answer of whatever was written last.
  void wrote(std::string offset) { offset_ = std::move(offset); }
  /// The first thing that went wrong.
  const Status& status() const { return status_; }
  std::uint64_t shown() const { return shown_; }

 private:
  Result<world::ShownList> ask(const world::Moment& moment);
  void keep(const world::ShownList& list);

  Session& session_;
  std::string path_, offset_;
  std::vector<world::ShownList> kept_;
  std::ofstream out_;
  Status status_;
  std::uint64_t shown_ = 0;
};

}  // namespace rapport::app
