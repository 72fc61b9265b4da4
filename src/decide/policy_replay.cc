#include "decide/policy_replay.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "base/assert.h"
#include "base/hash.h"
#include "base/random.h"
#include "decide/lane_shares.h"

namespace rapport::decide {
namespace {

constexpr std::size_t kSharesAnewMost = 1'000;
constexpr std::size_t kFolds = 5;
constexpr double kPull = 20;  ///< impressions that a lane's rate, and the scene's, weigh as

bool holds(std::uint16_t lanes, std::size_t lane) {
  return (lanes >> lane & 1U) != 0;
}

/// The probability of each open lane; lanes that are not open have 0, and so have all when none has a share.
void draw_by(const std::vector<double>& shares, double elsewhere, std::uint16_t open,
             std::vector<double>& probabilities) {
  probabilities.assign(shares.size(), 0);
  double sum = elsewhere;
  for (std::size_t l = 0; l < shares.size(); ++l) sum += holds(open, l) ? shares[l] : 0;
  if (!(sum > 0)) return;
  for (std::size_t l = 0; l < shares.size(); ++l)
    if (holds(open, l)) probabilities[l] = shares[l] / sum;
}

/// A policy that learns while the log goes by.
class Learner {
 public:
  Learner(const model::Scene& scene, std::size_t impressions, std::uint64_t seed)
      : scene_(scene),
        seed_(seed),
        random_(seed),
        every_(std::max<std::size_t>(1, impressions / kSharesAnewMost)) {}

  /// The number of the table that holds now.
  std::uint32_t table(std::uint8_t user_class, ReplayedShares& out) {
    Class& of = classes_[user_class];
    if (of.table && closed_ < of.closed + every_) return *of.table;
    out.tables.push_back(lane_shares(scene_, of.tally, all_, mix64(seed_ + closed_ + user_class)));
    of.closed = closed_;
    of.table = static_cast<std::uint32_t>(out.tables.size() - 1);
    return *of.table;
  }
  void close(const LoggedImpression& impression, double weight) {
    auto copies = static_cast<std::uint64_t>(weight);
    copies += random_.chance(weight - static_cast<double>(copies)) ? 1 : 0;
    for (std::uint64_t i = 0; i < copies; ++i) {
      classes_[impression.user_class].tally.close(impression.lane, impression.taken);
      all_.close(impression.lane, impression.taken);
    }
    closed_ += copies;
  }

 private:
  struct Class {
    SceneTally tally;
    std::optional<std::uint32_t> table;
    std::uint64_t closed = 0;  ///< when it was made
  };
  const model::Scene& scene_;
  std::uint64_t seed_;
  Random random_;
  std::uint64_t every_, closed_ = 0;
  std::map<std::uint8_t, Class> classes_;
  SceneTally all_;
};

double weight_of(const LoggedImpression& impression, const std::vector<double>& shares, double elsewhere,
                 std::vector<double>& probabilities) {
  draw_by(shares, elsewhere, impression.open, probabilities);
  return probabilities[impression.lane] / static_cast<double>(impression.probability);
}

/// Rates by lane and class, learned of all customers but those of one fold.
class RewardModel {
 public:
  RewardModel(std::span<const LoggedImpression> log, std::size_t lanes) {
    for (const LoggedImpression& one : log) {
      const std::size_t own = fold_of(one.customer);
      for (std::size_t fold = 0; fold < kFolds; ++fold) {
        if (fold != own) folds_[fold].add(one, lanes);
      }
    }
    for (Fold& fold : folds_) fold.settle(lanes);
  }
  static std::size_t fold_of(std::uint64_t customer) { return mix64(customer) % kFolds; }
  double rate(const LoggedImpression& of, std::size_t lane) const {
    const Fold& fold = folds_[fold_of(of.customer)];
    const auto known = fold.rates.find(of.user_class);
    return known == fold.rates.end() ? fold.of_lane[lane] : known->second[lane];
  }

 private:
  struct Count {
    double taken = 0, all = 0;
    double pulled(double to) const { return (taken + kPull * to) / (all + kPull); }
  };
  struct Fold {
    Count scene;
    std::vector<Count> lane_counts;
    std::map<std::uint8_t, std::vector<Count>> classes;
    std::vector<double> of_lane;
    std::map<std::uint8_t, std::vector<double>> rates;
    void add(const LoggedImpression& one, std::size_t lanes) {
      lane_counts.resize(lanes);
      auto& of_class = classes[one.user_class];
      of_class.resize(lanes);
      for (Count* count : {&scene, &lane_counts[one.lane], &of_class[one.lane]}) {
        count->all += 1;
        count->taken += one.taken;
      }
    }
    void settle(std::size_t lanes) {
      lane_counts.resize(lanes);
      const double whole = scene.pulled(0.05);
      for (const Count& count : lane_counts) of_lane.push_back(count.pulled(whole));
      for (const auto& [user_class, counts] : classes) {
        for (std::size_t l = 0; l < lanes; ++l) rates[user_class].push_back(counts[l].pulled(of_lane[l]));
      }
    }
  };
  std::array<Fold, kFolds> folds_;
};

/// Shares of a scene as shares of the logged one's lanes.
std::vector<double> mapped(const std::vector<double>& shares,
                           const std::vector<std::optional<std::size_t>>& places, std::size_t lanes) {
  std::vector<double> out(lanes, 0);
  for (std::size_t l = 0; l < places.size(); ++l) {
    if (places[l]) out[*places[l]] += shares[l];
  }
  return out;
}

/// The same scene with its lanes in the order and number of the logged one, which is how tallies count.
model::Scene in_order_of(const model::Scene& logged, const model::Scene& scene,
                         const std::vector<std::optional<std::size_t>>& places) {
  model::Scene out = scene;
  out.lanes = logged.lanes;
  for (model::SceneLane& lane : out.lanes) lane.share = 0;
  for (std::size_t l = 0; l < places.size(); ++l) {
    if (places[l]) out.lanes[*places[l]].share += scene.lanes[l].share;
  }
  return out;
}

}  // namespace

ReplayedShares replay_policy(const model::Scene& scene, std::span<const LoggedImpression> log,
                             std::uint64_t seed) {
  ReplayedShares out;
  out.of.assign(log.size(), 0);
  if (scene.policy == model::ScenePolicy::fixed) {
    out.tables.push_back(lane_shares(scene, {}, {}, seed));
    return out;
  }
  Learner learner(scene, log.size(), seed);
  std::vector<std::size_t> closing(log.size());
  std::iota(closing.begin(), closing.end(), std::size_t{0});
  std::stable_sort(closing.begin(), closing.end(),
                   [&](std::size_t a, std::size_t b) { return log[a].closed_ms < log[b].closed_ms; });
  std::vector<double> probabilities;
  std::size_t next = 0;
  for (std::size_t i = 0; i < log.size(); ++i) {
    for (; next < closing.size() && log[closing[next]].closed_ms < log[i].shown_ms; ++next) {
      const std::size_t at = closing[next];
      learner.close(log[at], weight_of(log[at], out.tables[out.of[at]], 0, probabilities));
    }
    out.of[i] = learner.table(log[i].user_class, out);
  }
  return out;
}

std::uint16_t lanes_digest(const model::Scene& scene) {
  std::string text;
  for (const model::SceneLane& lane : scene.lanes) {
    text += fmt::format("{}/{}/", lane.name, model::scene_source_name(lane.source));
    for (const model::OfferKind kind : lane.kinds) text += fmt::format("{},", model::offer_kind_name(kind));
    for (const auto* words : {&lane.only, &lane.prefer}) {
      text += '/';
      for (const std::string& word : *words) text += word + ",";
    }
    text += '\n';
  }
  const Digest digest = sha256(text);
  return static_cast<std::uint16_t>(digest[0] << 8 | digest[1]);
}

std::vector<std::optional<std::size_t>> lanes_in(const model::Scene& logged, const model::Scene& scene) {
  std::vector<std::optional<std::size_t>> out;
  for (const model::SceneLane& lane : scene.lanes) {
    std::optional<std::size_t>& found = out.emplace_back();
    for (std::size_t l = logged.lanes.size(); l-- > 0;) {
      const model::SceneLane& other = logged.lanes[l];
      const bool same = other.source == lane.source && other.kinds == lane.kinds && other.only == lane.only &&
                        other.prefer == lane.prefer;
      // Of several alike the one of the same name, else the first.
      if (same && (!found || scene.lanes[out.size() - 1].name != logged.lanes[*found].name)) found = l;
    }
  }
  return out;
}

std::string_view differs_beside_shares(const model::Scene& logged, const model::Scene& scene) {
  if (logged.trigger != scene.trigger) return "trigger";
  if (logged.other_category != scene.other_category) return "other_category";
  if (logged.needs_product != scene.needs_product) return "needs_product";
  if (logged.category_cap != scene.category_cap) return "category_cap";
  if (logged.explore != scene.explore) return "explore";
  if (logged.pins != scene.pins) return "pins";
  if (logged.left_out != scene.left_out) return "left_out";
  if (logged.boosts != scene.boosts) return "boosts";
  if (scene.stopped && !logged.stopped) return "stopped";
  return {};
}

std::string_view refusal_name(Refusal refusal) {
  constexpr std::string_view kNames[] = {"", "impressions", "same_lists", "support", "effective_sample_size"};
  return kNames[static_cast<std::size_t>(refusal)];
}

PolicyJudged judge_policy(const model::Scene& logged, const model::Scene& scene,
                          std::span<const LoggedImpression> log, std::uint64_t seed) {
  PolicyJudged out;
  out.member = differs_beside_shares(logged, scene);
  const std::size_t lanes = logged.lanes.size();
  const auto places = lanes_in(logged, scene);
  std::int64_t known = 0;
  for (std::size_t l = 0; l < places.size(); ++l) known += places[l] ? scene.lanes[l].share : 0;
  ReplayedShares replayed;
  if (known < 100) {
    // Lanes that the log never filled make every learned share a guess: then the written ones stand for it.
    std::vector<double> written;
    for (const model::SceneLane& lane : scene.lanes) written.push_back(static_cast<double>(lane.share) / 100);
    replayed.tables.push_back(mapped(written, places, lanes));
    replayed.of.assign(log.size(), 0);
    replayed.elsewhere = static_cast<double>(100 - known) / 100;
  } else {
    replayed = replay_policy(in_order_of(logged, scene, places), log, seed);
  }
  const RewardModel model(log, lanes);
  std::vector<OffPolicyRow> rows;
  rows.reserve(log.size());
  std::vector<double> probabilities;
  double possible = 0;
  out.acts.assign(lanes, 0);
  for (std::size_t i = 0; i < log.size(); ++i) {
    const LoggedImpression& one = log[i];
    ASSERT(one.lane < lanes);
    OffPolicyRow& row = rows.emplace_back();
    row.cluster = one.customer;
    row.reward = one.taken;
    const std::vector<double>& shares = replayed.tables[replayed.of[i]];
    row.weight = weight_of(one, shares, replayed.elsewhere, probabilities);
    row.predicted = model.rate(one, one.lane);
    for (std::size_t l = 0; l < lanes; ++l) {
      row.expected += probabilities[l] * model.rate(one, l);
      possible += holds(one.possible, l) ? probabilities[l] : 0;
      out.acts[l] += probabilities[l];
    }
  }
  const double all = std::max(1.0, static_cast<double>(log.size()));
  for (double& share : out.acts) share /= all;
  out.supported = possible / all;
  out.figures = estimate_off_policy(rows);
  if (log.size() < kImpressionsLeast) {
    out.refusal = Refusal::impressions;
  } else if (!out.member.empty()) {
    out.refusal = Refusal::same_lists;
  } else if (out.supported < kSupportLeast) {
    out.refusal = Refusal::support;
  } else if (out.figures.effective < kEffectiveLeast) {
    out.refusal = Refusal::effective;
  }
  return out;
}

}  // namespace rapport::decide
