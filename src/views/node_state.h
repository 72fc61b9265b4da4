#pragma once

#include <memory>

#include "model/identifier.h"
#include "model/record.h"
#include "views/detail/flat.h"
#include "views/fact.h"
#include "views/nouns.h"

/// What is kept of one identifier value. Everything here is a function of the set of its events.
namespace rapport::views {

/// The part that most nodes (devices, e-mails named beside a user id) never need.
struct NodeExtra {
  static constexpr std::size_t kHistoryKept = 32;          ///< newest changes of one trait, or of one consent
  static constexpr std::size_t kAppointmentsKept = 1'000;  ///< those for the latest times

  Flat<FactBucket> buckets;      ///< ascending (day, kind, aux)
  Flat<TraitChange> traits;      ///< ascending (at, property, word's text); newest kHistoryKept of a property
  Flat<ConsentChange> consents;  ///< ascending at; newest kHistoryKept of a purpose and channel
  Flat<ServiceStep> services;    ///< ascending (service, stage)
  Flat<Appointment> appointments;  ///< ascending (for_time, service's text, at, cancelled_by), each once
  Flat<CouponState> coupons;       ///< ascending coupon
  Flat<NeedState> needs;           ///< ascending need
  Points points;
  CsatSum csat;
  Flat<std::uint32_t> orders, returns, contacts, tickets;  ///< ascending numbers
  std::size_t memory_bytes() const;
};

struct NodeState {
  Flat<Fact> facts;             ///< newest kFactsKept, in canonical order
  std::uint64_t seen[2] = {0};  ///< FactsView::mask_bit of every kind it ever had
  std::uint32_t customer = 0;   ///< place in Identity's customers + 1; 0 = not born, or erased
  model::IdentifierKind kind = model::IdentifierKind::user_id;
  bool shared = false;
  bool erased = false;
  std::unique_ptr<NodeExtra> extra;

  NodeExtra& more() {
    if (!extra) extra = std::make_unique<NodeExtra>();
    return *extra;
  }
  /// Adds a fact in its place; what no longer is among the newest kFactsKept goes to its day's bucket.
  void add_fact(const ShopTables& tables, const Fact& fact);
  void add_trait(const ShopTables& tables, const TraitChange& change);
  void add_consent(const ConsentChange& change);
};

/// Folds one event's part in services, coupons, needs and points of its node.
void add_to_life(const model::RecordView& record, ShopTables& tables, NodeExtra& extra);
/// Folds one appointment, made or cancelled, into a node that its event names.
void add_appointment(const model::RecordView& record, ShopTables& tables, NodeExtra& extra);
/// Folds the clear traits of an identify (and the tier of a Tier Changed) into its node.
void add_traits(const model::RecordView& record, ShopTables& tables, NodeState& node);

/// What a Consent Updated says.
ConsentChange consent_of_event(const model::RecordView& record, ShopTables& tables);

/// Sums of several nodes' steps, as a customer has them.
void merge_step(ServiceStep& into, const ServiceStep& from);
void merge_coupon(CouponState& into, const CouponState& from);

}  // namespace rapport::views
