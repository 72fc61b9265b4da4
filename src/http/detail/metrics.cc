#include "http/detail/metrics.h"

#include <fmt/format.h>

#include <iterator>

namespace rapport::http::detail {
namespace {

using ShopMetrics = model::EngineMetrics::Shop;

class Page {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    add("# HELP rapport_{} {}\n# TYPE rapport_{} {}\n", name, help, name, type);
  }
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
  }
  std::string text;
};

struct ShopFamily {
  std::string_view name, type, help;
  std::uint64_t (*value)(const ShopMetrics&);
};

const ShopFamily kShopFamilies[] = {
    {"log_position", "gauge", "Last durable position of the shop's log.",
     [](const ShopMetrics& s) { return s.position; }},
    {"folded_position", "gauge", "Last position that answers know.",
     [](const ShopMetrics& s) { return s.folded; }},
    {"events_accepted_total", "counter", "Events taken.", [](const ShopMetrics& s) { return s.accepted; }},
    {"events_duplicate_total", "counter", "Events seen before.",
     [](const ShopMetrics& s) { return s.duplicate; }},
    {"events_rejected_total", "counter", "Dead letters.", [](const ShopMetrics& s) { return s.rejected; }},
    {"events_suppressed_total", "counter", "Events of erased persons.",
     [](const ShopMetrics& s) { return s.suppressed; }},
    {"customers", "gauge", "Customers known.", [](const ShopMetrics& s) { return s.customers; }},
    {"timers", "gauge", "Moments at which a rule may change without an event.",
     [](const ShopMetrics& s) { return s.timers; }},
    {"flips_total", "counter", "Segments entered and left.", [](const ShopMetrics& s) { return s.flips; }},
    {"ingest_queue_events", "gauge", "Events waiting for the shop's thread.",
     [](const ShopMetrics& s) { return s.queue; }},
    {"state_bytes", "gauge", "Memory of the shop's state.",
     [](const ShopMetrics& s) { return s.state_bytes; }},
    {"warming_up", "gauge", "1 while identifiers are read ahead after a start; reads are slower until then.",
     [](const ShopMetrics& s) { return std::uint64_t{s.warming_up}; }},
    {"checkpoint_position", "gauge", "Position of the last checkpoint on the disk since the start.",
     [](const ShopMetrics& s) { return s.checkpoint_position; }},
    {"outbox_pending", "gauge", "Webhook calls and letters to be sent.",
     [](const ShopMetrics& s) { return s.outbox_pending; }},
    {"outbox_dead", "gauge", "Webhook calls given up.", [](const ShopMetrics& s) { return s.outbox_dead; }},
    {"feedback_behind", "gauge", "Records of the log not yet listened to for what customers say.",
     [](const ShopMetrics& s) { return s.feedback_behind; }},
    {"feedback_classified_total", "counter", "Pieces of feedback told by class since the start.",
     [](const ShopMetrics& s) { return s.feedback_classified; }},
    {"feedback_tickets_total", "counter", "Tickets opened from feedback since the start.",
     [](const ShopMetrics& s) { return s.feedback_tickets; }},
};

struct ShopTime {
  std::string_view name, help;
  std::int64_t ShopMetrics::*ms;
};

const ShopTime kShopTimes[] = {
    {"dedup_window_seconds", "How far back a repeated message id is known.", &ShopMetrics::dedup_window_ms},
    {"checkpoint_seconds", "How long the last checkpoint took in all.", &ShopMetrics::checkpoint_took_ms},
    {"checkpoint_pause_seconds", "For how long the last checkpoint kept folding waiting.",
     &ShopMetrics::checkpoint_paused_ms},
};

/// The lens is opened by the first question and follows the log from then on; before that there is nothing
/// that could lag.
void add_lenses(Page& page, const model::EngineMetrics& engine) {
  page.family("lens_position", "gauge", "Last position that SQL knows; absent until the first question.");
  for (const ShopMetrics& shop : engine.shops) {
    if (shop.lens_position > 0)
      page.add("rapport_lens_position{{shop=\"{}\"}} {}\n", shop.name, shop.lens_position);
  }
  page.family("lens_lag_events", "gauge",
              "Events that SQL does not know yet; absent until the first question.");
  for (const ShopMetrics& shop : engine.shops) {
    if (shop.lens_position > 0)
      page.add("rapport_lens_lag_events{{shop=\"{}\"}} {}\n", shop.name,
               shop.position > shop.lens_position ? shop.position - shop.lens_position : 0);
  }
}

void add_shops(Page& page, const model::EngineMetrics& engine) {
  add_lenses(page, engine);
  for (const ShopFamily& family : kShopFamilies) {
    page.family(family.name, family.type, family.help);
    for (const ShopMetrics& shop : engine.shops) {
      page.add("rapport_{}{{shop=\"{}\"}} {}\n", family.name, shop.name, family.value(shop));
    }
  }
  for (const ShopTime& time : kShopTimes) {
    page.family(time.name, "gauge", time.help);
    for (const ShopMetrics& shop : engine.shops) {
      page.add("rapport_{}{{shop=\"{}\"}} {}\n", time.name, shop.name,
               static_cast<double>(shop.*time.ms) / 1000);
    }
  }
}

void add_routes(Page& page, std::span<const Route> routes, std::span<const RouteCounter> counters) {
  const auto label = [&](std::size_t i) {
    return i < routes.size()
               ? fmt::format("method=\"{}\",route=\"{}\"", method_name(routes[i].method), routes[i].pattern)
               : std::string("method=\"\",route=\"\"");
  };
  page.family("http_requests_total", "counter", "Answers by route and status class.");
  for (std::size_t i = 0; i < counters.size(); ++i) {
    for (std::size_t klass = 1; klass < counters[i].by_class.size(); ++klass) {
      const auto count = counters[i].by_class[klass].load(std::memory_order_relaxed);
      if (count > 0)
        page.add("rapport_http_requests_total{{{},status=\"{}xx\"}} {}\n", label(i), klass, count);
    }
  }
  page.family("http_request_seconds", "histogram", "From the whole request to its answer.");
  for (std::size_t i = 0; i < counters.size(); ++i) {
    std::uint64_t sum = 0;
    for (const auto& bucket : counters[i].buckets) sum += bucket.load(std::memory_order_relaxed);
    if (sum == 0) continue;
    std::uint64_t below = 0;
    for (std::size_t b = 0; b < RouteCounter::kBucketsUs.size(); ++b) {
      below += counters[i].buckets[b].load(std::memory_order_relaxed);
      page.add("rapport_http_request_seconds_bucket{{{},le=\"{}\"}} {}\n", label(i),
               static_cast<double>(RouteCounter::kBucketsUs[b]) * 1e-6, below);
    }
    page.add("rapport_http_request_seconds_bucket{{{},le=\"+Inf\"}} {}\n", label(i), sum);
    page.add("rapport_http_request_seconds_sum{{{}}} {}\n", label(i),
             static_cast<double>(counters[i].total_us.load(std::memory_order_relaxed)) * 1e-6);
    page.add("rapport_http_request_seconds_count{{{}}} {}\n", label(i), sum);
  }
}

}  // namespace

std::string metrics_text(const model::EngineMetrics& engine, std::span<const Route> routes,
                         std::span<const RouteCounter> counters) {
  Page page;
  page.family("writable", "gauge", "1 while the log takes events; 0 after a failed sync.");
  page.add("rapport_writable {}\n", engine.writable ? 1 : 0);
  page.family("commits_total", "counter", "Synced writes.");
  page.add("rapport_commits_total {}\n", engine.commits);
  page.family("commit_seconds", "summary", "Time of a synced write.");
  page.add("rapport_commit_seconds{{quantile=\"0.5\"}} {}\n",
           static_cast<double>(engine.commit_p50_us) * 1e-6);
  page.add("rapport_commit_seconds{{quantile=\"0.99\"}} {}\n",
           static_cast<double>(engine.commit_p99_us) * 1e-6);
  add_shops(page, engine);
  add_routes(page, routes, counters);
  return page.text;
}

}  // namespace rapport::http::detail
