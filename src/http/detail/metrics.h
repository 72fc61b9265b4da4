#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "http/router.h"
#include "model/answers/shop.h"

namespace rapport::http {

/// What one route has answered. Any thread.
class RouteCounter {
 public:
  /// Upper bounds of the latency buckets; the last one is open.
  static constexpr std::array<std::int64_t, 12> kBucketsUs = {
      100, 250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 100'000, 500'000, 2'500'000, 10'000'000};
  void add(int status, std::int64_t took_ns) {
    const std::size_t klass = status >= 100 && status < 600 ? static_cast<std::size_t>(status / 100) : 5;
    by_class[klass].fetch_add(1, std::memory_order_relaxed);
    const std::int64_t us = took_ns / 1000;
    std::size_t bucket = 0;
    while (bucket < kBucketsUs.size() && us > kBucketsUs[bucket]) ++bucket;
    buckets[bucket].fetch_add(1, std::memory_order_relaxed);
    total_us.fetch_add(static_cast<std::uint64_t>(us), std::memory_order_relaxed);
  }
  std::array<std::atomic<std::uint64_t>, 6> by_class{};
  std::array<std::atomic<std::uint64_t>, kBucketsUs.size() + 1> buckets{};
  std::atomic<std::uint64_t> total_us{0};
};

namespace detail {

/// Prometheus' text exposition format 0.0.4. `counters` has one entry a route and one for requests without.
std::string metrics_text(const model::EngineMetrics& engine, std::span<const Route> routes,
                         std::span<const RouteCounter> counters);

}  // namespace detail
}  // namespace rapport::http
