#include "codec/event_builder.h"
#include "codec/json_writer.h"
#include "engine/detail/feedback_letters.h"
#include "engine/detail/feedback_reading.h"
#include "engine/engine_feedback.h"
#include "model/catalogue_ids.h"

// Public answers to reviews: drafted out of facts, sent by a person.
namespace rapport::engine {
namespace {

namespace k = model::kind;

constexpr std::size_t kReplyMost = 4'000;

Result<FeedbackEntry> found_review(Inquiry& inquiry, const std::string& id) {
  RAPPORT_TRY(FeedbackEntry entry, find_feedback(inquiry, id));
  if (entry.source.kind != k::review_posted)
    return Error{Errc::bad_input, "this is no review", "id",
                 "the id of a review; conversations are answered there"};
  return entry;
}

Result<std::string> draft(Inquiry& inquiry, const std::string& id, const std::string& language) {
  RAPPORT_CHECK(check_one_of(language, "language", {"zh-Hans", "zh-Hant", "en"}));
  RAPPORT_TRY(const FeedbackEntry entry, found_review(inquiry, id));
  RAPPORT_TRY(OpenedFeedback opened, open_feedback(inquiry, {entry}));
  RAPPORT_TRY(const std::string noun, inquiry.noun(k::product_published, entry.source.product_id));
  ReplyFacts facts;
  facts.text = opened.texts[entry.source.seq.value];
  facts.clauses = opened.heard[entry.told.value].clauses;
  facts.product = noun;
  facts.ticket_state = entry.ticket_state;
  facts.language = language;
  const ReplyDraft reply = draft_reply(facts);
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("id", id);
  json.field("language", reply.language);
  json.field("draft", reply.text);
  json.key("facts");
  json.begin_array();
  for (const std::string& fact : reply.facts) json.text(fact);
  json.end_array();
  json.field("replied", entry.replied);
  json.end_object();
  return text;
}

Result<std::string> reply_to(Inquiry& inquiry, const std::string& id, const std::string& text,
                             const std::string& agent) {
  if (text.empty() || text.size() > kReplyMost)
    return Error{Errc::bad_input, "no answer of that length", "text",
                 fmt::format("1 to {} bytes", kReplyMost)};
  RAPPORT_TRY(const FeedbackEntry entry, found_review(inquiry, id));
  RAPPORT_TRY(const model::Identifier author, feedback_author(inquiry, entry));
  RAPPORT_TRY(const Instant now, inquiry.now());
  const std::string message_id = fmt::format("reply-{}-{}", digest_hex(sha256(id)).substr(0, 16), now.ms);
  codec::EventInput input;
  input.type = model::EventType::track;
  input.name = "Review Replied";
  input.message_id = message_id;
  input.timestamp = now;
  input.identifiers = {{author.kind, author.value}};
  input.properties = {{"review_id", std::string_view(id)},
                      {"text", std::string_view(text)},
                      {"agent", std::string_view(agent)}};
  RAPPORT_TRY(model::Event event, codec::build_event(input));
  return publish_one(inquiry, std::move(event));
}

}  // namespace

void feedback_reply_draft(Engine& engine, ShopNo shop, std::string id, std::string language,
                          Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [id = std::move(id), language = std::move(language)](Inquiry& inquiry) {
        return draft(inquiry, id, language);
      },
      std::move(reply));
}

void reply_to_feedback(Engine& engine, ShopNo shop, std::string id, std::string text, std::string agent,
                       Reply<EventSeq> reply) {
  engine.inquire_quickly(
      shop,
      [id = std::move(id), text = std::move(text), agent = std::move(agent)](Inquiry& inquiry) {
        return reply_to(inquiry, id, text, agent);
      },
      as_position(std::move(reply)));
}

}  // namespace rapport::engine
