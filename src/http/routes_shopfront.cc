#include "http/detail/ask.h"
#include "http/detail/topics.h"
#include "http/router.h"

/// The topic "shopfront": what a visitor of the shop sees; a public key is enough.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
namespace h = handlers;

constexpr Access kKey = Access::key;

constexpr Parameter kProducts[] = {
    {"query", "string",
     "Words that all stand in names, brand, category, scenes or functions; Chinese or English."},
    {"category", "string", "A category or department, in either language."},
    {"scene", "string", "A scene that the product is for."},
    {"function", "string", "A function that it has."},
    {"cursor", "string", "next_cursor of the page before."},
    {"limit", "integer", "At most so many, up to 100."}};
constexpr Parameter kBestsellers[] = {{"region", "string", "A region as events name it (CN-33)."},
                                      {"limit", "integer", "At most so many, up to 100."}};
constexpr Parameter kReviews[] = {{"aspect", "string", "Only those that speak of it: one of `aspects`."},
                                  {"critical", "boolean", "Only those with at most two stars."},
                                  {"skip", "integer", "`next` of the page before."},
                                  {"limit", "integer", "At most so many, up to 20."}};
constexpr Parameter kVisitor[] = {
    {"anonymous_id", "string", "The visitor's own, as her browser made it: 16 characters or more.", true}};

const Route kRoutes[] = {
    {get, "/v1/shop/products", kKey, browse, "shopfront",
     "Published products, those sold most first; names that begin with the query before all.", "",
     "ShopProducts", "", kProducts, h::shop_products, 0, true},
    {get,
     "/v1/shop/products/{id}",
     kKey,
     browse,
     "shopfront",
     "One product with its counters and rating.",
     "",
     "ShopProduct",
     "",
     {},
     h::shop_product,
     0,
     true},
    {get, "/v1/shop/products/{id}/reviews", kKey, browse, "shopfront",
     "The newest 200 reviews of a product, without their authors, in an order that knows neither stars nor "
     "sentiment; each says why it stands where it does.",
     "", "ShopReviews", "", kReviews, h::shop_reviews, 0, true},
    {get, "/v1/shop/bestsellers", kKey, browse, "shopfront",
     "What was sold most in the last three periods of 28 days, in a region or in the whole shop.", "",
     "Bestsellers", "", kBestsellers, h::shop_bestsellers, 0, true},
    {get,
     "/v1/shop/services",
     kKey,
     browse,
     "shopfront",
     "Published services, without the shop's own figures.",
     "",
     "ShopServices",
     "",
     {},
     h::shop_services,
     0,
     true},
    {.method = get,
     .pattern = "/v1/shop/surveys/{id}",
     .access = kKey,
     .needs = browse,
     .tag = "shopfront",
     .summary = "The form of an open questionnaire, for elements that ask in the shop's own pages.",
     .answer = "ShopSurvey",
     .handle = h::shop_survey,
     .cors = true},
    {get, "/v1/shop/me", kKey, browse, "shopfront",
     "A visitor's own orders with their six nodes, returns, services, coupons, appointments and messages; no "
     "personal parts.",
     "", "Visitor", "", kVisitor, h::shop_visitor, 0, true},
};

#define RAPPORT_PRODUCT                                                                                              \
  R"({"type":"object","required":["product_id","orders","pieces","views","rating","ratings"],"description":)"        \
  R"("Public members of the noun as published (name, name_en, brand, category, price, parameters, scenes, )"         \
  R"(functions, selling_points, ...), counters of the last three periods of 28 days, and the rating of all time.",)" \
  R"("properties":{"product_id":{"type":"string"},"orders":{"type":"integer"},"pieces":{"type":"integer"},)"         \
  R"("views":{"type":"integer"},"rating":{"type":["number","null"]},"ratings":{"type":"integer"}}})"

constexpr detail::Schema kSchemas[] = {
    {"ShopProduct", RAPPORT_PRODUCT},
    {"ShopProducts",
     R"({"type":"object","required":["products","total","next_cursor","categories"],"properties":{"products":)"
     R"({"type":"array","items":)" RAPPORT_PRODUCT
     R"(},"total":{"type":"integer"},"next_cursor":{"type":"string"},)"
     R"("categories":{"type":"array","description":"Of the whole catalogue.","items":{"type":"object","required":)"
     R"(["name","name_en","products"],"properties":{"name":{"type":"string"},"name_en":{"type":"string"},)"
     R"("products":{"type":"integer"}}}}}})"},
    {"Bestsellers",
     R"({"type":"object","required":["label","region","items"],"properties":{"label":{"enum":)"
     R"(["best-sellers by region","best-sellers"]},"region":{"type":["string","null"]},"items":{"type":"array",)"
     R"("items":)" RAPPORT_PRODUCT R"(}}})"},
    {"ShopReviews",
     R"({"type":"object","required":["product_id","rating","ratings","by_stars","reviews"],"properties":)"
     R"({"product_id":{"type":"string"},"rating":{"type":["number","null"]},"ratings":{"type":"integer"},)"
     R"("by_stars":{"type":"array","description":"How many of 1 to 5.","items":{"type":"integer"}},"reviews":)"
     R"({"type":"array","items":{"type":"object","required":["review_id","rating","at","verified","text"],)"
     R"("properties":{"review_id":{"type":"string"},"rating":{"type":"number"},"at":{"type":"string","format":)"
     R"("date-time"},"verified":{"type":"boolean"},"has_media":{"type":"boolean"},"aspects":{"type":"array","items":)"
     R"({"type":"string"}},"followed_at":{"type":"string"},"replied_at":{"type":"string"},"points":{"type":"integer"},)"
     R"("reasons":{"type":"array","items":{"type":"object","required":["kind","points"],"properties":{"kind":{"enum":)"
     R"(["media","verified","follow_up","aspects","length","recency"]},"points":{"type":"integer"}}}},)"
     R"("title":{"type":"string"},"text":{"type":"string"},)"
     R"("follow_up":{"type":"string"},"reply":{"type":"string"}}}}}})"},
    {"ShopServices",
     R"({"type":"object","required":["services"],"properties":{"services":{"type":"array","items":{"type":"object",)"
     R"("required":["service_id"],"properties":{"service_id":{"type":"string"}}}}}})"},
    {"ShopSurvey",
     R"({"type":"object","required":["survey_id","survey"],"properties":{"survey_id":{"type":"string"},"survey":)"
     R"({"type":"object","description":"As GET /v1/ask/{token} shows it: title, intro, thanks, items; a text is )"
     R"({\"en\",\"zh-Hans\",\"zh-Hant\"}."}}})"},
    {"Visitor",
     R"({"type":"object","required":["known","orders","returns","services","messages","known_at"],"properties":)"
     R"({"known":{"type":"boolean"},"orders":{"type":"array","items":{"type":"object","required":["order_id",)"
     R"("placed","state","total","currency","lines","nodes"],"properties":{"order_id":{"type":"string"},"placed":)"
     R"({"type":"string","format":"date-time"},"state":{"type":"string"},"total":{"type":"string"},"currency":)"
     R"({"type":"string"},"lines":{"type":"array","items":{"type":"object","required":["product_id","quantity"],)"
     R"("properties":{"product_id":{"type":"string"},"quantity":{"type":"integer"}}}},"nodes":{"type":"array",)"
     R"("description":"placed packing picked_up in_transit out_for_delivery signed, and exception when there was )"
     R"(one.","items":{"type":"object","required":["node","reached","promised"],"properties":{"node":)"
     R"({"type":"string"},"reached":{"type":["string","null"],"format":"date-time"},"promised":{"type":["string",)"
     R"("null"],"format":"date-time"}}}}}}},"coupons":{"type":"array","description":"Granted to her, neither used nor over.",)"
     R"("items":{"type":"object","required":["coupon_id","value","currency","granted","until","coupon"],"properties":{)"
     R"("coupon_id":{"type":"string"},"value":{"type":"string"},"currency":{"type":"string"},"granted":{"type":"string",)"
     R"("format":"date-time"},"until":{"type":["string","null"],"format":"date-time"},"coupon":{"type":"object"}}}},)"
     R"("appointments":{"type":"array","description":"Those that lie ahead.","items":{"type":"object","required":)"
     R"(["service_id","for","service"],"properties":{"service_id":{"type":"string"},"for":{"type":"string","format":)"
     R"("date-time"},"service":{"type":"object"}}}},"news":{"type":"array","description":"What the shop did about something that she said.",)"
     R"("items":{"type":"object","required":["answer_id","text","at"]}},"messages":{"type":"array","items":{"type":"object","required":["decision_id","kind"],)"
     R"("properties":{"decision_id":{"type":"string"},"kind":{"enum":["survey","parcel_delayed",)"
     R"("return_refunded"]},"order_id":{"type":"string"},"return_id":{"type":"string"},"promised":{"type":"string"},"estimated":{"type":"string"},"coupon_id":{"type":"string"},)"
     R"("coupon_value":{"type":"string"},"currency":{"type":"string"},)"
     R"("survey_id":{"type":"string"},"invitation_id":{"type":"string"},"until":{"type":"string","format":)"
     R"("date-time"}}}},"returns":{"type":"array","items":{"type":"object","required":)"
     R"(["return_id","order_id","product_id","state","requested","since"],"properties":{"return_id":)"
     R"({"type":"string"},"order_id":{"type":"string"},"product_id":{"type":"string"},"state":{"type":"string"},)"
     R"("requested":{"type":"string","format":"date-time"},"since":{"type":"string","format":"date-time"},)"
     R"("reason":{"type":"string","description":"What a person said who did not agree to it."}}}},)"
     R"("services":{"type":"array","items":{"type":"object","required":["service_id","stage","since","service"],)"
     R"("properties":{"service_id":{"type":"string"},"stage":{"type":"string"},"since":{"type":"string","format":)"
     R"("date-time"},"service":{"type":"object","description":"As published, without the shop's own figures."}}}},)"
     R"("known_at":{"type":"integer"}}})"},
};
#undef RAPPORT_PRODUCT

}  // namespace

std::span<const Route> detail::shopfront_routes() {
  return kRoutes;
}

std::span<const detail::Schema> detail::shopfront_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
