#include "engine/engine_knowledge.h"

#include <algorithm>

#include "codec/json_writer.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/wait_until_folded.h"
#include "learn/intents.h"
#include "model/catalogue_ids.h"
#include "text/han.h"
#include "text/normalise.h"

namespace rapport::engine {
namespace {

namespace k = model::kind;
using decide::KnownAnswer;

constexpr std::size_t kQuestionsMost = 50, kQuestionMost = 300, kAnswerMost = 4'000, kIdMost = 64,
                      kMediaMost = 10;
constexpr std::string_view kStates[] = {"draft", "standing", "not_yet", "over"};

std::string_view state_of(const KnownAnswer& answer, Instant now) {
  if (answer.draft) return "draft";
  if (now < answer.from) return "not_yet";
  return now >= answer.until ? "over" : "standing";
}

void write_texts(codec::JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name);
  json.begin_array();
  for (const std::string& text : texts) json.text(text);
  json.end_array();
}

void write_time(codec::JsonWriter& json, std::string_view name, Instant at, Instant none) {
  json.field(name, at == none ? std::optional<Instant>() : std::optional(at));
}

void write_answer(codec::JsonWriter& json, const KnownAnswer& answer, Instant now) {
  json.begin_object();
  json.field("id", answer.id);
  json.field("state", state_of(answer, now));
  write_texts(json, "questions", answer.questions);
  json.key("answer");
  json.begin_object();
  for (std::size_t i = 0; i < answer.text.by.size(); ++i) {
    if (!answer.text.by[i].empty()) json.field(decide::kTongues[i], answer.text.by[i]);
  }
  json.end_object();
  json.field("product_id", answer.product_id);
  json.field("category", answer.category);
  json.field("intent", answer.intent);
  write_texts(json, "media", answer.media);
  write_time(json, "from", answer.from, Instant::min());
  write_time(json, "until", answer.until, Instant::never());
  json.field("draft", answer.draft);
  json.end_object();
}

bool holds(const KnownAnswer& answer, const std::string& part) {
  const auto in = [&](const std::string& text) {
    return text::plain_form(text).find(part) != std::string::npos;
  };
  return in(answer.id) || std::any_of(answer.questions.begin(), answer.questions.end(), in) ||
         std::any_of(answer.text.by.begin(), answer.text.by.end(), in);
}

Error wrong(std::string_view member, std::string expected) {
  return {Errc::bad_input, fmt::format("'{}' is not of its form", member), std::string(member),
          std::move(expected)};
}

Status check_texts(const NounMembers& body, std::string_view name, std::size_t least, std::size_t most) {
  const codec::JsonValue list = body.find(name);
  const std::string expected =
      fmt::format("a list of {} to {} texts of at most {} bytes", least, most, kQuestionMost);
  if (!list.present()) return least == 0 ? Status() : Status(wrong(name, expected));
  if (!list.is(codec::JsonKind::array)) return wrong(name, expected);
  std::size_t count = 0;
  for (codec::JsonItems items(list); items.next(); ++count) {
    const codec::JsonValue one = items.value();
    if (!one.is(codec::JsonKind::string) || text::trim(one.text()).empty() ||
        one.text().size() > kQuestionMost)
      return wrong(name, expected);
  }
  return count >= least && count <= most ? Status() : Status(wrong(name, expected));
}

Status check_media(const NounMembers& body) {
  const codec::JsonValue list = body.find("media");
  if (!list.present()) return {};
  for (codec::JsonItems items(list); items.next();) {
    if (!is_media_address(items.value().text()))
      return wrong("media", "addresses that begin with https://, or paths on this server (/media/a.jpg)");
  }
  return {};
}

Status check_answer(const NounMembers& body) {
  const codec::JsonValue answer = body.find("answer");
  const std::string expected = "an object with a text in zh-Hans, zh-Hant or en";
  if (!answer.present() || !answer.is(codec::JsonKind::object)) return wrong("answer", expected);
  bool any = false;
  for (codec::JsonMembers members(answer); members.next();) {
    const bool known =
        std::find(decide::kTongues.begin(), decide::kTongues.end(), members.key()) != decide::kTongues.end();
    if (!known || !members.value().is(codec::JsonKind::string) || members.value().text().size() > kAnswerMost)
      return wrong("answer", fmt::format("{} of at most {} bytes", expected, kAnswerMost));
    any = any || !text::trim(members.value().text()).empty();
  }
  return any ? Status() : Status(wrong("answer", expected));
}

Status check(const NounMembers& body) {
  RAPPORT_CHECK(check_texts(body, "questions", 1, kQuestionsMost));
  RAPPORT_CHECK(check_texts(body, "media", 0, kMediaMost));
  RAPPORT_CHECK(check_media(body));
  RAPPORT_CHECK(check_answer(body));
  for (const std::string_view name : {"title", "product_id", "category", "intent"}) {
    const codec::JsonValue value = body.find(name);
    if (value.present() && !value.is_null() &&
        (!value.is(codec::JsonKind::string) || value.text().size() > kQuestionMost))
      return wrong(name, fmt::format("a text of at most {} bytes", kQuestionMost));
  }
  const std::string intent = body.text("intent");
  if (!intent.empty() &&
      std::find(learn::kIntents.begin(), learn::kIntents.end(), intent) == learn::kIntents.end())
    return wrong("intent", fmt::format("one of {}", fmt::join(learn::kIntents, ", ")));
  for (const std::string_view name : {"from", "until"}) {
    const codec::JsonValue value = body.find(name);
    if (value.present() && !value.is_null() && !body.time(name))
      return wrong(name, "a moment, as 2026-11-01T00:00:00Z, or null");
  }
  const codec::JsonValue draft = body.find("draft");
  if (draft.present() && !draft.is(codec::JsonKind::boolean)) return wrong("draft", "true or false");
  return {};
}

/// The whole noun, members in an order of ours.
std::string noun_of(const std::string& id, const NounMembers& body) {
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object();
  json.field("content_id", id);
  json.field("content_kind", "answer");
  std::string title = body.text("title");
  if (title.empty()) {
    codec::JsonItems items(body.find("questions"));
    if (items.next()) title = items.value().text();
  }
  json.field("title", title);
  // It is found by what it answers; nobody is recommended it.
  json.field("hidden", true);
  for (const std::string_view name :
       {"questions", "answer", "product_id", "category", "intent", "media", "from", "until", "draft"}) {
    const codec::JsonValue value = body.find(name);
    if (!value.present() || value.is_null()) continue;
    json.key(name);
    json.raw(value.raw());
  }
  json.end_object();
  return out;
}

}  // namespace

void shop_answers(Engine& engine, ShopNo shop, AnswersQuery query, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [query = std::move(query)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto known, inquiry.unit().knowledge.current());
        RAPPORT_TRY(const Instant now, inquiry.now());
        const decide::Tongue tongue = decide::tongue_of(query.language);
        std::vector<decide::KnowledgeBook::Found> found;
        if (!query.question.empty()) {
          found = known->book->find({query.question, query.product_id, now, false, query.most});
        } else {
          for (const KnownAnswer& answer : known->book->answers()) {
            if (state_of(answer, now) != "standing" || answer.product_id != query.product_id) continue;
            if (found.size() < query.most) found.push_back({&answer, 0});
          }
        }
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.key("answers");
        json.begin_array();
        for (const auto& one : found) {
          json.begin_object();
          json.field("id", one.answer->id);
          json.field("question",
                     one.answer->questions.empty() ? std::string() : one.answer->questions.front());
          json.field("text", one.answer->text.in(tongue));
          json.field("product_id", one.answer->product_id);
          write_texts(json, "media", one.answer->media);
          json.key("match");
          json.thousandths(std::llround(one.match * 1000));
          json.field("sure", one.match >= known->match_least);
          json.end_object();
        }
        json.end_array();
        json.end_object();
        return text;
      },
      std::move(reply));
}

void knowledge(Engine& engine, ShopNo shop, KnowledgeQuery query, Reply<std::string> reply) {
  if (!query.state.empty() &&
      std::find(std::begin(kStates), std::end(kStates), query.state) == std::end(kStates))
    return reply(Error{Errc::bad_input, "no such state", "state", "draft, standing, not_yet or over"});
  engine.inquire_quickly(
      shop,
      [query = std::move(query)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(wait_until_folded(inquiry.unit(), query.after));
        RAPPORT_TRY(const auto known, inquiry.unit().knowledge.current());
        RAPPORT_TRY(const Instant now, inquiry.now());
        const std::string part = text::plain_form(query.query);
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.key("answers");
        json.begin_array();
        std::size_t total = 0;
        for (const KnownAnswer& answer : known->book->answers()) {
          if (!query.state.empty() && state_of(answer, now) != query.state) continue;
          if (!part.empty() && !holds(answer, part)) continue;
          if (++total <= query.most) write_answer(json, answer, now);
        }
        json.end_array();
        json.field("total", total);
        json.field("facts", [&] {
          std::size_t facts = 0;
          for (const auto& product : known->book->products()) facts += product.facts.size();
          return facts;
        }());
        json.key("least_match");
        json.thousandths(std::llround(known->match_least * 1000));
        json.field("known_at", inquiry.known_at());
        json.end_object();
        return text;
      },
      std::move(reply));
}

void publish_knowledge(Engine& engine, ShopNo shop, std::string id, std::string body,
                       Reply<std::string> reply) {
  if (id.empty() || id.size() > kIdMost || id == "everyday-words" || id == kAssistantPolicy)
    return reply(wrong("id", fmt::format("a name of 1 to {} bytes that is not taken", kIdMost)));
  engine.inquire_quickly(
      shop,
      [id = std::move(id), body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto members, NounMembers::parse(body));
        RAPPORT_CHECK(check(*members));
        RAPPORT_TRY(const std::string before, inquiry.noun(k::content_published, id));
        if (!before.empty() && !answer_of(id, before).ok())
          return Error{Errc::conflict, "this id is of other content", "id", "another one"};
        const std::string noun = noun_of(id, *members);
        RAPPORT_TRY(const EventSeq offset, inquiry.publish({"Content Published", "content_id", id, noun}));
        RAPPORT_TRY(const auto known, inquiry.unit().knowledge.current());
        RAPPORT_TRY(const Instant now, inquiry.now());
        const auto found = decide::contradictions(*known->book, now);
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.field("id", id);
        json.field("offset", offset);
        json.field("contradictions", std::count_if(found.begin(), found.end(), [&](const auto& one) {
                     return one.answer == id || one.other == id;
                   }));
        json.end_object();
        return text;
      },
      std::move(reply));
}

void knowledge_contradictions(Engine& engine, ShopNo shop, std::optional<EventSeq> after,
                              Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [after](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(wait_until_folded(inquiry.unit(), after));
        RAPPORT_TRY(const auto known, inquiry.unit().knowledge.current());
        RAPPORT_TRY(const Instant now, inquiry.now());
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.key("contradictions");
        json.begin_array();
        for (const decide::Contradiction& one : decide::contradictions(*known->book, now)) {
          json.begin_object();
          json.field("kind", decide::kContradictionKinds[static_cast<std::size_t>(one.kind)]);
          json.field("answer", one.answer);
          json.field("other", one.other);
          json.field("parameter", one.parameter);
          json.field("stated", one.stated);
          json.field("against", one.against);
          json.end_object();
        }
        json.end_array();
        json.field("answers", known->book->answers().size());
        json.field("products", known->book->products().size());
        json.end_object();
        return text;
      },
      std::move(reply));
}

}  // namespace rapport::engine
