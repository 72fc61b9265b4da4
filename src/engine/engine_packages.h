#pragma once

#include <string>

#include "engine/engine.h"

/// Packages that the shop composes of services and products, and how a service profiles against the ordinary
/// one. Answers are JSON (openapi.json describes them).
namespace rapport::engine {

/// Price, cost and margin of a package from its parts, and what the facts say of those who have them.
/// `body`: {services?, products?, discount? (a share) or price?, days?}. Errors: bad_input naming the member;
/// not_found for a part that was not published.
void plan_package(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);
/// Publishes it (Bundle Published). `body`: as plan_package, and title, title_en?, family?, tier?, rank?,
/// until?, below_cost?. Errors: as plan_package; refused for a price above the list's, or below cost unless
/// below_cost says that this is meant.
void publish_package(Engine& engine, ShopNo shop, std::string id, std::string body, Reply<std::string> reply);
/// The bundles that hold a service or were composed here, by family and rank, with their margins.
void packages(Engine& engine, ShopNo shop, Reply<std::string> reply);

/// One service against the ordinary service on six dimensions, each with its evidence. Errors: not_found.
void service_profile(Engine& engine, ShopNo shop, std::string id, Reply<std::string> reply);

}  // namespace rapport::engine
