#include "views/case_clocks.h"

#include <algorithm>

#include "base/hash.h"
#include "codec/properties.h"
#include "model/catalogue_ids.h"
#include "views/fact_table.h"

// How records move the clocks of cases. What they promise and when something is to be told is in
// case_clock_steps.cc, their bytes in case_clocks_save.cc.
namespace rapport::views {
namespace {

namespace k = model::kind;
namespace p = model::property;

constexpr std::array<std::string_view, kCaseKinds> kCaseNames = {"contact", "ticket", "return", "review"};
/// No review with more than this can be a bad one, whatever a shop calls bad (ServiceLevels::parse).
constexpr std::int64_t kBadMost = 3'000;

std::uint64_t order_within_moment(const model::RecordView& record) {
  constexpr HashKey kKey = {'c', 'a', 's', 'e', 's'};
  return keyed_hash(kKey, record.message_id).low;
}

bool before(const TicketStep& x, const TicketStep& y) {
  return std::tie(x.at, x.state, x.order) < std::tie(y.at, y.state, y.order);
}

}  // namespace

std::string_view case_name(CaseKind kind) {
  return kCaseNames[static_cast<std::size_t>(kind)];
}

DictionaryKind dictionary_of(CaseKind kind) {
  constexpr DictionaryKind kDictionary[] = {DictionaryKind::contacts, DictionaryKind::tickets,
                                            DictionaryKind::returns, DictionaryKind::reviews};
  return kDictionary[static_cast<std::size_t>(kind)];
}

CaseClocks::CaseClocks(Instant now) {
  for (std::size_t i = 0; i < kCaseKinds; ++i) wheels_.emplace_back(now);
}

void CaseClocks::mark_live(CaseRef ref, const model::RecordView& record) {
  if (record.from_import) return;
  std::vector<bool>& live = live_[static_cast<std::size_t>(ref.kind)];
  if (live.size() <= ref.number) live.resize(std::size_t{ref.number} + 1);
  live[ref.number] = true;
}

bool CaseClocks::live(CaseRef ref) const {
  const std::vector<bool>& live = live_[static_cast<std::size_t>(ref.kind)];
  return ref.number < live.size() && live[ref.number];
}

std::optional<CaseRef> CaseClocks::fold(const model::RecordView& record, std::uint32_t number,
                                        ShopTables& tables) {
  switch (record.kind.value) {
    case k::review_posted.value:
    case k::review_replied.value:
      return fold_review(record, tables);
    case k::clock_reached.value:
      return fold_told(record, tables);
    default:
      break;
  }
  if (number == 0) return std::nullopt;
  const CaseKind kind = record.kind <= k::return_updated  ? CaseKind::returned
                        : record.kind <= k::contact_ended ? CaseKind::contact
                                                          : CaseKind::ticket;
  const CaseRef ref{kind, number};
  mark_live(ref, record);
  return kind == CaseKind::ticket ? fold_ticket(record, number) : ref;
}

std::optional<CaseRef> CaseClocks::fold_ticket(const model::RecordView& record, std::uint32_t number) {
  const CaseRef ref{CaseKind::ticket, number};
  if (record.kind == k::ticket_assigned) return ref;
  TicketStep step;
  step.at = record.event_time;
  step.order = order_within_moment(record);
  step.opening = record.kind == k::ticket_opened;
  if (step.opening) step.state = 0;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::ticket_state) step.state = word_index(property.id, property.bytes);
    if (property.id == p::priority) step.priority = word_index(property.id, property.bytes);
    if (property.id == p::feedback_class) step.feedback_class = word_index(property.id, property.bytes);
  }
  if (number >= tickets_.size()) tickets_.resize(std::size_t{number} + 1);
  Flat<TicketStep>& steps = tickets_[number];
  const TicketStep* at = std::lower_bound(steps.begin(), steps.end(), step, before);
  steps.insert(static_cast<std::size_t>(at - steps.begin()), step);
  if (steps.size() > kStepsMost) steps.erase(kStepsMost);
  return ref;
}

std::optional<CaseRef> CaseClocks::fold_review(const model::RecordView& record, ShopTables& tables) {
  std::string_view id, product;
  std::int64_t rating = 0;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::review_id) id = property.bytes;
    if (property.id == p::product_id) product = property.bytes;
    if (property.id == p::rating) rating = property.number;
  }
  const bool posted = record.kind == k::review_posted;
  if (id.empty() || (posted && rating > kBadMost)) return std::nullopt;
  const CaseRef ref{CaseKind::review, tables.dictionary(DictionaryKind::reviews).intern(id)};
  if (ref.number >= reviews_.size()) reviews_.resize(std::size_t{ref.number} + 1);
  ReviewCase& review = reviews_[ref.number];
  mark_live(ref, record);
  const auto is_first = [&](Instant known) { return known == Instant::min() || record.event_time < known; };
  if (!posted) {
    if (is_first(review.replied)) review.replied = record.event_time;
    return ref;
  }
  const std::uint64_t order = order_within_moment(record);
  const auto told = std::pair(model::founding_of(record), order);
  if (review.posted == Instant::min() ||
      told < std::pair(model::Founding{review.from_page, review.posted}, review.founder)) {
    review.founder = order;
    review.from_page = record.from_page;
    review.node = record.nodes[0].node;
    review.posted = record.event_time;
    review.rating = rating;
    review.product = tables.dictionary(DictionaryKind::products).intern(product);
  }
  return ref;
}

std::optional<CaseRef> CaseClocks::fold_told(const model::RecordView& record, ShopTables& tables) {
  std::string_view about;
  std::uint8_t kind = 255, clock = 255;
  std::int64_t step = -1;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::about) about = property.bytes;
    if (property.id == p::case_kind) kind = word_index(property.id, property.bytes);
    if (property.id == p::clock) clock = word_index(property.id, property.bytes);
    if (property.id == p::step) step = property.number;
  }
  const std::int64_t most = ClockStep::kLadder + static_cast<std::int64_t>(ServiceLevels::kLadderMost);
  if (kind >= kCaseKinds || clock >= kClockKinds || step < 0 || step >= most || about.empty())
    return std::nullopt;
  const auto case_kind = static_cast<CaseKind>(kind);
  const CaseRef ref{case_kind, tables.dictionary(dictionary_of(case_kind)).intern(about)};
  Instant& at =
      told_[ref].try_emplace({clock, static_cast<std::uint8_t>(step)}, Instant::min()).first->second;
  at = std::max(at, record.event_time);
  return ref;
}

bool CaseClocks::publish(const model::RecordView& record, std::string_view id, std::string_view body) {
  if (record.kind == k::calendar_published)
    return calendars_.publish(id, record.event_time, body).value_or(false);
  return record.kind == k::service_level_published && id == "main" && publish_levels(record.event_time, body);
}

bool CaseClocks::publish_levels(Instant from, std::string_view body) {
  Result<ServiceLevels> parsed = ServiceLevels::parse(body);
  if (!parsed.ok()) return false;
  LevelsFrom fresh{from, std::string(body), std::make_shared<const ServiceLevels>(std::move(parsed).value())};
  const auto at = std::lower_bound(levels_.begin(), levels_.end(), from,
                                   [](const LevelsFrom& each, Instant moment) { return each.from < moment; });
  if (at == levels_.end() || at->from != from) {
    levels_.insert(at, std::move(fresh));
    return true;
  }
  if (at->text >= body) return false;
  *at = std::move(fresh);
  return true;
}

void CaseClocks::forget(NodeId node) {
  for (std::size_t i = 1; i < reviews_.size(); ++i) {
    if (reviews_[i].node == node) reviews_[i].node = NodeId{};
  }
}

const ReviewCase* CaseClocks::review(std::uint32_t number) const {
  return number == 0 || number >= reviews_.size() ? nullptr : &reviews_[number];
}

std::span<const TicketStep> CaseClocks::steps(std::uint32_t ticket) const {
  return ticket < tickets_.size() ? tickets_[ticket].span() : std::span<const TicketStep>();
}

std::vector<TicketStanding> standings_of(std::span<const TicketStep> steps) {
  TicketStanding now;
  for (const TicketStep& step : steps) {
    if (step.opening && now.opened == Instant::min()) now.opened = step.at;
  }
  std::vector<TicketStanding> all;
  for (const TicketStep& step : steps) {
    if (step.priority != 255) now.priority = step.priority;
    if (step.feedback_class != 255) now.feedback_class = step.feedback_class;
    // Not open, located, waiting: 1, 2 and 6 do not undo what is done, and a ticket is opened once.
    const bool reopens = step.state == 5 || (step.state == 0 && !step.opening);
    const bool is_done = step.state == 3 || step.state == 4 || step.state == 7;
    const bool counts =
        step.state != 255 && !(step.opening && !all.empty()) && (!now.done() || reopens || is_done);
    if (counts && (step.state != now.state || all.empty())) {
      now.state = step.state;
      now.since = std::max(step.at, now.opened);
    }
    all.push_back(now);
  }
  return all;
}

TicketStanding CaseClocks::standing(std::uint32_t ticket) const {
  const std::vector<TicketStanding> all = standings_of(steps(ticket));
  return all.empty() ? TicketStanding{} : all.back();
}

std::vector<CaseClocks::Told> CaseClocks::told(CaseRef ref) const {
  std::vector<Told> all;
  if (const auto found = told_.find(ref); found != told_.end()) {
    for (const auto& [key, at] : found->second)
      all.push_back({static_cast<ClockKind>(key.first), key.second, at});
  }
  return all;
}

}  // namespace rapport::views
