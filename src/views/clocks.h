#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "views/open_hours.h"

/// What was promised and how much of the time for it is used. A clock is a pure function of what happened to
/// its case, in the order of event time, and of the terms and calendars that held: it knows no order of
/// arrival, and no later policy rewrites what an earlier one measured.
namespace rapport::views {

/// Stored; never renumber. The names are the words of the property `clock`.
enum class ClockKind : std::uint8_t {
  first_answer,   ///< contact: from its begin to the first message of a person
  located,        ///< ticket: from opening until the cause is known
  closed,         ///< ticket: from opening until it is solved
  call_back,      ///< ticket: from solved until the author was asked
  decision,       ///< return: from the request until it is approved or rejected
  pick_up,        ///< return: from approval until the pick-up is arranged
  public_answer,  ///< bad review: from posting until it is answered in public
};
inline constexpr std::size_t kClockKinds = 7;
std::string_view clock_name(ClockKind kind);
std::optional<ClockKind> clock_from_name(std::string_view name);

enum class Run : std::uint8_t { idle, running, paused, stopped };
std::string_view run_name(Run run);

/// From `at` on the clock does this. `anew` begins at nothing used, as for another call-back.
struct ClockMark {
  Instant at;
  Run run = Run::running;
  bool anew = false;
};

/// What is promised. `target_ms` 0 = nothing: the time used is counted and never falls due.
struct ClockTerms {
  std::int64_t target_ms = 0;                 ///< of business time
  const CalendarHistory* calendar = nullptr;  ///< null = round the clock
  std::int32_t warn_percent = 0;              ///< of the target used; 0 = no warning
  friend bool operator==(const ClockTerms&, const ClockTerms&) = default;
};
struct ClockTermsFrom {
  Instant from;
  ClockTerms terms;
};

enum class TraceKind : std::uint8_t {
  started,
  paused,
  resumed,
  stopped,
  reopened,
  terms,
  calendar,
  warned,
  breached
};
std::string_view trace_name(TraceKind kind);
struct TraceStep {
  Instant at;
  TraceKind kind = TraceKind::started;
  std::int64_t used_ms = 0;    ///< at that moment
  std::int64_t target_ms = 0;  ///< from that moment on
};

struct ClockReading {
  Run run = Run::idle;
  ClockTerms terms;  ///< that hold
  Instant started = Instant::min();
  Instant first_stop = Instant::min();  ///< the first resolution stands, whatever comes after
  std::int64_t used_ms = 0;             ///< business time
  Instant warned = Instant::min();      ///< when the share for a warning was used; min = not yet
  Instant breached = Instant::min();    ///< when the target was used and the clock ran on; min = not yet
  Instant warn_at = Instant::never();   ///< when that will be if nothing happens; never when it does not run
  Instant due_at =
      Instant::never();      ///< the moment of the breach, past or to come; never when it does not run
  std::int64_t over_ms = 0;  ///< business time used since the breach

  std::int64_t remaining_ms() const { return terms.target_ms - used_ms; }
  /// When `over_ms` will be, or was, so much; never when the clock does not run.
  Instant when_over(std::int64_t ms) const;

  // The piece of time that is open: its begin and what was used then.
  Instant piece = Instant::min();
  std::int64_t piece_used_ms = 0, piece_over_ms = 0;
};

/// The clock at `at`. `marks` and `terms` ascend by time; what lies after `at` has not happened. What happens
/// at the very moment of the breach comes before it: solved in the last millisecond is in time. Adds to
/// `trace` when it is given. Any thread.
ClockReading read_clock(std::span<const ClockMark> marks, std::span<const ClockTermsFrom> terms, Instant at,
                        std::vector<TraceStep>* trace = nullptr);

}  // namespace rapport::views
