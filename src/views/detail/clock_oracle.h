#pragma once

#include <algorithm>
#include <set>
#include <vector>

#include "base/random.h"
#include "views/clocks.h"

/// Random histories of one clock and two slow, obvious readings of them.
namespace rapport::views {

struct ClockHistory {
  std::vector<CalendarHistory> calendars;
  std::vector<ClockMark> marks;
  std::vector<ClockTermsFrom> terms;  ///< point into `calendars`
  Instant at;
};

/// Of so many days; every moment a multiple of `grid_ms`.
inline void random_clock_history(Random& random, std::int64_t days_long, std::int64_t grid_ms,
                                 ClockHistory& out) {
  const std::int64_t length = days_long * 86'400'000 / grid_ms;
  const Instant begin{1'790'000'000'000};
  const auto moment = [&] { return begin + milliseconds(random.between(0, length) * grid_ms); };
  out = {};
  out.calendars.resize(2);
  for (CalendarHistory& calendar : out.calendars) {
    for (std::uint64_t versions = random.below(3); versions > 0; --versions) {
      std::vector<OpenInterval> open;
      // Shifts of up to half a day with gaps of up to a day, now and then a week.
      std::int64_t tick = -random.between(0, 2 * 86'400'000 / grid_ms);
      const std::int64_t upto = length - random.between(0, length / 3);
      while (tick < upto) {
        const std::int64_t gap =
            random.between(1, random.chance(0.05) ? 7 * 86'400'000 / grid_ms : 86'400'000 / grid_ms);
        const std::int64_t shift = random.between(1, 43'200'000 / grid_ms);
        open.push_back({begin + milliseconds((tick + gap) * grid_ms),
                        begin + milliseconds((tick + gap + shift) * grid_ms)});
        tick += gap + shift;
      }
      if (open.empty()) continue;
      const Instant until = open.back().close + milliseconds(random.between(0, 3) * grid_ms);
      calendar.add({moment(), std::to_string(versions), OpenHours::make(open, until).value()});
    }
  }
  const std::int64_t targets[] = {100'000, 7'200'000, 86'400'000, 172'800'000, 0};
  for (std::uint64_t n = random.between(1, 4); n > 0; --n) {
    const std::uint64_t which = random.below(3);
    ClockTerms terms;
    terms.target_ms = targets[random.below(5)];
    terms.calendar = which == 2 ? nullptr : &out.calendars[which];
    terms.warn_percent = random.chance(0.8) ? 75 : 0;
    out.terms.push_back({n == 1 ? Instant::min() : moment(), terms});
  }
  std::stable_sort(out.terms.begin(), out.terms.end(),
                   [](const auto& x, const auto& y) { return x.from < y.from; });
  for (std::uint64_t n = random.between(1, 8); n > 0; --n) {
    const Run run = n == 1 ? Run::running : static_cast<Run>(random.between(1, 3));
    out.marks.push_back({moment(), run, run == Run::running && random.chance(0.1)});
  }
  std::stable_sort(out.marks.begin(), out.marks.end(),
                   [](const auto& x, const auto& y) { return x.at < y.at; });
  out.at = moment();
}

/// What both oracles keep; the parts of a reading that they vouch for.
struct OracleClock {
  Run run = Run::idle;
  ClockTerms terms;
  std::int64_t used = 0, over = 0;
  Instant warned = Instant::min(), breached = Instant::min(), first_stop = Instant::min();

  void happen(const ClockHistory& history, Instant at) {
    for (const ClockTermsFrom& each : history.terms) {
      if (each.from == at) terms = each.terms;
    }
    for (const ClockMark& mark : history.marks) {
      if (mark.at != at) continue;
      if (mark.anew) used = over = 0, warned = breached = Instant::min();
      run = mark.run;
      if (run == Run::stopped && first_stop == Instant::min()) first_stop = at;
    }
  }
  void look(Instant at) {
    if (run != Run::running || terms.target_ms == 0) return;
    const bool warns = terms.warn_percent > 0 && used * 100 >= terms.target_ms * terms.warn_percent;
    if (warns && warned == Instant::min()) warned = at;
    if (used >= terms.target_ms && breached == Instant::min()) breached = at;
  }
  bool agrees(const ClockReading& reading) const {
    return run == reading.run && used == reading.used_ms && over == reading.over_ms &&
           warned == reading.warned && breached == reading.breached && first_stop == reading.first_stop;
  }
};

/// Whether that calendar is open at a moment, by looking at all of it.
inline bool obviously_open(const CalendarHistory* calendar, Instant at) {
  if (calendar == nullptr) return true;
  const OpenHours* hours = nullptr;
  for (const CalendarHistory::Version& version : calendar->versions()) {
    if (version.from <= at) hours = &version.hours;
  }
  if (hours == nullptr) return true;
  return std::any_of(hours->intervals().begin(), hours->intervals().end(),
                     [&](const OpenInterval& each) { return each.open <= at && at < each.close; });
}

inline Instant first_moment(const ClockHistory& history) {
  Instant first = history.at;
  for (const ClockMark& mark : history.marks) first = std::min(first, mark.at);
  return first;
}

/// What holds before the first mark.
inline void take_terms_before(const ClockHistory& history, Instant first, OracleClock& clock) {
  for (const ClockTermsFrom& each : history.terms) {
    if (each.from < first) clock.terms = each.terms;
  }
}

/// Second by second. Every moment of the history lies on a whole second.
inline OracleClock walk_seconds(const ClockHistory& history, Instant at) {
  OracleClock clock;
  const Instant first = first_moment(history);
  take_terms_before(history, first, clock);
  for (Instant now = first; now <= at; now = now + seconds(1)) {
    clock.happen(history, now);
    clock.look(now);
    if (now == at || clock.run != Run::running || !obviously_open(clock.terms.calendar, now)) continue;
    clock.used += 1000;
    if (clock.breached != Instant::min()) clock.over += 1000;
  }
  return clock;
}

/// From one moment at which anything may change to the next.
inline OracleClock walk_boundaries(const ClockHistory& history, Instant at) {
  std::set<std::int64_t> boundaries;
  for (const ClockMark& mark : history.marks) boundaries.insert(mark.at.ms);
  for (const ClockTermsFrom& each : history.terms) boundaries.insert(each.from.ms);
  for (const CalendarHistory& calendar : history.calendars) {
    for (const CalendarHistory::Version& version : calendar.versions()) {
      boundaries.insert(version.from.ms);
      for (const OpenInterval& each : version.hours.intervals())
        boundaries.insert({each.open.ms, each.close.ms});
    }
  }
  OracleClock clock;
  const Instant first = first_moment(history);
  take_terms_before(history, first, clock);
  boundaries.insert(at.ms);
  for (auto next = boundaries.lower_bound(first.ms); next != boundaries.end() && *next <= at.ms; ++next) {
    const Instant now{*next};
    clock.happen(history, now);
    clock.look(now);
    if (now == at || clock.run != Run::running || !obviously_open(clock.terms.calendar, now)) continue;
    const std::int64_t length = *std::next(next) - *next;
    const auto crossing = [&](Instant& field, std::int64_t goal_hundredths) {
      // The first millisecond at which so many hundredths of a millisecond are used.
      const std::int64_t left = (goal_hundredths + 99) / 100 - clock.used;
      if (field == Instant::min() && left < length) field = now + milliseconds(left);
    };
    const ClockTerms& terms = clock.terms;
    if (terms.target_ms > 0 && terms.warn_percent > 0)
      crossing(clock.warned, terms.target_ms * terms.warn_percent);
    if (terms.target_ms > 0) crossing(clock.breached, terms.target_ms * 100);
    clock.used += length;
    if (clock.breached != Instant::min())
      clock.over += (now + milliseconds(length) - std::max(now, clock.breached)).ms;
  }
  return clock;
}

}  // namespace rapport::views
