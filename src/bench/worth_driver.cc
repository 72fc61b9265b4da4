#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "base/hash.h"
#include "bench/bench.h"
#include "bench/shop_reading.h"
#include "math/resample.h"
#include "study/causal.h"
#include "study/experiment.h"
#include "study/roi.h"
#include "study/sensitivity.h"
#include "world/truth.h"

// Is each service judged rightly? Two shops a seed. In one every service is piloted by lot: the difference of
// the arms is held against the planted effect on those customers, and the verdict by net value against the
// one that the planted effect itself gives. In the other customers choose: there a study can only adjust for
// what is logged, and is held to say so where that does not suffice; delays and slow replies, which nobody
// chooses, are judged there too.
namespace rapport::bench {
namespace {

constexpr std::uint32_t kPilotCustomers = 8'000, kChoiceCustomers = 4'000;
constexpr std::int32_t kDays = 365, kWindow = 90;
constexpr int kSeeds = 200;
constexpr unsigned kThreads = 2;
/// What the shop keeps of an order's total. The world plants none; verdicts are told at this one and at the
/// whole total, which is what the matrix takes when nobody names a worth.
constexpr double kMargin = 0.2;
constexpr std::string_view kWord = "worth";
constexpr std::string_view kServices[] = {"S-warranty", "S-install", "S-tradein", "S-training",
                                          "S-express",  "S-member",  "S-adviser"};
constexpr std::string_view kConduct[] = {"late_parcel", "slow_reply"};
constexpr std::int64_t kHourMs = 3'600'000;

world::WorldOptions shop_of(std::uint64_t seed, bool piloted) {
  world::WorldOptions options;
  options.seed = seed;
  options.customers = piloted ? kPilotCustomers : kChoiceCustomers;
  options.products = 300;
  options.days = kDays;
  options.service_trials = piloted;
  options.prose = false;
  return options;
}

std::optional<double> planted(const std::vector<world::PlantedEffect>& effects, std::string_view thing,
                              std::string_view estimand) {
  for (const world::PlantedEffect& e : effects) {
    if (e.service == thing && e.segment == "all" && e.outcome == "repurchase_90d" && e.estimand == estimand)
      return static_cast<double>(e.value_e4) / 1e4;
  }
  return std::nullopt;
}

/// Of one thing in one seed.
struct Judged {
  bool done = false, refused = false;
  bool covered = false;         ///< the study's interval holds what was planted
  bool covered_hidden = false;  ///< by choice: the interval widened by a hidden cause does
  bool flagged = false;         ///< by choice: the check for hidden causes did not pass
  struct Verdicts {
    study::RoiVerdict said = study::RoiVerdict::measure, truth = study::RoiVerdict::measure;
  };
  Verdicts at_margin, at_total;
  bool valued = false;  ///< the verdicts are told
  double truth = 0, found = 0, width = 0;
};

/// The verdict by net value of an effect on orders, over `n` holders: each order more is worth a mean order,
/// each holder costs what the catalogue says (the rule of the matrix of benefit and cost).
study::RoiVerdict verdict_of(double effect, double se, double n, double order, double unit_cost) {
  const auto matrix = study::roi_matrix({{"it", effect * order * n, se * order * n, unit_cost * n, 0}},
                                        std::nan(""), std::nan(""));
  return matrix.ok() ? study::roi_verdict(matrix->lines[0]) : study::RoiVerdict::measure;
}

void judge_value(Judged& out, const ShopReading& shop, std::string_view service, double se, double n) {
  const auto cost = shop.unit_costs.find(service);
  if (cost == shop.unit_costs.end()) return;
  out.valued = true;
  const auto both = [&](double order) {
    return Judged::Verdicts{verdict_of(out.found, se, n, order, cost->second),
                            verdict_of(out.truth, 0, n, order, cost->second)};
  };
  out.at_margin = both(kMargin * shop.mean_order);
  out.at_total = both(shop.mean_order);
}

Judged judge_pilot(const ShopReading& shop, std::string_view service, double truth) {
  Judged out;
  double n[2] = {}, ordered[2] = {};
  const std::string trial = "E-" + std::string(service);
  for (const auto& [name, customer] : shop.customers) {
    const auto lot = customer.lots.find(trial);
    if (lot == customer.lots.end() || lot->second.day + kWindow >= shop.days) continue;
    n[lot->second.treated] += 1;
    ordered[lot->second.treated] += ordered_within(customer, lot->second.day + 1, lot->second.day + kWindow);
  }
  const auto control = study::proportion_arm("control", n[0], ordered[0]);
  const auto treated = study::proportion_arm("service", n[1], ordered[1]);
  if (!control.ok() || !treated.ok()) return out;
  const auto effect = study::compare_these(*control, *treated);
  if (!effect.ok()) return out;
  out.done = true;
  out.truth = truth;
  out.found = effect->lift;
  out.width = effect->ci_high - effect->ci_low;
  out.covered = effect->ci_low <= truth && truth <= effect->ci_high;
  judge_value(out, shop, service, effect->se, n[1]);
  return out;
}

// ---- by choice ----

/// Rows of a study without a lot. Indicators that are too rare are dropped when it is closed.
class Design {
 public:
  void row(bool treated, bool outcome, std::vector<double> covariates) {
    treatment_.push_back(treated);
    outcome_.push_back(outcome);
    rows_.push_back(std::move(covariates));
  }
  std::optional<study::CausalData> close(const std::vector<std::string>& names) const {
    constexpr std::size_t kFewestInArm = 30;
    const auto treated = static_cast<std::size_t>(std::count(treatment_.begin(), treatment_.end(), 1));
    if (treated < kFewestInArm || rows_.size() - treated < kFewestInArm) return std::nullopt;
    std::vector<std::size_t> kept;
    for (std::size_t j = 0; j < names.size(); ++j) {
      if (varies_in_both(j)) kept.push_back(j);
    }
    study::CausalData data;
    const auto n = static_cast<Eigen::Index>(rows_.size());
    data.x.resize(n, static_cast<Eigen::Index>(kept.size()));
    data.treatment.resize(n);
    data.outcome.resize(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(i);
      data.treatment[i] = treatment_[at];
      data.outcome[i] = outcome_[at];
      for (std::size_t j = 0; j < kept.size(); ++j)
        data.x(i, static_cast<Eigen::Index>(j)) = rows_[at][kept[j]];
    }
    for (const std::size_t j : kept) data.names.push_back(names[j]);
    return data;
  }

 private:
  bool varies_in_both(std::size_t j) const {
    constexpr int kRarest = 10;
    int zero[2] = {}, other[2] = {};
    for (std::size_t i = 0; i < rows_.size(); ++i) ++(rows_[i][j] == 0 ? zero : other)[treatment_[i]];
    if (zero[0] + zero[1] == 0) return true;
    return std::min({zero[0], zero[1], other[0], other[1]}) >= kRarest;
  }
  std::vector<int> treatment_;
  std::vector<double> outcome_;
  std::vector<std::vector<double>> rows_;
};

/// Of the covariates, those that are not months.
constexpr std::size_t kTraits = 16;
const std::vector<std::string>& covariate_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names{"age_24", "age_35", "age_45",   "age_60", "tier_1", "tier_2",
                                   "tier_3", "income", "children", "alone",  "female", "orders",
                                   "spent",  "recent", "tickets",  "lates"};
    for (int month = 1; month < 12; ++month) names.push_back("month_" + std::to_string(month));
    return names;
  }();
  return kNames;
}

/// What the log told of a customer before the day.
std::vector<double> covariates_at(const ReadCustomer& c, std::int32_t day) {
  const auto trait = [&](std::string_view name) -> std::string_view {
    const auto at = c.traits.find(name);
    return at == c.traits.end() ? std::string_view() : std::string_view(at->second);
  };
  const std::string_view age = trait("age_band"), tier = trait("city_tier"), income = trait("income_band");
  constexpr std::string_view kIncomes[] = {"<5k", "5k-10k", "10k-20k", "20k-40k", ">40k"};
  double orders = 0, spent = 0, last = -1;
  for (std::size_t i = 0; i < c.order_days.size() && c.order_days[i] <= day; ++i) {
    orders += 1;
    spent += c.order_totals[i];
    if (c.order_days[i] < day) last = c.order_days[i];
  }
  double tickets = 0, lates = 0;
  for (const auto& [id, t] : c.tickets) tickets += t.solved_day >= 0 && t.solved_day < day;
  for (const auto& [id, p] : c.parcels)
    lates += p.signed_day >= 0 && p.signed_day < day && p.signed_ms > p.promised_ms + 6 * kHourMs;
  std::vector<double> x{double(age == "18-24"),
                        double(age == "25-35"),
                        double(age == "36-45"),
                        double(age == "46-60"),
                        double(tier == "1"),
                        double(tier == "2"),
                        double(tier == "3"),
                        double(std::find(std::begin(kIncomes), std::end(kIncomes), income) - kIncomes),
                        double(trait("children") == "1"),
                        double(trait("household") == "lives alone"),
                        double(trait("gender") == "female"),
                        std::log1p(orders),
                        std::log1p(spent),
                        last < 0 ? 0.0 : std::exp(-(day - last) / 30.0),
                        std::log1p(tickets),
                        std::log1p(lates)};
  for (int month = 1; month < 12; ++month) x.push_back(day / 31 == month ? 1.0 : 0.0);
  return x;
}

Judged judge_by_choice(const std::optional<study::CausalData>& data, double truth) {
  Judged out;
  out.truth = truth;
  if (!data) return out;
  const auto effect = study::estimate_aipw(*data);
  const auto hidden =
      effect.ok() ? study::hidden_cause(*data, *effect) : Result<study::HiddenCause>(effect.error());
  out.refused = !effect.ok() || !hidden.ok() || !effect->overlap.good;
  out.done = true;
  if (out.refused) return out;
  out.found = effect->estimate;
  out.width = effect->ci_high - effect->ci_low;
  out.covered = effect->ci_low <= truth && truth <= effect->ci_high;
  out.covered_hidden = hidden->ci_low <= truth && truth <= hidden->ci_high;
  out.flagged = !hidden->stands;
  return out;
}

/// Who took the service when it was first offered, against who declined it then.
std::optional<study::CausalData> takers(const ShopReading& shop, std::string_view service) {
  Design design;
  for (const auto& [name, customer] : shop.customers) {
    const auto offer = customer.offers.find(service);
    if (offer == customer.offers.end() || offer->second.day + kWindow >= shop.days) continue;
    const std::int32_t day = offer->second.day;
    design.row(offer->second.taken, ordered_within(customer, day + 1, day + kWindow),
               covariates_at(customer, day));
  }
  return design.close(covariate_names());
}

bool is_late(const ReadCustomer::Parcel& parcel) {
  return parcel.signed_ms > parcel.promised_ms + 6 * kHourMs;
}
std::vector<const ReadCustomer::Parcel*> parcels_of(const ReadCustomer& customer) {
  std::vector<const ReadCustomer::Parcel*> parcels;
  for (const auto& [id, parcel] : customer.parcels) {
    if (parcel.signed_day >= 0 && parcel.promised_ms > 0) parcels.push_back(&parcel);
  }
  std::sort(parcels.begin(), parcels.end(),
            [](const auto* a, const auto* b) { return a->signed_ms < b->signed_ms; });
  return parcels;
}

/// By week, the share of parcels that came late.
std::vector<double> late_shares(const ShopReading& shop) {
  const auto weeks = static_cast<std::size_t>(shop.days / 7 + 1);
  std::vector<double> all(weeks), late(weeks);
  for (const auto& [name, customer] : shop.customers) {
    for (const auto* parcel : parcels_of(customer)) {
      const auto week = static_cast<std::size_t>(parcel->signed_day / 7);
      all[week] += 1;
      late[week] += is_late(*parcel);
    }
  }
  for (std::size_t w = 0; w < weeks; ++w) late[w] /= std::max(all[w], 1.0);
  return late;
}

/// The first parcel more than six hours late, against parcels in time of those who had no late one yet. Only
/// weeks in which both occur: around festivals nearly all are late, and nobody is there to compare with.
std::optional<study::CausalData> late_parcels(const ShopReading& shop) {
  constexpr double kRarest = 0.02, kMost = 0.4;
  const std::vector<double> late = late_shares(shop);
  std::vector<std::string> names(covariate_names().begin(), covariate_names().begin() + kTraits);
  names.insert(names.end(), {"load", "day", "day_2", "day_3"});
  Design design;
  for (const auto& [name, customer] : shop.customers) {
    for (const ReadCustomer::Parcel* parcel : parcels_of(customer)) {
      const std::int32_t day = parcel->signed_day;
      if (day + kWindow >= shop.days) break;
      const double load = late[static_cast<std::size_t>(day / 7)], t = day / 100.0;
      if (load > kRarest && load < kMost) {
        std::vector<double> x = covariates_at(customer, day);
        x.resize(kTraits);
        x.insert(x.end(), {load, t, t * t, t * t * t});
        design.row(is_late(*parcel), ordered_within(customer, day + 1, day + kWindow), std::move(x));
      }
      if (is_late(*parcel)) break;
    }
  }
  return design.close(names);
}

/// The first ticket that took more than 72 hours, against those that took at most 24.
std::optional<study::CausalData> slow_replies(const ShopReading& shop) {
  Design design;
  std::vector<std::string> names = covariate_names();
  constexpr std::string_view kTopics[] = {"product", "service", "logistics", "price", "payment"};
  for (const std::string_view topic : kTopics) names.emplace_back(topic);
  for (const auto& [name, customer] : shop.customers) {
    std::vector<const ReadCustomer::Ticket*> tickets;
    for (const auto& [id, ticket] : customer.tickets) {
      if (ticket.solved_day >= 0) tickets.push_back(&ticket);
    }
    std::sort(tickets.begin(), tickets.end(),
              [](const auto* a, const auto* b) { return a->solved_ms < b->solved_ms; });
    for (const ReadCustomer::Ticket* ticket : tickets) {
      if (ticket->solved_day + kWindow >= shop.days) break;
      const std::int64_t took = ticket->solved_ms - ticket->opened_ms;
      const bool slow = took >= 73 * kHourMs;
      if (!slow && took > 24 * kHourMs) continue;
      std::vector<double> x = covariates_at(customer, ticket->solved_day);
      for (const std::string_view topic : kTopics) x.push_back(ticket->topic == topic ? 1.0 : 0.0);
      design.row(slow, ordered_within(customer, ticket->solved_day + 1, ticket->solved_day + kWindow),
                 std::move(x));
      if (slow) break;
    }
  }
  return design.close(names);
}

// ---- all seeds ----

struct Seed {
  std::vector<Judged> pilots = std::vector<Judged>(std::size(kServices));
  std::vector<Judged> choices = std::vector<Judged>(std::size(kServices));
  std::vector<Judged> conduct = std::vector<Judged>(std::size(kConduct));
};

Status run_seed(std::uint64_t seed, Seed& out) {
  {
    const world::WorldOptions options = shop_of(seed, true);
    RAPPORT_TRY(const auto truth, world::planted_effects(options, world::EffectsOf::services));
    const ShopReading shop = read_shop(options);
    for (std::size_t s = 0; s < std::size(kServices); ++s) {
      if (const auto value = planted(truth, kServices[s], "ATE"))
        out.pilots[s] = judge_pilot(shop, kServices[s], *value);
    }
  }
  const world::WorldOptions options = shop_of(seed, false);
  RAPPORT_TRY(const auto truth, world::planted_effects(options));
  const ShopReading shop = read_shop(options);
  for (std::size_t s = 0; s < std::size(kServices); ++s) {
    const auto value = planted(truth, kServices[s], "ATT");
    if (value) out.choices[s] = judge_by_choice(takers(shop, kServices[s]), *value);
  }
  for (std::size_t i = 0; i < std::size(kConduct); ++i) {
    const auto value = planted(truth, kConduct[i], "ATT");
    if (value) out.conduct[i] = judge_by_choice(i == 0 ? late_parcels(shop) : slow_replies(shop), *value);
  }
  return {};
}

double percent(double part, double whole) {
  return whole > 0 ? 100 * part / whole : 0;
}

/// Shares over the seeds of one thing. What is not drawn by lot has no must: it may be told or flagged.
Figure coverage(const std::string& name, const std::vector<const Judged*>& all, bool by_lot) {
  double done = 0, refused = 0, covered = 0, hidden = 0, flagged = 0, missed = 0;
  double truth = 0, found = 0, width = 0;
  for (const Judged* j : all) {
    done += j->done;
    refused += j->refused;
    if (!j->done || j->refused) continue;
    covered += j->covered;
    hidden += j->covered_hidden;
    flagged += j->flagged;
    missed += !j->covered && !j->flagged;
    truth += j->truth;
    found += j->found;
    width += j->width;
  }
  const double n = std::max(done - refused, 1.0);
  Figure figure{name + ".covered",
                percent(covered, n),
                "% of seeds",
                by_lot ? 91.0 : 0,
                by_lot ? 95.0 : 0,
                Better::higher,
                {{"seeds", done},
                 {"refused", refused},
                 {"planted_mean", truth / n},
                 {"found_mean", found / n},
                 {"interval_width", width / n}}};
  if (!by_lot) {
    figure.beside.insert(figure.beside.end(), {{"covered_with_hidden", percent(hidden, n)},
                                               {"flagged_percent", percent(flagged, n)},
                                               {"missed_and_not_flagged", percent(missed, n)}});
  }
  return figure;
}

Figure verdicts(const std::string& name, const std::vector<const Judged*>& all,
                Judged::Verdicts Judged::*which) {
  double valued = 0, right = 0;
  double said[4] = {}, truth[4] = {};
  for (const Judged* j : all) {
    if (!j->valued) continue;
    const Judged::Verdicts& v = j->*which;
    valued += 1;
    right += v.said == v.truth;
    ++said[static_cast<int>(v.said)];
    ++truth[static_cast<int>(v.truth)];
  }
  const double open = said[static_cast<int>(study::RoiVerdict::measure)];
  const bool must = which == &Judged::at_margin;
  Figure figure{name,
                percent(right, std::max(valued, 1.0)),
                "% of seeds",
                must ? 90.0 : 0,
                must ? 95.0 : 0,
                Better::higher,
                {{"seeds", valued},
                 {"left_to_a_test_percent", percent(open, valued)},
                 {"right_of_decided_percent", percent(right, std::max(valued - open, 1.0))}}};
  constexpr std::string_view kWords[] = {"widen", "mend", "retire"};
  for (int i = 0; i < 3; ++i) {
    figure.beside.emplace_back("said_" + std::string(kWords[i]), said[i]);
    figure.beside.emplace_back("true_" + std::string(kWords[i]), truth[i]);
  }
  return figure;
}

template <class Pick>
std::vector<const Judged*> of_all(const std::vector<Seed>& seeds, Pick pick) {
  std::vector<const Judged*> out;
  for (const Seed& seed : seeds) out.push_back(&pick(seed));
  return out;
}

std::vector<Figure> figures_of(const std::vector<Seed>& seeds) {
  std::vector<Figure> figures;
  for (std::size_t s = 0; s < std::size(kServices); ++s) {
    const std::string name = "worth.lot." + std::string(kServices[s]);
    const auto all = of_all(seeds, [s](const Seed& x) -> const Judged& { return x.pilots[s]; });
    figures.push_back(coverage(name, all, true));
    figures.push_back(verdicts(name + ".verdict_right", all, &Judged::at_margin));
    figures.push_back(verdicts(name + ".verdict_right_at_total", all, &Judged::at_total));
  }
  for (std::size_t s = 0; s < std::size(kServices); ++s) {
    const auto all = of_all(seeds, [s](const Seed& x) -> const Judged& { return x.choices[s]; });
    figures.push_back(coverage("worth.choice." + std::string(kServices[s]), all, false));
  }
  for (std::size_t i = 0; i < std::size(kConduct); ++i) {
    const auto all = of_all(seeds, [i](const Seed& x) -> const Judged& { return x.conduct[i]; });
    figures.push_back(coverage("worth.conduct." + std::string(kConduct[i]), all, false));
  }
  return figures;
}

}  // namespace

Result<std::vector<Figure>> bench_worth(const Options& options) {
  const int count = std::max(1, static_cast<int>(kSeeds * options.scale));
  std::uint64_t first = options.seed;
  for (const char letter : kWord) first = mix64(first ^ static_cast<unsigned char>(letter));
  std::fprintf(stderr, "worth: %d seeds drawn from the word '%s' and %llu\n", count, kWord.data(),
               static_cast<unsigned long long>(options.seed));
  std::vector<Seed> seeds(static_cast<std::size_t>(count));
  std::vector<Status> ran(seeds.size());
  math::parallel_for(seeds.size(), kThreads,
                     [&](std::size_t i) { ran[i] = run_seed(mix64(first + i) >> 16, seeds[i]); });
  for (Status& status : ran) RAPPORT_CHECK(std::move(status));
  return figures_of(seeds);
}

}  // namespace rapport::bench
