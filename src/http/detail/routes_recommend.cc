#include <atomic>

#include "engine/engine_recommend.h"
#include "engine/engine_whatif.h"
#include "http/detail/ask.h"
#include "http/detail/json_text.h"
#include "http/detail/log_offset.h"
#include "http/detail/shown_product.h"
#include "http/detail/topics.h"
#include "http/detail/visitors.h"
#include "model/keeping.h"

/// The topic "recommendations": lists with reasons for the shop's own systems, what a visitor of the shop is
/// shown, and the scenes.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
using detail::as_json;
using detail::Body;
using detail::number_parameter;
using detail::reply_with;

constexpr std::size_t kSmall = 64 * 1024;
constexpr std::uint64_t kListMost = 100;
constexpr std::size_t kTextMostBytes = 200;
constexpr std::string_view kTag = "recommendations";

void write_reason(codec::JsonWriter& json, const engine::RecommendReason& reason) {
  json.begin_object();
  json.field("kind", reason.kind);
  json.key("points");
  json.real(reason.points);
  if (!reason.lane.empty()) json.field("lane", reason.lane);
  if (!reason.offer_id.empty()) {
    json.field("because", reason.offer_id);
    json.field("because_title", reason.offer_title);
    json.field("because_title_en", reason.offer_title_en);
  }
  json.field("evidence", reason.evidence);
  if (!reason.figures.empty()) {
    json.key("figures");
    json.begin_object();
    for (const auto& [name, value] : reason.figures) {
      json.key(name);
      json.real(value);
    }
    json.end_object();
  }
  json.end_object();
}

void write_item(codec::JsonWriter& json, const engine::RecommendedItem& item) {
  json.begin_object();
  json.field("item", item.id);
  json.field("item_kind", model::offer_kind_name(item.kind));
  json.field("title", item.title);
  json.field("title_en", item.title_en);
  if (!item.category.empty()) json.field("category", item.category);
  json.key("score");
  json.real(item.score);
  json.field("rung", item.rung);
  json.key("lane");
  if (item.lane.empty()) {
    json.null();
  } else {
    json.text(item.lane);
  }
  json.key("propensity");
  json.real(item.propensity);
  json.key("reasons");
  json.begin_array();
  for (const engine::RecommendReason& reason : item.reasons) write_reason(json, reason);
  json.end_array();
  json.end_object();
}

void write_title(codec::JsonWriter& json, const engine::RecommendAnswer& answer) {
  json.key("title");
  json.begin_object();
  json.field("en", answer.title_en);
  json.field("zh-Hans", answer.title_hans);
  json.field("zh-Hant", answer.title_hant);
  json.end_object();
}

Response answer_response(const engine::RecommendAnswer& answer) {
  Response response;
  response.body.reserve(8'192);
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("decision_id", answer.decision_id);
  json.field("scene", answer.scene);
  write_title(json, answer);
  json.field("triggered", answer.triggered);
  json.field("policy", answer.policy);
  json.key("models");
  if (answer.models.empty()) {
    json.null();
  } else {
    json.text(answer.models);
  }
  json.field("rung", answer.rung);
  if (!answer.customer.empty()) json.field("customer", answer.customer);
  json.field("class", answer.user_class);
  json.field("held_out", answer.held_out);
  json.field("stopped", answer.stopped);
  json.field("personalised", answer.personalised);
  json.field("seed", answer.seed);
  json.field("known_at", answer.known_at);
  json.key("items");
  json.begin_array();
  for (const engine::RecommendedItem& item : answer.items) write_item(json, item);
  json.end_array();
  json.key("hands");
  json.begin_array();
  for (const engine::RecommendHand& hand : answer.hands) {
    json.begin_object();
    json.field("hand", hand.hand);
    if (!hand.id.empty()) json.field("id", hand.id);
    if (!hand.by.empty()) json.field("by", hand.by);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  response.headers.emplace_back("Cache-Control", "no-store");
  detail::add_offset(response, answer.known_at);
  return response;
}

/// A whole number from 0 to 2^53: what every JSON reader keeps.
Result<std::optional<std::uint64_t>> seed_of(std::int64_t told) {
  if (told < 0) return std::optional<std::uint64_t>();
  if (told >= std::int64_t{1} << 53)
    return Error{Errc::bad_input, "this seed is too great", "seed", "less than 2^53"};
  return std::optional(static_cast<std::uint64_t>(told));
}

Result<engine::RecommendQuery> query_of(const Ask& ask) {
  RAPPORT_TRY(const auto body, Body::parse(ask.request().body));
  engine::RecommendQuery query;
  RAPPORT_TRY(query.customer, body->text_or("customer", ""));
  RAPPORT_TRY(query.anonymous_id, body->text_or("anonymous_id", ""));
  if (!query.customer.empty() && !query.anonymous_id.empty())
    return Error{Errc::bad_input, "one of them only", "customer, anonymous_id",
                 "a customer, or nobody known"};
  query.follows_links = true;  // a key that may read may also know who the visitor is
  RAPPORT_TRY(query.scene, body->text_or("scene", ""));
  RAPPORT_TRY(query.draft, body->flag_or("draft", false));
  if (query.draft && !ask.who.user && !ask.request().from_socket)
    return Error{Errc::forbidden, "drafts are looked at in the console", "draft", "a person's session"};
  if (query.draft && query.scene.empty())
    return Error{Errc::bad_input, "a draft of which scene", "scene", "its id"};
  RAPPORT_TRY(query.product, body->text_or("product", ""));
  RAPPORT_TRY(query.region, body->text_or("region", ""));
  RAPPORT_TRY(const std::int64_t count, body->integer_or("n", 10));
  if (count < 1 || count > static_cast<std::int64_t>(kListMost))
    return Error{Errc::bad_input, fmt::format("a list of {}", count), "n", fmt::format("1 .. {}", kListMost)};
  query.count = static_cast<std::size_t>(count);
  RAPPORT_TRY(const std::int64_t seed, body->integer_or("seed", -1));
  RAPPORT_TRY(query.seed, seed_of(seed));
  const Currency currency = ask.engine().currency_of(ask.who.shop);
  for (const auto& [name, place] :
       {std::pair<std::string_view, std::int64_t*>{"price_least", &query.price_least},
        {"price_most", &query.price_most}}) {
    RAPPORT_TRY(const std::string price, body->text_or(name, ""));
    if (price.empty()) continue;
    auto minor = parse_minor(price, currency);
    if (!minor.ok()) return std::move(minor).error().at(name);
    *place = *minor;
  }
  if (body->has("left_out")) {
    RAPPORT_TRY(query.left_out, body->texts("left_out"));
  }
  RAPPORT_TRY(query.after, detail::log_offset(ask.request()));
  return query;
}

void recommend(Ask ask) {
  HTTP_TRY(engine::RecommendQuery query, query_of(ask));
  ask.engine().recommend(ask.who.shop, std::move(query),
                         reply_with<engine::RecommendAnswer>(ask.call, answer_response));
}

void related(Ask ask) {
  engine::RecommendQuery query;
  query.product = ask.values[0];
  query.customer = ask.request().parameter("customer").value_or("");
  query.scene = ask.request().parameter("scene").value_or("");
  HTTP_TRY(query.count, number_parameter(ask.request(), "n", 10, kListMost));
  HTTP_TRY(query.after, detail::log_offset(ask.request()));
  ask.engine().recommend(ask.who.shop, std::move(query),
                         reply_with<engine::RecommendAnswer>(ask.call, answer_response));
}

// --- what a visitor of the shop is shown
// ---------------------------------------------------------------------------------------------------

/// The reason with the most points, without anything that is the shop's own: what kind, and because of what.
void write_why(codec::JsonWriter& json, const engine::RecommendedItem& item) {
  const engine::RecommendReason* best = nullptr;
  for (const engine::RecommendReason& reason : item.reasons) {
    const bool is_hers = reason.kind != "others" && reason.kind != "variety";
    if (is_hers && (best == nullptr || reason.points > best->points)) best = &reason;
  }
  json.key("why");
  json.begin_object();
  json.field("kind", best == nullptr ? std::string_view("any") : std::string_view(best->kind));
  if (best != nullptr && !best->offer_id.empty()) {
    json.field("because", best->offer_id);
    json.field("title", best->offer_title);
    json.field("title_en", best->offer_title_en);
  }
  json.end_object();
}

/// The visitor's list, until every product in it was fetched from what the storefront shows.
class ShownList : public std::enable_shared_from_this<ShownList> {
 public:
  ShownList(CallPtr call, engine::RecommendAnswer answer)
      : call_(std::move(call)), answer_(std::move(answer)) {
    products_.resize(answer_.items.size());
  }
  void fetch(engine::Engine& engine, ShopNo shop) {
    left_ = 1;
    for (const engine::RecommendedItem& item : answer_.items) left_ += item.kind == model::OfferKind::product;
    for (std::size_t i = 0; i < answer_.items.size(); ++i) {
      if (answer_.items[i].kind != model::OfferKind::product) continue;
      engine.shop_product(shop, answer_.items[i].id,
                          [self = shared_from_this(), i](Result<model::ShopProduct> product) {
                            if (product.ok()) self->products_[i] = std::move(*product);
                            self->one_more();
                          });
    }
    one_more();
  }

 private:
  void one_more() {
    if (--left_ > 0) return;
    call_->post([self = shared_from_this()] { self->call_->respond(self->response()); });
  }
  Response response() const {
    Response response;
    codec::JsonWriter json(response.body);
    json.begin_object();
    json.field("trained", !answer_.models.empty());
    json.field("decision_id", answer_.decision_id);
    json.field("scene", answer_.scene);
    write_title(json, answer_);
    json.field("rung", answer_.rung);
    json.key("items");
    json.begin_array();
    for (std::size_t i = 0; i < answer_.items.size(); ++i) {
      const engine::RecommendedItem& item = answer_.items[i];
      const bool is_product = item.kind == model::OfferKind::product;
      if (is_product && !products_[i]) continue;  // sold once, published never: nothing to show
      json.begin_object();
      json.field("item", item.id);
      json.field("item_kind", model::offer_kind_name(item.kind));
      json.field("position", i + 1);
      write_why(json, item);
      if (is_product) {
        json.field("product_id", item.id);
        detail::write_shown_product(json, *products_[i]);
      } else {
        json.field("title", item.title);
        json.field("title_en", item.title_en);
      }
      json.end_object();
    }
    json.end_array();
    json.end_object();
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
  }
  CallPtr call_;
  engine::RecommendAnswer answer_;
  std::vector<std::optional<model::ShopProduct>> products_;
  std::atomic<std::size_t> left_{0};
};

void shop_recommendations(Ask ask) {
  engine::RecommendQuery query;
  for (const auto& [name, place] :
       {std::pair<std::string_view, std::string*>{"anonymous_id", &query.anonymous_id},
        {"scene", &query.scene},
        {"product", &query.product},
        {"region", &query.region}}) {
    *place = ask.request().parameter(name).value_or("");
    if (place->size() > kTextMostBytes)
      return ask.call->respond(problem(Error{Errc::bad_input, "this is too long", std::string(name),
                                             fmt::format("at most {} bytes", kTextMostBytes)}));
  }
  if (!query.anonymous_id.empty() && query.anonymous_id.size() < detail::kAnonymousLeast)
    return ask.call->respond(problem(Error{Errc::bad_input, "this may be guessed", "anonymous_id",
                                           fmt::format("{} characters or more", detail::kAnonymousLeast)}));
  HTTP_TRY(query.count, number_parameter(ask.request(), "limit", 10, kListMost));
  HTTP_TRY(query.after, detail::log_offset(ask.request()));
  engine::Engine& engine = ask.engine();
  const ShopNo shop = ask.who.shop;
  engine.recommend(shop, std::move(query),
                   [call = ask.call, &engine, shop](Result<engine::RecommendAnswer> answer) {
                     if (!answer.ok()) {
                       return call->post([call, error = answer.error()] { call->respond(problem(error)); });
                     }
                     std::make_shared<ShownList>(call, std::move(*answer))->fetch(engine, shop);
                   });
}

void scenes(Ask ask) {
  engine::recommendation_scenes(ask.engine(), ask.who.shop, as_json(ask.call));
}

/// Whoever may publish drafts a scene. Owners (and keys of administrators, and whoever owns the folder)
/// publish and approve anything, marketing publishes and approves what others wrote.
engine::SceneAuthor author_of(const Ask& ask) {
  engine::SceneAuthor author;
  if (ask.request().from_socket) return author;
  if (!ask.who.user) {
    author.who = fmt::format("key:{}", ask.who.key_id);
    return author;
  }
  author.who = fmt::format("user:{}", ask.who.key_id);
  author.may_approve_own = *ask.who.user == model::UserRole::owner;
  author.may_approve = model::may(ask.who, model::Keeping::approval);
  author.may_publish = author.may_approve;
  return author;
}

void put_scene(Ask ask) {
  engine::publish_scene(ask.engine(), ask.who.shop, ask.values[0], ask.request().body, author_of(ask),
                        as_json(ask.call));
}

void approve_scene(Ask ask) {
  engine::approve_scene(ask.engine(), ask.who.shop, ask.values[0], ask.request().body, author_of(ask),
                        as_json(ask.call));
}

void withdraw_draft(Ask ask) {
  engine::withdraw_draft(ask.engine(), ask.who.shop, ask.values[0], author_of(ask), as_json(ask.call));
}

void whatif(Ask ask) {
  engine::whatif_scene(ask.engine(), ask.who.shop, ask.values[0], ask.request().body, as_json(ask.call));
}

void replay(Ask ask) {
  HTTP_TRY(const auto days, number_parameter(ask.request(), "days", 90, 3'660));
  engine::whatif_scene(ask.engine(), ask.who.shop, ask.values[0], fmt::format(R"({{"days":{}}})", days),
                       as_json(ask.call));
}

constexpr Parameter kReplay[] = {{"days", "integer", "The past that is looked at; 90 when left out."}};
constexpr Parameter kRelated[] = {{"n", "integer", "A list of so many, up to 100; 10 when left out."},
                                  {"customer", "string", "Whose purchases are not shown again."},
                                  {"scene", "string", "In place of the first whose trigger holds."}};
constexpr Parameter kShown[] = {
    {"anonymous_id", "string", "The visitor's own, as her browser made it: 16 characters or more."},
    {"scene", "string", "In place of the first whose trigger holds."},
    {"product", "string", "The product in view."},
    {"region", "string", "A region as events name it (CN-33)."},
    {"limit", "integer", "At most so many, up to 100."}};

const Route kRoutes[] = {
    {.method = post,
     .pattern = "/v1/recommend",
     .needs = read,
     .tag = kTag,
     .summary = "A list for one customer in one scene, with reasons that add up to each score.",
     .body = "RecommendQuestion",
     .answer = "Recommendations",
     .handle = recommend,
     .body_most = kSmall},
    {.method = get,
     .pattern = "/v1/products/{id}/related",
     .needs = read,
     .tag = kTag,
     .summary = "What goes with a product, and what is like it.",
     .answer = "Recommendations",
     .parameters = kRelated,
     .handle = related},
    {.method = get,
     .pattern = "/v1/shop/recommendations",
     .needs = browse,
     .tag = "shopfront",
     .summary = "What a visitor is shown: by her own events only, never by whom she is linked to.",
     .answer = "ShownRecommendations",
     .parameters = kShown,
     .handle = shop_recommendations,
     .cors = true},
    {.method = get,
     .pattern = "/v1/scenes",
     .needs = read,
     .tag = kTag,
     .summary =
         "The scenes with their lanes, what became of what they showed, and what their shares learned.",
     .answer = "Scenes",
     .handle = scenes},
    {.method = put,
     .pattern = "/v1/scenes/{id}",
     .needs = publish,
     .tag = kTag,
     .summary = "Publishes a scene (Scene Published): lanes, trigger, schedule, pins, boosts, hold-out, "
                "emergency stop; "
                "with state \"draft\" it waits for approval.",
     .body = "Scene",
     .answer = "ScenePublished",
     .handle = put_scene,
     .body_most = kSmall},
    {.method = post,
     .pattern = "/v1/scenes/{id}/approve",
     .needs = publish,
     .tag = kTag,
     .summary = "Publishes the draft that waits: an owner, or marketing who did not write it.",
     .body = "ApproveScene",
     .answer = "ScenePublished",
     .handle = approve_scene,
     .body_most = kSmall},
    {.method = del,
     .pattern = "/v1/scenes/{id}/draft",
     .needs = publish,
     .tag = kTag,
     .summary = "Withdraws the draft that waits: its writer, or who may approve.",
     .answer = "ScenePublished",
     .handle = withdraw_draft},
    {.method = post,
     .pattern = "/v1/scenes/{id}/whatif",
     .needs = read,
     .tag = kTag,
     .summary =
         "What another policy, other shares or another scene would have earned, told from the shop's own "
         "log; refused by name where the log cannot tell.",
     .body = "WhatIf",
     .answer = "Replayed",
     .handle = whatif,
     .body_most = kSmall},
    {.method = get,
     .pattern = "/v1/scenes/{id}/replay",
     .needs = read,
     .tag = kTag,
     .summary = "All four policies side by side over what the scene showed and what became of it.",
     .answer = "Replayed",
     .parameters = kReplay,
     .handle = replay},
};

#define RAPPORT_ESTIMATE                                                                                           \
  R"({"type":["object","null"],"description":"With its 95 % interval; null where no figure is given.",)"           \
  R"("required":["value","low","high"],"properties":{"value":{"type":"number"},"low":{"type":["number","null"]},)" \
  R"("high":{"type":["number","null"]}}})"
#define RAPPORT_TITLE \
  R"("title":{"type":"object","properties":{"en":{"type":"string"},"zh-Hans":{"type":"string"},"zh-Hant":{"type":"string"}}})"

constexpr detail::Schema kSchemas[] = {
    {"RecommendQuestion",
     R"({"type":"object","properties":{"customer":{"type":"string","description":"c_<n>, a user id, or kind:value."},)"
     R"("anonymous_id":{"type":"string"},"scene":{"type":"string","description":)"
     R"("The first by rank whose trigger holds when left out."},"product":{"type":"string","description":"In view."},)"
     R"("draft":{"type":"boolean","description":"What the scene's draft would show, for a person's session; without )"
     R"(a decision id."},"n":{"type":"integer","minimum":1,"maximum":100},"seed":{"type":"integer"},"region":{"type":"string"},)"
     R"("price_least":{"type":"string","description":"A decimal in the shop's currency; of products and bundles."},)"
     R"("price_most":{"type":"string"},"left_out":{"type":"array","items":{"type":"string"}}}})"},
    {"Recommendations",
     R"({"type":"object","required":["decision_id","scene","title","triggered","policy","models","rung","class",)"
     R"("held_out","stopped","personalised","seed","known_at","items","hands"],"properties":{"hands":{"type":"array",)"
     R"("description":"What operators did that touched this list, and who.","items":{"type":"object","required":)"
     R"(["hand"],"properties":{"hand":{"enum":["draft","approved","schedule","stopped","hold_out","pin","boost",)"
     R"("left_out"]},"id":{"type":"string"},"by":{"type":"string","description":"user:<id>, key:<id> or owner."}}}},)"
     R"("decision_id":{"type":"string",)"
     R"("description":"Carries position, policy, models, seed, lanes and probabilities under our code; send it back )"
     R"(with Recommendation Shown and Clicked."},"scene":{"type":"string"},)" RAPPORT_TITLE
     R"(,"triggered":{"type":"boolean"},"policy":{"type":"string"},"models":{"type":["string","null"]},"rung":{"enum":)"
     R"(["personal","context","region","policy","shop","catalogue"]},"customer":{"type":"string"},"class":)"
     R"({"type":"string"},"held_out":{"type":"boolean"},"stopped":{"type":"boolean"},"personalised":)"
     R"({"type":"boolean","description":"false: consent was withdrawn, nothing of hers was used."},"seed":)"
     R"({"type":"integer"},"known_at":{"type":"integer"},"items":{"type":"array","items":{"type":"object","required":)"
     R"(["item","item_kind","title","title_en","score","rung","lane","propensity","reasons"],"properties":{"item":)"
     R"({"type":"string"},"item_kind":{"enum":["product","bundle","content","service","coupon","adviser",)"
     R"("early_access"]},"title":{"type":"string"},"title_en":{"type":"string"},"category":{"type":"string"},"score":)"
     R"({"type":"number"},"rung":{"type":"string"},"lane":{"type":["string","null"]},"propensity":{"type":"number"},)"
     R"("reasons":{"type":"array","description":"Points add up to the score.","items":{"type":"object","required":)"
     R"(["kind","points","evidence"],"properties":{"kind":{"type":"string"},"points":{"type":"number"},"lane":)"
     R"({"type":"string"},"because":{"type":"string"},"because_title":{"type":"string"},"because_title_en":)"
     R"({"type":"string"},"evidence":{"type":"string"},"figures":{"type":"object"}}}}}}}}})"},
    {"ShownRecommendations",
     R"({"type":"object","required":["trained","decision_id","scene","title","rung","items"],"properties":{"trained":)"
     R"({"type":"boolean","description":"false: no models yet; best-sellers say as much."},"decision_id":)"
     R"({"type":"string"},"scene":{"type":"string"},)" RAPPORT_TITLE
     R"(,"rung":{"type":"string"},"items":{"type":"array","items":{"type":"object","required":["item","item_kind",)"
     R"("position","why"],"description":"Of products the members of ShopProduct beside these.","properties":{"item":)"
     R"({"type":"string"},"item_kind":{"type":"string"},"position":{"type":"integer"},"why":{"type":"object",)"
     R"("required":["kind"],"properties":{"kind":{"type":"string"},"because":{"type":"string"},"title":)"
     R"({"type":"string"},"title_en":{"type":"string"}}}}}}}})"},
    {"Scene",
     R"({"type":"object","required":["lanes"],"description":"docs/recommend.md has every member."})"},
    {"ScenePublished",
     R"({"type":"object","required":["scene_id","state","offset"],"properties":{"scene_id":{"type":"string"},"state":)"
     R"({"enum":["live","draft","withdrawn"]},"offset":{"type":"integer"},"draft":{"type":"string","description":)"
     R"("Digest of the draft: approve names it."}}})"},
    {"ApproveScene",
     R"({"type":"object","properties":{"draft":{"type":"string","description":"Of the draft that was looked at."}}})"},
    {"WhatIf",
     R"({"type":"object","description":"Without policy, shares and scene: all four policies.","properties":{"policy":)"
     R"({"enum":["fixed","literal","calibrated","thompson"]},"shares":{"type":"object","description":)"
     R"("Whole percents by lane, adding up to 100.","additionalProperties":{"type":"integer"}},"scene":{"type":)"
     R"("object","description":"A whole other scene."},"days":{"type":"integer","minimum":1},"seed":{"type":)"
     R"("integer","minimum":1}}})"},
    {"Replayed",
     R"({"type":"object","required":["scene","days","since","until","known_at","impressions","customers","left_out",)"
     R"("logged","policies"],"properties":{"scene":{"type":"string"},"days":{"type":"integer"},"since":{"type":)"
     R"("string","format":"date-time"},"until":{"type":"string","format":"date-time"},"known_at":{"type":"integer"},)"
     R"("impressions":{"type":"integer","description":"That a lane filled and that have closed."},"customers":)"
     R"({"type":"integer"},"left_out":{"type":"object","required":["held_out","without_lane","without_shares",)"
     R"("other_lanes"],"additionalProperties":{"type":"integer"}},"logged":)" RAPPORT_ESTIMATE
     R"(,"policies":{"type":"array","items":{"type":"object","required":["name","policy","serves_now","refused",)"
     R"("effective_sample_size","largest_weight","supported","lanes","ips","snips","doubly_robust","difference"],)"
     R"("properties":{"name":{"type":"string"},"policy":{"type":"string"},"serves_now":{"type":"boolean"},"refused":)"
     R"({"type":["object","null"],"required":["check","why"],"properties":{"check":{"enum":["impressions","same_lists",)"
     R"("support","effective_sample_size"]},"why":{"type":"string"},"member":{"type":"string"},"got":{"type":"number"},)"
     R"("least":{"type":"number"}}},"effective_sample_size":{"type":"number"},"largest_weight":{"type":"number"},)"
     R"("supported":{"type":"number"},"lanes":{"type":"array","items":{"type":"object","required":["lane","share"],)"
     R"("properties":{"lane":{"type":"string"},"share":{"type":"number"}}}},"ips":)" RAPPORT_ESTIMATE
     R"(,"snips":)" RAPPORT_ESTIMATE R"(,"doubly_robust":)" RAPPORT_ESTIMATE
     R"(,"difference":)" RAPPORT_ESTIMATE R"(}}}}})"},
    {"Scenes",
     R"({"type":"object","required":["scenes","drafts","open_impressions","known_at"],"properties":{"drafts":)"
     R"({"type":"array","description":"That wait for approval.","items":{"type":"object","required":["scene","draft",)"
     R"("drafted_at","drafted_by"]}},"scenes":{"type":"array",)"
     R"("items":{"type":"object","required":["scene","policy","recommended","held_out","lane_outcomes","shares",)"
     R"("months","difference"],"properties":{"difference":{"description":"Recommended less held out, over the )"
     R"(impressions that are kept, with a 95 % interval over whole customers; null with fewer than ten on a side.",)"
     R"("type":["object","null"],"required":["value","low","high","customers","customers_held_out"]}}}},"open_impressions":{"type":"integer"},"known_at":{"type":"integer"}}})"},
};
#undef RAPPORT_ESTIMATE
#undef RAPPORT_TITLE

}  // namespace

std::span<const Route> detail::recommend_routes() {
  return kRoutes;
}

std::span<const detail::Schema> detail::recommend_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
