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
constexpr std::int32_t kDays = 365;
constexpr int kSeeds = 200;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr unsigned kThreads = 2;

/// A trial, what is looked at, in the truth's word and in the log's, and from which day on for how many.
struct Trial {
  std::string_view name;
  world::Pack pack;
  std::string_view outcome, event;
  std::int32_t first, last;
};
constexpr Trial kTrials[] = {
    {"E-recommend", world::Pack::retail, "repurchase_90d", "Order Completed", 1, 90},
    {"E-express", world::Pack::retail, "repurchase_90d", "Order Completed", 1, 90},
    {"E-notice", world::Pack::retail, "repurchase_90d", "Order Completed", 1, 90},
    {"E-margin", world::Pack::brokerage, "blowup_60d", "forced_liquidation_cny", 0, 60},
};

world::WorldOptions shop_of(std::uint64_t seed, world::Pack pack) {
  world::WorldOptions options;
  options.seed = seed;
  options.pack = pack;
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
  /// Days of orders and of forced liquidations, by the event's name or measure.
  std::map<std::string, std::vector<std::int32_t>, std::less<>> days;
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
    const std::string_view what = event.name == "Device Reported" ? property(event, "measure") : event.name;
    const bool wanted = std::any_of(std::begin(kTrials), std::end(kTrials),
                                    [&](const Trial& trial) { return trial.event == what; });
    if (!lot && !wanted) continue;
    const auto day = static_cast<std::int32_t>((event.timestamp.ms - options.start.ms) / kDayMs);
    for (const world::NamedIdentifier& each : event.identifiers) {
      if (each.kind != model::IdentifierKind::user_id) continue;
      Told& told = customers[std::string(each.value)];
      if (!lot) told.days[std::string(what)].push_back(day);
      if (lot)
        told.lots[std::string(property(event, "experiment_id"))] = {day, property(event, "arm") != "control"};
    }
  }
  return customers;
}

/// Treated less control of the share to whom it happened in the trial's window; customers whose window the
/// log does not hold whole are left out. Nothing when an arm has too few.
std::optional<study::Effect> judge(const std::unordered_map<std::string, Told>& customers,
                                   const Trial& trial) {
  double n[2] = {}, happened[2] = {};
  for (const auto& [name, told] : customers) {
    const auto lot = told.lots.find(trial.name);
    if (lot == told.lots.end() || lot->second.day + trial.last >= kDays) continue;
    const std::int32_t day = lot->second.day;
    n[lot->second.treated] += 1;
    const auto days = told.days.find(trial.event);
    if (days == told.days.end()) continue;
    happened[lot->second.treated] +=
        std::any_of(days->second.begin(), days->second.end(),
                    [&](std::int32_t at) { return at >= day + trial.first && at <= day + trial.last; });
  }
  const auto control = study::proportion_arm("control", n[0], happened[0]);
  const auto treated = study::proportion_arm("treated", n[1], happened[1]);
  if (!control.ok() || !treated.ok()) return std::nullopt;
  const auto effect = study::compare_these(*control, *treated);
  if (!effect.ok()) return std::nullopt;
  return *effect;
}

struct Verdict {
  bool judged = false, covered = false;
  bool told = false;  ///< the interval lies on the truth's side of zero
  double truth = 0, lift = 0, width = 0;
};

Status run_seed(std::uint64_t seed, std::vector<Verdict>& verdicts) {
  for (const world::Pack pack : {world::Pack::retail, world::Pack::brokerage}) {
    const world::WorldOptions options = shop_of(seed, pack);
    RAPPORT_TRY(const auto planted, world::planted_effects(options, world::EffectsOf::trials));
    const auto customers = read_log(options);
    for (std::size_t t = 0; t < std::size(kTrials); ++t) {
      const Trial& trial = kTrials[t];
      if (trial.pack != pack) continue;
      const auto truth = std::find_if(planted.begin(), planted.end(), [&](const world::PlantedEffect& e) {
        return e.service == trial.name && e.segment == "all" && e.outcome == trial.outcome;
      });
      const auto effect = judge(customers, trial);
      if (truth == planted.end() || !effect) continue;
      const double value = static_cast<double>(truth->value_e4) / 1e4;
      verdicts[t] = {.judged = true,
                     .covered = effect->ci_low <= value && value <= effect->ci_high,
                     .told = value > 0 ? effect->ci_low > 0 : effect->ci_high < 0,
                     .truth = value,
                     .lift = effect->lift,
                     .width = effect->ci_high - effect->ci_low};
    }
  }
  return {};
}

Figure summed_up(std::string_view trial, const std::vector<std::vector<Verdict>>& seeds, std::size_t t) {
  double judged = 0, covered = 0, told = 0, truth = 0, lift = 0, width = 0;
  for (const std::vector<Verdict>& verdicts : seeds) {
    if (!verdicts[t].judged) continue;
    judged += 1;
    covered += verdicts[t].covered;
    told += verdicts[t].told;
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
                 {"told_from_zero_percent", 100 * told / judged},
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
  for (std::size_t t = 0; t < std::size(kTrials); ++t)
    figures.push_back(summed_up(kTrials[t].name, verdicts, t));
  return figures;
}

}  // namespace rapport::bench
