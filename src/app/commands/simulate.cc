#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>

#include "app/command.h"
#include "app/simulated_shop.h"
#include "world/truth.h"
#include "world/world.h"

// rapport simulate: the seeded shop as JSON Lines, or told to a shop.
namespace rapport::app {
namespace {

struct Asked {
  world::WorldOptions world;
  std::string pack = "retail", out, start, truth, data, shop, clock = "driven";
  bool no_prose = false, live = false;
  double speed = 3'600;
  std::int32_t live_days = 30, lists_days = 14;
};

/// One line that is written over while the shop lives; nothing where nobody watches.
class LiveLine {
 public:
  void tell(const SimulatedRun& run) {
    const std::int64_t now = monotonic_ns();
    if (isatty(STDERR_FILENO) == 0 || now - told_ns_ < 1'000'000'000) return;
    told_ns_ = now;
    const std::string at = format_instant(run.clock + hours(8));
    std::fprintf(stderr, "\r  simulated: %.10s %.5s (UTC+8), %llu events lived   ", at.c_str(),
                 at.c_str() + 11, static_cast<unsigned long long>(run.played));
  }

 private:
  std::int64_t told_ns_ = 0;
};

/// Straight into a shop of a folder.
void tell(const Asked& asked) {
  const std::int64_t start = monotonic_ns();
  LiveLine line;
  const SimulatedRun told =
      must(tell_to_shop({asked.world, asked.data, asked.shop, asked.live, asked.speed, asked.live_days,
                         asked.lists_days, [&line](const SimulatedRun& run) { line.tell(run); }}));
  const double seconds = static_cast<double>(monotonic_ns() - start) / 1e9;
  std::fprintf(
      stderr,
      "simulated (not real people): %llu events imported, %llu played, %llu lists shown, %llu moves of the "
      "desk's staff, the clock at %s, %.1f s\n",
      static_cast<unsigned long long>(told.imported), static_cast<unsigned long long>(told.played),
      static_cast<unsigned long long>(told.lists), static_cast<unsigned long long>(told.staff_moves),
      format_instant(told.clock).c_str(), seconds);
}

void write_truth(const Asked& asked) {
  if (asked.truth.empty()) return;
  std::ofstream truth(asked.truth, std::ios::binary | std::ios::trunc);
  truth << must(world::truth_json(asked.world)) << '\n';
  if (!truth.flush()) give_up({Errc::io, "the truth file cannot be written", asked.truth});
}

void run(Asked asked) {
  asked.world.pack = must(world::parse_pack(asked.pack));
  asked.world.prose = !asked.no_prose;
  if (!asked.start.empty()) asked.world.start = must(parse_instant(asked.start));
  must(world::check(asked.world));
  if (asked.live && asked.live_days >= asked.world.days)
    give_up({Errc::bad_input, "the live days are the whole world", "--live-days", "fewer than --days"});
  write_truth(asked);
  if (!asked.shop.empty()) return tell(asked);
  std::ofstream file;
  if (!asked.out.empty() && asked.out != "-") {
    file.open(asked.out, std::ios::binary | std::ios::trunc);
    if (!file) give_up({Errc::io, "the file cannot be written", asked.out});
  }
  std::ostream& out = file.is_open() ? static_cast<std::ostream&>(file) : std::cout;
  const std::int64_t start = monotonic_ns();
  std::uint64_t bytes = 0, lines = 0;
  must(world::run_simulation(asked.world, [&](std::string_view text) -> Status {
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    bytes += text.size();
    lines += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    if (!out) return Error{Errc::io, "the output cannot be written (disk full?)", asked.out};
    return {};
  }));
  out.flush();
  const double seconds = static_cast<double>(monotonic_ns() - start) / 1e9;
  std::fprintf(stderr, "simulated (not real people): %llu events, %.1f MB in %.2f s, %.0f events/s\n",
               static_cast<unsigned long long>(lines), static_cast<double>(bytes) / 1e6, seconds,
               static_cast<double>(lines) / seconds);
}

}  // namespace

void add_simulate(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand(
      "simulate", "Write a seeded, simulated shop as JSON Lines, or tell it to a shop, live if asked");
  command->add_option("--seed", asked->world.seed, "same seed, same bytes")->capture_default_str();
  command->add_option("--customers", asked->world.customers)->capture_default_str();
  command->add_option("--products", asked->world.products)->capture_default_str();
  command->add_option("--days", asked->world.days)->capture_default_str();
  command->add_option("--start", asked->start, "first day (default 2024-11-01)");
  command->add_option("--pack", asked->pack, "retail or brokerage")->capture_default_str();
  command->add_option("--truth", asked->truth,
                      "write the planted effects to this file (runs the world again with each off)");
  command->add_flag("--service-trials", asked->world.service_trials,
                    "each service is given or withheld by lot at the first order that makes one eligible");
  command->add_flag("--recommendation-trial", asked->world.recommendation_trial,
                    "half of the customers, by lot, see no recommendations from their first order on");
  command->add_flag("--no-prose", asked->no_prose, "reviews and chats without text");
  command->add_option("--out", asked->out, "file to write; standard output when absent");
  auto* shop =
      command->add_option("--shop", asked->shop, "tell it to this shop instead, made when it is not there");
  add_data_option(*command, asked->data);
  command
      ->add_option("--clock", asked->clock,
                   "of the shop that is made; a simulated one takes time from its driver")
      ->check(CLI::IsMember({"driven"}))
      ->capture_default_str();
  auto* live =
      command->add_flag("--live", asked->live, "play the last days, so that timers, flips and the tail move");
  live->needs(shop);
  command->add_option("--speed", asked->speed, "seconds of the world a second, when live")
      ->needs(live)
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--live-days", asked->live_days, "how many of the last days are played")
      ->needs(live)
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command
      ->add_option(
          "--lists-days", asked->lists_days,
          "train the shop's models so many days before the live part (or the end), and show visitors its "
          "own lists from then on; 0: never")
      ->needs(shop)
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->footer(
      "Example: rapport simulate --data ./data --shop demo --customers 2000 --live --speed 3600\n"
      "Example: rapport simulate --seed 7 --customers 200 --products 120 --days 180 --out shop.jsonl");
  command->callback([asked] { run(*asked); });
}

}  // namespace rapport::app
