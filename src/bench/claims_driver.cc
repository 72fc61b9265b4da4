#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "bench/bench.h"
#include "math/resample.h"
#include "study/experiment.h"
#include "world/truth.h"
#include "world/world.h"

// Do intervals that a study draws from events hold what the simulated shop knows to be true? For two hundred
// seeds that follow one another, a small shop each: every trial by lot is judged from its events alone, and
// its 95 % interval held against the planted effect on orders within 90 days.
namespace rapport::bench {
namespace {

constexpr std::uint32_t kCustomers = 4'000;
constexpr std::int32_t kDays = 365, kWindowDays = 90;
constexpr int kSeeds = 200;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr unsigned kThreads = 2;
constexpr std::string_view kTrials[] = {"E-recommend", "E-express", "E-notice"};

world::WorldOptions shop_of(std::uint64_t seed) {
  world::WorldOptions options;
  options.seed = seed;
  options.customers = kCustomers;
  options.products = 300;
  options.days = kDays;
  options.recommendation_trial = true;
  options.prose = false;
  return options;
}

/// What the log says of one customer.
struct Told {
  struct Lot {
    std::int32_t day = 0;
    bool treated = false;
  };
  std::map<std::string, Lot, std::less<>> lots;
  std::vector<std::int32_t> orders;  ///< days
};

std::string_view property(const world::WorldEvent& event, std::string_view name) {
  for (const world::NamedValue& each : event.properties) {
    if (each.name == name && std::holds_alternative<std::string_view>(each.value))
      return std::get<std::string_view>(each.value);
  }
  return {};
}

std::unordered_map<std::string, Told> read_log(const world::WorldOptions& options) {
  std::unordered_map<std::string, Told> customers;
  world::World world(options);
  world::WorldEvent event;
  while (world.next(event)) {
    const bool lot = event.name == "Experiment Assigned";
    if (!lot && event.name != "Order Completed") continue;
    const auto day = static_cast<std::int32_t>((event.timestamp.ms - options.start.ms) / kDayMs);
    for (const world::NamedIdentifier& each : event.identifiers) {
      if (each.kind != model::IdentifierKind::user_id) continue;
      Told& told = customers[std::string(each.value)];
      if (!lot) told.orders.push_back(day);
      if (lot)
        told.lots[std::string(property(event, "experiment_id"))] = {day, property(event, "arm") != "control"};
    }
  }
  return customers;
}

/// Treated less control of the share that ordered within 90 days; customers whose window the log does not
/// hold whole are left out. Nothing when an arm has too few.
std::optional<study::Effect> judge(const std::unordered_map<std::string, Told>& customers,
                                   std::string_view trial) {
  double n[2] = {}, again[2] = {};
  for (const auto& [name, told] : customers) {
    const auto lot = told.lots.find(trial);
    if (lot == told.lots.end() || lot->second.day + kWindowDays >= kDays) continue;
    const std::int32_t day = lot->second.day;
    n[lot->second.treated] += 1;
    again[lot->second.treated] +=
        std::any_of(told.orders.begin(), told.orders.end(),
                    [&](std::int32_t order) { return order > day && order <= day + kWindowDays; });
  }
  const auto control = study::proportion_arm("control", n[0], again[0]);
  const auto treated = study::proportion_arm("treated", n[1], again[1]);
  if (!control.ok() || !treated.ok()) return std::nullopt;
  const auto effect = study::compare(*control, *treated, study::Scale::absolute);
  if (!effect.ok()) return std::nullopt;
  return *effect;
}

struct Verdict {
  bool judged = false, covered = false;
  double truth = 0, lift = 0, width = 0;
};

Status run_seed(std::uint64_t seed, std::vector<Verdict>& verdicts) {
  const world::WorldOptions options = shop_of(seed);
  RAPPORT_TRY(const auto planted, world::planted_effects(options, world::EffectsOf::trials));
  const auto customers = read_log(options);
  for (std::size_t t = 0; t < std::size(kTrials); ++t) {
    const auto truth = std::find_if(planted.begin(), planted.end(), [&](const world::PlantedEffect& e) {
      return e.service == kTrials[t] && e.segment == "all" && e.outcome == "repurchase_90d";
    });
    const auto effect = judge(customers, kTrials[t]);
    if (truth == planted.end() || !effect) continue;
    const double value = static_cast<double>(truth->value_e4) / 1e4;
    verdicts[t] = {true, effect->ci_low <= value && value <= effect->ci_high, value, effect->lift,
                   effect->ci_high - effect->ci_low};
  }
  return {};
}

Figure summed_up(std::string_view trial, const std::vector<std::vector<Verdict>>& seeds, std::size_t t) {
  double judged = 0, covered = 0, truth = 0, lift = 0, width = 0;
  for (const std::vector<Verdict>& verdicts : seeds) {
    if (!verdicts[t].judged) continue;
    judged += 1;
    covered += verdicts[t].covered;
    truth += verdicts[t].truth;
    lift += verdicts[t].lift;
    width += verdicts[t].width;
  }
  judged = std::max(judged, 1.0);
  Figure figure{"claims.covered." + std::string(trial),
                100 * covered / judged,
                "% of seeds",
                91,
                95,
                Better::higher,
                {{"seeds", judged},
                 {"planted_mean", truth / judged},
                 {"found_mean", lift / judged},
                 {"interval_width", width / judged}}};
  return figure;
}

}  // namespace

Result<std::vector<Figure>> bench_claims(const Options& options) {
  const int seeds = std::max(1, static_cast<int>(kSeeds * options.scale));
  std::fprintf(stderr, "claims: seeds %llu and the next %d\n", static_cast<unsigned long long>(options.seed),
               seeds - 1);
  std::vector<std::vector<Verdict>> verdicts(static_cast<std::size_t>(seeds),
                                             std::vector<Verdict>(std::size(kTrials)));
  std::vector<Status> ran(verdicts.size());
  math::parallel_for(verdicts.size(), kThreads,
                     [&](std::size_t i) { ran[i] = run_seed(options.seed + i, verdicts[i]); });
  for (Status& status : ran) RAPPORT_CHECK(std::move(status));
  std::vector<Figure> figures;
  for (std::size_t t = 0; t < std::size(kTrials); ++t) figures.push_back(summed_up(kTrials[t], verdicts, t));
  return figures;
}

}  // namespace rapport::bench
