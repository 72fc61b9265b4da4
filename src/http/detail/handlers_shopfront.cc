#include "codec/survey.h"
#include "engine/engine_surveys.h"
#include "http/detail/ask.h"
#include "http/detail/shown_product.h"
#include "http/detail/visitors.h"

/// What a visitor of the shop sees.
namespace rapport::http::handlers {
namespace {

using detail::number_parameter;
using detail::reply_with;

constexpr std::uint64_t kPageMost = 100;
constexpr std::uint64_t kReviewsMost = 20;
constexpr std::uint64_t kPlaceMost = 1'000'000;
constexpr std::size_t kTextMostBytes = 200;

/// A query parameter of a public route. Errors: bad_input when it is longer than anybody would type.
Result<std::string> short_text(const Request& request, std::string_view name) {
  auto text = request.parameter(name).value_or("");
  if (text.size() <= kTextMostBytes) return text;
  return Error{Errc::bad_input, "this is too long", std::string(name),
               fmt::format("at most {} bytes", kTextMostBytes)};
}

void write_members(codec::JsonWriter& json, const model::NounMembers& members) {
  for (const auto& [name, value] : members) {
    json.escaped_key(name);
    json.raw(value);
  }
}

void write_product(codec::JsonWriter& json, const model::ShopProduct& product) {
  json.begin_object();
  json.field("product_id", product.id);
  detail::write_shown_product(json, product);
  json.end_object();
}

void write_products(codec::JsonWriter& json, std::string_view name,
                    const std::vector<model::ShopProduct>& products) {
  json.key(name);
  json.begin_array();
  for (const model::ShopProduct& product : products) write_product(json, product);
  json.end_array();
}

/// What everybody is shown may be kept for a moment.
Response shared_response() {
  Response response;
  response.headers.emplace_back("Cache-Control", "private, max-age=5");
  return response;
}

Response page_response(const model::ShopProductPage& page) {
  Response response = shared_response();
  codec::JsonWriter json(response.body);
  json.begin_object();
  write_products(json, "products", page.products);
  json.field("total", page.total);
  json.field("next_cursor", page.next == 0 ? std::string() : std::to_string(page.next));
  json.key("categories");
  json.begin_array();
  for (const model::ShopCategory& category : page.categories) {
    json.begin_object();
    json.field("name", category.name);
    json.field("name_en", category.name_en);
    json.field("products", category.products);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return response;
}

Response reviews_response(const model::ShopReviews& answer) {
  Response response = shared_response();
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("product_id", answer.product.id);
  detail::write_rating(json, answer.product);
  json.key("by_stars");
  json.begin_array();
  for (const std::uint64_t count : answer.product.by_stars) json.unsigned_integer(count);
  json.end_array();
  json.key("reviews");
  json.begin_array();
  for (const model::ShopReview& review : answer.reviews) {
    json.begin_object();
    json.field("review_id", review.review_id);
    json.key("rating");
    json.thousandths(review.rating);
    json.field("at", review.at);
    json.field("verified", review.verified);
    if (!review.title.empty()) json.field("title", review.title);
    json.field("text", review.text);
    if (!review.follow_up.empty()) json.field("follow_up", review.follow_up);
    if (!review.reply.empty()) json.field("reply", review.reply);
    json.field("has_media", review.has_media);
    if (review.followed_at) json.field("followed_at", *review.followed_at);
    if (review.replied_at) json.field("replied_at", *review.replied_at);
    json.key("aspects");
    json.begin_array();
    for (const std::string& aspect : review.aspects) json.text(aspect);
    json.end_array();
    json.field("points", review.points);
    json.key("reasons");
    json.begin_array();
    for (const model::ShopReview::Reason& reason : review.reasons) {
      json.begin_object();
      json.field("kind", reason.kind);
      json.field("points", reason.points);
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.field("total", answer.total);
  json.key("next");
  answer.next ? json.unsigned_integer(*answer.next) : json.null();
  json.key("critical");
  answer.critical.empty() ? json.null() : json.text(answer.critical);
  json.key("aspects");
  json.begin_array();
  for (const auto& [aspect, count] : answer.aspects) {
    json.begin_object();
    json.field("aspect", aspect);
    json.field("reviews", count);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return response;
}

void write_order(codec::JsonWriter& json, const model::VisitorOrder& order) {
  json.begin_object();
  json.field("order_id", order.order_id);
  json.field("placed", order.placed);
  json.field("state", order.state);
  json.field("total", order.total);
  json.field("currency", order.currency);
  json.key("lines");
  json.begin_array();
  for (const auto& line : order.lines) {
    json.begin_object();
    json.field("product_id", line.product_id);
    json.field("quantity", line.quantity);
    json.end_object();
  }
  json.end_array();
  json.key("nodes");
  json.begin_array();
  for (const auto& node : order.nodes) {
    json.begin_object();
    json.field("node", node.node);
    json.field("reached", node.reached);
    json.field("promised", node.promised);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_returns(codec::JsonWriter& json, const model::VisitorAnswer& visitor) {
  json.key("returns");
  json.begin_array();
  for (const auto& back : visitor.returns) {
    json.begin_object();
    json.field("return_id", back.return_id);
    json.field("order_id", back.order_id);
    json.field("product_id", back.product_id);
    json.field("state", back.state);
    json.field("requested", back.requested);
    json.field("since", back.since);
    if (!back.reason.empty()) json.field("reason", back.reason);
    json.end_object();
  }
  json.end_array();
}

void write_services(codec::JsonWriter& json, const model::VisitorAnswer& visitor) {
  json.key("services");
  json.begin_array();
  for (const auto& service : visitor.services) {
    json.begin_object();
    json.field("service_id", service.service_id);
    json.field("stage", service.stage);
    json.field("since", service.since);
    json.key("service");
    json.begin_object();
    write_members(json, service.members);
    json.end_object();
    json.end_object();
  }
  json.end_array();
}

void write_news(codec::JsonWriter& json, const model::VisitorAnswer& visitor) {
  json.key("news");
  json.begin_array();
  for (const model::VisitorNews& news : visitor.news) {
    json.begin_object();
    json.field("answer_id", news.answer_id);
    json.field("text", news.text);
    json.field("at", news.at);
    json.end_object();
  }
  json.end_array();
}

void write_coupons(codec::JsonWriter& json, const model::VisitorAnswer& visitor) {
  json.key("coupons");
  json.begin_array();
  for (const model::VisitorCoupon& coupon : visitor.coupons) {
    json.begin_object();
    json.field("coupon_id", coupon.coupon_id);
    json.field("value", coupon.value);
    json.field("currency", coupon.currency);
    json.field("granted", coupon.granted);
    json.field("until", coupon.until);
    json.key("coupon");
    json.begin_object();
    write_members(json, coupon.members);
    json.end_object();
    json.end_object();
  }
  json.end_array();
}

void write_appointments(codec::JsonWriter& json, const model::VisitorAnswer& visitor) {
  json.key("appointments");
  json.begin_array();
  for (const model::VisitorAppointment& appointment : visitor.appointments) {
    json.begin_object();
    json.field("service_id", appointment.service_id);
    json.field("for", appointment.for_time);
    json.key("service");
    json.begin_object();
    write_members(json, appointment.members);
    json.end_object();
    json.end_object();
  }
  json.end_array();
}

void write_messages(codec::JsonWriter& json, const model::VisitorAnswer& visitor) {
  json.key("messages");
  json.begin_array();
  for (const auto& message : visitor.messages) {
    json.begin_object();
    json.field("decision_id", message.decision_id);
    if (message.order_id.empty()) {
      json.field("kind", "survey");
      json.field("survey_id", message.survey_id);
      json.field("invitation_id", message.invitation_id);
      json.field("until", format_instant(message.until));
    } else {
      json.field("kind", message.return_id.empty() ? "parcel_delayed" : "return_refunded");
      json.field("order_id", message.order_id);
      if (!message.return_id.empty()) json.field("return_id", message.return_id);
      if (message.promised) json.field("promised", *message.promised);
      if (message.estimated) json.field("estimated", *message.estimated);
      if (!message.coupon_id.empty()) {
        json.field("coupon_id", message.coupon_id);
        json.field("coupon_value", message.coupon_value);
        json.field("currency", message.currency);
      }
    }
    json.end_object();
  }
  json.end_array();
}

Response visitor_response(const model::VisitorAnswer& visitor) {
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("known", visitor.known);
  json.key("orders");
  json.begin_array();
  for (const model::VisitorOrder& order : visitor.orders) write_order(json, order);
  json.end_array();
  write_returns(json, visitor);
  write_services(json, visitor);
  write_messages(json, visitor);
  write_news(json, visitor);
  write_coupons(json, visitor);
  write_appointments(json, visitor);
  json.field("known_at", visitor.known_at);
  json.end_object();
  response.headers.emplace_back("Cache-Control", "no-store");
  detail::add_offset(response, visitor.known_at);
  return response;
}

}  // namespace

void shop_products(Ask ask) {
  engine::ShopProductQuery query;
  HTTP_TRY(query.query, short_text(ask.request(), "query"));
  HTTP_TRY(query.category, short_text(ask.request(), "category"));
  HTTP_TRY(query.scene, short_text(ask.request(), "scene"));
  HTTP_TRY(query.function, short_text(ask.request(), "function"));
  HTTP_TRY(query.from, number_parameter(ask.request(), "cursor", 0, kPlaceMost));
  HTTP_TRY(query.most, number_parameter(ask.request(), "limit", 24, kPageMost));
  ask.engine().shop_products(ask.who.shop, std::move(query),
                             reply_with<model::ShopProductPage>(ask.call, page_response));
}

void shop_product(Ask ask) {
  ask.engine().shop_product(ask.who.shop, ask.values[0],
                            reply_with<model::ShopProduct>(ask.call, [](const model::ShopProduct& product) {
                              Response response = shared_response();
                              codec::JsonWriter json(response.body);
                              write_product(json, product);
                              return response;
                            }));
}

void shop_reviews(Ask ask) {
  engine::ShopReviewQuery query;
  query.product = ask.values[0];
  query.aspect = ask.request().parameter("aspect").value_or("");
  HTTP_TRY(query.most, number_parameter(ask.request(), "limit", 10, kReviewsMost));
  query.critical = detail::flag_parameter(ask.request(), "critical");
  HTTP_TRY(query.skip, number_parameter(ask.request(), "skip", 0, 1'000));
  ask.engine().shop_reviews(ask.who.shop, std::move(query),
                            reply_with<model::ShopReviews>(ask.call, reviews_response));
}

void shop_bestsellers(Ask ask) {
  HTTP_TRY(auto region, short_text(ask.request(), "region"));
  HTTP_TRY(const auto most, number_parameter(ask.request(), "limit", 12, kPageMost));
  ask.engine().shop_bestsellers(
      ask.who.shop, std::move(region), most,
      reply_with<model::ShopBestsellers>(ask.call, [](const model::ShopBestsellers& best) {
        Response response = shared_response();
        codec::JsonWriter json(response.body);
        json.begin_object();
        json.field("label", best.region.empty() ? "best-sellers" : "best-sellers by region");
        json.key("region");
        if (best.region.empty()) {
          json.null();
        } else {
          json.text(best.region);
        }
        write_products(json, "items", best.items);
        json.end_object();
        return response;
      }));
}

void shop_services(Ask ask) {
  ask.engine().shop_services(ask.who.shop, reply_with<std::vector<model::NounMembers>>(
                                               ask.call, [](const std::vector<model::NounMembers>& services) {
                                                 Response response = shared_response();
                                                 codec::JsonWriter json(response.body);
                                                 json.begin_object();
                                                 json.key("services");
                                                 json.begin_array();
                                                 for (const model::NounMembers& members : services) {
                                                   json.begin_object();
                                                   write_members(json, members);
                                                   json.end_object();
                                                 }
                                                 json.end_array();
                                                 json.end_object();
                                                 return response;
                                               }));
}

void shop_visitor(Ask ask) {
  HTTP_TRY(std::string id, detail::visitor_id(ask.request().parameter("anonymous_id").value_or("")));
  std::optional<EventSeq> after;
  if (!ask.request().log_offset.empty()) {
    HTTP_TRY(const auto offset, detail::number_of(ask.request().log_offset, "X-Log-Offset"));
    after = EventSeq{offset};
  }
  ask.engine().shop_visitor(ask.who.shop, {std::move(id), std::string(ask.request().proof)}, after,
                            reply_with<model::VisitorAnswer>(ask.call, visitor_response));
}

/// Forms for experts and closed surveys are nobody's business here.
void shop_survey(Ask ask) {
  ask.engine().survey(
      ask.who.shop, ask.values[0],
      reply_with<engine::SurveyCard>(ask.call, [](const engine::SurveyCard& card) {
        const Result<model::Survey> survey = codec::parse_survey(card.noun);
        if (!survey.ok() || survey->closed || survey->kind != model::SurveyKind::questionnaire)
          return problem(Error{Errc::not_found, "no open questionnaire of this id", "id"});
        Response response = shared_response();
        codec::JsonWriter json(response.body);
        json.begin_object();
        json.field("survey_id", card.survey_id);
        json.field("version", card.version);
        json.key("survey");
        codec::write_survey_form(json, *survey);
        json.end_object();
        return response;
      }));
}

}  // namespace rapport::http::handlers
