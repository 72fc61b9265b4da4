#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>

#include "app/command.h"
#include "world/truth.h"
#include "world/world.h"

// rapport simulate: the seeded shop as JSON Lines.
namespace rapport::app {
namespace {

struct Asked {
  world::WorldOptions world;
  std::string pack = "retail", out, start, truth;
  bool no_prose = false;
};

void run(Asked asked) {
  asked.world.pack = must(world::parse_pack(asked.pack));
  asked.world.prose = !asked.no_prose;
  if (!asked.start.empty()) asked.world.start = must(parse_instant(asked.start));
  must(world::check(asked.world));
  std::ofstream file;
  if (!asked.out.empty() && asked.out != "-") {
    file.open(asked.out, std::ios::binary | std::ios::trunc);
    if (!file) give_up({Errc::io, "the file cannot be written", asked.out});
  }
  std::ostream& out = file.is_open() ? static_cast<std::ostream&>(file) : std::cout;
  if (!asked.truth.empty()) {
    std::ofstream truth(asked.truth, std::ios::binary | std::ios::trunc);
    truth << must(world::truth_json(asked.world)) << '\n';
    if (!truth.flush()) give_up({Errc::io, "the truth file cannot be written", asked.truth});
  }
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
  CLI::App* command = app.add_subcommand("simulate", "Write a seeded, simulated shop as JSON Lines");
  command->add_option("--seed", asked->world.seed, "same seed, same bytes")->capture_default_str();
  command->add_option("--customers", asked->world.customers)->capture_default_str();
  command->add_option("--products", asked->world.products)->capture_default_str();
  command->add_option("--days", asked->world.days)->capture_default_str();
  command->add_option("--start", asked->start, "first day (default 2024-11-01)");
  command->add_option("--pack", asked->pack, "retail or brokerage")->capture_default_str();
  command->add_option("--truth", asked->truth,
                      "write the planted effects to this file (runs the world again with each off)");
  command->add_flag("--no-prose", asked->no_prose, "reviews and chats without text");
  command->add_option("--out", asked->out, "file to write; standard output when absent");
  command->footer(
      "Example: rapport simulate --seed 7 --customers 200 --products 120 --days 180 --out shop.jsonl");
  command->callback([asked] { run(*asked); });
}

}  // namespace rapport::app
