#include <algorithm>

#include "codec/event_builder.h"
#include "codec/survey.h"
#include "engine/detail/impl.h"
#include "engine/detail/survey_links.h"
#include "engine/detail/survey_sql.h"
#include "engine/detail/survey_versions.h"
#include "engine/engine_surveys.h"
#include "lens/query_table.h"
#include "model/catalogue_ids.h"

// Surveys as respondents see them: a form behind a link, and one sheet of answers.
namespace rapport::engine {
namespace {

constexpr Duration kCatchUp = minutes(1);

Error gone(std::string why) {
  return {Errc::refused, std::move(why), "token", "a link that still holds"};
}

/// What a link opens, on the shop thread. Errors: as Engine::survey_sheet.
struct Behind {
  model::Survey survey;
  SurveyVersions versions;
};
Result<Behind> survey_behind(ShopUnit& unit, const SurveyLink& link) {
  const views::ShopState& state = unit.shop.state();
  const std::string_view noun = state.noun(model::kind::survey_published, link.survey);
  if (noun.empty()) return Error{Errc::not_found, "no such survey", "token"};
  RAPPORT_TRY(model::Survey survey, codec::parse_survey(noun));
  if (survey.closed) return gone("the survey is closed");
  if (unit.shop.now() > link.until) return gone("the link has expired");
  if (link.kind == SurveyLink::Kind::personal && !unit.shop.texts().find(link.node))
    return gone("whom this link asked is no longer known");
  return Behind{std::move(survey), survey_versions(noun)};
}

/// The sheet that answers go on: the link's own, or of an open link the one its form was handed out with.
Result<SurveyLink> sheet_of(const codec::NodeKey& key, const SurveyLink& link, std::string_view response) {
  if (link.kind == SurveyLink::Kind::sheet)
    return Error{Errc::bad_input, "this is a sheet, not a link", "token", "the link that handed it out"};
  if (link.kind != SurveyLink::Kind::open) return link;
  if (response.empty())
    return Error{Errc::bad_input, "this link is answered by many", "response",
                 "the response that GET /v1/ask/{token} gave with the form"};
  Result<SurveyLink> sheet = open_survey_link(key, response);
  if (!sheet.ok() || sheet->kind != SurveyLink::Kind::sheet || sheet->survey != link.survey ||
      sheet->shop != link.shop)
    return Error{Errc::bad_input, "no sheet of this link", "response",
                 "the response that GET /v1/ask/{token} gave with the form"};
  return sheet;
}

/// The sheet's id in a Delphi panel differs by round: an expert's one link answers each round once.
std::string sheet_id(const SurveyLink& sheet, const model::Survey& survey) {
  std::string id = sheet.sheet_id();
  if (survey.kind == model::SurveyKind::delphi && survey.round > 1) id += fmt::format("-r{}", survey.round);
  return id;
}

Result<model::Event> answer_event(ShopUnit& unit, const codec::NodeKey& key, const SurveyLink& sheet,
                                  const Behind& behind, const std::vector<model::SurveyAnswer>& answers) {
  const model::Survey& survey = behind.survey;
  const std::string id = sheet_id(sheet, survey);
  const std::string message_id = "survey-answer-" + id;
  std::string subject = "sheet-" + sheet.sheet_id();
  model::IdentifierKind kind = model::IdentifierKind::anonymous_id;
  if (sheet.kind == SurveyLink::Kind::personal) {
    const auto value = unit.shop.texts().find(sheet.node);
    if (!value) return gone("whom this link asked is no longer known");
    subject = *value;
    kind = *unit.shop.state().kind_of(sheet.node);
  } else if (!sheet.label.empty()) {
    subject = expert_id(key, sheet);
  }
  std::vector<codec::AnswerInput> given;
  for (const model::SurveyAnswer& answer : answers) {
    if (const auto* number = std::get_if<std::int64_t>(&answer.value)) {
      given.push_back({answer.item, *number});
    } else {
      given.push_back({answer.item, std::string_view(std::get<std::string>(answer.value))});
    }
  }
  if (survey.kind == model::SurveyKind::delphi) given.push_back({model::kRoundItem, survey.round});
  if (behind.versions.version > 1) given.push_back({kVersionItem, behind.versions.version});
  codec::EventInput input;
  input.type = model::EventType::track;
  input.name = "Survey Answered";
  input.message_id = message_id;
  input.identifiers = {{kind, subject}};
  input.properties = {{"survey_id", std::string_view(survey.survey_id)},
                      {"response_id", std::string_view(id)},
                      {"answers", given}};
  return codec::build_event(input);
}

Status read_panel(const model::Table& table, std::vector<PanelView>& out) {
  if (table.columns() == 0 || table.rows() == 0) return {};
  RAPPORT_TRY(const auto items, table.texts("item"));
  RAPPORT_TRY(const auto n, table.numbers("n"));
  RAPPORT_TRY(const auto median, table.numbers("median"));
  RAPPORT_TRY(const auto q1, table.numbers("q1"));
  RAPPORT_TRY(const auto q3, table.numbers("q3"));
  for (std::size_t i = 0; i < items.size(); ++i)
    out.push_back({items[i], static_cast<std::uint64_t>(n[i]), median[i], q1[i], q3[i]});
  return {};
}

}  // namespace

void Engine::survey_sheet(std::string token, Reply<SurveySheet> reply) {
  const Result<SurveyLink> link = open_survey_link(impl_->survey_key, token);
  if (!link.ok()) return reply(link.error());
  auto shared = std::make_shared<Reply<SurveySheet>>(std::move(reply));
  ShopUnit* unit = impl_->unit(link->shop);
  const auto made = [this, unit, shared](Result<SurveySheet> sheet) {
    const bool with_panel =
        sheet.ok() && sheet->survey.kind == model::SurveyKind::delphi && sheet->survey.round > 1;
    if (!with_panel) return (*shared)(std::move(sheet));
    auto kept = std::make_shared<SurveySheet>(std::move(sheet).value());
    impl_->on_worker<SurveySheet>(*shared, [this, unit, kept]() -> Result<SurveySheet> {
      const EventSeq upto{unit->shop.counters().durable.load()};
      RAPPORT_TRY(const lens::Lens* lens, unit->mirror.caught_up(upto, kCatchUp));
      lens::SqlLimits limits = {};
      limits.ms = impl_->options.limits.sql_ms;
      RAPPORT_TRY(const model::Table panel,
                  lens::query_table(*lens, survey_panel_sql(kept->survey.survey_id, kept->survey.round - 1),
                                    limits, false, 10'000));
      RAPPORT_CHECK(read_panel(panel, kept->panel));
      return std::move(*kept);
    });
  };
  impl_->on_shop<SurveySheet>(
      link->shop, std::nullopt, made, [this, link = *link](ShopUnit& one) -> Result<SurveySheet> {
        RAPPORT_TRY(Behind behind, survey_behind(one, link));
        model::Survey& survey = behind.survey;
        SurveySheet sheet;
        sheet.version = behind.versions.version;
        sheet.expires_at = link.until;
        if (link.kind == SurveyLink::Kind::open) {
          sheet.response =
              seal_survey_link(impl_->survey_key,
                               new_survey_link(SurveyLink::Kind::sheet, link.shop, link.survey, link.until));
        } else {
          sheet.answered = one.shop.state().surveys().answered(views::survey_key(sheet_id(link, survey)));
        }
        sheet.survey = std::move(survey);
        return sheet;
      });
}

void Engine::answer_survey(std::string token, std::string response, std::vector<model::SurveyAnswer> answers,
                           Reply<SurveyAccepted> reply) {
  const Result<SurveyLink> link = open_survey_link(impl_->survey_key, token);
  if (!link.ok()) return reply(link.error());
  const Result<SurveyLink> sheet = sheet_of(impl_->survey_key, *link, response);
  if (!sheet.ok()) return reply(sheet.error());
  auto shared = std::make_shared<Reply<SurveyAccepted>>(std::move(reply));
  using Made = std::optional<model::Event>;
  const auto made = [this, shop = link->shop, shared](Result<Made> event) {
    if (!event.ok()) return (*shared)(event.error());
    if (!*event) return (*shared)(SurveyAccepted{.duplicate = true});
    std::string message_id = (*event)->message_id;
    impl_->ingest_folded(*impl_->unit(shop), std::move(**event),
                         [shared, shop, message_id](Result<model::IngestAnswer> answer) {
                           if (!answer.ok()) return (*shared)(answer.error());
                           (*shared)(SurveyAccepted{answer->accepted > 0, answer->duplicate > 0,
                                                    answer->offset, shop, message_id});
                         });
  };
  impl_->on_shop<Made>(link->shop, std::nullopt, made,
                       [this, link = *link, sheet = *sheet,
                        answers = std::move(answers)](ShopUnit& unit) mutable -> Result<Made> {
                         RAPPORT_TRY(const Behind behind, survey_behind(unit, link));
                         const model::Survey& survey = behind.survey;
                         if (unit.shop.state().surveys().answered(views::survey_key(sheet_id(sheet, survey))))
                           return Made();
                         RAPPORT_CHECK(check_version(answers, behind.versions));
                         RAPPORT_TRY(const auto checked, model::check_answers(survey, answers));
                         RAPPORT_TRY(model::Event event,
                                     answer_event(unit, impl_->survey_key, sheet, behind, checked));
                         return Made(std::move(event));
                       });
}

}  // namespace rapport::engine
