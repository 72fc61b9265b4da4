#include "views/rule_book.h"

#include <algorithm>

#include "base/assert.h"

namespace rapport::views {
namespace {

/// Retired rules parse from this.
constexpr std::string_view kNever = "false";

Result<std::unique_ptr<RuleVersion>> make_version(std::vector<RuleInfo> infos) {
  std::vector<NamedRule> named;
  for (const RuleInfo& info : infos) {
    RAPPORT_TRY(Rule rule, parse_rule(info.text.empty() ? kNever : std::string_view(info.text)));
    named.push_back({info.name, std::move(rule)});
  }
  auto version = std::make_unique<RuleVersion>();
  RAPPORT_TRY(version->rules, RuleSet::make(std::move(named)));
  version->infos = std::move(infos);
  version->touched.resize(version->infos.size());
  for (std::uint16_t kind = 0; kind <= fact_kind::greatest.value; ++kind) {
    for (const std::uint16_t segment : version->rules.touched_by(model::EventKind{kind})) {
      version->touched[segment].set(kind);
    }
  }
  return version;
}

/// The segment itself and all that ask about it, directly or through others.
std::vector<std::uint16_t> affected_by(const RuleVersion& version, std::uint16_t segment) {
  std::vector<bool> is_affected(version.infos.size());
  is_affected[segment] = true;
  for (bool grew = true; grew;) {
    grew = false;
    for (std::size_t i = 0; i < version.infos.size(); ++i) {
      if (is_affected[i]) continue;
      for (const std::string& asked : segments_of(version.rules.rule(i).rule)) {
        const std::optional<std::size_t> other = version.rules.find(asked);
        if (other && is_affected[*other] && !is_affected[i]) is_affected[i] = grew = true;
      }
    }
  }
  std::vector<std::uint16_t> affected;
  for (std::uint16_t i = 0; i < is_affected.size(); ++i) {
    if (is_affected[i]) affected.push_back(i);
  }
  return affected;
}

}  // namespace

RuleBook::RuleBook(const std::vector<RuleText>& configured) {
  std::vector<RuleInfo> infos;
  for (const RuleText& rule : configured) {
    infos.push_back(
        {SegmentNo{static_cast<std::uint16_t>(infos.size())}, rule.segment, rule.text, EventSeq{}});
  }
  Result<std::unique_ptr<RuleVersion>> version = make_version(std::move(infos));
  ASSERT(version.ok());
  for (std::uint16_t i = 0; i < (*version)->infos.size(); ++i) (*version)->affected.push_back(i);
  (*version)->at = Instant::min();
  versions_.push_back(std::move(*version));
}

bool RuleBook::publish(std::string_view segment, std::string_view text, EventSeq seq, Instant at) {
  std::vector<RuleInfo> infos = current().infos;
  const std::optional<SegmentNo> known = find(segment);
  if (known && infos[known->value].text == text) return false;
  if (!known && text.empty()) return false;
  if (!known) {
    infos.push_back({SegmentNo{static_cast<std::uint16_t>(infos.size())}, std::string(segment), "", seq});
  }
  const std::uint16_t number = known ? known->value : static_cast<std::uint16_t>(infos.size() - 1);
  infos[number].text = text;
  infos[number].published = seq;
  Result<std::unique_ptr<RuleVersion>> version = make_version(std::move(infos));
  if (!version.ok()) return false;
  (*version)->affected = affected_by(**version, number);
  (*version)->seq = seq;
  (*version)->at = at;
  versions_.push_back(std::move(*version));
  publications_.push_back({std::string(segment), std::string(text), seq, at});
  return true;
}

const RuleVersion& RuleBook::version(std::uint32_t epoch) const {
  ASSERT(epoch >= 1 && epoch <= versions_.size() && versions_[epoch - 1] != nullptr);
  return *versions_[epoch - 1];
}

void RuleBook::forget_old() {
  for (std::size_t i = 0; i + 1 < versions_.size(); ++i) versions_[i].reset();
}

std::optional<SegmentNo> RuleBook::find(std::string_view name) const {
  for (const RuleInfo& info : current().infos) {
    if (info.name == name) return info.segment;
  }
  return std::nullopt;
}

void RuleBook::save(ByteWriter& out) const {
  out.varint(publications_.size());
  for (const Publication& publication : publications_) {
    out.text(publication.segment);
    out.text(publication.text);
    out.u64(publication.seq.value);
    out.i64(publication.at.ms);
  }
}

bool RuleBook::load(ByteReader& in) {
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::string_view segment = in.text(), text = in.text();
    const EventSeq seq{in.u64()};
    const Instant at{in.i64()};
    if (!in.ok() || !publish(segment, text, seq, at)) return false;
  }
  return in.ok();
}

Standing walk_timeline(const RuleVersion& version, std::uint16_t segment, const FactsView& all,
                       std::vector<Turn>* turns) {
  Standing standing;
  const std::span<const Fact> facts = all.facts();
  if (facts.empty()) return standing;
  const KindSet& touched = version.touched[segment];
  Instant t = facts.front().time();
  std::size_t next = 0;
  while (true) {
    const Outcome outcome = version.rules.eval_one(segment, all.as_of(t), RuleContext{});
    const bool holds = outcome.value == Truth::yes;
    if (holds != standing.holds) {
      standing.holds = holds;
      standing.changed = t;
      if (holds) standing.since = t;
      if (turns != nullptr) turns->push_back({t, holds});
    }
    standing.until = outcome.until;
    while (next < facts.size() && (facts[next].time() <= t || !touched[facts[next].kind().value])) ++next;
    const Instant moment = next < facts.size() ? std::min(facts[next].time(), outcome.until) : outcome.until;
    if (moment > all.at()) return standing;
    ASSERT(moment > t);
    t = moment;
  }
}

}  // namespace rapport::views
