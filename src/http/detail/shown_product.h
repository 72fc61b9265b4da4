#pragma once

#include "codec/json_writer.h"
#include "model/answers/shopfront.h"

/// A product as the storefront shows it.
namespace rapport::http::detail {

/// "rating", null where there is none, and "ratings", how many.
void write_rating(codec::JsonWriter& json, const model::ShopProduct& product);
/// Its published members but the id, how often it was ordered and viewed, and its rating; inside an object
/// that names it.
void write_shown_product(codec::JsonWriter& json, const model::ShopProduct& product);

}  // namespace rapport::http::detail
