#include "http/detail/handlers_insight.h"

#include <charconv>

#include "http/detail/insight_json.h"
#include "http/detail/log_offset.h"

namespace rapport::http::handlers {
namespace {

using detail::Body;
using detail::reply_with;

constexpr std::uint64_t kPageMost = 1'000;
constexpr std::uint64_t kDaysMost = 92;

/// days=30. Errors: bad_input for 0 and what is over 92.
Result<std::int32_t> days_of(const Request& request) {
  RAPPORT_TRY(const std::uint64_t days, detail::number_parameter(request, "days", 30, kDaysMost));
  if (days == 0) return Error{Errc::bad_input, "no days are no window", "days", "1 to 92"};
  return static_cast<std::int32_t>(days);
}

template <class Answer>
Response insight_response(const Answer& answer) {
  Response response;
  response.body.reserve(4096);
  codec::JsonWriter json(response.body);
  detail::write_json(json, answer);
  detail::add_offset(response, answer.known_at);
  return response;
}

}  // namespace

void customers(Ask ask) {
  const Request& request = ask.request();
  engine::CustomersQuery query;
  query.query = request.parameter("query").value_or("");
  query.klass = request.parameter("class").value_or("");
  query.segment = request.parameter("segment").value_or("");
  query.tag = request.parameter("tag").value_or("");
  query.condition = request.parameter("condition").value_or("");
  query.cursor = request.parameter("cursor").value_or("");
  const std::string sort = request.parameter("sort").value_or("last_seen");
  if (sort == "value") {
    query.order = engine::ListOrder::value;
  } else if (sort == "urgency") {
    query.order = engine::ListOrder::urgency;
  } else if (sort != "last_seen" && !sort.empty()) {
    return ask.call->respond(
        problem(Error{Errc::bad_input, "no such order", "sort", "last_seen, value or urgency"}));
  }
  for (const auto& [name, bin] :
       {std::pair{"value_bin", &query.value_bin}, std::pair{"urgency_bin", &query.urgency_bin}}) {
    if (!request.parameter(name)) continue;
    HTTP_TRY(const std::uint64_t tenth, detail::number_parameter(request, name, 0, 9));
    *bin = static_cast<std::int32_t>(tenth);
  }
  HTTP_TRY(query.most, detail::number_parameter(request, "limit", 50, kPageMost));
  HTTP_TRY(query.after_offset, detail::log_offset(request));
  query.reveal = ask.may(model::Permission::reveal);
  ask.engine().customers(ask.who.shop, std::move(query),
                         reply_with<model::CustomerList>(ask.call, insight_response<model::CustomerList>));
}

void segment_matrix(Ask ask) {
  HTTP_TRY(const std::int32_t days, days_of(ask.request()));
  HTTP_TRY(const auto after, detail::log_offset(ask.request()));
  ask.engine().segment_matrix(
      ask.who.shop, days, after,
      reply_with<model::SegmentMatrix>(ask.call, insight_response<model::SegmentMatrix>));
}

void check_rule(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(auto text, body->text("text"));
  HTTP_TRY(const std::int64_t examples, body->integer_or("examples", 5));
  ask.engine().try_rule(ask.who.shop, std::move(text),
                        static_cast<std::size_t>(std::clamp<std::int64_t>(examples, 0, 50)),
                        ask.may(model::Permission::reveal),
                        reply_with<model::RuleTrial>(ask.call, insight_response<model::RuleTrial>));
}

void overview(Ask ask) {
  HTTP_TRY(const std::int32_t days, days_of(ask.request()));
  HTTP_TRY(const auto after, detail::log_offset(ask.request()));
  ask.engine().overview(ask.who.shop, days, after,
                        reply_with<model::Overview>(ask.call, insight_response<model::Overview>));
}

void services(Ask ask) {
  HTTP_TRY(const auto after, detail::log_offset(ask.request()));
  ask.engine().services(ask.who.shop, after,
                        reply_with<model::ServiceBoard>(ask.call, insight_response<model::ServiceBoard>));
}

void journey(Ask ask) {
  HTTP_TRY(const std::int32_t days, days_of(ask.request()));
  HTTP_TRY(const auto after, detail::log_offset(ask.request()));
  ask.engine().journey(ask.who.shop, days, after,
                       reply_with<model::Journey>(ask.call, insight_response<model::Journey>));
}

void journey_areas(Ask ask) {
  HTTP_TRY(const auto after, detail::log_offset(ask.request()));
  ask.engine().page_areas(ask.who.shop, ask.request().parameter("page").value_or(""), after,
                          reply_with<model::PageAreas>(ask.call, insight_response<model::PageAreas>));
}

void goals(Ask ask) {
  HTTP_TRY(const auto after, detail::log_offset(ask.request()));
  ask.engine().goals(ask.who.shop, after, reply_with<model::Goals>(ask.call, insight_response<model::Goals>));
}

/// A goal is an event like any other; this route spares the caller writing one.
void publish_goal(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  for (const std::string_view name : {"name", "metric"}) {
    HTTP_TRY(const std::string text, body->text(name));
    if (text.empty() || text.size() > 200)
      return ask.call->respond(
          problem(Error{Errc::bad_input, fmt::format("{} is empty or too long", name), std::string(name)}));
  }
  HTTP_TRY(const std::string due, body->text_or("due", ""));
  if (!due.empty()) {
    if (auto moment = parse_instant(due); !moment.ok())
      return ask.call->respond(problem(std::move(moment).error().at("due")));
  }
  ask.engine().publish_goal(ask.who.shop, ask.values[0], ask.request().body,
                            reply_with<EventSeq>(ask.call, detail::offset_response));
}

}  // namespace rapport::http::handlers
