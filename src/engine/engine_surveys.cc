#include "engine/engine_surveys.h"

#include <map>

#include "base/spreadsheet.h"
#include "codec/event_builder.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "codec/survey.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/noun_event.h"
#include "engine/detail/survey_links.h"
#include "engine/detail/survey_sql.h"
#include "engine/detail/survey_templates.h"
#include "engine/detail/survey_versions.h"
#include "lens/query_table.h"
#include "model/catalogue_ids.h"
#include "text/han.h"

// Surveys as the shop's keeper sees them: published, handed out, counted.
namespace rapport::engine {
namespace {

constexpr Duration kCatchUp = minutes(1);
constexpr std::size_t kLabelMostBytes = 64;
constexpr std::uint64_t kCellsMost = 3'000'000;

SurveyCard card_of(const views::ShopState& state, std::string_view id) {
  const views::Surveys::Counts counts = state.surveys().counts(state.tables().words().find(id));
  std::string noun(state.noun(model::kind::survey_published, id));
  const std::int64_t version = survey_versions(noun).version;
  return {std::string(id),  std::move(noun), state.position(), counts.invited,
          counts.reminders, counts.answered, version};
}

Result<SurveyCard> find_card(const views::ShopState& state, const std::string& id) {
  SurveyCard card = card_of(state, id);
  if (card.noun.empty()) return Error{Errc::not_found, "no such survey", "survey", "one of GET /v1/surveys"};
  return card;
}

/// Traditional characters where only simplified ones were given.
void fill_traditional(model::Survey& survey) {
  const auto fill = [](model::SurveyText& text) {
    if (text.hant.empty() && !text.hans.empty()) text.hant = text::to_traditional(text.hans);
  };
  for (model::SurveyText* text : {&survey.title, &survey.intro, &survey.thanks}) fill(*text);
  for (model::SurveyItem& item : survey.items) {
    for (model::SurveyText* text : {&item.text, &item.low_label, &item.high_label, &item.left, &item.right})
      fill(*text);
    for (model::SurveyChoice& choice : item.choices) fill(choice.text);
  }
}

/// What is published: the template's, then what stands already, then what was sent.
Result<std::string> merged_noun(std::string_view id, const std::string& body, std::string_view standing) {
  codec::JsonIndex index;
  RAPPORT_CHECK(index.parse(body));
  model::Survey survey, before;
  bool stands = false;
  if (auto found = codec::parse_survey(standing); !standing.empty() && found.ok()) {
    before = std::move(found).value();
    stands = true;
  }
  const codec::JsonValue name =
      index.root().is(codec::JsonKind::object) ? index.root().find("template") : codec::JsonValue();
  if (name.present() && name.is(codec::JsonKind::string)) {
    const SurveyTemplate* shipped = find_survey_template(name.text());
    if (shipped == nullptr)
      return Error{Errc::not_found, "no such template", "template",
                   "nps csat ces servqual servperf perception profile ecsi ahp delphi"};
    survey = shipped->survey;
  } else if (stands) {
    survey = before;
  }
  RAPPORT_CHECK(codec::read_survey(index.root(), survey));
  survey.survey_id = id;
  if (survey.title.empty()) survey.title = {survey.survey_id, survey.survey_id, survey.survey_id};
  fill_traditional(survey);
  RAPPORT_CHECK(model::check_survey(survey));
  if (survey.find(kVersionItem) != nullptr)
    return Error{Errc::bad_input, fmt::format("'{}' tells the version of a sheet", kVersionItem), "items",
                 "another name for the item"};
  std::string text;
  codec::JsonWriter json(text);
  codec::write_survey(json, survey);
  const SurveyVersions versions = survey_versions(standing);
  return with_versions(std::move(text), stands ? next_versions(before, versions, survey) : versions);
}

Result<std::string> check_days(const std::optional<std::int64_t>& days) {
  if (!days || (*days >= 1 && *days <= 3'650)) return std::string();
  return Error{Errc::bad_input, fmt::format("{} days", *days), "days", "1 to 3650"};
}

/// On the shop thread. Errors: not_found; refused when it is closed; corrupt.
Result<model::Survey> open_survey(const views::ShopState& state, const std::string& id) {
  RAPPORT_TRY(const SurveyCard card, find_card(state, id));
  RAPPORT_TRY(model::Survey survey, codec::parse_survey(card.noun));
  if (survey.closed) return Error{Errc::refused, "the survey is closed", "survey", "one that is open"};
  return survey;
}

using ItemSums = std::map<std::string, std::map<std::int64_t, std::uint64_t>>;

ItemResult result_of(const std::string& item, const std::map<std::int64_t, std::uint64_t>& counts) {
  ItemResult result{.item = item};
  for (const auto& [value, n] : counts) {
    result.mean += static_cast<double>(value) * static_cast<double>(n);
    result.n += n;
    result.counts.emplace_back(value, n);
  }
  result.mean /= static_cast<double>(result.n);
  return result;
}

/// Counts in the survey's order of items, over the versions that asked the same; and version by version, what
/// is asked no more included.
Status read_counts(const model::Table& table, const SurveyVersions& versions, SurveyResults& out) {
  if (table.columns() == 0 || table.rows() == 0) return {};
  RAPPORT_TRY(const auto version, table.numbers("version"));
  RAPPORT_TRY(const auto items, table.texts("item"));
  RAPPORT_TRY(const auto values, table.numbers("value"));
  RAPPORT_TRY(const auto counts, table.numbers("n"));
  ItemSums together;
  std::map<std::int64_t, ItemSums> apart;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto of = static_cast<std::int64_t>(version[i]), value = static_cast<std::int64_t>(values[i]);
    const auto n = static_cast<std::uint64_t>(counts[i]);
    apart[of][items[i]][value] += n;
    if (of >= versions.since_of(items[i])) together[items[i]][value] += n;
  }
  for (const model::SurveyItem& item : out.survey.items) {
    const auto at = together.find(item.item);
    if (at != together.end()) out.items.push_back(result_of(item.item, at->second));
  }
  for (const auto& [of, sums] : apart) {
    VersionResult& one = out.versions.emplace_back();
    one.version = of;
    for (const auto& [item, values_of] : sums) one.items.push_back(result_of(item, values_of));
  }
  return {};
}

Status read_sheets(const model::Table& table, SurveyResults& out) {
  if (table.columns() == 0 || table.rows() == 0) return {};
  RAPPORT_TRY(const auto version, table.numbers("version"));
  RAPPORT_TRY(const auto counts, table.numbers("n"));
  for (std::size_t i = 0; i < version.size(); ++i) {
    for (VersionResult& one : out.versions) {
      if (one.version == static_cast<std::int64_t>(version[i]))
        one.sheets = static_cast<std::uint64_t>(counts[i]);
    }
  }
  return {};
}

/// RFC 4180; a missing number is an empty cell.
std::string csv_of(const model::Table& table) {
  std::string out;
  const auto cell = [&out](std::string_view text) {
    const bool is_formula = is_formula_in_spreadsheets(text);
    if (!is_formula && text.find_first_of(",\"\r\n") == std::string_view::npos) {
      out += text;
      return;
    }
    out += '"';
    if (is_formula) out += '\'';
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    out += '"';
  };
  for (std::size_t j = 0; j < table.columns(); ++j) {
    if (j > 0) out += ',';
    cell(table.column(j).name);
  }
  out += "\r\n";
  for (std::size_t i = 0; i < table.rows(); ++i) {
    for (std::size_t j = 0; j < table.columns(); ++j) {
      if (j > 0) out += ',';
      const model::Column& column = table.column(j);
      if (!column.is_number()) {
        cell(std::get<model::TextColumn>(column.cells)[i]);
      } else if (const double value = std::get<model::NumberColumn>(column.cells)[i]; value == value) {
        out += fmt::format("{}", value);
      }
    }
    out += "\r\n";
  }
  return out;
}

Status read_days(const model::Table& table, SurveyResults& out) {
  if (table.columns() == 0 || table.rows() == 0) return {};
  RAPPORT_TRY(const auto days, table.texts("day"));
  RAPPORT_TRY(const auto counts, table.numbers("n"));
  for (std::size_t i = 0; i < days.size(); ++i)
    out.days.emplace_back(days[i], static_cast<std::uint64_t>(counts[i]));
  return {};
}

}  // namespace

std::vector<SurveyTemplateInfo> survey_template_list() {
  std::vector<SurveyTemplateInfo> list;
  for (const SurveyTemplate& one : survey_templates())
    list.push_back({one.name, &one.purpose, one.method, &one.survey});
  return list;
}

void Engine::surveys(ShopNo shop, Reply<SurveyList> reply) {
  impl_->on_shop<SurveyList>(shop, std::nullopt, std::move(reply), [](ShopUnit& unit) -> Result<SurveyList> {
    const views::ShopState& state = unit.shop.state();
    SurveyList list;
    list.known_at = state.position();
    for (const std::string_view id : state.noun_ids(model::kind::survey_published))
      list.surveys.push_back(card_of(state, id));
    return list;
  });
}

void Engine::survey(ShopNo shop, std::string id, Reply<SurveyCard> reply) {
  impl_->on_shop<SurveyCard>(shop, std::nullopt, std::move(reply), [id = std::move(id)](ShopUnit& unit) {
    return find_card(unit.shop.state(), id);
  });
}

void Engine::publish_survey(ShopNo shop, std::string id, std::string body, Reply<EventSeq> reply) {
  auto shared = std::make_shared<Reply<EventSeq>>(std::move(reply));
  const auto publish = [this, shop, id, shared](Result<std::string> noun) {
    if (!noun.ok()) return (*shared)(noun.error());
    Result<model::Event> event = noun_event({"Survey Published", "survey_id", id, *noun}, currency_of(shop));
    if (!event.ok()) return (*shared)(event.error());
    impl_->ingest_folded(*impl_->unit(shop), std::move(event).value(),
                         [shared](Result<model::IngestAnswer> answer) {
                           answer.ok() ? (*shared)(answer->offset) : (*shared)(answer.error());
                         });
  };
  impl_->on_shop<std::string>(shop, std::nullopt, publish, [id, body = std::move(body)](ShopUnit& unit) {
    return merged_noun(id, body, unit.shop.state().noun(model::kind::survey_published, id));
  });
}

void Engine::survey_link(ShopNo shop, SurveyLinkRequest request, Reply<SurveyLinkAnswer> reply) {
  if (const auto good = check_days(request.days); !good.ok()) return reply(good.error());
  if (request.label.size() > kLabelMostBytes)
    return reply(Error{Errc::bad_input, "the label is too long", "label",
                       fmt::format("at most {} bytes", kLabelMostBytes)});
  impl_->on_shop<SurveyLinkAnswer>(
      shop, std::nullopt, std::move(reply),
      [this, shop, request = std::move(request)](ShopUnit& unit) -> Result<SurveyLinkAnswer> {
        RAPPORT_TRY(const model::Survey survey, open_survey(unit.shop.state(), request.survey));
        const bool single = request.single || !request.label.empty();
        SurveyLink link =
            new_survey_link(single ? SurveyLink::Kind::single : SurveyLink::Kind::open, shop, request.survey,
                            unit.shop.now() + days(request.days.value_or(survey.open_days)));
        link.label = request.label;
        return SurveyLinkAnswer{seal_survey_link(impl_->survey_key, link), link.until};
      });
}

void Engine::survey_results(ShopNo shop, std::string id, Reply<SurveyResults> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  impl_->on_worker<SurveyResults>(
      std::move(reply), [this, unit, id = std::move(id)]() -> Result<SurveyResults> {
        SurveyResults out;
        RAPPORT_TRY(out.card, ask_shop<SurveyCard>(*unit, [&] { return find_card(unit->shop.state(), id); }));
        RAPPORT_TRY(out.survey, codec::parse_survey(out.card.noun));
        RAPPORT_TRY(const lens::Lens* lens, unit->mirror.caught_up(out.card.known_at, kCatchUp));
        lens::SqlLimits limits = {};
        limits.rows = kCellsMost;
        limits.ms = impl_->options.limits.sql_ms;
        RAPPORT_TRY(const model::Table counts,
                    lens::query_table(*lens, survey_counts_sql(id), limits, false, kCellsMost));
        const SurveyVersions versions = survey_versions(out.card.noun);
        out.version = versions.version;
        for (const model::SurveyItem& item : out.survey.items)
          out.since.push_back(versions.since_of(item.item));
        RAPPORT_CHECK(read_counts(counts, versions, out));
        RAPPORT_TRY(const model::Table sheets,
                    lens::query_table(*lens, survey_versions_sql(id), limits, false, kCellsMost));
        RAPPORT_CHECK(read_sheets(sheets, out));
        RAPPORT_TRY(const model::Table by_day,
                    lens::query_table(*lens, survey_days_sql(id), limits, false, kCellsMost));
        RAPPORT_CHECK(read_days(by_day, out));
        out.known_at = out.card.known_at;
        return out;
      });
}

void survey_sheets_csv(Engine& engine, ShopNo shop, std::string id, Reply<std::string> reply) {
  engine.inquire(
      shop,
      [id = std::move(id)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const std::string noun, inquiry.noun(model::kind::survey_published, id));
        if (noun.empty()) return Error{Errc::not_found, "no such survey", "survey", "one of GET /v1/surveys"};
        RAPPORT_TRY(const model::Survey survey, codec::parse_survey(noun));
        RAPPORT_TRY(const model::Table table,
                    inquiry.table(survey_sheets_sql(survey, survey_versions(noun))));
        return csv_of(table);
      },
      std::move(reply));
}

}  // namespace rapport::engine
