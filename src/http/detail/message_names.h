#pragma once

#include <vector>

#include "model/event.h"

namespace rapport::http::detail {

/// Gives each event that came without a messageId one that nobody else has, so that it is not taken for a
/// repeat of another. Any thread.
void name_messages(std::vector<model::Event>& events);

}  // namespace rapport::http::detail
