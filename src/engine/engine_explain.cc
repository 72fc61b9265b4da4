#include <algorithm>
#include <map>

#include "engine/detail/history.h"
#include "engine/detail/impl.h"
#include "views/rule_eval.h"
#include "views/tags/tags.h"

// Why: the parts of a rule or tag, what each came to, and the events behind it.
namespace rapport::engine {
namespace {

/// From a fact back to the records it came from, by its time and kind.
class FactSources {
 public:
  FactSources(store::Store& store, ShopNo shop, std::span<const EventSeq> seqs) {
    status_ = store.read_records(shop, seqs, [&](const model::RecordView& record) {
      if (record.type != model::RecordType::event) return;
      sources_[{views::Fact::clamp(record.event_time).ms, record.kind.value}].push_back(record.seq);
    });
  }
  Status status() const { return status_; }

  /// Facts of pseudo kinds (order lines, categories met) come from an event of another kind at the same time.
  std::vector<EventSeq> of(const views::FactsView& facts, std::span<const std::uint32_t> places) const {
    std::vector<EventSeq> out;
    for (const std::uint32_t place : places) {
      const views::Fact& fact = facts.facts()[place];
      const std::int64_t at = fact.time().ms;
      const auto exact = sources_.find({at, fact.kind().value});
      if (exact != sources_.end()) {
        out.insert(out.end(), exact->second.begin(), exact->second.end());
        continue;
      }
      for (auto near = sources_.lower_bound({at, 0}); near != sources_.end() && near->first.first == at;
           ++near) {
        out.insert(out.end(), near->second.begin(), near->second.end());
      }
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

 private:
  std::map<std::pair<std::int64_t, std::uint16_t>, std::vector<EventSeq>> sources_;
  Status status_;
};

Result<model::ExplainAnswer> explain_segment(const views::ShopState& state, const views::FactsView& facts,
                                             const std::string& name, const FactSources& sources) {
  const auto segment = state.find_segment(name);
  if (!segment) {
    std::string known;
    for (const views::RuleInfo& rule : state.rules()) known += (known.empty() ? "" : ", ") + rule.name;
    return Error{Errc::not_found, fmt::format("no segment '{}'", name), "segment", "one of: " + known};
  }
  const views::RuleExplanation explained =
      state.rule_set().explain(segment->value, facts, state.rule_context());
  model::ExplainAnswer answer;
  answer.about = "segment " + name;
  switch (explained.outcome.value) {
    case views::Truth::yes:
      answer.answer = "yes";
      break;
    case views::Truth::no:
      answer.answer = "no";
      break;
    case views::Truth::undetermined:
      answer.answer = "undetermined";
      break;
  }
  if (explained.outcome.until != Instant::never()) answer.until = explained.outcome.until;
  for (const views::RuleStep& step : explained.steps) {
    std::string value(views::truth_name(step.value));
    if (!step.detail.empty()) value += ": " + step.detail;
    answer.steps.push_back({step.rule, std::move(value), step.depth, sources.of(facts, step.facts)});
  }
  return answer;
}

Result<model::ExplainAnswer> explain_a_tag(const views::FactsView& facts, const std::string& name,
                                           const FactSources& sources) {
  RAPPORT_TRY(const views::TagExplanation explained, views::explain_tag(name, facts));
  model::ExplainAnswer answer;
  answer.about = "tag " + name;
  for (const views::Tag& tag : explained.tags) {
    answer.answer += (answer.answer.empty() ? "" : ", ") + tag.value;
    if (tag.until && (!answer.until || *tag.until < *answer.until)) answer.until = tag.until;
  }
  if (explained.tags.empty()) answer.answer = "none";
  for (const views::TagStep& step : explained.steps) {
    answer.steps.push_back({step.rule, step.value, 0, sources.of(facts, step.facts)});
  }
  return answer;
}

/// A need's step names what the prediction rested on, as it was told.
void tell_evidence(const views::ShopState& state, CustomerId customer, Instant at,
                   model::ExplainAnswer& answer) {
  const auto& words = state.tables().words();
  for (const views::NeedState& need : state.needs(customer)) {
    if (need.evidence_word == 0 || need.at > at) continue;
    const std::string name = fmt::format("\"{}\"", words.text(need.need_word));
    for (auto& step : answer.steps) {
      if (step.value == name) step.value += fmt::format(": {}", words.text(need.evidence_word));
    }
  }
}

Result<model::ExplainAnswer> explain_in(const views::ShopState& state, CustomerId customer, Instant at,
                                        const ExplainQuery& query, const FactSources& sources) {
  views::FactsBuffer buffer;
  const views::FactsView facts = state.facts(customer, at, buffer);
  RAPPORT_TRY(model::ExplainAnswer answer, query.tag.empty()
                                               ? explain_segment(state, facts, query.segment, sources)
                                               : explain_a_tag(facts, query.tag, sources));
  if (query.tag == "need") tell_evidence(state, customer, at, answer);
  answer.valid_at = at;
  answer.known_at = state.position();
  return answer;
}

struct Present {
  std::vector<NodeId> nodes;
  EventSeq position;
};

}  // namespace

void Engine::explain(ShopNo shop, ExplainQuery query, Reply<model::ExplainAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  if (query.segment.empty() == query.tag.empty()) {
    return reply(
        Error{Errc::bad_input, "what is to be explained?", "segment", "either segment=NAME or tag=NAME"});
  }
  if (const Status past = is_past(*unit, query.customer.known_at); !past.ok()) return reply(past.error());
  impl_->on_quick<model::ExplainAnswer>(
      std::move(reply), [this, unit, shop, query]() -> Result<model::ExplainAnswer> {
        RAPPORT_TRY(const Present present, ask_shop<Present>(*unit, [&]() -> Result<Present> {
                      RAPPORT_TRY(const CustomerId customer, resolve(*unit, query.customer.ref));
                      return Present{unit->shop.state().nodes_of(customer), unit->shop.state().position()};
                    }));
        const EventSeq known_at = query.customer.known_at.value_or(present.position);
        RAPPORT_TRY(const std::vector<EventSeq> seqs, seqs_of(*unit, *impl_->store, present.nodes, known_at));
        if (query.customer.known_at) {
          RAPPORT_TRY(const Past past, rebuild(*unit, *impl_->store, present.nodes, known_at));
          const FactSources sources(*impl_->store, shop, seqs);
          RAPPORT_CHECK(sources.status());
          CustomerId then;
          for (const NodeId node : present.nodes) {
            if (then.value == 0) then = past.state.customer_of(node);
          }
          if (then.value == 0)
            return Error{Errc::not_found, "nothing was known of this customer at that position", "known_at"};
          return explain_in(past.state, then, query.customer.at.value_or(past.state.now()), query, sources);
        }
        const FactSources sources(*impl_->store, shop, seqs);
        RAPPORT_CHECK(sources.status());
        return ask_shop<model::ExplainAnswer>(*unit, [&]() -> Result<model::ExplainAnswer> {
          RAPPORT_TRY(const CustomerId customer, resolve(*unit, query.customer.ref));
          return explain_in(unit->shop.state(), customer, query.customer.at.value_or(unit->shop.now()), query,
                            sources);
        });
      });
}

}  // namespace rapport::engine
