#include "engine/engine_packages.h"
#include "http/detail/ask.h"
#include "http/detail/json_text.h"
#include "http/detail/topics.h"

/// The topic "packages": what the shop composes of services and products, and how a service profiles against
/// the ordinary one. The engine answers with JSON texts; nothing is computed here.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
using detail::as_json;

constexpr std::size_t kPackageMost = 32 * 1024;
constexpr std::string_view kTag = "services";

void list(Ask ask) {
  engine::packages(ask.engine(), ask.who.shop, as_json(ask.call));
}
void plan(Ask ask) {
  engine::plan_package(ask.engine(), ask.who.shop, ask.request().body, as_json(ask.call));
}
void publish_it(Ask ask) {
  engine::publish_package(ask.engine(), ask.who.shop, ask.values[0], ask.request().body, as_json(ask.call));
}
void profile(Ask ask) {
  engine::service_profile(ask.engine(), ask.who.shop, ask.values[0], as_json(ask.call));
}

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/packages",
     .needs = read,
     .tag = kTag,
     .summary = "The packages composed of services and products, with what each leaves at today's costs.",
     .answer = "Packages",
     .handle = list},
    {.method = post,
     .pattern = "/v1/packages/plan",
     .needs = read,
     .tag = kTag,
     .summary = "Price, cost and margin of a package, and what the facts say of those who have its parts.",
     .body = "PackageDraft",
     .answer = "PackagePlan",
     .handle = plan,
     .body_most = kPackageMost},
    {.method = put,
     .pattern = "/v1/packages/{id}",
     .needs = publish,
     .tag = kTag,
     .summary =
         "Publishes a package (Bundle Published); not above its parts' price, nor below their cost unless "
         "that is meant.",
     .body = "PackageDraft",
     .answer = "PackagePublished",
     .handle = publish_it,
     .body_most = kPackageMost},
    {.method = get,
     .pattern = "/v1/services/{id}/profile",
     .needs = read,
     .tag = kTag,
     .summary = "One service against the ordinary service on six dimensions, with the evidence for each.",
     .answer = "ServiceProfile",
     .handle = profile},
};

#define RAPPORT_PLAN                                                                                               \
  R"("parts":{"type":"array","items":{"type":"object","required":["kind","id","name","quantity","price","cost",)"  \
  R"("total"],"properties":{"kind":{"enum":["service","product"]},"id":{"type":"string"},"name":{"type":)"         \
  R"("string"},"quantity":{"type":"integer"},"price":{"type":"number"},"cost":{"type":["number","null"]},)"        \
  R"("total":{"type":"number"},"had":{"type":"number","description":"Customers who had it in those days."}}}},)"   \
  R"("list":{"type":"number"},"price":{"type":"number"},"saved":{"type":"number"},"discount":{"type":"number"},)"  \
  R"("cost":{"type":["number","null"]},"margin":{"type":["number","null"]},"margin_rate":{"type":["number",)"      \
  R"("null"]},"currency":{"type":"string"},"facts":{"type":"object","description":"Of the last days: customers )"  \
  R"(with any part, with all, the share with its interval (Wilson), what the saving costs on those who have all )" \
  R"(anyway, and how many packages to others bring that back.","required":["days","any","together","share",)"      \
  R"("share_low","share_high","value_if_nobody_changes","break_even","candidates"]})"
#define RAPPORT_SAID R"({"type":"object","required":["en","zh-Hans","zh-Hant"]})"
#define RAPPORT_MEASURED R"({"type":["object","null"],"required":["value","ci_low","ci_high","n"]})"

constexpr detail::Schema kSchemas[] = {
    {"PackageDraft",
     R"({"type":"object","properties":{"services":{"type":"array","items":{"type":["string","object"]}},"products":)"
     R"({"type":"array","items":{"type":["string","object"]}},"discount":{"type":"number"},"price":{"type":"number"},)"
     R"("days":{"type":"integer"},"title":{"type":"string","description":"Needed to publish."},"title_en":{"type":)"
     R"("string"},"family":{"type":"string","description":"Packages of one family are tiers of one another."},"tier":)"
     R"({"type":"string"},"rank":{"type":"number"},"until":{"type":"string","format":"date-time"},"below_cost":)"
     R"({"type":"boolean"}}})"},
    {"PackagePlan",
     R"({"type":"object","required":["parts","list","price","saved","discount","cost","margin","margin_rate",)"
     R"("currency","facts"],"properties":{)" RAPPORT_PLAN R"(}})"},
    {"Packages",
     R"({"type":"object","required":["packages","known_at"],"properties":{"packages":{"type":"array","items":{"type":)"
     R"("object","required":["package_id"],"properties":{"package_id":{"type":"string"},"title":{"type":"string"},)"
     R"("title_en":{"type":"string"},"family":{"type":"string"},"tier":{"type":"string"},"rank":{"type":"number"},)"
     R"("until":{"type":"string"},"problem":{"type":"string"},)" RAPPORT_PLAN
     R"(}}},"known_at":{"type":"integer"}}})"},
    {"PackagePublished",
     R"({"type":"object","required":["package_id","offset"],"properties":{"package_id":{"type":"string"},"offset":)"
     R"({"type":"integer"}}})"},
    {"ServiceProfile",
     R"({"type":"object","required":["service_id","name","layer","ordinary","ordinary_text","dimensions","flag",)"
     R"("known_at"],"properties":{"service_id":{"type":"string"},"name":{"type":"string"},"layer":{"type":"string"},)"
     R"("ordinary":{"type":"array","items":{"type":"string"}},"ordinary_text":)" RAPPORT_SAID
     R"(,"dimensions":{"type":"array","items":{"type":"object","required":["dimension","title","stand","evidence"],)"
     R"("properties":{"dimension":{"enum":["added_value","customisation","charging","experience","advantage",)"
     R"("positioning"]},"title":)" RAPPORT_SAID
     R"(,"stand":{"enum":["above","like","below","no_evidence"]},"evidence":{"type":"array","items":{"type":"object",)"
     R"("required":["source","measure","unit","own","ordinary","difference","difference_low","difference_high",)"
     R"("stand"],"properties":{"source":{"enum":["facts","survey","study"]},"measure":)" RAPPORT_SAID
     R"(,"unit":{"enum":["share","points","currency"]},"own":)" RAPPORT_MEASURED
     R"(,"ordinary":)" RAPPORT_MEASURED
     R"(,"difference":{"type":"number"},"difference_low":{"type":"number"},"difference_high":{"type":"number"},)"
     R"("stand":{"type":"string"}}}}}}},"flag":{"type":["object","null"]},"currency":{"type":"string"},"known_at":{"type":"integer"}}})"},
};

}  // namespace

std::span<const Route> detail::package_routes() {
  return kRoutes;
}
std::span<const detail::Schema> detail::package_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
