#include "http/detail/schemas.h"

#include "http/detail/topics.h"

namespace rapport::http::detail {
namespace {

#define RAPPORT_MESSAGE                                                                                                     \
  R"("userId":{"type":["string","number"]},"anonymousId":{"type":"string"},"messageId":{"type":"string","maxLength":256},)" \
  R"("timestamp":{"type":"string","format":"date-time"},"sentAt":{"type":"string","format":"date-time"},)"                  \
  R"("context":{"type":"object"},"writeKey":{"type":"string"})"

constexpr Schema kSchemas[] =
    {
        {"Problem",
         R"({"type":"object","description":"RFC 9457.","required":["type","title","status","detail","code"],"properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},"code":{"type":"string"},"where":{"type":"string"},"expected":{"type":"string"}}})"},
        {"Track",
         R"({"type":"object","required":["event"],"properties":{"event":{"type":"string"},"properties":{"$ref":"#/components/schemas/AnyProperties"},)" RAPPORT_MESSAGE
         "}}"},
        {"Identify",
         R"({"type":"object","properties":{"traits":{"$ref":"#/components/schemas/IdentifyTraits"},)" RAPPORT_MESSAGE
         "}}"},
        {"Page",
         R"({"type":"object","properties":{"name":{"type":["string","null"]},"category":{"type":["string","null"]},"properties":{"type":"object","description":"PageProperties; a missing name is taken from title or path."},)" RAPPORT_MESSAGE
         "}}"},
        {"Screen",
         R"({"type":"object","properties":{"name":{"type":["string","null"]},"properties":{"$ref":"#/components/schemas/ScreenProperties"},)" RAPPORT_MESSAGE
         "}}"},
        {"Group",
         R"({"type":"object","properties":{"groupId":{"type":["string","number"]},"traits":{"type":"object"},)" RAPPORT_MESSAGE
         "}}"},
        {"Alias",
         R"({"type":"object","required":["userId","previousId"],"properties":{"previousId":{"type":"string"},)" RAPPORT_MESSAGE
         "}}"},
        {"Batch",
         R"({"type":"object","required":["batch"],"properties":{"batch":{"type":"array","items":{"type":"object","required":["type"],"properties":{"type":{"enum":["track","identify","page","screen","group","alias"]}}}},"sentAt":{"type":"string","format":"date-time"},"context":{"type":"object"},"writeKey":{"type":"string"}}})"},
        {"Ingested",
         R"({"type":"object","required":["success","accepted","duplicate","suppressed","rejected","offset"],"properties":{"success":{"type":"boolean"},"accepted":{"type":"integer"},"duplicate":{"type":"integer"},"suppressed":{"type":"integer"},"rejected":{"type":"integer","description":"Kept as dead letters."},"dead_letters":{"type":"string","description":"Where their reasons stand; only when something was rejected."},"offset":{"type":"integer","description":"Also X-Log-Offset."}}})"},
        {"Settings",
         R"({"type":"object","required":["integrations"],"properties":{"integrations":{"type":"object"}}})"},
        {"Catalogue",
         R"({"type":"object","required":["events"],"properties":{"events":{"type":"array","items":{"type":"object"}}}})"},
        {"Upload", R"({"type":"string","format":"binary","description":"The file itself."})"},
        {"Imported",
         R"({"type":"object","required":["read","accepted","duplicate","rejected"],"properties":{"read":{"type":"integer"},"accepted":{"type":"integer"},"duplicate":{"type":"integer"},"rejected":{"type":"integer"},"problems":{"type":"array","items":{"type":"string"}},"notes":{"type":"array","items":{"type":"string"},"description":"What was taken otherwise than it stands in the files."},"rejected_rows":{"type":["string","null"],"description":"Id under which the rejected rows are found for a while."}}})"},
        {"Progress",
         R"({"type":"object","required":["progress"],"properties":{"progress":{"type":"number","minimum":0,"maximum":1}}})"},
        {"LocalImport", R"({"type":"object","required":["recipe","paths"],"properties":{"recipe":{"type":"string"},"paths":{"type":"array","items":{"type":"string"}},"shift_to_now":{"type":"boolean"}}})"},
        {"DeadLetters",
         R"({"type":"object","required":["dead_letters"],"properties":{"dead_letters":{"type":"array","items":{"type":"object","required":["id","code","message"],"properties":{"id":{"type":"integer"},"received_at":{"type":"string","format":"date-time"},"code":{"type":"string"},"message":{"type":"string"},"where":{"type":"string"},"expected":{"type":"string"},"raw":{"type":"string"}}}}}})"},
        {"Redriven",
         R"({"type":"object","required":["accepted","duplicate","suppressed","closed","still_wrong","next","offset"],"properties":{"accepted":{"type":"integer"},"duplicate":{"type":"integer"},"suppressed":{"type":"integer"},"closed":{"type":"integer","description":"Letters that are dealt with and shown no more."},"still_wrong":{"type":"integer","description":"Letters that stay, with their reason."},"next":{"type":"integer","description":"Pass as after to go on."},"offset":{"type":"integer"}}})"},
        {"Tag",
         R"({"type":"object","required":["name","value","strength","since","until","source"],"properties":{"name":{"type":"string"},"value":{"type":"string"},"strength":{"type":"number","minimum":0,"maximum":1},"since":{"type":"string","format":"date-time"},"until":{"type":["string","null"],"format":"date-time"},"source":{"type":"string"}}})"},
        {"Identity",
         R"({"type":"object","required":["kind","value"],"properties":{"kind":{"enum":["user_id","anonymous_id","email","phone","member_id","device_id","openid","unionid"]},"value":{"type":["string","null"],"description":"null for readers who may not see it."},"node":{"type":"integer"},"shared":{"type":"boolean"}}})"},
        {"Customer",
         R"({"type":"object","required":["id","identities","traits","tags","segments","primary","undetermined","scores","consent","open_problems","services","orders_total","orders","valid_at","known_at"],"properties":{"id":{"type":"string"},"identities":{"type":"array","items":{"$ref":"#/components/schemas/Identity"}},"traits":{"type":"object","additionalProperties":{"type":"string"}},"tags":{"type":"object","required":["base","behaviour","need"],"properties":{"base":{"type":"array","items":{"$ref":"#/components/schemas/Tag"}},"behaviour":{"type":"array","items":{"$ref":"#/components/schemas/Tag"}},"need":{"type":"array","items":{"$ref":"#/components/schemas/Tag"}}}},"segments":{"type":"array","items":{"type":"object","required":["name","since"],"properties":{"name":{"type":"string"},"since":{"type":"string","format":"date-time"}}}},"primary":{"type":["string","null"]},"undetermined":{"type":"array","items":{"type":"object","required":["class","reason"],"properties":{"class":{"type":"string"},"reason":{"type":"string"}}}},"scores":{"type":"object","properties":{"value":{"type":"integer"},"urgency":{"type":"integer"}}},"consent":{"type":"array","items":{"$ref":"#/components/schemas/Consent"}},"open_problems":{"type":"array","items":{"type":"object"}},"services":{"type":"array","items":{"type":"object"}},"orders_total":{"type":"integer"},"orders":{"type":"array","items":{"type":"object"}},"facts":{"type":"integer"},"first_seen":{"type":["string","null"]},"last_seen":{"type":["string","null"]},"valid_at":{"type":"string","format":"date-time"},"known_at":{"type":"integer"}}})"},
        {"Explanation",
         R"({"type":"object","required":["about","answer","valid_at","known_at","until","steps"],"properties":{"about":{"type":"string"},"answer":{"type":"string"},"valid_at":{"type":"string","format":"date-time"},"known_at":{"type":"integer"},"until":{"type":["string","null"],"format":"date-time"},"steps":{"type":"array","items":{"type":"object","required":["rule","value","events"],"properties":{"rule":{"type":"string"},"value":{"type":"string"},"depth":{"type":"integer"},"events":{"type":"array","items":{"type":"integer"}}}}}}})"},
        {"Event",
         R"({"type":"object","required":["seq","event_time","type","event"],"properties":{"seq":{"type":"integer"},"event_time":{"type":"string","format":"date-time"},"received_at":{"type":"string","format":"date-time"},"type":{"type":"string"},"event":{"type":"string"},"message_id":{"type":"string"},"node":{"type":"integer"},"from_page":{"type":"boolean"},"properties":{"type":"object"},"personal":{"type":"object"}}})"},
        {"Timeline",
         R"({"type":"object","required":["events"],"properties":{"events":{"type":"array","items":{"$ref":"#/components/schemas/Event"}}}})"},
        {"PersonExport", R"({"type":"object"})"},
        {"Consent",
         R"({"type":"object","required":["purpose","channel","granted"],"properties":{"purpose":{"type":"string"},"channel":{"type":"string"},"granted":{"type":"boolean"},"at":{"type":"string","format":"date-time"}}})"},
        {"Offset", R"({"type":"object","required":["offset"],"properties":{"offset":{"type":"integer"}}})"},
        {"Segments",
         R"({"type":"object","required":["segments"],"properties":{"segments":{"type":"array","items":{"type":"object","required":["name","rule","shipped","members"],"properties":{"name":{"type":"string"},"rule":{"type":"string"},"shipped":{"type":"boolean"},"members":{"type":"integer"},"undetermined":{"type":"string"},"since":{"type":"integer"}}}}}})"},
        {"Rule",
         R"({"type":"object","required":["rule"],"properties":{"rule":{"type":"string","description":"docs/formats/rules.md; the text alone, as text/plain, does as well."}}})"},
        {"SegmentPage",
         R"({"type":"object","required":["name","customers","next_cursor","total","known_at"],"properties":{"name":{"type":"string"},"customers":{"type":"array","items":{"type":"object","required":["id","since"],"properties":{"id":{"type":"string"},"since":{"type":"string","format":"date-time"}}}},"next_cursor":{"type":["string","null"]},"total":{"type":"integer"},"known_at":{"type":"integer"}}})"},
        {"Query", R"({"type":"object","required":["query"],"properties":{"query":{"type":"string"}}})"},
        {"SqlAnswer",
         R"({"type":"object","required":["columns","rows","truncated","known_at","seconds"],"properties":{"columns":{"type":"array","items":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"type":{"type":"string"}}}},"rows":{"type":"array","items":{"type":"array","items":{}}},"truncated":{"type":"boolean"},"known_at":{"type":"integer"},"seconds":{"type":"number"}}})"},
        {"SqlTables",
         R"({"type":"object","required":["tables","mirrored","log"],"properties":{"tables":{"type":"array","items":{"type":"object","required":["name","columns"],"properties":{"name":{"type":"string"},"columns":{"type":"array","items":{"type":"object","required":["name","type"],"properties":{"name":{"type":"string"},"type":{"type":"string"}}}}}}},"mirrored":{"type":"integer","description":"The tables hold the log up to here."},"log":{"type":"integer","description":"And here it ends; a question waits for the rest."}}})"},
        {"ExportQuery",
         R"({"type":"object","required":["query","format"],"properties":{"query":{"type":"string"},"format":{"enum":["csv","parquet","xlsx","jsonl"]}}})"},
        {"Flip",
         R"({"type":"object","required":["id","customer","segment","change","corrected","valid_at","cause"],"properties":{"id":{"type":"string"},"customer":{"type":"string"},"segment":{"type":"string"},"change":{"enum":["entered","left"]},"corrected":{"type":"boolean"},"valid_at":{"type":"string","format":"date-time"},"cause":{"type":"integer"}}})"},
        {"Tail",
         R"({"type":"object","required":["events","flips","next"],"properties":{"events":{"type":"array","items":{"$ref":"#/components/schemas/Event"}},"flips":{"type":"array","items":{"$ref":"#/components/schemas/Flip"}},"next":{"type":"integer","description":"Pass as after to go on."}}})"},
        {"Webhooks",
         R"({"type":"object","required":["webhooks"],"properties":{"webhooks":{"type":"array","items":{"type":"object","required":["id","url","events"],"properties":{"id":{"type":"integer"},"url":{"type":"string"},"events":{"type":"array","items":{"type":"string"}},"delivered":{"type":"integer"},"pending":{"type":"integer"},"dead":{"type":"integer"}}}}}})"},
        {"NewWebhook",
         R"({"type":"object","required":["url"],"properties":{"url":{"type":"string","format":"uri"},"events":{"type":"array","items":{"type":"string"}}}})"},
        {"WebhookSecret",
         R"({"type":"object","required":["id","secret"],"properties":{"id":{"type":"integer"},"secret":{"type":"string"}}})"},
        {"WebhooksRedriven",
         R"({"type":"object","required":["redriven"],"properties":{"redriven":{"type":"integer"}}})"},
        {"Shops",
         R"({"type":"object","required":["shops"],"properties":{"shops":{"type":"array","items":{"type":"object","required":["name","position","customers","driven","simulated","now"],"properties":{"name":{"type":"string"},"position":{"type":"integer"},"customers":{"type":"integer"},"driven":{"type":"boolean"},"simulated":{"type":"boolean","description":"To be labelled wherever it is shown."},"now":{"type":"string","format":"date-time","description":"By the shop's own clock."}}}}}})"},
        {"Keys",
         R"({"type":"object","required":["keys"],"properties":{"keys":{"type":"array","items":{"type":"object","required":["id","role","label","created"],"properties":{"id":{"type":"integer"},"shop":{"type":"string"},"role":{"type":"string"},"label":{"type":"string"},"created":{"type":"string","format":"date-time"}}}}}})"},
        {"NewKey",
         R"({"type":"object","required":["role"],"properties":{"role":{"enum":["ingest","public","read","admin"]},"label":{"type":"string"},"shop":{"type":"string","description":"Over the folder's socket only: the shop, made when it does not exist."},"currency":{"type":"string"},"zone":{"type":"string"},"clock":{"enum":["wall","driven"]}}})"},
        {"Key",
         R"({"type":"object","required":["key","role"],"properties":{"key":{"type":"string"},"role":{"type":"string"}}})"},
        {"Clock",
         R"({"type":"object","required":["now"],"properties":{"now":{"type":"string","format":"date-time"}}})"},
        {"Backup",
         R"({"type":"object","required":["to"],"properties":{"to":{"type":"string","description":"A folder on the server that does not exist yet."}}})"},
        {"Verify",
         R"({"type":"object","properties":{"batch":{"type":"integer","minimum":1},"threads":{"type":"integer","minimum":1,"maximum":64,"description":"Shops are folded beside one another; with more threads than shops the log is read ahead of the fold."}}})"},
        {"Verified",
         R"({"type":"object","required":["shops","state","seq"],"properties":{"shops":{"type":"array","items":{"type":"object","required":["name","state","seq"],"properties":{"name":{"type":"string"},"state":{"type":"string"},"seq":{"type":"integer"}}}},"state":{"type":"string"},"seq":{"type":"integer"},"events_per_second":{"type":"number"},"text":{"type":"string","description":"The lines that rapport verify prints."}}})"},
        {"OpenApi", R"({"type":"object","required":["openapi","paths"]})"},
};
#undef RAPPORT_MESSAGE

}  // namespace

std::span<const Schema> engine_schemas() {
  return kSchemas;
}

}  // namespace rapport::http::detail
