#include "engine/engine_catalogue.h"
#include "http/detail/ask.h"
#include "http/detail/json_text.h"
#include "http/detail/topics.h"

/// The topic "catalogue": what can be recommended, listed with its state, shown whole, published. The engine
/// answers with JSON texts.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
using detail::as_json;

constexpr std::size_t kNounMost = 64 * 1024;
constexpr std::uint64_t kFromMost = 10'000'000;
constexpr std::string_view kTag = "catalogue";

void list(Ask ask) {
  engine::CatalogueQuery query;
  const Request& request = ask.request();
  query.kind = request.parameter("kind").value_or("");
  query.state = request.parameter("state").value_or("");
  query.category = request.parameter("category").value_or("");
  query.query = request.parameter("query").value_or("");
  HTTP_TRY(query.from, detail::number_parameter(request, "from", 0, kFromMost));
  HTTP_TRY(query.most, detail::number_parameter(request, "limit", 50, engine::CatalogueQuery::kMost));
  engine::catalogue(ask.engine(), ask.who.shop, std::move(query), as_json(ask.call));
}

void one(Ask ask) {
  engine::catalogue_offer(ask.engine(), ask.who.shop, ask.values[0], ask.values[1], as_json(ask.call));
}

void put_one(Ask ask) {
  engine::publish_offer(ask.engine(), ask.who.shop, ask.values[0], ask.values[1], ask.request().body,
                        as_json(ask.call));
}

constexpr Parameter kList[] = {
    {"kind", "string", "product, bundle, content, service, coupon, adviser or early_access."},
    {"state", "string", "on_offer, sold_out, not_yet, expired or hidden."},
    {"category", "string", "Of products: exactly this category."},
    {"query", "string", "Part of an id, a name or a category."},
    {"from", "integer", "So many are passed over."},
    {"limit", "integer", "At most so many, up to 200; 50 when left out."}};

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/catalogue",
     .needs = read,
     .tag = kTag,
     .summary = "What can be recommended, with its state, and how many there are of each kind and state.",
     .answer = "OffersList",
     .parameters = kList,
     .handle = list},
    {.method = get,
     .pattern = "/v1/catalogue/{kind}/{id}",
     .needs = read,
     .tag = kTag,
     .summary = "One offer, with the whole noun that publishes it.",
     .answer = "OfferWhole",
     .handle = one},
    {.method = put,
     .pattern = "/v1/catalogue/{kind}/{id}",
     .needs = publish,
     .tag = kTag,
     .summary = "Publishes an offer, whole, in place of the one before; an event of the log.",
     .body = "OfferNoun",
     .answer = "OfferPublished",
     .handle = put_one,
     .body_most = kNounMost},
};

#define RAPPORT_OFFER                                                                                           \
  R"({"type":"object","required":["kind","id","title","title_en","category","price","currency","stock",)"       \
  R"("state","from","until"],"properties":{"kind":{"type":"string"},"id":{"type":"string"},"title":{"type":)"   \
  R"("string"},"title_en":{"type":"string"},"category":{"type":"string"},"category_en":{"type":"string"},)"     \
  R"("price":{"type":["string","null"]},"currency":{"type":"string"},"stock":{"type":["integer","null"]},)"     \
  R"("state":{"enum":["on_offer","sold_out","not_yet","expired","hidden"]},"from":{"type":["string","null"]},)" \
  R"("until":{"type":["string","null"]},"product_ids":{"type":"array","items":{"type":"string"}},"goes_with":{"type":"string"},"word":{"type":"string"}}})"

constexpr detail::Schema kSchemas[] = {
    {"OffersList",
     R"({"type":"object","required":["items","total","counts"],"properties":{"items":{"type":"array","items":)" RAPPORT_OFFER
     R"(},"total":{"type":"integer","description":"Of the filter, on all pages."},"counts":{"type":"object",)"
     R"("description":"By kind and state, whatever the filter.","additionalProperties":{"type":"object",)"
     R"("additionalProperties":{"type":"integer"}}}}})"},
    {"OfferWhole", R"({"type":"object","required":["offer","noun"],"properties":{"offer":)" RAPPORT_OFFER
                   R"(,"noun":{"type":"object","description":"As published."}}})"},
    {"OfferNoun",
     R"({"type":"object","description":"The whole noun; members that are left out are gone. Those that count for )"
     R"(recommending are listed, any other is kept.","properties":{"title":{"type":"string"},"title_en":{"type":)"
     R"("string"},"name":{"type":"string"},"name_en":{"type":"string"},"category":{"type":"string"},"price":)"
     R"({"type":["number","string"]},"currency":{"type":"string"},"stock":{"type":"integer"},"hidden":{"type":)"
     R"("boolean"},"from":{"type":"string","format":"date-time"},"until":{"type":"string","format":"date-time"},)"
     R"("repurchase_days":{"type":"integer"},"goes_with":{"type":"string"},"scenes":{"type":"array","items":{"type":)"
     R"("string"}},"functions":{"type":"array","items":{"type":"string"}},"product_ids":{"type":"array","items":)"
     R"({"type":"string"}},"url":{"type":"string","description":"https://..."}}})"},
    {"OfferPublished",
     R"({"type":"object","required":["kind","id","offset"],"properties":{"kind":{"type":"string"},"id":{"type":)"
     R"("string"},"offset":{"type":"integer"}}})"},
};
#undef RAPPORT_OFFER

}  // namespace

std::span<const Route> detail::catalogue_routes() {
  return kRoutes;
}

std::span<const detail::Schema> detail::catalogue_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
