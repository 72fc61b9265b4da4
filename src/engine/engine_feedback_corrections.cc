#include "codec/event_builder.h"
#include "codec/json_writer.h"
#include "engine/detail/feedback_reading.h"
#include "engine/detail/noun_members.h"
#include "engine/engine_feedback.h"

// What a person says that a piece of feedback is about, after a model had said so.
namespace rapport::engine {
namespace {

constexpr std::size_t kClausesMost = 200, kAspectMost = 60;

/// Clauses as a person says them.
Result<std::vector<HeardClause>> clauses_of(const NounMembers& body, std::size_t characters) {
  const codec::JsonValue list = body.find("clauses");
  if (!list.present() || !list.is(codec::JsonKind::array))
    return Error{Errc::bad_input, "no list of clauses", "clauses",
                 R"([{"class":"logistics","sentiment":-1}])"};
  std::vector<HeardClause> out;
  for (codec::JsonItems items(list); items.next();) {
    const std::string where = fmt::format("clauses[{}]", out.size());
    if (out.size() == kClausesMost)
      return Error{Errc::too_large, "too many clauses", "clauses", fmt::format("at most {}", kClausesMost)};
    const codec::JsonValue item = items.value();
    const auto word = [&](std::string_view name) {
      const codec::JsonValue value = item.find(name);
      return value.present() && value.is(codec::JsonKind::string) ? value.text() : std::string();
    };
    const auto number = [&](std::string_view name, std::int64_t fallback) -> std::optional<std::int64_t> {
      const codec::JsonValue value = item.find(name);
      return value.present() ? value.scaled(3) : fallback;
    };
    HeardClause clause;
    clause.klass = word("class");
    if (clause.klass.empty() || !check_feedback_class(clause.klass, "").ok())
      return check_feedback_class(clause.klass.empty() ? "nothing" : clause.klass, where + ".class").error();
    const auto sentiment = number("sentiment", 5'000);
    if (!sentiment || *sentiment < -1'000 || *sentiment > 1'000)
      return Error{Errc::bad_input, "no sentiment", where + ".sentiment", "a number from -1 to 1"};
    clause.sentiment = *sentiment;
    clause.aspect = word("aspect");
    if (clause.aspect.size() > kAspectMost)
      return Error{Errc::bad_input, "an aspect so long", where + ".aspect", "a short word"};
    const auto from = number("from", 0), to = number("to", static_cast<std::int64_t>(characters) * 1'000);
    if (!from || !to || *from < 0 || *to <= *from || *to > static_cast<std::int64_t>(characters) * 1'000)
      return Error{Errc::bad_input, "no such place in the text", where + ".from",
                   fmt::format("characters 0 up to {}", characters)};
    clause.from = static_cast<std::size_t>(*from / 1'000);
    clause.to = static_cast<std::size_t>(*to / 1'000);
    clause.urgent = number("urgency", 0).value_or(0) > 0;
    out.push_back(std::move(clause));
  }
  return out;
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

Result<std::string> correct(Inquiry& inquiry, const FeedbackCorrection& correction) {
  RAPPORT_TRY(const FeedbackEntry entry, find_feedback(inquiry, correction.id));
  RAPPORT_TRY(const auto body, NounMembers::parse(correction.body));
  RAPPORT_TRY(const model::Identifier author, feedback_author(inquiry, entry));
  RAPPORT_TRY(OpenedFeedback opened, open_feedback(inquiry, {entry}));
  RAPPORT_TRY(const auto said, clauses_of(*body, characters_in(opened.texts[entry.source.seq.value])));
  std::vector<codec::ClauseInput> clauses;
  std::string spans;
  codec::JsonWriter json(spans);
  json.begin_array();
  for (const HeardClause& clause : said) {
    clauses.push_back({clause.klass, static_cast<double>(clause.sentiment) / 1'000, clause.aspect});
    json.begin_object();
    json.field("from", clause.from);
    json.field("to", clause.to);
    json.field("urgency", clause.urgent ? 1 : 0);
    json.end_object();
  }
  json.end_array();
  RAPPORT_TRY(const Instant now, inquiry.now());
  const std::string message_id =
      fmt::format("corrected-{}-{}", digest_hex(sha256(correction.id)).substr(0, 16), now.ms);
  codec::EventInput input;
  input.type = model::EventType::track;
  input.name = "Feedback Corrected";
  input.message_id = message_id;
  input.timestamp = now;
  input.identifiers = {{author.kind, author.value}};
  input.properties = {{"about", std::string_view(entry.source.about)},
                      {"clauses", std::move(clauses)},
                      {"agent", std::string_view(correction.agent)},
                      {"spans", codec::RawJson{spans}},
                      {"source", static_cast<std::int64_t>(entry.source.seq.value)}};
  RAPPORT_TRY(model::Event event, codec::build_event(input));
  return publish_one(inquiry, std::move(event));
}

}  // namespace

void correct_feedback(Engine& engine, ShopNo shop, FeedbackCorrection correction, Reply<EventSeq> reply) {
  engine.inquire_quickly(
      shop, [correction = std::move(correction)](Inquiry& inquiry) { return correct(inquiry, correction); },
      as_position(std::move(reply)));
}

}  // namespace rapport::engine
