#include <algorithm>
#include <array>
#include <map>

#include "base/assert.h"
#include "base/wrapping.h"
#include "views/detail/shop_impl.h"

// Readings of the state, and the door's thin methods.
namespace rapport::views {
namespace {

/// Numbers named by any node of a customer, each once, ascending.
std::vector<std::uint32_t> numbers_of(const Identity& identity, const Customer& customer,
                                      const Flat<std::uint32_t> NodeExtra::*list) {
  std::vector<std::uint32_t> numbers;
  for (const std::uint32_t node_number : customer.nodes) {
    const NodeState* node = identity.find_node(node_number);
    if (!node->extra) continue;
    const Flat<std::uint32_t>& part = (*node->extra).*list;
    numbers.insert(numbers.end(), part.begin(), part.end());
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

/// The lists of several nodes as one, equal keys added up by `merge`.
template <class T, class Key, class Merge>
std::vector<T> merged_of(const Identity& identity, const Customer& customer, const Flat<T> NodeExtra::*list,
                         Key key, Merge merge) {
  std::vector<T> all;
  for (const std::uint32_t number : customer.nodes) {
    const NodeState* node = identity.find_node(number);
    if (!node->extra) continue;
    for (const T& item : (*node->extra).*list) {
      const auto at =
          std::find_if(all.begin(), all.end(), [&](const T& other) { return key(other) == key(item); });
      if (at == all.end()) {
        all.push_back(item);
      } else {
        merge(*at, item);
      }
    }
  }
  std::sort(all.begin(), all.end(), [&](const T& a, const T& b) { return key(a) < key(b); });
  return all;
}

}  // namespace

ShopState::ShopState(const ShopOptions& options) : impl_(std::make_unique<Impl>(options)) {}
ShopState::~ShopState() = default;
ShopState::ShopState(ShopState&&) noexcept = default;
ShopState& ShopState::operator=(ShopState&&) noexcept = default;

void ShopState::fold(const model::RecordView& record, FlipSink& flips) {
  impl_->sink = &flips;
  impl_->fold(record);
}

void ShopState::advance(Instant now, EventSeq cause, FlipSink& flips) {
  impl_->sink = &flips;
  impl_->cause = cause;
  impl_->from_import = false;
  if (!impl_->importing()) impl_->advance(now);
}

std::size_t ShopState::sweep(std::size_t customers_max, FlipSink& flips) {
  impl_->sink = &flips;
  const std::size_t left = impl_->sweep(customers_max);
  if (left > 0 || !impl_->clocks.refreshing()) return left;
  return impl_->clocks.refresh_some(customers_max, impl_->now, impl_->around());
}

Instant ShopState::next_due() const {
  if (impl_->importing()) return Instant::never();
  return std::min(impl_->wheel.next_due().value_or(Instant::never()),
                  impl_->clocks.next_due().value_or(Instant::never()));
}

EventSeq ShopState::position() const {
  return impl_->position;
}
Instant ShopState::now() const {
  return impl_->now;
}
bool ShopState::importing() const {
  return impl_->importing();
}
std::size_t ShopState::customers() const {
  return impl_->identity.customers();
}

std::size_t ShopState::nodes() const {
  return impl_->identity.node_count() == 0 ? 0 : impl_->identity.node_count() - 1;
}

CustomerId ShopState::customer_of(NodeId node) const {
  const Customer* customer = impl_->identity.customer_of(node.value);
  return customer == nullptr ? CustomerId{} : CustomerId{customer->root};
}

CustomerId ShopState::resolve(CustomerId id) const {
  return customer_of(NodeId{id.value});
}

std::vector<NodeId> ShopState::nodes_of(CustomerId id) const {
  std::vector<NodeId> nodes;
  const Customer* customer = impl_->identity.customer_of(id.value);
  if (customer == nullptr) return nodes;
  for (const std::uint32_t number : customer->nodes) nodes.push_back(NodeId{number});
  return nodes;
}

std::optional<model::IdentifierKind> ShopState::kind_of(NodeId number) const {
  const NodeState* node = impl_->identity.find_node(number.value);
  return node == nullptr ? std::nullopt : std::optional(node->kind);
}

bool ShopState::is_shared(NodeId number) const {
  const NodeState* node = impl_->identity.find_node(number.value);
  return node != nullptr && node->shared;
}

void ShopState::for_each_customer(CustomerId after, const std::function<bool(CustomerId)>& visit) const {
  for (std::size_t number = std::size_t{after.value} + 1; number < impl_->identity.node_count(); ++number) {
    const Customer* customer = impl_->identity.customer_of(static_cast<std::uint32_t>(number));
    if (customer != nullptr && customer->root == number && !visit(CustomerId{customer->root})) return;
  }
}

FactsView ShopState::facts(CustomerId id, Instant at, FactsBuffer& buffer) const {
  const Customer* customer = impl_->identity.customer_of(id.value);
  if (customer == nullptr) return FactsView(impl_->tables, at, std::span<const Fact>());
  return impl_->view_of(*customer, at, buffer);
}

Instant ShopState::clock(CustomerId id) const {
  const Customer* customer = impl_->identity.customer_of(id.value);
  return customer == nullptr ? Instant::min() : impl_->horizon(*customer);
}

std::vector<ConsentState> ShopState::consent(CustomerId id) const {
  std::vector<ConsentState> states;
  FactsBuffer buffer;
  const FactsView view = facts(id, Instant::never(), buffer);
  const Dictionary& words = impl_->tables.words();
  for (const ConsentChange& change : view.consent_changes()) {
    const auto at = std::find_if(states.begin(), states.end(), [&](const ConsentState& state) {
      return state.purpose_word == change.purpose_word && state.channel_word == change.channel_word;
    });
    const std::string_view purpose = words.text(change.purpose_word),
                           channel = words.text(change.channel_word);
    const bool granted = view.consent(purpose, channel).value_or(false);
    if (at == states.end()) {
      states.push_back({change.purpose_word, change.channel_word, granted, change.at});
    } else if (change.granted == granted) {
      at->at = change.at;
    }
  }
  std::sort(states.begin(), states.end(), [&](const ConsentState& a, const ConsentState& b) {
    return std::pair(words.text(a.purpose_word), words.text(a.channel_word)) <
           std::pair(words.text(b.purpose_word), words.text(b.channel_word));
  });
  return states;
}

std::vector<ServiceStep> ShopState::services(CustomerId id) const {
  const Customer* customer = impl_->identity.customer_of(id.value);
  if (customer == nullptr) return {};
  return merged_of(
      impl_->identity, *customer, &NodeExtra::services,
      [](const ServiceStep& step) { return std::pair(step.service, step.stage); }, merge_step);
}

std::vector<Booking> ShopState::bookings(CustomerId id) const {
  std::map<std::pair<Instant, std::uint32_t>, BookingHistory> all;
  for (const NodeId number : nodes_of(id)) {
    const NodeState* node = impl_->identity.find_node(number.value);
    if (!node->extra) continue;
    for (const Appointment& one : node->extra->appointments) {
      BookingHistory& history = all[{one.for_time, one.service}];
      if (one.cancelled_by.value == 0) {
        history.made(one.at, number);
      } else {
        history.cancelled(one.at, std::array{one.cancelled_by, number});
      }
    }
  }
  std::vector<Booking> bookings;
  for (const auto& [key, history] : all) {
    for (const BookingHistory::Part& part : history.parts()) {
      if (part.made > 0) bookings.push_back({key.second, key.first, part});
    }
  }
  return bookings;
}

std::vector<SurveyAsk> ShopState::survey_asks(CustomerId id) const {
  std::vector<SurveyAsk> all;
  for (const NodeId node : nodes_of(id)) {
    const std::vector<SurveyAsk>& asks = impl_->surveys.asks(node);
    all.insert(all.end(), asks.begin(), asks.end());
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const SurveyAsk& a, const SurveyAsk& b) { return a.at < b.at; });
  return all;
}

const Surveys& ShopState::surveys() const {
  return impl_->surveys;
}

std::vector<CouponState> ShopState::coupons(CustomerId id) const {
  const Customer* customer = impl_->identity.customer_of(id.value);
  if (customer == nullptr) return {};
  return merged_of(
      impl_->identity, *customer, &NodeExtra::coupons,
      [](const CouponState& coupon) { return coupon.coupon; }, merge_coupon);
}

std::vector<NeedState> ShopState::needs(CustomerId id) const {
  const Customer* customer = impl_->identity.customer_of(id.value);
  if (customer == nullptr) return {};
  return merged_of(
      impl_->identity, *customer, &NodeExtra::needs, [](const NeedState& need) { return need.need_word; },
      [](NeedState& into, const NeedState& from) {
        if (std::pair(into.at, into.strength_thousandths) < std::pair(from.at, from.strength_thousandths))
          into = from;
      });
}

CsatSum ShopState::csat(CustomerId id) const {
  CsatSum sum;
  const Customer* customer = impl_->identity.customer_of(id.value);
  if (customer == nullptr) return sum;
  for (const std::uint32_t number : customer->nodes) {
    const NodeState* node = impl_->identity.find_node(number);
    if (!node->extra) continue;
    sum.answers += node->extra->csat.answers;
    sum.thousandths += node->extra->csat.thousandths;
  }
  return sum;
}

Points ShopState::points(CustomerId id) const {
  Points sum;
  for (const NodeId number : nodes_of(id)) {
    const NodeState* node = impl_->identity.find_node(number.value);
    if (!node->extra) continue;
    sum.balance = wrapping_sum(sum.balance, node->extra->points.balance);
    sum.changes += node->extra->points.changes;
  }
  return sum;
}

std::vector<std::uint32_t> ShopState::orders_of(CustomerId id) const {
  const Customer* customer = impl_->identity.customer_of(id.value);
  if (customer == nullptr) return {};
  std::vector<std::uint32_t> numbers = numbers_of(impl_->identity, *customer, &NodeExtra::orders);
  // An order completed twice belongs to whoever completed it first.
  std::erase_if(numbers, [&](std::uint32_t number) {
    return impl_->identity.customer_of(impl_->orders.find(number)->node.value) != customer;
  });
  std::stable_sort(numbers.begin(), numbers.end(), [&](std::uint32_t a, std::uint32_t b) {
    return impl_->orders.find(a)->placed < impl_->orders.find(b)->placed;
  });
  return numbers;
}

std::vector<std::uint32_t> ShopState::orders_made_by(NodeId node) const {
  const NodeState* state = impl_->identity.find_node(node.value);
  if (state == nullptr || !state->extra) return {};
  std::vector<std::uint32_t> numbers(state->extra->orders.begin(), state->extra->orders.end());
  std::erase_if(numbers, [&](std::uint32_t number) { return impl_->orders.find(number)->node != node; });
  std::stable_sort(numbers.begin(), numbers.end(), [&](std::uint32_t a, std::uint32_t b) {
    const Order &x = *impl_->orders.find(a), &y = *impl_->orders.find(b);
    return std::pair(x.from_page, y.placed) < std::pair(y.from_page, x.placed);
  });
  return numbers;
}

std::vector<std::uint32_t> ShopState::returns_made_by(NodeId node) const {
  const NodeState* state = impl_->identity.find_node(node.value);
  if (state == nullptr || !state->extra) return {};
  std::vector<std::uint32_t> numbers(state->extra->returns.begin(), state->extra->returns.end());
  std::erase_if(numbers,
                [&](std::uint32_t number) { return impl_->cases.find_return(number)->node != node; });
  std::stable_sort(numbers.begin(), numbers.end(), [&](std::uint32_t a, std::uint32_t b) {
    const Cases& cases = impl_->cases;
    return std::pair(cases.return_from_page(a), cases.find_return(b)->requested) <
           std::pair(cases.return_from_page(b), cases.find_return(a)->requested);
  });
  return numbers;
}

std::vector<std::uint32_t> ShopState::returns_of(CustomerId id) const {
  const Customer* customer = impl_->identity.customer_of(id.value);
  if (customer == nullptr) return {};
  std::vector<std::uint32_t> numbers = numbers_of(impl_->identity, *customer, &NodeExtra::returns);
  std::erase_if(numbers, [&](std::uint32_t number) {
    const NodeId node = impl_->cases.find_return(number)->node;
    return node.value != 0 && impl_->identity.customer_of(node.value) != customer;
  });
  std::stable_sort(numbers.begin(), numbers.end(), [&](std::uint32_t a, std::uint32_t b) {
    return impl_->cases.find_return(a)->requested < impl_->cases.find_return(b)->requested;
  });
  return numbers;
}

std::vector<std::uint32_t> ShopState::contacts_of(CustomerId id) const {
  const Customer* customer = impl_->identity.customer_of(id.value);
  return customer == nullptr ? std::vector<std::uint32_t>()
                             : numbers_of(impl_->identity, *customer, &NodeExtra::contacts);
}

std::vector<std::uint32_t> ShopState::tickets_of(CustomerId id) const {
  const Customer* customer = impl_->identity.customer_of(id.value);
  return customer == nullptr ? std::vector<std::uint32_t>()
                             : numbers_of(impl_->identity, *customer, &NodeExtra::tickets);
}

std::vector<Membership> ShopState::memberships(CustomerId id) const {
  std::vector<Membership> memberships;
  const Customer* customer = impl_->identity.customer_of(id.value);
  if (customer == nullptr) return memberships;
  for (const Member& member : impl_->members_now(*customer)) {
    memberships.push_back({SegmentNo{member.segment}, member.since});
  }
  return memberships;
}

std::vector<Membership> ShopState::memberships_at(CustomerId id, Instant at) const {
  FactsBuffer buffer;
  return memberships_at(facts(id, at, buffer));
}

std::vector<Membership> ShopState::memberships_at(const FactsView& facts) const {
  std::vector<Membership> memberships;
  for (const RuleInfo& info : rules()) {
    const Standing standing = walk_timeline(impl_->rules.current(), info.segment.value, facts);
    if (standing.holds) memberships.push_back({info.segment, standing.since});
  }
  return memberships;
}

const KindSet& ShopState::kinds_seen() const {
  // Kinds only ever get more, and seldom: the set is made again when a bit is new.
  auto& known = impl_->kinds_seen_of;
  const auto& seen = impl_->tables.seen;
  if (known[0] != seen[0] || known[1] != seen[1]) {
    known[0] = seen[0];
    known[1] = seen[1];
    impl_->kinds_seen.reset();
    for (std::uint16_t kind = 0; kind <= fact_kind::greatest.value; ++kind) {
      const unsigned bit = FactsView::mask_bit(model::EventKind{kind});
      if ((seen[bit >> 6] >> (bit & 63)) & 1) impl_->kinds_seen.set(kind);
    }
  }
  return impl_->kinds_seen;
}

SeenKinds ShopState::seen_at(EventSeq seq) const {
  return impl_->rules.seen_at(seq);
}

bool ShopState::sweep_pending() const {
  return impl_->sweep_pending() || impl_->clocks.refreshing();
}

std::vector<Undetermined> ShopState::undetermined(CustomerId id) const {
  FactsBuffer buffer;
  return undetermined(facts(id, clock(id), buffer));
}

std::vector<Undetermined> ShopState::undetermined(const FactsView& facts) const {
  std::vector<Undetermined> found;
  const RuleContext context = rule_context();
  for (const RuleInfo& info : rules()) {
    const Outcome outcome = impl_->rules.current().rules->eval_one(info.segment.value, facts, context);
    if (outcome.value == Truth::undetermined) found.push_back({info.segment, std::string(outcome.reason)});
  }
  return found;
}

std::optional<SegmentNo> ShopState::primary(CustomerId id) const {
  return primary(memberships(id));
}

std::optional<SegmentNo> ShopState::primary(std::span<const Membership> memberships) const {
  for (const std::string& name : impl_->options.precedence) {
    const std::optional<SegmentNo> segment = find_segment(name);
    if (!segment) continue;
    for (const Membership& membership : memberships) {
      if (membership.segment == *segment) return segment;
    }
  }
  return std::nullopt;
}

std::span<const RuleInfo> ShopState::rules() const {
  return impl_->rules.current().infos;
}
const RuleSet& ShopState::rule_set() const {
  return *impl_->rules.current().rules;
}
RuleContext ShopState::rule_context() const {
  return impl_->rules.current().context();
}

std::optional<SegmentNo> ShopState::find_segment(std::string_view name) const {
  return impl_->rules.find(name);
}

std::uint64_t ShopState::member_count(SegmentNo segment) const {
  return segment.value < impl_->members.size() ? impl_->members[segment.value].cardinality() : 0;
}

std::vector<CustomerId> ShopState::members(SegmentNo segment, CustomerId after, std::size_t most) const {
  std::vector<CustomerId> page;
  if (segment.value >= impl_->members.size() || after.value == 0xffff'ffff) return page;
  const Roaring& bitmap = impl_->members[segment.value];
  Roaring::const_iterator at = bitmap.begin();
  at.equalorlarger(after.value + 1);
  for (; at != bitmap.end() && page.size() < most; ++at) page.push_back(CustomerId{*at});
  return page;
}

const ShopTables& ShopState::tables() const {
  return impl_->tables;
}
const Order* ShopState::order(std::uint32_t number) const {
  return impl_->orders.find(number);
}
const ParcelNotes& ShopState::parcel_notes() const {
  return impl_->parcel_notes;
}
const Parcel* ShopState::parcel(const Order& order) const {
  return impl_->orders.parcel(order);
}
const CaseClocks& ShopState::case_clocks() const {
  return impl_->clocks;
}
std::vector<CaseClock> ShopState::clocks_of(CaseRef ref, Instant at, bool trace) const {
  return impl_->clocks.clocks(ref, at, impl_->around(), trace);
}
std::vector<ClockStep> ShopState::ripe_steps(std::size_t most) const {
  return impl_->clocks.ripe(most, impl_->now, impl_->around());
}
const Return* ShopState::return_of(std::uint32_t number) const {
  return impl_->cases.find_return(number);
}
bool ShopState::return_from_page(std::uint32_t number) const {
  return impl_->cases.return_from_page(number);
}
const Contact* ShopState::contact(std::uint32_t number) const {
  return impl_->cases.find_contact(number);
}
const Ticket* ShopState::ticket(std::uint32_t number) const {
  return impl_->cases.find_ticket(number);
}

std::string_view ShopState::noun(model::EventKind kind, std::string_view id) const {
  return impl_->published.find(kind, id);
}

std::vector<std::string_view> ShopState::noun_ids(model::EventKind kind) const {
  return impl_->published.ids(kind);
}

std::vector<DayCount> ShopState::day_counts() const {
  return impl_->counters.days();
}
std::vector<ProductCount> ShopState::product_counts() const {
  return impl_->counters.products();
}
std::vector<HourSums> ShopState::hour_sums(Instant from, Instant to) const {
  return impl_->indicators.hours(from, to);
}
std::int64_t ShopState::indicator_total(Indicator indicator) const {
  return impl_->indicators.total(indicator);
}
std::vector<AreaCount> ShopState::area_counts(std::int32_t from_period) const {
  return impl_->indicators.areas(from_period);
}

std::size_t ShopState::memory_bytes() const {
  std::size_t bytes = impl_->identity.memory_bytes() + impl_->orders.memory_bytes() +
                      impl_->parcel_notes.memory_bytes() + impl_->cases.memory_bytes() +
                      impl_->published.memory_bytes() + impl_->counters.memory_bytes() +
                      impl_->indicators.memory_bytes() + impl_->surveys.memory_bytes() +
                      impl_->clocks.memory_bytes() + impl_->wheel.bytes();
  for (const Dictionary& dictionary : impl_->tables.dictionaries) bytes += dictionary.memory_bytes();
  bytes += impl_->tables.products.capacity() * sizeof(ProductInfo);
  for (const Roaring& bitmap : impl_->members) bytes += bitmap.getSizeInBytes();
  return bytes;
}

std::size_t ShopState::timers() const {
  return impl_->wheel.armed();
}

}  // namespace rapport::views
