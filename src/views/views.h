#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "model/identifier.h"
#include "model/record.h"
#include "views/booking_history.h"
#include "views/case_clocks.h"
#include "views/counters.h"
#include "views/fact.h"
#include "views/indicators.h"
#include "views/nouns.h"
#include "views/parcel_notes.h"
#include "views/rule_book.h"
#include "views/surveys.h"

/// The door of the room: the exact state of one shop.
namespace rapport::views {

struct ShopOptions {
  Currency currency{{'C', 'N', 'Y'}};
  /// How many distinct user ids a value of each kind may be asserted with before it is shared and links
  /// nobody; indexed by the number of model::IdentifierKind. Index 1 (user_id) is not used.
  std::array<std::uint32_t, 9> user_ids_max = {0, 0, 1, 1, 1, 1, 1, 1, 1};
  /// Rules known before the first record; unset means the six shipped classes. A text that does not parse is
  /// a bug (ASSERT).
  std::optional<std::vector<RuleText>> rules;
  /// Kinds of facts that the shop counts as having had from the start: for a state folded from a part of a
  /// log.
  SeenKinds seen{};
  /// Order in which one membership is named primary, strongest first.
  std::vector<std::string> precedence = {"problem", "churn_risk", "high_value", "seed", "potential", "new"};
};

/// Why a membership changed. Only `event` and `time` may cause something outside the shop.
enum class FlipOrigin : std::uint8_t {
  event,       ///< an event of hers, in order
  time,        ///< time passed
  imported,    ///< inside an import, or settling at its end
  correction,  ///< a late event, a merge, an unlink or an erasure changed what had been believed
  backfill,    ///< a rule was published or changed
};

/// Entering or leaving a segment. Derived, never in the log.
struct Flip {
  /// H(customer, segment, direction, valid time, cause): the idempotency key of what follows from it.
  /// Distinct for flips that may_send(); corrections of one record may repeat one another.
  Hash128 id;
  CustomerId customer;
  SegmentNo segment;
  bool entered = false;
  Instant valid_time;  ///< when it became true in event time
  EventSeq cause;      ///< record at which it became known
  FlipOrigin origin = FlipOrigin::event;
  bool corrected() const { return origin == FlipOrigin::correction; }
  bool may_send() const { return origin == FlipOrigin::event || origin == FlipOrigin::time; }
};

class FlipSink {
 public:
  virtual ~FlipSink() = default;
  virtual void flip(const Flip& flip) = 0;
};

/// Collects flips; the usual sink.
class FlipList final : public FlipSink {
 public:
  void flip(const Flip& flip) override { flips.push_back(flip); }
  std::vector<Flip> flips;
};

struct Membership {
  SegmentNo segment;
  Instant since;
};

struct Undetermined {
  SegmentNo segment;
  std::string reason;  ///< "no registration facts"
};

/// Room for the merged facts of a customer with several nodes; reuse one to save allocations.
struct FactsBuffer {
  std::vector<Fact> facts;
  std::vector<FactBucket> buckets;
  std::vector<TraitChange> traits;
  std::vector<ConsentChange> consents;
};

/// Everything folded of one shop. Single-threaded: its owner thread folds and reads; nothing locks. Every
/// reading refers to position(). A customer id is looked up through any of her nodes: an id that was merged
/// away still finds her.
struct Booking {
  std::uint32_t service = 0;  ///< in DictionaryKind::services
  Instant for_time;
  BookingHistory::Part part;
};

class ShopState {
 public:
  explicit ShopState(const ShopOptions& options = {});
  ~ShopState();
  ShopState(ShopState&&) noexcept;
  ShopState& operator=(ShopState&&) noexcept;

  // ---- folding ----

  /// Folds one durable record. First everything due at or before its receive time fires (not inside an import
  /// bracket), then the record takes effect. Precondition: record.seq > position(). A record's damaged clear
  /// part counts as far as it is whole.
  void fold(const model::RecordView& record, FlipSink& flips);
  /// Fires everything due at or before `now`, ordered by (due, customer, rule). `cause` is the seq of the
  /// record that makes this time known (a Tick, or the first record of a batch). fold() does it by itself for
  /// its own record; this is for a driver that wants to fire before looking. Time never goes back.
  void advance(Instant now, EventSeq cause, FlipSink& flips);
  /// Upgrades up to `customers_max` customers to what changed the rules since they were last touched (a text,
  /// a published value, the first fact of a kind that a guard asks for); the rest are upgraded at first
  /// touch. Returns how many are left. Results do not depend on when or in what slices.
  std::size_t sweep(std::size_t customers_max, FlipSink& flips);
  /// Earliest moment at which something may be due; Instant::never() when nothing is or an import is open.
  Instant next_due() const;

  EventSeq position() const;  ///< seq of the last folded record
  Instant now() const;        ///< receive time up to which timers have fired
  bool importing() const;

  // ---- who ----

  std::size_t customers() const;
  std::size_t nodes() const;
  /// 0 when the node is not known or erased.
  CustomerId customer_of(NodeId node) const;
  /// The customer that holds node number `id`; 0 when there is none.
  CustomerId resolve(CustomerId id) const;
  /// Ascending; empty when unknown.
  std::vector<NodeId> nodes_of(CustomerId customer) const;
  std::optional<model::IdentifierKind> kind_of(NodeId node) const;
  /// Whether the value was asserted with more user ids than its kind's limit.
  bool is_shared(NodeId node) const;
  /// Calls back in ascending order of customer id, starting after `after`, until it returns false.
  void for_each_customer(CustomerId after, const std::function<bool(CustomerId)>& visit) const;

  // ---- what is known of one ----

  /// Her facts up to `at` (Instant::never() = all). Borrows from `buffer` and from the state.
  FactsView facts(CustomerId customer, Instant at, FactsBuffer& buffer) const;
  /// The moment up to which her own timers have fired: now(), or her last fact inside an import.
  Instant clock(CustomerId customer) const;
  std::vector<ConsentState> consent(CustomerId customer) const;  ///< merged: a denial of any node wins
  std::vector<ServiceStep> services(CustomerId customer) const;  ///< by (service, stage), nodes added up
  /// What each of her nodes made of a service for one time, and what stands of it; by (time, service).
  std::vector<Booking> bookings(CustomerId customer) const;
  std::vector<CouponState> coupons(CustomerId customer) const;
  std::vector<NeedState> needs(CustomerId customer) const;
  Points points(CustomerId customer) const;
  /// All her answers, also those older than the facts that are kept one by one.
  CsatSum csat(CustomerId customer) const;
  std::vector<std::uint32_t> orders_of(CustomerId customer) const;   ///< order numbers, by time placed
  std::vector<std::uint32_t> returns_of(CustomerId customer) const;  ///< by time requested
  /// Those that this very node's events made, whoever it is linked to; the shop's word before pages', then
  /// the newest first.
  std::vector<std::uint32_t> orders_made_by(NodeId node) const;
  std::vector<std::uint32_t> returns_made_by(NodeId node) const;
  std::vector<std::uint32_t> contacts_of(CustomerId customer) const;
  std::vector<std::uint32_t> tickets_of(CustomerId customer) const;
  /// How often she was asked to answer surveys, oldest first: all her nodes' newest Surveys::kAsksKept.
  std::vector<SurveyAsk> survey_asks(CustomerId customer) const;

  // ---- segments ----

  /// By segment number. Upgraded to the current rules even if the sweep has not come by.
  std::vector<Membership> memberships(CustomerId customer) const;
  /// The same at an earlier or later moment, as known now; later means "if nothing happens".
  std::vector<Membership> memberships_at(CustomerId customer, Instant at) const;
  /// The same at facts.at(), for who holds her facts already.
  std::vector<Membership> memberships_at(const FactsView& facts) const;
  std::vector<Undetermined> undetermined(CustomerId customer) const;
  std::vector<Undetermined> undetermined(const FactsView& facts) const;
  /// First of ShopOptions::precedence that she is in; nullopt means "other".
  std::optional<SegmentNo> primary(CustomerId customer) const;
  std::optional<SegmentNo> primary(std::span<const Membership> memberships) const;
  std::span<const RuleInfo> rules() const;
  /// The rules as trees, for explanations; rule i is segment i.
  const RuleSet& rule_set() const;
  /// What the rules read beside the customer: published values, and which kinds of facts the shop has had.
  /// Borrows from the state until its next fold.
  RuleContext rule_context() const;
  /// Kinds of facts this shop ever had.
  const KindSet& kinds_seen() const;
  /// Kinds that the shop had had at `seq`, complete for those that guards of that moment ask for.
  SeenKinds seen_at(EventSeq seq) const;
  /// Whether customers are left whom a change of the rules has not reached.
  bool sweep_pending() const;
  std::optional<SegmentNo> find_segment(std::string_view name) const;
  /// While a sweep is pending, lists and counts know the customers reached so far.
  std::uint64_t member_count(SegmentNo segment) const;
  /// Ascending customer ids greater than `after`, at most `most`.
  std::vector<CustomerId> members(SegmentNo segment, CustomerId after, std::size_t most) const;

  // ---- shop-wide ----

  const ShopTables& tables() const;
  const Surveys& surveys() const;
  const Order* order(std::uint32_t number) const;  ///< null when unknown
  const Parcel* parcel(const Order& order) const;  ///< null when no shipment was told
  /// What was announced of parcels, and which are under way.
  const ParcelNotes& parcel_notes() const;
  const Return* return_of(std::uint32_t number) const;
  /// Whether only pages told that it was asked for.
  bool return_from_page(std::uint32_t number) const;
  const Contact* contact(std::uint32_t number) const;
  const Ticket* ticket(std::uint32_t number) const;
  const CaseClocks& case_clocks() const;
  /// The clocks of a case as they stand at `at`, by what is known now.
  std::vector<CaseClock> clocks_of(CaseRef ref, Instant at, bool trace = false) const;
  /// What came up of clocks and was not told yet: the first step of each of at most so many cases, by
  /// (moment, case). Told by a `Clock Reached` in the log, it is gone; a case that was solved meanwhile has
  /// none.
  std::vector<ClockStep> ripe_steps(std::size_t most) const;
  /// The whole noun of `kind` (Product Published, ...) last published under `id`, as JSON; "" when none.
  std::string_view noun(model::EventKind kind, std::string_view id) const;
  /// Ids published under a kind, ascending.
  std::vector<std::string_view> noun_ids(model::EventKind kind) const;
  std::vector<DayCount> day_counts() const;          ///< ascending by (day, kind)
  std::vector<ProductCount> product_counts() const;  ///< ascending by (period, product, region)
  /// Hours that begin in [from, to), ascending.
  std::vector<HourSums> hour_sums(Instant from, Instant to) const;
  std::int64_t indicator_total(Indicator indicator) const;  ///< over all time
  /// Of that period and later ones, ascending by (period, page, area).
  std::vector<AreaCount> area_counts(std::int32_t from_period) const;

  // ---- state as bytes ----

  /// SHA-256 over save()'s canonical part: equal for equal logs, whatever the batch split, save/load in
  /// between or sweep slices. About 1 s per million customers.
  Digest state_hash() const;
  /// The state without numbers: customers, nodes and nouns by name, in text order; equal for equal *sets* of
  /// events. For tests and for comparing two shops. `name` gives a node's "kind:value".
  std::string canonical_state(const std::function<std::string(NodeId)>& name) const;
  /// A checkpoint. Versioned; a build or a set of configured rules that cannot read it says `unsupported` and
  /// the caller refolds from the log. Errors of load: corrupt, unsupported.
  void save(const std::function<void(std::string_view)>& sink) const;
  static Result<ShopState> load(std::string_view bytes, const ShopOptions& options);
  /// The same, of bytes that come piece by piece.
  static Result<ShopState> load(ByteSource& source, const ShopOptions& options);
  /// Memory held, by a walk over everybody: about 0.2 s per million customers.
  std::size_t memory_bytes() const;
  /// Customers who have a moment ahead at which a rule may change without an event.
  std::size_t timers() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rapport::views
