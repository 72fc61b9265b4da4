#include "engine/detail/census.h"

#include <algorithm>
#include <numeric>

#include "views/scores.h"
#include "views/shipped_rules.h"

namespace rapport::engine {

const std::vector<std::uint32_t>& Census::ordered(ListOrder order) const {
  const std::lock_guard lock(order_mutex_);
  std::vector<std::uint32_t>& places = orders_[static_cast<std::size_t>(order)];
  if (places.size() == rows.size()) return places;
  places.resize(rows.size());
  std::iota(places.begin(), places.end(), 0U);
  const auto rank = [order, this](std::uint32_t place) {
    const CensusRow& row = rows[place];
    switch (order) {
      case ListOrder::value:
        return std::int64_t{row.value};
      case ListOrder::urgency:
        return std::int64_t{row.urgency};
      case ListOrder::last_seen:
        break;
    }
    return row.last_seen.ms;
  };
  std::stable_sort(places.begin(), places.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return rank(a) > rank(b); });
  return places;
}

const CensusRow* Census::find(CustomerId customer) const {
  const auto at = std::lower_bound(rows.begin(), rows.end(), customer,
                                   [](const CensusRow& row, CustomerId id) { return row.customer < id; });
  return at != rows.end() && at->customer == customer ? &*at : nullptr;
}

namespace {

std::shared_ptr<Census> fresh_census(const views::ShopState& state, CensusPlan plan) {
  auto census = std::make_shared<Census>();
  census->plan = std::move(plan);
  census->begun_at = state.position();
  census->rows.reserve(state.customers());
  for (const std::string_view name : views::class_precedence())
    census->classes.push_back({std::string(name)});
  census->classes.push_back({"other"});
  const std::size_t classes = census->classes.size();
  for (auto& line : census->bins) {
    for (auto& bin : line) bin.assign(classes, 0);
  }
  census->flows.assign(classes + 1, std::vector<std::uint64_t>(classes, 0));
  census->activity.by_day.assign(census->plan.day_starts.size(), 0);
  return census;
}

}  // namespace

CensusTaker::CensusTaker(const views::ShopState& state, CensusPlan plan)
    : state_(state), census_(fresh_census(state, std::move(plan))), life_(state, *census_) {
  for (std::size_t i = 0; i + 1 < census_->classes.size(); ++i) {
    segments_.push_back(state.find_segment(census_->classes[i].name));
    if (segments_.back()) asked_.push_back(segments_.back()->value);
  }
  std::sort(asked_.begin(), asked_.end());
}

bool CensusTaker::step(std::int64_t deadline_ns) {
  const std::int64_t began = monotonic_ns();
  bool more = false;
  int visited = 0;
  state_.for_each_customer(at_, [&](CustomerId customer) {
    visit(customer);
    at_ = customer;
    more = ++visited % 8 == 0 && monotonic_ns() > deadline_ns;
    return !more;
  });
  census_->work_ns += monotonic_ns() - began;
  return more;
}

std::shared_ptr<const Census> CensusTaker::finish() {
  census_->known_at = state_.position();
  census_->taken_ns = monotonic_ns();
  std::sort(census_->problems.begin(), census_->problems.end(), [](const Problem& a, const Problem& b) {
    return std::tuple(a.since, a.kind, a.number) < std::tuple(b.since, b.kind, b.number);
  });
  return std::move(census_);
}

std::uint16_t CensusTaker::class_of(const std::vector<views::Membership>& memberships) const {
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    if (!segments_[i]) continue;
    for (const views::Membership& in : memberships) {
      if (in.segment == *segments_[i]) return static_cast<std::uint16_t>(i);
    }
  }
  return kOtherClass;
}

void CensusTaker::count_flow(const views::FactsView& facts, std::uint16_t now) {
  const Instant then = census_->plan.as_of - days(census_->plan.days);
  const std::size_t other = census_->classes.size() - 1, absent = other + 1;
  const std::size_t to = now == kOtherClass ? other : now;
  const bool was_there =
      !facts.buckets().empty() || (!facts.facts().empty() && facts.facts().front().time() <= then);
  if (!was_there) {
    ++census_->flows[absent][to];
    return;
  }
  outcomes_.assign(state_.rule_set().size(), views::Outcome{});
  state_.rule_set().eval(asked_, facts.as_of(then), state_.rule_context(), outcomes_);
  std::size_t from = other;
  for (std::size_t i = segments_.size(); i-- > 0;) {
    if (segments_[i] && outcomes_[segments_[i]->value].value == views::Truth::yes) from = i;
  }
  ++census_->flows[from][to];
}

void CensusTaker::visit(CustomerId customer) {
  Census& census = *census_;
  const views::FactsView facts = state_.facts(customer, census.plan.as_of, buffer_);
  const views::Scores scores = views::scores_of(facts);
  const std::vector<views::Membership> memberships = state_.memberships(customer);
  CensusRow row;
  row.customer = customer;
  row.value = static_cast<std::uint8_t>(scores.value.points);
  row.urgency = static_cast<std::uint8_t>(scores.urgency.points);
  row.primary = class_of(memberships);
  if (!facts.facts().empty()) row.last_seen = facts.facts().back().time();
  const std::size_t other = census.classes.size() - 1;
  const std::size_t primary = row.primary == kOtherClass ? other : row.primary;
  const auto add_member = [&](ClassCount& counted) {
    ++counted.members;
    counted.value_sum += row.value;
    counted.urgency_sum += row.urgency;
  };
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    const bool is_in =
        segments_[i] && std::any_of(memberships.begin(), memberships.end(),
                                    [&](const views::Membership& in) { return in.segment == *segments_[i]; });
    if (is_in) add_member(census.classes[i]);
  }
  if (primary == other) add_member(census.classes[other]);
  ++census.classes[primary].primary;
  ++census.bins[std::min<std::size_t>(9, row.value / 10U)][std::min<std::size_t>(9, row.urgency / 10U)]
               [primary];
  count_flow(facts, row.primary);
  life_.visit(customer, facts, row.orders);
  census.rows.push_back(row);
}

}  // namespace rapport::engine
