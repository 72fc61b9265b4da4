#include "http/detail/topics.h"

#include <vector>

namespace rapport::http {

namespace detail {

std::span<const Topic> topics() {
  static const Topic all[] = {
      {engine_routes(), engine_schemas()},       {care_routes(), care_schemas()},
      {insight_routes(), insight_schemas()},     {access_routes(), access_schemas()},
      {shopfront_routes(), shopfront_schemas()}, {visitor_routes(), visitor_schemas()},
      {study_routes(), study_schemas()},         {files_routes(), files_schemas()},
      {words_routes(), words_schemas()},         {package_routes(), package_schemas()},
      {survey_routes(), survey_schemas()},       {loop_routes(), loop_schemas()},
      {models_routes(), models_schemas()},       {catalogue_routes(), catalogue_schemas()},
      {recommend_routes(), recommend_schemas()}, {ledger_routes(), ledger_schemas()},
      {desk_routes(), desk_schemas()},           {feedback_routes(), feedback_schemas()},
      {mail_routes(), mail_schemas()},           {booking_routes(), booking_schemas()},
      {assistant_routes(), assistant_schemas()}, {parcels_routes(), parcels_schemas()},
      {returns_routes(), returns_schemas()},     {desk_action_routes(), desk_action_schemas()},
  };
  return all;
}

std::span<const Schema> component_schemas() {
  static const std::vector<Schema> all = [] {
    std::vector<Schema> joined;
    for (const Topic& topic : topics())
      joined.insert(joined.end(), topic.schemas.begin(), topic.schemas.end());
    return joined;
  }();
  return all;
}

}  // namespace detail

std::span<const Route> api_routes() {
  static const std::vector<Route> all = [] {
    std::vector<Route> joined;
    for (const detail::Topic& topic : detail::topics())
      joined.insert(joined.end(), topic.routes.begin(), topic.routes.end());
    return joined;
  }();
  return all;
}

}  // namespace rapport::http
