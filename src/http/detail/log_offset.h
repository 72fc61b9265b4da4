#pragma once

#include <optional>

#include "http/detail/ask.h"

namespace rapport::http::detail {

/// The position of X-Log-Offset, which the answer must know of; nothing when none was named. Errors:
/// bad_input.
inline Result<std::optional<EventSeq>> log_offset(const Request& request) {
  if (request.log_offset.empty()) return std::optional<EventSeq>();
  RAPPORT_TRY(const std::uint64_t seq, number_of(request.log_offset, "X-Log-Offset"));
  return std::optional<EventSeq>(EventSeq{seq});
}

}  // namespace rapport::http::detail
