#include "engine/engine_parcels.h"
#include "http/detail/ask.h"
#include "http/detail/json_text.h"
#include "http/detail/log_offset.h"
#include "http/detail/topics.h"
#include "model/payment_failures.h"

/// The topic "parcels": where parcels are, when they will come, what was announced. The engine answers with
/// JSON texts; nothing is computed here.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
using detail::as_json;

constexpr std::size_t kPolicyMost = 16 * 1024;
constexpr std::string_view kTag = "parcels";

void list(Ask ask) {
  engine::ParcelsQuery query;
  query.queue = ask.request().parameter("queue").value_or("open");
  HTTP_TRY(query.most, detail::number_parameter(ask.request(), "limit", 50, 500));
  HTTP_TRY(query.after_offset, detail::log_offset(ask.request()));
  engine::parcels(ask.engine(), ask.who.shop, std::move(query), as_json(ask.call));
}
void one(Ask ask) {
  HTTP_TRY(const auto after, detail::log_offset(ask.request()));
  engine::parcel(ask.engine(), ask.who.shop, ask.values[0], after, as_json(ask.call));
}
void policy(Ask ask) {
  engine::parcel_policy(ask.engine(), ask.who.shop, as_json(ask.call));
}
void put_policy(Ask ask) {
  engine::publish_parcel_policy(ask.engine(), ask.who.shop, ask.request().body, as_json(ask.call));
}

void write_text(codec::JsonWriter& json, std::string_view name, const model::PaymentText& text) {
  json.key(name);
  json.begin_object();
  json.field("zh-Hans", text.zh_hans);
  json.field("zh-Hant", text.zh_hant);
  json.field("en", text.en);
  json.end_object();
}

/// What a code of a failed payment means, and the way out; nothing is kept.
void payment_help(Ask ask) {
  constexpr std::size_t kCodeMost = 100;
  const std::string code = ask.request().parameter("code").value_or("");
  const std::string method = ask.request().parameter("method").value_or("");
  if (code.empty() || code.size() > kCodeMost || method.size() > kCodeMost)
    return ask.call->respond(
        problem(Error{Errc::bad_input, "no code", "code", "the code of the failed payment, and its method"}));
  const model::PaymentCause cause = model::cause_of_payment_code(method, code);
  const model::PaymentCauseSpec& spec = model::payment_cause(cause);
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("code", code);
  json.field("cause", spec.name);
  json.field("known", cause != model::PaymentCause::unknown);
  write_text(json, "why", spec.why);
  write_text(json, "what", spec.what);
  json.field("again", spec.again);
  json.key("ways");
  json.begin_array();
  for (const std::string_view way : model::ways_out(cause, method)) json.text(way);
  json.end_array();
  json.end_object();
  ask.call->respond(std::move(response));
}

constexpr Parameter kHelp[] = {
    {"code", "string", "As the gateway or the card network gave it."},
    {"method", "string", "alipay, wechat_pay, unionpay, credit_card, ...: whose code it is."}};
constexpr Parameter kList[] = {
    {"queue", "string",
     "open, likely_late (announced or about to be), late (promise over), delivered; open when left out."},
    {"limit", "integer", "At most so many, up to 500; 50 when left out."}};

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/parcels",
     .needs = read,
     .tag = kTag,
     .summary =
         "Parcels with their newest node, the promise, the chance of being late and when they will come.",
     .answer = "Parcels",
     .parameters = kList,
     .handle = list},
    {.method = get,
     .pattern = "/v1/parcels/policy",
     .needs = read,
     .tag = kTag,
     .summary =
         "When delays are announced and what is given; the threshold that it comes to now, and what others "
         "would have done.",
     .answer = "ParcelPolicyAnswer",
     .handle = policy},
    {.method = put,
     .pattern = "/v1/parcels/policy",
     .needs = publish,
     .tag = kTag,
     .summary = "Publishes it (Parcel Policy Published). The first one begins the announcing; promises that "
                "were over "
                "before are history.",
     .body = "ParcelPolicy",
     .answer = "Offset",
     .handle = put_policy,
     .body_most = kPolicyMost},
    {.method = get,
     .pattern = "/v1/parcels/{order_id}",
     .needs = read,
     .tag = kTag,
     .summary = "One parcel: its nodes with time and place, the promise, the estimate, what was announced.",
     .answer = "Parcel",
     .handle = one},
    {.method = get,
     .pattern = "/v1/shop/payment-help",
     .needs = browse,
     .tag = "shopfront",
     .summary = "What a failed payment's code means, in three languages, and the ways out; an unknown code "
                "is said to be.",
     .answer = "PaymentHelp",
     .parameters = kHelp,
     .handle = payment_help,
     .cors = true},
};

#define RAPPORT_PARCEL                                                                                                   \
  R"("order_id":{"type":"string"},"customer":{"type":["string","null"]},"node":{"type":"string"},)"                      \
  R"("carrier":{"type":["string","null"]},"region":{"type":["string","null"]},"placed":{"type":["string","null"]},)"     \
  R"("promised":{"type":["string","null"]},"signed":{"type":["string","null"]},"late":{"type":"boolean"},)"              \
  R"("late_chance":{"type":["number","null"],"minimum":0,"maximum":1,"description":"null: nothing is promised, it was )" \
  R"(signed for, or too few parcels like it were seen."},)"                                                              \
  R"("estimate":{"type":["object","null"],"description":"Signed for by from, at, to with 10, 50, 90 in a hundred.",)"    \
  R"("properties":{"at":{"type":"string"},"from":{"type":"string"},"to":{"type":"string"},)"                             \
  R"("like_it":{"type":"integer"},"rung":{"type":"integer"},"few":{"type":"boolean","description":"Fewer than 30 like )" \
  R"(it: the interval is a wider lane's."}}},"announced":{"type":["object","null"]},"decided_at":{"type":)"              \
  R"(["string","null"],"description":"Until then a doubt waits for news: twelve hours before the promise."})"

constexpr detail::Schema kSchemas[] = {
    {"Parcels",
     R"({"type":"object","required":["now","parcels","matching","known_at"],"properties":{"now":{"type":"string","format":"date-time"},"parcels":{"type":"array","items":{"type":"object","properties":{)" RAPPORT_PARCEL
     R"(}}},"matching":{"type":"integer"},"counts":{"type":"object"},"learned_from":{"type":"integer"},"known_at":{"type":"integer"}}})"},
    {"Parcel",
     R"({"type":"object","required":["now","order_id","nodes"],"properties":{"now":{"type":"string","format":"date-time"},)" RAPPORT_PARCEL
     R"(,"nodes":{"type":"array","items":{"type":"object","properties":{"node":{"type":"string"},"reached":{"type":["string","null"]},"promised":{"type":["string","null"]},"place":{"type":["string","null"]}}}}}})"},
    {"ParcelPolicy",
     R"({"type":"object","properties":{"threshold":{"type":"number"},"false_warnings":{"type":"number","description":"Instead of a threshold: of the punctual parcels at most this share is warned of for nothing; 0.1."},"patience":{"type":"string","description":"Late by more than this is announced in any case; 24h."},"compensation":{"type":"object","required":["coupon","value"],"properties":{"coupon":{"type":"string"},"value":{"type":["string","number"]},"currency":{"type":"string"},"valid":{"type":"string"},"after":{"type":"string"}}},"caps":{"type":"object","properties":{"customer":{"type":"integer"},"day":{"type":"integer"},"days":{"type":"integer"},"budget":{"type":["string","number"]}}},"channels":{"type":"array","items":{"enum":["app","email"]}}}})"},
    {"PaymentHelp",
     R"({"type":"object","required":["code","cause","known","why","what","again","ways"],"properties":{"code":{"type":"string"},"cause":{"type":"string"},"known":{"type":"boolean"},"why":{"type":"object"},"what":{"type":"object"},"again":{"type":"boolean","description":"The same method may work at once."},"ways":{"type":"array","items":{"type":"string"},"description":"Other methods, the likeliest first."}}})"},
    {"ParcelPolicyAnswer",
     R"({"type":"object","required":["published"],"properties":{"published":{"type":"boolean"},"policy":{"type":["object","null"]},"threshold_now":{"type":["number","null"]},"trials":{"type":"array","items":{"type":"object"}}}})"},
};

}  // namespace

namespace detail {

std::span<const Route> parcels_routes() {
  return kRoutes;
}

std::span<const Schema> parcels_schemas() {
  return kSchemas;
}

}  // namespace detail
}  // namespace rapport::http
