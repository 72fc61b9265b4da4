#include "world/world.h"

#include <fmt/format.h>

#include <algorithm>

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
  Instant answered_from = Instant::never();
  Recommender recommender;
  std::uint64_t moments = 0;
  std::int64_t shown_before_today = 0;  ///< Shop::lists_shown when the day began
  std::string anonymous_id, user_id;

  bool begin_next_day();
  void ask(const Pending& act);
};

/// False at the end of the world.
bool World::State::begin_next_day() {
  if (day >= 0) std::vector<Pending>().swap(shop.acts[static_cast<std::size_t>(day)]);
  if (day + 1 >= shop.days) return false;
  ++day;
  at = 0;
  // What was shown the day before yesterday has been told.
  shop.lists.erase(shop.lists.begin(), shop.lists.upper_bound(shown_before_today));
  shown_before_today = shop.lists_shown;
  shop.asks = recommender && shop.pack == Pack::retail && Instant{shop.start_ms(day)} >= answered_from;
  simulate_day(shop, day);
  return true;
}

void World::State::ask(const Pending& act) {
  Moment moment{.number = moments++, .at = Instant{act.ms}};
  anonymous_id.clear();
  append_anonymous_id(shop.seed, act.customer, act.device, anonymous_id);
  moment.anonymous_id = anonymous_id;
  user_id.clear();
  if (act.known) append_user_id(act.customer, user_id);
  moment.user_id = user_id;
  if (act.a >= 0) moment.product = shop.assortment.product(static_cast<std::size_t>(act.a)).id;
  ShownList list = recommender(moment);
  if (list.items.empty()) return;
  ASSERT(list.items.size() <= kPlacesMost);
  auto& acts = shop.acts[static_cast<std::size_t>(day)];
  const std::size_t planned = acts.size();
  take_list(shop, act, std::move(list));
  const auto middle = acts.begin() + static_cast<std::ptrdiff_t>(planned);
  std::sort(middle, acts.end(), happens_before);
  std::inplace_merge(acts.begin() + static_cast<std::ptrdiff_t>(at), middle, acts.end(), happens_before);
}

World::World(const WorldOptions& options) {
  ASSERT(check(options).ok());
  state_ = std::make_unique<State>(options);
}
World::~World() = default;
World::World(World&&) noexcept = default;
World& World::operator=(World&&) noexcept = default;

void World::answer_from(Instant from, Recommender recommender) {
  state_->answered_from = from;
  state_->recommender = std::move(recommender);
}

void World::route_by(Router router) {
  state_->shop.desk.router = std::move(router);
}

Instant World::end() const {
  return Instant{state_->shop.end_ms()};
}

bool World::next(WorldEvent& event) {
  State& s = *state_;
  if (s.noun < s.renderer.nouns()) {
    s.renderer.render_noun(s.noun++, event);
    return true;
  }
  for (;;) {
    while (s.day < 0 || s.at == s.shop.acts[static_cast<std::size_t>(s.day)].size()) {
      if (!s.begin_next_day()) return false;
    }
    const Pending act = s.shop.acts[static_cast<std::size_t>(s.day)][s.at++];
    if (act.act != Act::asks) {
      s.renderer.render(act, event);
      return true;
    }
    s.ask(act);
  }
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
