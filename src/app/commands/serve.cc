#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>

#include "app/command.h"
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
  std::string compression = "on", log_level = "info";
};

// Waits for a signal to end; every thread of the process inherits the blocked set, so the signal comes here.
int wait_for_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  int signal = 0;
  sigwait(&signals, &signal);
  return signal;
}

void block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void run(Asked asked) {
  asked.house.engine.compression = asked.compression == "on";
  set_log_level(asked.log_level == "debug"  ? LogLevel::debug
                : asked.log_level == "warn" ? LogLevel::warn
                                            : LogLevel::info);
  block_signals();
  const auto house = must(House::open(asked.house));
  // Recovery reads checkpoints whole; what it needed for that goes back to the system.
  if (MallocExtension_ReleaseFreeMemory != nullptr) MallocExtension_ReleaseFreeMemory();
  log(LogLevel::info, "serving",
      {{"listen", asked.house.listen},
       {"port", house->server().port()},
       {"shops", house->engine().shops().size()}});
  std::optional<engine::Calendar> calendar(std::in_place, house->engine());
  const int signal = wait_for_signal();
  log(LogLevel::info, "stopping", {{"signal", signal}});
  calendar.reset();
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
