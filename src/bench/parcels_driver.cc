#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "base/random.h"
#include "bench/bench.h"
#include "learn/lanes.h"
#include "world/lanes.h"
#include "world/world.h"

// Late parcels warned of beforehand: on simulated lanes with drift, and on Olist's real deliveries.
namespace rapport::bench {
namespace {

using learn::LaneModel;
using learn::ParcelTrace;

constexpr std::size_t kSeeds = 200;
constexpr double kFalseShare = 0.10;
constexpr Duration kLead = hours(12);
constexpr std::uint32_t kCustomers = 2'500;
constexpr std::int32_t kShopDays = 548,
                       kShopTaught = 365;  // judged: half a year with Double 11 and Spring Festival
const Instant kStart = instant_from_civil({2026, 1, 1, 0, 0, 0, 0});

struct Tally {
  std::size_t late = 0, ahead = 0, warned = 0, wrong = 0, punctual = 0;
  void add(const Tally& other) {
    late += other.late;
    ahead += other.ahead;
    warned += other.warned;
    wrong += other.wrong;
    punctual += other.punctual;
  }
  double found() const { return late == 0 ? 0 : static_cast<double>(ahead) / static_cast<double>(late); }
  /// Of the punctual ones those that were warned of; and of the warnings those that were wrong.
  double false_share() const {
    return punctual == 0 ? 0 : static_cast<double>(wrong) / static_cast<double>(punctual);
  }
  double wrong_share() const {
    return warned == 0 ? 0 : static_cast<double>(wrong) / static_cast<double>(warned);
  }
};

/// As a shop would live it: lanes learnt anew every `learn_every` of what was known by then, the threshold
/// from a trial on the same past, each parcel looked at every hour (`look_every`) until its promise or its
/// arrival. Parcels placed before `judged_from` only teach.
struct Life {
  Instant judged_from;
  Duration learn_every = days(1), look_every = hours(1), choose_every = days(7), taught_by = days(60);
  double false_share = kFalseShare;
};

Tally live(const std::vector<ParcelTrace>& parcels, const Life& life) {
  Tally tally;
  std::set<std::size_t> open;
  std::vector<std::uint8_t> warned(parcels.size(), 0);
  std::size_t next = 0;
  LaneModel model;
  learn::WarningRule rule;
  rule.last_call = std::max(rule.last_call, life.look_every * 2);
  Instant learned = Instant::min(), chosen = Instant::min();
  const Instant end = parcels.back().reached[0] + days(60);
  for (Instant at = life.judged_from; at < end && (next < parcels.size() || !open.empty());
       at = at + life.look_every) {
    for (; next < parcels.size() && parcels[next].reached[0] <= at; ++next) {
      if (parcels[next].reached[0] >= life.judged_from) open.insert(next);
    }
    if (at - learned >= life.learn_every || learned == Instant::min()) {
      std::vector<ParcelTrace> known;
      for (std::size_t i = 0; i < next; ++i) {
        if (at - parcels[i].reached[0] < life.taught_by) known.push_back(known_at(parcels[i], at));
      }
      model = LaneModel::learn(known, at);
      learned = at;
      if (chosen == Instant::min() || at - chosen >= life.choose_every) {
        rule.threshold = learn::choose_threshold(learn::try_thresholds(known), life.false_share);
        chosen = at;
      }
    }
    for (auto each = open.begin(); each != open.end();) {
      const ParcelTrace& parcel = parcels[*each];
      const Instant arrived = parcel.reached[learn::kSignedNode];
      if (at >= parcel.promised || at >= arrived) {
        const bool late = arrived > parcel.promised;
        tally.late += late ? 1 : 0;
        tally.punctual += late ? 0 : 1;
        tally.warned += warned[*each] != 0 ? 1 : 0;
        tally.wrong += warned[*each] != 0 && !late ? 1 : 0;
        tally.ahead += warned[*each] == 2 && late ? 1 : 0;
        each = open.erase(each);
        continue;
      }
      if (warned[*each] == 0) {
        const auto chance = model.late_chance(known_at(parcel, at), at);
        if (chance && rule.warns(*chance, parcel.promised - at))
          warned[*each] = parcel.promised - at >= kLead ? 2 : 1;
      }
      ++each;
    }
  }
  return tally;
}

/// On lanes of a carrier whose pace walks.
std::vector<ParcelTrace> on_drifting_lanes(std::uint64_t seed) {
  std::vector<ParcelTrace> out;
  for (const world::LaneParcel& parcel : world::simulate_lanes({.seed = seed, .start = kStart})) {
    ParcelTrace trace;
    trace.carrier = parcel.carrier;
    trace.region = parcel.region;
    trace.reached = parcel.reached;
    trace.promised = parcel.promised;
    out.push_back(trace);
  }
  return out;
}

/// Takes what events of the simulated shop say of its parcels.
class Parcels {
 public:
  void take(const world::WorldEvent& event) {
    const bool promised = event.name == "Shipment Promised";
    if (!promised && event.name != "Order Completed" && event.name != "Shipment Updated") return;
    std::string_view order, carrier, region, node;
    Instant by = Instant::min();
    for (const world::NamedValue& property : event.properties) {
      if (property.name == "by") by = std::get<Instant>(property.value);
      const auto* text = std::get_if<std::string_view>(&property.value);
      if (text == nullptr) continue;
      if (property.name == "order_id") order = *text;
      if (property.name == "carrier") carrier = *text;
      if (property.name == "region") region = *text;
      if (property.name == "node") node = *text;
    }
    ParcelTrace& trace = parcels_[std::string(order)];
    if (!carrier.empty()) trace.carrier = number(carrier);
    if (!region.empty()) trace.region = number(region);
    if (event.name == "Order Completed") trace.reached[0] = event.timestamp;
    if (promised) trace.promised = by;
    constexpr std::string_view kNodes[] = {"placed",           "packing", "picked_up", "in_transit",
                                           "out_for_delivery", "signed",  "exception"};
    const auto at = std::find(std::begin(kNodes), std::end(kNodes), node);
    if (promised || at == std::end(kNodes) || at == std::begin(kNodes)) return;
    trace.reached[static_cast<std::size_t>(at - std::begin(kNodes))] = event.timestamp;
  }
  std::vector<ParcelTrace> all() const {
    std::vector<ParcelTrace> out;
    for (const auto& [order, trace] : parcels_) {
      if (trace.is_signed() && trace.promised != Instant::min() && trace.reached[0] != Instant::min())
        out.push_back(trace);
    }
    std::sort(out.begin(), out.end(),
              [](const ParcelTrace& x, const ParcelTrace& y) { return x.reached < y.reached; });
    return out;
  }

 private:
  std::uint32_t number(std::string_view word) {
    return words_.try_emplace(std::string(word), static_cast<std::uint32_t>(words_.size() + 1)).first->second;
  }
  std::map<std::string, std::uint32_t> words_;
  std::map<std::string, ParcelTrace> parcels_;
};

/// Of the simulated shop as it is: its carriers, its load by the calendar, its promises.
std::vector<ParcelTrace> of_simulated_shop(std::uint64_t seed) {
  world::World world(
      {.seed = seed, .customers = kCustomers, .products = 200, .days = kShopDays, .prose = false});
  Parcels parcels;
  world::WorldEvent event;
  while (world.next(event)) parcels.take(event);
  return parcels.all();
}

Figure figure_of(std::string name, const Tally& tally) {
  Figure figure{std::move(name), 100 * tally.found(), "% of late parcels", 0, 0, Better::higher, {}};
  figure.beside = {{"false_warnings_percent", 100 * tally.false_share()},
                   {"warnings_that_were_wrong_percent", 100 * tally.wrong_share()},
                   {"late", static_cast<double>(tally.late)},
                   {"parcels", static_cast<double>(tally.late + tally.punctual)}};
  return figure;
}

/// Over seeds that nobody chose, two threads.
Figure over_seeds(std::string name, const Options& options, const std::function<Tally(std::uint64_t)>& one) {
  const auto seeds = std::max<std::size_t>(2, static_cast<std::size_t>(kSeeds * options.scale));
  Random random(options.seed);
  std::vector<std::uint64_t> chosen;
  for (std::size_t i = 0; i < seeds; ++i) chosen.push_back(random.next());
  std::vector<Tally> tallies(seeds);
  const auto run = [&](std::size_t from) {
    for (std::size_t i = from; i < seeds; i += 2) tallies[i] = one(chosen[i]);
  };
  std::thread other(run, 1);
  run(0);
  other.join();
  Tally all;
  std::vector<double> found;
  for (const Tally& tally : tallies) {
    all.add(tally);
    found.push_back(100 * tally.found());
  }
  std::sort(found.begin(), found.end());
  Figure figure = figure_of(std::move(name), all);
  figure.beside.push_back({"worst_seed_in_20", found[found.size() / 20]});
  figure.beside.push_back({"best_seed_in_20", found[found.size() - 1 - found.size() / 20]});
  figure.beside.push_back({"seeds", static_cast<double>(seeds)});
  return figure;
}

/// Cells of a line of CSV without line breaks in cells.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

/// Rows of a CSV file by column names; gzipped ones are read by the program `gzip`. Empty when there is none.
std::vector<std::map<std::string, std::string>> rows_of(const std::string& path) {
  std::vector<std::map<std::string, std::string>> rows;
  std::string text;
  if (std::filesystem::exists(path)) {
    std::ifstream in(path, std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(in), {});
  } else if (std::filesystem::exists(path + ".gz")) {
    FILE* pipe = ::popen(fmt::format("gzip -dc '{}.gz'", path).c_str(), "r");
    std::array<char, 65'536> piece;
    while (pipe != nullptr) {
      const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe);
      if (got == 0) break;
      text.append(piece.data(), got);
    }
    if (pipe != nullptr) ::pclose(pipe);
  }
  std::istringstream lines(text);
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    const auto cells = cells_of(line);
    if (names.empty()) {
      names = cells;
      continue;
    }
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < std::min(names.size(), cells.size()); ++i) row[names[i]] = cells[i];
  }
  return rows;
}

/// Olist's delivered parcels: approved, handed to the carrier, delivered; promised is a day, its end counts.
std::vector<ParcelTrace> olist(const std::string& shared) {
  std::vector<ParcelTrace> out;
  std::map<std::string, std::uint32_t> states;
  std::set<std::string> seen;
  for (const char* folder : {"olist_4k", "olist_more"}) {
    const std::string base = shared + "/data/" + folder + "/";
    std::map<std::string, std::string> state_of;
    for (auto& row : rows_of(base + "olist_customers_dataset.csv"))
      state_of[row["customer_id"]] = row["customer_state"];
    for (auto& row : rows_of(base + "olist_orders_dataset.csv")) {
      const auto moment = [&](const char* column) {
        const auto at = parse_instant(row[column]);
        return row[column].empty() || !at.ok() ? Instant::min() : *at;
      };
      ParcelTrace trace;
      trace.reached[0] = moment("order_purchase_timestamp");
      trace.reached[1] = moment("order_approved_at");
      trace.reached[2] = moment("order_delivered_carrier_date");
      trace.reached[learn::kSignedNode] = moment("order_delivered_customer_date");
      const Instant day = moment("order_estimated_delivery_date");
      if (!trace.is_signed() || day == Instant::min() || !seen.insert(row["order_id"]).second) continue;
      trace.promised = day + days(1);
      trace.region =
          states.try_emplace(state_of[row["customer_id"]], static_cast<std::uint32_t>(states.size() + 1))
              .first->second;
      out.push_back(trace);
    }
  }
  std::sort(out.begin(), out.end(),
            [](const ParcelTrace& x, const ParcelTrace& y) { return x.reached < y.reached; });
  return out;
}

}  // namespace

Result<std::vector<Figure>> bench_parcels(const Options& options) {
  std::vector<Figure> figures;
  figures.push_back(over_seeds("parcels.warned", options, [](std::uint64_t seed) {
    return live(of_simulated_shop(seed), {.judged_from = world::WorldOptions{}.start + days(kShopTaught)});
  }));
  figures.back().must = 70;
  figures.back().aim = 80;
  figures.push_back(over_seeds("parcels.warned_drifting", options, [](std::uint64_t seed) {
    return live(on_drifting_lanes(seed), {.judged_from = kStart + days(90)});
  }));
  const char* shared = std::getenv("RAPPORT_SHARED");
  const std::vector<ParcelTrace> real = olist(shared == nullptr ? "../shared" : shared);
  if (!real.empty()) {
    // Trained on the earlier half to begin with; parcels take weeks, so they are looked at every six hours.
    figures.push_back(figure_of("parcels.olist", live(real, {.judged_from = real[real.size() / 2].reached[0],
                                                             .learn_every = days(7),
                                                             .look_every = hours(6),
                                                             .choose_every = days(28),
                                                             .taught_by = days(400)})));
  }
  return figures;
}

}  // namespace rapport::bench
