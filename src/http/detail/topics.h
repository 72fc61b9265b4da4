#pragma once

#include <span>

#include "http/detail/schemas.h"
#include "http/router.h"

/// The API is put together from topics: each brings its table of routes and the schemas these name. A new
/// topic is a routes_<topic>.cc with its handlers beside it, and one line in topics.cc.
namespace rapport::http::detail {

struct Topic {
  std::span<const Route> routes;
  std::span<const Schema> schemas;
};

/// In the order in which the document shows them. Static storage.
std::span<const Topic> topics();

std::span<const Route> care_routes();    ///< routes_care.cc: what a shop's keeper needs beside the daily work
std::span<const Schema> care_schemas();  ///< routes_care.cc
std::span<const Route> survey_routes();  ///< routes_survey.cc: asking people
std::span<const Schema> survey_schemas();  ///< routes_survey.cc
std::span<const Route> loop_routes();  ///< routes_loop.cc: hypothesis cards, actions, what services are worth
std::span<const Schema> loop_schemas();   ///< routes_loop.cc
std::span<const Route> package_routes();  ///< routes_package.cc: packages, profiles of services
std::span<const Schema> package_schemas();
std::span<const Route> feedback_routes();  ///< routes_feedback.cc: what customers say
std::span<const Schema> feedback_schemas();
std::span<const Route> assistant_routes();  ///< routes_assistant.cc: what the shop knows, and the assistant
std::span<const Schema> assistant_schemas();
std::span<const Route> files_routes();     ///< routes_files.cc
std::span<const Schema> files_schemas();   ///< routes_files.cc
std::span<const Route> engine_routes();    ///< routes.cc: events in, customers, segments, lens and out, house
std::span<const Schema> engine_schemas();  ///< schemas.cc
std::span<const Route>
insight_routes();  ///< routes_insight.cc: lists, segments, services and journey as a whole
std::span<const Schema> insight_schemas();
std::span<const Route> access_routes();  ///< routes_access.cc: sessions, users, links, shops of the console
std::span<const Schema> access_schemas();
std::span<const Route> shopfront_routes();  ///< routes_shopfront.cc: products, reviews, a visitor's own
std::span<const Schema> shopfront_schemas();
std::span<const Route> visitor_routes();  ///< routes_visitor.cc: how a browser comes to be believed
std::span<const Schema> visitor_schemas();
std::span<const Route> booking_routes();  ///< routes_bookings.cc: visitors' own appointments
std::span<const Schema> booking_schemas();
std::span<const Route> mail_routes();  ///< routes_mail.cc: letters in
std::span<const Schema> mail_schemas();

std::span<const Route> words_routes();  ///< routes_words.cc: names, parameters in everyday words
std::span<const Schema> words_schemas();

std::span<const Route> models_routes();    ///< routes_models.cc: models of the shop
std::span<const Schema> models_schemas();  ///< routes_models.cc

std::span<const Route> catalogue_routes();  ///< routes_catalogue.cc: what can be recommended
std::span<const Schema> catalogue_schemas();

std::span<const Route> recommend_routes();  ///< routes_recommend.cc: lists with reasons, scenes
std::span<const Schema> recommend_schemas();

std::span<const Route> ledger_routes();    ///< routes_ledger.cc: satisfaction records, provably unaltered
std::span<const Schema> ledger_schemas();  ///< routes_ledger.cc
std::span<const Route> desk_routes();      ///< routes_desk.cc: tickets, service levels, calendars, the roster
std::span<const Schema> desk_schemas();
std::span<const Route> desk_action_routes();  ///< routes_desk_actions.cc: refunds, coupons, written answers
std::span<const Schema> desk_action_schemas();

std::span<const Route> parcels_routes();  ///< routes_parcels.cc: where parcels are, delays announced
std::span<const Schema> parcels_schemas();
std::span<const Route> returns_routes();  ///< routes_returns.cc: asked for, decided, paid back
std::span<const Schema> returns_schemas();

std::span<const Route> study_routes();    ///< routes_study.cc: methods of analysis over the shop's facts
std::span<const Schema> study_schemas();  ///< routes_study.cc

}  // namespace rapport::http::detail
