#include "http/detail/shown_product.h"

namespace rapport::http::detail {

void write_rating(codec::JsonWriter& json, const model::ShopProduct& product) {
  json.key("rating");
  if (product.ratings == 0) {
    json.null();
  } else {
    json.thousandths(product.rating_sum / static_cast<std::int64_t>(product.ratings));
  }
  json.field("ratings", product.ratings);
}

void write_shown_product(codec::JsonWriter& json, const model::ShopProduct& product) {
  for (const auto& [name, value] : product.members) {
    if (name == "product_id") continue;
    json.escaped_key(name);
    json.raw(value);
  }
  json.field("orders", product.orders);
  json.field("pieces", product.pieces);
  json.field("views", product.views);
  write_rating(json, product);
}

}  // namespace rapport::http::detail
