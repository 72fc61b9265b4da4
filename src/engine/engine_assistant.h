#pragma once

#include <optional>
#include <string>

#include "engine/engine.h"
#include "model/identifier.h"

/// The assistant: it answers out of what the shop knows and what is the asker's own, acts after she
/// confirmed, and hands over to a person with all that was said. Answers are JSON texts (docs/assistant.md).
namespace rapport::engine {

struct AssistantAsk {
  model::Identifier who;   ///< whose things it may tell of, and who is written in the log
  std::string proof;       ///< what her browser shows to be believed (engine_visitor.h); "" = nothing
  std::string contact_id;  ///< of an earlier answer; "" begins a conversation
  std::string message_id;  ///< sent again it is answered again and counts once; "" = none
  std::string text;        ///< at most kAssistantTextMost bytes
  std::string product_id;  ///< in view
  std::string language;    ///< of the page; that of the words goes before
  bool dry_run = false;    ///< nothing is written, nothing done; the conversation is kept in memory
};
inline constexpr std::size_t kAssistantTextMost = 8'000;
inline constexpr std::uint32_t kAssistantTurnsMost = 200;

/// Every turn is events by the front door: the messages of both with their text sealed, what she confirmed,
/// and on hand-over Contact Started and Ticket Opened with the packet. Durable when answered. Errors:
/// bad_input; too_large; not_found for a conversation that is not hers; refused while the shop's assistant is
/// off; unauthorized for a wrong proof; overloaded.
void assistant_turn(Engine& engine, ShopNo shop, AssistantAsk ask, Reply<std::string> reply);

/// What was said in her conversation, with what people of the shop wrote. Errors: not_found.
void assistant_transcript(Engine& engine, ShopNo shop, model::Identifier who, std::string contact_id,
                          Reply<std::string> reply);

/// Its precision at coverage, on phrases held out and by what became of its answers, and what was not
/// understood, alike ones together; their words with `reveal`.
void assistant_card(Engine& engine, ShopNo shop, bool reveal, std::optional<EventSeq> after,
                    Reply<std::string> reply);

struct AnswerMark {
  EventSeq seq;       ///< of the assistant's message
  std::string agent;  ///< who marks it, or takes the mark back
  bool wrong = true;  ///< false takes it back
};
/// A person of the shop says that an answer was wrong: it counts in the shop's own precision, once, whatever
/// the customer said next. Taken back, it counts by what she said next, as if it had never been marked.
/// {"seq","marked","offset"}. Errors: not_found; conflict when its customer was erased; unavailable while the
/// log is still being read.
void mark_answer(Engine& engine, ShopNo shop, AnswerMark asked, Reply<std::string> reply);

/// {"on"?: bool, "precision"?: 0.5 .. 0.999}. Errors: bad_input.
void publish_assistant(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);

}  // namespace rapport::engine
