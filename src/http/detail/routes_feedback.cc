#include "engine/engine_feedback.h"
#include "http/detail/ask.h"
#include "http/detail/json_text.h"
#include "http/detail/log_offset.h"
#include "http/detail/topics.h"

/// The topic "feedback": what customers say by class, corrections, pains, answers to reviews. The engine
/// answers with JSON texts.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
using detail::as_json;
using detail::Body;

constexpr std::size_t kCorrectionMost = 64 * 1024;
constexpr std::size_t kTextMost = 6 << 20;  ///< 1 MB of text, escaped
constexpr std::string_view kFeedback = "feedback";

/// Who acts, as events name staff.
std::string acting(const Ask& ask) {
  if (ask.request().from_socket) return "owner";
  if (ask.who.user) return fmt::format("user:{}", ask.who.key_id);
  return fmt::format("key:{}", ask.who.key_id);
}

void list(Ask ask) {
  const Request& request = ask.request();
  engine::FeedbackQuery query;
  const std::pair<std::string_view, std::string*> filters[] = {
      {"class", &query.klass},   {"sentiment", &query.sentiment},
      {"aspect", &query.aspect}, {"department", &query.department},
      {"state", &query.state},   {"product", &query.product},
      {"kind", &query.kind},     {"phrase", &query.phrase}};
  for (const auto& [name, into] : filters) *into = request.parameter(name).value_or("");
  HTTP_TRY(query.before, detail::number_parameter(request, "before", 0, ~std::uint64_t{0}));
  HTTP_TRY(query.most, detail::number_parameter(request, "limit", 50, 200));
  query.most = std::max<std::size_t>(query.most, 1);
  query.reveal = ask.may(reveal);
  HTTP_TRY(query.after, detail::log_offset(request));
  engine::feedback(ask.engine(), ask.who.shop, std::move(query), as_json(ask.call));
}

void pains(Ask ask) {
  const Request& request = ask.request();
  engine::PainsQuery query;
  HTTP_TRY(const std::uint64_t days, detail::number_parameter(request, "days", 28, 180));
  query.days = static_cast<std::int32_t>(days);
  query.klass = request.parameter("class").value_or("");
  const std::string sort = request.parameter("sort").value_or("");
  if (!sort.empty() && sort != "rising" && sort != "odds")
    return ask.call->respond(problem(Error{Errc::bad_input, "no such order", "sort", "odds or rising"}));
  query.rising = sort == "rising";
  HTTP_TRY(query.most, detail::number_parameter(request, "limit", 20, 100));
  query.reveal = ask.may(reveal);
  HTTP_TRY(query.after, detail::log_offset(request));
  engine::feedback_pains(ask.engine(), ask.who.shop, std::move(query), as_json(ask.call));
}

void classify(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  engine::FeedbackTrial trial;
  HTTP_TRY(trial.text, body->text("text"));
  HTTP_TRY(const std::int64_t rating, body->integer_or("rating", 0));
  if (body->has("rating")) trial.stars = static_cast<double>(rating);
  engine::classify_feedback(ask.engine(), ask.who.shop, std::move(trial), as_json(ask.call));
}

void correct(Ask ask) {
  engine::correct_feedback(ask.engine(), ask.who.shop, {ask.values[0], ask.request().body, acting(ask)},
                           detail::reply_with<EventSeq>(ask.call, detail::offset_response));
}

void draft(Ask ask) {
  engine::feedback_reply_draft(ask.engine(), ask.who.shop, ask.values[0],
                               ask.request().parameter("language").value_or(""), as_json(ask.call));
}

void reply(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(std::string text, body->text("text"));
  engine::reply_to_feedback(ask.engine(), ask.who.shop, ask.values[0], std::move(text), acting(ask),
                            detail::reply_with<EventSeq>(ask.call, [](EventSeq seq) {
                              Response response = detail::offset_response(seq);
                              response.status = 201;
                              return response;
                            }));
}

constexpr Parameter kList[] = {
    {"class", "string", "product, service, logistics, price, payment or experience."},
    {"department", "string",
     "Whose business it is, as the service levels name departments (by default the classes)."},
    {"sentiment", "string", "negative, neutral or positive, of a clause of that class and aspect."},
    {"aspect", "string", "battery, delay, refund, ..."},
    {"state", "string", "classified, unsure (waits for a person), corrected; or the state of its ticket."},
    {"product", "string", "Of this product."},
    {"kind", "string", "review, follow_up, message or survey."},
    {"phrase", "string",
     "Stands in what was said, in either script and any case; for readers who may reveal (else 403)."},
    {"before", "integer", "`next` of the page before."},
    {"limit", "integer", "At most so many, up to 200; 50 when left out."}};
constexpr Parameter kPains[] = {{"days", "integer", "Of the last so many days, 8 to 180; 28 when left out."},
                                {"class", "string", "Of clauses of this class."},
                                {"sort", "string", "odds (how much more in complaints) or rising."},
                                {"limit", "integer", "At most so many, up to 100; 20 when left out."}};
constexpr Parameter kDraft[] = {
    {"language", "string", "zh-Hans, zh-Hant or en; as the review when left out."}};

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/feedback",
     .needs = read,
     .tag = kFeedback,
     .summary =
         "What customers said, newest first: by class, sentiment, aspect, department, state. Texts for "
         "those who may reveal.",
     .answer = "FeedbackList",
     .parameters = kList,
     .handle = list},
    {.method = get,
     .pattern = "/v1/feedback/pains",
     .needs = read,
     .tag = kFeedback,
     .summary = "Phrases that stand out in complaints, with counts, trend and bursts.",
     .answer = "FeedbackPains",
     .parameters = kPains,
     .handle = pains},
    {.method = post,
     .pattern = "/v1/feedback/classify",
     .needs = read,
     .tag = kFeedback,
     .summary = "What the model says to a text; nothing is kept of it.",
     .body = "FeedbackTrial",
     .answer = "FeedbackSaid",
     .handle = classify,
     .body_most = kTextMost},
    {.method = post,
     .pattern = "/v1/feedback/{id}/correct",
     .needs = act,
     .tag = kFeedback,
     .summary = "A person's word on what it is about (Feedback Corrected); the model learns of it.",
     .body = "FeedbackCorrection",
     .answer = "Offset",
     .handle = correct,
     .body_most = kCorrectionMost},
    {.method = get,
     .pattern = "/v1/feedback/{id}/reply",
     .needs = reveal,
     .tag = kFeedback,
     .summary = "A draft of a public answer to a review, out of facts.",
     .answer = "FeedbackReplyDraft",
     .parameters = kDraft,
     .handle = draft},
    {.method = post,
     .pattern = "/v1/feedback/{id}/reply",
     .needs = act,
     .tag = kFeedback,
     .summary = "Publishes the answer that a person has read (Review Replied).",
     .body = "FeedbackText",
     .answer = "Offset",
     .handle = reply,
     .body_most = kCorrectionMost,
     .creates = true},
};

#define RAPPORT_FEEDBACK_CLASS R"({"enum":["product","service","logistics","price","payment","experience"]})"
#define RAPPORT_FEEDBACK_PLACE                                                                                      \
  R"("sentiment":{"type":"number"},"aspect":{"type":"string"},"urgency":{"type":"integer"},"confidence":)"          \
  R"({"type":"number"},"from":{"type":"integer","description":"Characters of the text."},"to":{"type":"integer"},)" \
  R"("text":{"type":"string","description":"For those who may reveal."})"
#define RAPPORT_FEEDBACK_CLAUSES                                                                                 \
  R"({"type":"array","items":{"type":"object","required":["class","sentiment","aspect","urgency","confidence",)" \
  R"("from","to"],"properties":{"class":)" RAPPORT_FEEDBACK_CLASS "," RAPPORT_FEEDBACK_PLACE "}}}"
#define RAPPORT_FEEDBACK_MODEL                                                                                       \
  R"({"type":"object","required":["version","examples","threshold","listening","behind"],"properties":{"version":)"  \
  R"({"type":"string"},"examples":{"type":"integer"},"threshold":{"type":"number"},"listening":{"type":"boolean"},)" \
  R"("behind":{"type":"integer","description":"Records of the log that were not listened to yet."}}})"

const detail::Schema kSchemas[] = {
    {"FeedbackList",
     R"({"type":"object","required":["feedback","next","departments","counts","model","complete","known_at"],"properties":)"
     R"({"departments":{"type":"object","description":"Which department has a class.","additionalProperties":)"
     R"({"type":"string"}},)"
     R"("feedback":{"type":"array","items":{"type":"object","required":["id","kind","at","seq","customer",)"
     R"("product_id","order_id","contact_id","rating","state","department","sentiment","replied","ticket","clauses",)"
     R"("unsure"],"properties":{"id":{"type":"string"},"kind":{"enum":["review","follow_up","message","survey"]},)"
     R"("at":{"type":"string","format":"date-time"},"seq":{"type":"integer"},"customer":{"type":"string"},)"
     R"("product_id":{"type":"string"},"order_id":{"type":"string"},"contact_id":{"type":"string"},"rating":)"
     R"({"type":["number","null"]},"state":{"enum":["classified","unsure","corrected"]},"department":{"type":)"
     R"("string"},"sentiment":{"type":"number"},"replied":{"type":"boolean"},"ticket":{"type":["object","null"],)"
     R"("properties":{"ticket_id":{"type":"string"},"state":{"type":"string"}}},"clauses":)" RAPPORT_FEEDBACK_CLAUSES
     R"(,"unsure":)" RAPPORT_FEEDBACK_CLAUSES
     R"(,"text":{"type":"string"}}}},"next":{"type":["integer","null"]},"counts":{"type":"object","required":)"
     R"(["all","negative","unsure","corrected","classes","aspects"],"properties":{"all":{"type":"integer"},)"
     R"("negative":{"type":"integer"},"unsure":{"type":"integer"},"corrected":{"type":"integer"},"classes":)"
     R"({"type":"object"},"aspects":{"type":"object"}}},"model":)" RAPPORT_FEEDBACK_MODEL
     R"(,"complete":{"type":"boolean"},"known_at":{"type":"integer"}}})"},
    {"FeedbackPains",
     R"({"type":"object","required":["pains","days","recent_days","clauses","blamed","complete","known_at"],)"
     R"("properties":{"pains":{"type":"array","items":{"type":"object","required":["phrase","n","others",)"
     R"("customers","recent","expected","odds","rise","burst","examples"],"properties":{"phrase":{"type":"string"},)"
     R"("n":{"type":"integer","description":"Complaints with it."},"others":{"type":"integer"},"customers":{"type":)"
     R"("integer"},"recent":{"type":"integer"},"expected":{"type":"number"},"odds":{"type":"number"},"rise":)"
     R"({"type":"number"},"burst":{"type":"boolean"},"examples":{"type":"array","items":{"type":"object",)"
     R"("required":["id","at","customer","product_id"],"properties":{"id":{"type":"string"},"at":{"type":"string"},)"
     R"("customer":{"type":"string"},"product_id":{"type":"string"},"text":{"type":"string"}}}}}}},"days":{"type":)"
     R"("integer"},"recent_days":{"type":"integer"},"clauses":{"type":"integer"},"blamed":{"type":"integer"},)"
     R"("complete":{"type":"boolean"},"known_at":{"type":"integer"}}})"},
    {"FeedbackTrial",
     R"({"type":"object","required":["text"],"properties":{"text":{"type":"string"},"rating":{"type":"integer",)"
     R"("minimum":1,"maximum":5,"description":"The stars that its author gave with it: evidence."}}})"},
    {"FeedbackText", R"({"type":"object","required":["text"],"properties":{"text":{"type":"string"}}})"},
    {"FeedbackSaid",
     R"({"type":"object","required":["clauses","model"],"properties":{"clauses":{"type":"array","items":{"type":)"
     R"("object","required":["text","about_something","sure","classes","sentiment","aspect","urgency","confidence",)"
     R"("from","to"],"properties":{"about_something":{"type":"boolean"},"sure":{"type":"boolean"},"classes":)"
     R"({"type":"array","items":)" RAPPORT_FEEDBACK_CLASS "}," RAPPORT_FEEDBACK_PLACE
     R"(}}},"model":)" RAPPORT_FEEDBACK_MODEL "}}"},
    {"FeedbackCorrection",
     R"({"type":"object","required":["clauses"],"properties":{"clauses":{"type":"array","description":"All of them; )"
     R"(an empty list: about nothing.","items":{"type":"object","required":["class","sentiment"],"properties":)"
     R"({"class":)" RAPPORT_FEEDBACK_CLASS
     R"(,"sentiment":{"type":"number","minimum":-1,"maximum":1},"aspect":{"type":"string"},"urgency":{"type":)"
     R"("integer"},"from":{"type":"integer"},"to":{"type":"integer"}}}}}})"},
    {"FeedbackReplyDraft",
     R"({"type":"object","required":["id","language","draft","facts","replied"],"properties":{"id":{"type":)"
     R"("string"},"language":{"enum":["zh-Hans","zh-Hant","en"]},"draft":{"type":"string"},"facts":{"type":"array",)"
     R"("items":{"type":"string"}},"replied":{"type":"boolean"}}})"},
};

}  // namespace

std::span<const Route> detail::feedback_routes() {
  return kRoutes;
}

std::span<const detail::Schema> detail::feedback_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
