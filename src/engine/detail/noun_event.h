#pragma once

#include <string>
#include <string_view>

#include "base/money.h"
#include "base/result.h"
#include "model/event.h"

namespace rapport::engine {

/// The event that publishes a noun: `body` is a JSON object, `id_name` the member that names it (left out of
/// the body's own). With `message_id` "" every call is a message of its own. Errors: bad_input.
struct NounEvent {
  std::string_view event;    ///< "Goal Published"
  std::string_view id_name;  ///< "goal_id"
  std::string_view id;
  std::string_view body;
  std::string message_id = {};
};
Result<model::Event> noun_event(const NounEvent& noun, Currency currency);

}  // namespace rapport::engine
