#include "engine/engine_models.h"
#include "http/detail/ask.h"
#include "http/detail/topics.h"

/// The topic "models": trained on the shop's own history, listed, held against each other. The engine answers
/// with JSON texts; nothing is computed here.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;

constexpr std::size_t kSmall = 16 * 1024;
constexpr std::string_view kModels = "models";

engine::Reply<std::string> as_text(const CallPtr& call, std::string_view type = "application/json") {
  return detail::reply_with<std::string>(call, [type](std::string text) {
    Response response;
    response.content_type = type;
    response.body = std::move(text);
    return response;
  });
}

void models(Ask ask) {
  engine::models(ask.engine(), ask.who.shop, as_text(ask.call));
}

void history(Ask ask) {
  engine::models_history(ask.engine(), ask.who.shop, as_text(ask.call));
}

void train(Ask ask) {
  engine::train_models(ask.engine(), ask.who.shop, ask.request().body, as_text(ask.call));
}

void evaluate(Ask ask) {
  HTTP_TRY(const auto body, detail::Body::parse(ask.request().body));
  HTTP_TRY(const bool is_text, body->flag_or("text", false));
  engine::evaluate_models(ask.engine(), ask.who.shop, ask.request().body,
                          as_text(ask.call, is_text ? "text/plain" : "application/json"));
}

void rules(Ask ask) {
  engine::RulesQuery query;
  query.item = ask.request().parameter("item").value_or("");
  query.if_item = ask.request().parameter("if").value_or("");
  query.category = ask.request().parameter("category").value_or("");
  query.sort = ask.request().parameter("sort").value_or("");
  HTTP_TRY(query.most, detail::number_parameter(ask.request(), "n", 100, engine::RulesQuery::kMost));
  engine::model_rules(ask.engine(), ask.who.shop, std::move(query), as_text(ask.call));
}

constexpr Parameter kRulesOf[] = {
    {"item", "string", "Only rules with this product on either side."},
    {"if", "string", "Only rules with this product on the left: its accessories."},
    {"category", "string", "Only rules with a product of this category on either side."},
    {"sort", "string", "extra (orders beyond chance; default), lift, confidence, n, or q."},
    {"n", "integer", "At most so many rules, and bundles, up to 1000; 100 when left out."}};

const Route kRoutes[] = {
    {.method = get,
     .pattern = "/v1/models",
     .needs = read,
     .tag = kModels,
     .summary = "The models that serve now, what they learned from, and what became of the last training.",
     .answer = "Models",
     .handle = models},
    {.method = get,
     .pattern = "/v1/models/history",
     .needs = read,
     .tag = kModels,
     .summary = "The last trainings, failures and judgements, newest first: quality over time.",
     .answer = "ModelsHistory",
     .handle = history},
    {.method = get,
     .pattern = "/v1/models/rules",
     .needs = read,
     .tag = kModels,
     .summary = "The rules between pairs of products that serve now, and bundles of two made out of them.",
     .answer = "PairRules",
     .parameters = kRulesOf,
     .handle = rules},
    {.method = post,
     .pattern = "/v1/models/train",
     .needs = publish,
     .tag = kModels,
     .summary =
         "Trains on the shop's own orders and views and swaps what serves; a failure leaves it as it is.",
     .body = "TrainModels",
     .answer = "TrainedModels",
     .handle = train,
     .body_most = kSmall},
    {.method = post,
     .pattern = "/v1/models/evaluate",
     .needs = read,
     .tag = kModels,
     .summary = "Holds models against each other on the shop's own history, with popularity and personal "
                "frequency as the lines to beat.",
     .body = "EvaluateModels",
     .answer = "Evaluation",
     .handle = evaluate,
     .body_most = kSmall,
     .also_media = "text/plain"},
};

#define RAPPORT_MODELS                                                                                            \
  R"("trained_at":{"type":"string","format":"date-time"},"position":{"type":"integer","description":)"            \
  R"("Of the log: what they have seen."},"customers":{"type":"integer"},"items":{"type":"integer"},"purchases":)" \
  R"({"type":"integer"},"views":{"type":"integer"},"baskets":{"type":"integer"},"bytes":{"type":"integer"},)"     \
  R"("digest":{"type":"string"},"models":{"type":"array","items":{"type":"object","required":["model",)"          \
  R"("learned_from","what"],"properties":{"model":{"type":"string"},"learned_from":{"enum":["purchases","all",)"  \
  R"("attributes"]},"what":{"type":"string"}}}},"left_out":{"type":"array","description":)"                       \
  R"("Models that the data did not carry.","items":{"type":"object","required":["model","why"],"properties":)"    \
  R"({"model":{"type":"string"},"why":{"type":"string"}}}})"

#define RAPPORT_RULE_ITEM                                                                                     \
  R"({"type":"object","required":["item","title","title_en","category","price"],"properties":{"item":)"       \
  R"({"type":"string"},"title":{"type":"string"},"title_en":{"type":"string"},"category":{"type":"string"},)" \
  R"("price":{"type":["string","null"],"description":"A decimal."}}})"
#define RAPPORT_RULE_FIGURES                                                                              \
  R"(,"n":{"type":"integer","description":"Orders that held both."},"support":{"type":"number"},"lift":)" \
  R"({"type":"number"},"leverage":{"type":"number"},"extra":{"type":"number","description":)"             \
  R"("Orders that held both beyond what chance would give."},"q":{"type":"number","description":)"        \
  R"("The smallest false discovery rate at which the rule stands."})"

constexpr detail::Schema kSchemas[] = {
    {"TrainModels",
     R"({"type":"object","properties":{"models":{"type":"array","maxItems":32,"items":{"type":"string"},)"
     R"("description":"Names with settings: item-bm25:neighbours=100. The shipped list when left out. Of item-*, als and ease the )"
     R"(first serves the source like."},"judge":{"type":"boolean","description":"Holds these against each other on )"
     R"(everybody's last basket; the best serves."}}})"},
    {"TrainedModels",
     R"({"type":"object","required":["trained_at","models","left_out","seconds"],"properties":{)" RAPPORT_MODELS
     R"(,"judged":{"type":"array","description":"Of judge.","items":{"type":"object","required":["model","ndcg_10",)"
     R"("low","high"]}},"needs_predicted":{"type":"integer","description":"Need Predicted events that came of it."},"seconds":)"
     R"({"type":"number"}}})"},
    {"Models",
     R"({"type":"object","required":["serving","training","last_training"],"properties":{"serving":)"
     R"({"type":"boolean"},"training":{"type":"boolean","description":"One is under way."},"damage":)"
     R"({"type":"string"},"last_training":{"type":["object","null"],"required":["at","succeeded"],"properties":)"
     R"({"at":{"type":"string","format":"date-time"},"succeeded":{"type":"boolean"},"why":{"type":"string"}}},)" RAPPORT_MODELS
     R"(}})"},
    {"PairRules",
     R"({"type":"object","required":["trained","rules","bundles","category_rules"],"properties":{"category_rules":)"
     R"({"type":"array","description":"Between categories, where single products are too thin; none in answer to item or if.",)"
     R"("items":{"type":"object","required":["if","then","if_orders","then_orders","orders","n","support","confidence",)"
     R"("lift","leverage","extra","q"]}},"trained":{"type":"boolean"},)"
     R"("trained_at":{"type":"string","format":"date-time"},"orders":{"type":"integer"},"matching":{"type":"integer",)"
     R"("description":"Rules that fit, before n."},"rules":{"type":"array","items":{"type":"object","required":["if",)"
     R"("then","n","if_orders","then_orders","support","confidence","lift","leverage","conviction","extra","q"],)"
     R"("properties":{"if":)" RAPPORT_RULE_ITEM R"(,"then":)" RAPPORT_RULE_ITEM RAPPORT_RULE_FIGURES
     R"(,"if_orders":{"type":"integer"},"then_orders":{"type":"integer"},"confidence":{"type":"number"},"conviction":)"
     R"({"type":["number","null"],"description":"null: infinite."}}}},"bundles":{"type":"array","description":)"
     R"("Pairs once each, in the same order.","items":{"type":"object","required":["items","n","support","lift",)"
     R"("leverage","extra","q","bundle_id"],"properties":{"items":{"type":"array","items":)" RAPPORT_RULE_ITEM
     R"(})" RAPPORT_RULE_FIGURES
     R"(,"bundle_id":{"type":["string","null"],"description":"The bundle that holds both already."}}}}}})"},
    {"ModelsHistory",
     R"({"type":"object","required":["history"],"properties":{"history":{"type":"array","items":{"type":"object",)"
     R"("required":["kind","at"],"properties":{"kind":{"enum":["trained","failed","judged"]},"at":{"type":"string",)"
     R"("format":"date-time"},"why":{"type":"string"},"first":{"type":"string","format":"date-time","description":)"
     R"("The first purchase that was learned from."},"last":{"type":"string","format":"date-time"},"baskets":)"
     R"({"type":"integer"},"customers":{"type":"integer"},"items":{"type":"integer"},"split":{"type":"string"},"k":)"
     R"({"type":"integer"},"asked":{"type":"integer","description":"Customers with something hidden."},"models":)"
     R"({"type":"array","description":"Names of what was trained; or of what was judged, each with its metrics at k.",)"
     R"("items":{}},"seconds":{"type":"number"}}}}}})"},
    {"EvaluateModels",
     R"({"type":"object","properties":{"models":{"type":"array","items":{"type":"string"}},"split":{"enum":)"
     R"(["time","last-basket","customers"]},"hidden":{"type":"number"},"repeats":{"enum":["auto","yes","no"]},)"
     R"("k":{"type":"array","items":{"type":"integer"}},"seeds":{"type":"integer"},"seed":{"type":"integer"},)"
     R"("tune":{"type":"integer"},"against":{"type":"string"},"replicates":{"type":"integer"},"views":)"
     R"({"type":"boolean","description":"Views count beside purchases."},"text":{"type":"boolean",)"
     R"("description":"A table for a terminal."}}})"},
    {"Evaluation", R"({"type":"object","description":"As rapport evaluate --json prints it."})"},
};
#undef RAPPORT_MODELS
#undef RAPPORT_RULE_ITEM
#undef RAPPORT_RULE_FIGURES

}  // namespace

std::span<const Route> detail::models_routes() {
  return kRoutes;
}

std::span<const detail::Schema> detail::models_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
