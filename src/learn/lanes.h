#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include "base/time.h"

/// When parcels arrive: the time between the steps of a parcel, by lane, learnt from parcels that went
/// before.
namespace rapport::learn {

/// placed packing picked_up in_transit out_for_delivery signed exception, as the catalogue counts them.
inline constexpr std::size_t kParcelNodes = 7, kSignedNode = 5;

/// What is known of one parcel. A lane is who carries it, where to, and how long was promised for it.
struct ParcelTrace {
  std::uint32_t carrier = 0, region = 0;  ///< numbers of the caller's; 0 = not known
  /// First time at each node; Instant::min() = not reached. Claims in any order.
  std::array<Instant, kParcelNodes> reached{Instant::min(), Instant::min(), Instant::min(), Instant::min(),
                                            Instant::min(), Instant::min(), Instant::min()};
  Instant promised = Instant::min();  ///< when it is to be signed for; min() = nothing was promised
  bool is_signed() const { return reached[kSignedNode] != Instant::min(); }
};

struct LaneOptions {
  Duration half_life = days(21);  ///< a parcel of that age weighs half of one of today
  double prior = 6;               ///< how many parcels of a lane weigh as much as all that its parent knows
  std::size_t least = 30;         ///< parcels seen at a node before anything is said of it; fewer of its own
                                  ///< lane than that lend an estimate no width of their own
};

struct ParcelEstimate {
  double late = 0;            ///< chance that it is not signed for by the promise; 0 without a promise
  Instant low, middle, high;  ///< signed by then with 10, 50 and 90 in a hundred
  Instant if_late;            ///< the middle of those that come after the promise; never before it
  std::size_t like_it = 0;    ///< parcels of its closest lane that the estimate rests on
  std::size_t rung = 0;       ///< how close: 0 all parcels, 1 its carrier, 2 and promised span, 3 and region
  bool few = false;           ///< fewer of them than LaneOptions::least: the interval is a wider lane's
};

/// An immutable value; any thread. Of a parcel whose newest node is X, reached `t` ago, with the promise `d`
/// after X:
///   P(late) = sum w [u > t] [v > d] / sum w [u > t]
/// over parcels that passed X before, u the time each then took to its next node, v to being signed for, w =
/// 2^(-age / half_life): what was still without news after t, and came too late. Parcels under way count as
/// censored: their mass lies beyond what they have taken so far, parted as Efron's redistribution to the
/// right parts it (Efron 1967, 5th Berkeley Symposium vol. 4, p. 831; it is Kaplan & Meier's estimator, 1958,
/// JASA 53). So a lane that slows down is believed at once, not when its parcels have arrived. Thin lanes
/// lean on their parents, rung by rung: (sum + prior * P of the parent) / (n + prior) (Cestnik 1990, ECAI,
/// m-estimate). On the two closest rungs w also falls with the distance in time of day at X, a bell of 90
/// minutes: parcels are handed over by day.
class LaneModel {
 public:
  LaneModel() = default;
  /// From parcels signed for and under way, as known at `now`; cancelled ones are left out by the caller.
  static LaneModel learn(std::span<const ParcelTrace> parcels, Instant now, const LaneOptions& options = {});

  /// Nothing when too few parcels were seen at its node, when nothing was promised, or it is signed for.
  /// 1 for one whose promise is over.
  std::optional<double> late_chance(const ParcelTrace& parcel, Instant at) const;
  /// Nothing as above, but for one without a promise `late` is 0.
  std::optional<ParcelEstimate> estimate(const ParcelTrace& parcel, Instant at) const;
  std::size_t parcels() const { return parcels_; }
  Instant learned_at() const { return now_; }

 private:
  struct Sample {
    double weight = 0;
    std::int64_t next = 0, total = 0;            ///< u and v, ms
    std::uint8_t hour = 0;                       ///< time of day at which the node was reached
    bool next_open = false, total_open = false;  ///< at least that long, and not over
  };
  /// A group's samples side by side, by falling time to the next node, so that a look is one pass over those
  /// that waited longer.
  struct Group {
    std::vector<double> weight;
    std::vector<std::int64_t> next, total;  ///< of those that are not over, total is never reached
    std::vector<std::uint8_t> hour;
    struct Open {
      double weight = 0;
      std::int64_t next = 0, so_far = 0;
      std::uint8_t hour = 0;
    };
    std::vector<Open> open;
    std::size_t longer(std::int64_t waited) const;
  };
  using Key = std::tuple<std::uint8_t, std::uint8_t, std::uint32_t, std::uint32_t, std::uint8_t>;
  /// Of all parcels at one node.
  struct Node {
    std::vector<std::pair<std::int64_t, double>> survival;  ///< (v, share that takes longer), ascending
    std::vector<std::pair<std::int64_t, double>> rest;      ///< (v - u, share that takes longer)
    std::size_t seen = 0;
  };
  struct Weighed {
    std::int64_t total = 0;
    double weight = 0;
    bool open = false;
  };
  /// How far the tenth and the nine tenths lie from the middle, ms.
  struct Spread {
    std::int64_t below = 0, above = 0;
  };
  /// Who is like a parcel that waits since `waited` at `node`, rungs mixed; weights and `rest` add up to 1.
  struct Outlook {
    const Node* node = nullptr;
    std::vector<Weighed> like;
    double rest = 1;
    std::int64_t waited = 0;
    std::size_t like_it = 0, rung = 0;
    std::optional<Spread> wide;  ///< of the closest rung with LaneOptions::least parcels that waited as long
  };
  static Spread spread_of(const std::vector<std::pair<std::int64_t, double>>& curve);
  void widen(const Outlook& outlook, Instant at, ParcelEstimate& estimate) const;
  static double share_beyond(const std::vector<std::pair<std::int64_t, double>>& curve, std::int64_t ms);
  double beyond(const Outlook& outlook, std::int64_t ms) const;
  struct Where {
    Instant since;
    std::uint8_t node = 0, hour = 0;
    std::int64_t waited = 0;
  };
  std::optional<Where> where(const ParcelTrace& parcel, Instant at) const;
  std::vector<std::pair<std::uint8_t, const Group*>> rungs(const ParcelTrace& parcel,
                                                           std::uint8_t node) const;
  double untold(const Node& node, std::int64_t waited, std::int64_t ms) const;
  std::optional<Outlook> outlook(const ParcelTrace& parcel, Instant at, Instant& since) const;
  /// The closest first.
  static std::vector<Key> keys_of(const ParcelTrace& parcel, std::uint8_t node);
  void add(const ParcelTrace& parcel, std::map<Key, std::vector<Sample>>& groups) const;
  void finish_node(std::uint8_t node, const std::vector<Sample>& all);

  LaneOptions options_;
  Instant now_ = Instant::min();
  std::size_t parcels_ = 0;
  std::map<Key, Group> groups_;
  std::array<Node, kParcelNodes> nodes_;
};

/// When a chance is worth a warning. Until the last call, `lead` before the promise, waiting costs nothing
/// and brings news, so only what is as good as certain is told; at the last call a doubt is worth telling;
/// after it what still lacks is mostly just about to come, and again only the certain is told.
struct WarningRule {
  double threshold = 0.9;
  double certain = 0.9;  ///< what is asked before the last call and after it
  Duration lead = hours(12);
  Duration last_call = hours(2);  ///< the call's length: at least twice the time between two looks
  bool warns(double chance, Duration to_promise) const {
    const bool called = to_promise >= lead && to_promise < lead + last_call;
    return chance >= (called ? threshold : std::max(threshold, certain));
  }
  /// For people who look before it is told.
  bool likely(double chance) const { return chance >= threshold; }
};

/// What a threshold would have done on parcels that are over.
struct WarningTrial {
  double threshold = 0;
  std::size_t late = 0, punctual = 0;  ///< parcels of the trial
  std::size_t right = 0, wrong = 0;    ///< of these, warned of
  std::size_t ahead = 0;               ///< late ones that were warned of at least `lead` before the promise
  /// Of the punctual parcels those that were warned of for nothing.
  double false_share() const {
    return punctual == 0 ? 0 : static_cast<double>(wrong) / static_cast<double>(punctual);
  }
};

struct TrialOptions {
  double part = 0.25;            ///< of the parcels, tried at once with what all earlier ones teach
  std::size_t parts = 3;         ///< the newest so many parts are tried
  std::size_t tried_most = 800;  ///< of a part
};

/// Part by part learns from the earlier parcels as they were known then, looks at each of the part's time and
/// again until its promise, and tells for thresholds of 0.30 to 0.90 what would have been warned of.
std::vector<WarningTrial> try_thresholds(std::span<const ParcelTrace> parcels, const LaneOptions& lanes = {},
                                         const TrialOptions& options = {});
/// The lowest threshold whose false share stays within `false_share`; 0.9 when too few parcels were tried to
/// tell.
double choose_threshold(std::span<const WarningTrial> trials, double false_share);

/// The parcel as it was known at a moment.
ParcelTrace known_at(const ParcelTrace& parcel, Instant at);

}  // namespace rapport::learn
