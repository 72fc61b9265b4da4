#pragma once

#include <string>

#include "engine/engine.h"

/// The catalogue of what can be recommended: listed with the state of each offer, shown whole, published.
/// Answers are JSON (openapi.json describes them).
namespace rapport::engine {

struct CatalogueQuery {
  static constexpr std::size_t kMost = 200;
  std::string kind;      ///< a word of model::kOfferKinds; "": all
  std::string state;     ///< on_offer, sold_out, not_yet, expired, hidden; "": all
  std::string category;  ///< "": any
  std::string query;     ///< part of an id, a name or a category; "": all
  std::size_t from = 0;  ///< so many are passed over
  std::size_t most = 50;
};
/// Errors: bad_input for an unknown kind or state.
void catalogue(Engine& engine, ShopNo shop, CatalogueQuery query, Reply<std::string> reply);
/// The whole noun as published, with its state. Errors: bad_input for an unknown kind, not_found.
void catalogue_offer(Engine& engine, ShopNo shop, std::string kind, std::string id, Reply<std::string> reply);
/// Publishes the whole noun in place of the one before (Product, Bundle, Content, Service or Coupon
/// Published; an adviser is a service and early access a content, both with their `item_kind`). Errors:
/// bad_input naming the member.
void publish_offer(Engine& engine, ShopNo shop, std::string kind, std::string id, std::string body,
                   Reply<std::string> reply);

}  // namespace rapport::engine
