#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "app/command.h"
#include "app/configuration.h"
#include "app/session.h"
#include "base/log.h"
#include "engine/calendar.h"

/// tcmalloc's; absent from sanitized builds.
extern "C" __attribute__((weak)) void MallocExtension_ReleaseFreeMemory();

// rapport serve: holds a folder and answers until SIGTERM or SIGINT.
namespace rapport::app {
namespace {

struct Asked {
  HouseOptions house;
  std::string compression = "on", log_level = "info", config;
};

constexpr int kLookEverySeconds = 2;
/// What must be free before a folder whose disk was full is opened anew: RocksDB's write buffers twice over.
constexpr std::uint64_t kSpaceLeast = std::uint64_t{256} << 20;

// A signal to end, if one comes within so many seconds; every thread of the process inherits the blocked set,
// so the signal comes here.
std::optional<int> signal_within(int seconds_most) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  const timespec most{seconds_most, 0};
  const int signal = sigtimedwait(&signals, nullptr, &most);
  return signal > 0 ? std::optional(signal) : std::nullopt;
}

void block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool has_space(const std::string& folder) {
  std::error_code unknown;
  const auto space = std::filesystem::space(folder, unknown);
  return !unknown && space.available >= kSpaceLeast;
}

enum class Ended : std::uint8_t { asked_to, wants_to_open_anew };

// Until a signal comes, or there is space again on a disk that was full. Meanwhile reads are answered.
Ended serve(House& house, const std::string& folder) {
  const engine::Calendar calendar(house.engine());
  bool told = false;
  for (;;) {
    if (const auto signal = signal_within(kLookEverySeconds)) {
      log(LogLevel::info, "stopping", {{"signal", *signal}});
      return Ended::asked_to;
    }
    if (!house.engine().wants_space()) continue;
    if (!std::exchange(told, true)) {
      log(LogLevel::error, "the disk is full: nothing is taken until there is space",
          {{"folder", folder}, {"bytes_needed", kSpaceLeast}});
    }
    if (!has_space(folder)) continue;
    // What the failed write left behind is known only when the log has been read from the disk.
    log(LogLevel::warn, "there is space again: the folder is opened anew");
    return Ended::wants_to_open_anew;
  }
}

// Null when a signal came before the folder could be opened.
std::unique_ptr<House> open_anew(const HouseOptions& options) {
  for (;;) {
    auto house = House::open(options);
    if (house.ok()) return std::move(house).value();
    if (house.error().code != Errc::io) return must(std::move(house));
    log(LogLevel::error, "the folder cannot be opened yet", {{"why", house.error().describe()}});
    if (signal_within(kLookEverySeconds)) return nullptr;
  }
}

void run(Asked asked) {
  asked.house.engine.compression = asked.compression == "on";
  set_log_level(asked.log_level == "debug"  ? LogLevel::debug
                : asked.log_level == "warn" ? LogLevel::warn
                                            : LogLevel::info);
  asked.house.engine.mail = must(read_configuration(asked.config, asked.house.engine.data)).mail;
  block_signals();
  auto house = must(House::open(asked.house));
  // Recovery reads checkpoints whole; what it needed for that goes back to the system.
  if (MallocExtension_ReleaseFreeMemory != nullptr) MallocExtension_ReleaseFreeMemory();
  log(LogLevel::info, "serving",
      {{"listen", asked.house.listen},
       {"port", house->server().port()},
       {"shops", house->engine().shops().size()}});
  while (serve(*house, asked.house.engine.data) == Ended::wants_to_open_anew) {
    // Whoever knows the port finds the same one again.
    const std::size_t colon = asked.house.listen.rfind(':');
    asked.house.listen = fmt::format("{}:{}", asked.house.listen.substr(0, colon), house->server().port());
    house->stop();
    house.reset();
    house = open_anew(asked.house);
    if (house == nullptr) return;
    log(LogLevel::info, "serving again", {{"port", house->server().port()}});
  }
  house->stop();
  log(LogLevel::info, "stopped");
}

}  // namespace

void add_serve(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  asked->house.listen = "127.0.0.1:8080";
  CLI::App* command = app.add_subcommand("serve", "Serve a data folder over HTTP");
  add_data_option(*command, asked->house.engine.data);
  command->add_option("--listen", asked->house.listen, "address and port; port 0 takes a free one")
      ->capture_default_str();
  command->add_option("--compression", asked->compression, "on, or off: files as they are, for byte scans")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  command->add_flag("--allow-private-webhooks", asked->house.engine.allow_private_webhooks,
                    "webhooks may call loopback and private addresses");
  command->add_option("--config", asked->config,
                      "settings of mail (docs/surveys.md); DATA/rapport.toml if it is there");
  command->add_option("--io-threads", asked->house.io_threads, "threads that serve connections")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_option("--log-level", asked->log_level)
      ->check(CLI::IsMember({"debug", "info", "warn"}))
      ->capture_default_str();
  command->footer("Example: rapport serve --data ./data --listen 127.0.0.1:8080");
  command->callback([asked] { run(*asked); });
}

}  // namespace rapport::app
