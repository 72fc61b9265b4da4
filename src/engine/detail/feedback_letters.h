#pragma once

#include <string>
#include <vector>

#include "engine/detail/feedback_source.h"

/// Words to those who spoke: drafts out of facts, for a person to send.
namespace rapport::engine {

struct ReplyFacts {
  std::string text;                  ///< the review
  std::vector<HeardClause> clauses;  ///< what it is about
  std::string product;               ///< the product as published, JSON; "" when it is not
  std::string ticket_state;          ///< of the ticket it opened; "" without one
  std::string language;              ///< zh-Hans, zh-Hant, en; "" = as the review is written
};

struct ReplyDraft {
  std::string language, text;
  std::vector<std::string> facts;  ///< what the draft goes by: "logistics:delay blamed", "ticket solved"
};

/// Thanks for what was praised, names what was blamed by its aspect, and says what has been done about it:
/// only what the facts hold. Pure.
ReplyDraft draft_reply(const ReplyFacts& facts);

}  // namespace rapport::engine
