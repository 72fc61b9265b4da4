#include "engine/detail/feedback_source.h"

#include <algorithm>

#include "codec/properties.h"
#include "engine/detail/sealed_part.h"
#include "model/catalogue_ids.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;
namespace p = model::property;

std::string said_in(codec::JsonValue answers) {
  std::string out;
  if (!answers.present()) return out;
  for (codec::JsonItems items(answers); items.next();) {
    const codec::JsonValue value = items.value().find("value");
    if (!value.present() || !value.is(codec::JsonKind::string)) continue;
    out += (out.empty() ? "" : "\n") + value.text();
  }
  return out;
}

std::size_t whole(codec::JsonValue object, std::string_view name) {
  const codec::JsonValue value = object.find(name);
  const auto number = value.present() ? value.integer() : std::nullopt;
  return number && *number > 0 ? static_cast<std::size_t>(*number) : 0;
}
std::int64_t thousandths(codec::JsonValue object, std::string_view name, std::int64_t fallback) {
  const codec::JsonValue value = object.find(name);
  return value.present() ? value.scaled(3).value_or(fallback) : fallback;
}
std::string word(codec::JsonValue object, std::string_view name) {
  const codec::JsonValue value = object.find(name);
  return value.present() && value.is(codec::JsonKind::string) ? value.text() : std::string();
}

void place(codec::JsonValue object, HeardClause& clause) {
  clause.from = whole(object, "from");
  clause.to = whole(object, "to");
  clause.confidence = thousandths(object, "confidence", 1'000);
  clause.urgent = whole(object, "urgency") > 0;
}

}  // namespace

std::string_view feedback_kind_name(model::EventKind kind) {
  if (kind == k::review_posted) return "review";
  if (kind == k::review_followed_up) return "follow_up";
  return kind == k::message_posted ? "message" : "survey";
}

std::optional<FeedbackSource> feedback_source(const model::RecordView& record) {
  if (record.type != model::RecordType::event || record.nodes.empty()) return std::nullopt;
  if (record.kind != k::review_posted && record.kind != k::review_followed_up &&
      record.kind != k::message_posted && record.kind != k::survey_answered)
    return std::nullopt;
  FeedbackSource out;
  std::string review, from;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::review_id) review = property.bytes;
    if (property.id == p::from) from = property.bytes;
    if (property.id == p::contact_id) out.contact_id = property.bytes;
    if (property.id == p::product_id) out.product_id = property.bytes;
    if (property.id == p::order_id) out.order_id = property.bytes;
    if (property.id == p::rating) out.rating = property.number;
  }
  if (record.kind == k::message_posted && from != "customer") return std::nullopt;
  out.seq = record.seq;
  out.node = record.nodes.front().node;
  out.kind = record.kind;
  out.from_page = record.from_page;
  out.message_id = record.message_id;
  out.at = record.event_time;
  out.about = record.kind == k::review_posted && !review.empty() ? review : out.message_id;
  return out;
}

std::string feedback_text(Keyring& keyring, const model::RecordView& record) {
  const SealedPart sealed(keyring, record);
  const codec::JsonValue properties = sealed.properties();
  if (!properties.present()) return {};
  if (record.kind == k::survey_answered) return said_in(properties.find("answers"));
  return word(properties, "text");
}

ToAssistant said_to_assistant(Keyring& keyring, const model::RecordView& record) {
  if (record.kind != k::message_posted) return ToAssistant::no;
  const SealedPart sealed(keyring, record);
  const codec::JsonValue properties = sealed.properties();
  const codec::JsonValue note = properties.present() ? properties.find("assistant") : codec::JsonValue();
  const auto says = [&](std::string_view name) {
    const codec::JsonValue value = note.find(name);
    return value.present() && value.is_true();
  };
  if (!note.present() || !says("led")) return ToAssistant::no;
  return says("answers") ? ToAssistant::as_an_answer : ToAssistant::yes;
}

std::string note_to_assistant(bool is_an_answer) {
  return fmt::format(R"({{"led":true,"answers":{}}})", is_an_answer);
}

HeardFeedback heard_clear(const model::RecordView& record) {
  HeardFeedback out;
  std::vector<codec::ClauseItem> items;
  codec::Property property;
  for (codec::PropertyReader in(record.clear); in.next(property);) {
    if (property.id == p::about) out.about = property.bytes;
    if (property.id != p::clauses) continue;
    codec::read_clauses(property.bytes, items);
    for (const codec::ClauseItem& item : items) {
      HeardClause clause;
      clause.klass = item.klass;
      clause.aspect = item.aspect;
      clause.sentiment = item.sentiment;
      out.clauses.push_back(std::move(clause));
    }
  }
  return out;
}

HeardFeedback heard_whole(Keyring& keyring, const model::RecordView& record) {
  HeardFeedback out = heard_clear(record);
  const SealedPart sealed(keyring, record);
  const codec::JsonValue properties = sealed.properties();
  if (!properties.present()) return out;
  out.source = whole(properties, "source");
  // A sender of its own may give the places inside the clauses; they are kept whole beside the clear ones.
  codec::JsonValue spans = properties.find("spans");
  if (!spans.present()) spans = properties.find("clauses");
  if (spans.present()) {
    std::size_t i = 0;
    for (codec::JsonItems items(spans); items.next() && i < out.clauses.size(); ++i)
      place(items.value(), out.clauses[i]);
  }
  const codec::JsonValue unsure = properties.find("unsure");
  if (!unsure.present()) return out;
  for (codec::JsonItems items(unsure); items.next();) {
    HeardClause clause;
    clause.klass = word(items.value(), "class");
    clause.aspect = word(items.value(), "aspect");
    clause.sentiment = thousandths(items.value(), "sentiment", 0);
    place(items.value(), clause);
    out.unsure.push_back(std::move(clause));
  }
  return out;
}

std::string_view characters_of(std::string_view text, std::size_t from, std::size_t to) {
  std::size_t begin = text.size(), end = text.size(), character = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) continue;
    if (character == from) begin = at;
    if (character == to) {
      end = at;
      break;
    }
    ++character;
  }
  return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

}  // namespace rapport::engine
