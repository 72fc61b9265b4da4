#include <algorithm>

#include "base/assert.h"
#include "model/catalogue_ids.h"
#include "views/case_clocks.h"

// What was promised of each case, and what is to be told of it when.
namespace rapport::views {
namespace {

std::span<const ClockKind> clocks_of(CaseKind kind) {
  static constexpr ClockKind kContact[] = {ClockKind::first_answer};
  static constexpr ClockKind kTicket[] = {ClockKind::located, ClockKind::closed, ClockKind::call_back};
  static constexpr ClockKind kReturn[] = {ClockKind::decision, ClockKind::pick_up};
  static constexpr ClockKind kReview[] = {ClockKind::public_answer};
  switch (kind) {
    case CaseKind::contact:
      return kContact;
    case CaseKind::ticket:
      return kTicket;
    case CaseKind::returned:
      return kReturn;
    case CaseKind::review:
      return kReview;
  }
  return {};
}

/// One span of time; what ended before it began ended as it began.
void add_span(Instant from, Instant to, std::vector<ClockMark>& out) {
  if (from == Instant::min()) return;
  out.push_back({from, Run::running});
  if (to != Instant::min()) out.push_back({std::max(from, to), Run::stopped});
}

Instant earlier(Instant x, Instant y) {
  if (x == Instant::min() || y == Instant::min()) return std::max(x, y);
  return std::min(x, y);
}

/// State by state: 0 open, 1 located, 2 waiting, 3 solved, 4 called back, 5 reopened, 6 escalated, 7 closed.
void ticket_marks(std::span<const TicketStep> steps, ClockKind kind, std::vector<ClockMark>& out) {
  bool located = false;
  std::uint8_t before = 255;
  for (const TicketStanding& at : standings_of(steps)) {
    if (at.opened == Instant::min()) return;
    if (at.state == before) continue;
    const bool solved_now = at.state == 3 && before != 4 && before != 7;
    before = at.state;
    if (kind == ClockKind::call_back) {
      if (solved_now) out.push_back({at.since, Run::running, true});
      if (at.state == 4 || at.state == 7) out.push_back({at.since, out.empty() ? Run::idle : Run::stopped});
      if (!at.done()) out.push_back({at.since, Run::idle});
      continue;
    }
    if (at.state == 1 || at.done()) located = true;
    const bool over = kind == ClockKind::located ? located : at.done();
    out.push_back({at.since, over ? Run::stopped : at.state == 2 ? Run::paused : Run::running});
  }
}

}  // namespace

const ServiceLevels& CaseClocks::levels(Instant at) const {
  static const ServiceLevels kShipped = ServiceLevels::parse(shipped_service_levels()).value();
  const auto next =
      std::upper_bound(levels_.begin(), levels_.end(), at,
                       [](Instant moment, const LevelsFrom& each) { return moment < each.from; });
  return next == levels_.begin() ? kShipped : *std::prev(next)->levels;
}

const std::string& CaseClocks::department(CaseRef ref, Instant at) const {
  const ServiceLevels& now = levels(at);
  if (ref.kind != CaseKind::ticket) {
    constexpr std::size_t kPlace[] = {6, 0, 7, 8};
    return now.departments[kPlace[static_cast<std::size_t>(ref.kind)]];
  }
  const std::uint8_t feedback_class = standing(ref.number).feedback_class;
  return now.departments[feedback_class < 6 ? feedback_class : 1];
}

NodeId CaseClocks::node_of(CaseRef ref, const Around& around) const {
  switch (ref.kind) {
    case CaseKind::contact: {
      const Contact* item = around.cases.find_contact(ref.number);
      return item == nullptr ? NodeId{} : item->node;
    }
    case CaseKind::ticket: {
      const Ticket* item = around.cases.find_ticket(ref.number);
      return item == nullptr ? NodeId{} : item->node;
    }
    case CaseKind::returned: {
      const Return* item = around.cases.find_return(ref.number);
      return item == nullptr ? NodeId{} : item->node;
    }
    case CaseKind::review: {
      const ReviewCase* item = review(ref.number);
      return item == nullptr ? NodeId{} : item->node;
    }
  }
  return {};
}

void CaseClocks::marks(CaseRef ref, ClockKind kind, const Around& around, std::vector<ClockMark>& out) const {
  out.clear();
  switch (ref.kind) {
    case CaseKind::contact:
      if (const Contact* item = around.cases.find_contact(ref.number))
        add_span(item->started, earlier(item->first_human, item->ended), out);
      return;
    case CaseKind::ticket:
      return ticket_marks(steps(ref.number), kind, out);
    case CaseKind::returned:
      if (const Return* item = around.cases.find_return(ref.number)) {
        if (kind == ClockKind::decision && item->requested != Instant::min())
          add_span(item->requested, item->decided, out);
        if (kind == ClockKind::pick_up) add_span(item->approved, item->arranged, out);
      }
      return;
    case CaseKind::review:
      if (const ReviewCase* item = review(ref.number)) {
        const bool bad =
            item->posted != Instant::min() && item->rating <= levels(item->posted).bad_rating_most;
        if (bad) add_span(item->posted, item->replied, out);
      }
      return;
  }
}

void CaseClocks::terms(CaseRef ref, ClockKind kind, const Around& around,
                       std::vector<ClockTermsFrom>& out) const {
  out.clear();
  std::span<const TicketStep> ticket;
  if (ref.kind == CaseKind::ticket) ticket = steps(ref.number);
  const NodeId node = node_of(ref, around);
  // Her tier is what any of her identifiers was told: at one moment the greater word holds.
  std::vector<std::pair<Instant, std::string_view>> tiers;
  const Customer* owner = node.value == 0 ? nullptr : around.identity.customer_of(node.value);
  for (std::size_t i = 0; owner != nullptr && i < owner->nodes.size(); ++i) {
    const NodeState* part = around.identity.find_node(owner->nodes[i]);
    if (part == nullptr || !part->extra) continue;
    for (const TraitChange& change : part->extra->traits) {
      if (change.property == model::property::tier)
        tiers.emplace_back(change.at, around.tables.words().text(change.word));
    }
  }
  std::sort(tiers.begin(), tiers.end());
  std::vector<Instant> moments = {Instant::min()};
  for (const LevelsFrom& each : levels_) moments.push_back(each.from);
  for (const auto& [at, word] : tiers) moments.push_back(at);
  for (const TicketStep& step : ticket) {
    if (step.priority != 255 || step.feedback_class != 255) moments.push_back(step.at);
  }
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  std::int32_t feedback_class = -1, priority = -1;
  std::string_view tier;
  std::size_t step = 0, next_tier = 0;
  for (const Instant moment : moments) {
    for (; step < ticket.size() && ticket[step].at <= moment; ++step) {
      if (ticket[step].feedback_class != 255) feedback_class = ticket[step].feedback_class;
      if (ticket[step].priority != 255) priority = ticket[step].priority;
    }
    for (; next_tier < tiers.size() && tiers[next_tier].first <= moment; ++next_tier)
      tier = tiers[next_tier].second;
    const ServiceLevels& now = levels(moment);
    const ServiceTarget* target = now.find(kind, feedback_class, priority, tier);
    ClockTerms terms;
    if (target != nullptr) {
      const std::string& calendar = now.calendar_of(*target);
      terms = {target->target_ms, calendar.empty() ? nullptr : &calendars_.find(calendar), now.warn_percent};
    }
    if (out.empty() || !(out.back().terms == terms)) out.push_back({moment, terms});
  }
}

std::vector<CaseClock> CaseClocks::clocks(CaseRef ref, Instant at, const Around& around, bool trace) const {
  std::vector<CaseClock> all;
  std::vector<ClockMark> when;
  std::vector<ClockTermsFrom> what;
  for (const ClockKind kind : clocks_of(ref.kind)) {
    marks(ref, kind, around, when);
    if (when.empty()) continue;
    terms(ref, kind, around, what);
    CaseClock clock{kind, {}, {}};
    clock.reading = read_clock(when, what, at, trace ? &clock.trace : nullptr);
    const bool promised = clock.reading.terms.target_ms > 0 || clock.reading.breached != Instant::min();
    if (clock.reading.run != Run::idle && promised) all.push_back(std::move(clock));
  }
  return all;
}

/// The steps of one clock that have come up by `now`, and the moment of the next.
void CaseClocks::add_steps(const ClockStep& clock, const ClockReading& reading, Instant now,
                           std::vector<ClockStep>& out, Instant& next) const {
  const auto told_case = told_.find(clock.ref);
  const auto was_told = [&](std::uint8_t step) {
    if (told_case == told_.end()) return false;
    const auto found = told_case->second.find({static_cast<std::uint8_t>(clock.clock), step});
    return found != told_case->second.end() && found->second >= reading.started;
  };
  const auto add = [&](std::uint8_t step, Instant moment, const std::string& agent) {
    // What was late before the shop had promised anything is history.
    if (moment == Instant::never() || moment < levels_.front().from || was_told(step)) return;
    if (moment > now) {
      next = std::min(next, moment);
      return;
    }
    ClockStep come = clock;
    come.step = step;
    come.moment = moment;
    come.agent = agent;
    out.push_back(std::move(come));
  };
  if (reading.breached == Instant::min()) add(ClockStep::kWarn, reading.warn_at, "");
  add(ClockStep::kDue, reading.due_at, "");
  std::uint8_t step = ClockStep::kLadder;
  for (const LadderStep& rung : levels(now).ladder(clock.department))
    add(step++, reading.when_over(rung.after_ms), rung.agent);
}

std::vector<ClockStep> CaseClocks::steps_of(CaseRef ref, Instant now, const Around& around,
                                            Instant& next) const {
  std::vector<ClockStep> all;
  next = Instant::never();
  ClockStep clock;
  clock.ref = ref;
  clock.node = node_of(ref, around);
  if (!acting() || clock.node.value == 0 || !live(ref)) return all;
  clock.department = department(ref, now);
  std::vector<ClockMark> when;
  std::vector<ClockTermsFrom> what;
  for (const ClockKind kind : clocks_of(ref.kind)) {
    marks(ref, kind, around, when);
    if (when.empty()) continue;
    // Senders' clocks may be some minutes ahead of ours.
    for (const ClockMark& mark : when) {
      if (mark.at > now) next = std::min(next, mark.at);
    }
    terms(ref, kind, around, what);
    for (const ClockTermsFrom& each : what) {
      if (each.from > now) next = std::min(next, each.from);
    }
    const ClockReading reading = read_clock(when, what, now);
    if (reading.run != Run::running || reading.terms.target_ms == 0) continue;
    clock.clock = kind;
    clock.started = reading.started;
    add_steps(clock, reading, now, all, next);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const ClockStep& x, const ClockStep& y) { return x.moment < y.moment; });
  return all;
}

void CaseClocks::set_ripe(CaseRef ref, std::optional<Instant> moment) {
  const auto known = ripe_since_.find(ref);
  if (known != ripe_since_.end()) {
    ripe_.erase({known->second, ref});
    ripe_since_.erase(known);
  }
  if (!moment) return;
  ripe_.emplace(*moment, ref);
  ripe_since_.emplace(ref, *moment);
}

void CaseClocks::set_open(std::uint32_t number, const Around& around) {
  if (const auto known = open_.find(number); known != open_.end()) {
    if (--loads_[known->second] == 0) loads_.erase(known->second);
    open_.erase(known);
  }
  unassigned_.erase(number);
  const TicketStanding now = standing(number);
  if (now.opened == Instant::min() || now.done()) return;
  const Ticket* ticket = around.cases.find_ticket(number);
  const std::uint32_t agent = ticket == nullptr ? 0 : ticket->agent_word;
  open_.emplace(number, agent);
  ++loads_[agent];
  if (agent == 0 && live({CaseKind::ticket, number})) unassigned_.insert(number);
}

void CaseClocks::refresh(CaseRef ref, Instant now, const Around& around) {
  if (ref.number == 0) return;
  if (ref.kind == CaseKind::ticket) set_open(ref.number, around);
  if (!acting()) return;
  Instant next = Instant::never();
  const std::vector<ClockStep> steps = steps_of(ref, now, around, next);
  set_ripe(ref, steps.empty() ? std::nullopt : std::optional(steps.front().moment));
  // What is ripe is looked at again when it was told.
  if (next == Instant::never()) {
    wheel(ref).disarm(CustomerId{ref.number});
  } else {
    wheel(ref).arm(CustomerId{ref.number}, next);
  }
}

void CaseClocks::begin_refresh() {
  if (acting()) unrefreshed_ = {CaseKind{}, 1};
}

std::size_t CaseClocks::refresh_some(std::size_t cases_most, Instant now, const Around& around) {
  while (unrefreshed_ && cases_most > 0) {
    CaseRef& next = *unrefreshed_;
    const std::vector<bool>& live = live_[static_cast<std::size_t>(next.kind)];
    if (next.number >= live.size()) {
      const std::size_t kind = static_cast<std::size_t>(next.kind) + 1;
      if (kind == kCaseKinds) {
        unrefreshed_.reset();
      } else {
        next = {static_cast<CaseKind>(kind), 1};
      }
      continue;
    }
    if (live[next.number]) refresh(next, now, around);
    ++next.number;
    --cases_most;
  }
  if (!unrefreshed_) return 0;
  std::size_t left = 0;
  for (auto kind = static_cast<std::size_t>(unrefreshed_->kind); kind < kCaseKinds; ++kind)
    left += live_[kind].size();
  return std::max<std::size_t>(left - std::min<std::size_t>(left, unrefreshed_->number), 1);
}

void CaseClocks::refresh_all(Instant now, const Around& around) {
  unrefreshed_.reset();
  for (std::uint32_t number = 1; number < tickets_.size(); ++number) set_open(number, around);
  if (!acting()) return;
  for (std::size_t kind = 0; kind < kCaseKinds; ++kind) {
    for (std::uint32_t number = 1; number < live_[kind].size(); ++number) {
      if (live_[kind][number]) refresh({static_cast<CaseKind>(kind), number}, now, around);
    }
  }
}

void CaseClocks::fire(Instant to, const Around& around) {
  for (std::size_t kind = 0; kind < kCaseKinds; ++kind) {
    while (const std::optional<TimerWheel::Due> next = wheels_[kind].pop(to))
      refresh({static_cast<CaseKind>(kind), next->customer.value}, to, around);
  }
}

std::optional<Instant> CaseClocks::next_due() {
  std::optional<Instant> first;
  for (TimerWheel& wheel : wheels_) {
    if (const auto next = wheel.next_due(); next && (!first || *next < *first)) first = next;
  }
  return first;
}

std::vector<ClockStep> CaseClocks::ripe(std::size_t most, Instant now, const Around& around) const {
  std::vector<ClockStep> all;
  for (const auto& [since, ref] : ripe_) {
    if (all.size() == most) break;
    Instant next;
    std::vector<ClockStep> steps = steps_of(ref, now, around, next);
    if (!steps.empty()) all.push_back(std::move(steps.front()));
  }
  return all;
}

std::size_t CaseClocks::armed() const {
  std::size_t sum = 0;
  for (const TimerWheel& wheel : wheels_) sum += wheel.armed();
  return sum;
}

}  // namespace rapport::views
