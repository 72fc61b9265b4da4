#include <malloc.h>

#include <algorithm>
#include <thread>

#include "base/random.h"
#include "bench/bench.h"
#include "bench/shop_fixture.h"
#include "views/timer_wheel.h"

// Figures of the folded state: timers, flips, memory.
namespace rapport::bench {

Result<std::vector<Figure>> bench_timers(const Options& options) {
  const auto timers = static_cast<std::uint32_t>(10'000'000 * options.scale);
  const StealReading before = read_steal();
  Random random(options.seed);
  const Instant start{1'790'000'000'000};
  views::TimerWheel wheel(start);
  // Ten thousand fall due in each of the first ten seconds, one million in the twentieth, the rest over
  // thirty days.
  const auto burst = static_cast<std::uint32_t>(1'000'000 * options.scale);
  const auto steady = static_cast<std::uint32_t>(100'000 * options.scale);
  for (std::uint32_t n = 1; n <= timers; ++n) {
    Duration in = days(1) + milliseconds(random.between(0, days(30).ms));
    if (n <= steady)
      in = milliseconds(random.between(1, 10'000));
    else if (n <= steady + burst)
      in = milliseconds(random.between(20'000, 20'999));
    wheel.arm(CustomerId{n}, start + in);
  }
  // The clock runs in real time; lag = how long after its due time a timer is handed out.
  std::vector<double> lag_ms;
  lag_ms.reserve(steady);
  const std::int64_t began = monotonic_ns();
  while (lag_ms.size() < steady) {
    const Instant now = start + milliseconds((monotonic_ns() - began) / 1'000'000);
    wheel.advance(now, [&](CustomerId, Instant due) {
      lag_ms.push_back(static_cast<double>(monotonic_ns() - began) / 1e6 -
                       static_cast<double>((due - start).ms));
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::sort(lag_ms.begin(), lag_ms.end());
  const double bytes = static_cast<double>(wheel.bytes()) / timers;
  const std::int64_t drain_start = monotonic_ns();
  const std::size_t drained = wheel.advance(start + seconds(21), [](CustomerId, Instant) {});
  const double drain_s = static_cast<double>(monotonic_ns() - drain_start) / 1e9;
  Figure lag{"timers.lag_p99",
             lag_ms.empty() ? 0 : lag_ms[lag_ms.size() * 99 / 100],
             "ms",
             100,
             20,
             Better::lower,
             {}};
  Figure each{"timers.bytes", bytes, "B", 24, 16, Better::lower, {}};
  Figure drain{"timers.drain", drain_s, "s", 5, 2, Better::lower, {}};
  lag.beside = {{"armed", static_cast<double>(timers)},
                {"steal_percent", steal_percent(before, read_steal())}};
  drain.beside = {{"drained", static_cast<double>(drained)}};
  return std::vector{lag, each, drain};
}

Result<std::vector<Figure>> bench_memory(const Options& options) {
  const std::uint64_t idle_before = resident_bytes();
  RAPPORT_TRY(const auto shop, ServedShop::open(options, "memory"));
  std::this_thread::sleep_for(std::chrono::seconds(1));
  const std::uint64_t idle = resident_bytes();
  const auto customers = static_cast<std::uint32_t>(1'000'000 * options.scale);
  RAPPORT_CHECK(fill_shop(*shop, options, customers));
  RAPPORT_TRY(const double reopened, shop->reopen());
  malloc_trim(0);
  const std::uint64_t full = resident_bytes();
  Figure each{"memory.customer",
              static_cast<double>(full - idle) / customers / 1024,
              "KB",
              1.5,
              0.8,
              Better::lower,
              {}};
  each.beside = {{"customers", static_cast<double>(customers)}, {"start_s", reopened}};
  Figure at_rest{"idle", static_cast<double>(idle) / 1e6, "MB", 80, 50, Better::lower, {}};
  at_rest.beside = {{"process_before_mb", static_cast<double>(idle_before) / 1e6}};
  return std::vector{each, at_rest};
}

Result<std::vector<Figure>> bench_flip(const Options& options) {
  RAPPORT_TRY(const auto shop, ServedShop::open(options, "flip"));
  RAPPORT_TRY(const DiskProbe disk, probe_disk(options.scratch));
  const EventTexts texts(options, 100'000, 100, shop->key());
  // Behind the load, single complaints of fresh customers; each makes one flip into `problem`. Measured from
  // the answer (durable) until a read at that position shows the class.
  std::vector<double> lag_ms;
  Status failed;
  std::atomic<bool> running{true};
  std::thread prober([&] {
    http::Client client(shop->place());
    for (int n = 0; running && failed.ok(); ++n) {
      http::ClientRequest send;
      send.method = "POST";
      send.target = "/v1/track";
      send.headers = {{"Authorization", http::basic_authorization(shop->key())},
                      {"Content-Type", "application/json"}};
      send.body = fmt::format(
          R"({{"userId":"probe-{}","messageId":"probe-{}","event":"Ticket Opened","properties":{{"ticket_id":"T{}","class":"product"}}}})",
          n, n, n);
      const auto sent = client.call(send);
      if (!sent.ok() || sent->status != 200) continue;
      const std::int64_t durable = monotonic_ns();
      http::ClientRequest ask;
      ask.target = fmt::format("/v1/customers/probe-{}", n);
      ask.headers = {{"Authorization", http::basic_authorization(shop->key())},
                     {"X-Log-Offset", std::string(sent->header("x-log-offset"))}};
      const auto answer = client.call(ask);
      if (!answer.ok() || answer->body.find("\"problem\"") == std::string::npos) {
        failed = Error{Errc::internal, "a complaint did not flip the class"};
        break;
      }
      lag_ms.push_back(static_cast<double>(monotonic_ns() - durable) / 1e6);
    }
  });
  http::LoadOptions load;
  load.place = shop->place();
  load.connections = 8;
  load.per_second = 750;
  load.time = seconds(static_cast<std::int64_t>(std::max(5.0, 20 * options.scale)));
  load.make = [&](std::uint64_t i, std::string& out) { texts.append(i, out); };
  const auto report = http::run_load(load);
  running = false;
  prober.join();
  RAPPORT_CHECK(failed);
  if (!report.ok()) return report.error();
  std::sort(lag_ms.begin(), lag_ms.end());
  Figure figure{"flip.p99", lag_ms.empty() ? 0 : lag_ms[lag_ms.size() * 99 / 100], "ms", 20, 5, Better::lower,
                {}};
  figure.beside = {{"flips", static_cast<double>(lag_ms.size())},
                   {"load_events_per_s", report->rate() * 100},
                   {"disk_fdatasync_p99_ms", disk.p99_ms}};
  return std::vector{figure};
}

}  // namespace rapport::bench
