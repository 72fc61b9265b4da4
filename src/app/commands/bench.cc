#include "bench/bench.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/command.h"
#include "base/log.h"

// rapport bench: the figures this build reaches on this machine.
namespace rapport::app {
namespace {

struct Asked {
  std::string name = "all";
  bench::Options options;
  bool json = false;
};

void print(const Asked& asked, const bench::Figure& figure) {
  if (asked.json) {
    std::printf("%s\n", bench::figure_json(figure).c_str());
  } else {
    std::printf("%-20s %12.4g %-10s must %-10.4g aim %-10.4g %s\n", figure.name.c_str(), figure.value,
                figure.unit.c_str(), figure.must, figure.aim,
                figure.must == 0 ? ""
                : figure.met()   ? "met"
                                 : "MISSED");
  }
  std::fflush(stdout);
}

bool measure(const Asked& asked, const bench::Driver& driver) {
  const auto figures = driver.run(asked.options);
  if (!figures.ok()) {
    std::fprintf(stderr, "rapport: bench %s: %s\n", std::string(driver.name).c_str(),
                 figures.error().describe().c_str());
    return false;
  }
  for (const bench::Figure& figure : *figures) print(asked, figure);
  return true;
}

/// In a process of its own, so that no figure depends on the heap that another bench left behind.
bool measure_apart(const Asked& asked, const bench::Driver& driver) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child < 0) give_up({Errc::io, "no process for a bench", std::string(driver.name)});
  if (child == 0) {
    const bool measured = measure(asked, driver);
    std::fflush(stdout);
    ::_exit(measured ? 0 : 1);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void run(const Asked& asked) {
  set_log_level(LogLevel::warn);
  bool any = false, all = true;
  std::filesystem::create_directories(asked.options.scratch);
  for (const bench::Driver& driver : bench::drivers()) {
    if (asked.name != "all" && asked.name != driver.name) continue;
    any = true;
    const bool measured = asked.name == "all" ? measure_apart(asked, driver) : measure(asked, driver);
    all = all && measured;
  }
  if (!any) {
    std::string known;
    for (const bench::Driver& driver : bench::drivers()) known += " " + std::string(driver.name);
    give_up({Errc::not_found, fmt::format("no bench '{}'", asked.name), "", "all, or one of:" + known});
  }
  if (!all) throw CLI::RuntimeError(1);
}

}  // namespace

void add_bench(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  asked->options.scratch = (std::filesystem::temp_directory_path() / "rapport-bench").string();
  CLI::App* command = app.add_subcommand("bench", "Measure what this build does on this machine");
  command->add_option("name", asked->name, "a bench, or all")->capture_default_str();
  command->add_option("--scratch", asked->options.scratch, "folder for the shops it builds")
      ->capture_default_str();
  command->add_option("--scale", asked->options.scale, "1 = the requirement's sizes")
      ->check(CLI::Range(0.001, 10.0))
      ->capture_default_str();
  command->add_option("--write", asked->options.write,
                      "folder in which `models` leaves its data and neighbours, for other programs");
  command->add_option("--seed", asked->options.seed)->capture_default_str();
  command->add_flag("--json", asked->json, "a line of JSON for each figure");
  std::string drivers = "Benches:\n";
  for (const bench::Driver& driver : bench::drivers())
    drivers += fmt::format("  {:<14} {}\n", driver.name, driver.what);
  command->footer(drivers + "Example: rapport bench ingest_batch --json");
  command->callback([asked] { run(*asked); });
}

}  // namespace rapport::app
