#include "views/detail/measure.h"

#include <algorithm>

namespace rapport::views::detail {
namespace {

using Function = Measure::Function;
using model::PropertyType;

constexpr std::string_view kNoThreshold = "no threshold in the currency of these amounts";
// How many times a window that does not reach now is moved on in search of the next change of the answer.
constexpr int kMostMoves = 16;

bool needs_exact(Function function) {
  return function != Function::count && function != Function::sum && function != Function::mean;
}

}  // namespace

MeasurePlan make_measure(const Measure& rule) {
  MeasurePlan plan;
  plan.rule = &rule;
  plan.pick = make_pick(rule.events, rule.property);
  plan.unit = measure_unit(rule);
  plan.texts = rule.property != model::PropertyId{0} && is_text_type(plan.pick.kinds.front().value.type);
  plan.buckets = needs_exact(rule.function) ? Buckets::ignore : Buckets::count;
  for (const Threshold& bound : rule.thresholds) {
    plan.missing.push_back(fmt::format("the value '{}' is not published", bound.published));
  }
  return plan;
}

Tally::Tally(const MeasurePlan& plan, const FactsView& facts, const RuleContext& context)
    : plan_(plan), facts_(facts), bounds_(plan.rule->thresholds.size()) {
  for (std::size_t i = 0; i < bounds_; ++i) {
    const Threshold& threshold = plan.rule->thresholds[i];
    bound_[i] = {threshold.low.value, threshold.high.value, threshold.low.currency, true};
    if (threshold.published.empty()) continue;
    bound_[i].known = false;
    if (context.published == nullptr) continue;
    const auto value = context.published->find(threshold.published);
    if (value == context.published->end()) continue;
    bound_[i] = {value->second, value->second, threshold.low.currency, true};
  }
  clear();
}

void Tally::clear() {
  std::fill_n(sum_.begin(), std::max<std::size_t>(bounds_, 1), Sum{});
  hits_ = strangers_ = 0;
  newest_bound_ = oldest_bound_ = 0;
  newest_text_ = oldest_text_ = {};
  distinct_texts_.clear();
  distinct_values_.clear();
}

// bounds_ when the currency has none.
std::size_t Tally::bound_of(Currency currency) const {
  if (plan_.unit.type != PropertyType::money) return 0;
  std::size_t i = 0;
  while (i < bounds_ && bound_[i].currency != currency) ++i;
  return i;
}

void Tally::add_value(Sum& sum, std::int64_t value) {
  if (sum.count == 0) sum.newest = sum.least = sum.greatest = value;
  sum.least = std::min(sum.least, value);
  sum.greatest = std::max(sum.greatest, value);
  sum.oldest = value;
  sum.sum += value;
  ++sum.count;
}

void Tally::add(const Hit& hit) {
  const Function function = plan_.rule->function;
  ++hits_;
  if (function == Function::count) {
    sum_[0].count += hit.bucket == nullptr ? 1 : hit.bucket->count;
    return;
  }
  const Field& field = hit.pick->value;
  if (plan_.texts) {
    const std::string_view text = text_of(field, facts_, *hit.fact);
    if (hits_ == 1) newest_text_ = text;
    oldest_text_ = text;
    if (function != Function::distinct) return;
    const auto at = std::lower_bound(distinct_texts_.begin(), distinct_texts_.end(), text);
    if (at != distinct_texts_.end() && *at == text) return;
    distinct_texts_.insert(at, text);
    ++sum_[0].count;
    return;
  }
  if (function == Function::distinct) {
    const std::int64_t value = amount_of(field, facts_, *hit.fact);
    const auto at = std::lower_bound(distinct_values_.begin(), distinct_values_.end(), value);
    if (at != distinct_values_.end() && *at == value) return;
    distinct_values_.insert(at, value);
    ++sum_[0].count;
    return;
  }
  const bool of_aux = hit.bucket != nullptr && fact_aux_is_currency(hit.pick->kind);
  const std::size_t which = bound_of(
      hit.fact != nullptr ? facts_.currency(*hit.fact)
                          : facts_.tables().currencies.currency(of_aux ? hit.bucket->aux : std::uint8_t{0}));
  if (hits_ == 1) newest_bound_ = which;
  oldest_bound_ = which;
  if (which == bounds_) {
    ++strangers_;
  } else if (hit.fact != nullptr) {
    add_value(sum_[which], amount_of(field, facts_, *hit.fact));
  } else {
    sum_[which].sum += field.source == FieldSource::value ? Wide{hit.bucket->sum}
                                                          : Wide{hit.bucket->aux} * Wide{hit.bucket->count};
    sum_[which].count += hit.bucket->count;
  }
}

Truth Tally::compare(const Sum& sum, const Bound& bound) const {
  if (!bound.known) return Truth::undetermined;
  const Function function = plan_.rule->function;
  const auto against = [&](Wide value, Wide scale) {
    return rapport::views::detail::holds<Wide>(plan_.rule->compare, value, Wide{bound.low} * scale,
                                               Wide{bound.high} * scale)
               ? Truth::yes
               : Truth::no;
  };
  if (function == Function::count || function == Function::distinct) return against(Wide{sum.count}, 1);
  if (function == Function::sum) return against(sum.sum, 1);
  if (sum.count == 0) return Truth::no;
  switch (function) {
    case Function::mean: {
      // The mean of whole numbers is asked in thousandths; both sides are multiplied by the count.
      const bool whole = plan_.unit.type == PropertyType::number &&
                         plan_.pick.kinds.front().value.type != PropertyType::number;
      return against(whole ? sum.sum * 1000 : sum.sum, Wide{sum.count});
    }
    case Function::min:
      return against(sum.least, 1);
    case Function::max:
      return against(sum.greatest, 1);
    case Function::first:
      return against(sum.oldest, 1);
    default:
      return against(sum.newest, 1);
  }
}

Truth Tally::compare_texts() const {
  if (hits_ == 0) return Truth::no;
  const std::string_view text = plan_.rule->function == Function::first ? oldest_text_ : newest_text_;
  return rapport::views::detail::holds(plan_.rule->compare, text, plan_.rule->texts) ? Truth::yes : Truth::no;
}

Truth Tally::truth(std::string_view& reason) const {
  const Function function = plan_.rule->function;
  const bool positional = function == Function::first || function == Function::last;
  if (plan_.texts && positional) return compare_texts();
  if (positional && hits_ > 0) {
    const std::size_t which = function == Function::first ? oldest_bound_ : newest_bound_;
    if (which == bounds_) {
      reason = kNoThreshold;
      return Truth::undetermined;
    }
    const Truth truth = compare(sum_[which], bound_[which]);
    if (truth == Truth::undetermined) reason = plan_.missing[which];
    return truth;
  }
  // Only currencies she has amounts in are asked; of none at all, the first.
  if (hits_ > 0 && strangers_ == hits_) {
    reason = kNoThreshold;
    return Truth::undetermined;
  }
  Truth answer = Truth::no;
  for (std::size_t i = 0; i < bounds_; ++i) {
    if (hits_ == 0 ? i > 0 : sum_[i].count == 0) continue;
    const Truth one = compare(sum_[i], bound_[i]);
    if (one == Truth::yes) return one;
    if (one != Truth::undetermined || answer == Truth::undetermined) continue;
    answer = one;
    reason = plan_.missing[i];
  }
  return answer;
}

std::string Tally::sum_text(const Sum& sum, Currency currency) const {
  const Function function = plan_.rule->function;
  if (function == Function::count || function == Function::distinct) return fmt::format("{}", sum.count);
  Wide value = 0;
  if (function == Function::sum) {
    value = sum.sum;
  } else if (sum.count == 0) {
    return "nothing";
  } else if (function == Function::mean) {
    const bool whole = plan_.unit.type == PropertyType::number &&
                       plan_.pick.kinds.front().value.type != PropertyType::number;
    value = (whole ? sum.sum * 1000 : sum.sum) / Wide{sum.count};
  } else {
    value = function == Function::min     ? sum.least
            : function == Function::max   ? sum.greatest
            : function == Function::first ? sum.oldest
                                          : sum.newest;
  }
  const auto number = static_cast<std::int64_t>(std::clamp<Wide>(value, INT64_MIN, INT64_MAX));
  if (plan_.unit.type == PropertyType::money) {
    return fmt::format("{} {}", format_minor(number, currency), currency.text());
  }
  if (plan_.unit.type == PropertyType::number) return format_thousandths(number);
  if (plan_.unit.type == PropertyType::boolean) return number != 0 ? "true" : "false";
  return fmt::format("{}", number);
}

std::string Tally::text() const {
  const Function function = plan_.rule->function;
  if (plan_.texts && function != Function::distinct) {
    if (hits_ == 0) return "nothing";
    return fmt::format("\"{}\"", function == Function::first ? oldest_text_ : newest_text_);
  }
  if (hits_ == 0) return sum_text(sum_[0], bound_[0].currency);
  std::string text;
  for (std::size_t i = 0; i < bounds_; ++i) {
    if (sum_[i].count == 0) continue;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", sum_text(sum_[i], bound_[i].currency));
  }
  if (strangers_ > 0) text += fmt::format("{}{} in other currencies", text.empty() ? "" : ", ", strangers_);
  return text;
}

namespace {

// The window reaches now: facts only leave it, the oldest first. P(k) is the answer when the newest k are
// left; the answer changes when the hit after the greatest k < n with another P(k) leaves.
Answer shrinking(const MeasurePlan& plan, Tally& tally, const std::vector<Hit>& hits,
                 std::string_view& reason) {
  constexpr std::size_t kNowhere = SIZE_MAX;
  std::array<std::size_t, 3> last_with = {kNowhere, kNowhere, kNowhere};
  std::string_view ignored;
  for (std::size_t k = 0; k < hits.size(); ++k) {
    // Hits of one millisecond leave together.
    if (k == 0 || hits[k - 1].time_ms != hits[k].time_ms) {
      last_with[static_cast<std::size_t>(tally.truth(ignored))] = k;
    }
    tally.add(hits[k]);
  }
  Answer answer;
  answer.value = tally.truth(reason);
  std::size_t change = kNowhere;
  for (std::size_t truth = 0; truth < last_with.size(); ++truth) {
    if (truth == static_cast<std::size_t>(answer.value) || last_with[truth] == kNowhere) continue;
    if (change == kNowhere || last_with[truth] > change) change = last_with[truth];
  }
  if (change != kNowhere) answer.until_ms = later(hits[change].time_ms, plan.rule->ages.to.ms);
  return answer;
}

Truth truth_at(const Ages& ages, Tally& tally, const std::vector<Hit>& hits, std::int64_t at_ms,
               std::string_view& reason) {
  tally.clear();
  for (const Hit& hit : hits) {
    const std::int64_t age = at_ms - hit.time_ms;
    if (age >= ages.from.ms && age < ages.to.ms) tally.add(hit);
  }
  return tally.truth(reason);
}

// The window lies in the past: facts enter and leave it. It is moved from one such moment to the next until
// the answer changes, at most kMostMoves times; the last moment is then where it may change.
Answer sliding(const MeasurePlan& plan, Tally& tally, const std::vector<Hit>& hits, std::int64_t at_ms,
               std::string_view& reason) {
  const Ages& ages = plan.rule->ages;
  Answer answer;
  answer.value = truth_at(ages, tally, hits, at_ms, reason);
  std::int64_t moment = at_ms;
  std::string_view ignored;
  for (int moves = 0; moves < kMostMoves; ++moves) {
    std::int64_t next = Instant::never().ms;
    for (const Hit& hit : hits) {
      for (const std::int64_t edge : {later(hit.time_ms, ages.from.ms), later(hit.time_ms, ages.to.ms)}) {
        if (edge > moment) next = std::min(next, edge);
      }
    }
    answer.until_ms = moment = next;
    if (next == Instant::never().ms || truth_at(ages, tally, hits, next, ignored) != answer.value) break;
  }
  truth_at(ages, tally, hits, at_ms, ignored);
  return answer;
}

}  // namespace

Answer eval_measure(const MeasurePlan& plan, const FactsView& facts, const RuleContext& context,
                    std::vector<Hit>& hits, std::string_view& reason) {
  const Measure& rule = *plan.rule;
  const std::int64_t at_ms = facts.at().ms;
  const bool plain_count = rule.function == Function::count && rule.compare == Compare::greater_equal &&
                           rule.thresholds.front().published.empty() && rule.ages.from.ms == 0;
  if (plain_count && facts.buckets().empty()) {
    const std::int64_t least = rule.thresholds.front().low.value;
    if (least <= 0) return {Truth::yes};
    const auto wanted = static_cast<std::size_t>(least);
    collect(plan.pick, facts, too_old(rule.ages, at_ms), wanted, plan.buckets, hits);
    if (hits.size() < wanted) return {Truth::no};
    return {Truth::yes, later(hits.back().time_ms, rule.ages.to.ms)};
  }
  collect(plan.pick, facts, too_old(rule.ages, at_ms), SIZE_MAX, plan.buckets, hits);
  Tally tally(plan, facts, context);
  return rule.ages.from.ms == 0 ? shrinking(plan, tally, hits, reason)
                                : sliding(plan, tally, hits, at_ms, reason);
}

}  // namespace rapport::views::detail
