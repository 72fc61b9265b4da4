#include "engine/engine_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "codec/survey.h"
#include "engine/detail/impl.h"
#include "engine/detail/survey_sql.h"
#include "engine/detail/survey_versions.h"
#include "lens/file_reader.h"
#include "lens/query_table.h"
#include "math/interrupt.h"
#include "model/catalogue_ids.h"
#include "study/study.h"

// Studies over a shop's own facts.
namespace rapport::engine {
namespace {

constexpr Duration kCatchUp = minutes(10);
/// As many cells as the whole of a large survey; beyond it a study belongs to the command line.
constexpr std::uint64_t kCellsMost = 20'000'000;
/// A bootstrap runs on the server's time.
constexpr std::int64_t kReplicatesMost = 10'000;

Status check_draws(const study::Options& options) {
  for (const char* name : {"bootstrap", "replicates"}) {
    RAPPORT_TRY([[maybe_unused]] const std::int64_t draws, options.whole(name, 0, 0, kReplicatesMost));
  }
  return {};
}

std::string_view question_of(const StudyQuery& query) {
  if (!query.sql.empty()) return query.sql;
  for (const study::Method& method : study::methods()) {
    if (method.name == query.method) return method.shop_query;
  }
  return {};
}

/// The question about a survey's sheets of answers; options that the caller did not give follow from its
/// items.
Status ask_survey(ShopUnit& unit, StudyQuery& query) {
  if (query.survey.empty()) return {};
  RAPPORT_TRY(const std::string noun, ask_shop<std::string>(unit, [&]() -> Result<std::string> {
                return std::string(unit.shop.state().noun(model::kind::survey_published, query.survey));
              }));
  if (noun.empty()) return Error{Errc::not_found, "no such survey", "survey", "one of GET /v1/surveys"};
  RAPPORT_TRY(const model::Survey survey, codec::parse_survey(noun));
  query.sql = survey_sheets_sql(survey, survey_versions(noun));
  for (auto& option : survey_study_options(survey, query.method)) {
    const bool given = std::any_of(query.options.begin(), query.options.end(),
                                   [&](const auto& one) { return one.first == option.first; });
    if (!given) query.options.push_back(std::move(option));
  }
  return {};
}

Result<std::string> report_on(const model::Table& table, const StudyQuery& query) {
  RAPPORT_TRY(const study::Language language, study::parse_language(query.language));
  study::Options options;
  for (const auto& [name, value] : query.options) options.add(name, value);
  RAPPORT_CHECK(check_draws(options));
  RAPPORT_TRY(const study::Report report, study::run_study(query.method, table, options));
  switch (query.format) {
    case StudyFormat::html:
      return study::render_html(report, language);
    case StudyFormat::parts:
      return study::render_parts(report);
    case StudyFormat::json:
      break;
  }
  return study::render_json(report);
}

Result<std::string> run(const lens::Lens& lens, const StudyQuery& query, const lens::SqlLimits& limits) {
  model::Table table;
  if (const std::string_view sql = question_of(query); !sql.empty()) {
    RAPPORT_TRY(table, lens::query_table(lens, sql, limits, query.reveal, kCellsMost));
  }
  return report_on(table, query);
}

/// As a cell would be written, "" for a missing one.
std::string cell_text(const model::Column& column, std::size_t row) {
  if (const auto* texts = std::get_if<model::TextColumn>(&column.cells)) return (*texts)[row];
  const double number = std::get<model::NumberColumn>(column.cells)[row];
  return std::isnan(number) ? "" : fmt::format("{}", number);
}

StudyTableColumn describe(const model::Column& column) {
  constexpr std::size_t kExamples = 3, kExampleBytes = 60;
  StudyTableColumn out{.name = column.name, .is_number = column.is_number()};
  std::unordered_set<std::string> seen;
  for (std::size_t row = 0; row < column.rows(); ++row) {
    std::string text = cell_text(column, row);
    if (text.empty()) {
      ++out.missing;
    } else if (seen.size() < kStudyDistinctMost && seen.insert(text).second &&
               out.examples.size() < kExamples && text.size() <= kExampleBytes) {
      out.examples.push_back(std::move(text));
    }
  }
  out.distinct = seen.size();
  return out;
}

Result<StudyTableAnswer> take_table(StudyTables& tables, const std::string& path, const std::string& sheet) {
  constexpr std::size_t kProblems = 20;
  StudyTableAnswer answer;
  RAPPORT_TRY(model::Table table, lens::read_table(path, {.sheet = sheet}, &answer.problems, kCellsMost));
  if (answer.problems.size() > kProblems) answer.problems.resize(kProblems);
  // What is told names the file as the caller knows it, not where it lay.
  for (std::string& problem : answer.problems) {
    if (problem.starts_with(path)) problem.erase(0, path.size() + 1);
  }
  answer.rows = table.rows();
  for (std::size_t i = 0; i < table.columns(); ++i) answer.columns.push_back(describe(table.column(i)));
  answer.table = tables.put(std::move(table));
  return answer;
}

}  // namespace

std::vector<StudyMethod> study_methods() {
  std::vector<StudyMethod> all;
  for (const study::Method& method : study::methods()) {
    StudyMethod& out =
        all.emplace_back(StudyMethod{method.name, method.purpose, method.shop_query, method.needs_table, {}});
    for (const study::OptionSpec& option : method.options)
      out.options.push_back({option.name, option.value, option.help});
  }
  return all;
}

void Engine::study(ShopNo shop, StudyQuery query, Reply<std::string> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  // One at a time: the other worker stays free for questions.
  if (impl_->studying.exchange(true)) {
    return reply(
        Error{Errc::overloaded, "another study is under way", "", "again in a few seconds, one at a time"});
  }
  impl_->study_unwanted = false;
  impl_->studying_shop = shop.value;
  auto finished = [this, reply = std::move(reply)](Result<std::string> answer) {
    const bool unwanted = impl_->study_unwanted;
    impl_->studying_shop = 0;
    impl_->studying = false;
    if (unwanted) return reply(Error{Errc::conflict, "the study was cancelled", "cancelled"});
    reply(std::move(answer));
  };
  impl_->on_worker<std::string>(
      std::move(finished), [this, unit, query = std::move(query)]() mutable -> Result<std::string> {
        const math::InterruptScope scope(impl_->study_unwanted);
        if (!query.table.empty()) {
          RAPPORT_TRY(const auto table, unit->study_tables.find(query.table));
          return report_on(*table, query);
        }
        RAPPORT_CHECK(ask_survey(*unit, query));
        RAPPORT_TRY(const lens::Lens* lens,
                    unit->mirror.caught_up(EventSeq{unit->shop.counters().durable.load()}, kCatchUp));
        lens::SqlLimits limits = {};
        limits.rows = kCellsMost;
        limits.bytes = std::size_t{1} << 30;
        limits.ms = impl_->options.limits.sql_ms;
        if (impl_->study_unwanted) return fail(Errc::conflict, "cancelled before it began");
        return run(*lens, query, limits);
      });
}

bool Engine::cancel_study(ShopNo shop) {
  if (impl_->studying_shop != shop.value) return false;
  impl_->study_unwanted = true;
  return true;
}

void Engine::add_study_table(ShopNo shop, std::string path, std::string sheet,
                             Reply<StudyTableAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  impl_->on_worker<StudyTableAnswer>(std::move(reply),
                                     [unit, path = std::move(path), sheet = std::move(sheet)] {
                                       auto answer = take_table(unit->study_tables, path, sheet);
                                       if (answer.ok() || !answer.error().where.starts_with(path))
                                         return answer;
                                       Error error = answer.error();
                                       error.where = "file" + error.where.substr(path.size());
                                       return Result<StudyTableAnswer>(std::move(error));
                                     });
}

}  // namespace rapport::engine
