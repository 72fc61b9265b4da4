#include "story.h"

#include <fstream>
#include <sstream>

#include "codec/segment.h"
#include "views/rule_eval.h"
#include "views/scores.h"
#include "views/shipped_rules.h"
#include "views/tags/tags.h"

namespace rapport::story {
namespace {

using namespace views;

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// Takes the first word off.
std::string_view word(std::string_view& rest) {
  rest = trim(rest);
  const std::string_view first = rest.substr(0, rest.find(' '));
  rest = trim(rest.substr(first.size()));
  return first;
}

// Takes "@TIME" off the end; false when there is none.
bool take_time(std::string_view& rest, Instant& at) {
  const std::size_t mark = rest.rfind('@');
  if (mark == std::string_view::npos) return false;
  const Result<Instant> time = parse_instant(trim(rest.substr(mark + 1)));
  if (!time.ok()) return false;
  at = *time;
  rest = trim(rest.substr(0, mark));
  return true;
}

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

// Members that name the person: "userId":"ada", or "anonymousId":"x" of anon:x.
std::string person(std::string_view who) {
  if (who.starts_with("anon:")) return "\"anonymousId\":" + quoted(who.substr(5));
  return "\"userId\":" + quoted(who);
}

std::string moment(Instant instant) {
  if (instant >= Instant::never()) return "never";
  std::string text = format_instant(instant);
  if (text.ends_with("T00:00:00Z")) text.resize(10);
  return text;
}

std::string answer(const Outcome& outcome) {
  if (outcome.value == Truth::undetermined) return "undetermined: " + std::string(outcome.reason);
  return std::string(truth_name(outcome.value)) + " until " + moment(outcome.until);
}

std::string origin(FlipOrigin origin) {
  constexpr std::string_view kNames[] = {"event", "time", "imported", "correction", "backfill"};
  return std::string(kNames[static_cast<std::size_t>(origin)]);
}

void line(std::string& out, const std::string& text) {
  if (!out.empty()) out += '\n';
  out += text;
}

}  // namespace

ShopState& Story::state() {
  if (!state_) {
    ShopOptions options;
    if (!rules_.empty()) options.rules = rules_;
    state_ = std::make_unique<ShopState>(options);
  }
  return *state_;
}

CustomerId Story::customer(std::string_view who) {
  const bool anonymous = who.starts_with("anon:");
  const auto kind = anonymous ? model::IdentifierKind::anonymous_id : model::IdentifierKind::user_id;
  const auto node = nodes_.find({kind, std::string(anonymous ? who.substr(5) : who)});
  return node == nodes_.end() ? CustomerId{} : state().customer_of(node->second);
}

std::string Story::name_of(CustomerId customer) const {
  for (const auto& [identifier, node] : nodes_) {
    if (state_->customer_of(node) == customer) return identifier.second;
  }
  return "nobody";
}

std::string Story::message(std::string_view json, Instant at, Instant received) {
  const Result<model::Event> event = codec::parse_message(json, {});
  if (!event.ok()) return "error: " + event.error().describe();
  model::RecordView record;
  received_ = std::max(received_, received);
  record.seq = EventSeq{++seq_};
  record.received = received_;
  record.event_time = at;
  record.event_type = event->type;
  record.kind = event->kind;
  record.name = event->name;
  record.is_alias = event->is_alias;
  record.clear = event->clear;
  for (const model::Identifier& identifier : event->identifiers) {
    const NodeId next{static_cast<std::uint32_t>(nodes_.size() + 1)};
    const auto node = nodes_.try_emplace({identifier.kind, identifier.value}, next).first;
    record.nodes.push_back({node->second, identifier.kind, false, {}});
  }
  state().fold(record, flips_);
  return "";
}

// WHO NAME {properties} @TIME [received TIME]
std::string Story::event(std::string_view rest, bool noun) {
  Instant received = Instant::min(), at;
  const std::size_t late = rest.rfind(" received ");
  if (late != std::string_view::npos) {
    const Result<Instant> time = parse_instant(trim(rest.substr(late + 10)));
    if (!time.ok()) return "error: received when?";
    received = *time;
    rest = rest.substr(0, late);
  }
  if (!take_time(rest, at)) return "error: no @TIME";
  const std::string_view who = noun ? std::string_view() : word(rest);
  const std::size_t open = std::min(rest.find('{'), rest.size());
  const std::string_view name = trim(rest.substr(0, open));
  const std::string properties = open == rest.size() ? "{}" : std::string(rest.substr(open));
  std::string json = fmt::format("{{\"messageId\":\"m{}\",\"properties\":{}", seq_ + 1, properties);
  if (!noun) json += "," + person(who);
  const bool viewed = name == "page" || name == "screen";
  json += viewed ? ",\"type\":" + quoted(name) : ",\"type\":\"track\",\"event\":" + quoted(name);
  return message(json + "}", at, std::max(received, at));
}

std::string Story::identify(std::string_view rest) {
  Instant at;
  if (!take_time(rest, at)) return "error: no @TIME";
  const std::string_view who = word(rest);
  return message(fmt::format("{{\"type\":\"identify\",\"messageId\":\"m{}\",\"traits\":{},{}}}", seq_ + 1,
                             rest, person(who)),
                 at, at);
}

std::string Story::ask(std::string_view rest) {
  Instant at;
  if (!take_time(rest, at)) return "error: no @TIME";
  const CustomerId who = customer(word(rest));
  const Result<Rule> rule = parse_rule(rest);
  if (!rule.ok()) return "error: " + rule.error().describe();
  FactsBuffer buffer;
  return answer(eval(*rule, state().facts(who, at, buffer)));
}

std::string Story::places(const FactsView& facts, const std::vector<std::uint32_t>& places) const {
  std::string text;
  for (const std::uint32_t place : places) {
    const Fact& fact = facts.facts()[place];
    const model::EventSpec* spec = model::find_event(fact.kind());
    text += fmt::format("{}{} {}", text.empty() ? "  <- " : ", ", spec == nullptr ? "part" : spec->name,
                        moment(fact.time()));
  }
  return text;
}

std::string Story::why(std::string_view rest) {
  Instant at;
  if (!take_time(rest, at)) return "error: no @TIME";
  const CustomerId who = customer(word(rest));
  std::vector<NamedRule> rules;
  for (const RuleInfo& info : state().rules()) rules.push_back({info.name, *parse_rule(info.text)});
  const RuleSet set = *RuleSet::make(std::move(rules));
  const std::optional<std::size_t> number = set.find(rest);
  if (!number) return "error: no such segment";
  FactsBuffer buffer;
  const FactsView facts = state().facts(who, at, buffer);
  std::string out;
  for (const RuleStep& step : set.explain(*number, facts, {}).steps) {
    line(out, std::string(static_cast<std::size_t>(step.depth) * 2, ' ') +
                  std::string(truth_name(step.value)) + ": " + step.rule +
                  (step.detail.empty() ? "" : " [" + step.detail + "]") + places(facts, step.facts));
  }
  return out;
}

std::string Story::tags(std::string_view rest) {
  Instant at;
  if (!take_time(rest, at)) return "error: no @TIME";
  FactsBuffer buffer;
  std::string out;
  for (const Tag& tag : tags_of(state().facts(customer(rest), at, buffer))) {
    line(out, fmt::format("{} {} = \"{}\" {} since {}{} ({})", tag_layer_name(tag.layer), tag.name, tag.value,
                          tag.strength, moment(tag.since), tag.until ? " until " + moment(*tag.until) : "",
                          tag.source));
  }
  return out;
}

std::string Story::tag(std::string_view rest) {
  Instant at;
  if (!take_time(rest, at)) return "error: no @TIME";
  const CustomerId who = customer(word(rest));
  FactsBuffer buffer;
  const FactsView facts = state().facts(who, at, buffer);
  const Result<TagExplanation> explained = explain_tag(rest, facts);
  if (!explained.ok()) return "error: " + explained.error().describe();
  std::string out;
  for (const Tag& tag : explained->tags) line(out, fmt::format("\"{}\" {}", tag.value, tag.strength));
  for (const TagStep& step : explained->steps) {
    line(out, fmt::format("{}: {}{}", step.rule, step.value, places(facts, step.facts)));
  }
  return out;
}

std::string Story::scores(std::string_view rest) {
  Instant at;
  if (!take_time(rest, at)) return "error: no @TIME";
  FactsBuffer buffer;
  const Scores scores = scores_of(state().facts(customer(rest), at, buffer));
  std::string out;
  for (const auto& [name, score] :
       {std::pair{"value", &scores.value}, std::pair{"urgency", &scores.urgency}}) {
    line(out, fmt::format("{} {}", name, score->points));
    for (const ScorePart& part : score->parts)
      line(out, fmt::format("  {} {}: {}", part.points, part.name, part.detail));
  }
  return out;
}

std::string Story::segments(std::string_view rest) {
  Instant at;
  const bool then = take_time(rest, at);
  const CustomerId who = customer(rest);
  std::string out;
  for (const Membership& in : then ? state().memberships_at(who, at) : state().memberships(who)) {
    line(out, fmt::format("{} since {}", state().rules()[in.segment.value].name, moment(in.since)));
  }
  return out.empty() ? "none" : out;
}

std::string Story::flips() {
  std::string out;
  for (const Flip& flip : flips_.flips) {
    line(out, fmt::format("{} {} {} {} ({})", moment(flip.valid_time), name_of(flip.customer),
                          flip.entered ? "enters" : "leaves", state().rules()[flip.segment.value].name,
                          origin(flip.origin)));
  }
  flips_.flips.clear();
  return out.empty() ? "none" : out;
}

std::string Story::undetermined(std::string_view who) {
  std::string out;
  for (const Undetermined& one : state().undetermined(customer(who))) {
    line(out, state().rules()[one.segment.value].name + ": " + one.reason);
  }
  return out.empty() ? "none" : out;
}

std::string Story::command(std::string_view verb, std::string_view rest) {
  if (verb == "segment") {
    if (state_) return "error: rules come before events";
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return "error: segment NAME: RULE";
    rules_.push_back({std::string(trim(rest.substr(0, colon))), std::string(trim(rest.substr(colon + 1)))});
    return "";
  }
  if (verb == "shipped") {
    rules_ = shipped_rule_texts();
    return "";
  }
  if (verb == "event") return event(rest, false);
  if (verb == "noun") return event(rest, true);
  if (verb == "identify") return identify(rest);
  if (verb == "tick") {
    Instant at;
    if (!take_time(rest, at)) return "error: no @TIME";
    received_ = std::max(received_, at);
    state().advance(received_, EventSeq{seq_}, flips_);
    return "";
  }
  if (verb == "ask") return ask(rest);
  if (verb == "why") return why(rest);
  if (verb == "tags") return tags(rest);
  if (verb == "tag") return tag(rest);
  if (verb == "scores") return scores(rest);
  if (verb == "segments") return segments(rest);
  if (verb == "flips") return flips();
  if (verb == "undetermined") return undetermined(rest);
  if (verb == "primary") {
    const std::optional<SegmentNo> primary = state().primary(customer(rest));
    return primary ? state().rules()[primary->value].name : "other";
  }
  if (verb == "parse") {
    const Result<Rule> rule = parse_rule(rest);
    return rule.ok() ? print_rule(*rule) : "error: " + rule.error().describe();
  }
  return "error: no such command";
}

std::string Story::run(std::string_view text) {
  std::string_view rest = trim(text);
  if (rest.empty() || rest.front() == '#') return "";
  const std::string_view verb = word(rest);
  return command(verb, rest);
}

std::string run_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) return path + ": cannot be read";
  Story story;
  std::string text, answer, expected, problems;
  bool expecting = false;
  int number = 0, from = 0;
  const auto compare = [&] {
    if (expecting ? answer != expected : !answer.empty()) {
      problems += fmt::format("{}:{}\n--- expected\n{}\n--- answered\n{}\n", path, from, expected, answer);
    }
    answer.clear();
    expected.clear();
    expecting = false;
  };
  while (std::getline(file, text)) {
    ++number;
    if (text == "----") {
      expecting = true;
      from = number;
    } else if (text.empty()) {
      compare();
      from = number;
    } else if (expecting) {
      line(expected, text);
    } else if (const std::string one = story.run(text); !one.empty()) {
      line(answer, one);
    }
  }
  compare();
  return problems;
}

}  // namespace rapport::story
