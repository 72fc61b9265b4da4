#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/detail/keyring.h"
#include "model/record.h"

/// Where customers speak: reviews and what is added to them, their messages, open answers to surveys.
namespace rapport::engine {

struct FeedbackSource {
  EventSeq seq;
  NodeId node;  ///< the author, as the record names him
  model::EventKind kind;
  std::string about;  ///< the review's id, else the message's: what `about` of Feedback Classified holds
  std::string message_id, contact_id, product_id, order_id;
  Instant at;
  std::int64_t rating = -1;  ///< thousandths; -1: none
  bool from_page = false;
};

/// "review", "follow_up", "message", "survey".
std::string_view feedback_kind_name(model::EventKind kind);
/// Nothing for records in which no customer speaks.
std::optional<FeedbackSource> feedback_source(const model::RecordView& record);
/// What was said, answers to several questions as lines; "" for numbers alone, and when the author's key is
/// destroyed.
std::string feedback_text(Keyring& keyring, const model::RecordView& record);

/// What the assistant noted beside a customer's message: that it was said to itself, maybe in answer to what
/// it had asked. `no` for messages to people, also in a conversation that a person has taken over.
enum class ToAssistant : std::uint8_t { no, yes, as_an_answer };
ToAssistant said_to_assistant(Keyring& keyring, const model::RecordView& record);
/// The note, as TurnEvents writes it: {"led":true,"answers":bool}.
std::string note_to_assistant(bool is_an_answer);

/// One clause as it stands in Feedback Classified and Feedback Corrected. The clear part tells class,
/// sentiment and aspect of those that are sure; places and confidences lie in the sealed part, `spans` and
/// `unsure`.
struct HeardClause {
  std::string klass, aspect;
  std::int64_t sentiment = 0;      ///< thousandths
  std::size_t from = 0, to = 0;    ///< characters of the text; both 0 where none were told
  std::int64_t confidence = 1000;  ///< thousandths
  bool urgent = false;
};
struct HeardFeedback {
  std::string about;
  std::vector<HeardClause> clauses, unsure;
  std::uint64_t source = 0;  ///< position of what was said; 0: not told
};

/// The clear part alone.
HeardFeedback heard_clear(const model::RecordView& record);
/// With places, confidences and the unsure, as far as they can be opened.
HeardFeedback heard_whole(Keyring& keyring, const model::RecordView& record);

/// `text` from the character `from` up to `to`, as Feedback Classified counts.
std::string_view characters_of(std::string_view text, std::size_t from, std::size_t to);

}  // namespace rapport::engine
