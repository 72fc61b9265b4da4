#pragma once

#include <string>

#include "engine/detail/inquiry.h"

namespace rapport::engine {

/// The body of Action Taken, of a request's text. Errors: bad_input naming the member; not_found for a study
/// or verdict that is not published.
Result<std::string> action_noun(Inquiry& inquiry, const std::string& text, Instant now);
std::string fresh_action_id();

}  // namespace rapport::engine
