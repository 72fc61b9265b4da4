#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "views/detail/fact_match.h"
#include "views/detail/measure.h"
#include "views/detail/sequence_match.h"
#include "views/rule.h"
#include "views/rule_eval.h"

/// A rule made ready: fields found, lists of kinds resolved. Mirrors the syntax tree node by node.
namespace rapport::views::detail {

struct PlanNode {
  const Node* node = nullptr;
  Pick pick;  ///< Presence
  std::unique_ptr<MeasurePlan> measure;
  std::unique_ptr<SequencePlan> sequence;
  std::string missing;             ///< PublishedTest: what to say when it is not published
  std::size_t segment = SIZE_MAX;  ///< SegmentTest: number of the rule
  std::vector<PlanNode> inner;     ///< AllOf, AnyOf, NotOf
};

struct RulePlan {
  PlanNode root;
  const Rule* rule = nullptr;
};

/// `rule` must outlive the plan. `number_of` gives a segment's number or SIZE_MAX.
RulePlan make_plan(const Rule& rule, const std::function<std::size_t(std::string_view)>& number_of);

/// Space that one thread's evaluations share.
struct Scratch {
  std::vector<Hit> hits;
  SequenceScratch sequence;
};

/// What one evaluation needs. `segments` gives the answers of other rules by number.
struct EvalInput {
  const FactsView& facts;
  const RuleContext& context;
  std::span<const Outcome> segments;
  Scratch& scratch;
};

Outcome eval_plan(const RulePlan& plan, const EvalInput& in);
Outcome eval_node(const PlanNode& plan, const EvalInput& in);
/// The first guard that is not met, null when all are.
const Guard* failed_guard(const Rule& rule, const FactsView& facts, const RuleContext& context);

/// Facts a node rests on: places in facts.facts(), ascending; and what was measured.
void evidence_of(const PlanNode& plan, const EvalInput& in, RuleStep& step);

}  // namespace rapport::views::detail
