#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
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

namespace {

/// A server of its own process over a folder, as an operator would start it.
class ServerProcess {
 public:
  static Result<std::unique_ptr<ServerProcess>> start(const std::string& folder) {
    auto server = std::make_unique<ServerProcess>();
    std::string program = std::filesystem::read_symlink("/proc/self/exe"), command = "serve", data = "--data",
                path = folder, listen = "--listen", address = "127.0.0.1:0";
    char* arguments[] = {program.data(), command.data(), data.data(), path.data(),
                         listen.data(),  address.data(), nullptr};
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    for (const int stream : {0, 1, 2})
      posix_spawn_file_actions_addopen(&files, stream, "/dev/null", O_RDWR, 0);
    const std::int64_t begin = monotonic_ns();
    const int spawned = ::posix_spawn(&server->pid_, program.c_str(), &files, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    if (spawned != 0) return Error{Errc::io, "the server's process did not start", program};
    http::Client client(http::Place{.socket = folder + "/rapport.sock"});
    while (true) {
      const auto reply = client.call({.target = "/readyz"});
      if (reply.ok() && reply->status == 200) break;
      if (monotonic_ns() - begin > 120'000'000'000)
        return Error{Errc::unavailable, "the server is not ready", folder};
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    server->start_s_ = static_cast<double>(monotonic_ns() - begin) / 1e9;
    return server;
  }
  ~ServerProcess() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  double start_s() const { return start_s_; }
  /// Resident bytes once they rest: two readings a second apart within one part in two hundred.
  std::uint64_t resident() const {
    std::uint64_t before = 0;
    for (int reading = 0; reading < 30; ++reading) {
      std::this_thread::sleep_for(std::chrono::seconds(1));
      const std::uint64_t now = resident_bytes(pid_);
      if (now > 0 && now - std::min(now, before) < now / 200) return now;
      before = now;
    }
    return before;
  }

 private:
  pid_t pid_ = -1;
  double start_s_ = 0;
};

}  // namespace

// Measured on server processes of their own: what the filling of the folder left behind is not counted.
Result<std::vector<Figure>> bench_memory(const Options& options) {
  const auto customers = static_cast<std::uint32_t>(1'000'000 * options.scale);
  const std::string empty = options.scratch + "/memory_empty";
  std::filesystem::remove_all(empty);
  { RAPPORT_TRY(const auto made, ServedShop::open(options, "memory_empty", ServedShop::Keep::folder)); }
  RAPPORT_TRY(auto server, ServerProcess::start(empty));
  const std::uint64_t idle = server->resident();
  server.reset();
  std::filesystem::remove_all(empty);

  const std::string folder = options.scratch + "/memory";
  {
    RAPPORT_TRY(const auto shop, ServedShop::open(options, "memory", ServedShop::Keep::folder));
    RAPPORT_CHECK(fill_shop(*shop, options, customers));
  }
  RAPPORT_TRY(server, ServerProcess::start(folder));
  const double start_s = server->start_s();
  const std::uint64_t full = server->resident();
  server.reset();
  std::filesystem::remove_all(folder);

  Figure each{"memory.customer",
              static_cast<double>(full - std::min(full, idle)) / customers / 1024,
              "KB",
              1.5,
              0.8,
              Better::lower,
              {}};
  each.beside = {{"customers", static_cast<double>(customers)},
                 {"resident_mb", static_cast<double>(full) / 1e6}};
  Figure start{"start", start_s, "s", 5, 1, Better::lower, {}};
  start.beside = {{"customers", static_cast<double>(customers)}};
  const Figure at_rest{"idle", static_cast<double>(idle) / 1e6, "MB", 80, 50, Better::lower, {}};
  return std::vector{each, start, at_rest};
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
