#pragma once

#include <string>

#include "engine/engine.h"

/// Letters that customers write. A mail gateway hands each over as JSON; it becomes a conversation by e-mail.
namespace rapport::engine {

/// {"from","text","message_id","subject"?,"in_reply_to"?,"references"?:[id],"date"?,"automatic"?}. Answers
/// {"contact_id", "new","offset"}; the same letter once more answers "new": false and changes nothing.
/// Letters of one thread (the first of its references) are one conversation. What is quoted of earlier
/// letters is left out. An automatic letter (out of office, a bounce) is taken by nobody: {"contact_id":
/// null, "why"}. Errors: bad_input naming the member; too_large for a new text of over 24 KB.
void take_letter(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);

}  // namespace rapport::engine
