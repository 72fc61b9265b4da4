#include "engine/engine_assistant.h"
#include "engine/engine_knowledge.h"
#include "http/detail/ask.h"
#include "http/detail/json_text.h"
#include "http/detail/log_offset.h"
#include "http/detail/topics.h"
#include "http/detail/visitors.h"

/// The topic "assistant": what the shop knows, and the assistant that answers out of it. The engine answers
/// with JSON texts.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
using detail::as_json;
using detail::Body;

constexpr std::size_t kAnswerMost = 256 * 1024;
constexpr std::size_t kTurnMost = 64 * 1024;
constexpr std::size_t kTextMostBytes = 200;
constexpr std::string_view kTag = "assistant";

Result<model::Identifier> visitor_of(const std::string& id) {
  RAPPORT_TRY(const std::string known, detail::visitor_id(id));
  return model::Identifier::parse(model::IdentifierKind::anonymous_id, known);
}

void shop_answers(Ask ask) {
  engine::AnswersQuery query;
  query.question = ask.request().parameter("q").value_or("");
  query.product_id = ask.request().parameter("product").value_or("");
  query.language = ask.request().parameter("language").value_or("");
  if (query.question.size() > kTextMostBytes)
    return ask.call->respond(problem(Error{Errc::bad_input, "this is too long", "q", "at most 200 bytes"}));
  HTTP_TRY(query.most, detail::number_parameter(ask.request(), "limit", 5, 20));
  query.most = std::max<std::size_t>(query.most, 1);
  engine::shop_answers(ask.engine(), ask.who.shop, std::move(query), as_json(ask.call));
}

void list(Ask ask) {
  engine::KnowledgeQuery query;
  query.query = ask.request().parameter("query").value_or("");
  query.state = ask.request().parameter("state").value_or("");
  HTTP_TRY(query.most, detail::number_parameter(ask.request(), "limit", 200, 1'000));
  HTTP_TRY(query.after, detail::log_offset(ask.request()));
  engine::knowledge(ask.engine(), ask.who.shop, std::move(query), as_json(ask.call));
}

void publish_one(Ask ask) {
  engine::publish_knowledge(ask.engine(), ask.who.shop, ask.values[0], ask.request().body, as_json(ask.call));
}

void contradictions(Ask ask) {
  HTTP_TRY(const auto after, detail::log_offset(ask.request()));
  engine::knowledge_contradictions(ask.engine(), ask.who.shop, after, as_json(ask.call));
}

Status read_turn(const Body& body, engine::AssistantAsk& turn) {
  RAPPORT_TRY(turn.text, body.text("text"));
  RAPPORT_TRY(turn.contact_id, body.text_or("contact_id", ""));
  RAPPORT_TRY(turn.message_id, body.text_or("message_id", ""));
  RAPPORT_TRY(turn.product_id, body.text_or("product_id", ""));
  RAPPORT_TRY(turn.language, body.text_or("language", ""));
  return {};
}

void visitor_turn(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(const std::string id, body->text("anonymous_id"));
  engine::AssistantAsk turn;
  HTTP_TRY(turn.who, visitor_of(id));
  turn.proof = ask.request().proof;
  if (const Status read = read_turn(*body, turn); !read.ok()) return ask.call->respond(problem(read.error()));
  engine::assistant_turn(ask.engine(), ask.who.shop, std::move(turn), as_json(ask.call));
}

void customer_turn(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(const std::string id, body->text("user_id"));
  engine::AssistantAsk turn;
  HTTP_TRY(turn.who, model::Identifier::parse(model::IdentifierKind::user_id, id));
  if (const Status read = read_turn(*body, turn); !read.ok()) return ask.call->respond(problem(read.error()));
  HTTP_TRY(turn.dry_run, body->flag_or("dry_run", false));
  engine::assistant_turn(ask.engine(), ask.who.shop, std::move(turn), as_json(ask.call));
}

void transcript(Ask ask) {
  HTTP_TRY(const auto who, visitor_of(ask.request().parameter("anonymous_id").value_or("")));
  engine::assistant_transcript(ask.engine(), ask.who.shop, who,
                               ask.request().parameter("contact_id").value_or(""), as_json(ask.call));
}

void card(Ask ask) {
  HTTP_TRY(const auto after, detail::log_offset(ask.request()));
  engine::assistant_card(ask.engine(), ask.who.shop, ask.may(reveal), after, as_json(ask.call));
}

void mark(Ask ask) {
  HTTP_TRY(const std::uint64_t seq, detail::number_of(ask.values[0], "seq"));
  engine::AnswerMark asked{EventSeq{seq}, fmt::format("{}:{}", ask.who.user ? "user" : "key", ask.who.key_id),
                           ask.request().method == post};
  engine::mark_answer(ask.engine(), ask.who.shop, std::move(asked), as_json(ask.call));
}

void set(Ask ask) {
  engine::publish_assistant(ask.engine(), ask.who.shop, ask.request().body, as_json(ask.call));
}

constexpr Parameter kAnswers[] = {
    {"q", "string", "The question; without it all that is known of the product."},
    {"product", "string", "In view."},
    {"language", "string", "zh-Hans, zh-Hant or en."},
    {"limit", "integer", "At most so many, up to 20; 5 when left out."}};
constexpr Parameter kList[] = {{"query", "string", "Part of a wording, an answer or an id."},
                               {"state", "string", "draft, standing, not_yet or over."},
                               {"limit", "integer", "At most so many, up to 1000; 200 when left out."}};
constexpr Parameter kTranscript[] = {{"anonymous_id", "string", "Whose conversation."},
                                     {"contact_id", "string", "Which."}};

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/shop/answers",
     .needs = browse,
     .tag = kTag,
     .summary = "What the shop answers to a question, best match first.",
     .answer = "ShopAnswers",
     .parameters = kAnswers,
     .handle = shop_answers,
     .cors = true},
    {.method = get,
     .pattern = "/v1/knowledge",
     .needs = read,
     .tag = kTag,
     .summary = "All answers of the shop, drafts too.",
     .answer = "Knowledge",
     .parameters = kList,
     .handle = list},
    {.method = get,
     .pattern = "/v1/knowledge/contradictions",
     .needs = read,
     .tag = kTag,
     .summary =
         "What cannot both be so: answers against products' facts, against one another, between languages.",
     .answer = "Contradictions",
     .handle = contradictions},
    {.method = put,
     .pattern = "/v1/knowledge/{id}",
     .needs = publish,
     .tag = kTag,
     .summary = "Publishes an answer (Content Published), the whole of it.",
     .body = "KnowledgeAnswer",
     .answer = "KnowledgePublished",
     .handle = publish_one,
     .body_most = kAnswerMost},
    {.method = post,
     .pattern = "/v1/shop/assistant",
     .needs = browse,
     .tag = kTag,
     .summary =
         "One turn of a visitor: the reply, durable with what was said. Tells of nothing but what is hers.",
     .body = "AssistantTurn",
     .answer = "AssistantReply",
     .handle = visitor_turn,
     .body_most = kTurnMost,
     .cors = true},
    {.method = get,
     .pattern = "/v1/shop/assistant",
     .needs = browse,
     .tag = kTag,
     .summary = "What was said in a visitor's conversation, with what people of the shop wrote.",
     .answer = "AssistantTranscript",
     .parameters = kTranscript,
     .handle = transcript,
     .cors = true},
    {.method = post,
     .pattern = "/v1/assistant",
     .needs = act,
     .tag = kTag,
     .summary = "One turn of a customer named by a server's key; dry_run writes and does nothing.",
     .body = "AssistantCustomerTurn",
     .answer = "AssistantReply",
     .handle = customer_turn,
     .body_most = kTurnMost},
    {.method = put,
     .pattern = "/v1/assistant",
     .needs = publish,
     .tag = kTag,
     .summary = "Turns the assistant on or off, and sets the precision that is wanted of it.",
     .body = "AssistantPolicy",
     .answer = "Offset",
     .handle = set,
     .body_most = kTurnMost},
    {.method = post,
     .pattern = "/v1/assistant/answers/{seq}/wrong",
     .needs = act,
     .tag = kTag,
     .summary = "A person marks an answer of the assistant as wrong: it counts in the shop's own precision.",
     .answer = "AnswerMarked",
     .handle = mark},
    {.method = del,
     .pattern = "/v1/assistant/answers/{seq}/wrong",
     .needs = act,
     .tag = kTag,
     .summary =
         "Takes such a mark back: the answer counts by what the customer said next, as if it had never "
         "been marked.",
     .answer = "AnswerMarked",
     .handle = mark},
    {.method = get,
     .pattern = "/v1/assistant/card",
     .needs = read,
     .tag = kTag,
     .summary = "Precision at coverage, what became of its answers, and what was not understood.",
     .answer = "AssistantCard",
     .handle = card},
};

#define RAPPORT_SAID \
  R"({"type":"object","properties":{"zh-Hans":{"type":"string"},"zh-Hant":{"type":"string"},"en":{"type":"string"}}})"
#define RAPPORT_TEXTS R"({"type":"array","items":{"type":"string"}})"
#define RAPPORT_ANSWER                                                                                                    \
  R"("questions":)" RAPPORT_TEXTS R"(,"answer":)" RAPPORT_SAID                                                            \
  R"(,"product_id":{"type":["string","null"]},"category":{"type":["string","null"]},"intent":{"type":["string","null"],)" \
  R"("description":"Said to whoever wants that."},"media":)" RAPPORT_TEXTS                                                \
  R"(,"from":{"type":["string","null"]},"until":{"type":["string","null"]},"draft":{"type":"boolean"})"
#define RAPPORT_TURN                                                                                                     \
  R"("text":{"type":"string"},"contact_id":{"type":"string","description":"Of the answer before; left out at first."},)" \
  R"("message_id":{"type":"string","description":"Sent again it counts once."},"product_id":{"type":"string",)"          \
  R"("description":"In view."},"language":{"type":"string"})"
#define RAPPORT_OWN_OF(NAMED)                                                                                         \
  R"({"type":"object","required":["least_confidence","raised","standing","judged","right","precision","low","high",)" \
  R"("shipped_judged","shipped_right"],"properties":{)" NAMED                                                         \
  R"("least_confidence":{"type":"number"},"raised":{"type":"boolean"},"standing":{"enum":["too_few",)"                \
  R"("untold","kept","refuted"]},"judged":{"type":"integer"},"right":{"type":"integer"},"precision":{"type":)"        \
  R"(["number","null"]},"low":{"type":"number"},"high":{"type":"number"},"shipped_judged":{"type":"integer",)"        \
  R"("description":"Outcomes at the shipped confidence: why it was raised."},"shipped_right":{"type":"integer"}}})"
#define RAPPORT_OWN RAPPORT_OWN_OF("")
#define RAPPORT_KEPT                                                                                                    \
  R"({"type":"object","required":["least_confidence","asked","answered","right","coverage","precision"],"properties":)" \
  R"({"least_confidence":{"type":"number"},"asked":{"type":"integer"},"answered":{"type":"integer"},"right":{"type":)"  \
  R"("integer"},"coverage":{"type":["number","null"]},"precision":{"type":["number","null"]}}})"

const detail::Schema kSchemas[] = {
    {"ShopAnswers",
     R"({"type":"object","required":["answers"],"properties":{"answers":{"type":"array","items":{"type":"object","required":)"
     R"(["id","question","text","product_id","media","match","sure"],"properties":{"id":{"type":"string"},"question":{"type":)"
     R"("string"},"text":{"type":"string"},"product_id":{"type":"string"},"media":)" RAPPORT_TEXTS
     R"(,"match":{"type":"number"},"sure":{"type":"boolean"}}}}}})"},
    {"AnswerMarked",
     R"({"type":"object","required":["seq","marked","offset"],"properties":{"seq":{"type":"integer"},"marked":)"
     R"({"type":"boolean"},"offset":{"type":"integer"}}})"},
    {"Knowledge",
     R"({"type":"object","required":["answers","total","facts","least_match","known_at"],"properties":{"answers":{"type":)"
     R"("array","items":{"type":"object","required":["id","state","questions","answer","product_id","category","intent",)"
     R"("media","from","until","draft"],"properties":{"id":{"type":"string"},"state":{"enum":["draft","standing","not_yet",)"
     R"("over"]},)" RAPPORT_ANSWER
     R"(}}},"total":{"type":"integer"},"facts":{"type":"integer"},"least_match":{"type":"number"},"known_at":{"type":"integer"}}})"},
    {"KnowledgeAnswer",
     R"({"type":"object","required":["questions","answer"],"properties":{"title":{"type":"string"},)" RAPPORT_ANSWER
     "}}"},
    {"KnowledgePublished",
     R"({"type":"object","required":["id","offset","contradictions"],"properties":{"id":{"type":"string"},"offset":{"type":)"
     R"("integer"},"contradictions":{"type":"integer","description":"In which it stands now."}}})"},
    {"Contradictions",
     R"({"type":"object","required":["contradictions","answers","products"],"properties":{"contradictions":{"type":"array",)"
     R"("items":{"type":"object","required":["kind","answer","other","parameter","stated","against"],"properties":{"kind":)"
     R"({"enum":["product_fact","other_answer","other_language","product_gone"]},"answer":{"type":"string"},"other":{"type":)"
     R"("string"},"parameter":{"type":"string"},"stated":{"type":"string"},"against":{"type":"string"}}}},"answers":{"type":)"
     R"("integer"},"products":{"type":"integer"}}})"},
    {"AssistantTurn",
     R"({"type":"object","required":["anonymous_id","text"],"properties":{"anonymous_id":{"type":"string"},)" RAPPORT_TURN
     "}}"},
    {"AssistantCustomerTurn",
     R"({"type":"object","required":["user_id","text"],"properties":{"user_id":{"type":"string"},"dry_run":{"type":"boolean"},)" RAPPORT_TURN
     "}}"},
    {"AssistantReply",
     R"({"type":"object","required":["contact_id","turn","act","text","language","choices","media","intent","confidence",)"
     R"("abstained","answer_id","handed_over","ticket_id","dry_run"],"properties":{"contact_id":{"type":"string"},"turn":)"
     R"({"type":"integer"},"act":{"type":"string"},"text":{"type":"string"},"language":{"type":"string"},"choices":)" RAPPORT_TEXTS
     R"(,"media":)" RAPPORT_TEXTS
     R"(,"intent":{"type":"string"},"confidence":{"type":"number"},"abstained":{"type":"boolean"},"answer_id":{"type":"string"},)"
     R"("handed_over":{"type":"boolean"},"ticket_id":{"type":"string"},"dry_run":{"type":"boolean"}}})"},
    {"AssistantTranscript",
     R"({"type":"object","required":["contact_id","messages"],"properties":{"contact_id":{"type":"string"},"messages":{"type":)"
     R"("array","items":{"type":"object","required":["seq","at","from","text"],"properties":{"seq":{"type":"integer"},"at":)"
     R"({"type":"string"},"from":{"enum":["customer","bot","agent","system"]},"text":{"type":"string"}}}}}})"},
    {"AssistantPolicy",
     R"({"type":"object","properties":{"on":{"type":"boolean"},"precision":{"type":"number","minimum":0.5,"maximum":0.999}}})"},
    {"AssistantCard",
     R"({"type":"object","required":["on","precision_wanted","phrases","answers","intents","knowledge","shop","not_understood"],)"
     R"("properties":{"on":{"type":"boolean"},"precision_wanted":{"type":"number"},"phrases":{"type":"integer"},"answers":)"
     R"({"type":"integer"},"intents":)" RAPPORT_KEPT R"(,"knowledge":)" RAPPORT_KEPT
     R"(,"own":{"type":"object","description":"By what became of its answers in this shop, one-sided 95 % bounds (Wilson).",)"
     R"("required":["intents","knowledge","raised"],"properties":{"intents":)" RAPPORT_OWN
     R"(,"knowledge":)" RAPPORT_OWN
     R"(,"raised":{"type":"array","description":"Intents of which it has to be surer here.","items":)" RAPPORT_OWN_OF(
         R"("intent":{"type":"string"},)") "}}}"
                                           R"(,"shop":{"type":"object"},"not_understood":{"type":"array","items":{"type":"object","required":["count","seq"],)"
                                           R"("properties":{"count":{"type":"integer"},"seq":{"type":"integer"},"text":{"type":"string"}}}}}})"},
};

}  // namespace

std::span<const Route> detail::assistant_routes() {
  return kRoutes;
}

std::span<const detail::Schema> detail::assistant_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
