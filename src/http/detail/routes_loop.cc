#include "engine/engine_hypotheses.h"
#include "engine/engine_worth.h"
#include "http/detail/ask.h"
#include "http/detail/json_text.h"
#include "http/detail/topics.h"

/// The topic "loop": hypothesis cards, published studies and actions, what services are worth. The engine
/// answers with JSON texts; nothing is computed here.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
using detail::as_json;
using detail::Body;

constexpr std::size_t kCardMost = 32 * 1024;
constexpr std::size_t kStudyMost = 64 * 1024;
constexpr std::string_view kCards = "hypothesis cards", kStudies = "studies", kWorth = "services";

void hypotheses(Ask ask) {
  engine::hypotheses(ask.engine(), ask.who.shop, as_json(ask.call));
}

void hypothesis(Ask ask) {
  engine::hypothesis(ask.engine(), ask.who.shop, ask.values[0], as_json(ask.call));
}

void power(Ask ask) {
  engine::hypothesis_power(ask.engine(), ask.who.shop, ask.request().body, as_json(ask.call));
}

void register_card(Ask ask) {
  engine::register_hypothesis(ask.engine(), ask.who.shop, ask.values[0], ask.request().body,
                              as_json(ask.call));
}

void assign(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(std::string customer, body->text_or("customer", ""));
  HTTP_TRY(const std::int64_t most, body->integer_or("most", 1'000));
  engine::assign_hypothesis(ask.engine(), ask.who.shop, ask.values[0], std::move(customer), most,
                            as_json(ask.call));
}

void verdict(Ask ask) {
  engine::hypothesis_verdict(ask.engine(), ask.who.shop, ask.values[0], as_json(ask.call));
}

void published_studies(Ask ask) {
  engine::published_studies(ask.engine(), ask.who.shop, as_json(ask.call));
}

void published_study(Ask ask) {
  engine::published_study(ask.engine(), ask.who.shop, ask.values[0], as_json(ask.call));
}

void publish_study(Ask ask) {
  engine::publish_study(ask.engine(), ask.who.shop, ask.values[0], ask.request().body, as_json(ask.call));
}

void warn(Ask ask) {
  engine::warn_of_churn(ask.engine(), ask.who.shop, ask.values[0], ask.request().body,
                        as_json(ask.call, 201));
}

void actions(Ask ask) {
  engine::actions(ask.engine(), ask.who.shop, as_json(ask.call));
}

void take_action(Ask ask) {
  engine::take_action(ask.engine(), ask.who.shop, ask.request().body, as_json(ask.call, 201));
}

void roi(Ask ask) {
  engine::services_roi(ask.engine(), ask.who.shop, as_json(ask.call));
}

void price(Ask ask) {
  engine::package_price(ask.engine(), ask.who.shop, ask.request().body, as_json(ask.call));
}

void reviews(Ask ask) {
  engine::service_reviews(ask.engine(), ask.who.shop, as_json(ask.call));
}

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/hypotheses",
     .needs = read,
     .tag = kCards,
     .summary = "The cards with where they stand, and what a card may be about.",
     .answer = "Hypotheses",
     .handle = hypotheses},
    {.method = post,
     .pattern = "/v1/hypotheses/power",
     .needs = read,
     .tag = kCards,
     .summary = "How many customers a card takes, by the metric's own baseline.",
     .body = "HypothesisCard",
     .answer = "HypothesisPower",
     .handle = power,
     .body_most = kCardMost},
    {.method = get,
     .pattern = "/v1/hypotheses/{id}",
     .needs = read,
     .tag = kCards,
     .summary = "One card; judged when its date has come.",
     .answer = "HypothesisStatus",
     .handle = hypothesis},
    {.method = put,
     .pattern = "/v1/hypotheses/{id}",
     .needs = publish,
     .tag = kCards,
     .summary = "Registers a card (Hypothesis Published); a registered card never changes.",
     .body = "HypothesisCard",
     .answer = "Offset",
     .handle = register_card,
     .body_most = kCardMost},
    {.method = post,
     .pattern = "/v1/hypotheses/{id}/assignments",
     .needs = publish,
     .tag = kCards,
     .summary = "Gives customers their arms (Experiment Assigned): one, or the next who have none.",
     .body = "HypothesisAssign",
     .answer = "HypothesisAssigned",
     .handle = assign,
     .body_most = kCardMost},
    {.method = post,
     .pattern = "/v1/hypotheses/{id}/verdict",
     .needs = publish,
     .tag = kCards,
     .summary = "The verdict (Verdict Reached), on its date and once for ever.",
     .answer = "HypothesisVerdict",
     .handle = verdict},
    {.method = get,
     .pattern = "/v1/published-studies",
     .needs = read,
     .tag = kStudies,
     .summary = "Studies as they were published, and how many actions name each.",
     .answer = "PublishedStudies",
     .handle = published_studies},
    {.method = get,
     .pattern = "/v1/published-studies/{id}",
     .needs = read,
     .tag = kStudies,
     .summary = "One of them with its report as it was, and its actions.",
     .answer = "PublishedStudy",
     .handle = published_study},
    {.method = put,
     .pattern = "/v1/published-studies/{id}",
     .needs = publish,
     .tag = kStudies,
     .summary = "Runs a study and publishes what it says (Study Published).",
     .body = "StudyPublication",
     .answer = "StudyPublished",
     .handle = publish_study,
     .body_most = kStudyMost},
    {.method = post,
     .pattern = "/v1/published-studies/{id}/warnings",
     .needs = publish,
     .tag = kStudies,
     .summary =
         "Makes those whom a churn study warns of the segment churn_warned, with an action on it and a date.",
     .body = "ChurnWarning",
     .answer = "ChurnWarned",
     .handle = warn,
     .body_most = kCardMost,
     .creates = true},
    {.method = get,
     .pattern = "/v1/actions",
     .needs = read,
     .tag = kStudies,
     .summary = "What was done about findings, and which are due to be measured again.",
     .answer = "Actions",
     .handle = actions},
    {.method = post,
     .pattern = "/v1/actions",
     .needs = publish,
     .tag = kStudies,
     .summary = "Turns a finding into an action (Action Taken) that names its study.",
     .body = "NewAction",
     .answer = "ActionTaken",
     .handle = take_action,
     .body_most = kCardMost,
     .creates = true},
    {.method = get,
     .pattern = "/v1/services/roi",
     .needs = read,
     .tag = kWorth,
     .summary = "Benefit and cost of each service, with the probability of each quadrant.",
     .answer = "ServicesRoi",
     .handle = roi},
    {.method = post,
     .pattern = "/v1/services/price",
     .needs = browse,
     .tag = kWorth,
     .summary = "What services cost together: tiers by quantity, and the bundles that save most.",
     .body = "PackageQuestion",
     .answer = "PackagePrice",
     .handle = price,
     .body_most = kCardMost,
     .cors = true},
    {.method = get,
     .pattern = "/v1/services/reviews",
     .needs = read,
     .tag = kWorth,
     .summary = "When each service is to be reviewed, and what its facts warn of.",
     .answer = "ServiceReviews",
     .handle = reviews},
};

#define RAPPORT_CARD                                                                                                \
  R"("hypothesis_id":{"type":"string"},"if":{"type":"string"},"then":{"type":"string"},"by":{"type":"string",)"     \
  R"("format":"date-time"},"metric":{"type":"string"},"direction":{"enum":["up","down"]},"effect":{"type":)"        \
  R"("number"},"window_days":{"type":"integer"},"segment":{"type":"string"},"service_id":{"type":"string"},)"       \
  R"("worth":{"type":"number","description":"Of one unit of the metric for the better, in the shop's currency."},)" \
  R"("guardrail":{"type":"object","required":["metric"],"properties":{"metric":{"type":"string"},)"                 \
  R"("worse_by_most":{"type":"number"}}},"design":{"enum":["assignment","segment"]},"share":{"type":"integer",)"    \
  R"("description":"Per cent treated."},"alpha":{"type":"number"},"power":{"type":"number"},"baseline":)"           \
  R"({"type":"number","description":"To plan by when the shop has no such facts yet."},"baseline_sd":)"             \
  R"({"type":"number"})"
#define RAPPORT_VERDICT                                                                                          \
  R"({"type":["object","null"],"required":["verdict","metric","control","treatment","lift","ci_low","ci_high",)" \
  R"("p","guardrail","sample_ratio_p","known_at","decided_at","reading"],"properties":{"verdict":{"enum":)"      \
  R"(["supported","refuted","undecided","harmful"]},"metric":{"type":"string"},"control":{"type":["object",)"    \
  R"("null"]},"treatment":{"type":["object","null"]},"lift":{"type":["number","null"]},"ci_low":{"type":)"       \
  R"(["number","null"]},"ci_high":{"type":["number","null"]},"p":{"type":["number","null"]},"guardrail":)"       \
  R"({"type":["object","null"]},"sample_ratio_p":{"type":["number","null"]},"known_at":{"type":"integer"},)"     \
  R"("decided_at":{"type":"string","format":"date-time"},"reading":{"type":"object"}}})"
#define RAPPORT_STATUS                                                                                              \
  R"({"type":"object","required":["hypothesis_id","if","then","by","metric","direction","effect","registered_at",)" \
  R"("per_arm","available","enough","status","assigned","verdict"],"properties":{)" RAPPORT_CARD                    \
  R"(,"registered_at":{"type":"string","format":"date-time"},"per_arm":{"type":"integer"},"available":{"type":)"    \
  R"("integer"},"enough":{"type":"boolean"},"status":{"enum":["running","due","decided"]},"assigned":{"type":)"     \
  R"("object","required":["control","treatment","crossed"]},"verdict":)" RAPPORT_VERDICT R"(}})"
#define RAPPORT_STUDY                                                                                              \
  R"("study_id":{"type":"string"},"method":{"type":"string"},"sql":{"type":"string"},"survey":{"type":"string"},)" \
  R"("options":{"type":"object"},"service_id":{"type":"string"},"benefit":{"type":"object"},"title":{"type":)"     \
  R"("object"},"reading":{"type":"object"},"n":{"type":"integer"},"published_at":{"type":"string","format":)"      \
  R"("date-time"},"digest":{"type":"string"})"
#define RAPPORT_ACTION                                                                                            \
  R"({"type":"object","required":["action_id","due"],"properties":{"action_id":{"type":"string"},"action":)"      \
  R"({"type":"string"},"study_id":{"type":"string"},"finding":{"type":"string"},"service_id":{"type":"string"},)" \
  R"("expected_value":{"type":"number"},"currency":{"type":"string"},"guardrail":{"type":"object"},)"             \
  R"("remeasure_at":{"type":"string","format":"date-time"},"taken_at":{"type":"string","format":"date-time"},)"   \
  R"("due":{"type":"boolean"}}})"

/// What to do with a service, and the study behind it.
#define RAPPORT_ADVICE                                                                                       \
  R"({"type":"object","required":["action","study_id","probability","why"],"properties":{"action":{"enum":)" \
  R"(["widen","mend","retire","measure"]},"study_id":{"type":["string","null"],"description":)"              \
  R"("Null: no study stands."},"probability":{"type":["number","null"]},"why":{"type":"object"}}})"

constexpr detail::Schema kSchemas[] = {
    {"HypothesisCard",
     R"({"type":"object","required":["metric","effect"],"properties":{)" RAPPORT_CARD R"(}})"},
    {"HypothesisStatus", RAPPORT_STATUS},
    {"HypothesisVerdict", RAPPORT_VERDICT},
    {"Hypotheses",
     R"({"type":"object","required":["metrics","hypotheses","known_at"],"properties":{"metrics":{"type":"array",)"
     R"("items":{"type":"object","required":["metric","unit","better","of_service","definition"],"properties":)"
     R"({"metric":{"type":"string"},"unit":{"type":"string"},"better":{"enum":["up","down"]},"of_service":{"type":)"
     R"("boolean"},"definition":{"type":"string"}}}},"hypotheses":{"type":"array","items":)" RAPPORT_STATUS
     R"(},"known_at":{"type":"integer"}}})"},
    {"HypothesisPower",
     R"({"type":"object","required":["metric","baseline","sd","n","per_arm","available","enough"],"properties":)"
     R"({"metric":{"type":"string"},"baseline":{"type":"number"},"sd":{"type":"number"},"n":{"type":"integer"},)"
     R"("window_days":{"type":"integer"},"per_arm":{"type":"integer"},"available":{"type":"integer"},"enough":)"
     R"({"type":"boolean"}}})"},
    {"HypothesisAssign",
     R"({"type":"object","properties":{"customer":{"type":"string"},"most":{"type":"integer"}}})"},
    {"HypothesisAssigned",
     R"({"type":"object","required":["control","treatment","assigned","already"],"properties":{"control":{"type":)"
     R"("integer"},"treatment":{"type":"integer"},"assigned":{"type":"integer"},"already":{"type":"integer"},)"
     R"("arm":{"type":"string"}}})"},
    {"PublishedStudies",
     R"({"type":"object","required":["studies","known_at"],"properties":{"studies":{"type":"array","items":{"type":)"
     R"("object","required":["study_id","actions"],"properties":{)" RAPPORT_STUDY
     R"(,"actions":{"type":"integer"}}}},"known_at":{"type":"integer"}}})"},
    {"PublishedStudy",
     R"({"type":"object","required":["study","report","actions"],"properties":{"study":{"type":"object","required":)"
     R"(["study_id"],"properties":{)" RAPPORT_STUDY
     R"(}},"report":{"type":["object","null"]},"actions":{"type":"array","items":)" RAPPORT_ACTION R"(}}})"},
    {"StudyPublication",
     R"({"type":"object","required":["method"],"properties":{"method":{"type":"string"},"sql":{"type":"string"},)"
     R"("survey":{"type":"string"},"table":{"type":"string","description":"Of POST /v1/study-tables, with file."},)"
     R"("file":{"type":"string"},"options":{"type":"object"},"service_id":{"type":"string"},"benefit":{"type":)"
     R"("object","description":"What the service is worth by this study, in the shop's currency and one unit of )"
     R"(time for all services: amount with se, or worth, the money of one unit of the outcome of a study by the )"
     R"(method causal.","properties":{"amount":{"type":"number"},"worth":{"type":"number"},"se":{"type":)"
     R"("number"},"cost":{"type":"number"},"cost_se":{"type":"number"}}}}})"},
    {"StudyPublished",
     R"({"type":"object","required":["study_id","offset"],"properties":{"study_id":{"type":"string"},"offset":)"
     R"({"type":"integer"}}})"},
    {"Actions",
     R"({"type":"object","required":["actions","known_at"],"properties":{"actions":{"type":"array","items":)" RAPPORT_ACTION
     R"(},"known_at":{"type":"integer"}}})"},
    {"NewAction",
     R"({"type":"object","required":["action","study_id","finding","expected_value","guardrail","remeasure_at"],)"
     R"("properties":{"action":{"enum":["launch","grow","test","retire","price","bundle","mend"]},"study_id":)"
     R"({"type":"string"},"finding":{"type":"string"},"service_id":{"type":"string"},"expected_value":{"type":)"
     R"("number"},"currency":{"type":"string"},"guardrail":{"type":"object","required":["metric","bound"]},)"
     R"("remeasure_at":{"type":"string","format":"date-time"}}})"},
    {"ActionTaken",
     R"({"type":"object","required":["action_id","offset"],"properties":{"action_id":{"type":"string"},"offset":)"
     R"({"type":"integer"}}})"},
    {"ChurnWarning",
     R"({"type":"object","required":["action"],"properties":{"action":{"type":"object","description":"As POST )"
     R"(/v1/actions takes it; the study is this one, and the warning ends on its date.","required":["action",)"
     R"("finding","expected_value","guardrail","remeasure_at"]}}})"},
    {"ChurnWarned",
     R"({"type":"object","required":["segment","warned","denied","unknown","until","action_id","offset"],)"
     R"("properties":{"segment":{"type":"string"},"warned":{"type":"integer"},"denied":{"type":"integer",)"
     R"("description":"Left out: consent to personalisation withdrawn."},"unknown":{"type":"integer"},"until":)"
     R"({"type":"string","format":"date-time"},"action_id":{"type":"string"},"offset":{"type":"integer"}}})"},
    {"ServicesRoi",
     R"({"type":"object","required":["services","unmeasured","benefit_line","cost_line","currency","known_at"],)"
     R"("properties":{"services":{"type":"array","items":{"type":"object","required":["service_id","name","benefit",)"
     R"("cost","net","pays_probability","quadrant","probability","study_id","randomised","basis",)"
     R"("basis_text","advice"],"properties":{"service_id":)"
     R"({"type":"string"},"name":{"type":"string"},"benefit":{"type":"number"},"benefit_se":{"type":"number"},)"
     R"("cost":{"type":"number"},"cost_se":{"type":"number"},"net":{"type":"number"},"net_low":{"type":"number"},)"
     R"("net_high":{"type":"number"},"pays_probability":{"type":"number"},"roi":{"type":["number","null"]},)"
     R"("quadrant":{"enum":["widen","invest","keep_lean","mend"]},"probability":{"type":"object"},"study_id":)"
     R"({"type":"string","description":"A published study, or hypothesis:ID of a verdict."},"randomised":{"type":)"
     R"("boolean"},"basis":{"type":"string"},"basis_text":{"type":"object"},"advice":)" RAPPORT_ADVICE
     R"(}}},"unmeasured":{"type":"array","items":{"type":"object",)"
     R"("required":["service_id","name","reason","reason_text","advice"],"properties":{"advice":)" RAPPORT_ADVICE
     R"(}}},"benefit_line":{"type":["number","null"]},"cost_line":{"type":)"
     R"(["number","null"]},"currency":{"type":"string"},"per":{"const":"month","description":"What all )"
     R"(benefits and costs are by; of month_days days."},"month_days":{"type":"number"},"known_at":)"
     R"({"type":"integer"}}})"},
    {"PackageQuestion",
     R"({"type":"object","required":["services"],"properties":{"services":{"type":"array","description":"Service )"
     R"(ids, or {\"service_id\",\"quantity\"}.","items":{"type":["string","object"]}}}})"},
    {"PackagePrice",
     R"({"type":"object","required":["lines","bundles","list","discount","total","currency"],"properties":{"lines":)"
     R"({"type":"array","items":{"type":"object","required":["service_id","name","price","quantity","total"],)"
     R"("properties":{"service_id":{"type":"string"},"name":{"type":"string"},"price":{"type":"number"},"quantity":)"
     R"({"type":"integer"},"total":{"type":"number"}}}},"bundles":{"type":"array","items":{"type":"string"}},)"
     R"("list":{"type":"number"},"discount":{"type":"number"},"total":{"type":"number"},"currency":{"type":)"
     R"("string"}}})"},
    {"ServiceReviews",
     R"({"type":"object","required":["services","known_at"],"properties":{"services":{"type":"array","items":{"type":)"
     R"("object","required":["service_id","name","last_review","next_review","overdue","warnings","advice"],"properties":)"
     R"({"service_id":{"type":"string"},"name":{"type":"string"},"last_review":{"type":["string","null"]},)"
     R"("next_review":{"type":"string"},"overdue":{"type":"boolean"},"advice":)" RAPPORT_ADVICE
     R"(,"warnings":{"type":"array","items":{"type":)"
     R"("object","required":["kind","detail","figures"],"properties":{"kind":{"type":"string"},"detail":{"type":)"
     R"("object"},"figures":{"type":"object"}}}}}}},"known_at":{"type":"integer"}}})"},
};

}  // namespace

std::span<const Route> detail::loop_routes() {
  return kRoutes;
}

std::span<const detail::Schema> detail::loop_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
