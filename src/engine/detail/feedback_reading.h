#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json_writer.h"
#include "engine/detail/feedback_board.h"
#include "engine/detail/inquiry.h"
#include "model/identifier.h"

/// What the doors of feedback have in common: entries of the board with what they say and whose they are.
namespace rapport::engine {

/// For reading on in the log before a question is answered.
inline constexpr Duration kFeedbackReadBudget = seconds(5);

/// Errors: bad_input, naming `where` and the words, for what is none of them; "" is no filter, and fits.
Status check_one_of(std::string_view value, std::string_view where,
                    std::initializer_list<std::string_view> words);
Status check_feedback_class(std::string_view value, std::string_view where);

/// What entries say, opened.
struct OpenedFeedback {
  std::map<std::uint64_t, std::string> texts;    ///< by position of what was said
  std::map<std::uint64_t, HeardFeedback> heard;  ///< by position of what was told
};
Result<OpenedFeedback> open_feedback(Inquiry& inquiry, const std::vector<FeedbackEntry>& entries);

/// Who wrote each entry, in their order.
using FeedbackCustomers = std::vector<CustomerId>;
Result<FeedbackCustomers> authors_as_customers(Inquiry& inquiry, const std::vector<FeedbackEntry>& entries);
/// How the author of an entry is named. Errors: not_found for one who was erased.
Result<model::Identifier> feedback_author(Inquiry& inquiry, const FeedbackEntry& entry);

/// Errors: not_found.
Result<FeedbackEntry> find_feedback(Inquiry& inquiry, const std::string& id);

/// A text as phrases are looked for in it: either script, any case and width.
std::string phrase_form(std::string_view text);

/// "model": which one tells now, and how far it has come.
void write_feedback_model(codec::JsonWriter& json, const FeedbackListener& listener);

/// For doors that answer with the position at which they published: the answer of publish_one().
Reply<std::string> as_position(Reply<EventSeq> reply);
/// Where the event is found now, as text.
Result<std::string> publish_one(Inquiry& inquiry, model::Event event);

}  // namespace rapport::engine
