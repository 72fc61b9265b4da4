#include "http/detail/handlers_survey.h"

#include "codec/survey.h"
#include "engine/engine_surveys.h"

// Surveys as the shop's keeper sees them.
namespace rapport::http::handlers {
namespace {

using detail::Body;
using detail::offset_response;
using detail::reply_with;

/// "https://shop.example/ask/TOKEN"; only the path over the folder's socket, which has no address of its own.
std::string url_of(const Request& request, std::string_view path) {
  if (request.from_socket || request.host.empty()) return std::string(path);
  return fmt::format("{}://{}{}", request.forwarded_proto == "https" ? "https" : "http", request.host, path);
}

void write_link(codec::JsonWriter& json, const Request& request, std::string_view token, Instant expires) {
  const std::string path = fmt::format("/ask/{}", token);
  json.field("token", token);
  json.field("url", url_of(request, path));
  json.field("path", path);
  json.field("qr", path + "/qr.svg");
  json.field("expires_at", expires);
}

void write_counts(codec::JsonWriter& json, const engine::SurveyCard& card) {
  json.field("invited", card.invited);
  json.field("reminders", card.reminders);
  json.field("answered", card.answered);
}

void write_summary(codec::JsonWriter& json, const engine::SurveyCard& card) {
  const Result<model::Survey> survey = codec::parse_survey(card.noun);
  json.begin_object();
  json.field("survey_id", card.survey_id);
  json.key("title");
  if (survey.ok()) {
    codec::write_survey_text(json, survey->title);
  } else {
    codec::write_survey_text(json, {card.survey_id, card.survey_id, card.survey_id});
  }
  json.field("template", survey.ok() ? survey->from_template : "");
  json.field("kind", survey.ok() ? model::survey_kind_name(survey->kind) : "questionnaire");
  json.field("items", survey.ok() ? survey->items.size() : 0);
  json.field("round", survey.ok() ? survey->round : 1);
  json.field("version", card.version);
  json.field("closed", survey.ok() && survey->closed);
  if (!survey.ok()) json.field("problem", survey.error().message);
  write_counts(json, card);
  json.end_object();
}

/// Rows of the answers' table as CSV; it needs no study.
void sheets_as_csv(Ask ask) {
  engine::survey_sheets_csv(ask.engine(), ask.who.shop, ask.values[0],
                            reply_with<std::string>(ask.call, [](std::string csv) {
                              Response response;
                              response.content_type = "text/csv; charset=utf-8";
                              response.body = std::move(csv);
                              return response;
                            }));
}

void write_counted(codec::JsonWriter& json, const engine::ItemResult* result) {
  json.field("n", result == nullptr ? 0 : result->n);
  json.key("mean");
  result == nullptr ? json.null() : json.real(result->mean);
  json.key("counts");
  json.begin_array();
  if (result != nullptr) {
    for (const auto& [value, n] : result->counts) {
      json.begin_object();
      json.field("value", value);
      json.field("n", n);
      json.end_object();
    }
  }
  json.end_array();
}

void write_versions(codec::JsonWriter& json, const std::vector<engine::VersionResult>& versions) {
  json.key("versions");
  json.begin_array();
  for (const engine::VersionResult& one : versions) {
    json.begin_object();
    json.field("version", one.version);
    json.field("sheets", one.sheets);
    json.key("items");
    json.begin_array();
    for (const engine::ItemResult& item : one.items) {
      json.begin_object();
      json.field("item", item.item);
      write_counted(json, &item);
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
}

void write_item_result(codec::JsonWriter& json, const model::SurveyItem& item, std::int64_t since,
                       const engine::ItemResult* result) {
  json.begin_object();
  json.field("item", item.item);
  json.key("text");
  codec::write_survey_text(json, item.text);
  json.field("type", model::item_type_name(item.type));
  if (item.type == model::ItemType::scale) {
    json.field("low", item.low);
    json.field("high", item.high);
  }
  if (item.type == model::ItemType::pair) {
    json.key("left");
    codec::write_survey_text(json, item.left);
    json.key("right");
    codec::write_survey_text(json, item.right);
  }
  json.field("reverse", item.reverse);
  json.field("dimension", item.dimension);
  json.field("since", since);
  write_counted(json, result);
  json.end_object();
}

Response results_response(const engine::SurveyResults& results) {
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.field("survey_id", results.card.survey_id);
  write_counts(json, results.card);
  json.key("response_rate");
  if (results.card.invited == 0) {
    json.null();
  } else {
    json.real(static_cast<double>(results.card.answered) / static_cast<double>(results.card.invited));
  }
  json.key("items");
  json.begin_array();
  for (std::size_t i = 0; i < results.survey.items.size(); ++i) {
    const model::SurveyItem& item = results.survey.items[i];
    const auto at = std::find_if(results.items.begin(), results.items.end(),
                                 [&](const engine::ItemResult& r) { return r.item == item.item; });
    write_item_result(json, item, results.since[i], at == results.items.end() ? nullptr : &*at);
  }
  json.end_array();
  json.field("version", results.version);
  write_versions(json, results.versions);
  json.key("trend");
  json.begin_array();
  for (const auto& [day, n] : results.days) {
    json.begin_object();
    json.field("day", day);
    json.field("n", n);
    json.end_object();
  }
  json.end_array();
  json.field("known_at", results.known_at);
  json.end_object();
  return response;
}

Response invited_response(const Request& request, const engine::InviteAnswer& answer) {
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.key("invited");
  json.begin_array();
  for (const engine::Invited& one : answer.invited) {
    json.begin_object();
    json.field("customer", fmt::format("c_{}", one.customer.value));
    write_link(json, request, one.token, one.expires_at);
    json.field("reminder", one.reminder);
    json.field("sent_by", one.sent_by);
    json.field("decision_id", one.decision_id);
    json.end_object();
  }
  json.end_array();
  json.key("refused");
  json.begin_array();
  for (const engine::NotInvited& one : answer.refused) {
    json.begin_object();
    json.field("customer", one.customer);
    json.field("code", one.code);
    json.field("why", one.why);
    json.field("expected", one.expected);
    json.end_object();
  }
  json.end_array();
  json.field("refused_total", answer.refused_total);
  json.end_object();
  if (answer.offset.value != 0) detail::add_offset(response, answer.offset);
  return response;
}

Result<std::optional<std::int64_t>> days_of(const Body& body) {
  if (!body.has("days")) return std::optional<std::int64_t>();
  RAPPORT_TRY(const std::int64_t days, body.integer_or("days", 0));
  return std::optional<std::int64_t>(days);
}

}  // namespace

void survey_templates(Ask ask) {
  Response response;
  codec::JsonWriter json(response.body);
  json.begin_object();
  json.key("templates");
  json.begin_array();
  for (const engine::SurveyTemplateInfo& one : engine::survey_template_list()) {
    json.begin_object();
    json.field("template", one.name);
    json.field("kind", model::survey_kind_name(one.survey->kind));
    json.key("title");
    codec::write_survey_text(json, one.survey->title);
    json.key("purpose");
    codec::write_survey_text(json, *one.purpose);
    json.field("items", one.survey->items.size());
    json.field("method", one.method);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  ask.call->respond(std::move(response));
}

void survey_template(Ask ask) {
  for (const engine::SurveyTemplateInfo& one : engine::survey_template_list()) {
    if (one.name != ask.values[0]) continue;
    Response response;
    codec::JsonWriter json(response.body);
    codec::write_survey(json, *one.survey);
    return ask.call->respond(std::move(response));
  }
  ask.call->respond(
      problem(Error{Errc::not_found, "no such template", "template", "one of GET /v1/survey-templates"}));
}

void surveys(Ask ask) {
  ask.engine().surveys(ask.who.shop,
                       reply_with<engine::SurveyList>(ask.call, [](const engine::SurveyList& list) {
                         Response response;
                         codec::JsonWriter json(response.body);
                         json.begin_object();
                         json.key("surveys");
                         json.begin_array();
                         for (const engine::SurveyCard& card : list.surveys) write_summary(json, card);
                         json.end_array();
                         json.field("known_at", list.known_at);
                         json.end_object();
                         return response;
                       }));
}

void survey(Ask ask) {
  ask.engine().survey(ask.who.shop, ask.values[0],
                      reply_with<engine::SurveyCard>(ask.call, [](const engine::SurveyCard& card) {
                        Result<model::Survey> survey = codec::parse_survey(card.noun);
                        if (!survey.ok()) return problem(survey.error());
                        Response response;
                        codec::JsonWriter json(response.body);
                        json.begin_object();
                        json.key("survey");
                        codec::write_survey(json, *survey);
                        json.field("version", card.version);
                        write_counts(json, card);
                        json.field("known_at", card.known_at);
                        json.end_object();
                        return response;
                      }));
}

void publish_survey(Ask ask) {
  ask.engine().publish_survey(ask.who.shop, ask.values[0], ask.request().body,
                              reply_with<EventSeq>(ask.call, offset_response));
}

void survey_link(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  engine::SurveyLinkRequest request;
  request.survey = ask.values[0];
  HTTP_TRY(request.label, body->text_or("label", ""));
  HTTP_TRY(request.single, body->flag_or("single", false));
  HTTP_TRY(request.days, days_of(*body));
  ask.engine().survey_link(
      ask.who.shop, std::move(request),
      reply_with<engine::SurveyLinkAnswer>(ask.call, [call = ask.call](const engine::SurveyLinkAnswer& link) {
        Response response;
        response.status = 201;
        codec::JsonWriter json(response.body);
        json.begin_object();
        write_link(json, call->request, link.token, link.expires_at);
        json.end_object();
        return response;
      }));
}

void invite(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  engine::InviteRequest request;
  request.survey = ask.values[0];
  HTTP_TRY(request.customers, body->texts("customers"));
  HTTP_TRY(const std::string customer, body->text_or("customer", ""));
  if (!customer.empty()) request.customers.push_back(customer);
  HTTP_TRY(request.segment, body->text_or("segment", ""));
  HTTP_TRY(request.channel, body->text_or("channel", "link"));
  HTTP_TRY(request.reminder, body->flag_or("reminder", false));
  HTTP_TRY(request.send, body->flag_or("send", false));
  HTTP_TRY(request.days, days_of(*body));
  HTTP_TRY(const std::int64_t most, body->integer_or("most", 100));
  if (most < 1)
    return ask.call->respond(problem(Error{Errc::bad_input, "nobody is to be asked", "most", "1 to 1000"}));
  request.most = static_cast<std::size_t>(most);
  ask.engine().invite(
      ask.who.shop, std::move(request),
      reply_with<engine::InviteAnswer>(ask.call, [call = ask.call](const engine::InviteAnswer& answer) {
        return invited_response(call->request, answer);
      }));
}

void survey_results(Ask ask) {
  if (ask.request().parameter("as") == "csv") return sheets_as_csv(std::move(ask));
  ask.engine().survey_results(ask.who.shop, ask.values[0],
                              reply_with<engine::SurveyResults>(ask.call, results_response));
}

}  // namespace rapport::http::handlers
