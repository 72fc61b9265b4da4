#include "engine/detail/feedback_board.h"

#include <algorithm>
#include <unordered_set>

#include "codec/properties.h"
#include "codec/record.h"
#include "engine/detail/log_reading.h"
#include "model/catalogue_ids.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;
namespace p = model::property;

std::string clear_text(const model::RecordView& record, model::PropertyId id) {
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == id) return std::string(property.bytes);
  }
  return {};
}

}  // namespace

std::int64_t FeedbackEntry::sentiment() const {
  std::int64_t least = 1'000;
  for (const HeardClause& clause : clauses) least = std::min(least, clause.sentiment);
  return clauses.empty() ? 0 : least;
}

std::string_view FeedbackEntry::state() const {
  return corrected ? "corrected" : unsure > 0 ? "unsure" : "classified";
}

Result<bool> FeedbackBoard::refresh(Duration budget) {
  const std::lock_guard lock(mutex_);
  return read_folded(store_, shop_, read_upto_, monotonic_ns() + budget.ms * 1'000'000,
                     [this](const model::RecordView& record) { take(record); });
}

void FeedbackBoard::take(const model::RecordView& record) {
  if (record.type == model::RecordType::erased) return take_erased(record.body);
  if (record.type != model::RecordType::event) return;
  if (record.kind == k::feedback_classified || record.kind == k::feedback_corrected) return take_told(record);
  if (record.kind == k::ticket_opened || record.kind == k::ticket_updated) return take_ticket(record);
  if (record.kind == k::review_replied) return take_reply(record);
  auto source = feedback_source(record);
  if (!source) return;
  std::string about = source->about;
  // The shop's word goes before what a page said under the same number.
  if (FeedbackEntry* entry = entry_of(about)) {
    if (entry->source.from_page && !source->from_page && !entry->corrected) {
      entry->source = std::move(*source);
      entry->clauses.clear();
      entry->unsure = 0;
    }
    return;
  }
  if (const auto known = sources_.find(about); known != sources_.end()) {
    if (known->second.from_page && !source->from_page) known->second = std::move(*source);
    return;
  }
  sources_.emplace(about, std::move(*source));
  sources_order_.push_back(std::move(about));
  if (sources_order_.size() <= kSourcesMost) return;
  sources_.erase(sources_order_.front());
  sources_order_.pop_front();
}

FeedbackEntry* FeedbackBoard::entry_of(const std::string& about) {
  const auto found = by_about_.find(about);
  if (found == by_about_.end()) return nullptr;
  const auto entry = entries_.find(found->second);
  return entry == entries_.end() ? nullptr : &entry->second;
}

void FeedbackBoard::take_told(const model::RecordView& record) {
  if (record.nodes.empty()) return;
  HeardFeedback heard = heard_whole(shop_.keyring(), record);
  const bool corrects = record.kind == k::feedback_corrected;
  FeedbackEntry* entry = entry_of(heard.about);
  if (entry == nullptr) {
    const auto source = sources_.find(heard.about);
    if (source == sources_.end()) return;
    FeedbackEntry fresh;
    fresh.source = source->second;
    fresh.order = record.seq;
    by_about_[heard.about] = record.seq.value;
    entry = &(entries_[record.seq.value] = std::move(fresh));
    if (entries_.size() > kEntriesMost) {
      const FeedbackEntry& oldest = entries_.begin()->second;
      by_ticket_.erase(oldest.ticket);
      by_about_.erase(oldest.source.about);
      entries_.erase(entries_.begin());
    }
  }
  // What a person said holds against what is classified anew.
  if (entry->corrected && !corrects) return;
  entry->told = record.seq;
  entry->corrected = corrects;
  entry->unsure = heard.unsure.size();
  entry->clauses = std::move(heard.clauses);
}

void FeedbackBoard::take_ticket(const model::RecordView& record) {
  const std::string ticket = clear_text(record, p::ticket_id);
  if (record.kind == k::ticket_opened) {
    FeedbackEntry* entry = entry_of(clear_text(record, p::about));
    if (entry == nullptr || !entry->ticket.empty()) return;
    entry->ticket = ticket;
    entry->ticket_state = "open";
    by_ticket_[ticket] = entry->order.value;
    return;
  }
  const auto found = by_ticket_.find(ticket);
  if (found == by_ticket_.end()) return;
  if (const auto entry = entries_.find(found->second); entry != entries_.end())
    entry->second.ticket_state = clear_text(record, p::ticket_state);
}

void FeedbackBoard::take_reply(const model::RecordView& record) {
  if (FeedbackEntry* entry = entry_of(clear_text(record, p::review_id)); entry != nullptr)
    entry->replied = true;
}

void FeedbackBoard::take_erased(std::string_view body) {
  const auto erased = codec::decode_erased(body);
  if (!erased.ok()) return;
  std::unordered_set<std::uint32_t> nodes;
  for (const NodeId node : erased->nodes) nodes.insert(node.value);
  std::erase_if(entries_, [&](const auto& one) {
    if (!nodes.contains(one.second.source.node.value)) return false;
    by_about_.erase(one.second.source.about);
    by_ticket_.erase(one.second.ticket);
    return true;
  });
  std::erase_if(sources_, [&](const auto& one) { return nodes.contains(one.second.node.value); });
}

bool FeedbackBoard::fits(const FeedbackEntry& entry, const FeedbackFilter& filter) const {
  if (!filter.state.empty() && entry.state() != filter.state) {
    // Or by the state of its ticket.
    if (entry.ticket.empty() || entry.ticket_state != filter.state) return false;
  }
  if (!filter.product.empty() && entry.source.product_id != filter.product) return false;
  if (!filter.kind.empty() && feedback_kind_name(entry.source.kind) != filter.kind) return false;
  const std::vector<std::string>& classes = filter.classes_of_department;
  if (filter.klass.empty() && classes.empty() && filter.aspect.empty() && filter.sentiment.empty())
    return true;
  return std::any_of(entry.clauses.begin(), entry.clauses.end(), [&](const HeardClause& clause) {
    const std::string_view mood = clause.sentiment < 0   ? "negative"
                                  : clause.sentiment > 0 ? "positive"
                                                         : "neutral";
    return (filter.klass.empty() || clause.klass == filter.klass) &&
           (classes.empty() || std::find(classes.begin(), classes.end(), clause.klass) != classes.end()) &&
           (filter.aspect.empty() || clause.aspect == filter.aspect) &&
           (filter.sentiment.empty() || mood == filter.sentiment);
  });
}

std::vector<FeedbackEntry> FeedbackBoard::list(const FeedbackFilter& filter) const {
  const std::lock_guard lock(mutex_);
  std::vector<FeedbackEntry> out;
  auto at = filter.before.value == 0 ? entries_.end() : entries_.lower_bound(filter.before.value);
  while (at != entries_.begin() && out.size() < filter.most) {
    --at;
    if (fits(at->second, filter)) out.push_back(at->second);
  }
  return out;
}

Result<FeedbackEntry> FeedbackBoard::find(std::string_view about) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_about_.find(std::string(about));
  if (found == by_about_.end())
    return Error{Errc::not_found, fmt::format("no feedback '{}'", about.substr(0, 100)), "id",
                 "an id of GET /v1/feedback"};
  return entries_.at(found->second);
}

FeedbackBoard::Counts FeedbackBoard::counts() const {
  const std::lock_guard lock(mutex_);
  Counts out;
  for (const auto& [order, entry] : entries_) {
    ++out.all;
    out.unsure += entry.state() == "unsure" ? 1 : 0;
    out.corrected += entry.corrected ? 1 : 0;
    out.negative += entry.sentiment() < 0 ? 1 : 0;
    std::vector<std::string_view> seen;  // A class counts once a piece.
    for (const HeardClause& clause : entry.clauses) {
      for (const auto& [name, into] :
           {std::pair{&clause.klass, &out.classes}, {&clause.aspect, &out.aspects}}) {
        if (name->empty() || std::find(seen.begin(), seen.end(), *name) != seen.end()) continue;
        seen.push_back(*name);
        ++(*into)[*name];
      }
    }
  }
  return out;
}

std::vector<FeedbackEntry> FeedbackBoard::since(Instant from, std::size_t most) const {
  const std::lock_guard lock(mutex_);
  std::vector<FeedbackEntry> out;
  for (auto at = entries_.rbegin(); at != entries_.rend() && out.size() < most; ++at) {
    if (at->second.source.at >= from) out.push_back(at->second);
  }
  return out;
}

}  // namespace rapport::engine
