#pragma once

#include "engine/engine_desk.h"
#include "http/detail/ask.h"

namespace rapport::http::detail {

/// Who acts on a ticket or a return. A person with a session acts as himself. A server's key and the folder's
/// owner may say for whom of their staff they act (`agent`), and in what role (`role`): they may do all that
/// he may. Errors: bad_input for a role that is none, or a name that is too long.
Result<engine::DeskWho> desk_who(const Ask& ask);

}  // namespace rapport::http::detail
