#include <algorithm>

#include "base/assert.h"
#include "views/detail/rule_plan.h"
#include "views/rule_eval.h"

namespace rapport::views {

using detail::EvalInput;
using detail::PlanNode;
using detail::RulePlan;
using detail::Scratch;

std::string_view truth_name(Truth truth) {
  constexpr std::string_view kNames[] = {"false", "true", "undetermined"};
  return kNames[static_cast<std::size_t>(truth)];
}

struct RuleSet::Impl {
  std::vector<NamedRule> rules;
  std::vector<RulePlan> plans;
  std::vector<std::uint16_t> order;              ///< every rule after those it asks about
  std::vector<std::vector<std::uint16_t>> asks;  ///< by rule: all it asks about, directly or not, in order
  std::vector<std::uint16_t> all;
  std::map<std::string, std::uint16_t, std::less<>> numbers;
  std::vector<std::vector<std::uint16_t>> touched;  ///< by kind
  std::vector<std::uint16_t> touched_by_any;        ///< rules that read tags

  std::size_t number_of(std::string_view name) const {
    const auto found = numbers.find(name);
    return found == numbers.end() ? SIZE_MAX : found->second;
  }
  void index();
};

// Closes "asks about" over the order and lists, kind by kind, whom a new fact touches.
void RuleSet::Impl::index() {
  constexpr std::size_t kKinds = 4096;
  asks.resize(rules.size());
  std::vector<std::vector<bool>> kinds(rules.size(), std::vector<bool>(kKinds));
  std::vector<bool> tags(rules.size());
  for (const std::uint16_t i : order) {
    for (const model::EventKind kind : kinds_of(rules[i].rule)) kinds[i][kind.value & (kKinds - 1)] = true;
    tags[i] = reads_tags(rules[i].rule);
    std::vector<bool> reached(rules.size());
    for (const std::string& name : segments_of(rules[i].rule)) {
      const std::size_t other = number_of(name);
      reached[other] = true;
      for (const std::uint16_t further : asks[other]) reached[further] = true;
      for (std::size_t kind = 0; kind < kKinds; ++kind) {
        if (kinds[other][kind]) kinds[i][kind] = true;
      }
      tags[i] = tags[i] || tags[other];
    }
    for (const std::uint16_t other : order) {
      if (reached[other]) asks[i].push_back(other);
    }
  }
  touched.resize(kKinds);
  for (std::uint16_t i = 0; i < rules.size(); ++i) {
    all.push_back(i);
    if (tags[i]) touched_by_any.push_back(i);
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      if (tags[i] || kinds[i][kind]) touched[kind].push_back(i);
    }
  }
}

RuleSet::RuleSet() : impl_(std::make_unique<Impl>()) {}
RuleSet::~RuleSet() = default;
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;

Result<RuleSet> RuleSet::make(std::vector<NamedRule> rules) {
  auto impl = std::make_unique<Impl>();
  impl->rules = std::move(rules);
  for (std::size_t i = 0; i < impl->rules.size(); ++i) {
    const std::string& name = impl->rules[i].name;
    if (!detail::is_name(name)) {
      return Error{Errc::bad_input, fmt::format("'{}' is no segment name", name.substr(0, 64)), "",
                   "a-z, 0-9, '_' and '-', first a letter, at most 64 letters"};
    }
    if (!impl->numbers.emplace(name, static_cast<std::uint16_t>(i)).second) {
      return Error{Errc::bad_input, fmt::format("segment '{}' is there twice", name), name, "another name"};
    }
  }
  RAPPORT_TRY(const std::vector<std::size_t> order, order_of(impl->rules));
  for (const std::size_t i : order) impl->order.push_back(static_cast<std::uint16_t>(i));
  const auto number_of = [&](std::string_view name) { return impl->number_of(name); };
  for (const NamedRule& named : impl->rules) impl->plans.push_back(detail::make_plan(named.rule, number_of));
  impl->index();
  RuleSet set;
  set.impl_ = std::move(impl);
  return set;
}

std::size_t RuleSet::size() const {
  return impl_->rules.size();
}

const NamedRule& RuleSet::rule(std::size_t i) const {
  ASSERT(i < size());
  return impl_->rules[i];
}

std::optional<std::size_t> RuleSet::find(std::string_view name) const {
  const std::size_t number = impl_->number_of(name);
  return number == SIZE_MAX ? std::nullopt : std::optional(number);
}

std::span<const std::uint16_t> RuleSet::touched_by(model::EventKind kind) const {
  if (kind.value < impl_->touched.size()) return impl_->touched[kind.value];
  return impl_->touched_by_any;
}

std::span<const std::uint16_t> RuleSet::all() const {
  return impl_->all;
}

void RuleSet::eval(std::span<const std::uint16_t> which, const FactsView& facts, const RuleContext& context,
                   std::span<Outcome> out) const {
  ASSERT(out.size() == size());
  // Scratch space only saves allocations; nothing in it survives one answer.
  static thread_local Scratch scratch;
  static thread_local std::vector<bool> done;
  done.assign(size(), false);
  const EvalInput in{facts, context, out, scratch};
  const auto answer = [&](std::uint16_t i) {
    if (done[i]) return;
    out[i] = detail::eval_plan(impl_->plans[i], in);
    done[i] = true;
  };
  for (const std::uint16_t i : which) {
    for (const std::uint16_t other : impl_->asks[i]) answer(other);
    answer(i);
  }
}

Outcome RuleSet::eval_one(std::size_t i, const FactsView& facts, const RuleContext& context) const {
  ASSERT(i < size());
  std::vector<Outcome> out(size());
  const auto number = static_cast<std::uint16_t>(i);
  eval({&number, 1}, facts, context, out);
  return out[i];
}

namespace {

/// Walks a rule's parts, segments asked about included.
class Explainer {
 public:
  Explainer(const std::vector<NamedRule>& rules, const std::vector<RulePlan>& plans, const EvalInput& in,
            std::vector<RuleStep>& steps)
      : rules_(rules), plans_(plans), in_(in), steps_(steps) {}

  void rule(std::size_t i, std::int32_t depth) {
    const RulePlan& plan = plans_[i];
    const Outcome outcome = detail::eval_plan(plan, in_);
    steps_.push_back({fmt::format("segment {}: {}", rules_[i].name, print_rule(*plan.rule)),
                      outcome.value,
                      std::string(outcome.reason),
                      outcome.until,
                      depth,
                      {}});
    if (detail::failed_guard(*plan.rule, in_.facts, in_.context) == nullptr) node(plan.root, depth + 1);
  }

 private:
  static constexpr std::size_t kMostSteps = 2'000;  // segments that ask about segments multiply

  void node(const PlanNode& plan, std::int32_t depth) {
    if (steps_.size() >= kMostSteps) return;
    const Outcome outcome = detail::eval_node(plan, in_);
    RuleStep step{print_node(*plan.node), outcome.value, std::string(outcome.reason),
                  outcome.until,          depth,         {}};
    detail::evidence_of(plan, in_, step);
    steps_.push_back(std::move(step));
    for (const PlanNode& part : plan.inner) node(part, depth + 1);
    if (plan.segment < plans_.size()) rule(plan.segment, depth + 1);
  }

  const std::vector<NamedRule>& rules_;
  const std::vector<RulePlan>& plans_;
  const EvalInput& in_;
  std::vector<RuleStep>& steps_;
};

}  // namespace

RuleExplanation RuleSet::explain(std::size_t i, const FactsView& facts, const RuleContext& context) const {
  ASSERT(i < size());
  std::vector<Outcome> out(size());
  const auto number = static_cast<std::uint16_t>(i);
  eval({&number, 1}, facts, context, out);
  Scratch scratch;
  const EvalInput in{facts, context, out, scratch};
  RuleExplanation explanation;
  explanation.outcome = out[i];
  Explainer(impl_->rules, impl_->plans, in, explanation.steps).rule(i, 0);
  return explanation;
}

Outcome eval(const Rule& rule, const FactsView& facts, const RuleContext& context) {
  const RulePlan plan = detail::make_plan(rule, [](std::string_view) { return SIZE_MAX; });
  Scratch scratch;
  Outcome outcome = detail::eval_plan(plan, {facts, context, {}, scratch});
  // The plan dies here, and with it the reasons that name a value.
  if (outcome.reason.starts_with("the value '")) outcome.reason = "a value is not published";
  return outcome;
}

}  // namespace rapport::views
