#include "model/event.h"

namespace rapport::model {

Instant corrected_event_time(const Event& event, Instant received) {
  if (!event.timestamp) return received;
  Instant claimed = *event.timestamp;
  if (event.sent_at && !event.from_import) {
    const Duration error = received - *event.sent_at, waited = *event.sent_at - claimed;
    const bool ordinary = Duration{-kClockErrorMost.ms} <= error && error <= kClockErrorMost;
    const bool of_one_clock = Duration{0} <= waited && waited <= kWaitedMost;
    if (ordinary || of_one_clock) claimed = claimed + error;
  }
  const Instant latest = received + minutes(5);
  if (claimed > latest) claimed = latest;
  return claimed < Instant::min() ? Instant::min() : claimed;
}

}  // namespace rapport::model
