#include "learn/lanes.h"

#include <algorithm>
#include <cmath>

namespace rapport::learn {
namespace {

/// Newest samples of a group, by rung: more of them tell nothing new.
constexpr std::array<std::size_t, 4> kSamplesMost = {1'000, 1'000, 1'000, 500};
constexpr std::size_t kThresholds = 25;  // 0.300, 0.325, ... 0.900
constexpr std::size_t kTriedLeast = 40;
constexpr int kHalvings = 40;

/// Promised days from placing, in steps of about a third.
std::uint8_t span_of(const ParcelTrace& parcel) {
  constexpr std::int64_t kDays[] = {2, 3, 4, 5, 7, 9, 12, 16, 21, 28, 37, 50};
  if (parcel.promised == Instant::min() || parcel.reached[0] == Instant::min()) return 0;
  const std::int64_t days = (parcel.promised - parcel.reached[0]).ms / rapport::days(1).ms;
  return static_cast<std::uint8_t>(
      1 + (std::upper_bound(std::begin(kDays), std::end(kDays), days) - std::begin(kDays)));
}

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::size_t kBins = 96;  // quarters of an hour

/// Parcels are handed over by day, so one that reached a node in the evening is like others of an evening.
std::uint8_t time_of_day(Instant at) {
  return static_cast<std::uint8_t>(((at.ms % kDayMs + kDayMs) % kDayMs) /
                                   (kDayMs / static_cast<std::int64_t>(kBins)));
}

/// How alike two times of day are, by their distance in quarters of an hour round the clock: a bell of 90
/// minutes.
const std::array<double, kBins>& likeness() {
  static const std::array<double, kBins> table = [] {
    std::array<double, kBins> out{};
    for (std::size_t i = 0; i < kBins; ++i) {
      const double quarters = static_cast<double>(std::min(i, kBins - i));
      out[i] = std::exp(-quarters * quarters / (2 * 6.0 * 6.0));
    }
    return out;
  }();
  return table;
}
/// To be read at a time of day; every time is alike to the two rungs of many parcels.
const double* likeness_at(std::uint8_t hour, std::uint8_t rung) {
  // Twice round the clock, so that a step from any hour is a step in the table.
  static const std::array<double, 2 * kBins> twice = [] {
    std::array<double, 2 * kBins> out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = likeness()[i % kBins];
    return out;
  }();
  static const std::array<double, kBins> one = [] {
    std::array<double, kBins> out{};
    out.fill(1);
    return out;
  }();
  return rung < 2 ? one.data() : twice.data() + (kBins - hour);
}

/// Nodes in the order in which they were reached, without signed; of one moment the later step last.
std::vector<std::pair<Instant, std::uint8_t>> path_of(const ParcelTrace& parcel) {
  std::vector<std::pair<Instant, std::uint8_t>> path;
  const Instant end = parcel.is_signed() ? parcel.reached[kSignedNode] : Instant::never();
  for (std::uint8_t node = 0; node < kParcelNodes; ++node) {
    const Instant at = parcel.reached[node];
    if (node != kSignedNode && at != Instant::min() && at <= end) path.emplace_back(at, node);
  }
  std::sort(path.begin(), path.end());
  return path;
}

/// Shares of `values` that are greater, by weight: Kaplan-Meier, the censored with `open`.
std::vector<std::pair<std::int64_t, double>> survival_of(
    std::vector<std::tuple<std::int64_t, double, bool>> values) {
  std::sort(values.begin(), values.end());
  double at_risk = 0;
  for (const auto& [value, weight, open] : values) at_risk += weight;
  std::vector<std::pair<std::int64_t, double>> curve;
  double share = 1;
  for (std::size_t i = 0; i < values.size();) {
    const std::int64_t value = std::get<0>(values[i]);
    double ended = 0, left = 0;
    for (; i < values.size() && std::get<0>(values[i]) == value; ++i) {
      left += std::get<1>(values[i]);
      if (!std::get<2>(values[i])) ended += std::get<1>(values[i]);
    }
    if (ended > 0 && at_risk > 0) {
      share *= std::max(0.0, 1 - ended / at_risk);
      curve.emplace_back(value, share);
    }
    at_risk -= left;
  }
  return curve;
}

/// Of a trial, ascending: twice during the last call, and now and then all along, for what is certain early
/// or late (seldom, so that looking every hour finds hardly more).
std::vector<Instant> looks_at(const ParcelTrace& parcel) {
  const WarningRule rule;
  const Duration step = std::max(hours(6), milliseconds((parcel.promised - parcel.reached[0]).ms / 20));
  std::vector<Instant> looks = {parcel.promised - rule.lead - milliseconds(rule.last_call.ms / 2),
                                parcel.promised - rule.lead};
  std::erase_if(looks, [&](Instant at) { return at < parcel.reached[0]; });
  for (Instant at = parcel.reached[0]; at < parcel.promised; at = at + step) looks.push_back(at);
  std::sort(looks.begin(), looks.end());
  return looks;
}

}  // namespace

ParcelTrace known_at(const ParcelTrace& parcel, Instant at) {
  ParcelTrace known = parcel;
  for (Instant& moment : known.reached) {
    if (moment > at) moment = Instant::min();
  }
  return known;
}

std::size_t LaneModel::Group::longer(std::int64_t waited) const {
  return static_cast<std::size_t>(
      std::partition_point(next.begin(), next.end(), [&](std::int64_t one) { return one > waited; }) -
      next.begin());
}

double LaneModel::share_beyond(const std::vector<std::pair<std::int64_t, double>>& curve, std::int64_t ms) {
  const auto after =
      std::upper_bound(curve.begin(), curve.end(), ms,
                       [](std::int64_t value, const auto& step) { return value < step.first; });
  return after == curve.begin() ? 1 : std::prev(after)->second;
}

LaneModel::Spread LaneModel::spread_of(const std::vector<std::pair<std::int64_t, double>>& curve) {
  if (curve.empty()) return {};
  // Where too many are still under way for a share to be reached, the longest that is known.
  const auto by = [&](double share) {
    for (const auto& [value, beyond] : curve) {
      if (beyond <= 1 - share) return value;
    }
    return curve.back().first;
  };
  return {by(0.5) - by(0.1), by(0.9) - by(0.5)};
}

std::vector<LaneModel::Key> LaneModel::keys_of(const ParcelTrace& parcel, std::uint8_t node) {
  const std::uint8_t span = span_of(parcel);
  std::vector<Key> keys;
  if (parcel.region != 0) keys.push_back({3, node, parcel.carrier, parcel.region, span});
  if (parcel.carrier != 0 || span != 0) keys.push_back({2, node, parcel.carrier, 0, span});
  if (parcel.carrier != 0) keys.push_back({1, node, parcel.carrier, 0, 0});
  keys.push_back({0, node, 0, 0, 0});
  return keys;
}

void LaneModel::add(const ParcelTrace& parcel, std::map<Key, std::vector<Sample>>& groups) const {
  const auto path = path_of(parcel);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto& [at, node] = path[i];
    if (at > now_) continue;
    Sample sample;
    sample.weight =
        std::exp2(-static_cast<double>((now_ - at).ms) / static_cast<double>(options_.half_life.ms));
    sample.total_open = !parcel.is_signed();
    sample.hour = time_of_day(at);
    sample.total = ((parcel.is_signed() ? parcel.reached[kSignedNode] : now_) - at).ms;
    sample.next_open = sample.total_open && i + 1 == path.size();
    sample.next = i + 1 < path.size() ? (path[i + 1].first - at).ms : sample.total;
    for (const Key& key : keys_of(parcel, node)) groups[key].push_back(sample);
  }
}

void LaneModel::finish_node(std::uint8_t node, const std::vector<Sample>& all) {
  std::vector<std::tuple<std::int64_t, double, bool>> totals, rests;
  for (const Sample& sample : all) {
    totals.emplace_back(sample.total, sample.weight, sample.total_open);
    if (!sample.next_open) rests.emplace_back(sample.total - sample.next, sample.weight, sample.total_open);
  }
  nodes_[node].survival = survival_of(std::move(totals));
  nodes_[node].rest = survival_of(std::move(rests));
  nodes_[node].seen = all.size();
}

LaneModel LaneModel::learn(std::span<const ParcelTrace> parcels, Instant now, const LaneOptions& options) {
  LaneModel model;
  model.options_ = options;
  model.now_ = now;
  model.parcels_ = parcels.size();
  std::map<Key, std::vector<Sample>> gathered;
  for (const ParcelTrace& parcel : parcels) model.add(parcel, gathered);
  for (auto& [key, samples] : gathered) {
    // The heaviest are the newest. Every order of the parcels gives the same model.
    const auto newer = [](const Sample& x, const Sample& y) {
      return std::tie(y.weight, x.total, x.next, x.total_open, x.next_open) <
             std::tie(x.weight, y.total, y.next, y.total_open, y.next_open);
    };
    std::sort(samples.begin(), samples.end(), newer);
    const std::size_t most = kSamplesMost[std::get<0>(key)];
    if (samples.size() > most) samples.resize(most);
    if (std::get<0>(key) == 0) model.finish_node(std::get<1>(key), samples);
    // Who is asked about has waited for some time: those that waited longer stand first.
    std::stable_sort(samples.begin(), samples.end(),
                     [](const Sample& x, const Sample& y) { return x.next > y.next; });
    Group& group = model.groups_[key];
    for (const Sample& sample : samples) {
      if (sample.total_open) {
        group.open.push_back({sample.weight, sample.next, sample.total, sample.hour});
        continue;
      }
      group.weight.push_back(sample.weight);
      group.next.push_back(sample.next);
      group.total.push_back(sample.total);
      group.hour.push_back(sample.hour);
    }
  }
  return model;
}

std::optional<LaneModel::Where> LaneModel::where(const ParcelTrace& parcel, Instant at) const {
  if (parcel.is_signed()) return std::nullopt;
  // As path_of() orders them, without making it.
  std::pair<Instant, std::uint8_t> newest{Instant::min(), 0};
  for (std::uint8_t node = 0; node < kParcelNodes; ++node) {
    if (parcel.reached[node] <= at) newest = std::max(newest, std::pair(parcel.reached[node], node));
  }
  if (newest.first == Instant::min() || nodes_[newest.second].seen < options_.least) return std::nullopt;
  return Where{newest.first, newest.second, time_of_day(newest.first), (at - newest.first).ms};
}

/// The closest first.
std::vector<std::pair<std::uint8_t, const LaneModel::Group*>> LaneModel::rungs(const ParcelTrace& parcel,
                                                                               std::uint8_t node) const {
  std::vector<std::pair<std::uint8_t, const Group*>> found;
  for (const Key& key : keys_of(parcel, node)) {
    if (const auto group = groups_.find(key); group != groups_.end())
      found.emplace_back(std::get<0>(key), &group->second);
  }
  return found;
}

std::optional<LaneModel::Outlook> LaneModel::outlook(const ParcelTrace& parcel, Instant at,
                                                     Instant& since) const {
  const auto here = where(parcel, at);
  if (!here) return std::nullopt;
  since = here->since;
  Outlook out;
  out.node = &nodes_[here->node];
  out.waited = here->waited;
  for (const auto& [rung, group] : rungs(parcel, here->node)) {
    const double* const alike = likeness_at(here->hour, rung);
    std::vector<Weighed> like;
    double sum = 0;
    const auto take = [&](std::int64_t next, std::int64_t total, double weight, bool open) {
      if (next <= out.waited || weight <= 0) return;
      sum += weight;
      like.push_back({total, weight, open});
    };
    for (std::size_t i = 0; i < group->longer(out.waited); ++i)
      take(group->next[i], group->total[i], group->weight[i] * alike[group->hour[i]], false);
    for (const Group::Open& open : group->open)
      take(open.next, open.so_far, open.weight * alike[open.hour], true);
    if (like.empty()) continue;
    if (out.like.empty()) out.like_it = like.size(), out.rung = rung;
    if (!out.wide && out.like_it < options_.least && like.size() >= options_.least) {
      std::vector<std::tuple<std::int64_t, double, bool>> totals;
      for (const Weighed& one : like) totals.emplace_back(one.total, one.weight, one.open);
      out.wide = spread_of(survival_of(std::move(totals)));
    }
    const double factor = out.rest / (sum + options_.prior);
    for (Weighed& one : like) {
      one.weight *= factor;
      out.like.push_back(one);
    }
    out.rest *= options_.prior / (sum + options_.prior);
  }
  return out;
}

// What no parcel tells: by the whole time alone, and never less than what is still to come takes even if the
// next node were reached this moment.
double LaneModel::untold(const Node& node, std::int64_t waited, std::int64_t ms) const {
  const double n = static_cast<double>(node.seen);
  const double by_total =
      (share_beyond(node.survival, ms) * n + 0.5) / (share_beyond(node.survival, waited) * n + 1);
  return std::max(by_total, share_beyond(node.rest, ms - waited));
}

double LaneModel::beyond(const Outlook& outlook, std::int64_t ms) const {
  if (ms <= outlook.waited) return 1;
  const auto& survival = outlook.node->survival;
  double sum = 0;
  for (const Weighed& one : outlook.like) {
    if (one.total > ms) {
      sum += one.weight;
    } else if (one.open) {
      const double so_far = share_beyond(survival, one.total);
      sum += one.weight * (so_far > 0 ? share_beyond(survival, ms) / so_far : 1);
    }
  }
  return std::clamp(sum + outlook.rest * untold(*outlook.node, outlook.waited, ms), 0.0, 1.0);
}

// The same as beyond(outlook(..)), in one pass a rung.
std::optional<double> LaneModel::late_chance(const ParcelTrace& parcel, Instant at) const {
  if (parcel.promised == Instant::min() || parcel.is_signed()) return std::nullopt;
  if (at >= parcel.promised) return 1;
  const auto here = where(parcel, at);
  if (!here) return std::nullopt;
  const std::int64_t due = (parcel.promised - here->since).ms;
  const Node& node = nodes_[here->node];
  const double beyond_due = share_beyond(node.survival, due);
  double chance = 0, rest = 1;
  for (const auto& [rung, group] : rungs(parcel, here->node)) {
    const double* const alike = likeness_at(here->hour, rung);
    double sum = 0, late = 0;
    const std::size_t longer = group->longer(here->waited);
    for (std::size_t i = 0; i < longer; ++i) {
      const double counts = group->weight[i] * alike[group->hour[i]];
      sum += counts;
      late += group->total[i] > due ? counts : 0;
    }
    for (const Group::Open& open : group->open) {
      if (open.next <= here->waited) break;
      const double weight = open.weight * alike[open.hour];
      sum += weight;
      const double so_far = open.so_far > due ? 0 : share_beyond(node.survival, open.so_far);
      late += weight * (so_far > 0 ? beyond_due / so_far : 1);
    }
    if (sum == 0) continue;
    chance += rest * late / (sum + options_.prior);
    rest *= options_.prior / (sum + options_.prior);
  }
  return std::clamp(chance + rest * untold(node, here->waited, due), 0.0, 1.0);
}

// A few parcels that happen to agree are no narrow lane: the interval is at least as wide as that of the
// closest lane with enough parcels; where none has enough that waited as long, as that of all parcels at the
// node.
void LaneModel::widen(const Outlook& outlook, Instant at, ParcelEstimate& estimate) const {
  if (!estimate.few) return;
  const Spread wide = outlook.wide.value_or(spread_of(outlook.node->survival));
  estimate.low = std::max(at, std::min(estimate.low, estimate.middle - milliseconds(wide.below)));
  estimate.high = std::max(estimate.high, estimate.middle + milliseconds(wide.above));
}

std::optional<ParcelEstimate> LaneModel::estimate(const ParcelTrace& parcel, Instant at) const {
  Instant since;
  const auto out = outlook(parcel, at, since);
  if (!out) return std::nullopt;
  ParcelEstimate estimate;
  estimate.like_it = out->like_it;
  estimate.rung = out->rung;
  estimate.few = out->like_it < options_.least;
  if (parcel.promised != Instant::min())
    estimate.late = at >= parcel.promised ? 1 : beyond(*out, (parcel.promised - since).ms);
  // What nobody tells lies within the longest that any parcel at the node took, or still takes from its next
  // one.
  const auto end_of = [](const std::vector<std::pair<std::int64_t, double>>& curve) {
    return curve.empty() ? 0 : curve.back().first;
  };
  std::int64_t longest = std::max(
      {out->waited + hours(1).ms, end_of(out->node->survival), out->waited + end_of(out->node->rest)});
  for (const Weighed& one : out->like) longest = std::max(longest, one.total);
  const auto by = [&](double share) {
    std::int64_t low = out->waited, high = longest;
    for (int i = 0; i < kHalvings && high - low > 60'000; ++i) {
      const std::int64_t middle = low + (high - low) / 2;
      (beyond(*out, middle) > 1 - share ? low : high) = middle;
    }
    return since + milliseconds(high);
  };
  estimate.low = by(0.1);
  estimate.middle = std::max(estimate.low, by(0.5));
  // As likely late as not is not expected before its promise.
  if (parcel.promised != Instant::min() && estimate.late >= 0.5)
    estimate.middle = std::max(estimate.middle, parcel.promised);
  estimate.high = std::max(estimate.middle, by(0.9));
  widen(*out, at, estimate);
  estimate.if_late =
      std::max(estimate.middle, estimate.late > 0 ? by(1 - estimate.late / 2) : estimate.middle);
  if (parcel.promised != Instant::min()) estimate.if_late = std::max(estimate.if_late, parcel.promised);
  return estimate;
}

namespace {

/// Parcels that are over, in the order in which they were placed.
std::vector<const ParcelTrace*> over_of(std::span<const ParcelTrace> parcels) {
  std::vector<const ParcelTrace*> over;
  for (const ParcelTrace& parcel : parcels) {
    if (parcel.is_signed() && parcel.promised != Instant::min() && parcel.reached[0] != Instant::min())
      over.push_back(&parcel);
  }
  std::sort(over.begin(), over.end(), [](const ParcelTrace* x, const ParcelTrace* y) {
    return std::tie(x->reached, x->promised, x->carrier, x->region) <
           std::tie(y->reached, y->promised, y->carrier, y->region);
  });
  return over;
}

void try_one(const LaneModel& model, const ParcelTrace& parcel, std::vector<WarningTrial>& trials) {
  const bool late = parcel.reached[kSignedNode] > parcel.promised;
  const Instant end = std::min(parcel.reached[kSignedNode], parcel.promised);
  std::size_t next = 0;  // thresholds below are warned of
  for (const Instant at : looks_at(parcel)) {
    if (at >= end || next == kThresholds) break;
    const auto chance = model.late_chance(known_at(parcel, at), at);
    const Duration left = parcel.promised - at;
    for (; chance && next < kThresholds; ++next) {
      const WarningRule rule{.threshold = trials[next].threshold};
      if (!rule.warns(*chance, left)) break;
      ++(late ? trials[next].right : trials[next].wrong);
      if (late && left >= rule.lead) ++trials[next].ahead;
    }
  }
  for (WarningTrial& trial : trials) ++(late ? trial.late : trial.punctual);
}

}  // namespace

std::vector<WarningTrial> try_thresholds(std::span<const ParcelTrace> parcels, const LaneOptions& lanes,
                                         const TrialOptions& options) {
  std::vector<WarningTrial> trials(kThresholds);
  for (std::size_t i = 0; i < kThresholds; ++i) trials[i].threshold = 0.3 + 0.025 * static_cast<double>(i);
  const std::vector<const ParcelTrace*> over = over_of(parcels);
  const auto tried =
      std::min(options.tried_most, static_cast<std::size_t>(static_cast<double>(over.size()) * options.part));
  for (std::size_t part = options.parts; tried > 0 && part > 0; --part) {
    if (part * tried >= over.size()) continue;
    const std::size_t first = over.size() - part * tried;
    const Instant split = over[first]->reached[0];
    std::vector<ParcelTrace> before;
    for (const ParcelTrace& parcel : parcels) {
      if (parcel.reached[0] != Instant::min() && parcel.reached[0] < split)
        before.push_back(known_at(parcel, split));
    }
    const LaneModel model = LaneModel::learn(before, split, lanes);
    for (std::size_t i = first; i < first + tried; ++i) try_one(model, *over[i], trials);
  }
  return trials;
}

double choose_threshold(std::span<const WarningTrial> trials, double false_share) {
  constexpr double kStrictest = 0.9;
  double best = kStrictest;
  // From the strictest down, as long as each holds, with one standard error of its count on top: what is
  // chosen for having been good is a little worse the next time.
  for (auto trial = trials.rbegin(); trial != trials.rend(); ++trial) {
    const auto wrong = static_cast<double>(trial->wrong);
    const double doubt = trial->punctual == 0 ? 0 : std::sqrt(wrong) / static_cast<double>(trial->punctual);
    if (trial->punctual < kTriedLeast || trial->false_share() + doubt > false_share) break;
    best = trial->threshold;
  }
  return best;
}

}  // namespace rapport::learn
