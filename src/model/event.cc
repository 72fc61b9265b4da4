#include "model/event.h"

namespace rapport::model {

Instant corrected_event_time(const Event& event, Instant received) {
  if (!event.timestamp) return received;
  Instant claimed = *event.timestamp;
  if (event.sent_at && !event.from_import) claimed = claimed + (received - *event.sent_at);
  const Instant latest = received + minutes(5);
  if (claimed > latest) claimed = latest;
  return claimed < Instant::min() ? Instant::min() : claimed;
}

}  // namespace rapport::model
