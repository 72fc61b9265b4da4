#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "codec/event_builder.h"
#include "engine/detail/letters.h"
#include "engine/detail/outbox.h"
#include "engine/detail/parcel_policy.h"
#include "engine/detail/shop.h"
#include "learn/lanes.h"

/// Announces delays: learns the shop's lanes, looks at the parcels under way, and tells the customer before
/// the promise is broken, with at most one coupon an order. What it does are events by the front door; what
/// is left to do is read from the state, so that a kill at any moment neither loses nor doubles anything: all
/// of one announcement is one batch, and its message ids are made of the order.
namespace rapport::engine {

/// A parcel as the shop's thread copies it out.
struct ParcelSight {
  std::uint32_t order = 0;  ///< number
  learn::ParcelTrace trace;
  bool live = false;
  views::ParcelNote note;
};

/// What was learnt, at one moment of the shop's.
struct LearnedLanes {
  learn::LaneModel model;
  std::vector<learn::WarningTrial> trials;
  Instant at;
  learn::WarningRule rule(const ParcelPolicy& policy) const;
};

class ParcelDesk {
 public:
  static constexpr std::size_t kTracesMost = 60'000;  ///< the newest orders that lanes are learnt from
  static constexpr std::size_t kAtOnce = 100;         ///< announcements in one batch
  /// A delay that nobody announced within this time after it was due calls nobody any more.
  static constexpr Duration kStale = days(7);

  ParcelDesk(Shop& shop, Outbox& outbox, Letters& letters)
      : shop_(shop), outbox_(outbox), letters_(letters) {}
  ~ParcelDesk() { stop(); }

  /// On the shop thread, after something was folded: begins with the first policy that was published. Cheap.
  void look();
  void stop();

  /// Off the shop thread: what is known of lanes, learnt now when it is older than six hours of the shop's.
  std::shared_ptr<const LearnedLanes> learned();
  /// On the shop thread.
  static ParcelSight sight(const views::ShopState& state, std::uint32_t order);
  /// Off the shop thread: all that are promised and under way, in slices.
  std::vector<ParcelSight> open_parcels();
  /// On the shop thread: the policy that holds; none when nobody published a good one.
  static std::optional<ParcelPolicy> policy(const views::ShopState& state, Currency currency);
  Currency currency() const;

 private:
  enum class Step : std::uint8_t { likely, late };
  struct Candidate {
    std::uint32_t order = 0;
    Step step = Step::likely;
    double chance = 1;
    learn::ParcelEstimate estimate;
    bool estimated = false;
  };
  /// Of one batch.
  struct Doing {
    std::vector<model::Event> events;
    std::vector<OutboxEntry> calls;
    std::vector<PostedLetter> letters;
    std::vector<std::uint32_t> orders;
    std::uint32_t coupons = 0;
    std::int64_t minor = 0;
    std::map<CustomerId, std::int64_t> by_customer;
  };
  struct Moment {
    Instant now;
    bool importing = false;
    std::optional<ParcelPolicy> policy;
  };
  /// When a parcel is looked at again unless something is told of it.
  struct Seen {
    learn::ParcelTrace trace;
    Instant again;
  };
  void run();
  Status watch();
  Result<Moment> moment();
  void learn_anew(Instant now);
  std::vector<Candidate> candidates(const Moment& moment, const LearnedLanes& lanes,
                                    const learn::WarningRule& rule);
  /// On the shop thread: looks anew and makes the events.
  void announce(const Candidate& candidate, const ParcelPolicy& policy, Doing& doing);
  std::string withheld(CustomerId customer, const ParcelPolicy& policy, const Doing& doing,
                       Instant now) const;
  void call(const Candidate& candidate, const std::string& id, const ParcelSight& parcel, Instant at,
            const std::string& coupon, Doing& doing);
  bool add_event(NodeId node, std::string_view name, const std::string& id, Instant at,
                 std::vector<codec::PropertyInput> properties, Doing& doing);
  Status send(std::vector<Candidate> some, const ParcelPolicy& policy, bool& done_any);

  Shop& shop_;
  Outbox& outbox_;
  Letters& letters_;
  std::map<std::uint32_t, Seen> seen_;
  Instant looked_ = Instant::min();  ///< of the shop's time, when parcels were looked at last
  std::vector<ParcelSight> missed_;  ///< signed for late, with nothing announced, as of the last learning
  std::set<std::uint32_t> refused_;  ///< orders that the front desk does not take: a suppressed person's
  std::mutex learning_;              ///< one learns, others wait
  std::mutex mutex_;
  std::condition_variable wake_;
  std::shared_ptr<const LearnedLanes> learned_;
  bool noticed_ = false, stopping_ = false;
  std::thread thread_;
};

/// Which of its messages a delay of an order has: "" the announcement, "app", "email", "coupon".
std::string delay_message_id(std::string_view order, std::string_view what);

}  // namespace rapport::engine
