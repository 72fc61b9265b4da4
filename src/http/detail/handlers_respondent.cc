#include <charconv>

#include "codec/survey.h"
#include "engine/engine_ledger.h"
#include "engine/engine_surveys.h"
#include "http/detail/handlers_survey.h"
#include "http/detail/qr.h"
#include "http/detail/static_files.h"
#include "http/detail/survey_page.h"

// Surveys as respondents see them: by page and by API. The token is the right.
namespace rapport::http::handlers {
namespace {

using detail::Body;
using detail::SurveyEnd;
using model::SurveyLanguage;

constexpr int kGone = 410;

/// An engine's error as respondents get it: what was there once is gone.
Response respondent_problem(const Error& error) {
  return error.code == Errc::refused && error.where == "token" ? problem(kGone, error) : problem(error);
}

template <class T, class Format>
engine::Reply<T> respondent_reply(const CallPtr& call, Format format) {
  return [call, format = std::move(format)](Result<T> result) {
    auto kept = std::make_shared<Result<T>>(std::move(result));
    call->post([call, kept, format] {
      call->respond(kept->ok() ? format(std::move(**kept)) : respondent_problem(kept->error()));
    });
  };
}

SurveyLanguage language_for(const Request& request, std::string_view form_language = {}) {
  const std::string asked = request.parameter("lang").value_or(std::string(form_language));
  return model::language_of(asked.empty() ? request.accept_language : std::string_view(asked));
}

Response page_response(std::string html, int status = 200) {
  Response response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(html);
  response.headers = {{"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Vary", "Accept-Language"}};
  detail::add_page_headers(response);
  return response;
}

Response error_page(const Error& error, SurveyLanguage language) {
  if (error.code == Errc::not_found)
    return page_response(detail::survey_end_page(SurveyEnd::unknown, language), 404);
  if (error.code == Errc::refused)
    return page_response(detail::survey_end_page(SurveyEnd::gone, language), kGone);
  return page_response(detail::survey_end_page(SurveyEnd::busy, language), status_of(error.code));
}

void write_panel(codec::JsonWriter& json, const std::vector<engine::PanelView>& panel) {
  json.key("panel");
  json.begin_array();
  for (const engine::PanelView& view : panel) {
    json.begin_object();
    json.field("item", view.item);
    json.field("n", view.n);
    json.key("median");
    json.real(view.median);
    json.key("q1");
    json.real(view.q1);
    json.key("q3");
    json.real(view.q3);
    json.end_object();
  }
  json.end_array();
}

/// {"answers": [{"item", "value"}]}. Errors: bad_input.
Result<std::vector<model::SurveyAnswer>> read_answers(std::string_view text) {
  codec::JsonIndex index;
  const std::string body(text.empty() ? "{}" : text);
  RAPPORT_CHECK(index.parse(body));
  const codec::JsonValue list =
      index.root().is(codec::JsonKind::object) ? index.root().find("answers") : codec::JsonValue();
  const Error wrong{Errc::bad_input, "the answers are missing or no list", "answers",
                    "[{\"item\":\"nps\",\"value\":9}]"};
  if (!list.present() || !list.is(codec::JsonKind::array)) return wrong;
  std::vector<model::SurveyAnswer> answers;
  for (codec::JsonItems items(list); items.next();) {
    const codec::JsonValue one = items.value();
    if (!one.is(codec::JsonKind::object)) return wrong;
    const codec::JsonValue item = one.find("item"), value = one.find("value");
    if (answers.size() == model::kSurveyItemsMost || !item.present() || !item.is(codec::JsonKind::string) ||
        !value.present())
      return wrong;
    if (value.is_null()) continue;
    model::SurveyAnswer& answer = answers.emplace_back();
    answer.item = item.text();
    const auto whole = value.is(codec::JsonKind::number) ? value.integer() : std::nullopt;
    if (whole) {
      answer.value = *whole;
    } else if (value.is(codec::JsonKind::string)) {
      answer.value = value.text();
    } else {
      return Error{Errc::bad_input, "neither a whole number nor a text",
                   "answers." + answer.item.substr(0, 64), "a whole number, or a text"};
    }
  }
  return answers;
}

/// What a browser sends: a.nps=9&a.why=...&response=...&lang=...
struct PostedForm {
  std::string response, language;
  std::map<std::string, std::string, std::less<>> given;
};

PostedForm read_form(std::string_view body) {
  PostedForm form;
  while (!body.empty()) {
    const auto end = std::min(body.find('&'), body.size());
    const std::string_view field = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    const auto equals = std::min(field.find('='), field.size());
    const std::string name = percent_decode(field.substr(0, equals), true);
    std::string value = percent_decode(field.substr(std::min(equals + 1, field.size())), true);
    if (name == "response")
      form.response = std::move(value);
    else if (name == "lang")
      form.language = std::move(value);
    else if (name.starts_with("a.") && !value.empty() && form.given.size() < model::kSurveyItemsMost)
      form.given[name.substr(2)] = std::move(value);
  }
  return form;
}

std::vector<model::SurveyAnswer> answers_of(const PostedForm& form, const model::Survey& survey) {
  std::vector<model::SurveyAnswer> answers;
  for (const auto& [item, text] : form.given) {
    const model::SurveyItem* asked = survey.find(item);
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    const bool whole = parsed.ec == std::errc{} && parsed.ptr == end;
    if (whole && asked != nullptr && asked->type != model::ItemType::text) {
      answers.push_back({item, number});
    } else {
      answers.push_back({item, text});
    }
  }
  return answers;
}

/// Goes on with the JSON of the receipt that the ledger gives for the answers, "" when it gives none: they
/// count all the same.
void with_receipt(engine::Engine& engine, const engine::SurveyAccepted& accepted,
                  std::function<void(const std::string& receipt)> go_on) {
  if (!accepted.accepted) return go_on("");
  engine::ledger_receipt_of(
      engine, accepted.shop, accepted.offset, accepted.message_id,
      [go_on = std::move(go_on)](Result<std::string> receipt) { go_on(receipt.ok() ? *receipt : ""); });
}

std::string token_of(const std::string& receipt) {
  codec::JsonIndex index;
  return receipt.empty() || !index.parse(receipt).ok() ? "" : index.root().find("token").text();
}

Response asset(std::string_view media, std::string_view text) {
  Response response;
  response.content_type = media;
  response.body = text;
  response.headers = {{"Cache-Control", "public, max-age=3600"}, {"X-Content-Type-Options", "nosniff"}};
  return response;
}

}  // namespace

void survey_sheet(Ask ask) {
  const SurveyLanguage language = language_for(ask.request());
  ask.engine().survey_sheet(
      ask.values[0],
      respondent_reply<engine::SurveySheet>(ask.call, [language](const engine::SurveySheet& sheet) {
        Response response;
        codec::JsonWriter json(response.body);
        json.begin_object();
        json.key("survey");
        codec::write_survey_form(json, sheet.survey);
        json.field("response", sheet.response);
        json.field("version", sheet.version);
        json.field("answered", sheet.answered);
        json.field("expires_at", sheet.expires_at);
        json.field("language", model::survey_language_name(language));
        write_panel(json, sheet.panel);
        json.end_object();
        return response;
      }));
}

void answer_survey(Ask ask) {
  HTTP_TRY(const auto body, Body::parse(ask.request().body));
  HTTP_TRY(std::string response, body->text_or("response", ""));
  HTTP_TRY(auto answers, read_answers(ask.request().body));
  ask.engine().answer_survey(ask.values[0], std::move(response), std::move(answers),
                             [call = ask.call, &engine = ask.engine()](Result<engine::SurveyAccepted> done) {
                               if (!done.ok()) return call->respond(respondent_problem(done.error()));
                               with_receipt(engine, *done,
                                            [call, accepted = *done](const std::string& receipt) {
                                              Response out;
                                              codec::JsonWriter json(out.body);
                                              json.begin_object();
                                              json.field("accepted", accepted.accepted);
                                              json.field("duplicate", accepted.duplicate);
                                              json.key("receipt");
                                              if (receipt.empty()) {
                                                json.null();
                                              } else {
                                                json.raw(receipt);
                                              }
                                              json.end_object();
                                              if (accepted.offset.value != 0)
                                                detail::add_offset(out, accepted.offset);
                                              call->respond(std::move(out));
                                            });
                             });
}

void survey_page(Ask ask) {
  const SurveyLanguage language = language_for(ask.request());
  ask.engine().survey_sheet(ask.values[0], [call = ask.call, language](Result<engine::SurveySheet> sheet) {
    if (!sheet.ok()) return call->respond(error_page(sheet.error(), language));
    detail::SurveyPage page;
    page.language = language;
    call->respond(page_response(detail::survey_form_page(*sheet, page)));
  });
}

void answer_survey_page(Ask ask) {
  auto form = std::make_shared<PostedForm>(read_form(ask.request().body));
  const SurveyLanguage language = language_for(ask.request(), form->language);
  engine::Engine& engine = ask.engine();
  const std::string token = ask.values[0];
  // The form is looked up first: what was typed is read by its items, and shown again if it was not taken.
  engine.survey_sheet(
      token, [call = ask.call, &engine, token, form, language](Result<engine::SurveySheet> found) {
        if (!found.ok()) return call->respond(error_page(found.error(), language));
        auto sheet = std::make_shared<engine::SurveySheet>(std::move(found).value());
        engine.answer_survey(
            token, form->response, answers_of(*form, sheet->survey),
            [call, &engine, sheet, form, language](Result<engine::SurveyAccepted> done) {
              if (done.ok()) {
                const SurveyEnd end = done->accepted ? SurveyEnd::thanks : SurveyEnd::already;
                return with_receipt(engine, *done, [call, sheet, end, language](const std::string& receipt) {
                  call->respond(page_response(detail::survey_end_page(
                      end, language, model::in_language(sheet->survey.thanks, language), token_of(receipt))));
                });
              }
              const Error& error = done.error();
              const bool is_item = error.code == Errc::bad_input && error.where.starts_with("answers.");
              const bool edited = error.code == Errc::conflict;
              if (error.code != Errc::bad_input && !edited) return call->respond(error_page(error, language));
              detail::SurveyPage page;
              page.language = language;
              page.given = form->given;
              page.edited = edited;
              if (is_item) page.wrong_item = error.where.substr(8);
              // The sheet that was begun goes on, so that a second try is still the same sheet.
              if (!form->response.empty() && (is_item || edited)) sheet->response = form->response;
              call->respond(page_response(detail::survey_form_page(*sheet, page), edited ? 409 : 400));
            });
      });
}

void survey_qr(Ask ask) {
  const std::string path = fmt::format("/ask/{}", percent_encode(ask.values[0]));
  const Request& request = ask.request();
  const std::string base = request.parameter("base").value_or(
      request.host.empty()
          ? ""
          : fmt::format("{}://{}", request.forwarded_proto == "https" ? "https" : "http", request.host));
  HTTP_TRY(std::string svg, detail::qr_svg(base + path));
  ask.call->respond(asset("image/svg+xml", svg));
}

void survey_style(Ask ask) {
  ask.call->respond(asset("text/css; charset=utf-8", detail::kSurveyStyle));
}

void survey_script(Ask ask) {
  ask.call->respond(asset("text/javascript; charset=utf-8", detail::kSurveyScript));
}

}  // namespace rapport::http::handlers
