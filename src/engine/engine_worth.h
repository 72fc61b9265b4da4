#pragma once

#include <string>

#include "engine/engine.h"

/// What services are worth and what follows from it: published studies, the matrix of benefit and cost,
/// prices of packages, reviews with their warnings, actions. Answers are JSON (openapi.json describes them).
namespace rapport::engine {

/// Runs a study and publishes what it says (Study Published). `body`: {method, sql, survey or table with file
/// (its name), options?, service_id?, benefit? {amount, se, cost?, cost_se?}}. Errors: the study's; bad_input
/// naming the member.
void publish_study(Engine& engine, ShopNo shop, std::string id, std::string body, Reply<std::string> reply);
void published_studies(Engine& engine, ShopNo shop, Reply<std::string> reply);
/// One, with its report as it was. Errors: not_found.
void published_study(Engine& engine, ShopNo shop, std::string id, Reply<std::string> reply);

/// Makes those whom a published study by the method churn warns of a segment (churn_warned) with an action on
/// it: a Need Predicted each, until the action's date, the segment's rule if there is none, Action Taken; one
/// write. `body`: {action: as take_action takes it without the study}. Who withdrew her consent to
/// personalisation is left out and counted. Errors: as take_action; not_found; refused when the study warns
/// of nobody.
void warn_of_churn(Engine& engine, ShopNo shop, std::string id, std::string body, Reply<std::string> reply);

/// Turns a finding into an action (Action Taken). Errors: bad_input naming the member; not_found for a study
/// that is not published.
void take_action(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);
void actions(Engine& engine, ShopNo shop, Reply<std::string> reply);

/// Benefit and cost of each service whose benefit a published study tells, with the probability of each
/// quadrant.
void services_roi(Engine& engine, ShopNo shop, Reply<std::string> reply);
/// What services cost together: tiers by quantity, and the bundles that save most. `body`: {services: [...]}.
void package_price(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply);
/// When each service is to be reviewed, and what its own facts warn of.
void service_reviews(Engine& engine, ShopNo shop, Reply<std::string> reply);

}  // namespace rapport::engine
