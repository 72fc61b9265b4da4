#include "http/detail/handlers_survey.h"
#include "http/detail/topics.h"

/// The topic "surveys": asking people, and what they answer.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
namespace h = handlers;

constexpr std::size_t kNounMost = 64 * 1024;
constexpr std::size_t kInviteMost = 128 * 1024;
/// A hundred answers, some of them texts.
constexpr std::size_t kAnswersMost = 256 * 1024;
constexpr std::string_view kTag = "surveys", kOpenTag = "surveys, for respondents";

constexpr Parameter kResults[] = {{"as", "string", "csv: one row a sheet of answers, a column an item."}};
constexpr Parameter kLang[] = {{"lang", "string", "en, zh-Hans or zh-Hant; by the browser when left out."}};
constexpr Parameter kBase[] = {
    {"base", "string",
     "What stands before the path in the code (https://shop.example); the request's own host."}};

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/survey-templates",
     .needs = read,
     .tag = kTag,
     .summary = "Questionnaires and expert forms that come with the program.",
     .answer = "SurveyTemplates",
     .handle = h::survey_templates},
    {.method = get,
     .pattern = "/v1/survey-templates/{id}",
     .needs = read,
     .tag = kTag,
     .summary = "One of them, whole: a survey to start from.",
     .answer = "SurveyNoun",
     .handle = h::survey_template},
    {.method = get,
     .pattern = "/v1/surveys",
     .needs = read,
     .tag = kTag,
     .summary = "The surveys as published, and how each has fared.",
     .answer = "SurveyCards",
     .handle = h::surveys},
    {.method = get,
     .pattern = "/v1/surveys/{id}",
     .needs = read,
     .tag = kTag,
     .summary = "One survey, whole.",
     .answer = "SurveyCard",
     .handle = h::survey},
    {.method = put,
     .pattern = "/v1/surveys/{id}",
     .needs = publish,
     .tag = kTag,
     .summary = "Publishes a survey (Survey Published): of a template, anew, or with some members changed.",
     .body = "SurveyNoun",
     .answer = "Offset",
     .handle = h::publish_survey,
     .body_most = kNounMost},
    {.method = post,
     .pattern = "/v1/surveys/{id}/links",
     .needs = publish,
     .tag = kTag,
     .summary = "A link to be handed out: open to many, or for one sheet (an expert's, by label).",
     .body = "NewSurveyLink",
     .answer = "SurveyLink",
     .handle = h::survey_link,
     .body_most = 4 * 1024,
     .creates = true},
    {.method = post,
     .pattern = "/v1/surveys/{id}/invitations",
     .needs = publish,
     .tag = kTag,
     .summary =
         "Invites or reminds customers; whom the limits or her consent protect is listed with the reason.",
     .body = "SurveyInvite",
     .answer = "SurveyInvites",
     .handle = h::invite,
     .body_most = kInviteMost},
    {.method = get,
     .pattern = "/v1/surveys/{id}/results",
     .needs = read,
     .tag = kTag,
     .summary =
         "What was answered, item by item. What people wrote is personal and stands in their timelines.",
     .answer = "SurveyResults",
     .parameters = kResults,
     .handle = h::survey_results,
     .also_media = "text/csv"},
    {.method = get,
     .pattern = "/v1/ask/{token}",
     .access = Access::open,
     .tag = kOpenTag,
     .summary = "The form behind a link.",
     .answer = "SurveySheet",
     .parameters = kLang,
     .handle = h::survey_sheet,
     .cors = true},
    {.method = post,
     .pattern = "/v1/ask/{token}",
     .access = Access::open,
     .tag = kOpenTag,
     .summary = "One sheet of answers (Survey Answered); sent again it counts once.",
     .body = "SurveySheetAnswers",
     .answer = "SurveyAccepted",
     .handle = h::answer_survey,
     .body_most = kAnswersMost,
     .cors = true},
    {.method = get,
     .pattern = "/ask/style.css",
     .access = Access::open,
     .tag = kOpenTag,
     .summary = "Style of the page.",
     .media = "text/css",
     .handle = h::survey_style},
    {.method = get,
     .pattern = "/ask/form.js",
     .access = Access::open,
     .tag = kOpenTag,
     .summary = "Hides questions that are not asked; the page works without it.",
     .media = "text/javascript",
     .handle = h::survey_script},
    {.method = get,
     .pattern = "/ask/{token}",
     .access = Access::open,
     .tag = kOpenTag,
     .summary = "The page on which people answer.",
     .media = "text/html",
     .parameters = kLang,
     .handle = h::survey_page,
     .cors = true},
    {.method = post,
     .pattern = "/ask/{token}",
     .access = Access::open,
     .tag = kOpenTag,
     .summary = "The page's own form, as a browser sends it.",
     .media = "text/html",
     .handle = h::answer_survey_page,
     .body_most = kAnswersMost,
     .cors = true},
    {.method = get,
     .pattern = "/ask/{token}/qr.svg",
     .access = Access::open,
     .tag = kOpenTag,
     .summary = "The link as a QR code.",
     .media = "image/svg+xml",
     .parameters = kBase,
     .handle = h::survey_qr,
     .cors = true},
};

#define RAPPORT_TEXT                                                                                           \
  R"({"type":["object","string"],"properties":{"en":{"type":"string"},"zh-Hans":{"type":"string"},"zh-Hant":)" \
  R"({"type":"string"}}})"
#define RAPPORT_ITEMS                                                                                            \
  R"({"type":"array","items":{"type":"object","required":["item"],"properties":{"item":{"type":"string"},)"      \
  R"("text":)" RAPPORT_TEXT                                                                                      \
  R"(,"type":{"enum":["scale","choice","text","pair"]},"low":{"type":"integer"},"high":{"type":"integer"},)"     \
  R"("low_label":)" RAPPORT_TEXT R"(,"high_label":)" RAPPORT_TEXT                                                \
  R"(,"choices":{"type":"array","items":{"type":"object","required":["value"],"properties":{"value":)"           \
  R"({"type":"integer"},"text":)" RAPPORT_TEXT                                                                   \
  R"(}}},"left":{"type":"object"},"right":{"type":"object"},"reverse":{"type":"boolean"},"required":)"           \
  R"({"type":"boolean"},"dimension":{"type":"string"},"facet":{"enum":["expectation","perception"]},"when":)"    \
  R"({"type":"object","required":["item"],"properties":{"item":{"type":"string"},"at_most":{"type":"integer"},)" \
  R"("at_least":{"type":"integer"},"is":{"type":"integer"}}}}}})"
#define RAPPORT_NOUN                                                                                              \
  R"({"type":"object","properties":{"survey_id":{"type":"string"},"template":{"type":"string"},"kind":)"          \
  R"({"enum":["questionnaire","ahp","delphi"]},"title":)" RAPPORT_TEXT R"(,"intro":)" RAPPORT_TEXT                \
  R"(,"thanks":)" RAPPORT_TEXT                                                                                    \
  R"(,"service_id":{"type":"string"},"criteria":{"type":"array","description":"Of an AHP form, 3 to 9: its )"     \
  R"(pairs are made of them.","items":{"type":"object","required":["item"]}},"items":)" RAPPORT_ITEMS             \
  R"(,"limits":{"type":"object","description":"Over all surveys of the shop: so many invitations of one person )" \
  R"(in so many days, and so many reminders of each.","properties":{"days":{"type":"integer"},"asks":)"           \
  R"({"type":"integer"},"reminders":{"type":"integer"},"reminder_after_days":{"type":"integer"}}},"open_days":)"  \
  R"({"type":"integer"},"round":{"type":"integer"},"closed":{"type":"boolean"}}})"
#define RAPPORT_LINK                                                                                      \
  R"("token":{"type":"string"},"url":{"type":"string"},"path":{"type":"string"},"qr":{"type":"string"},)" \
  R"("expires_at":{"type":"string","format":"date-time"})"
#define RAPPORT_FARED \
  R"("invited":{"type":"integer"},"reminders":{"type":"integer"},"answered":{"type":"integer"})"

constexpr detail::Schema kSchemas[] = {
    {"SurveyNoun", RAPPORT_NOUN},
    {"SurveyTemplates",
     R"({"type":"object","required":["templates"],"properties":{"templates":{"type":"array","items":{"type":)"
     R"("object","required":["template","kind","title","purpose","items","method"],"properties":{"template":)"
     R"({"type":"string"},"kind":{"type":"string"},"title":)" RAPPORT_TEXT R"(,"purpose":)" RAPPORT_TEXT
     R"(,"items":{"type":"integer"},"method":{"type":"string","description":"Of POST /v1/studies/{method}."}}}}}})"},
    {"SurveyCards",
     R"({"type":"object","required":["surveys","known_at"],"properties":{"surveys":{"type":"array","items":)"
     R"({"type":"object","required":["survey_id","title","template","kind","items","closed","invited",)"
     R"("reminders","answered"],"properties":{"survey_id":{"type":"string"},"title":)" RAPPORT_TEXT
     R"(,"template":{"type":"string"},"kind":{"type":"string"},"items":{"type":"integer"},"round":)"
     R"({"type":"integer"},"closed":{"type":"boolean"},"problem":{"type":"string"},)" RAPPORT_FARED
     R"(}}},"known_at":{"type":"integer"}}})"},
    {"SurveyCard",
     R"({"type":"object","required":["survey","invited","reminders","answered","known_at"],)"
     R"("properties":{"survey":)" RAPPORT_NOUN R"(,)" RAPPORT_FARED R"(,"known_at":{"type":"integer"}}})"},
    {"NewSurveyLink",
     R"({"type":"object","properties":{"label":{"type":"string","description":"Whose single link it is; one )"
     R"(person over all rounds."},"single":{"type":"boolean"},"days":{"type":"integer"}}})"},
    {"SurveyLink",
     R"({"type":"object","required":["token","url","path","qr","expires_at"],"properties":{)" RAPPORT_LINK
     R"(}})"},
    {"SurveyInvite",
     R"({"type":"object","properties":{"customer":{"type":"string"},"customers":{"type":"array","items":{"type":)"
     R"("string"}},"segment":{"type":"string"},"most":{"type":"integer"},"channel":{"enum":["email","sms","app",)"
     R"("mini_program","phone","link"]},"reminder":{"type":"boolean"},"send":{"type":"boolean","description":)"
     R"("Also sent: email by the house's mail, app as a message in the shop, others by a webhook that wants )"
     R"(survey.invited; reminders follow by themselves."},"days":{"type":"integer"}}})"},
    {"SurveyInvites",
     R"({"type":"object","required":["invited","refused","refused_total"],"properties":{"invited":{"type":)"
     R"("array","items":{"type":"object","required":["customer","token","url","path","expires_at","reminder",)"
     R"("sent_by","decision_id"],"properties":{"customer":{"type":"string"},)" RAPPORT_LINK
     R"(,"reminder":{"type":"boolean"},"sent_by":{"enum":["","mail","shop","webhook"]},"decision_id":)"
     R"({"type":"string","description":"Of its Message Decided; empty when nothing is sent."}}}},"refused":{"type":"array","items":{"type":"object","required":)"
     R"(["customer","code","why","expected"],"properties":{"customer":{"type":"string"},"code":{"enum":)"
     R"(["asked_lately","answered","no_consent","reminders_spent","too_soon","not_invited","no_address","unknown"]},"why":)"
     R"({"type":"string"},"expected":{"type":"string"}}}},"refused_total":{"type":"integer"}}})"},
    {"SurveyResults",
     R"({"type":"object","required":["survey_id","invited","reminders","answered","response_rate","items",)"
     R"("trend","known_at"],"properties":{"survey_id":{"type":"string"},)" RAPPORT_FARED
     R"(,"response_rate":{"type":["number","null"],"description":"Sheets over invitations; null when nobody was )"
     R"(invited. Answers by open links count as well."},"items":{"type":"array","items":{"type":"object",)"
     R"("required":["item","type","n","mean","counts","reverse","dimension"],"properties":{"item":{"type":)"
     R"("string"},"text":)" RAPPORT_TEXT
     R"(,"type":{"type":"string"},"low":{"type":"integer"},"high":{"type":"integer"},"since":{"type":"integer",)"
     R"("description":"Asked alike since this version of the survey: n, mean and counts are over these."},)"
     R"("reverse":{"type":"boolean"},)"
     R"("dimension":{"type":"string"},"n":{"type":"integer"},"mean":{"type":["number","null"]},"counts":{"type":)"
     R"("array","items":{"type":"object","required":["value","n"],"properties":{"value":{"type":"integer"},"n":)"
     R"({"type":"integer"}}}}}}},"version":{"type":"integer"},"versions":{"type":"array","description":"What came in each version, also to )"
     R"(items that are asked no more.","items":{"type":"object","required":["version","sheets","items"],)"
     R"("properties":{"version":{"type":"integer"},"sheets":{"type":"integer"},"items":{"type":"array","items":)"
     R"({"type":"object","required":["item","n","mean","counts"],"properties":{"item":{"type":"string"},"n":)"
     R"({"type":"integer"},"mean":{"type":["number","null"]},"counts":{"type":"array","items":{"type":"object"}}}}}}}},)"
     R"("trend":{"type":"array","items":{"type":"object","required":["day","n"],)"
     R"("properties":{"day":{"type":"string"},"n":{"type":"integer"}}}},"known_at":{"type":"integer"}}})"},
    {"SurveySheet",
     R"({"type":"object","required":["survey","response","answered","expires_at","language","panel"],"properties":)"
     R"({"survey":)" RAPPORT_NOUN
     R"(,"response":{"type":"string","description":"To be sent with the answers of a link that many answer; else )"
     R"(empty."},"version":{"type":"integer","description":"From 2 on to be sent with the answers, as the item )"
     R"(survey_version; 409 when the survey was edited since."},"answered":{"type":"boolean"},"expires_at":{"type":"string","format":"date-time"},"language":)"
     R"({"enum":["en","zh-Hans","zh-Hant"]},"panel":{"type":"array","description":"What a Delphi panel said last )"
     R"(round.","items":{"type":"object","required":["item","n","median","q1","q3"],"properties":{"item":{"type":)"
     R"("string"},"n":{"type":"integer"},"median":{"type":"number"},"q1":{"type":"number"},"q3":{"type":)"
     R"("number"}}}}}})"},
    {"SurveySheetAnswers",
     R"({"type":"object","required":["answers"],"properties":{"response":{"type":"string"},"answers":{"type":)"
     R"("array","items":{"type":"object","required":["item","value"],"properties":{"item":{"type":"string"},)"
     R"("value":{"type":["integer","string","null"]}}}}}})"},
    {"SurveyAccepted",
     R"({"type":"object","required":["accepted","duplicate","receipt"],"properties":{"accepted":{"type":"boolean"},)"
     R"("duplicate":{"type":"boolean"},"receipt":{"type":["object","null"],"description":"That the answers )"
     R"(stand in the ledger: as GET /v1/receipts/{token} gives it."}}})"},
};

}  // namespace

std::span<const Route> detail::survey_routes() {
  return kRoutes;
}

std::span<const detail::Schema> detail::survey_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
