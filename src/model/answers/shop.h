#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace rapport::model {

struct ShopSummary {
  std::string name;
  ShopNo no;
  EventSeq position;
  std::uint64_t customers = 0;
  bool driven = false;  ///< its clock is driven and nothing leaves
  /// Driven, or what it sells is published as simulated: to be labelled wherever shown.
  bool simulated = false;
  Instant now;  ///< by the shop's own clock
};

struct KeyAnswer {
  std::uint64_t id = 0;
  std::string shop, role, label;
  Instant created;
};

struct WebhookAnswer {
  std::uint64_t id = 0;
  std::string url;
  std::vector<std::string> events;  ///< "segment.entered", "segment.left", or "*"
  std::uint64_t delivered = 0, pending = 0, dead = 0;
};

/// `verify`: the log folded anew from its first event.
struct VerifyAnswer {
  struct Shop {
    std::string name;
    std::string state;  ///< hex of the state hash
    EventSeq seq;
  };
  std::vector<Shop> shops;
  std::string state;  ///< hex over all shops
  std::uint64_t seq = 0;
  double events_per_second = 0;
};

/// Running totals for /metrics and health. Names follow Prometheus' habits in http/metrics.
struct EngineMetrics {
  struct Shop {
    std::string name;
    std::uint64_t position = 0, folded = 0, lens_position = 0;
    std::uint64_t accepted = 0, duplicate = 0, rejected = 0, suppressed = 0;
    std::uint64_t customers = 0, timers = 0, flips = 0;
    std::uint64_t queue = 0, state_bytes = 0;
    std::int64_t dedup_window_ms = 0;
    bool warming_up = false;                ///< identifiers are still being read ahead after a start
    std::uint64_t checkpoint_position = 0;  ///< 0 = none written since the start
    std::int64_t checkpoint_took_ms = 0, checkpoint_paused_ms = 0;
    std::uint64_t outbox_pending = 0, outbox_dead = 0;
    /// Records not yet listened to for what customers say; told about, and tickets opened, since the start.
    std::uint64_t feedback_behind = 0, feedback_classified = 0, feedback_tickets = 0;
  };
  std::vector<Shop> shops;
  bool writable = true;  ///< false after a failed sync
  std::uint64_t commits = 0;
  std::int64_t commit_p50_us = 0, commit_p99_us = 0;
};

}  // namespace rapport::model
