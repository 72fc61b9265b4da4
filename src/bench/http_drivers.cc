#include <algorithm>
#include <thread>

#include "base/random.h"
#include "bench/bench.h"
#include "bench/shop_fixture.h"

namespace rapport::bench {
namespace {

constexpr std::uint32_t kCustomers = 100'000;
constexpr int kRuns = 5;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// How long until everything accepted is folded.
double seconds_until_folded(ServedShop& shop) {
  const std::int64_t start = monotonic_ns();
  while (true) {
    const model::EngineMetrics metrics = shop.engine().metrics();
    if (metrics.shops.front().folded >= metrics.shops.front().position) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return static_cast<double>(monotonic_ns() - start) / 1e9;
}

}  // namespace

Result<std::vector<Figure>> bench_ingest_batch(const Options& options) {
  RAPPORT_TRY(const auto shop, ServedShop::open(options, "ingest_batch"));
  RAPPORT_TRY(const DiskProbe disk, probe_disk(options.scratch));
  const EventTexts texts(options, kCustomers, 100, shop->key());
  const StealReading before = read_steal();
  std::vector<double> rates, fold_lag;
  std::uint64_t next = 0;
  for (int run = 0; run < kRuns; ++run) {
    http::LoadOptions load;
    load.place = shop->place();
    load.connections = 8;
    load.requests = static_cast<std::uint64_t>(5'000 * options.scale);
    load.make = [&](std::uint64_t, std::string& out) { texts.append(next++, out); };
    RAPPORT_TRY(const http::LoadReport report, http::run_load(load));
    if (report.failed > 0)
      return fail(Errc::internal, "{} of {} batches were refused", report.failed,
                  report.answers + report.failed);
    // Folding belongs to the figure: the clock runs until the last event went through identity, tags and
    // classes.
    const double lag = seconds_until_folded(*shop);
    rates.push_back(static_cast<double>(report.answers) * 100 / (report.seconds + lag));
    fold_lag.push_back(lag);
  }
  Figure figure{"ingest_batch", median(rates), "events/s", 150'000, 300'000, Better::higher, {}};
  const model::EngineMetrics metrics = shop->engine().metrics();
  figure.beside = {{"fold_lag_s", median(fold_lag)},
                   {"lens_lag_events", static_cast<double>(metrics.shops.front().position -
                                                           metrics.shops.front().lens_position)},
                   {"commit_p99_ms", static_cast<double>(metrics.commit_p99_us) / 1000},
                   {"disk_fdatasync_p50_ms", disk.p50_ms},
                   {"disk_fdatasync_p99_ms", disk.p99_ms},
                   {"steal_percent", steal_percent(before, read_steal())}};
  return std::vector{figure};
}

Result<std::vector<Figure>> bench_ingest_single(const Options& options) {
  RAPPORT_TRY(const auto shop, ServedShop::open(options, "ingest_single"));
  RAPPORT_TRY(const DiskProbe disk, probe_disk(options.scratch));
  const EventTexts texts(options, kCustomers, 1, shop->key());
  const StealReading before = read_steal();
  std::vector<double> rates, p99s;
  std::uint64_t next = 0;
  for (int run = 0; run < kRuns; ++run) {
    http::LoadOptions load;
    load.place = shop->place();
    load.connections = 64;
    load.requests = static_cast<std::uint64_t>(100'000 * options.scale);
    load.make = [&](std::uint64_t, std::string& out) { texts.append(next++, out); };
    RAPPORT_TRY(const http::LoadReport report, http::run_load(load));
    if (report.failed > 0) return fail(Errc::internal, "{} events were refused", report.failed);
    rates.push_back(report.rate());
    p99s.push_back(report.quantile_us(0.99) / 1000.0);
  }
  Figure rate{"ingest_single.rate", median(rates), "events/s", 40'000, 60'000, Better::higher, {}};
  Figure p99{"ingest_single.p99",
             median(p99s),
             "ms",
             std::max(5.0, 2.5 * disk.p99_ms),
             std::max(3.0, 2 * disk.p99_ms),
             Better::lower,
             {}};
  rate.beside = p99.beside = {{"disk_fdatasync_p50_ms", disk.p50_ms},
                              {"disk_fdatasync_p99_ms", disk.p99_ms},
                              {"steal_percent", steal_percent(before, read_steal())}};
  return std::vector{rate, p99};
}

Result<std::vector<Figure>> bench_replay(const Options& options) {
  RAPPORT_TRY(const auto shop, ServedShop::open(options, "replay"));
  RAPPORT_CHECK(fill_shop(*shop, options, static_cast<std::uint32_t>(200'000 * options.scale)));
  const StealReading before = read_steal();
  std::vector<double> rates;
  std::string hash;
  for (int run = 0; run < 3; ++run) {
    RAPPORT_TRY(const model::VerifyAnswer answer, shop->engine().verify(run == 0   ? 1'000
                                                                        : run == 1 ? 17
                                                                                   : 1'000'000));
    if (!hash.empty() && hash != answer.state)
      return Error{Errc::internal, "two replays of one log gave two hashes"};
    hash = answer.state;
    rates.push_back(answer.events_per_second);
  }
  Figure figure{"replay", median(rates), "events/s", 400'000, 1'000'000, Better::higher, {}};
  figure.beside = {{"steal_percent", steal_percent(before, read_steal())}};
  return std::vector{figure};
}

Result<std::vector<Figure>> bench_profile_read(const Options& options) {
  RAPPORT_TRY(const auto shop, ServedShop::open(options, "profile_read"));
  const auto customers = static_cast<std::uint32_t>(1'000'000 * options.scale);
  RAPPORT_CHECK(fill_shop(*shop, options, customers));
  const model::EngineMetrics::Shop checkpoint = shop->engine().metrics().shops.front();
  RAPPORT_TRY(const double reopened_s, shop->reopen());
  const StealReading before = read_steal();
  Random random(options.seed);
  http::ClientRequest request;
  request.headers = {{"Authorization", http::basic_authorization(shop->key())}};
  const auto read_some = [&]() -> Result<http::LoadReport> {
    http::LoadOptions load;
    load.place = shop->place();
    load.connections = 64;
    load.requests = static_cast<std::uint64_t>(100'000 * options.scale);
    load.make = [&](std::uint64_t, std::string& out) {
      request.target = fmt::format("/v1/customers/user-{:07}", random.below(customers));
      out += http::request_bytes(request, "127.0.0.1");
    };
    RAPPORT_TRY(http::LoadReport report, http::run_load(load));
    if (report.failed > 0) return fail(Errc::internal, "{} reads failed", report.failed);
    return report;
  };
  // While identifiers are still read ahead after the start; then, when they are.
  const std::int64_t opened_ns = monotonic_ns();
  RAPPORT_TRY(const http::LoadReport warming, read_some());
  while (shop->engine().metrics().shops.front().warming_up)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const double warm_up_s = static_cast<double>(monotonic_ns() - opened_ns) / 1e9;
  std::vector<double> rates, p99s;
  for (int run = 0; run < kRuns; ++run) {
    RAPPORT_TRY(const http::LoadReport report, read_some());
    rates.push_back(report.rate());
    p99s.push_back(report.quantile_us(0.99) / 1000.0);
  }
  http::Client client(shop->place());
  request.target = "/v1/customers/user-0000007";
  RAPPORT_TRY(const http::ClientReply reply, client.call(request));
  Figure rate{"profile_read.rate", median(rates), "reads/s", 40'000, 80'000, Better::higher, {}};
  Figure p99{"profile_read.p99", median(p99s), "ms", 3, 1.5, Better::lower, {}};
  rate.beside =
      p99.beside = {{"customers", static_cast<double>(customers)},
                    {"body_bytes", static_cast<double>(reply.body.size())},
                    {"reopened_s", reopened_s},
                    {"warm_up_s", warm_up_s},
                    {"rate_while_warming_up", warming.rate()},
                    {"checkpoint_s", static_cast<double>(checkpoint.checkpoint_took_ms) / 1e3},
                    {"checkpoint_pause_s", static_cast<double>(checkpoint.checkpoint_paused_ms) / 1e3},
                    {"steal_percent", steal_percent(before, read_steal())}};
  return std::vector{rate, p99};
}

}  // namespace rapport::bench
