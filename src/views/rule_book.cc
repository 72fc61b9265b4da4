#include "views/rule_book.h"

#include <algorithm>
#include <functional>

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
  RAPPORT_TRY(RuleSet rules, RuleSet::make(std::move(named)));
  version->rules = std::make_shared<const RuleSet>(std::move(rules));
  version->infos = std::move(infos);
  version->touched.resize(version->infos.size());
  for (std::uint16_t kind = 0; kind <= fact_kind::greatest.value; ++kind) {
    for (const std::uint16_t segment : version->rules->touched_by(model::EventKind{kind})) {
      version->touched[segment].set(kind);
    }
  }
  return version;
}

/// The segments that `changed` picks, and all that ask about one of them, directly or through others.
std::vector<std::uint16_t> affected_by(const RuleVersion& version,
                                       const std::function<bool(std::uint16_t, const Rule&)>& changed) {
  std::vector<bool> is_affected(version.infos.size());
  for (std::size_t i = 0; i < is_affected.size(); ++i)
    is_affected[i] = changed(static_cast<std::uint16_t>(i), version.rules->rule(i).rule);
  for (bool grew = true; grew;) {
    grew = false;
    for (std::size_t i = 0; i < version.infos.size(); ++i) {
      if (is_affected[i]) continue;
      for (const std::string& asked : segments_of(version.rules->rule(i).rule)) {
        const std::optional<std::size_t> other = version.rules->find(asked);
        if (other && is_affected[*other] && !is_affected[i]) is_affected[i] = grew = true;
      }
    }
  }
  std::vector<std::uint16_t> affected;
  for (std::size_t i = 0; i < is_affected.size(); ++i) {
    if (is_affected[i]) affected.push_back(static_cast<std::uint16_t>(i));
  }
  return affected;
}

}  // namespace

RuleBook::RuleBook(const std::vector<RuleText>& configured, const SeenKinds& seen) {
  std::vector<RuleInfo> infos;
  for (const RuleText& rule : configured) {
    infos.push_back(
        {SegmentNo{static_cast<std::uint16_t>(infos.size())}, rule.segment, rule.text, EventSeq{}});
  }
  Result<std::unique_ptr<RuleVersion>> version = make_version(std::move(infos));
  ASSERT(version.ok());
  for (std::size_t i = 0; i < (*version)->infos.size(); ++i)
    (*version)->affected.push_back(static_cast<std::uint16_t>(i));
  (*version)->at = Instant::min();
  (*version)->values = values_;
  (*version)->seen = seen;
  versions_.push_back(std::move(*version));
}

void RuleBook::add(std::unique_ptr<RuleVersion> version, Publication publication) {
  version->values = values_;
  version->seen = publication.place.seen;
  version->seq = publication.place.seq;
  version->at = publication.place.at;
  versions_.push_back(std::move(version));
  publications_.push_back(std::move(publication));
}

bool RuleBook::publish(std::string_view segment, std::string_view text, const Place& place) {
  std::vector<RuleInfo> infos = current().infos;
  const std::optional<SegmentNo> known = find(segment);
  if (known && infos[known->value].text == text) return false;
  if (!known && text.empty()) return false;
  if (!known) {
    infos.push_back(
        {SegmentNo{static_cast<std::uint16_t>(infos.size())}, std::string(segment), "", place.seq});
  }
  const std::uint16_t number = known ? known->value : static_cast<std::uint16_t>(infos.size() - 1);
  infos[number].text = text;
  infos[number].published = place.seq;
  Result<std::unique_ptr<RuleVersion>> version = make_version(std::move(infos));
  if (!version.ok()) return false;
  (*version)->affected = affected_by(**version, [&](std::uint16_t i, const Rule&) { return i == number; });
  add(std::move(*version), {Change::text, std::string(segment), std::string(text), 0, place});
  return true;
}

std::unique_ptr<RuleVersion> RuleBook::same_rules() const {
  auto version = std::make_unique<RuleVersion>();
  version->rules = current().rules;
  version->infos = current().infos;
  version->touched = current().touched;
  return version;
}

bool RuleBook::publish_value(std::string_view name, std::int64_t value, const Place& place) {
  const auto before = values_->find(name);
  if (before != values_->end() && before->second == value) return false;
  auto values = std::make_shared<PublishedValues>(*values_);
  values->insert_or_assign(std::string(name), value);
  values_ = std::move(values);
  auto version = same_rules();
  version->affected = affected_by(*version, [&](std::uint16_t, const Rule& rule) {
    const std::vector<std::string> named = values_of(rule);
    return std::find(named.begin(), named.end(), name) != named.end();
  });
  Publication publication{Change::value, std::string(name), {}, value, place};
  if (version->affected.empty()) {
    // Nobody asks yet; a rule that will is published with the value in sight.
    publications_.push_back(std::move(publication));
    return false;
  }
  add(std::move(version), std::move(publication));
  return true;
}

bool RuleBook::saw_kinds(const Place& place) {
  const SeenKinds before = current().seen;
  auto version = same_rules();
  version->affected = affected_by(*version, [&](std::uint16_t, const Rule& rule) {
    const std::vector<model::EventKind> guarded = guarded_kinds(rule);
    return std::any_of(guarded.begin(), guarded.end(), [&](model::EventKind kind) {
      const unsigned bit = FactsView::mask_bit(kind);
      return ((place.seen[bit >> 6] & ~before[bit >> 6]) >> (bit & 63) & 1) != 0;
    });
  });
  if (version->affected.empty()) return false;
  add(std::move(version), {Change::kinds, {}, {}, 0, place});
  return true;
}

SeenKinds RuleBook::seen_at(EventSeq seq) const {
  SeenKinds seen{};
  for (const Publication& publication : publications_) {
    if (publication.place.seq > seq) break;
    seen = publication.place.seen;
  }
  return seen;
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
    out.u8(static_cast<std::uint8_t>(publication.change));
    out.text(publication.name);
    out.text(publication.text);
    out.svarint(publication.value);
    out.u64(publication.place.seq.value);
    out.i64(publication.place.at.ms);
    for (const std::uint64_t word : publication.place.seen) out.u64(word);
  }
}

bool RuleBook::load(ByteReader& in) {
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::uint8_t change = in.u8();
    const std::string name(in.text()), text(in.text());
    const std::int64_t value = in.svarint();
    Place place;
    place.seq = EventSeq{in.u64()};
    place.at = Instant{in.i64()};
    for (std::uint64_t& word : place.seen) word = in.u64();
    if (!in.ok()) return false;
    const std::size_t known = publications_.size();
    if (Change{change} == Change::text) {
      publish(name, text, place);
    } else if (Change{change} == Change::value) {
      publish_value(name, value, place);
    } else if (Change{change} == Change::kinds) {
      saw_kinds(place);
    }
    // Each of them changed something when it was saved.
    if (publications_.size() != known + 1) return false;
  }
  return in.ok();
}

Standing walk_timeline(const RuleVersion& version, std::uint16_t segment, const FactsView& all,
                       std::vector<Turn>* turns) {
  Standing standing;
  const std::span<const Fact> facts = all.facts();
  if (facts.empty()) return standing;
  const KindSet& touched = version.touched[segment];
  const RuleContext context = version.context();
  Instant t = facts.front().time();
  std::size_t next = 0;
  while (true) {
    const Outcome outcome = version.rules->eval_one(segment, all.as_of(t), context);
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
