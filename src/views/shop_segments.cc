#include <algorithm>

#include "base/assert.h"
#include "base/bytes.h"
#include "views/detail/shop_impl.h"

// The customer's clock: when her segments are looked at, and what changes. The fast path folds an event that
// comes in order by asking only the rules its facts can touch; everything else walks her timeline again. Both
// give the same memberships: each is the value of walk_timeline() at her horizon.
namespace rapport::views {

Member* find_member(Customer& customer, std::uint16_t segment) {
  for (Member& member : customer.members) {
    if (member.segment == segment) return &member;
  }
  return nullptr;
}

void put_member(Customer& customer, const Member& member) {
  std::size_t at = 0;
  while (at < customer.members.size() && customer.members[at].segment < member.segment) ++at;
  customer.members.insert(at, member);
}

void remove_member(Customer& customer, std::uint16_t segment) {
  for (std::size_t i = 0; i < customer.members.size(); ++i) {
    if (customer.members[i].segment == segment) return customer.members.erase(i);
  }
}

namespace {

/// Forgets what held before: only present memberships stay.
void settle_members(Customer& customer) {
  for (std::size_t i = customer.members.size(); i-- > 0;) {
    if (!customer.members[i].now) {
      customer.members.erase(i);
    } else {
      customer.members[i].before = true;
    }
  }
}

/// A view's parts over one node are borrowed, over several they are merged into the buffer.
template <class T, class Pick, class Before>
std::span<const T> gather(const Identity& identity, const Customer& customer, std::vector<T>& into, Pick pick,
                          Before before) {
  std::span<const T> only;
  into.clear();
  for (const std::uint32_t number : customer.nodes) {
    const std::span<const T> part = pick(*identity.find_node(number));
    if (part.empty()) continue;
    if (only.empty()) {
      only = part;
      continue;
    }
    if (into.empty()) into.assign(only.begin(), only.end());
    const auto middle = static_cast<std::ptrdiff_t>(into.size());
    into.insert(into.end(), part.begin(), part.end());
    std::inplace_merge(into.begin(), into.begin() + middle, into.end(), before);
  }
  return into.empty() ? only : std::span<const T>(into);
}

template <class T>
std::span<const T> part_of(const NodeState& node, const Flat<T> NodeExtra::*list) {
  return node.extra ? ((*node.extra).*list).span() : std::span<const T>();
}

constexpr HashKey kFlipKey = {'r', 'a', 'p', 'p', 'o', 'r', 't', ' ', 'f', 'l', 'i', 'p', ' ', 'i', 'd', '1'};

}  // namespace

Instant ShopState::Impl::horizon(const Customer& customer) const {
  return settled(customer) ? std::max(now, customer.latest) : customer.latest;
}

FactsView ShopState::Impl::view_of(const Customer& customer, Instant at, FactsBuffer& into) const {
  // Nearly always all she did hangs on one of her nodes: then nothing is merged nor copied.
  const NodeState* only = nullptr;
  std::size_t active = 0;
  std::uint64_t seen[2] = {0, 0};
  for (const std::uint32_t number : customer.nodes) {
    const NodeState* node = identity.find_node(number);
    seen[0] |= node->seen[0];
    seen[1] |= node->seen[1];
    if (node->facts.empty() && !node->extra) continue;
    only = node;
    ++active;
  }
  if (active <= 1) {
    FactsView view(tables, at, only == nullptr ? std::span<const Fact>() : only->facts.span(),
                   only == nullptr ? std::span<const FactBucket>() : part_of(*only, &NodeExtra::buckets),
                   only == nullptr ? std::span<const TraitChange>() : part_of(*only, &NodeExtra::traits),
                   only == nullptr ? std::span<const ConsentChange>() : part_of(*only, &NodeExtra::consents));
    view.set_seen(seen[0], seen[1]);
    return view;
  }
  const auto facts = gather(
      identity, customer, into.facts, [](const NodeState& node) { return node.facts.span(); },
      [this](const Fact& a, const Fact& b) { return fact_before(tables, a, b); });
  const auto buckets = gather(
      identity, customer, into.buckets, [](const NodeState& n) { return part_of(n, &NodeExtra::buckets); },
      [](const FactBucket& a, const FactBucket& b) {
        return std::tuple(a.day, a.kind, a.aux) < std::tuple(b.day, b.kind, b.aux);
      });
  const auto traits = gather(
      identity, customer, into.traits, [](const NodeState& n) { return part_of(n, &NodeExtra::traits); },
      [](const TraitChange& a, const TraitChange& b) { return a.at < b.at; });
  const auto consents = gather(
      identity, customer, into.consents, [](const NodeState& n) { return part_of(n, &NodeExtra::consents); },
      [](const ConsentChange& a, const ConsentChange& b) { return a.at < b.at; });
  FactsView view(tables, at, facts, buckets, traits, consents);
  view.set_seen(seen[0], seen[1]);
  return view;
}

FlipOrigin ShopState::Impl::told_origin(FlipOrigin origin) const {
  if (!importing() && !settling) return origin;
  if (origin == FlipOrigin::backfill || (origin == FlipOrigin::event && !from_import)) return origin;
  return FlipOrigin::imported;
}

void ShopState::Impl::emit(const Customer& customer, std::uint16_t segment, bool entered, Instant valid,
                           FlipOrigin origin, EventSeq flip_cause) {
  std::string bytes;
  ByteWriter out(bytes);
  out.u32(customer.root);
  out.u16(segment);
  out.u8(entered ? 1 : 0);
  out.i64(valid.ms);
  out.u64(flip_cause.value);
  if (entered) {
    members[segment].add(customer.root);
  } else {
    members[segment].remove(customer.root);
  }
  sink->flip(Flip{keyed_hash(kFlipKey, bytes), CustomerId{customer.root}, SegmentNo{segment}, entered, valid,
                  flip_cause, told_origin(origin)});
}

void ShopState::Impl::set_due(Customer& customer, Instant due) {
  if (customer.due == due) return;
  customer.due = due;
  if (settled(customer)) wheel.arm(CustomerId{customer.root}, due);
}

void ShopState::Impl::begin_moment(Customer& customer, Instant at) {
  settle_members(customer);
  customer.changed = at;
  customer.exact_before = true;
}

/// Records the answer of one rule at a moment not before the last change.
void ShopState::Impl::stand(Customer& customer, std::uint16_t segment, Instant at, bool holds,
                            FlipOrigin origin) {
  Member* member = find_member(customer, segment);
  const bool now_holds = member != nullptr && member->now;
  if (at > customer.changed) {
    if (holds == now_holds) return;
    begin_moment(customer, at);
    if (holds) {
      put_member(customer, Member{at, segment, true, false});
    } else {
      find_member(customer, segment)->now = false;
    }
    return emit(customer, segment, holds, at, origin, cause);
  }
  // A second event of the same moment: what held just before the moment is what counts.
  ASSERT(at == customer.changed && customer.exact_before);
  if (holds == now_holds) return;
  const bool before = member != nullptr && member->before;
  if (before) {
    member->now = holds;
    return emit(customer, segment, holds, holds ? member->since : at, holds ? FlipOrigin::correction : origin,
                cause);
  }
  if (holds) {
    put_member(customer, Member{at, segment, true, false});
    return emit(customer, segment, true, at, origin, cause);
  }
  remove_member(customer, segment);
  emit(customer, segment, false, at, FlipOrigin::correction, cause);
}

void ShopState::Impl::collect_all() {
  const std::span<const std::uint16_t> all = rules.current().rules->all();
  which.assign(all.begin(), all.end());
}

void ShopState::Impl::collect_touched() {
  which.clear();
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    if (i > 0 && fresh[i].kind() == fresh[i - 1].kind()) continue;
    const std::span<const std::uint16_t> touched = rules.current().rules->touched_by(fresh[i].kind());
    which.insert(which.end(), touched.begin(), touched.end());
  }
  std::sort(which.begin(), which.end());
  which.erase(std::unique(which.begin(), which.end()), which.end());
}

/// Asks the rules in `which` at a moment that is not before her last change or fact.
void ShopState::Impl::evaluate(Customer& customer, Instant at, FlipOrigin origin) {
  if (which.empty()) return;
  const FactsView view = view_of(customer, at, buffer);
  const RuleVersion& version = rules.current();
  outcomes.resize(version.rules->size());
  version.rules->eval(which, view, version.context(), outcomes);
  Instant due = which.size() == outcomes.size() ? Instant::never() : customer.due;
  for (const std::uint16_t segment : which) {
    const Outcome& outcome = outcomes[segment];
    stand(customer, segment, at, outcome.value == Truth::yes, origin);
    due = std::min(due, outcome.until);
  }
  set_due(customer, due);
}

void ShopState::Impl::fire(Customer& customer, Instant due) {
  collect_all();
  evaluate(customer, due, FlipOrigin::time);
}

void ShopState::Impl::catch_up(Customer& customer, Instant to) {
  while (customer.due <= to) fire(customer, customer.due);
}

void ShopState::Impl::add_facts(Customer& customer, NodeState& subject, Instant at) {
  const Instant latest = customer.latest;
  const bool is_first = latest == Instant::min();
  const bool in_order = at >= latest;
  if (in_order && !is_first) catch_up(customer, at - milliseconds(1));
  for (const Fact& fact : fresh) subject.add_fact(tables, fact);
  customer.latest = std::max(customer.latest, at);
  if (in_order && (at > customer.changed || (at == customer.changed && customer.exact_before))) {
    if (is_first || customer.due <= at) {
      collect_all();
    } else {
      collect_touched();
    }
    evaluate(customer, at, FlipOrigin::event);
    return catch_up(customer, horizon(customer));
  }
  // Her timeline begins with her first fact, and a rule whose answer expires at this very moment is asked
  // too.
  bool ask_all = true;
  for (const std::uint32_t number : customer.nodes) {
    const NodeState* node = identity.find_node(number);
    if (!node->facts.empty() && node->facts[0].time() < at) ask_all = false;
  }
  if (ask_all || customer.due <= horizon(customer)) {
    collect_all();
  } else {
    collect_touched();
  }
  const std::vector<std::uint16_t> touched = which;
  walk_again(customer, touched, FlipOrigin::correction);
}

void ShopState::Impl::walk_again(Customer& customer, std::span<const std::uint16_t> segments,
                                 FlipOrigin origin) {
  if (segments.empty()) return;
  const RuleVersion& version = rules.current();
  const FactsView view = view_of(customer, horizon(customer), buffer);
  settle_members(customer);
  customer.exact_before = false;
  Instant due = customer.due;
  if (segments.size() == version.infos.size()) {
    due = Instant::never();
    customer.changed = Instant::min();
  }
  for (const std::uint16_t segment : segments) {
    Standing standing = walk_timeline(version, segment, view);
    Member* member = find_member(customer, segment);
    if (member != nullptr && standing.holds && !view.buckets().empty() && member->since < standing.since &&
        standing.since == view.facts().front().time()) {
      // Her timeline begins before the facts that are still exact: what was believed then is kept.
      standing.since = member->since;
    }
    if (standing.holds && member == nullptr) {
      put_member(customer, Member{standing.since, segment, true, true});
      emit(customer, segment, true, standing.since, origin, cause);
    } else if (standing.holds && member->since != standing.since) {
      member->since = standing.since;
      emit(customer, segment, true, standing.since, origin, cause);
    } else if (!standing.holds && member != nullptr) {
      const Instant left = standing.changed == Instant::min() ? member->since : standing.changed;
      remove_member(customer, segment);
      emit(customer, segment, false, left, origin, cause);
    }
    customer.changed = std::max(customer.changed, standing.changed);
    due = std::min(due, standing.until);
  }
  set_due(customer, due);
}

void ShopState::Impl::walk_dirty(FlipOrigin origin) {
  if (dirty.empty()) return;
  std::sort(dirty.begin(), dirty.end());
  dirty.erase(std::unique(dirty.begin(), dirty.end()), dirty.end());
  collect_all();
  const std::vector<std::uint16_t> all = which;
  const std::vector<std::uint32_t> roots = std::exchange(dirty, {});
  for (const std::uint32_t root : roots) {
    Customer* customer = identity.customer_of(root);
    if (customer == nullptr || customer->root != root) continue;
    customer->epoch = rules.epoch();
    walk_again(*customer, all, origin);
    // With her identifiers her tier may have changed, and with it what was promised to her.
    refresh_cases(*customer);
  }
}

EventSeq ShopState::Impl::cause_of(Instant due) const {
  for (const auto& [received, seq] : stamps) {
    if (received >= due) return seq;
  }
  return cause;
}

void ShopState::Impl::upgrade(Customer& customer) {
  while (customer.epoch < rules.epoch()) {
    const std::uint32_t epoch = ++customer.epoch;
    for (const std::uint16_t segment : rules.version(epoch).affected) {
      // This text of the rule held until the next publication that touched it.
      Instant until = horizon(customer);
      for (std::uint32_t later = epoch + 1; later <= rules.epoch(); ++later) {
        const std::vector<std::uint16_t>& affected = rules.version(later).affected;
        if (!std::binary_search(affected.begin(), affected.end(), segment)) continue;
        until = std::min(until, rules.version(later).at);
        break;
      }
      upgrade_segment(customer, epoch, segment, until);
    }
  }
}

void ShopState::Impl::upgrade_segment(Customer& customer, std::uint32_t epoch, std::uint16_t segment,
                                      Instant until) {
  const RuleVersion& version = rules.version(epoch);
  const Instant latest = customer.latest;
  const Instant published = settled(customer) ? std::max(version.at, latest) : latest;
  const FactsView view = view_of(customer, std::max(until, published), buffer);
  std::vector<Turn> turns;
  const Standing standing = walk_timeline(version, segment, view, &turns);
  settle_members(customer);
  customer.exact_before = false;
  std::size_t next = 0;
  while (next < turns.size() && turns[next].at <= published) ++next;
  const bool holds = next > 0 && turns[next - 1].holds;
  Member* member = find_member(customer, segment);
  if (holds && member == nullptr) {
    put_member(customer, Member{turns[next - 1].at, segment, true, true});
    emit(customer, segment, true, turns[next - 1].at, FlipOrigin::backfill, version.seq);
  } else if (holds) {
    member->since = turns[next - 1].at;
  } else if (member != nullptr) {
    const Instant left = next > 0 ? turns[next - 1].at : member->since;
    remove_member(customer, segment);
    emit(customer, segment, false, left, FlipOrigin::backfill, version.seq);
  }
  for (; next < turns.size(); ++next) {
    const Turn& turn = turns[next];
    if (turn.holds) {
      put_member(customer, Member{turn.at, segment, true, true});
    } else {
      remove_member(customer, segment);
    }
    emit(customer, segment, turn.holds, turn.at, FlipOrigin::time, cause_of(turn.at));
  }
  customer.changed = std::max(customer.changed, standing.changed);
  // A text that was replaced since has no say in when to look next.
  if (standing.until > horizon(customer)) set_due(customer, std::min(customer.due, standing.until));
}

std::size_t ShopState::Impl::sweep(std::size_t customers_max) {
  for (; customers_max > 0 && sweep_pending(); --customers_max, ++swept_to) {
    Customer& customer = identity.customer_at(static_cast<std::uint32_t>(swept_to));
    if (customer.root != 0) upgrade(customer);
  }
  if (!sweep_pending()) {
    rules.forget_old();
    stamps.clear();
  }
  return identity.places() - swept_to;
}

std::vector<Member> ShopState::Impl::members_now(const Customer& customer) const {
  Customer copy;
  copy.members = customer.members;
  settle_members(copy);
  std::vector<bool> is_affected(rules.current().infos.size());
  for (std::uint32_t epoch = customer.epoch + 1; epoch <= rules.epoch(); ++epoch) {
    for (const std::uint16_t segment : rules.version(epoch).affected) is_affected[segment] = true;
  }
  FactsBuffer room;
  for (std::uint16_t segment = 0; segment < is_affected.size(); ++segment) {
    if (!is_affected[segment]) continue;
    remove_member(copy, segment);
    const FactsView view = view_of(customer, horizon(customer), room);
    const Standing standing = walk_timeline(rules.current(), segment, view);
    if (standing.holds) put_member(copy, Member{standing.since, segment, true, true});
  }
  return {copy.members.begin(), copy.members.end()};
}

}  // namespace rapport::views
