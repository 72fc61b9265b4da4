#pragma once

#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "decide/decision_token.h"
#include "decide/lane_shares.h"
#include "decide/policy_replay.h"
#include "engine/detail/shop.h"
#include "store/store.h"

namespace rapport::engine {

/// What became of recommendations, folded out of the log: an impression opens with Recommendation Shown under
/// a decision of ours, and closes taken (clicked, told as bought, or in an order of the same person) or
/// ignored (told so, or not taken within the window). Not seen is not ignored. In memory; made again from the
/// log after a start. One thread at a time.
class SceneLedger {
 public:
  static constexpr Duration kWindow = hours(24);
  static constexpr std::size_t kOpenMost = 2'000'000;  ///< impressions that wait; the oldest close first
  static constexpr std::uint8_t kOther = 0xff;         ///< user class

  struct Arm {
    std::uint64_t shown = 0, taken = 0;
  };
  struct Scene {
    std::map<std::uint8_t, decide::SceneTally> by_class;
    decide::SceneTally all;
    Arm treated, held_out;                ///< closed impressions, with those that no lane put there
    std::map<std::string, Arm> by_month;  ///< "2026-11", of treated ones
    /// Whose lanes the tallies are of (decide::lanes_digest; 0: decisions have not told yet), and since when:
    /// lanes that show something else begin anew.
    std::uint16_t lanes = 0;
    Instant lanes_from = Instant::min();
  };

  /// What policies are replayed over; the newest kClosedMost of all scenes are kept.
  static constexpr std::size_t kClosedMost = 500'000;
  struct Closed {
    decide::LoggedImpression impression;  ///< probability 0: its decision did not carry the shares
    std::uint32_t scene = 0;
    std::uint16_t lanes = 0;  ///< decide::lanes_digest of the scene as it was
    bool held_out = false;
  };
  struct Past {
    std::vector<Closed> closed;      ///< in the order of closing
    Instant since = Instant::min();  ///< older ones are no longer kept
    EventSeq read_upto;
  };

  SceneLedger(store::Store& store, Shop& shop, std::string key)
      : store_(store), shop_(shop), key_(std::move(key)) {}
  /// Reads on in the log for `budget` at most. False when its end was not reached.
  Result<bool> read_on(Duration budget);
  const std::map<std::string, Scene, std::less<>>& scenes() const { return scenes_; }
  Past past_of(std::string_view scene) const;
  EventSeq read_upto() const { return read_upto_; }
  std::size_t waiting() const { return open_.size(); }

  /// One record; in order. For read_on() and tests.
  void take(const model::RecordView& record);

 private:
  struct Open {
    std::string scene;
    std::uint8_t lane = 0, user_class = kOther;
    bool held_out = false;
    Instant at;
    std::vector<std::string> places;  ///< in by_person_
    decide::LoggedImpression logged;  ///< as far as the decision tells
    std::uint16_t lanes = 0;
  };
  using Impressions = std::unordered_map<std::string, Open>;
  void open(const model::RecordView& record, const std::string& key, std::string_view decision,
            std::int64_t position, std::string_view item);
  void take_order(const model::RecordView& record);
  void close(Impressions::iterator impression, Instant at, bool taken);
  static bool is_of_lanes(const Open& impression, Scene& scene);
  void keep(const Open& impression, Instant at, bool taken);
  void close_before(Instant moment);

  store::Store& store_;
  Shop& shop_;
  std::string key_;
  EventSeq read_upto_;
  std::map<std::string, Scene, std::less<>> scenes_;
  Impressions open_;  ///< by decision and position
  /// By node and item, the impression that was shown last.
  std::unordered_map<std::string, std::string> by_person_;
  std::deque<Closed> closed_;
  std::map<std::string, std::uint32_t, std::less<>> numbers_;  ///< of scenes in closed_
  Instant kept_since_ = Instant::min();
  std::deque<std::pair<Instant, std::string>> by_age_;  ///< in the order in which they opened
};

}  // namespace rapport::engine
