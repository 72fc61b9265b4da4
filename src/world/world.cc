#include "world/world.h"

#include <fmt/format.h>

#include "base/assert.h"
#include "world/detail/render.h"
#include "world/detail/simulate.h"

namespace rapport::world {

Result<Pack> parse_pack(std::string_view name) {
  if (name == "retail") return Pack::retail;
  if (name == "brokerage") return Pack::brokerage;
  return Error{Errc::bad_input, fmt::format("no pack \"{}\"", name), "pack", "retail or brokerage"};
}

Status check(const WorldOptions& options) {
  if (options.customers < 1 || options.customers > 10'000'000)
    return Error{Errc::bad_input, fmt::format("{} customers", options.customers), "customers",
                 "1 to 10000000"};
  if (options.products < 26 || options.products > 32'000)
    return Error{Errc::bad_input, fmt::format("{} products", options.products), "products", "26 to 32000"};
  if (options.days < 7 || options.days > 3'650)
    return Error{Errc::bad_input, fmt::format("{} days", options.days), "days", "7 to 3650"};
  if (options.start < Instant{0} || options.start > Instant{4'102'444'800'000})
    return Error{Errc::bad_input, "start out of range", "start", "a moment from 1970 to 2099"};
  return {};
}

struct World::State {
  explicit State(const WorldOptions& options)
      : shop(open_shop(options, Regime{}, true)),
        renderer(shop, fmt::format("w{}{}", options.seed, options.pack == Pack::retail ? "r" : "b"),
                 options.prose) {}

  Shop shop;
  Renderer renderer;
  std::size_t noun = 0;
  std::int32_t day = -1;
  std::size_t at = 0;
};

World::World(const WorldOptions& options) {
  ASSERT(check(options).ok());
  state_ = std::make_unique<State>(options);
}
World::~World() = default;
World::World(World&&) noexcept = default;
World& World::operator=(World&&) noexcept = default;

Instant World::end() const {
  return Instant{state_->shop.end_ms()};
}

bool World::next(WorldEvent& event) {
  State& s = *state_;
  if (s.noun < s.renderer.nouns()) {
    s.renderer.render_noun(s.noun++, event);
    return true;
  }
  while (s.day < 0 || s.at == s.shop.acts[static_cast<std::size_t>(s.day)].size()) {
    if (s.day >= 0) std::vector<Pending>().swap(s.shop.acts[static_cast<std::size_t>(s.day)]);
    if (s.day + 1 >= s.shop.days) return false;
    simulate_day(s.shop, ++s.day);
    s.at = 0;
  }
  s.renderer.render(s.shop.acts[static_cast<std::size_t>(s.day)][s.at++], event);
  return true;
}

Status run_simulation(const WorldOptions& options, const LineSink& sink) {
  RAPPORT_CHECK(check(options));
  constexpr std::size_t kFlushBytes = 256 * 1024;
  World world(options);
  WorldEvent event;
  std::string lines;
  while (world.next(event)) {
    write_json_line(event, lines);
    if (lines.size() < kFlushBytes) continue;
    RAPPORT_CHECK(sink(lines));
    lines.clear();
  }
  return lines.empty() ? Status{} : sink(lines);
}

}  // namespace rapport::world
