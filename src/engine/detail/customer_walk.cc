#include "engine/detail/customer_walk.h"

#include <algorithm>
#include <charconv>

#include "model/catalogue_ids.h"
#include "views/scores.h"
#include "views/shipped_rules.h"

namespace rapport::engine {
namespace {

// Reading names: a search waits for them, a list shows those there are.
constexpr std::int64_t kNamesSearchedNs = 1'500'000'000, kNamesShownNs = 50'000'000;
constexpr std::int64_t kWalkNs = 2'000'000'000;
constexpr std::size_t kNamedMost = 10'000;
constexpr std::size_t kRowsMost = 1'000;
/// Members of a segment that are put in order at once, some milliseconds; those of a greater one are met soon
/// enough by walking over everybody.
constexpr std::size_t kMembersSorted = 20'000;

std::string name_of(const views::ShopState& state, views::SegmentNo segment) {
  return segment.value < state.rules().size() ? state.rules()[segment.value].name : std::string();
}

/// Whoever has exactly this identifier, of whatever kind.
CustomerId exactly(ShopUnit& unit, const std::string& text) {
  if (const auto found = resolve(unit, text); found.ok()) return *found;
  for (const model::IdentifierKind kind : model::kIdentifierKinds) {
    const auto identifier = model::Identifier::parse(kind, text);
    if (!identifier.ok()) continue;
    if (const auto node = unit.shop.desk().find(*identifier)) {
      const CustomerId customer = unit.shop.state().customer_of(*node);
      if (customer.value != 0) return customer;
    }
  }
  return {};
}

/// "c_17,c_18": the customers of a list that somebody has, or is drawing; nothing for anything else.
std::vector<CustomerId> listed(const views::ShopState& state, std::string_view text) {
  std::vector<CustomerId> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view one = text.substr(0, end);
    CustomerId customer;
    const auto read = one.starts_with("c_")
                          ? std::from_chars(one.data() + 2, one.data() + one.size(), customer.value)
                          : std::from_chars_result{one.data(), std::errc::invalid_argument};
    if (read.ec != std::errc{} || read.ptr != one.data() + one.size() || out.size() == kRowsMost) return {};
    out.push_back(state.resolve(customer));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

Status CustomerWalk::read_cursor() {
  if (query_.cursor.empty()) return {};
  std::int64_t rank = 0;
  std::uint32_t customer = 0;
  const char* end = query_.cursor.data() + query_.cursor.size();
  const auto first = std::from_chars(query_.cursor.data(), end, rank);
  const bool has_dot = first.ec == std::errc{} && first.ptr != end && *first.ptr == '.';
  const auto second = has_dot ? std::from_chars(first.ptr + 1, end, customer) : first;
  if (!has_dot || second.ec != std::errc{} || second.ptr != end)
    return Error{Errc::bad_input, "not a cursor", "cursor", "the next_cursor of the page before"};
  after_ = {rank, customer};
  return {};
}

Status CustomerWalk::prepare() {
  RAPPORT_CHECK(read_cursor());
  const views::ShopState& state = unit_.shop.state();
  if (!query_.klass.empty()) {
    const auto classes = views::class_precedence();
    const auto at = std::find(classes.begin(), classes.end(), query_.klass);
    if (at == classes.end() && query_.klass != "other")
      return Error{Errc::not_found, fmt::format("no class '{}'", query_.klass.substr(0, 70)), "class",
                   "problem churn_risk high_value seed potential new other"};
    class_ = at == classes.end() ? kOtherClass : static_cast<std::uint16_t>(at - classes.begin());
  }
  if (!query_.segment.empty()) {
    segment_ = state.find_segment(query_.segment);
    if (!segment_)
      return Error{Errc::not_found, fmt::format("no segment '{}'", query_.segment.substr(0, 70)), "segment"};
  }
  std::string rule = query_.condition;
  if (!query_.tag.empty()) {
    const std::size_t colon = query_.tag.find(':');
    std::string test = colon == std::string::npos
                           ? fmt::format("has tag {}", query_.tag)
                           : fmt::format("tag {} = {}", query_.tag.substr(0, colon),
                                         quoted(std::string_view(query_.tag).substr(colon + 1)));
    if (const auto good = views::parse_rule(test); !good.ok())
      return Error{Errc::bad_input, good.error().message, "tag", "name:value, such as city_tier:1"};
    rule = rule.empty() ? test : fmt::format("{} and ({})", test, rule);
  }
  if (rule.empty()) return {};
  // Where in the condition it goes wrong is told by the condition alone.
  if (!query_.condition.empty()) {
    if (const auto good = views::parse_rule(query_.condition); !good.ok()) {
      Error error = good.error();
      error.where = "condition, " + error.where;
      return error;
    }
  }
  RAPPORT_TRY(condition_, TriedRule::make(state, rule));
  return {};
}

void CustomerWalk::sort(std::shared_ptr<const Census> census) {
  census_ = std::move(census);
  order_ = &census_->ordered(query_.order);
  if (!query_.reveal) return;
  list_.names_complete = unit_.insight.names().catch_up(
      monotonic_ns() + (query_.query.empty() ? kNamesShownNs : kNamesSearchedNs));
  if (!query_.query.empty()) named_ = unit_.insight.names().find(query_.query, kNamedMost);
}

std::int64_t CustomerWalk::rank_of(const CensusRow& row) const {
  switch (query_.order) {
    case ListOrder::value:
      return row.value;
    case ListOrder::urgency:
      return row.urgency;
    case ListOrder::last_seen:
      break;
  }
  return row.last_seen.ms;
}

std::optional<std::vector<CustomerId>> CustomerWalk::who_is_asked() const {
  const views::ShopState& state = unit_.shop.state();
  if (query_.query.empty()) {
    if (!segment_ || state.member_count(*segment_) > kMembersSorted) return std::nullopt;
    return state.members(*segment_, CustomerId{}, kMembersSorted);
  }
  if (query_.query.find(',') != std::string::npos) {
    if (auto several = listed(state, query_.query); !several.empty()) return several;
  }
  std::vector<CustomerId> asked;
  if (const CustomerId exact = exactly(unit_, query_.query); exact.value != 0) asked.push_back(exact);
  for (const NodeId node : named_) {
    if (const CustomerId customer = state.customer_of(node); customer.value != 0) asked.push_back(customer);
  }
  return asked;
}

void CustomerWalk::begin() {
  give_up_ns_ = monotonic_ns() + kWalkNs;
  const auto goes_before = [this](std::uint32_t place, const std::pair<std::int64_t, std::uint32_t>& other) {
    const CensusRow& row = census_->rows[place];
    const std::int64_t rank = rank_of(row);
    return rank != other.first ? rank > other.first : row.customer.value < other.second;
  };
  if (const auto asked = who_is_asked()) {
    for (const CustomerId customer : *asked) {
      if (const CensusRow* row = census_->find(customer))
        places_.push_back(static_cast<std::uint32_t>(row - census_->rows.data()));
    }
    std::sort(places_.begin(), places_.end(), [&](std::uint32_t a, std::uint32_t b) {
      const CensusRow& other = census_->rows[b];
      return goes_before(a, {rank_of(other), other.customer.value});
    });
    places_.erase(std::unique(places_.begin(), places_.end()), places_.end());
    order_ = &places_;
  }
  if (after_) {
    // The first that comes after the last shown.
    const std::pair<std::int64_t, std::uint32_t> next{after_->first, after_->second + 1};
    next_ = static_cast<std::size_t>(std::lower_bound(order_->begin(), order_->end(), next, goes_before) -
                                     order_->begin());
  }
}

bool CustomerWalk::fits(const CensusRow& row) {
  if (class_ && row.primary != *class_) return false;
  const auto bin = [](std::uint8_t points) { return std::min(9, points / 10); };
  if (query_.value_bin && bin(row.value) != *query_.value_bin) return false;
  if (query_.urgency_bin && bin(row.urgency) != *query_.urgency_bin) return false;
  const views::ShopState& state = unit_.shop.state();
  if (state.resolve(row.customer) != row.customer) return false;  // merged or erased since
  if (segment_) {
    const std::vector<views::Membership> in = state.memberships(row.customer);
    if (std::none_of(in.begin(), in.end(), [&](const auto& m) { return m.segment == *segment_; }))
      return false;
  }
  if (!condition_) return true;
  const Instant at = std::max(unit_.shop.now(), state.now());
  return condition_
             ->ask(state.facts(row.customer, at, buffer_), state.kinds_seen(), state.rule_context().published)
             .value == views::Truth::yes;
}

void CustomerWalk::add(const CensusRow& row) {
  const views::ShopState& state = unit_.shop.state();
  const Instant at = std::max(unit_.shop.now(), state.now());
  const views::FactsView facts = state.facts(row.customer, at, buffer_);
  const views::Scores scores = views::scores_of(facts);
  model::CustomerRow out;
  out.id = row.customer;
  out.value = scores.value.points;
  out.urgency = scores.urgency.points;
  if (!facts.facts().empty()) out.last_seen = facts.facts().back().time();
  if (const auto city = facts.trait(model::trait::city)) out.city = std::string(*city);
  for (const views::Membership& in : state.memberships(row.customer))
    out.segments.push_back(name_of(state, in.segment));
  const auto primary = state.primary(row.customer);
  out.primary = primary ? name_of(state, *primary) : "other";
  out.orders = row.orders;
  out.label = label_of(unit_.shop, unit_.insight.names(), row.customer, query_.reveal);
  list_.customers.push_back(std::move(out));
}

bool CustomerWalk::step(std::int64_t deadline_ns) {
  const std::size_t most = std::clamp<std::size_t>(query_.most, 1, kRowsMost);
  for (int looked = 1; next_ < order_->size(); ++looked) {
    const CensusRow& row = census_->rows[(*order_)[next_]];
    if (fits(row)) {
      if (list_.customers.size() == most) return false;  // there is one more: the page has a successor
      add(row);
    }
    ++next_;
    if (looked % 8 != 0 && !(looked % 2 == 0 && condition_)) continue;
    const std::int64_t now = monotonic_ns();
    if (now > give_up_ns_) {
      gave_up_ = true;
      return false;
    }
    if (now > deadline_ns) return true;
  }
  return false;
}

std::optional<std::uint64_t> CustomerWalk::total() const {
  const bool is_plain = query_.query.empty() && !condition_ && !query_.value_bin && !query_.urgency_bin;
  if (is_plain && !segment_ && !class_) return census_->rows.size();
  if (is_plain && !segment_) {
    const std::size_t place = *class_ == kOtherClass ? census_->classes.size() - 1 : *class_;
    return census_->classes[place].primary;
  }
  if (is_plain && !class_) return unit_.shop.state().member_count(*segment_);
  // One page that held everybody.
  if (!after_ && next_ >= order_->size()) return list_.customers.size();
  return std::nullopt;
}

model::CustomerList CustomerWalk::finish() {
  list_.as_of = census_->plan.as_of;
  list_.known_at = unit_.shop.state().position();
  list_.complete = !gave_up_;
  list_.total = total();
  if (next_ < order_->size() && next_ > 0) {
    const CensusRow& last = census_->rows[(*order_)[next_ - 1]];
    list_.next_cursor = fmt::format("{}.{}", rank_of(last), last.customer.value);
  }
  return std::move(list_);
}

}  // namespace rapport::engine
