#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"

/// What customers say, class by class: told by a model as soon as it is durable, listed, corrected by people,
/// and boiled down to pains. Answers are JSON texts (docs/feedback.md).
namespace rapport::engine {

/// Begins to listen in this shop, for whoever serves it; a second call does nothing. Until then nothing is
/// classified, and what is waiting is classified later: the log keeps it. Answers 1 when it begins, else 0.
void listen_to_feedback(Engine& engine, ShopNo shop, Reply<std::size_t> reply);

struct FeedbackQuery {
  std::string klass, sentiment, aspect, department, state, product, kind;  ///< "" = any
  std::string phrase;             ///< "" = any; else `reveal` is wanted
  std::uint64_t before = 0;       ///< `next` of the page before
  std::size_t most = 50;          ///< 1 .. 200
  bool reveal = false;            ///< with what was said
  std::optional<EventSeq> after;  ///< read your writes
};
/// Newest first, with counts over all. `phrase` stands in what was said, in either script and any case; a
/// page of it may be short, or empty, and have a `next`: so many pieces are read at once. Errors: bad_input
/// naming the filter that is none; forbidden for a phrase of texts that the reader may not see.
void feedback(Engine& engine, ShopNo shop, FeedbackQuery query, Reply<std::string> reply);

struct FeedbackCorrection {
  std::string id;     ///< of the list
  std::string body;   ///< {"clauses":[{"class","sentiment","aspect"?,"urgency"?,"from"?,"to"?}]}
  std::string agent;  ///< who corrects
};
/// Publishes Feedback Corrected; the model learns of it. Errors: bad_input, not_found.
void correct_feedback(Engine& engine, ShopNo shop, FeedbackCorrection correction, Reply<EventSeq> reply);

struct PainsQuery {
  std::int32_t days = 28;  ///< 8 .. 180
  std::string klass;       ///< "" = all
  bool rising = false;     ///< those that rise first
  std::size_t most = 20;
  bool reveal = false;  ///< with examples
  std::optional<EventSeq> after;
};
/// Phrases that stand out in complaints, with counts, trend, and who complains.
void feedback_pains(Engine& engine, ShopNo shop, PainsQuery query, Reply<std::string> reply);

struct FeedbackTrial {
  std::string text;             ///< up to 1 MB
  std::optional<double> stars;  ///< 1 to 5, as its author gave them
};
/// What the shop's model says to a text, for trying it.
void classify_feedback(Engine& engine, ShopNo shop, FeedbackTrial trial, Reply<std::string> reply);

/// A draft of a public answer to a review, out of what was said and what became of it; a person sends it.
/// `language` zh-Hans, zh-Hant or en; "" by the text. Errors: not_found; bad_input for what is no review.
void feedback_reply_draft(Engine& engine, ShopNo shop, std::string id, std::string language,
                          Reply<std::string> reply);
/// Publishes it: Review Replied. Errors: bad_input, not_found.
void reply_to_feedback(Engine& engine, ShopNo shop, std::string id, std::string text, std::string agent,
                       Reply<EventSeq> reply);

}  // namespace rapport::engine
