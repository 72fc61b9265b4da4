#include <algorithm>

#include "model/catalogue_ids.h"
#include "views/detail/rule_plan.h"
#include "views/tags/tags.h"

// Which facts a part of a rule rests on, and what was measured: the ground of "why" and "why not".
namespace rapport::views::detail {
namespace {

constexpr std::size_t kMostFacts = 64;  // the newest; a reason of hundreds of events explains nothing

struct Evidence {
  const PlanNode& plan;
  const EvalInput& in;
  RuleStep& step;

  void add(const Fact* fact) const {
    if (fact == nullptr || step.facts.size() == kMostFacts) return;
    step.facts.push_back(static_cast<std::uint32_t>(fact - in.facts.facts().data()));
  }
  void say(std::string text) const {
    if (step.detail.empty()) step.detail = std::move(text);
  }

  void operator()(const TraitTest& test) const {
    const std::optional<std::string_view> told = in.facts.trait(test.trait);
    say(told ? fmt::format("\"{}\"", *told) : "never told");
  }

  void operator()(const TagTest& test) const {
    const Result<TagExplanation> explained = explain_tag(test.tag, in.facts);
    if (!explained.ok()) return;
    std::string text;
    for (const Tag& tag : explained->tags) {
      text +=
          fmt::format("{}\"{}\" {}", text.empty() ? "" : ", ", tag.value, format_thousandths(tag.strength));
    }
    say(text.empty() ? "no such tag on her" : text);
    for (const TagStep& part : explained->steps) {
      for (const std::uint32_t fact : part.facts) {
        if (step.facts.size() < kMostFacts) step.facts.push_back(fact);
      }
    }
  }

  void operator()(const Presence& test) const {
    const bool about_first = test.form == Presence::Form::first_within;
    std::vector<Hit>& hits = in.scratch.hits;
    if (about_first) {
      hits.assign(1, oldest(plan.pick, in.facts));
      if (hits[0].pick == nullptr) hits.clear();
    } else {
      collect(plan.pick, in.facts, INT64_MIN, 1, Buckets::count, hits);
    }
    if (hits.empty()) return say("never");
    say(fmt::format("{} {}", about_first ? "first" : "last", format_instant(Instant{hits[0].time_ms})));
    if (test.form == Presence::Form::within) {
      collect(plan.pick, in.facts, too_old(test.ages, in.facts.at().ms), SIZE_MAX, Buckets::ignore, hits);
    }
    for (const Hit& hit : hits) add(hit.fact);
  }

  void operator()(const Measure& test) const {
    std::vector<Hit>& hits = in.scratch.hits;
    const std::int64_t at_ms = in.facts.at().ms;
    collect(plan.measure->pick, in.facts, too_old(test.ages, at_ms), SIZE_MAX, plan.measure->buckets, hits);
    Tally tally(*plan.measure, in.facts, in.context);
    for (const Hit& hit : hits) {
      if (at_ms - hit.time_ms < test.ages.from.ms) continue;
      tally.add(hit);
      add(hit.fact);
    }
    const std::string text = tally.text();
    step.detail = step.detail.empty() ? text : fmt::format("{} ({})", step.detail, text);
  }

  void operator()(const Sequence&) const {
    eval_sequence(*plan.sequence, in.facts, in.scratch.sequence);
    for (const Link& link : in.scratch.sequence.links) add(link.fact);
    const std::vector<const Fact*>& ends = in.scratch.sequence.ends;
    say(ends.empty() ? "no such run of events" : "last " + format_instant(ends.front()->time()));
  }

  void operator()(const ConsentTest& test) const {
    const std::optional<bool> answer = in.facts.consent(test.purpose, test.channel);
    say(!answer ? "never asked" : *answer ? "granted" : "withdrawn");
    add_kinds({model::kind::consent_updated});
  }

  void operator()(const ServiceTest&) const {
    add_kinds({model::kind::service_bought, model::kind::service_entitled, model::kind::service_renewed,
               model::kind::service_lapsed});
  }

  void operator()(const PublishedTest& test) const {
    if (in.context.published == nullptr) return;
    const auto value = in.context.published->find(test.name);
    if (value != in.context.published->end()) say(fmt::format("{}", value->second));
  }

  void add_kinds(std::initializer_list<model::EventKind> kinds) const {
    const std::span<const Fact> all = in.facts.facts();
    for (std::size_t i = all.size(); i-- > 0;) {
      if (std::find(kinds.begin(), kinds.end(), all[i].kind()) != kinds.end()) add(&all[i]);
    }
  }

  template <class Other>
  void operator()(const Other&) const {}
};

}  // namespace

void evidence_of(const PlanNode& plan, const EvalInput& in, RuleStep& step) {
  std::visit(Evidence{plan, in, step}, plan.node->is);
  std::sort(step.facts.begin(), step.facts.end());
  step.facts.erase(std::unique(step.facts.begin(), step.facts.end()), step.facts.end());
}

}  // namespace rapport::views::detail
