#include <algorithm>

#include "base/assert.h"
#include "codec/record.h"
#include "model/catalogue_ids.h"
#include "views/detail/shop_impl.h"
#include "views/fact_table.h"
#include "views/shipped_rules.h"

// How one record moves the state.
namespace rapport::views {

namespace k = model::kind;

namespace {

/// After service levels or a calendar so many cases are looked at anew at once, the rest in slices.
constexpr std::size_t kCasesAtOnce = 500;

std::string options_text(const ShopOptions& options, const RuleBook& rules) {
  std::string bytes;
  ByteWriter out(bytes);
  out.raw(options.currency.text());
  for (const std::uint32_t most : options.user_ids_max) out.u32(most);
  for (const RuleInfo& info : rules.current().infos) {
    out.text(info.name);
    out.text(info.text);
  }
  return bytes;
}

}  // namespace

ShopState::Impl::Impl(const ShopOptions& shop_options)
    : options(shop_options),
      tables(shop_options.currency),
      identity(shop_options.user_ids_max),
      rules(shop_options.rules ? *shop_options.rules : shipped_rule_texts(), shop_options.seen),
      configured(options_text(shop_options, rules)),
      wheel(Instant::min()),
      members(rules.current().infos.size()) {
  tables.seen = shop_options.seen;
}

void ShopState::Impl::fold(const model::RecordView& record) {
  ASSERT(record.seq > position);
  cause = record.seq;
  from_import = record.from_import;
  if (!importing()) advance(record.received);
  position = record.seq;
  switch (record.type) {
    case model::RecordType::event:
      fold_event(record);
      break;
    case model::RecordType::import_started:
      if (imports_open++ == 0) ++import_number;
      break;
    case model::RecordType::import_ended:
      if (imports_open == 1) upgrade_imported();
      if (imports_open > 0 && --imports_open == 0) end_import(record.received);
      break;
    case model::RecordType::unlinked:
      fold_unlinked(record);
      break;
    case model::RecordType::erased:
      fold_erased(record);
      break;
    case model::RecordType::tick:
    case model::RecordType::outbox_intent:
    case model::RecordType::outbox_receipt:
    case model::RecordType::zone_data:
    case model::RecordType::shop_created:
      break;
  }
}

void ShopState::Impl::advance(Instant to) {
  if (to > now) fire_all(to);
}

void ShopState::Impl::fire_all(Instant to) {
  if (sweep_pending()) stamps.emplace_back(to, cause);
  while (const std::optional<TimerWheel::Due> next = wheel.pop(to)) {
    Customer* customer = identity.customer_of(next->customer.value);
    ASSERT(customer != nullptr && customer->root == next->customer.value && customer->due == next->due);
    customer->due = Instant::never();
    if (customer->epoch != rules.epoch()) {
      upgrade(*customer);
      catch_up(*customer, next->due - milliseconds(1));
    }
    fire(*customer, next->due);
  }
  now = to;
  clocks.fire(to, around());
}

/// While the bracket is open their clocks are their own: brought to the current rules later, they would be
/// looked at beyond timers of theirs that have yet to fire.
void ShopState::Impl::upgrade_imported() {
  for (std::size_t place = 0; place < identity.places(); ++place) {
    Customer& customer = identity.customer_at(static_cast<std::uint32_t>(place));
    if (customer.root != 0 && customer.born_in_import == import_number) upgrade(customer);
  }
}

void ShopState::Impl::end_import(Instant received) {
  for (std::size_t place = 0; place < identity.places(); ++place) {
    Customer& customer = identity.customer_at(static_cast<std::uint32_t>(place));
    if (customer.root == 0 || customer.born_in_import != import_number) continue;
    if (customer.due != Instant::never()) wheel.arm(CustomerId{customer.root}, customer.due);
  }
  settling = true;
  fire_all(std::max(now, received));
  settling = false;
}

void ShopState::Impl::fold_event(const model::RecordView& record) {
  const model::EventSpec* spec = record.kind.value == 0 ? nullptr : model::find_event(record.kind);
  fresh.clear();
  if (spec != nullptr && spec->is_noun) {
    counters.fold(record, fresh, tables);
    return fold_noun(record);
  }
  bool is_known = !record.nodes.empty();
  for (const model::NodeRef& ref : record.nodes) {
    if (identity.ensure(ref)) {
      Customer& born = *identity.customer_of(ref.node.value);
      born.epoch = rules.epoch();
      born.born_in_import = importing() ? import_number : 0;
      const std::size_t place = identity.find_node(ref.node.value)->customer - 1;
      if (place == swept_to) ++swept_to;
    } else if (Customer* customer = identity.customer_of(ref.node.value)) {
      upgrade(*customer);
    }
  }
  if (is_known) is_known = identity.find_node(record.nodes[0].node.value) != nullptr;
  if (is_known) facts_of_event(record, tables, fresh);
  counters.fold(record, fresh, tables);
  if (!is_known) return;
  indicators.fold(record, fresh, tables);
  if (record.nodes.size() > 1) {
    identity.assert_links(record, *this);
    walk_dirty(FlipOrigin::correction);
  }
  NodeState& subject = *identity.find_node(record.nodes[0].node.value);
  fold_tables(record, subject);
  const SeenKinds before = tables.seen;
  for (const Fact& fact : fresh) {
    const unsigned bit = FactsView::mask_bit(fact.kind());
    tables.seen[bit >> 6] |= std::uint64_t{1} << (bit & 63);
  }
  // What was undetermined for want of such facts is so no longer, for anybody.
  if (tables.seen != before && rules.saw_kinds(place())) {
    swept_to = 0;
    upgrade(*identity.customer_of(record.nodes[0].node.value));
  }
  if (!fresh.empty()) {
    add_facts(*identity.customer_of(record.nodes[0].node.value), subject, Fact::clamp(record.event_time));
  }
}

void ShopState::Impl::fold_tables(const model::RecordView& record, NodeState& subject) {
  const model::EventKind kind = record.kind;
  Order order_before;
  const std::uint32_t order = orders.fold(record, tables, order_before);
  if (order != 0) indicators.moved(order_before, *orders.find(order));
  parcel_notes.fold(record, order, tables, orders);
  if (order != 0 && kind == k::order_completed) {
    Flat<std::uint32_t>& mine = subject.more().orders;
    const std::uint32_t* at = std::lower_bound(mine.begin(), mine.end(), order);
    if (at == mine.end() || *at != order) mine.insert(static_cast<std::size_t>(at - mine.begin()), order);
  }
  const std::uint32_t number = cases.fold(record, tables, subject, indicators);
  surveys.fold(record, tables);
  if (kind == k::identify || kind == k::tier_changed) add_traits(record, tables, subject);
  fold_clocks(record, number, subject);
  const bool has_life = (kind >= k::service_offered && kind <= k::coupon_expired) ||
                        kind == k::need_predicted || kind == k::booking_cancelled;
  if (has_life) add_to_life(record, tables, subject.more());
  if (kind == k::service_booked) add_appointment(record, tables, subject.more());
  if (kind == k::booking_cancelled) {
    for (const model::NodeRef& ref : record.nodes) {
      if (NodeState* named = identity.find_node(ref.node.value))
        add_appointment(record, tables, named->more());
    }
  }
  if (kind == k::survey_answered) {
    for (const Fact& fact : fresh) {
      if (fact.kind() != kind || tables.words().text(fact.object()) != "csat") continue;
      const std::int64_t told = tables.wide.value(fact.stored_value());
      if (told < 1'000 || told > 5'000) continue;
      CsatSum& csat = subject.more().csat;
      ++csat.answers;
      csat.thousandths += told;
    }
  }
  if (kind == k::consent_updated) {
    subject.add_consent(consent_of_event(record, tables));
  }
}

void ShopState::Impl::fold_clocks(const model::RecordView& record, std::uint32_t number,
                                  const NodeState& subject) {
  if (record.type == model::RecordType::event) {
    if (const auto ref = clocks.fold(record, number, tables)) clocks.refresh(*ref, now, around());
  }
  // What a change of her tier, or her erasure, means for all that is hers.
  const bool is_hers = record.type == model::RecordType::erased || record.kind == k::tier_changed;
  if (!is_hers) return;
  if (record.kind == k::tier_changed) return refresh_cases(*identity.customer_of(record.nodes[0].node.value));
  refresh_cases(subject);
}

void ShopState::Impl::refresh_cases(const NodeState& node) {
  if (!node.extra) return;
  for (const std::uint32_t ticket : node.extra->tickets)
    clocks.refresh({CaseKind::ticket, ticket}, now, around());
  for (const std::uint32_t each : node.extra->contacts)
    clocks.refresh({CaseKind::contact, each}, now, around());
  for (const std::uint32_t each : node.extra->returns)
    clocks.refresh({CaseKind::returned, each}, now, around());
}

void ShopState::Impl::refresh_cases(const Customer& customer) {
  if (!clocks.acting()) return;
  for (const std::uint32_t number : customer.nodes) {
    if (const NodeState* node = identity.find_node(number)) refresh_cases(*node);
  }
}

void ShopState::Impl::fold_noun(const model::RecordView& record) {
  // What a rule reads of the catalogue must not depend on how far a sweep has come.
  if (record.kind == k::product_published && sweep_pending()) sweep(identity.places());
  const Published::Change change = published.fold(record, tables);
  // Also one that another, later by event time, has replaced: it held in between.
  if (!change.id.empty() && clocks.publish(record, change.id, noun_body_of(record))) {
    clocks.begin_refresh();
    clocks.refresh_some(kCasesAtOnce, now, around());
  }
  if (!change.took_effect) return;
  bool is_new = false;
  if (record.kind == k::rule_published) {
    std::string name = json_member(change.text, "segment");
    if (name.empty()) name = change.id;
    std::string text = json_member(change.text, "text");
    if (text.empty()) text = json_member(change.text, "rule");
    is_new = rules.publish(name, text, place());
    members.resize(rules.current().infos.size());
  } else if (record.kind == k::value_published) {
    const std::optional<std::int64_t> value = published_value(change.text);
    is_new = value && rules.publish_value(change.id, *value, place());
  }
  if (is_new) swept_to = 0;
}

void ShopState::Impl::fold_unlinked(const model::RecordView& record) {
  const Result<model::UnlinkedBody> body = codec::decode_unlinked(record.body);
  if (!body.ok()) return;
  if (Customer* customer = identity.customer_of(body->node.value)) upgrade(*customer);
  for (const NodeId node : body->from) {
    if (Customer* customer = identity.customer_of(node.value)) upgrade(*customer);
  }
  identity.unlink(body->node.value, body->from, record.received, *this);
  walk_dirty(FlipOrigin::correction);
}

void ShopState::Impl::fold_erased(const model::RecordView& record) {
  const Result<model::ErasedBody> body = codec::decode_erased(record.body);
  if (!body.ok()) return;
  for (const NodeId number : body->nodes) {
    NodeState* node = identity.find_node(number.value);
    if (node == nullptr) continue;
    upgrade(*identity.customer_of(number.value));
    if (node->extra) {
      for (const std::uint32_t order : node->extra->orders) orders.forget(order, number);
      cases.forget(*node->extra, number);
      fold_clocks(record, 0, *node);
    }
    surveys.forget(number);
    clocks.forget(number);
    node->facts.clear();
    node->extra.reset();
    node->seen[0] = node->seen[1] = 0;
    // Alone she has no facts and so no segments; the rest of her customer is walked without them.
    Customer& whole = *identity.customer_of(number.value);
    identity.update_latest(whole);
    dirty.push_back(whole.root);
    walk_dirty(FlipOrigin::correction);
    identity.isolate(number.value, *this);
    walk_dirty(FlipOrigin::correction);
    identity.erase(number.value, *this);
    walk_dirty(FlipOrigin::correction);
  }
}

void ShopState::Impl::merged(Customer& into, Customer&& gone) {
  for (const Member& member : gone.members) {
    if (member.now) emit(gone, member.segment, false, member.since, FlipOrigin::correction, cause);
  }
  if (gone.due != Instant::never()) wheel.disarm(CustomerId{gone.root});
  if (into.born_in_import != gone.born_in_import) {
    // Whoever was there before the import keeps the pair settled.
    into.born_in_import = 0;
    if (into.due != Instant::never()) wheel.arm(CustomerId{into.root}, into.due);
  }
  bool has_facts = false;
  for (const std::uint32_t number : gone.nodes) {
    const NodeState* node = identity.find_node(number);
    has_facts = has_facts || !node->facts.empty() || node->extra != nullptr;
  }
  if (has_facts || into.epoch != gone.epoch) dirty.push_back(into.root);
}

void ShopState::Impl::split(Customer& from, const std::vector<std::uint32_t>& parts) {
  dirty.push_back(from.root);
  for (const std::uint32_t part : parts) {
    if (part == swept_to && from.epoch == rules.epoch()) ++swept_to;
    dirty.push_back(identity.customer_at(part).root);
  }
}

}  // namespace rapport::views
