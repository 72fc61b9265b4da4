#include "views/detail/rule_plan.h"

#include <algorithm>

#include "model/catalogue_ids.h"
#include "views/detail/service_state.h"
#include "views/tags/tag_test.h"

namespace rapport::views::detail {
namespace {

constexpr std::string_view kNoSegment = "no such segment";

Outcome outcome_of(const Answer& answer, std::string_view reason = {}) {
  return {answer.value, Instant{answer.until_ms},
          answer.value == Truth::undetermined ? reason : std::string_view()};
}

Outcome yes_or_no(bool yes) {
  return {yes ? Truth::yes : Truth::no};
}

bool amounts_hold(Compare compare, std::int64_t value, const std::vector<Amount>& amounts) {
  if (compare == Compare::one_of) {
    return std::any_of(amounts.begin(), amounts.end(), [&](const Amount& one) { return one.value == value; });
  }
  return holds(compare, value, amounts.front().value, amounts.back().value);
}

/// Answers one node; each form of the language is one operator.
struct Evaluator {
  const PlanNode& plan;
  const EvalInput& in;

  Outcome operator()(const Constant& test) const { return yes_or_no(test.value); }

  Outcome operator()(const TraitTest& test) const {
    const std::optional<std::string_view> told = in.facts.trait(test.trait);
    if (!told) return yes_or_no(false);
    if (test.any) return yes_or_no(true);
    if (!test.texts.empty()) return yes_or_no(holds(test.compare, *told, test.texts));
    std::int64_t thousandths = 0;
    if (!parse_thousandths(*told, thousandths) || thousandths % 1000 != 0) return yes_or_no(false);
    return yes_or_no(amounts_hold(test.compare, thousandths / 1000, test.amounts));
  }

  Outcome operator()(const TagTest& test) const { return eval_tag_test(test, in.facts); }

  Outcome operator()(const Presence& test) const {
    using enum Presence::Form;
    std::vector<Hit>& hits = in.scratch.hits;
    const std::int64_t at_ms = in.facts.at().ms;
    const auto time_of = [&](std::size_t i) { return hits[i].time_ms; };
    switch (test.form) {
      case ever:
      case never:
        collect(plan.pick, in.facts, INT64_MIN, 1, Buckets::count, hits);
        return yes_or_no(hits.empty() == (test.form == never));
      case within:
      case none_for: {
        const std::size_t most = test.ages.from.ms == 0 ? 1 : SIZE_MAX;
        collect(plan.pick, in.facts, too_old(test.ages, at_ms), most, Buckets::count, hits);
        const Answer answer = any_within(test.ages, hits.size(), time_of, at_ms);
        return outcome_of(test.form == within ? answer : negated(answer));
      }
      case first_within: {
        const Hit first = oldest(plan.pick, in.facts);
        return first.pick == nullptr ? yes_or_no(false)
                                     : outcome_of(one_within(test.ages, first.time_ms, at_ms));
      }
      case last_within:
        collect(plan.pick, in.facts, INT64_MIN, 1, Buckets::count, hits);
        return hits.empty() ? yes_or_no(false) : outcome_of(one_within(test.ages, hits[0].time_ms, at_ms));
    }
    return {};
  }

  Outcome operator()(const Measure&) const {
    std::string_view reason;
    const Answer answer = eval_measure(*plan.measure, in.facts, in.context, in.scratch.hits, reason);
    return outcome_of(answer, reason);
  }

  Outcome operator()(const Sequence&) const {
    return outcome_of(eval_sequence(*plan.sequence, in.facts, in.scratch.sequence));
  }

  Outcome operator()(const SegmentTest&) const {
    if (plan.segment >= in.segments.size()) return {Truth::undetermined, Instant::never(), kNoSegment};
    return in.segments[plan.segment];
  }

  Outcome operator()(const ConsentTest& test) const {
    return yes_or_no(in.facts.consent(test.purpose, test.channel).value_or(false));
  }

  Outcome operator()(const ServiceTest& test) const {
    return outcome_of(holds_service(test.service, in.facts));
  }

  Outcome operator()(const PublishedTest& test) const {
    if (in.context.published != nullptr) {
      const auto value = in.context.published->find(test.name);
      if (value != in.context.published->end()) {
        return yes_or_no(holds(test.compare, value->second, test.low.value, test.high.value));
      }
    }
    return {Truth::undetermined, Instant::never(), plan.missing};
  }

  // Parts are folded one by one; a part that settles the answer for good ends the walk.
  Outcome operator()(const AllOf&) const { return group(Truth::no); }
  Outcome operator()(const AnyOf&) const { return group(Truth::yes); }

  Outcome operator()(const NotOf&) const {
    Outcome inner = eval_node(plan.inner.front(), in);
    if (inner.value != Truth::undetermined) inner.value = inner.value == Truth::yes ? Truth::no : Truth::yes;
    return inner;
  }

  Outcome group(Truth deciding) const;
};

/// Kleene's and (deciding = no) and or (deciding = yes). A deciding part holds the answer as long as itself;
/// no deciding part: the answer may change with any of them.
class Group {
 public:
  explicit Group(Truth deciding) : deciding_(deciding) {}
  void add(const Outcome& part) {
    if (part.value == deciding_) {
      decided_until_ = decided_ ? std::max(decided_until_, part.until) : part.until;
      decided_ = true;
    } else if (part.value == Truth::undetermined && !open_) {
      open_ = true;
      reason_ = part.reason;
    }
    least_ = std::min(least_, part.until);
  }
  bool settled() const { return decided_ && decided_until_ == Instant::never(); }
  Outcome outcome() const {
    if (decided_) return {deciding_, decided_until_};
    if (open_) return {Truth::undetermined, least_, reason_};
    return {deciding_ == Truth::no ? Truth::yes : Truth::no, least_};
  }

 private:
  Truth deciding_;
  bool decided_ = false, open_ = false;
  Instant decided_until_, least_ = Instant::never();
  std::string_view reason_;
};

Outcome Evaluator::group(Truth deciding) const {
  Group group(deciding);
  for (const PlanNode& part : plan.inner) {
    group.add(eval_node(part, in));
    if (group.settled()) break;
  }
  return group.outcome();
}

}  // namespace

Outcome eval_node(const PlanNode& plan, const EvalInput& in) {
  return std::visit(Evaluator{plan, in}, plan.node->is);
}

const Guard* failed_guard(const Rule& rule, const FactsView& facts, const RuleContext& context) {
  const auto seen = [&](model::EventKind named) {
    const model::EventKind kind = stored_kind(named);
    if (context.shop_kinds != nullptr) return context.shop_kinds->test(kind.value & 0xfff);
    const unsigned bit = FactsView::mask_bit(kind);
    const std::uint64_t* const words = context.seen != nullptr ? context.seen : facts.tables().seen.data();
    return (words[bit >> 6] >> (bit & 63) & 1) != 0;
  };
  for (const Guard& guard : rule.guards) {
    if (std::none_of(guard.kinds.begin(), guard.kinds.end(), seen)) return &guard;
  }
  return nullptr;
}

Outcome eval_plan(const RulePlan& plan, const EvalInput& in) {
  if (const Guard* guard = failed_guard(*plan.rule, in.facts, in.context)) {
    return {Truth::undetermined, Instant::never(), guard->reason};
  }
  return eval_node(plan.root, in);
}

namespace {

PlanNode plan_node(const Node& node, const std::function<std::size_t(std::string_view)>& number_of) {
  PlanNode plan;
  plan.node = &node;
  const auto inner = [&](const std::vector<Node>& parts) {
    for (const Node& part : parts) plan.inner.push_back(plan_node(part, number_of));
  };
  if (const auto* test = std::get_if<Presence>(&node.is)) plan.pick = make_pick(test->events);
  if (const auto* test = std::get_if<Measure>(&node.is)) {
    plan.measure = std::make_unique<MeasurePlan>(make_measure(*test));
  }
  if (const auto* test = std::get_if<Sequence>(&node.is)) {
    plan.sequence = std::make_unique<SequencePlan>(make_sequence(*test));
  }
  if (const auto* test = std::get_if<SegmentTest>(&node.is)) plan.segment = number_of(test->segment);
  if (const auto* test = std::get_if<PublishedTest>(&node.is)) {
    plan.missing = fmt::format("the value '{}' is not published", test->name);
  }
  if (const auto* group = std::get_if<AllOf>(&node.is)) inner(group->of);
  if (const auto* group = std::get_if<AnyOf>(&node.is)) inner(group->of);
  if (const auto* group = std::get_if<NotOf>(&node.is)) inner(group->of);
  return plan;
}

}  // namespace

RulePlan make_plan(const Rule& rule, const std::function<std::size_t(std::string_view)>& number_of) {
  return {plan_node(rule.root, number_of), &rule};
}

}  // namespace rapport::views::detail
