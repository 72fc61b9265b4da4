#include "views/clocks.h"

#include <algorithm>
#include <array>

namespace rapport::views {
namespace {

constexpr std::array<std::string_view, kClockKinds> kNames = {
    "first_answer", "located", "closed", "call_back", "decision", "pick_up", "public_answer"};

std::int64_t open_ms(const ClockTerms& terms, Instant from, Instant to) {
  if (to <= from) return 0;
  return terms.calendar == nullptr ? (to - from).ms : terms.calendar->open_ms(from, to);
}

Instant reach(const ClockTerms& terms, Instant from, std::int64_t ms) {
  if (ms <= 0) return from;
  if (terms.calendar != nullptr) return terms.calendar->reach(from, ms);
  return ms > (Instant::never() - from).ms ? Instant::never() : from + milliseconds(ms);
}

std::int64_t warn_ms(const ClockTerms& terms) {
  return terms.target_ms / 100 * terms.warn_percent + terms.target_ms % 100 * terms.warn_percent / 100;
}

/// Goes along the moments at which something changes; between two of them nothing but time does.
class Walk {
 public:
  explicit Walk(std::vector<TraceStep>* trace) : trace_(trace) {}

  void terms(Instant at, const ClockTerms& terms) {
    const bool is_new = told_terms_ && !(now.terms == terms);
    now.terms = terms;
    told_terms_ = true;
    if (is_new && now.run != Run::idle) note(at, TraceKind::terms);
  }

  void mark(const ClockMark& mark) {
    if (mark.run == now.run && !mark.anew) return;
    const Run before = now.run;
    now.run = mark.run;
    if (mark.anew) {
      now.used_ms = now.over_ms = 0;
      now.warned = now.breached = Instant::min();
    }
    if (mark.run == Run::running && (before == Run::idle || mark.anew)) now.started = mark.at;
    if (mark.run == Run::stopped && now.first_stop == Instant::min()) now.first_stop = mark.at;
    if (mark.run == Run::idle) return;
    if (mark.run == Run::stopped) return note(mark.at, TraceKind::stopped);
    if (mark.run == Run::paused) return note(mark.at, TraceKind::paused);
    if (before == Run::idle || mark.anew) return note(mark.at, TraceKind::started);
    note(mark.at, before == Run::paused ? TraceKind::resumed : TraceKind::reopened);
  }

  /// Time passes from `from` to `to` and nothing else happens; the moment `to` itself belongs to the next
  /// piece, unless this is the last.
  void pass(Instant from, Instant to, bool is_last) {
    now.piece = from;
    now.piece_used_ms = now.used_ms;
    now.piece_over_ms = now.over_ms;
    now.warn_at = now.due_at = Instant::never();
    if (now.run != Run::running) return;
    const auto inside = [&](Instant moment) { return moment < to || (is_last && moment == to); };
    if (now.terms.target_ms > 0) {
      if (now.terms.warn_percent > 0 && now.warned == Instant::min()) {
        now.warn_at = reach(now.terms, from, warn_ms(now.terms) - now.used_ms);
        if (inside(now.warn_at)) cross(now.warned, now.warn_at, TraceKind::warned, from);
      }
      if (now.breached == Instant::min()) {
        now.due_at = reach(now.terms, from, now.terms.target_ms - now.used_ms);
        if (inside(now.due_at)) cross(now.breached, now.due_at, TraceKind::breached, from);
      }
    }
    if (now.warned != Instant::min()) now.warn_at = now.warned;
    if (now.breached != Instant::min()) {
      now.due_at = now.breached;
      now.over_ms += open_ms(now.terms, std::max(from, now.breached), to);
    }
    note_calendars(from, to);
    now.used_ms += open_ms(now.terms, from, to);
  }

  ClockReading now;

 private:
  void cross(Instant& field, Instant at, TraceKind kind, Instant from) {
    field = at;
    if (trace_ != nullptr)
      trace_->push_back({at, kind, now.used_ms + open_ms(now.terms, from, at), now.terms.target_ms});
  }
  void note(Instant at, TraceKind kind) {
    if (trace_ != nullptr) trace_->push_back({at, kind, now.used_ms, now.terms.target_ms});
  }
  void note_calendars(Instant from, Instant to) {
    if (trace_ == nullptr || now.terms.calendar == nullptr) return;
    for (const CalendarHistory::Version& version : now.terms.calendar->versions()) {
      if (version.from <= from || version.from > to) continue;
      trace_->push_back({version.from, TraceKind::calendar,
                         now.used_ms + open_ms(now.terms, from, version.from), now.terms.target_ms});
    }
  }
  std::vector<TraceStep>* trace_;
  bool told_terms_ = false;
};

}  // namespace

std::string_view clock_name(ClockKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<ClockKind> clock_from_name(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<ClockKind>(found - kNames.begin());
}

std::string_view run_name(Run run) {
  constexpr std::array<std::string_view, 4> kRuns = {"idle", "running", "paused", "stopped"};
  return kRuns[static_cast<std::size_t>(run)];
}

std::string_view trace_name(TraceKind kind) {
  constexpr std::array<std::string_view, 9> kTraces = {
      "started", "paused", "resumed", "stopped", "reopened", "terms", "calendar", "warned", "breached"};
  return kTraces[static_cast<std::size_t>(kind)];
}

Instant ClockReading::when_over(std::int64_t ms) const {
  if (run != Run::running || due_at == Instant::never()) return Instant::never();
  if (breached == Instant::min()) return reach(terms, due_at, ms);
  // Within the open piece; what lay before it was used under the terms of its own time.
  if (ms <= piece_over_ms && piece > breached) return piece;
  return reach(terms, std::max(piece, breached), ms - piece_over_ms);
}

ClockReading read_clock(std::span<const ClockMark> marks, std::span<const ClockTermsFrom> terms, Instant at,
                        std::vector<TraceStep>* trace) {
  Walk walk(trace);
  Instant from = Instant::min();
  std::size_t mark = 0, term = 0;
  while (true) {
    Instant next = at;
    bool is_last = true;
    if (mark < marks.size() && marks[mark].at <= next) next = marks[mark].at, is_last = false;
    if (term < terms.size() && terms[term].from <= next) next = terms[term].from, is_last = false;
    walk.pass(from, next, is_last);
    if (is_last) break;
    // The last mark of a moment is what holds after it: solved and reopened in one millisecond is open.
    while (term < terms.size() && terms[term].from <= next) walk.terms(next, terms[term++].terms);
    while (mark < marks.size() && marks[mark].at <= next) walk.mark(marks[mark++]);
    from = next;
  }
  if (trace != nullptr)
    std::stable_sort(trace->begin(), trace->end(),
                     [](const TraceStep& x, const TraceStep& y) { return x.at < y.at; });
  return walk.now;
}

}  // namespace rapport::views
