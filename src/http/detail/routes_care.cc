#include "http/detail/ask.h"
#include "http/detail/topics.h"

// The keeper's routes: values that rules compare with, the ledger of erasures.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;

/// A key sees the erasures of its own shop, the folder's owner those of all.
void erasures(Ask ask) {
  const std::optional<ShopNo> shop = ask.who.key_id == 0 ? std::nullopt : std::optional<ShopNo>(ask.who.shop);
  HTTP_TRY(auto ledger, ask.engine().erasure_ledger(shop));
  Response response;
  response.content_type = "text/tab-separated-values";
  response.body = std::move(ledger);
  ask.call->respond(std::move(response));
}

/// Of {name, value | order_value_quantile, ...}. Errors: bad_input.
Result<engine::ValueRequest> value_of(const std::string& text) {
  RAPPORT_TRY(const auto body, detail::Body::parse(text));
  engine::ValueRequest request;
  RAPPORT_TRY(request.name, body->text("name"));
  RAPPORT_TRY(request.currency, body->text_or("currency", ""));
  RAPPORT_TRY(const std::string scale, body->text_or("scale", ""));
  if (!scale.empty() && scale != "thousandths")
    return Error{Errc::bad_input, "unknown scale", "scale", "thousandths, or none"};
  request.thousandths = scale == "thousandths";
  codec::JsonIndex json;
  RAPPORT_CHECK(json.parse(text));
  const codec::JsonValue value = json.root().find("value");
  const codec::JsonValue share = json.root().find("order_value_quantile");
  if (value.present() == share.present())
    return Error{Errc::bad_input, "one of value and order_value_quantile is wanted", "value"};
  if (value.present()) {
    request.number = std::string(value.raw());
    return request;
  }
  const auto per_mille = share.is(codec::JsonKind::number) ? share.scaled(3) : std::nullopt;
  if (!per_mille || *per_mille < 0 || *per_mille > 1000)
    return Error{Errc::bad_input, "no such quantile", "order_value_quantile", "0 to 1"};
  request.order_value_per_mille = static_cast<std::uint32_t>(*per_mille);
  RAPPORT_TRY(const std::int64_t days, body->integer_or("days", 365));
  request.days = static_cast<std::uint32_t>(std::clamp<std::int64_t>(days, 0, 1'000'000));
  return request;
}

void publish_value(Ask ask) {
  HTTP_TRY(auto request, value_of(ask.request().body));
  ask.engine().publish_value(
      ask.who.shop, std::move(request),
      detail::reply_with<engine::ValueAnswer>(ask.call, [](const engine::ValueAnswer& value) {
        Response response;
        codec::JsonWriter json(response.body);
        json.begin_object();
        json.field("name", value.name);
        json.key("value");
        json.raw(value.number);
        if (!value.currency.empty()) json.field("currency", value.currency);
        if (value.orders > 0) json.field("orders", value.orders);
        json.field("offset", value.offset);
        json.end_object();
        detail::add_offset(response, value.offset);
        return response;
      }));
}

const Route kRoutes[] = {
    {.method = post,
     .pattern = "/v1/values",
     .needs = publish,
     .tag = "segments",
     .summary =
         "Publishes a number for rules to compare with: as given, or a quantile of the shop's order values.",
     .body = "Value",
     .answer = "ValuePublished",
     .handle = publish_value,
     .body_most = 64 * 1024},
    {.method = get,
     .pattern = "/v1/erasures",
     .needs = administer,
     .tag = "house",
     .summary = "Every node ever erased, a line each: what a restore of an older backup needs.",
     .media = "text/tab-separated-values",
     .handle = erasures},
};

constexpr detail::Schema kSchemas[] = {
    {"Value",
     R"({"type":"object","required":["name"],"properties":{"name":{"type":"string","description":"What rules call it: published <name>."},"value":{"type":"number"},"currency":{"type":"string","description":"Of an amount."},"scale":{"enum":["thousandths"],"description":"For what facts keep with decimals, as ratings."},"order_value_quantile":{"type":"number","minimum":0,"maximum":1,"description":"Instead of value: 0.9 is the bound of the top tenth of order values, nearest rank."},"days":{"type":"integer","description":"Orders of the last so many days; 365."}}})"},
    {"ValuePublished",
     R"({"type":"object","required":["name","value","offset"],"properties":{"name":{"type":"string"},"value":{"type":"number"},"currency":{"type":"string"},"orders":{"type":"integer","description":"Orders that the quantile was taken over."},"offset":{"type":"integer"}}})"},
};

}  // namespace

namespace detail {

std::span<const Route> care_routes() {
  return kRoutes;
}

std::span<const Schema> care_schemas() {
  return kSchemas;
}

}  // namespace detail
}  // namespace rapport::http
