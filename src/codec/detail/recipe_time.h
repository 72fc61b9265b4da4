#pragma once

#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "text/zone.h"

namespace rapport::codec::detail {

struct TimeReading {
  std::string_view format;  ///< "" = RFC 3339 and its relatives; epoch_s; epoch_ms; or %Y %m %d %H %M %S
  const text::Zone* zone;   ///< of texts that name no offset
  bool end_of_day = false;  ///< the last millisecond of that civil day in the zone
};

/// Errors: bad_input naming the text.
Result<Instant> read_time(std::string_view text, const TimeReading& reading);

/// The civil day that the text names, as days since 1970-01-01; offsets are ignored. Errors: bad_input.
Result<std::int64_t> read_civil_day(std::string_view text, std::string_view format);

}  // namespace rapport::codec::detail
