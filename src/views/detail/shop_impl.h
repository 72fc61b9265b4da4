#pragma once

#include <memory>
#include <roaring/roaring.hh>
#include <utility>
#include <vector>

#include "views/case_clocks.h"
#include "views/cases.h"
#include "views/counters.h"
#include "views/identity.h"
#include "views/indicators.h"
#include "views/orders.h"
#include "views/parcel_notes.h"
#include "views/published.h"
#include "views/rule_book.h"
#include "views/surveys.h"
#include "views/timer_wheel.h"
#include "views/views.h"

namespace rapport::views {

/// The state of one shop and how records move it. fold() and its parts are in shop_fold.cc, the customer's
/// clock and segments in shop_segments.cc, readings in shop_read.cc, bytes in shop_save.cc, the state by
/// names in shop_canonical.cc.
struct ShopState::Impl final : IdentityListener {
  KindSet kinds_seen;                       ///< read through ShopState::kinds_seen()
  std::uint64_t kinds_seen_of[2] = {0, 0};  ///< the bits it was made of
  explicit Impl(const ShopOptions& shop_options);

  ShopOptions options;
  ShopTables tables;
  Identity identity;
  Orders orders;
  ParcelNotes parcel_notes;
  Cases cases;
  CaseClocks clocks{Instant::min()};
  Published published;
  Counters counters;
  Indicators indicators;
  Surveys surveys;
  RuleBook rules;
  std::string configured;  ///< options as bytes: what a checkpoint must have been made with
  TimerWheel wheel;
  std::vector<Roaring> members;  ///< by segment: roots

  EventSeq position;
  Instant now = Instant::min();
  std::uint32_t imports_open = 0;
  std::uint32_t import_number = 0;  ///< brackets opened so far
  std::size_t swept_to = 0;         ///< places before this are at the current rules
  /// While a sweep is pending: when time moved and by which record, so that a customer upgraded late gets the
  /// causes she would have got early.
  std::vector<std::pair<Instant, EventSeq>> stamps;

  // ---- the record being folded ----
  FlipSink* sink = nullptr;
  EventSeq cause;
  bool from_import = false;
  bool settling = false;             ///< at the end of an import: what it finds is history, not news
  std::vector<std::uint32_t> dirty;  ///< roots whose whole timeline must be walked again
  FactsBuffer buffer;
  std::vector<Fact> fresh;
  std::vector<Outcome> outcomes;
  std::vector<std::uint16_t> which;

  // ---- folding (shop_fold.cc) ----
  void fold(const model::RecordView& record);
  void fold_event(const model::RecordView& record);
  void fold_noun(const model::RecordView& record);
  void fold_tables(const model::RecordView& record, NodeState& subject);
  void fold_clocks(const model::RecordView& record, std::uint32_t number, const NodeState& subject);
  void refresh_cases(const NodeState& node);
  void refresh_cases(const Customer& customer);
  void fold_unlinked(const model::RecordView& record);
  void fold_erased(const model::RecordView& record);
  void upgrade_imported();
  void end_import(Instant received);
  void advance(Instant to);
  void fire_all(Instant to);
  void merged(Customer& into, Customer&& gone) override;
  void split(Customer& from, const std::vector<std::uint32_t>& parts) override;
  bool importing() const { return imports_open != 0; }
  CaseClocks::Around around() const { return {cases, tables, identity}; }
  /// Where a change of the rules by the record being folded stands.
  RuleBook::Place place() const { return {cause, now, tables.seen}; }

  // ---- the customer's clock (shop_segments.cc) ----
  /// Whether the shop's clock has driven her timers; inside an import those it first saw follow their own
  /// events.
  bool settled(const Customer& customer) const {
    return !importing() || customer.born_in_import != import_number;
  }
  Instant horizon(const Customer& customer) const;
  FactsView view_of(const Customer& customer, Instant at, FactsBuffer& into) const;
  void add_facts(Customer& customer, NodeState& subject, Instant at);
  void collect_touched();
  void collect_all();
  void evaluate(Customer& customer, Instant at, FlipOrigin origin);
  void fire(Customer& customer, Instant due);
  void catch_up(Customer& customer, Instant to);
  void set_due(Customer& customer, Instant due);
  void stand(Customer& customer, std::uint16_t segment, Instant at, bool holds, FlipOrigin origin);
  void begin_moment(Customer& customer, Instant at);
  void walk_again(Customer& customer, std::span<const std::uint16_t> segments, FlipOrigin origin);
  void walk_dirty(FlipOrigin origin);
  void upgrade(Customer& customer);
  void upgrade_segment(Customer& customer, std::uint32_t epoch, std::uint16_t segment, Instant until);
  std::size_t sweep(std::size_t customers_max);
  bool sweep_pending() const { return swept_to < identity.places(); }
  EventSeq cause_of(Instant due) const;
  void emit(const Customer& customer, std::uint16_t segment, bool entered, Instant valid, FlipOrigin origin,
            EventSeq flip_cause);
  FlipOrigin told_origin(FlipOrigin origin) const;
  /// What her members would be after an upgrade, without changing anything.
  std::vector<Member> members_now(const Customer& customer) const;

  // ---- bytes (shop_save.cc) ----
  enum class Purpose : std::uint8_t { checkpoint, hash };
  void save(Purpose purpose, const std::function<void(std::string_view)>& out) const;
  Status load(ByteReader in);
  void save_people(Purpose purpose, const std::function<void(std::string_view)>& out) const;
  void save_node(const NodeState& node, ByteWriter& out) const;
  bool load_node(NodeState& node, ByteReader& in) const;
  void save_customer(const Customer& customer, Purpose purpose, ByteWriter& out) const;
  bool load_customer(Customer& customer, ByteReader& in);
  bool load_people(ByteReader& in);
};

/// Place of a segment in a customer's ascending list; null when it is not there.
Member* find_member(Customer& customer, std::uint16_t segment);
void put_member(Customer& customer, const Member& member);
void remove_member(Customer& customer, std::uint16_t segment);

}  // namespace rapport::views
