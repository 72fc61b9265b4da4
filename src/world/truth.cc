#include "world/truth.h"

#include <fmt/format.h>

#include "world/detail/simulate.h"

namespace rapport::world {
namespace {

constexpr std::int32_t kAnswerAfter = 30, kRepurchaseWithin = 90, kStayFrom = 61, kStayTo = 120,
                       kBlowupWithin = 60;

/// What one run leaves for comparison: by customer the moods of each tenth day, and the days of visits and
/// orders.
class Trace {
 public:
  Trace(const WorldOptions& options, const Regime& regime)
      : shop_(open_shop(options, regime, false)), words_((static_cast<std::size_t>(options.days) + 63) / 64) {
    const std::size_t people = shop_.customers.size();
    snapshots_ = static_cast<std::size_t>(options.days / 10 + 1);
    moods_.resize(people * snapshots_);
    visits_.resize(people * words_);
    orders_.resize(people * words_);
    for (std::int32_t day = 0; day < options.days; ++day) {
      simulate_day(shop_, day);
      note(day);
    }
  }

  const Shop& shop() const { return shop_; }
  std::int32_t days() const { return shop_.days; }
  /// The 0-10 answer on about this day, drawn with the same luck in every run.
  int answer(std::size_t who, std::int32_t day) const {
    Customer c = shop_.customers[who];
    c.mood = moods_[who * snapshots_ + static_cast<std::size_t>(day / 10)];
    return nps_answer(c, Draw(shop_.seed, who, 0x4e50));
  }
  bool visited(std::size_t who, std::int32_t from, std::int32_t to) const {
    return any(visits_, who, from, to);
  }
  bool ordered(std::size_t who, std::int32_t from, std::int32_t to) const {
    return any(orders_, who, from, to);
  }
  bool blew_up(std::size_t who, std::int32_t from, std::int32_t to) const {
    const std::int32_t day = shop_.customers[who].account.blowup_day;
    return day >= from && day <= to;
  }

 private:
  void note(std::int32_t day) {
    const auto word = static_cast<std::size_t>(day / 64);
    const std::uint64_t bit = std::uint64_t{1} << (day % 64);
    for (std::size_t who = 0; who < shop_.customers.size(); ++who) {
      Customer& c = shop_.customers[who];
      if (c.arrival > day) break;
      if (c.last_visit == day) visits_[who * words_ + word] |= bit;
      if (c.last_order == day) orders_[who * words_ + word] |= bit;
      if (day % 10 != 0) continue;
      Customer now = c;
      settle(now, day);
      moods_[who * snapshots_ + static_cast<std::size_t>(day / 10)] = now.mood;
    }
  }
  bool any(const std::vector<std::uint64_t>& bits, std::size_t who, std::int32_t from,
           std::int32_t to) const {
    for (std::int32_t day = from; day <= to; ++day) {
      if ((bits[who * words_ + static_cast<std::size_t>(day / 64)] >> (day % 64) & 1) != 0) return true;
    }
    return false;
  }

  Shop shop_;
  std::size_t words_, snapshots_ = 0;
  std::vector<std::int16_t> moods_;
  std::vector<std::uint64_t> visits_, orders_;
};

struct Segment {
  std::string_view name;
  bool (*holds)(const Customer&);
};
constexpr Segment kSegments[] = {
    {"all", [](const Customer&) { return true; }},
    {"age_band:18-24", [](const Customer& c) { return c.age == AgeBand::to24; }},
    {"age_band:25-35", [](const Customer& c) { return c.age == AgeBand::to35; }},
    {"age_band:36-45", [](const Customer& c) { return c.age == AgeBand::to45; }},
    {"age_band:46-60", [](const Customer& c) { return c.age == AgeBand::to60; }},
    {"age_band:60+", [](const Customer& c) { return c.age == AgeBand::over60; }},
    {"household:with children", [](const Customer& c) { return c.has_baby; }},
    {"city_tier:1", [](const Customer& c) { return cities()[c.city].tier == 1; }},
};

/// The day the thing first happened to a customer of this run, -1 = never.
using Since = std::int32_t (*)(const Customer&);

struct Comparison {
  std::string_view service, estimand;
};

/// Adds what `with` differs from `without` by, over those whom `since` names in the run `reference`.
void compare(const Trace& with, const Trace& without, const Trace& reference, auto since,
             const Comparison& what, std::vector<PlantedEffect>& out) {
  struct Sum {
    std::int64_t total = 0, n = 0;
  };
  constexpr std::string_view kOutcomes[] = {"nps_30d", "repurchase_90d", "retained_120d", "blowup_60d"};
  constexpr std::int32_t kWindows[] = {kAnswerAfter, kRepurchaseWithin, kStayTo, kBlowupWithin};
  const int outcomes = reference.shop().pack == Pack::brokerage ? 4 : 3;
  for (const Segment& segment : kSegments) {
    Sum sums[4];
    for (std::size_t who = 0; who < reference.shop().customers.size(); ++who) {
      const Customer& c = reference.shop().customers[who];
      const std::int32_t day = since(c);
      if (day < 0 || !segment.holds(c)) continue;
      for (int i = 0; i < outcomes; ++i) {
        if (day + kWindows[i] >= reference.days()) continue;
        const auto outcome = [&](const Trace& run) -> std::int64_t {
          if (i == 0) return run.answer(who, day + kAnswerAfter);
          if (i == 1) return run.ordered(who, day + 1, day + kRepurchaseWithin) ? 1 : 0;
          if (i == 3) return run.blew_up(who, day, day + kBlowupWithin) ? 1 : 0;
          return run.visited(who, day + kStayFrom, day + kStayTo) ? 1 : 0;
        };
        sums[i].total += outcome(with) - outcome(without);
        ++sums[i].n;
      }
    }
    for (int i = 0; i < outcomes; ++i) {
      if (sums[i].n < kFewestInEffect) continue;
      const std::int64_t scaled = sums[i].total * 10'000;
      const std::int64_t half = sums[i].n / 2;
      const std::int64_t value = (scaled + (scaled >= 0 ? half : -half)) / sums[i].n;
      out.push_back({what.service, segment.name, kOutcomes[i], what.estimand, value, sums[i].n});
    }
  }
}

/// The trial's lot decides about the whole service, from the first thin margin on.
void compare_watch(const Trace& everybody, const Trace& without, const Trace& natural,
                   std::vector<PlantedEffect>& out) {
  compare(
      everybody, without, natural, [](const Customer& c) { return c.account.thin_day; }, {"E-margin", "ITT"},
      out);
}

void compare_services(const WorldOptions& options, const Trace& natural, std::vector<PlantedEffect>& out) {
  for (std::size_t s = 0; s < kServices; ++s) {
    if (!offered_by(static_cast<Service>(s), options.pack) || static_cast<Service>(s) == Service::account)
      continue;
    Regime off, always;
    off.services[s] = Mode::off;
    always.services[s] = Mode::always;
    const Trace without(options, off);
    const auto taken = [s](const Customer& c) { return c.services[s].taken_day; };
    compare(natural, without, natural, taken, {services()[s].id, "ATT"}, out);
    const Trace everybody(options, always);
    compare(everybody, without, everybody, taken, {services()[s].id, "ATE"}, out);
    if (static_cast<Service>(s) == Service::watch) compare_watch(everybody, without, natural, out);
  }
}

void compare_conduct(const WorldOptions& options, const Trace& natural, std::vector<PlantedEffect>& out) {
  Regime punctual, prompt, plain;
  punctual.late_parcels = false;
  prompt.slow_replies = false;
  plain.recommendations = false;
  compare(
      natural, Trace(options, punctual), natural, [](const Customer& c) { return c.late_day; },
      {"late_parcel", "ATT"}, out);
  compare(
      natural, Trace(options, prompt), natural, [](const Customer& c) { return c.slow_day; },
      {"slow_reply", "ATT"}, out);
  compare(
      natural, Trace(options, plain), natural, [](const Customer& c) { return c.recommended_day; },
      {"recommendations", "ATT"}, out);
}

void compare_trials(const WorldOptions& options, const Trace& natural, std::vector<PlantedEffect>& out) {
  Regime offered, control;
  offered.express_arm = Mode::always;
  control.express_arm = Mode::off;
  Regime told, untold;
  told.notice_arm = Mode::always;
  untold.notice_arm = Mode::off;
  compare(
      Trace(options, told), Trace(options, untold), natural,
      [](const Customer& c) { return c.long_late_day; }, {"E-notice", "ITT"}, out);
  compare(
      Trace(options, offered), Trace(options, control), natural,
      [](const Customer& c) { return c.first_order; }, {"E-express", "ITT"}, out);
  if (!options.recommendation_trial) return;
  Regime advised, unadvised;
  advised.recommend_arm = Mode::always;
  unadvised.recommend_arm = Mode::off;
  compare(
      Trace(options, advised), Trace(options, unadvised), natural,
      [](const Customer& c) { return c.first_order; }, {"E-recommend", "ITT"}, out);
}

}  // namespace

Result<std::vector<PlantedEffect>> planted_effects(const WorldOptions& options, EffectsOf of) {
  RAPPORT_CHECK(check(options));
  if (options.customers > kMostTruthCustomers) {
    return Error{
        Errc::too_large, fmt::format("the truth of {} customers", options.customers), "customers",
        fmt::format("at most {}; effects do not depend on the size of the world", kMostTruthCustomers)};
  }
  std::vector<PlantedEffect> effects;
  const Trace natural(options, Regime{});
  if (of != EffectsOf::trials) compare_services(options, natural, effects);
  if (of == EffectsOf::services) return effects;
  if (of == EffectsOf::everything) {
    compare_conduct(options, natural, effects);
  } else if (options.pack == Pack::brokerage) {
    Regime off, always;
    off.services[static_cast<std::size_t>(Service::watch)] = Mode::off;
    always.services[static_cast<std::size_t>(Service::watch)] = Mode::always;
    compare_watch(Trace(options, always), Trace(options, off), natural, effects);
  }
  compare_trials(options, natural, effects);
  return effects;
}

Result<std::string> truth_json(const WorldOptions& options) {
  RAPPORT_TRY(const std::vector<PlantedEffect> effects, planted_effects(options));
  std::string out = fmt::format(
      R"({{"simulated":true,"seed":{},"customers":{},"products":{},"days":{},"pack":"{}","start":"{}","effects":[)",
      options.seed, options.customers, options.products, options.days,
      options.pack == Pack::retail ? "retail" : "brokerage", format_instant(options.start));
  bool first = true;
  for (const PlantedEffect& e : effects) {
    const std::int64_t magnitude = e.value_e4 < 0 ? -e.value_e4 : e.value_e4;
    out += fmt::format(
        R"({}{{"service":"{}","segment":"{}","outcome":"{}","estimand":"{}","value":{}{}.{:04},"n":{}}})",
        first ? "" : ",", e.service, e.segment, e.outcome, e.estimand, e.value_e4 < 0 ? "-" : "",
        magnitude / 10'000, magnitude % 10'000, e.n);
    first = false;
  }
  return out + "]}";
}

}  // namespace rapport::world
